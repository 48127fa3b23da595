"""Classes of a whole sound: one question, one of several, or any of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec.structs import replace

from tui_annotate.editors.base import Editor
from tui_annotate.editors.choice.audio import SoundChoiceEditor
from tui_annotate.editors.choice.fields import IncomingClasses, chosen_in, read_choices
from tui_annotate.editors.regions.fields import seconds_codec
from tui_annotate.kinds.base import EditorInput, FirstTasks, Kind, Offer, Record, TrainingExample
from tui_annotate.kinds.options import SoundOptions
from tui_annotate.suggest.suggestion import Suggestion


class Options(SoundOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of classes of a sound.

    Attributes:
        multiple: Let several classes be chosen.
        preselect: Choose beforehand what a source or the task holds to be so.
    """

    old_names: ClassVar[Mapping[str, str]] = {"claim": "preselect"}

    multiple: bool = False
    preselect: bool = True


def _open(opening: EditorInput[Options]) -> Editor:
    decided, options = opening.decided, opening.options
    choices = read_choices(
        opening.record,
        opening.labels,
        named=opening.named,
        multiple=options.multiple,
        descriptions=opening.descriptions,
        decided=opening.decided is not None,
    )
    return SoundChoiceEditor(
        opening.clip,
        choices,
        keyed=frozenset(one.label for one in choices.options if one.label in opening.keyed),
        preselect=options.preselect,
        decided=None
        if decided is None
        else seconds_codec(opening.clip.rate).decode_all(decided.get("_suggested")),
    )


def _units(options: Options, record: Record) -> Sequence[TrainingExample]:
    """Which classes were suggested rightly."""
    if record.get("answer") != "accept":
        return ()
    offered = [
        Suggestion(0, 1, str(one.get("label")), str(one.get("source")), one.get("score"))
        for one in record.get("_suggested") or ()
    ]
    chosen = [str(record["label"])] if "label" in record else chosen_in(record)
    return (TrainingExample([(0, 1, label) for label in chosen], offered[:1]),)


def _complete(offer: Offer[Options], first: FirstTasks) -> Offer[Options]:
    """Let several be chosen where the tasks do."""
    assert isinstance(first.incoming, IncomingClasses)
    if not first.incoming.several:
        return offer
    return replace(offer, options=replace(offer.options, multiple=True))


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.sound.choice:SoundChoiceView",
    view_id=lambda options: "choice",
    view_ids=frozenset({"choice", "classification"}),
    overlapping=lambda options: True,
    medium="audio",
    tokens=False,
    incoming=lambda options: IncomingClasses(),
    writes=frozenset({"options", "accept", "label", "config"}),
    units=_units,
    complete=_complete,
)
