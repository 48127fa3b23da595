"""The work of the sound process, in steps so short that nothing waits long for another."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from tui_annotate.audio.analysis import AudioAnalysis
from tui_annotate.audio.cache import DEFAULT_LIMIT, Cache
from tui_annotate.audio.messages import (
    Close,
    Compare,
    Configure,
    Focus,
    Message,
    Named,
    Open,
    Regions,
    Request,
    Show,
    Spectrum,
    SpectrumOf,
    Unusable,
)
from tui_annotate.audio.sound_job import STEP, JobContext, SoundJob
from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Failed, Ready
from tui_annotate.suggest.messages import Switch


class SoundLoop:
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
        cache, notices = (cache, []) if cache is not None else _writable()
        cache.trim()
        self._shop = JobContext(cache, send)
        self._works: dict[int, SoundJob] = {}
        self._shown: int | None = None
        self._drawing: Iterator[bool] | None = None
        self._hearing = AudioAnalysis(configure.specs, send)
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
            case Named():
                self._hearing.named(request)
            case Compare():
                self._hearing.compare(request)
            case Switch(source=source, on=on):
                self._hearing.switch(source, on)
            case Configure():
                pass

    def step(self) -> None:
        """Do the most urgent thing there is to do, for some 30 ms."""
        if self._drawing is not None:
            until = time.monotonic() + STEP
            while self._drawing is not None and time.monotonic() < until:
                if next(self._drawing, True):
                    self._drawing = None
            return
        for work in self._in_order():
            if work.busy:
                self._advance(work)
                return

    def keep(self) -> None:
        """Keep what is open from being removed; to be called every few minutes."""
        for work in self._works.values():
            work.keep()

    def close(self) -> None:
        """Leave nothing half done behind."""
        for number in list(self._works):
            self._close(number)

    def _in_order(self) -> Iterator[SoundJob]:
        shown = self._works.get(self._shown) if self._shown is not None else None
        if shown is not None:
            yield shown
        yield from (work for work in self._works.values() if work is not shown)

    def _look_after(self, number: int) -> None:
        work = self._works.get(number)
        if work is not None and work.look_after():
            self._send(
                Failed(
                    f"{work.name}: this file has changed since it was opened, so that what is "
                    "drawn may not be what is heard; start the session again"
                )
            )

    def _open(self, request: Open) -> None:
        self._close(request.number)
        try:
            work = SoundJob(request, self._shop)
        except AnnotateError as error:
            self._send(Unusable(request.number, reason(error)))
            return
        except Exception as error:  # a header that a library trips over
            self._send(Unusable(request.number, _unread(error)))
            return
        self._works[request.number] = work
        if work.conversion is None:
            self._ready(work)

    def _advance(self, work: SoundJob) -> None:
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
            self._fail(work, _unread(error))

    def _ready(self, work: SoundJob) -> None:
        try:
            work.ready()
        except AnnotateError as error:
            self._fail(work, reason(error))
        except Exception as error:  # data that a library trips over
            self._fail(work, _unread(error))

    def _listen_to(self, work: SoundJob) -> None:
        if work.clip is not None and not work.heard:
            work.heard = True
            self._hearing.open(work.number, work.clip)

    def _fail(self, work: SoundJob, why: str) -> None:
        if work.clip is None:
            del self._works[work.number]
            self._send(Unusable(work.number, why))
            work.close()
        else:
            work.drop_peaks()
            self._listen_to(work)
            self._send(Failed(f"{work.name}: {why}"))

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


def _unread(error: Exception) -> str:
    """What to say where a library trips over a sound; the log has the rest."""
    traceback.print_exception(error)
    return f"this recording cannot be read ({type(error).__name__})"


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
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == user:
            return folder
    return Path(tempfile.mkdtemp(prefix="tui-annotate-"))


def _limited(request: SpectrumOf) -> tuple[int, int]:
    return max(1, min(request.columns, 2000)), max(1, min(request.rows, 512))


def reason(error: AnnotateError) -> str:
    """What is wrong and what to do, without the file and without a full stop."""
    return f"{error.what}; {error.do}" if error.do else error.what
