"""Sources that suggest regions in a sound, by name."""

from __future__ import annotations

from collections.abc import Sequence

from tui_annotate.errors import UsageError
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.registry import GROUP, plugged

NONE = "none"
MUSIC = "MUSIC"


def sounds(
    names: Sequence[str], labels: Sequence[str] = (), *, speech: str = "SPEECH"
) -> list[SuggesterSpec]:
    """Sources of regions: speech, music, speakers, or any that is plugged in.

    ``none`` is no source, and so is ``music`` where MUSIC is not on offer.

    Args:
        names: Their names, the first wins.
        labels: The labels on offer; those that are usual, if none is named.
        speech: The label of speech.

    Raises:
        UsageError: If there is no source of a name.
    """
    own = {"speech": speech, "music": MUSIC, "speakers": speech}
    return [
        SuggesterSpec(name, name, {"label": own[name]}, (own[name],))
        if name in own
        else _plugged(name, labels)
        for name in names
        if name != NONE and not (name == "music" and labels and MUSIC not in labels)
    ]


def _plugged(name: str, labels: Sequence[str]) -> SuggesterSpec:
    try:
        return plugged(name, labels)
    except UsageError:
        from importlib.metadata import entry_points

        have = sorted({entry.name for entry in entry_points(group=GROUP)})
        known = ", ".join(["speech", "music", "speakers", *have])
        do = f"there are {known} and none; the README shows how to plug in others"
        raise UsageError(f"there is no source of suggestions {name!r}", do=do) from None
