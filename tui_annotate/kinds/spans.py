"""Labelled spans: named entities and their kin."""

from __future__ import annotations

from tui_annotate.editors.base import Editor
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.kinds import EditorInput, Kind
from tui_annotate.text.tokens import needs_characters


def _open(opening: EditorInput) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    characters = opening.options.get("characters")
    text = opening.task.text
    return SpanEditor(
        text,
        opening.tokens,
        opening.labels,
        given=line.get("spans") or (),
        offered=opening.offered,
        overlap=bool(opening.options.get("overlap")),
        characters=needs_characters(text) if characters is None else bool(characters),
        known=opening.known,
    )


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.text.spans:SpanView",
    view_id=lambda options: "spans_manual" if options.get("overlap") else "ner_manual",
    crossing=lambda options: bool(options.get("overlap")),
)
