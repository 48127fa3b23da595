"""Classes of a whole text: one question, one of several, or any of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import msgspec
from msgspec.structs import replace

from tui_annotate.editors.base import Editor
from tui_annotate.editors.choice.editor import RANKING, ChoiceEditor
from tui_annotate.editors.choice.fields import IncomingClasses, chosen_in, read_choices
from tui_annotate.editors.choice.hierarchy import with_ancestors
from tui_annotate.errors import UsageError
from tui_annotate.kinds.base import EditorInput, FirstTasks, Kind, Offer, Record, TrainingExample
from tui_annotate.kinds.options import ViewOptions
from tui_annotate.suggest.codec import PLAIN

_LIKELY = 0.5


class Options(ViewOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of classes.

    Attributes:
        multiple: Let several classes be chosen.
        implied: With several, a class also chooses those above it: topic/sport, topic.
        threshold: With several, the score from which a class is chosen beforehand.
        preselect: Choose beforehand what a source or the task holds to be so.
        markup: Show HTML and Markdown as they came, not as plain text.
    """

    old_names: ClassVar[Mapping[str, str]] = {"claim": "preselect"}

    multiple: bool = False
    implied: bool = False
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] = _LIKELY
    preselect: bool = False
    markup: bool = False


def _open(opening: EditorInput[Options]) -> Editor:
    line, options = opening.record, opening.options
    choices = read_choices(
        line,
        opening.labels,
        named=opening.named,
        multiple=options.multiple,
        descriptions=opening.descriptions,
        decided=opening.decided is not None,
    )
    return ChoiceEditor(
        opening.task.text,
        choices,
        keyed=frozenset(one.label for one in choices.options if one.label in opening.keyed),
        implied=options.implied,
        threshold=options.threshold,
        preselect=options.preselect,
        decided=opening.offered,
    )


def _units(options: Options, record: Record) -> Sequence[TrainingExample]:
    """What was accepted, and what sources held to be so; a skipped text teaches nothing."""
    answer, length = record.get("answer"), len(str(record.get("text", "")))
    offered = [one for one in PLAIN.decode_all(record.get("_suggested")) if one.source != RANKING]
    likely = [one for one in offered if (one.score or 0.0) >= _LIKELY]
    if record.get("_view_id") == "classification":
        if answer not in ("accept", "reject"):
            return ()
        chosen = [(0, length, str(record["label"]))] if answer == "accept" else []
        return (TrainingExample(chosen, likely),)
    if answer != "accept":
        return ()
    config = record.get("config")
    single = isinstance(config, dict) and config.get("choice_style") == "single"
    chosen = [(0, length, label) for label in chosen_in(record)]
    return (TrainingExample(chosen, offered[:1] if single else likely),)


def _complete(offer: Offer[Options], first: FirstTasks) -> Offer[Options]:
    """Let several be chosen where the tasks do, and one be left out beside other kinds.

    Raises:
        UsageError: Nothing says what there is to correct.
    """
    incoming = first.incoming
    assert isinstance(incoming, IncomingClasses)
    sourced = any(spec.kind != RANKING for spec in offer.suggesters)
    if first.correct and not sourced and not incoming.scored:
        raise UsageError(
            "nothing to correct: no pipeline was named, and no task has scores",
            where=first.source,
            do="name a pipeline with --model, or try textcat.manual",
        )
    # One class beside other kinds is chosen or not: the answer is the whole task's.
    one_beside = not first.alone and len(offer.labels or first.labels) == 1
    multiple = offer.options.multiple or incoming.several or one_beside
    if offer.options.implied and multiple:
        offer = replace(offer, labels=tuple(with_ancestors(offer.labels)))
    elif offer.options.implied:
        notice = "a label chooses those above it only where several can be chosen (--multiple)"
        offer = replace(offer, notices=(*offer.notices, notice))
    return replace(offer, options=replace(offer.options, multiple=multiple))


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.text.choice:ChoiceView",
    view_id=lambda options: "choice",
    view_ids=frozenset({"choice", "classification"}),
    overlapping=lambda options: True,
    tokens=False,
    incoming=lambda options: IncomingClasses(),
    writes=frozenset({"options", "accept", "label", "config"}),
    units=_units,
    complete=_complete,
)
