"""What there is to do for one task: decode its sound, measure it, watch over it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from tui_annotate.audio import decoding as conversion
from tui_annotate.audio import examination, peakwork
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.clip import Clip, frames_of
from tui_annotate.audio.content import fingerprint
from tui_annotate.audio.decoding import Conversion
from tui_annotate.audio.header import Header, Stamp
from tui_annotate.audio.messages import Message, Open, Opened, Peaks, Progress
from tui_annotate.audio.peakwork import PeakWork
from tui_annotate.audio.shared_work import Shared
from tui_annotate.audio.sound import Sound
from tui_annotate.audio.spectrum import Spectra
from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Failed
from tui_annotate.wording import shown_path

STEP = 0.03
"""Seconds that a step may take."""

_BETWEEN = 0.15
_LOOK = 1.0


class JobContext:
    """What all tasks have in common.

    Attributes:
        cache: Where peaks and copies go.
        send: Where answers go.
        conversions: The copies that are being made.
        peaks: The peaks that are being made.
    """

    def __init__(self, cache: Cache, send: Callable[[Message], None]) -> None:
        self.cache = cache
        self.send = send
        self.conversions: Shared[Conversion] = Shared()
        self.peaks: Shared[PeakWork] = Shared()


class SoundJob:
    """One task's sound.

    Args:
        request: What was asked for.
        shop: What it has in common with others.

    Attributes:
        number: The task.
        header: What its file says of itself.
        clip: What it is about, once that is known.
        spectra: Its spectrograms, once it can be read.
        focus: The frame of the clip that the annotator is at.
        heard: Whether sources were told of it.

    Raises:
        AnnotateError: If its sound cannot be used.
    """

    def __init__(self, request: Open, shop: JobContext) -> None:
        self.number = request.number
        self.focus = 0
        self.heard = False
        self.clip: Clip | None = None
        self.spectra: Spectra | None = None
        self.peaks: PeakWork | None = None
        self.conversion: Conversion | None = None
        self.header: Header = examination.examine(os.fsdecode(request.path))
        self._key = self.header.path, self.header.stamp
        self._request = request
        self._shop = shop
        self._send = shop.send
        self._sound: Sound | None = None
        self._told = self._seen = -_LOOK
        self._changed = False
        if not self.header.exact:
            self.conversion = shop.conversions.take(
                self._key, lambda: Conversion(self.header, shop.cache)
            )

    @property
    def name(self) -> str:
        """What messages call the file: its own name need be no UTF-8."""
        return shown_path(os.path.basename(self.header.path))

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        return self.conversion is not None or self.peaks is not None

    def convert(self) -> bool:
        """A step; whether there is more of it to do."""
        assert self.conversion is not None
        if self.conversion.step(STEP):
            self._tell(Progress(self.number, "converting", self.conversion.progress))
            return True
        return False

    def ready(self) -> None:
        """Say what the sound is, now that it can be read."""
        header, request = self.header, self._request
        notices = list(header.warnings)
        decoded = header.path
        if self.conversion is not None:
            decoded = os.fspath(self.conversion.path)
            notices += self.conversion.warnings
            self._drop_conversion()
        self._sound = sound = Sound(decoded)
        start, end = _stretch(request, sound)
        if request.channel is not None and not 0 <= request.channel < sound.channels:
            raise AnnotateError(
                f"there is no channel {request.channel} in a recording of {sound.channels}"
            )
        self.clip = Clip(
            os.fsencode(header.path),
            os.fsencode(decoded),
            sound.rate,
            sound.channels,
            start,
            end,
            request.channel,
            header.format,
            _content(header.path),
        )
        self.focus = 0
        notices = [f"{self.name}: {notice}" for notice in notices]
        self._send(Opened(self.number, self.clip, notices))
        self.spectra = Spectra(sound, start, end, request.channel)
        self.peaks = self._shop.peaks.take(
            self._key, lambda: PeakWork(Sound(decoded), *self._key, self._shop.cache)
        )
        self._tell_peaks(self.peaks, at_once=True)

    def measure(self) -> None:
        """A step of the peaks."""
        assert self.peaks is not None
        assert self.clip is not None
        peaks = self.peaks
        first = peaks.progress == 0
        more = peaks.step(self.clip.start + self.focus, STEP)
        self._tell_peaks(peaks, at_once=first or not more)
        if not more:
            if peaks.broken:
                what = "of its samples are not numbers and play as silence"
                self._send(Failed(f"{self.name}: {peaks.broken:,} {what}"))
            self.drop_peaks()

    def look_after(self) -> bool:
        """Whether the file is found to have changed now."""
        now = time.monotonic()
        if self.clip is None or self._changed or now - self._seen < _LOOK:
            return False
        self._seen = now
        try:
            self._changed = Stamp.of(self.header.path) != self.header.stamp
        except OSError:
            self._changed = True
        return self._changed

    def keep(self) -> None:
        """Keep what is in use from being removed."""
        for kind in (conversion.KIND, peakwork.KIND):
            self._shop.cache.find(self.header.path, self.header.stamp, kind)

    def close(self) -> None:
        """Let go of the sound, and of what is not whole."""
        self._drop_conversion()
        self.drop_peaks()
        if self._sound is not None:
            self._sound.close()

    def drop_peaks(self) -> None:
        """Give up peaks that are not whole."""
        if self.peaks is not None:
            self.peaks = None
            self._shop.peaks.drop(self._key)

    def _drop_conversion(self) -> None:
        if self.conversion is not None:
            self.conversion = None
            self._shop.conversions.drop(self._key)

    def _tell_peaks(self, peaks: PeakWork, *, at_once: bool) -> None:
        message = Peaks(self.number, os.fsencode(peaks.path), peaks.progress)
        self._tell(message, at_once=at_once)

    def _tell(self, message: Message, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._told >= _BETWEEN:
            self._told = now
            self._send(message)


def _content(path: str) -> str:
    """What tells a sound from others; nothing where it cannot be read any more."""
    try:
        return fingerprint(path)
    except OSError:
        return ""


def _stretch(request: Open, sound: Sound) -> tuple[int, int]:
    """The frames of the file that the task is about."""
    start = 0 if request.start is None else frames_of(request.start, sound.rate)
    end = sound.frames if request.end is None else frames_of(request.end, sound.rate)
    seconds = sound.frames / sound.rate
    if not 0 <= start < sound.frames:
        raise AnnotateError(
            f"its chunk begins at {request.start:g} s, and the recording ends at {seconds:.3f} s"
        )
    if start >= end:
        raise AnnotateError("its chunk ends before it begins")
    return start, min(end, sound.frames)
