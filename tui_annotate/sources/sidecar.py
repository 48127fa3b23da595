"""What files beside a sound, or named by the user, say about it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tui_annotate.errors import UsageError
from tui_annotate.formats.annotation import Annotation, BrokenFile, Reading, decoded
from tui_annotate.formats.audacity import is_label_track
from tui_annotate.formats.htk import is_label_file
from tui_annotate.formats.regions import regions
from tui_annotate.formats.timed import FORMATS, read_bytes, read_file
from tui_annotate.task.incoming_regions import RegionMode, WantedRegions
from tui_annotate.wording import printable, reason, shown_path

KEPT = 32
"""Files that are kept at hand."""

FOLDERS_KEPT = 256
PROBLEMS_TOLD = 20
TRANSCRIPTS = (".lab", ".txt")
LONGEST_TRANSCRIPT = 1 << 20

_SPEAKERS_FIRST = (".rttm", ".textgrid", ".eaf", ".stm", ".vtt", ".srt", ".ctm", ".txt", ".lab")


@dataclass(slots=True)
class Beside:
    """Finds and reads the annotations of sounds.

    Args:
        named: A file or a folder to take them from, instead of the folder of each sound.
        near: Look in the folder of the sound, for files of the same name.
        tiers: The tiers to read; all that stand on their own, if none is named.

    Attributes:
        taken: The files that regions were taken from so far, as messages name them.
        notices: What is to be said about them that was not said yet.

    Raises:
        UsageError: There is no such file or folder.
    """

    named: Path | None = None
    near: bool = True
    tiers: tuple[str, ...] = ()
    taken: dict[str, None] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    _read: dict[Path, tuple[tuple[int, int], Reading | None]] = field(default_factory=dict)
    _folders: dict[Path, tuple[int, dict[str, list[str]]]] = field(default_factory=dict)
    _about_first: Path | None = None
    _told: set[object] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.named is None:
            return
        if not self.named.exists():
            raise UsageError("there is no such file or folder", where=f"--from {self.named}")
        if not self.named.is_dir() and self.named.suffix.lower() not in FORMATS:
            known = ", ".join(dict.fromkeys(one.name for one in FORMATS.values()))
            raise UsageError(
                "no format of regions has this ending",
                where=f"--from {self.named}",
                do=f"name a file of {known}",
            )

    def complete(
        self, fields: Mapping[str, Any], sound: Path, wanted: WantedRegions
    ) -> dict[str, Any]:
        """Find the regions and the transcript that a task did not come with.

        Args:
            fields: The task.
            sound: Its file.
            wanted: What the regions are for.

        Returns:
            The fields that it gets; none if there is nothing for it.
        """
        more: dict[str, Any] = {}
        files = self._files(sound, wanted.mode)
        if "audio_spans" not in fields:
            for path in files:
                made = self._regions(path, sound, fields, wanted)
                if made is not None:
                    more["audio_spans"] = made
                    break
        if not {"transcript", "chunk", "channel"} & fields.keys() and (
            said := self._transcript(files, sound)
        ):
            more["transcript"] = said
        return more

    # ── which file ─────────────────────────────────────────────────────────

    def _files(self, sound: Path, mode: RegionMode) -> list[Path]:
        """The files that may speak of a sound, the one to ask first at the front."""
        if self.named is not None and not self.named.is_dir():
            return [self.named]
        folder = self.named or (sound.parent if self.near else None)
        if folder is None:
            return []
        order = _SPEAKERS_FIRST if mode == "speakers" else tuple(FORMATS)
        named_alike = self._in_folder(folder).get(_key(sound.stem), [])
        alike = [folder / name for name in named_alike if folder / name != sound]
        found = [one for suffix in order for one in alike if one.suffix.lower() == suffix]
        if self.named is not None:
            # A folder that the user names may hold files about many recordings.
            own = set(found)
            for names in self._in_folder(folder).values():
                for name in names:
                    path = folder / name
                    if path.suffix.lower() in (".rttm", ".ctm", ".stm") and path not in own:
                        found.append(path)
        return found

    def _in_folder(self, folder: Path) -> dict[str, list[str]]:
        """The annotation files of a folder, by the stem that they share with a sound."""
        try:
            changed = folder.stat().st_mtime_ns
            known = self._folders.get(folder)
            if known is not None and known[0] == changed:
                return known[1]
            names = sorted(os.listdir(folder))
        except OSError:
            return {}
        found: dict[str, list[str]] = {}
        for name in names:
            stem, suffix = os.path.splitext(name)
            if suffix.lower() in FORMATS or suffix.lower() in TRANSCRIPTS:
                found.setdefault(_key(stem), []).append(name)
        while len(self._folders) >= FOLDERS_KEPT:
            del self._folders[next(iter(self._folders))]
        self._folders[folder] = (changed, found)
        return found

    # ── what is in it ──────────────────────────────────────────────────────

    def _regions(
        self, path: Path, sound: Path, fields: Mapping[str, Any], wanted: WantedRegions
    ) -> list[dict[str, Any]] | None:
        suffix = path.suffix.lower()
        shown = shown_path(path)
        if suffix in TRANSCRIPTS and not _has_times(path):
            return None
        reading = self._reading(path, shown)
        if reading is None:
            return None
        found = self._about(_from_origin(reading, sound), path, sound, shown)
        if found is None:
            return None
        fmt = FORMATS.get(suffix)
        made, left_out = regions(found, wanted, tiers=fmt is not None and fmt.tiers)
        if left_out:
            what = "regions are" if left_out > 1 else "region is"
            self._tell(
                (shown, "labels"),
                f"{shown}: {left_out} {what} skipped: the label is not in the label set",
            )
        self.taken[shown] = None
        return _fitted(made, fields)

    def _reading(self, path: Path, shown: str) -> Reading | None:
        """What a file says; None if it cannot be read, which is said once."""
        try:
            status = path.stat()
            stamp = (status.st_size, status.st_mtime_ns)
        except OSError as error:
            self._tell((shown, 0), f"{shown}: it cannot be read ({reason(error)})")
            return None
        known = self._read.pop(path, None)
        if known is not None and known[0] == stamp:
            self._read[path] = known
            return known[1]
        reading: Reading | None = None
        try:
            reading = read_file(path, self.tiers)
        except BrokenFile as error:
            place = f"{shown}:{error.line}" if error.line else shown
            self._tell((shown, stamp), f"{place}: {error}; no regions were read from it")
        else:
            for line, what in reading.problems[:PROBLEMS_TOLD]:
                self._tell((shown, line), f"{shown}:{line}: {what}; skipped")
            for notice in reading.notices:
                self._tell((shown, notice), f"{shown}: {notice}")
            for what, count in reading.skipped.items():
                several = "" if count == 1 or what == "silence" else "s"
                self._tell((shown, what), f"{shown}: skipped {count:,} {what}{several}")
            if reading.points:
                points = reading.points
                what = "marks without duration" if points > 1 else "mark without duration"
                self._tell((shown, "points"), f"{shown}: skipped {points} {what}")
        while len(self._read) >= KEPT:
            del self._read[next(iter(self._read))]
        self._read[path] = (stamp, reading)
        return reading

    def _about(
        self, found: Sequence[Annotation], path: Path, sound: Path, shown: str
    ) -> list[Annotation] | None:
        """Those annotations of a file that are about a sound; None if it speaks of others."""
        if all(one.file is None for one in found):
            if path == self.named and _key(path.stem) != _key(sound.stem):
                # It says nothing of the recording that it is about: it is about one of them.
                self._about_first = self._about_first or sound
                return list(found) if sound == self._about_first else None
            return list(found)
        by_name: dict[str, list[Annotation]] = {}
        for one in found:
            by_name.setdefault(one.file or "", []).append(one)
        name = _same_recording(sound, by_name)
        if name is None:
            alike = _key(path.stem) == _key(sound.stem)
            if not alike or len(by_name) > 1:
                return None
            # The only recording in a file that is named after this sound.
            name = next(iter(by_name))
        if name != sound.stem and _key(name) != _key(sound.stem):
            self._tell(
                (shown, name),
                f"{shown}: {printable(name)} is taken for {shown_path(sound.name)}",
            )
        mine = by_name[name]
        if len({one.channel for one in mine}) < 2:
            # One channel is no channel in particular: most files say 1 throughout.
            return [_without_channel(one) for one in mine]
        return mine

    def _transcript(self, files: Sequence[Path], sound: Path) -> str | None:
        """What is said in the whole sound, from a file of plain text with its name."""
        for suffix in TRANSCRIPTS:
            for path in files:
                if path.suffix.lower() != suffix or _key(path.stem) != _key(sound.stem):
                    continue
                try:
                    data = read_bytes(path)
                    if (
                        len(data) > LONGEST_TRANSCRIPT
                        or is_label_track(data)
                        or is_label_file(data)
                    ):
                        continue
                    said = decoded(data).strip()
                except BrokenFile as error:
                    self._tell(path, f"{shown_path(path)}: {error}; not read")
                    continue
                if said:
                    self.taken[shown_path(path)] = None
                    return said
        return None

    def _tell(self, key: object, notice: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self.notices.append(notice)


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _bare(name: str) -> str:
    """A name without accents and letter case, as some tools spell it."""
    apart = unicodedata.normalize("NFD", name)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _same_recording(sound: Path, names: Mapping[str, object]) -> str | None:
    """Which of the recordings that a file speaks of is a sound: by its name, more or less."""
    stems = {name: _key(os.path.splitext(os.path.basename(name))[0]) for name in names}
    for same in (
        lambda name: name == sound.stem,
        lambda name: _key(name) == _key(sound.stem),
        lambda name: stems[name] == _key(sound.stem) or _key(name) == _key(sound.name),
    ):
        if (found := next(filter(same, names), None)) is not None:
            return found
    bare = [name for name in names if _bare(name) == _bare(sound.stem)]
    return bare[0] if len(bare) == 1 else None


def _has_times(path: Path) -> bool:
    """Whether a file that may be a plain transcript holds times."""
    try:
        return _have_times(read_bytes(path))
    except BrokenFile:
        return False


def _have_times(data: bytes) -> bool:
    return is_label_track(data) or is_label_file(data)


def _from_origin(reading: Reading, sound: Path) -> Sequence[Annotation]:
    """The annotations by the sound's own clock, where theirs begins elsewhere in it."""
    origins = {_key(stem): seconds for stem, seconds in reading.origins.items()}
    only = next(iter(origins.values())) if len(origins) == 1 else 0.0
    shift = origins.get(_key(sound.stem), only)
    if not shift:
        return reading.found
    return [
        replace(one, start=round(one.start + shift, 6), end=round(one.end + shift, 6))
        for one in reading.found
    ]


def _without_channel(one: Annotation) -> Annotation:
    return one if one.channel is None else replace(one, channel=None)


def _fitted(made: list[dict[str, Any]], fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Regions as a task has them: in its chunk and its channel, counted from there."""
    channel, chunk = fields.get("channel"), fields.get("chunk")
    if channel is not None:
        made = [one for one in made if one.pop("channel", channel) == channel]
    if chunk is None:
        return [one | {"start": max(one["start"], 0.0)} for one in made if one["end"] > 0]
    begin, end = float(chunk["start"]), float(chunk["end"])
    fitted = []
    for one in made:
        first, last = max(one["start"], begin), min(one["end"], end)
        if last - first > 1e-6:
            times = {"start": round(first - begin, 6), "end": round(last - begin, 6)}
            fitted.append(one | times)
    return fitted
