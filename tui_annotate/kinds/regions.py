"""Regions of a sound: what is in it, who speaks when, what is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec.structs import replace

from tui_annotate.editors.base import Editor
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.fields import seconds_codec
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.kinds.base import EditorInput, FirstTasks, Kind, Offer, Record, TrainingExample
from tui_annotate.kinds.options import SoundOptions
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming import Incoming
from tui_annotate.task.incoming_regions import IncomingRegions, RegionMode, WantedRegions

DETECTORS = frozenset({"speech", "music"})
"""The built-in sources that find one kind of sound."""


class Options(SoundOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of regions of a sound.

    Attributes:
        mode: What regions are: parts with something in them, turns of speakers, or stretches to
            transcribe.
        speech: The label of speech.
        default_labels: The labels where none are named and none come with the sounds.
        overlap: Let regions of one label overlap.
        channels: Give every channel rows of its own.
        vocabulary: Words that typing is completed with; new ones are added.
        snippets: What can be put into a transcript with a key; none for those of the view.
    """

    old_names: ClassVar[Mapping[str, str]] = {"usual": "default_labels"}

    mode: RegionMode = "regions"
    speech: str = "SPEECH"
    default_labels: tuple[str, ...] = ()
    overlap: bool = False
    channels: bool = False
    vocabulary: Vocabulary | None = None
    snippets: tuple[str, ...] = ()


def _open(opening: EditorInput[Options]) -> Editor:
    line, decided, options = opening.record, opening.decided, opening.options
    transcript = line.get("transcript")
    if transcript is None:
        transcript = line.get("text")
    editor = RegionEditor(
        opening.clip,
        opening.labels,
        initial=line.get("audio_spans") or (),
        mode=options.mode,
        overlap=options.overlap,
        channels=options.channels,
        transcript=transcript if isinstance(transcript, str) else "",
        offered=None
        if decided is None
        else seconds_codec(opening.clip.rate).decode_all(decided.get("_suggested")),
        speech=options.speech,
        names=opening.names,
    )
    editor.cursor.auto_play = options.auto_play
    return editor


def _incoming(options: Options) -> Incoming:
    return IncomingRegions(mode=options.mode, speech=options.speech)


def _units(options: Options, line: Record) -> Sequence[TrainingExample]:
    """Which suggestions were right to the frame; times are counted in microseconds here."""
    if line.get("answer") != "accept" or "audio_spans" not in line:
        return ()
    spans = line["audio_spans"]
    labelled = [(_micro(one["start"]), _micro(one["end"]), str(one["label"])) for one in spans]
    final = {label for _, _, label in labelled}
    claimed = [
        Suggestion(_micro(one["start"]), _micro(one["end"]), str(one["label"]), str(one["source"]))
        for one in line.get("_suggested") or ()
    ]
    if options.mode != "regions":
        # To give speech, or a voice, its name is what is asked for: only its stretch can be wrong.
        renamed = {one.label for one in claimed if one.label == options.speech} | {
            one.label for one in claimed if one.label not in final
        }
        stretches = {(start, end) for start, end, _ in labelled}
        labelled += [(start, end, label) for start, end in stretches for label in renamed]
    return (TrainingExample(labelled, claimed),)


def _voices(options: Options, line: Record) -> Sequence[tuple[float, float, str]]:
    """Who speaks where in an accepted line, without those whose name is not known."""
    if options.mode != "speakers" or line.get("answer") != "accept":
        return ()
    spans = line.get("audio_spans") or ()
    return [
        (float(one["start"]), float(one["end"]), str(one["label"]))
        for one in spans
        if one.get("label") and one["label"] != options.speech
    ]


def _micro(seconds: float) -> int:
    return round(seconds * 1e6)


def _remember(options: Options, line: Record) -> None:
    """The words of a transcript may be said again."""
    vocabulary = options.vocabulary
    if vocabulary is None or line.get("answer") != "accept":
        return
    for one in line.get("audio_spans") or ():
        vocabulary.learn(one.get("text") or "")
    vocabulary.learn(line.get("transcript") or "")


def _complete(offer: Offer[Options], first: FirstTasks) -> Offer[Options]:
    """Where no labels are named, take those that come with the sounds, else the default ones.

    What is in a sound is suggested under its own label only: without that label, not at all.
    """
    labels = offer.labels or first.labels or offer.options.default_labels
    offer = replace(offer, labels=labels)
    if offer.options.mode != "regions":
        return offer
    wanted = WantedRegions(labels=labels)
    kept, notices = [], []
    for spec in offer.suggesters:
        if spec.kind not in DETECTORS:
            kept.append(spec)
        elif label := wanted.on_offer(spec.labels[0]):
            kept.append(replace(spec, options={**spec.options, "label": label}, labels=(label,)))
        else:
            notices.append(
                f"{spec.name} is not suggested: {spec.labels[0]} is not in the label set "
                f"(--map {spec.labels[0]}=LABEL gives it another label)"
            )
    speech = wanted.on_offer(offer.options.speech) or offer.options.speech
    return replace(
        offer,
        options=replace(offer.options, speech=speech),
        suggesters=tuple(kept),
        notices=(*offer.notices, *notices),
    )


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.sound.timeline:TimelineView",
    view_id=lambda options: "audio_manual",
    view_ids=frozenset({"audio_manual", "audio"}),
    overlapping=lambda options: True,
    medium="audio",
    tokens=False,
    incoming=_incoming,
    writes=frozenset({"audio_spans", "transcript"}),
    units=_units,
    remember=_remember,
    voices=_voices,
    complete=_complete,
)
