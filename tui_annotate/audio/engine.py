"""The work of the sound process, in steps so short that nothing waits long for another."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tui_annotate.audio import conversion, peakwork
from tui_annotate.audio import header as headers
from tui_annotate.audio.cache import DEFAULT_LIMIT, Cache
from tui_annotate.audio.clip import Clip, frames_of
from tui_annotate.audio.conversion import Conversion
from tui_annotate.audio.header import Header, Stamp
from tui_annotate.audio.hearing import Hearing
from tui_annotate.audio.messages import (
    Close,
    Compare,
    Configure,
    Focus,
    Message,
    Open,
    Opened,
    Peaks,
    Progress,
    Regions,
    Request,
    Show,
    Spectrum,
    SpectrumOf,
    Unusable,
)
from tui_annotate.audio.peakwork import PeakWork
from tui_annotate.audio.sound import Sound
from tui_annotate.audio.spectrum import Spectra
from tui_annotate.errors import AnnotateError
from tui_annotate.suggest.messages import Failed, Ready, Switch

_STEP = 0.03
_BETWEEN = 0.15
_LOOK = 1.0
_TOUCH = 600.0


class Engine:
    """Takes requests, and works on what they leave to do.

    Args:
        configure: What listens.
        send: Where answers go; may be called from several threads.
        cache: Where peaks and copies go.
    """

    def __init__(
        self, configure: Configure, send: Callable[[Message], None], cache: Cache | None = None
    ) -> None:
        self._send = send
        self._cache, notices = (cache, []) if cache is not None else _writable()
        self._cache.trim()
        self._works: dict[int, _Work] = {}
        self._shown: int | None = None
        self._drawing: Iterator[bool] | None = None
        self._hearing = Hearing(configure.specs, send)
        send(Ready({spec.name: list(spec.labels) for spec in configure.specs}, notices))

    @property
    def busy(self) -> bool:
        """Whether there is something to do without a further request."""
        return self._drawing is not None or any(work.busy for work in self._works.values())

    def take(self, request: Request) -> None:
        """Take a request in; what takes time is left for `step`."""
        match request:
            case Open(number=number):
                self._open(request)
            case Show(number=number):
                self._shown = number
                self._look_after(number)
                self._hearing.show(number)
            case Close(number=number):
                self._close(number)
            case Focus(number=number, frame=frame):
                if work := self._works.get(number):
                    work.focus = frame
                self._look_after(number)
                self._hearing.focus(number, frame)
            case SpectrumOf():
                self._drawing = self._draw(request)
            case Regions(number=number, regions=regions):
                self._hearing.regions(number, regions)
            case Compare():
                self._hearing.compare(request)
            case Switch(source=source, on=on):
                self._hearing.switch(source, on)
            case Configure():
                pass

    def step(self) -> None:
        """Do the most urgent thing there is to do, for some 30 ms."""
        if self._drawing is not None:
            until = time.monotonic() + _STEP
            while self._drawing is not None and time.monotonic() < until:
                if next(self._drawing, True):
                    self._drawing = None
            return
        for work in self._in_order():
            if work.busy:
                self._advance(work)
                return

    def close(self) -> None:
        """Leave nothing half done behind."""
        for number in list(self._works):
            self._close(number)

    def _in_order(self) -> Iterator[_Work]:
        shown = self._works.get(self._shown) if self._shown is not None else None
        if shown is not None:
            yield shown
        yield from (work for work in self._works.values() if work is not shown)

    def _look_after(self, number: int) -> None:
        work = self._works.get(number)
        if work is not None and work.look_after():
            name = os.path.basename(work.header.path)
            self._send(
                Failed(
                    f"{name}: this file has changed since it was opened, so that what is drawn "
                    "may not be what is heard; start the session again"
                )
            )

    def _open(self, request: Open) -> None:
        self._close(request.number)
        try:
            work = _Work(request, self._cache, self._send)
        except AnnotateError as error:
            self._send(Unusable(request.number, reason(error)))
            return
        except Exception as error:  # a header that a library trips over
            self._send(Unusable(request.number, f"this sound cannot be read ({error!r})"))
            return
        self._works[request.number] = work
        if work.conversion is None:
            self._ready(work)

    def _advance(self, work: _Work) -> None:
        try:
            if work.conversion is not None:
                if not work.convert():
                    self._ready(work)
            else:
                work.measure()
                # Only now: the first picture is not to wait for a listener.
                self._listen_to(work)
        except AnnotateError as error:
            self._fail(work, reason(error))
        except Exception as error:  # data that a library trips over
            self._fail(work, f"this sound cannot be read ({error!r})")

    def _ready(self, work: _Work) -> None:
        try:
            work.ready()
        except AnnotateError as error:
            self._fail(work, reason(error))

    def _listen_to(self, work: _Work) -> None:
        if work.clip is not None and not work.heard:
            work.heard = True
            self._hearing.open(work.number, work.clip)

    def _fail(self, work: _Work, why: str) -> None:
        if work.clip is None:
            del self._works[work.number]
            self._send(Unusable(work.number, why))
            work.close()
        else:
            work.drop_peaks()
            self._listen_to(work)
            self._send(Failed(f"{os.path.basename(work.header.path)}: {why}"))

    def _close(self, number: int) -> None:
        if work := self._works.pop(number, None):
            work.close()
            self._hearing.close(number)

    def _draw(self, request: SpectrumOf) -> Iterator[bool]:
        """Draw a spectrogram, in steps; true at the last."""
        work = self._works.get(request.number)
        if work is None or work.spectra is None or work.clip is None:
            return
        start, columns, rows = work.clip.start, *_limited(request)
        drawn = work.spectra.drawing(start + request.start, start + request.end, columns, rows)
        while True:
            try:
                next(drawn)
            except StopIteration as done:
                cells = done.value
                break
            yield False
        self._send(
            Spectrum(
                request.number, request.ticket, request.start, request.end, columns, rows, cells
            )
        )
        yield True


class _Work:
    """What there is to do for one task.

    Raises:
        AnnotateError: If its sound cannot be used.
    """

    def __init__(self, request: Open, cache: Cache, send: Callable[[Message], None]) -> None:
        self.number = request.number
        self.focus = 0
        self.heard = False
        self.clip: Clip | None = None
        self.spectra: Spectra | None = None
        self.peaks: PeakWork | None = None
        self.conversion: Conversion | None = None
        self.header: Header = headers.examine(os.fsdecode(request.path))
        self._request = request
        self._cache = cache
        self._send = send
        self._sound: Sound | None = None
        self._told = self._seen = self._touched = -_TOUCH
        self._changed = False
        if not self.header.exact:
            self.conversion = Conversion(self.header, cache)

    @property
    def busy(self) -> bool:
        return self.conversion is not None or self.peaks is not None

    def convert(self) -> bool:
        """A step; whether there is more of it to do."""
        assert self.conversion is not None
        if self.conversion.step(_STEP):
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
            self.conversion = None
        self._sound = sound = Sound(decoded)
        start, end = _stretch(request, sound)
        if request.channel is not None and not 0 <= request.channel < sound.channels:
            raise AnnotateError(
                f"there is no channel {request.channel} in a sound of {sound.channels}"
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
        )
        self.focus = 0
        name = os.path.basename(header.path)
        self._send(Opened(self.number, self.clip, [f"{name}: {notice}" for notice in notices]))
        self.spectra = Spectra(sound, start, end, request.channel)
        self.peaks = PeakWork(sound, header.path, header.stamp, self._cache)
        self._tell_peaks(self.peaks, at_once=True)

    def measure(self) -> None:
        """A step of the peaks."""
        assert self.peaks is not None
        assert self.clip is not None
        peaks = self.peaks
        first = peaks.progress == 0
        more = peaks.step(self.clip.start + self.focus, _STEP)
        self._tell_peaks(peaks, at_once=first or not more)
        if not more:
            self.peaks = None
            if self._sound is not None and self._sound.broken:
                name = os.path.basename(self.header.path)
                self._send(
                    Failed(
                        f"{name}: {self._sound.broken:,} of its samples are not numbers, "
                        "and count as silence"
                    )
                )

    def look_after(self) -> bool:
        """Keep what is in use from being removed; whether the file was found to have changed."""
        now = time.monotonic()
        if self.clip is None or self._changed or now - self._seen < _LOOK:
            return False
        if now - self._touched > _TOUCH:
            self._touched = now
            for kind in (conversion.KIND, peakwork.KIND):
                self._cache.find(self.header.path, self.header.stamp, kind)
        self._seen = now
        try:
            self._changed = Stamp.of(self.header.path) != self.header.stamp
        except OSError:
            self._changed = True
        return self._changed

    def close(self) -> None:
        if self.conversion is not None:
            self.conversion.close()
        self.drop_peaks()
        if self._sound is not None:
            self._sound.close()

    def drop_peaks(self) -> None:
        """Give up peaks that are not whole."""
        if self.peaks is not None:
            self.peaks.close()
            self.peaks = None

    def _tell_peaks(self, peaks: PeakWork, *, at_once: bool) -> None:
        message = Peaks(self.number, os.fspath(peaks.path), peaks.progress)
        self._tell(message, at_once=at_once)

    def _tell(self, message: Message, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._told >= _BETWEEN:
            self._told = now
            self._send(message)


def _writable() -> tuple[Cache, list[str]]:
    """The cache, or a folder for what does not last where that cannot be written."""
    try:
        cache, notices = Cache(), []
    except AnnotateError as error:
        cache, notices = Cache(limit=DEFAULT_LIMIT), [str(error)]
    try:
        cache.check()
    except AnnotateError as error:
        return Cache(_temporary(), cache.limit), [*notices, str(error)]
    return cache, notices


def _temporary() -> Path:
    """A folder of this user's own that the next session finds again."""
    user = getattr(os, "getuid", int)()
    folder = Path(tempfile.gettempdir()) / f"tui-annotate-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if stat.S_ISDIR(status.st_mode) and status.st_uid == user:
        return folder
    return Path(tempfile.mkdtemp(prefix="tui-annotate-"))


def _limited(request: SpectrumOf) -> tuple[int, int]:
    return max(1, min(request.columns, 2000)), max(1, min(request.rows, 512))


def _stretch(request: Open, sound: Sound) -> tuple[int, int]:
    """The frames of the file that the task is about."""
    start = 0 if request.start is None else frames_of(request.start, sound.rate)
    end = sound.frames if request.end is None else frames_of(request.end, sound.rate)
    seconds = sound.frames / sound.rate
    if not 0 <= start < sound.frames:
        raise AnnotateError(
            f"its chunk begins at {request.start:g} s, and the sound ends at {seconds:.3f} s"
        )
    if start >= end:
        raise AnnotateError("its chunk ends before it begins")
    return start, min(end, sound.frames)


def reason(error: AnnotateError) -> str:
    """What is wrong and what to do, without the file and without a full stop."""
    return f"{error.what}; {error.do}" if error.do else error.what
