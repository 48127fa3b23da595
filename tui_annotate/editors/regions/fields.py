"""Regions to and from the fields of the format: `audio_spans`, in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tui_annotate.audio.clip import Clip, frames_of, seconds_of
from tui_annotate.editors.regions.region import Region
from tui_annotate.suggest.codec import SuggestionCodec

_SLACK = 0.0005
"""Seconds by which a region may be longer than its sound without a word: times are rounded."""

SEEN = "_seen"
"""False in a region with a text that a source suggested and nobody has looked at."""

_OURS = ("speaker", "text", "channel", "source", "score")


class Names:
    """Ids for regions: those that came with the task, and fresh ones.

    Args:
        initial: The regions that came; no fresh id is one of theirs.
    """

    def __init__(self, initial: Iterable[Mapping[str, Any]] = ()) -> None:
        self._reserved = {str(fields["id"]) for fields in initial if "id" in fields}
        self._taken: set[str] = set()
        self._last = 0

    def keep(self, name: object) -> str:
        """The id that came with a region, or a fresh one where it cannot be told from others."""
        if isinstance(name, int) and not isinstance(name, bool):
            name = str(name)
        if not isinstance(name, str) or not name or name in self._taken:
            return self.fresh()
        self._taken.add(name)
        return name

    def fresh(self) -> str:
        """An id that no region has."""
        while True:
            self._last += 1
            name = f"r{self._last}"
            if name not in self._taken and name not in self._reserved:
                self._taken.add(name)
                return name


def read_regions(
    initial: Iterable[Mapping[str, Any]],
    clip: Clip,
    names: Names,
    *,
    decided: bool = False,
    unassigned: str | None = None,
) -> Iterator[Region]:
    """The regions of a task's field, cut to its clip.

    Args:
        initial: The regions as they came.
        clip: The sound.
        names: Gives them their ids.
        decided: Whether the annotator has decided on them before.
        unassigned: The label that is no name, where labels are names: a speaker beside it is one.
    """
    for place, fields in enumerate(initial):
        start = min(max(frames_of(fields["start"], clip.rate), 0), clip.frames)
        end = min(max(frames_of(fields["end"], clip.rate), 0), clip.frames)
        if start >= end:
            # Shorter than a frame, or beyond the end of the file that is there now.
            continue
        source, score = fields.get("source"), fields.get("score")
        speaker, text, channel = fields.get("speaker"), fields.get("text"), fields.get("channel")
        label = fields.get("label") or ""
        if unassigned is not None and label in ("", unassigned) and speaker:
            label, speaker = speaker, None
        yield Region(
            start,
            end,
            label if isinstance(label, str) else "",
            names.keep(fields.get("id")),
            speaker if isinstance(speaker, str) and speaker else None,
            text if isinstance(text, str) else None,
            channel if type(channel) is int else None,
            source if isinstance(source, str) else None,
            float(score) if isinstance(score, float | int) else None,
            suggested=isinstance(source, str) and (not decided or fields.get(SEEN) is False),
            original=place,
        )


def beyond(initial: Iterable[Mapping[str, Any]], clip: Clip) -> list[str]:
    """What is to be said of regions that are longer than the sound, or lie behind its end.

    Only with the file at hand is it known where it ends, if the task does not say so.

    Args:
        initial: The regions as they came.
        clip: The sound.
    """
    length = clip.duration
    out = sum(fields["start"] >= length for fields in initial)
    cut = sum(fields["start"] < length < fields["end"] - _SLACK for fields in initial)
    said = []
    if out:
        what = "a region lies" if out == 1 else f"{out} regions lie"
        said.append(f"{what} past the end of the recording ({length:g} s) and cannot be kept")
    if cut:
        what = "a region ends" if cut == 1 else f"{cut} regions end"
        said.append(
            f"{what} after the recording ({length:g} s) "
            f"and {'was' if cut == 1 else 'were'} cut there"
        )
    return said


def write_region(
    region: Region, rate: int, initial: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """A region as the format has it.

    Of one that came with the task its unknown fields stay, and its times too, to the last digit,
    where nobody has moved it.

    Args:
        region: The region.
        rate: Frames per second.
        initial: The regions that came with the task.
    """
    original = None if region.original is None else initial[region.original]
    written: dict[str, Any] = {"id": region.id}
    if original is not None and "id" in original and str(original["id"]) == region.id:
        written["id"] = original["id"]
    for name, frame in (("start", region.start), ("end", region.end)):
        own = frame if original is None else original[name]
        same = original is not None and frames_of(own, rate) == frame
        written[name] = float(own) if same else seconds_of(frame, rate)
    written["label"] = region.label
    for name in _OURS:
        value = getattr(region, name)
        if value is not None:
            written[name] = value
    if region.suggested and region.text is not None:
        # A draft of what is said that nobody has looked at.
        written[SEEN] = False
    if original is None:
        return written
    known = {"id", "start", "end", "label", SEEN, *_OURS}
    written.update({name: value for name, value in original.items() if name not in known})
    return written


def seconds_codec(rate: int) -> SuggestionCodec:
    """Writes the stretches of suggestions in seconds.

    Args:
        rate: Frames per second.
    """
    return SuggestionCodec(
        lambda frame: seconds_of(frame, rate), lambda seconds: frames_of(float(seconds), rate)
    )
