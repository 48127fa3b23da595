"""Keyphrases: labelled spans, and the ranked list of the phrases they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_annotate.editors.editor import Editor
from tui_annotate.editors.keyphrases import PhraseEditor
from tui_annotate.errors import UsageError
from tui_annotate.kinds import Kind, Opening
from tui_annotate.text.tokens import needs_characters

if TYPE_CHECKING:
    from tui_annotate.recipe import Session


def _overlap(options: Mapping[str, Any]) -> bool:
    return options.get("overlap") is not False


def _located(phrases: object, text: str, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Where phrases that came without their places stand first in the text.

    Args:
        phrases: What came in ``keyphrases``: strings, or objects with a ``text``.
        text: The text.
        labels: The labels on offer; the first is for phrases that have none of them.
    """
    folded = text.lower() if len(text.lower()) == len(text) else text
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for one in phrases if isinstance(phrases, list) else ():
        fields = one if isinstance(one, dict) else {"text": one}
        words, label = fields.get("text"), fields.get("label")
        if not isinstance(words, str) or not words.strip() or not labels:
            continue
        words = words.strip()
        at = text.find(words)
        if at < 0:
            at = folded.find(words.lower())
        if at < 0:
            continue
        place = at, at + len(words)
        found.setdefault(
            place,
            {
                "start": place[0],
                "end": place[1],
                "label": label if label in labels else labels[0],
                "rank": len(found) + 1,
            },
        )
    return list(found.values())


def _open(opening: Opening) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    options, text = opening.options, opening.task.text
    characters, most = options.get("characters"), options.get("most")
    given = line.get("spans") or ()
    if not given and opening.decided is None:
        given = _located(line.get("keyphrases"), text, opening.labels)
    return PhraseEditor(
        text,
        opening.tokens,
        opening.labels,
        most=most if isinstance(most, int) else None,
        given=given,
        offered=opening.offered,
        overlap=_overlap(options),
        characters=needs_characters(text) if characters is None else bool(characters),
        known=opening.known,
    )


def _complete(session: Session) -> Session:
    """Refuse a limit that allows nothing.

    Raises:
        UsageError: The limit is not a number from 1 on.
    """
    most = session.options.get("most")
    if isinstance(most, int) and most < 1:
        raise UsageError(f"{most} phrases are none", where="--max", do="give a number from 1 on")
    return session.replace(overlap=_overlap(session.options))


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.keyphrases:KeyphraseView",
    view_id=lambda options: "spans_manual",
    crossing=_overlap,
    complete=_complete,
)
