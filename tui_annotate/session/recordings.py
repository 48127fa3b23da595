"""Recordings in several tasks: what is named in one window is known, and renamed, in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from tui_annotate.editors.base import Editor, Outcome
from tui_annotate.errors import AnnotateError
from tui_annotate.kinds.base import EditorInput
from tui_annotate.session.context import SessionContext
from tui_annotate.session.decisions import SAVING_SECONDS
from tui_annotate.session.item import Item
from tui_annotate.session.record import MALFORMED
from tui_annotate.task.recording import recording_of
from tui_annotate.task.task import Task

FURTHEST = 5000
"""Tasks on either side of a window among which the others of its recording are looked for."""

Record = Mapping[str, Any]


class _Renaming(msgspec.Struct):
    """A name that was changed in a window and in others of its recording.

    Attributes:
        names: The old name and the new one.
        before: What the window's editor held before, and the labels on offer.
        after: The same afterwards.
        records: The decisions of other windows as they were, and as they are with the new name.
        is_done: Whether the new name stands now.
    """

    names: tuple[str, str]
    before: object
    after: object
    records: list[tuple[Record, Record]]
    is_done: bool = True


class Recordings:
    """Knows the decided windows of the recording that the open task is a part of."""

    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._told: set[str] = set()
        self._of: Item | None = None
        self._before: object = None
        self._renamings: list[_Renaming] = []
        # Of each recording: which name became which, in order.
        self._names: dict[str, list[tuple[str, str]]] = {}

    # ── voices ─────────────────────────────────────────────────────────────

    def introduce(self, item: Item) -> None:
        """Tell the sound process, once, who was named in the other windows of a recording."""
        audio = recording_of(item.task.fields)
        if audio is None or audio in self._told or self._context.sounds is None:
            return
        self._told.add(audio)
        for record in self._decided(item, audio):
            self._tell(item, record)

    def _tell(self, item: Item, record: Record) -> None:
        from tui_annotate.audio.messages import Named

        context = self._context
        assert context.sounds is not None
        try:
            voices = context.kind.voices(context.description.options, record)
            path = context.description.stream.locate(item.task)
            start = float((record.get("chunk") or {}).get("start", 0.0))
        except (*MALFORMED, AnnotateError):
            return
        channel = record.get("channel")
        found = [(start + left, start + right, name) for left, right, name in voices]
        context.sounds.send(Named(path, channel if type(channel) is int else None, start, found))

    def _decided(self, item: Item, audio: str) -> list[Record]:
        """The decisions on other windows of a recording; those furthest from a window first."""
        stream, journal = self._context.description.stream, self._context.journal
        found: list[tuple[int, Record]] = []
        for way in (-1, 1):
            for distance in range(1, FURTHEST):
                position = item.position + way * distance
                if not 0 <= position < stream.known:
                    break
                task_id = stream.task_id(position)
                if task_id is None or not journal.decided(task_id):
                    continue
                record = journal.last(task_id)
                if record is None or recording_of(record) != audio:
                    break
                found.append((distance, record))
        found.sort(key=lambda one: -one[0])
        return [record for _, record in found]

    # ── names ──────────────────────────────────────────────────────────────

    def names(self, task: Task) -> Mapping[str, str]:
        """What those are called by now who were renamed in other windows of a task's recording."""
        now: dict[str, str] = {}
        for old, new in self._names.get(recording_of(task.fields) or "", ()):
            now = {one: new if name == old else name for one, name in now.items()} | {old: new}
        return {old: new for old, new in now.items() if old != new}

    def prepare(self, item: Item, command: str) -> None:
        """A command is about to change names, or to take such a change back."""
        self._before = None
        if item is not self._of:
            self._of, self._renamings = item, []
        wanted = command == "rename" or (command in ("undo", "redo") and self._renamings)
        if wanted and recording_of(item.task.fields) is not None:
            self._before = self._state(item.editor)

    def follow(self, item: Item, command: str, argument: str | None, outcome: Outcome) -> Outcome:
        """Change names in the decided windows of a recording as a command did in the open one.

        Args:
            item: The open window.
            command: What was done there.
            argument: What it was done with.
            outcome: What came of it.

        Returns:
            The outcome, with a message that says in how many windows.
        """
        before, self._before = self._before, None
        if before is None or not outcome.edited:
            return outcome
        state = self._state(item.editor)
        if command != "rename":
            return self._travel(item, before, state, outcome)
        old, _, new = (argument or "").rpartition("\t")
        new = new.strip()
        counted = outcome.renamed is not None or outcome.renamed_speaker
        audio = recording_of(item.task.fields)
        if audio is None or not counted:
            return outcome
        self._names.setdefault(audio, []).append((old, new))
        records = []
        for record in sorted(self._decided(item, audio), key=_when):
            made = self._renamed(record, old, new)
            if made is not None:
                records.append((record, made))
        self._renamings.append(_Renaming((old, new), before, state, records))
        return self._written(item, [made for _, made in records], outcome, "; u undoes both")

    def _travel(self, item: Item, before: object, state: object, outcome: Outcome) -> Outcome:
        """Undo in other windows what was undone in the open one, or do it again."""
        for one in reversed(self._renamings):
            ends = (one.after, one.before) if one.is_done else (one.before, one.after)
            if (before, state) == ends:
                one.is_done = not one.is_done
                known = self._names.setdefault(recording_of(item.task.fields) or "", [])
                if one.is_done:
                    known.append(one.names)
                elif one.names in known:
                    known.remove(one.names)
                wanted = [made if one.is_done else record for record, made in one.records]
                return self._written(item, wanted, outcome, "")
        return outcome

    def _state(self, editor: Editor | None) -> object:
        """What a change of names changes."""
        spans = editor.fields().get("audio_spans") if editor is not None else None
        return spans, tuple(self._context.labels.names)

    def _renamed(self, record: Record, old: str, new: str) -> Record | None:
        """A decided record with another name; None where nobody in it has the old one."""
        spans = record.get("audio_spans")
        if not isinstance(spans, list):
            return None
        named = (
            name
            for span in spans
            if isinstance(span, dict)
            for name in (span.get("label"), span.get("speaker"))
        )
        if old not in named:
            return None
        try:
            editor = self._opened(record)
            outcome = editor.do("rename", f"{old}\t{new}")
            if outcome is None or not outcome.edited:
                return None
            made = {**record, **editor.fields(), "_suggested": record.get("_suggested", [])}
        except MALFORMED:
            return None
        labels = record.get("_labels")
        if isinstance(labels, list):
            made["_labels"] = list(dict.fromkeys(new if one == old else one for one in labels))
        return made

    def _opened(self, record: Record) -> Editor:
        """The editor of a decided window, without its sound."""
        from tui_annotate.audio.clip import Clip, frames_of

        context, rate = self._context, int(record["sample_rate"])
        start = frames_of(float((record.get("chunk") or {}).get("start", 0.0)), rate)
        end = start + frames_of(float(record["duration"]), rate)
        clip = Clip(b"", b"", rate, int(record["channels"]), start, end, record.get("channel"))
        assert self._of is not None
        task = replace(self._of.task, fields=dict(record))
        labels = record.get("_labels") or context.labels.names
        opening = EditorInput(task, clip, labels, context.description.options, record)
        return context.kind.open(opening)

    def _written(
        self, item: Item, records: Sequence[Record], outcome: Outcome, undo: str
    ) -> Outcome:
        """Write decisions again; the outcome says how many."""
        if not records:
            return outcome
        journal, done = self._context.journal, 0
        for record in records:
            try:
                if not journal.wait(SAVING_SECONDS):
                    break
                journal.append(record)
            except (AnnotateError, ValueError, RuntimeError):
                break
            done += 1
            if self._context.sounds is not None:
                self._tell(item, record)
        windows = "window" if done == 1 else "windows"
        said = f"in {done} decided {windows} of this recording"
        if done < len(records):
            said += f"; {len(records) - done} could not be saved and keep the old name"
        message = f"{outcome.message} and {said}" if outcome.message else f"also {said}"
        return replace(outcome, message=f"{message}{undo}")


def _when(record: Record) -> float:
    when = record.get("_timestamp")
    return float(when) if isinstance(when, int | float) else 0.0
