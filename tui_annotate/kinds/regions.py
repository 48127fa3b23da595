"""Regions of a sound: what is in it, who speaks when, what is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from tui_annotate.editors.base import Editor
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.fields import read_suggestions
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.kinds import EditorInput, Kind, TrainingExample
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming import Incoming
from tui_annotate.task.incoming_regions import IncomingRegions, RegionMode

if TYPE_CHECKING:
    from tui_annotate.recipe import Session

SPEECH = "SPEECH"
MODES = ("regions", "speakers", "transcribe")


def _mode(options: Mapping[str, Any]) -> RegionMode:
    mode = options.get("mode")
    return cast(RegionMode, mode) if mode in MODES else "regions"


def _speech(options: Mapping[str, Any]) -> str:
    """What sources call speech."""
    named = options.get("speech")
    return named if isinstance(named, str) else SPEECH


def _open(opening: EditorInput) -> Editor:
    fields, decided, options = opening.task.fields, opening.decided, opening.options
    line = fields if decided is None else decided
    transcript = line.get("transcript")
    if transcript is None:
        transcript = line.get("text")
    editor = RegionEditor(
        opening.clip,
        opening.labels,
        given=line.get("audio_spans") or (),
        mode=_mode(options),
        overlap=bool(options.get("overlap")),
        channels=bool(options.get("channels")),
        transcript=transcript if isinstance(transcript, str) else "",
        offered=None
        if decided is None
        else read_suggestions(decided.get("_suggested"), opening.clip.rate),
        speech=_speech(options),
    )
    editor.auto_play = bool(options.get("auto_play"))
    return editor


def _carried(options: Mapping[str, Any]) -> Incoming:
    return IncomingRegions(mode=_mode(options), speech=_speech(options))


def _lesson(line: Mapping[str, Any]) -> TrainingExample | None:
    """Which suggestions were right to the frame; times are counted in microseconds here."""
    if line.get("answer") != "accept" or "audio_spans" not in line:
        return None
    spans = line["audio_spans"]
    labelled = [(_micro(one["start"]), _micro(one["end"]), str(one["label"])) for one in spans]
    claimed = [
        Suggestion(_micro(one["start"]), _micro(one["end"]), str(one["label"]), str(one["source"]))
        for one in line.get("_suggested") or ()
    ]
    return TrainingExample(labelled, claimed)


def _micro(seconds: float) -> int:
    return round(seconds * 1e6)


def _remember(options: Mapping[str, Any], line: Mapping[str, Any]) -> None:
    """The words of a transcript may be said again."""
    vocabulary = options.get("vocabulary")
    if not isinstance(vocabulary, Vocabulary) or line.get("answer") != "accept":
        return
    for one in line.get("audio_spans") or ():
        vocabulary.learn(one.get("text") or "")
    vocabulary.learn(line.get("transcript") or "")


def _complete(session: Session) -> Session:
    """Where no labels are named, take those that come with the sounds, else the usual ones."""
    if session.labels:
        return session
    usual = session.options.get("usual")
    labels = tuple(session.stream.labels_seen) or (usual if isinstance(usual, tuple) else ())
    return session.replace(labels=labels)


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.sound.timeline:TimelineView",
    view_id=lambda options: "audio_manual",
    crossing=lambda options: True,
    medium="audio",
    tokens=False,
    carried=_carried,
    writes=frozenset({"audio_spans", "transcript"}),
    lesson=_lesson,
    remember=_remember,
    complete=_complete,
)
