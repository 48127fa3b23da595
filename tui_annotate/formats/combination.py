"""Two files about one sound as one: who speaks from the one, what is said from the other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tui_annotate.formats.annotation import Annotation

SHARE = 0.5
"""How much of a text has to lie in a turn to be a part of it."""

FITTING = 0.8
"""How many of the texts have to lie in a turn, for the two files to fit together."""


def with_speakers(
    said: Sequence[Annotation], turns: Sequence[Annotation]
) -> list[Annotation] | None:
    """Texts with the speaker in whose turn most of each lies; None if the files do not fit.

    Args:
        said: What is said; where it names speakers itself, those stay.
        turns: Who speaks when.
    """
    made, fitting = [], 0
    for one in said:
        turn = _turn_of(one, turns)
        fitting += turn is not None
        made.append(one if turn is None or one.speaker else replace(one, speaker=turn.speaker))
    return made if fitting >= FITTING * len(said) else None


def with_texts(turns: Sequence[Annotation], said: Sequence[Annotation]) -> list[Annotation] | None:
    """Turns with all that is said in them; None if the files do not fit.

    A text that lies in no turn stays on its own, and nobody is known to speak it.

    Args:
        turns: Who speaks when.
        said: What is said.
    """
    texts: dict[int, list[str]] = {}
    alone = []
    for one in sorted(said, key=lambda one: one.start):
        turn = _turn_of(one, turns)
        if turn is None:
            alone.append(one)
        else:
            texts.setdefault(id(turn), []).append(one.text or "")
    if len(alone) > (1 - FITTING) * len(said):
        return None
    return [
        replace(turn, text=" ".join(texts[id(turn)])) if id(turn) in texts else turn
        for turn in turns
    ] + alone


def _turn_of(one: Annotation, turns: Sequence[Annotation]) -> Annotation | None:
    """The turn that most of a text lies in, if enough of it does."""
    best: Annotation | None = None
    most = SHARE * (one.end - one.start)
    for turn in turns:
        if None not in (one.channel, turn.channel) and one.channel != turn.channel:
            continue
        shared = min(one.end, turn.end) - max(one.start, turn.start)
        if turn.speaker and shared >= most and shared > 0 and (best is None or shared > most):
            best, most = turn, shared
    return best
