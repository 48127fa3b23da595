"""Mentions linked to the entities of a knowledge base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import msgspec

from tui_annotate.editors.base import Editor
from tui_annotate.editors.spans.links import LinkEditor
from tui_annotate.kinds import spans
from tui_annotate.kinds.base import EditorInput, Kind, Record
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.linker import Linker
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.task.task import Task


class Options(spans.Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of links.

    Attributes:
        knowledge: The knowledge base, as `knowledge.open` gives it.
        prechoose: The score from which the first candidate is chosen beforehand; None to leave
            all to the annotator.
    """

    examples: ClassVar[Mapping[str, str]] = {"knowledge": "knowledge=knowledge.open(kb)"}

    knowledge: Linker
    prechoose: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


def _open(opening: EditorInput[Options]) -> Editor:
    line, options, text = opening.record, opening.options, opening.task.text
    choices = Choices(opening.task.fields)
    initial = [dict(span) for span in spans_of(line) or ()]
    if opening.decided is None and len(initial) == 1 and not initial[0].get("kb_id"):
        initial[0].update(choices.preset(line))
    return LinkEditor(
        text,
        opening.tokens,
        knowledge=options.knowledge,
        prechoose=options.prechoose if opening.decided is None else None,
        choices=choices,
        initial=initial,
        offered=opening.offered,
        relations=opening.record.get("relations"),
        overlap=options.overlap,
        characters=options.by_characters(text),
        known=opening.known,
    )


def _remember(options: Options, record: Record) -> None:
    options.knowledge.remember(record)


def _replay(options: Options, record: Record) -> None:
    options.knowledge.remember(record, earlier=True)


def _prefetch(options: Options, task: Task, suggestions: Sequence[Suggestion]) -> None:
    ranges = [(one.start, one.end) for one in suggestions]
    options.knowledge.ahead(task.text, ranges or [(s["start"], s["end"]) for s in task.spans])


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.text.links:LinkView",
    shares_fields=frozenset({"options", "accept", "config"}),
    view_id=lambda options: "entity_linking",
    overlapping=lambda options: options.overlap,
    remember=_remember,
    replay=_replay,
    prefetch=_prefetch,
    # Each is looked up, where that was not done ahead.
    batch_size=1,
)
