"""Labelled spans: named entities and their kin."""

from __future__ import annotations

from tui_annotate.editors.base import Editor
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.kinds.base import EditorInput, Kind
from tui_annotate.kinds.options import ViewOptions
from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.text.tokens import needs_characters


class Options(ViewOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of spans.

    Attributes:
        overlap: Let spans overlap and nest.
        characters: Begin and end spans at any character, not only at tokens; None to do so where
            the text has no spaces between words.
    """

    overlap: bool = False
    characters: bool | None = None

    def by_characters(self, text: str) -> bool:
        """Whether spans of a text may begin and end at any character."""
        return needs_characters(text) if self.characters is None else self.characters


def _open(opening: EditorInput[Options]) -> Editor:
    text = opening.task.text
    return SpanEditor(
        text,
        opening.tokens,
        initial=spans_of(opening.record) or (),
        relations=opening.record.get("relations"),
        offered=opening.offered,
        overlap=opening.options.overlap,
        characters=opening.options.by_characters(text),
        known=opening.known,
    )


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.text.spans:SpanView",
    view_id=lambda options: "spans_manual" if options.overlap else "ner_manual",
    view_ids=frozenset({"ner_manual", "spans_manual", "ner", "spans"}),
    overlapping=lambda options: options.overlap,
)
