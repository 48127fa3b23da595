"""Sources that suggest regions in a sound, by name."""

from __future__ import annotations

from collections.abc import Sequence

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.source import plugged

NONE = "none"


def sounds(
    names: Sequence[str], labels: Sequence[str] = (), *, speech: str = "SPEECH"
) -> list[SuggesterSpec]:
    """Sources of regions: speech, speakers, or any that is plugged in; ``none`` is no source.

    Args:
        names: Their names, the first wins.
        labels: The labels on offer.
        speech: The label of speech.
    """
    return [
        SuggesterSpec(name, name, {"label": speech}, (speech,))
        if name in ("speech", "speakers", "music")
        else plugged(name, labels)
        for name in names
        if name != NONE
    ]
