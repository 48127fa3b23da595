"""Speakers: an annotator who listens, and the keys that it takes to say who speaks when.

The annotator hears the sound once, and presses a key where a turn begins and where it ends.
As a person does, the key comes a little early or late: normally distributed, with a deviation
of 50 ms, after the reaction time is taken off. An edge that is off by more than the tolerance
is nudged until it is not; one that is nearer is left. Where a turn began before the last one
had ended, one goes back: by steps of a second, or to the start of the last one.

The cheapest of these is taken for each turn: leaving what is suggested, naming it, cutting it
first, extending from the last end, or marking the turn anew; then nudging its edges, or
snapping them to the speech. Suggestions that are left are deleted, or taken out with their
source. What would be written is compared with the gold: every turn once, both its edges within
the tolerance, and nothing else.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.annotator.count import Count, Trace, WrittenWronglyError
from benchmarks.annotator.gold import SHARED
from benchmarks.annotator.hands import Hands, Unseen
from tui_annotate.audio.clip import Clip, frames_of
from tui_annotate.editors.history import History
from tui_annotate.editors.regions.cover import union
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.undo import Snapshot
from tui_annotate.formats.rttm import read
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming_regions import RegionMode
from tui_annotate.ui.key_repeat import Held

COLLAR = 0.25
"""Seconds that an edge may be off where diarisation is scored (NIST, RT-09, section 6)."""

TOLERANCE = 0.05
"""Seconds that an edge may be off where somebody is careful."""

DEVIATION = 0.05
REPEATS = 1 / 30
"""Seconds between the presses of a key that is held down."""

PAUSE = 0.5
"""Seconds: a shorter pause ends no stretch of speech, as in what the recipe suggests."""

SPEECH = "SPEECH"
Turn = tuple[int, int, str]
Suggest = Callable[["Recording"], list[Suggestion]]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording and who speaks in it.

    Attributes:
        name: Its name.
        clip: The sound; there need be none for a recording without suggestions.
        turns: Start, end (frames) and speaker of each turn, in order.
    """

    name: str
    clip: Clip
    turns: tuple[Turn, ...]

    @property
    def speakers(self) -> list[str]:
        """The speakers, as they come up."""
        return list(dict.fromkeys(name for _, _, name in self.turns))


def ami(shared: Path = SHARED) -> list[Recording]:
    """Two excerpts of meetings, half a minute each."""
    import soundfile

    folder = shared / "audio" / "pyannote-ami-debug"
    found = []
    for sound, rttm, name in (
        ("dev00.wav", "debug.development.rttm", "dev00"),
        ("trñ00.wav", "debug.train.rttm", "trn00"),
    ):
        path = str(folder / sound).encode()
        about = soundfile.info(folder / sound)
        clip = Clip(path, path, about.samplerate, about.channels, 0, about.frames)
        found.append(Recording(sound, clip, turns_of(folder / rttm, clip, name)))
    return found


def spoken(recordings: Sequence[Recording]) -> list[Recording]:
    """The same, where only speech is told from the rest; pauses under `PAUSE` are part of it."""
    found = []
    for one in recordings:
        pause = round(PAUSE * one.clip.rate)
        speech = union((start, end + pause) for start, end, _ in one.turns)
        turns = tuple((start, end - pause, SPEECH) for start, end in speech)
        found.append(Recording(one.name, one.clip, turns))
    return found


def voxconverse(limit: int | None = None, shared: Path = SHARED) -> list[Recording]:
    """Recordings of debates and news; there is no sound, only who speaks when."""
    found = []
    for path in sorted((shared / "fmt-rttm" / "dev").glob("*.rttm"))[:limit]:
        longest = Clip(b"", b"", 16_000, 1, 0, 10**9)
        turns = turns_of(path, longest, path.stem)
        clip = Clip(b"", b"", 16_000, 1, 0, max(end for _, end, _ in turns) + 16_000)
        found.append(Recording(path.stem, clip, turns))
    return found


def turns_of(path: Path, clip: Clip, name_there: str) -> tuple[Turn, ...]:
    """The turns of a recording in an RTTM file; those of one speaker that overlap are one."""
    found: list[Turn] = []
    last: dict[str, int] = {}
    read_turns = sorted(
        (frames_of(one.start, clip.rate), frames_of(one.end, clip.rate), one.speaker or "?")
        for one in read(path.read_bytes()).found
        if one.file == name_there
    )
    for start, end, name in read_turns:
        end = min(end, clip.frames)
        if end <= start:
            continue
        if name in last and start <= found[last[name]][1]:
            before = found[last[name]]
            found[last[name]] = before[0], max(before[1], end), name
        else:
            last[name] = len(found)
            found.append((start, end, name))
    return tuple(found)


def speech(recording: Recording) -> list[Suggestion]:
    """The speech that the recipe suggests."""
    import soundfile

    from tui_annotate.audio.detect.detection import Finder
    from tui_annotate.audio.detect.speech import detector

    samples, rate = soundfile.read(recording.clip.path.decode(), dtype="float32")
    finder = Finder(lambda start, end: samples[start:end], len(samples), rate, detector())
    found: list[Suggestion] = []
    while not finder.done:
        found += [
            Suggestion(one.start, one.end, SPEECH, "speech", one.score) for one in finder.step(0)
        ]
    return found


class Ears(Unseen):
    """A view of a sound: it tells the editor what is heard, and how long a key is held."""

    def __init__(self) -> None:
        self.editor: RegionEditor | None = None
        self.heard: int | None = None
        self.argument: str | None = None

    def prepare(self, command: str) -> str | None:
        """Tell the editor."""
        if self.editor is not None:
            self.editor.cursor.playhead = self.heard
        return self.argument


class Annotator:
    """The hands and the ears of an annotator, which all twins of a `Listening` share."""

    def __init__(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self.ears = Ears()
        self.hands = Hands(keymap, self.ears)

    def press(
        self, editor: RegionEditor, name: str, argument: str | None, heard: int | None
    ) -> str | None:
        """Press the key of an action; the answer it gives, if any."""
        self.ears.editor, self.ears.heard, self.ears.argument = editor, heard, argument
        self.hands.session.open(editor)
        key = self.keymap.label_key(argument or "") if name == "label" else None
        if name != "label":
            key = self.keymap.keys(name)[0]
        if key is not None:
            self.hands.press(key)
        else:
            self.hands.controller.act(name, argument)
        return self.hands.session.answer


@dataclass(slots=True)
class Listening:
    """An editor while the sound plays, and what was pressed."""

    editor: RegionEditor
    person: Annotator
    tolerance: int
    pressed: list[str] = field(default_factory=list)
    playhead: int = 0

    def twin(self) -> Listening:
        """The same, to try something with."""
        # What was done before is never taken back.
        snapshots: History[Snapshot] = History()
        editor = copy.deepcopy(self.editor, {id(self.editor.history.snapshots): snapshots})
        return Listening(editor, self.person, self.tolerance, list(self.pressed), self.playhead)

    def press(self, name: str, argument: str | None = None, at: int | None = None) -> str | None:
        """Press the key of an action; the answer it gives, if any.

        Args:
            name: The action.
            argument: What it acts with.
            at: The frame that is heard; nothing plays where it is None.
        """
        if name == "label":
            assert argument is not None
            key = self.person.keymap.label_key(argument)
            # A speaker without a key of its own is found by name.
            self.pressed += [name] if key is not None else [name] * (len(argument) + 2)
        else:
            self.pressed.append(name)
        if at is not None:
            self.playhead = at
        return self.person.press(self.editor, name, argument, at)

    def seek(self, frame: int) -> None:
        """Have the playhead at a frame or before it, to listen on from there."""
        if frame >= self.playhead:
            return
        steps = math.ceil((self.playhead - frame) / self.editor.clip.rate)
        region = self.editor.cursor.active
        if region is not None and region.start <= frame and steps > 2:
            # Heard from its start; it stops at its end, and goes on with another key.
            self.pressed += ["play_region", "play_pause"]
            self.playhead = region.start
        else:
            self.pressed += ["back_step"] * steps
            self.playhead -= steps * self.editor.clip.rate

    def turn(self) -> Turn | None:
        """The region whose edges would be moved."""
        region = self.editor.cursor.adjusted
        return None if region is None else (region.start, region.end, region.label)

    def nudge(self, turn: Turn) -> None:
        """Move the edges of the region that is meant to where they should be."""
        for side in (0, 1):
            held, now = Held(), 0.0
            for _ in range(200):
                there = self.turn()
                if there is None or abs(there[:2][side] - turn[:2][side]) <= self.tolerance:
                    break
                name = ("start" if side == 0 else "end") + (
                    "_later" if there[:2][side] < turn[:2][side] else "_earlier"
                )
                far = abs(there[:2][side] - turn[:2][side]) > self.editor.clip.rate // 4
                now += REPEATS if far else 1.0
                self.press(name, str(held.press(name, now)))

    def fits(self, turn: Turn) -> bool:
        """Whether the turn stands there as it should; accepting takes suggestions too."""
        return any(
            near((region.start, region.end, region.label), turn, self)
            for region in self.editor.regions.overlapping(turn[0], turn[1])
        )

    def clear(self, turns: Sequence[Turn]) -> None:
        """Take out what is suggested and is no turn: one by one, or all with their source."""
        suggested = [region for region in self.editor.regions if region.suggested]
        wrong = [
            region
            for region in suggested
            if not any(near((region.start, region.end, region.label), one, self) for one in turns)
        ]
        if len(wrong) == len(suggested) and len(wrong) > 2:
            # The list of sources, and the first of them.
            self.pressed += ["sources", "sources"]
            self.editor.withdraw("speech")
            return
        for region in wrong:
            # Heard to be none, or not worth a region.
            self.editor.cursor.playhead = None
            self.editor.cursor.move_to(region.start)
            while (there := self.editor.cursor.active) is not None and there.id != region.id:
                self.press("cycle")
            self.press("delete")


def near(one: Turn, other: Turn, at: Listening) -> bool:
    """Whether two turns are the same within the tolerance."""
    return one[2] == other[2] and all(
        abs(a - b) <= at.tolerance for a, b in zip(one[:2], other[:2], strict=True)
    )


Way = Callable[[Listening, Turn, int, int], None]


def _anew(at: Listening, turn: Turn, start: int, end: int) -> None:
    at.seek(start)
    at.press("mark_in", at=start)
    at.press("label", turn[2], at=end)
    at.nudge(turn)


def _snapped(at: Listening, turn: Turn, start: int, end: int) -> None:
    at.seek(start)
    at.press("mark_in", at=start)
    at.press("label", turn[2], at=end)
    at.press("snap")
    at.nudge(turn)


def _extended(at: Listening, turn: Turn, start: int, end: int) -> None:
    at.press("extend", at=end)
    there = at.turn()
    if there is not None and there[2] != turn[2]:
        at.press("label", turn[2], at=end)
    at.nudge(turn)


def _named(at: Listening, turn: Turn, start: int, end: int) -> None:
    middle = (turn[0] + turn[1]) // 2
    at.seek(middle)
    at.press("label", turn[2], at=middle)
    at.nudge(turn)


def _cut(at: Listening, turn: Turn, start: int, end: int) -> None:
    """Name what is suggested here, once it is cut where the turn ends."""
    at.seek(end)
    at.press("split", at=end)
    at.press("previous_span")
    at.press("label", turn[2])
    at.nudge(turn)


def _kept(at: Listening, turn: Turn, start: int, end: int) -> None:
    """Leave what is suggested here as it is."""


WAYS: Sequence[Way] = (_kept, _anew, _snapped, _extended, _named, _cut)


def count(
    recordings: Sequence[Recording],
    suggest: Suggest | None = None,
    *,
    tolerance: float = TOLERANCE,
    deviation: float = DEVIATION,
    trace: Trace = None,
) -> Count:
    """Count the keys of some recordings; an item is a turn, a token a second of sound.

    Args:
        recordings: The recordings.
        suggest: Where speech is suggested, if it is.
        tolerance: Seconds that an edge may be off.
        deviation: Of the time of a key, in seconds.
        trace: Told of every turn.

    Raises:
        WrittenWronglyError: What would be written is not the gold within the tolerance.
    """
    total = Count()
    for recording in recordings:
        rate = recording.clip.rate
        mode: RegionMode = "regions" if recording.speakers == [SPEECH] else "speakers"
        editor = RegionEditor(recording.clip, recording.speakers, mode=mode)
        if suggest is not None:
            editor.suggest(suggest(recording))
        keymap = Keymap("regions", recording.speakers)
        at = Listening(editor, Annotator(keymap), round(tolerance * rate))
        chance = random.Random(recording.name)
        at.pressed.append("play_pause")
        for turn in recording.turns:
            start, end = (
                round(min(max(edge + chance.gauss(0, deviation) * rate, 0), recording.clip.frames))
                for edge in turn[:2]
            )
            end = max(end, start + editor.region_set.min_frames)
            best: Listening | None = None
            for way in WAYS:
                tried = at.twin()
                way(tried, turn, start, end)
                if not tried.fits(turn) or not _keeps(tried, recording.turns, turn):
                    continue
                if best is None or len(tried.pressed) < len(best.pressed):
                    best = tried
            if best is None:
                raise WrittenWronglyError(f"{recording.name}: {turn}")
            if trace is not None:
                keys = " ".join(best.pressed[len(at.pressed) :])
                trace(f"{turn[0] / rate:9.3f} {turn[1] / rate:9.3f} {turn[2]:10} {keys}")
            at = best
            at.editor.cursor.mark_in = at.editor.cursor.selection = None
        at.clear(recording.turns)
        _check(at, recording)
        assert at.press("accept") == "accept"
        total.keys += len(at.pressed)
        total.names.update(at.pressed)
        total.items += len(recording.turns)
        total.tokens += round(recording.clip.duration)
        total.documents += 1
    return total


def _keeps(tried: Listening, turns: Sequence[Turn], turn: Turn) -> bool:
    """Whether the turns before this one are as they were made."""
    return all(tried.fits(one) for one in turns[: turns.index(turn)] if one[1] > turn[0] - 16_000)


def _check(at: Listening, recording: Recording) -> None:
    """Make sure of what would be written: every turn once, and nothing else."""
    rate = recording.clip.rate
    written: Iterator[Turn] = (
        (frames_of(one["start"], rate), frames_of(one["end"], rate), one["label"])
        for one in at.editor.fields()["audio_spans"]
    )
    left = list(written)
    for turn in recording.turns:
        found = next((one for one in left if near(one, turn, at)), None)
        if found is None:
            raise WrittenWronglyError(f"{recording.name}: {turn} is not there")
        left.remove(found)
    if left:
        raise WrittenWronglyError(f"{recording.name}: {left[0]} is not in the gold")
