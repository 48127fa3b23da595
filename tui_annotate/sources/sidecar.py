"""What files beside a sound, or named by the user, say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tui_annotate.formats.annotation import Annotation, BrokenFile, Reading, decoded
from tui_annotate.formats.audacity import is_label_track
from tui_annotate.formats.combination import with_speakers, with_texts
from tui_annotate.formats.htk import is_label_file
from tui_annotate.formats.regions import left_tiers, resolved, written
from tui_annotate.formats.timed import BY_SUFFIX, read_bytes
from tui_annotate.sources.annotation_files import (
    ABOUT_MANY,
    TRANSCRIPTS,
    AnnotationFiles,
    check_named,
    same_recording,
    spelled,
)
from tui_annotate.task.incoming_regions import WantedRegions
from tui_annotate.wording import printable, shown_path

LONGEST_TRANSCRIPT = 1 << 20
COMPARED = 8
"""How many files about many recordings are compared; of more, the first that serves is taken."""

LABELS_TOLD = 5


@dataclass(frozen=True, slots=True)
class _Found:
    """What one file says about a sound."""

    path: Path
    annotations: list[Annotation]

    @property
    def speaks(self) -> bool:
        return any(one.speaker for one in self.annotations)

    @property
    def says(self) -> bool:
        return any(one.text for one in self.annotations)

    def serves(self, wanted: WantedRegions) -> bool:
        """Whether it has what a recipe is for."""
        if wanted.mode == "transcribe":
            return self.says
        if wanted.mode == "speakers":
            return self.speaks
        return bool(written(self.annotations, wanted)[0])


@dataclass(slots=True)
class Beside:
    """Finds and reads the annotations of sounds.

    Args:
        named: A file or a folder to take them from, instead of the folder of each sound.
        near: Look in the folder of the sound, for files of the same name.
        tiers: The tiers to read; all that stand on their own, if none is named.

    Attributes:
        taken: The files that regions were taken from so far, as messages name them.

    Raises:
        UsageError: There is no such file or folder.
    """

    named: Path | None = None
    near: bool = True
    tiers: tuple[str, ...] = ()
    taken: dict[str, None] = field(default_factory=dict)
    _files: AnnotationFiles = field(init=False)
    _about_first: Path | None = None

    def __post_init__(self) -> None:
        self._files = AnnotationFiles(self.tiers)
        if self.named is not None:
            check_named(self.named)

    @property
    def notices(self) -> list[str]:
        """What is to be said about the files that was not said yet."""
        return self._files.notices

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
        own, others = self._candidates(sound)
        if "audio_spans" not in fields:
            split = fields.get("channel") is not None
            found = self._found(own, others, sound, wanted, split)
            if found:
                made = self._regions(found, wanted)
                if "chunk" not in fields:
                    self._tell_before(shown_path(found[0].path), made)
                more["audio_spans"] = _fitted(made, fields)
        if not {"transcript", "chunk", "channel"} & fields.keys() and (
            said := self._transcript([*own, *others], sound)
        ):
            more["transcript"] = said
        return more

    # ── which file ─────────────────────────────────────────────────────────

    def _candidates(self, sound: Path) -> tuple[list[Path], list[Path]]:
        """The files that may speak of a sound: those of its own, and those about many."""
        if self.named is not None and not self.named.is_dir():
            return [self.named], []
        folder = self.named or (sound.parent if self.near else None)
        if folder is None:
            return [], []
        there = self._files.in_folder(folder)
        named_alike = there.get(spelled(sound.stem), [])
        alike = [folder / name for name in named_alike if folder / name != sound]
        own = [one for suffix in BY_SUFFIX for one in alike if one.suffix.lower() == suffix]
        if self.named is None:
            return own, []
        # A folder that the user names may hold files about many recordings.
        others = [folder / name for names in there.values() for name in names]
        return own, [
            one for one in others if one.suffix.lower() in ABOUT_MANY and one not in own
        ]  # fmt: skip

    def _found(
        self,
        own: Sequence[Path],
        others: Sequence[Path],
        sound: Path,
        wanted: WantedRegions,
        split: bool,
    ) -> list[_Found]:
        """What the files say about a sound, the one that serves the recipe best first."""
        found: list[_Found] = []
        for paths, compared in ((own, True), (others, len(others) <= COMPARED)):
            for path in paths if not found else ():
                one = self._in_file(path, sound, wanted, split)
                if one is not None:
                    found.append(one)
                    if not compared:
                        break
        return sorted(found, key=lambda one: not one.serves(wanted))

    def _in_file(
        self, path: Path, sound: Path, wanted: WantedRegions, split: bool
    ) -> _Found | None:
        suffix = path.suffix.lower()
        if suffix in TRANSCRIPTS and not _has_times(path):
            return None
        reading = self._files.reading(path)
        if reading is None:
            return None
        about = self._about(_from_origin(reading, sound), path, sound, split)
        if about is None:
            return None
        fmt = BY_SUFFIX[suffix]
        if fmt.tiers and (left := left_tiers(about)):
            named = ", ".join(f"{printable(name)} ({count})" for name, count in left.items())
            self._files.tell((path, "tiers"), f"{shown_path(path)}: not read beside words: {named}")
        return _Found(path, resolved(about, wanted, tiers=fmt.tiers, free=fmt.free))

    # ── what is in it ──────────────────────────────────────────────────────

    def _regions(self, found: Sequence[_Found], wanted: WantedRegions) -> list[dict[str, Any]]:
        """The regions of the best file, with what another one can add."""
        best, *others = found
        annotations, used = best.annotations, [best]
        for other in others:
            both: list[Annotation] | None = None
            if wanted.mode == "speakers":
                if best.speaks and not best.says and other.says:
                    both = with_texts(annotations, other.annotations)
            elif best.says and not best.speaks and other.speaks:
                both = with_speakers(annotations, other.annotations)
            if both is not None:
                annotations = both
                used.append(other)
                break
        made, left_out = written(annotations, wanted)
        self._tell_labels(shown_path(best.path), left_out)
        names = " and ".join(shown_path(one.path) for one in used)
        for other in others:
            if other not in used:
                kinds = (best.path.parent, best.path.suffix, other.path.suffix)
                aside = shown_path(other.path)
                self._files.tell(
                    (*kinds, "aside"),
                    f"{aside} is not used beside {names}; --from {aside} reads it",
                )
        self.taken.update((shown_path(one.path), None) for one in used)
        return made

    def _tell_before(self, shown: str, made: Sequence[Mapping[str, Any]]) -> None:
        """Say what lies before the sound, as it does where the times of a file were moved."""
        out = sum(one["end"] <= 0 for one in made)
        cut = sum(one["start"] < 0 < one["end"] for one in made)
        if out:
            what = "region lies" if out == 1 else "regions lie"
            self._files.tell(
                (shown, "before"), f"{shown}: {out} {what} before the recording begins; skipped"
            )
        if cut:
            what = "region begins" if cut == 1 else "regions begin"
            self._files.tell(
                (shown, "cut"), f"{shown}: {cut} {what} before the recording; cut where it begins"
            )

    def _tell_labels(self, shown: str, left_out: Mapping[str, int]) -> None:
        if not left_out:
            return
        count = sum(left_out.values())
        named = [f"{printable(label)} ({times})" for label, times in left_out.items()]
        more = f" and {len(named) - LABELS_TOLD} more" if len(named) > LABELS_TOLD else ""
        what = "regions are" if count > 1 else "region is"
        self._files.tell(
            (shown, "labels"),
            f"{shown}: {count} {what} skipped, not in the label set: "
            f"{', '.join(named[:LABELS_TOLD])}{more}; --map renames labels",
        )

    def _about(
        self, found: Sequence[Annotation], path: Path, sound: Path, split: bool
    ) -> list[Annotation] | None:
        """Those annotations of a file that are about a sound; None if it speaks of others."""
        alike = spelled(path.stem) == spelled(sound.stem)
        if all(one.file is None for one in found):
            if path == self.named and not alike:
                # It says nothing of the recording that it is about: it is about one of them.
                self._about_first = self._about_first or sound
                return list(found) if sound == self._about_first else None
            return list(found)
        by_name: dict[str, list[Annotation]] = {}
        for one in found:
            by_name.setdefault(one.file or "", []).append(one)
        name = same_recording(sound, list(by_name))
        if name is None:
            if not alike or len(by_name) > 1:
                return None
            # The only recording in a file that is named after this sound.
            name = next(iter(by_name))
        if name != sound.stem and spelled(name) != spelled(sound.stem):
            shown = shown_path(path)
            self._files.tell(
                (shown, name),
                f"{shown}: {printable(name)} is taken for {shown_path(sound.name)}",
            )
        mine = by_name[name]
        channels = {one.channel for one in mine}
        if len(channels) < 2 and not (split and channels != {0}):
            # One channel is no channel in particular: most files say 1 throughout.
            return [_without_channel(one) for one in mine]
        return mine

    def _transcript(self, files: Sequence[Path], sound: Path) -> str | None:
        """What is said in the whole sound, from a file of plain text with its name."""
        for suffix in TRANSCRIPTS:
            for path in files:
                if path.suffix.lower() != suffix or spelled(path.stem) != spelled(sound.stem):
                    continue
                try:
                    data = read_bytes(path)
                    if len(data) > LONGEST_TRANSCRIPT or _have_times(data):
                        continue
                    said = decoded(data).strip()
                except BrokenFile as error:
                    self._files.tell(path, f"{shown_path(path)}: {error}; not read")
                    continue
                if said:
                    self.taken[shown_path(path)] = None
                    return said
        return None


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
    origins = {spelled(stem): seconds for stem, seconds in reading.origins.items()}
    only = next(iter(origins.values())) if len(origins) == 1 else 0.0
    shift = origins.get(spelled(sound.stem), only)
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
