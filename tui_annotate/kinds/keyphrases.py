"""Keyphrases: labelled spans, and the ranked list of the phrases they are."""

from __future__ import annotations

from collections.abc import Mapping
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


def _open(opening: Opening) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    options, text = opening.options, opening.task.text
    characters, most = options.get("characters"), options.get("most")
    return PhraseEditor(
        text,
        opening.tokens,
        opening.labels,
        most=most if isinstance(most, int) else None,
        given=line.get("spans") or (),
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
