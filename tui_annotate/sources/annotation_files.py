"""The files of annotations in a folder, read once each, and what is said about them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tui_annotate.errors import UsageError
from tui_annotate.formats.annotation import BrokenFile, Reading
from tui_annotate.formats.timed import BY_SUFFIX, read_file
from tui_annotate.wording import reason, shown_path

KEPT = 32
"""Files that are kept at hand."""

FOLDERS_KEPT = 256
PROBLEMS_TOLD = 20
TRANSCRIPTS = (".lab", ".txt")
ABOUT_MANY = (".rttm", ".ctm", ".stm")
"""Files that name their recordings: one may be about many."""


@dataclass(slots=True)
class AnnotationFiles:
    """Lists and reads files of annotations.

    Args:
        tiers: The tiers to read; all that stand on their own, if none is named.

    Attributes:
        notices: What is to be said about them that was not said yet.
    """

    tiers: tuple[str, ...] = ()
    notices: list[str] = field(default_factory=list)
    _read: dict[Path, tuple[tuple[int, int], Reading | None]] = field(default_factory=dict)
    _folders: dict[Path, tuple[int, dict[str, list[str]]]] = field(default_factory=dict)
    _told: set[object] = field(default_factory=set)

    def tell(self, key: object, notice: str) -> None:
        """Say something once."""
        if key not in self._told:
            self._told.add(key)
            self.notices.append(notice)

    def in_folder(self, folder: Path) -> dict[str, list[str]]:
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
            if suffix.lower() in BY_SUFFIX or suffix.lower() in TRANSCRIPTS:
                found.setdefault(spelled(stem), []).append(name)
        while len(self._folders) >= FOLDERS_KEPT:
            del self._folders[next(iter(self._folders))]
        self._folders[folder] = (changed, found)
        return found

    def reading(self, path: Path) -> Reading | None:
        """What a file says; None if it cannot be read, which is said once."""
        shown = shown_path(path)
        try:
            status = path.stat()
            stamp = (status.st_size, status.st_mtime_ns)
        except OSError as error:
            self.tell((shown, 0), f"{shown}: it cannot be read ({reason(error)})")
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
            self.tell((shown, stamp), f"{place}: {error}; no regions were read from it")
        else:
            for line, what in reading.problems[:PROBLEMS_TOLD]:
                self.tell((shown, line), f"{shown}:{line}: {what}; skipped")
            for notice in reading.notices:
                self.tell((shown, notice), f"{shown}: {notice}")
            for what, count in reading.skipped.items():
                several = "" if count == 1 or what == "silence" else "s"
                self.tell((shown, what), f"{shown}: skipped {count:,} {what}{several}")
            if reading.points:
                points = reading.points
                what = "marks without duration" if points > 1 else "mark without duration"
                self.tell((shown, "points"), f"{shown}: skipped {points} {what}")
        while len(self._read) >= KEPT:
            del self._read[next(iter(self._read))]
        self._read[path] = (stamp, reading)
        return reading


def check_named(named: Path) -> None:
    """Refuse what a user names as the source of regions, and is none.

    Raises:
        UsageError: There is no such file or folder, or it is of no format that is read.
    """
    if not named.exists():
        raise UsageError("there is no such file or folder", where=f"--from {named}")
    if not named.is_dir() and named.suffix.lower() not in BY_SUFFIX:
        known = ", ".join(dict.fromkeys(one.name for one in BY_SUFFIX.values()))
        raise UsageError(
            "no format of regions has this ending",
            where=f"--from {named}",
            do=f"name a file of {known}",
        )


def spelled(name: str) -> str:
    """A name with its letters written in one of the two ways of Unicode."""
    return unicodedata.normalize("NFC", name)


def same_recording(sound: Path, names: Sequence[str]) -> str | None:
    """Which of the recordings that a file speaks of is a sound: by its name, more or less."""
    stems = {name: spelled(os.path.splitext(os.path.basename(name))[0]) for name in names}
    for same in (
        lambda name: name == sound.stem,
        lambda name: spelled(name) == spelled(sound.stem),
        lambda name: stems[name] == spelled(sound.stem) or spelled(name) == spelled(sound.name),
    ):
        if (found := next(filter(same, names), None)) is not None:
            return found
    bare = [name for name in names if _bare(name) == _bare(sound.stem)]
    return bare[0] if len(bare) == 1 else None


def _bare(name: str) -> str:
    """A name without accents and letter case, as some tools spell it."""
    apart = unicodedata.normalize("NFD", name)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()
