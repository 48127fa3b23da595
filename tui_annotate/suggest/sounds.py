"""Sources that suggest regions in a sound, by name."""

from __future__ import annotations

from collections.abc import Sequence

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.source import plugged

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
    """
    own = {"speech": speech, "music": MUSIC, "speakers": speech}
    return [
        SuggesterSpec(name, name, {"label": own[name]}, (own[name],))
        if name in own
        else plugged(name, labels)
        for name in names
        if name != NONE and not (name == "music" and labels and MUSIC not in labels)
    ]
