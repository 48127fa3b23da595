"""Sound through PortAudio, which the system must have: the import fails without it."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from ctypes.util import find_library
from typing import Any

from tui_annotate.audio.player.output import Fill, OutputError

_LATENCIES = [0.05, 0.1, 0.2, 0.4]
"""Seconds between a frame and its sound that are asked for, the next where the last
were too few: a key acts at once, and a machine that is busy does not break the sound."""

_GAPS = 3
"""Calls one after the other that came too late, after which they were too few."""

_SILENT = 2.0
"""Seconds without a call after which the device counts as gone."""


def missing() -> str:
    """What to install, without a full stop."""
    if sys.platform == "darwin":
        return "the PortAudio library is missing (brew install portaudio)"
    return "the PortAudio library is missing (Debian, Ubuntu: apt install libportaudio2)"


def load() -> Any:
    """The module.

    Raises:
        OutputError: It is not there, or PortAudio is not.
    """
    try:
        import sounddevice
    except ImportError:
        raise OutputError("the package sounddevice is not installed") from None
    except OSError:
        there = find_library("portaudio") is not None
        raise OutputError("PortAudio does not start" if there else missing()) from None
    return sounddevice


class PortAudioOutput:
    """The default output of PortAudio.

    Args:
        fill: What gives the frames.
        rate: Frames per second of the file.

    Raises:
        OutputError: There is none.
    """

    name = "PortAudio"
    settling = 0.1
    _latencies = _LATENCIES
    _closing: threading.Thread | None = None
    """Gives the last device back; PortAudio must not be started anew meanwhile."""

    def __init__(self, fill: Fill, rate: int) -> None:
        self._library = load()
        self.failed: str | None = None
        self.strained = False
        self._gaps = 0
        self._fill = fill
        self._count = 0
        self._lock = threading.Lock()
        self._mark = (0, 0.0)
        """How many frames had been given, and when the first one after them is heard."""
        self._called = time.monotonic()
        self._closed = False
        try:
            self._look_again()
            device = self._library.query_devices(kind="output")
        except Exception:
            raise OutputError("there is no output device") from None
        try:
            self.rate = self._rate(rate, int(device["default_samplerate"]))
            self._stream = self._library.OutputStream(
                samplerate=self.rate,
                channels=2,
                dtype="float32",
                latency=self._latencies[0],
                callback=self._call,
                finished_callback=self._finished,
            )
            self._stream.start()
        except Exception as error:
            failed = f"PortAudio cannot open the output device ({type(error).__name__})"
            raise OutputError(failed) from None

    def heard(self) -> float:
        """How many frames have left the loudspeaker, by the device's clock."""
        with self._lock:
            count, when = self._mark
            given = self._count
        if not self._closed and time.monotonic() - self._called > _SILENT:
            self.failed = self.failed or "the sound device does not answer"
        try:
            now = float(self._stream.time)
        except Exception:
            return given
        return min(float(given), max(0.0, count + (now - when) * self.rate))

    def close(self) -> None:
        """Give the device back."""
        self._closed = True
        # A device that was pulled out may never come back from this.
        thread = threading.Thread(target=self._abort, name="portaudio-close", daemon=True)
        PortAudioOutput._closing = thread
        thread.start()

    def _look_again(self) -> None:
        """See devices that came or went since PortAudio looked."""
        if self._closing is not None:
            self._closing.join(_SILENT)
            if self._closing.is_alive():
                return
        # Private, and the only way: without them the devices stay those of the start.
        stop, start = (getattr(self._library, f"_{do}", None) for do in ("terminate", "initialize"))
        if stop is not None and start is not None:
            stop()
            start()

    def _abort(self) -> None:
        with contextlib.suppress(Exception):
            self._stream.abort()
            self._stream.close()

    def _rate(self, rate: int, native: int) -> int:
        try:
            self._library.check_output_settings(channels=2, dtype="float32", samplerate=rate)
        except Exception:
            return native
        return rate

    def _call(self, out: Any, frames: int, times: Any, status: Any) -> None:
        self._gaps = self._gaps + 1 if status.output_underflow else 0
        if self._gaps >= _GAPS and len(self._latencies) > 1 and not self.strained:
            # What is given now would not be heard: it is kept for a device with more time.
            PortAudioOutput._latencies = self._latencies[1:]
            self.strained = True
            self.failed = "it comes too late"
        try:
            out[:] = 0 if self.strained else self._fill(frames)
        except Exception as error:
            self.failed = self.failed or f"audio output failed ({type(error).__name__})"
            out[:] = 0
        when = times.outputBufferDacTime
        if not when > 0:
            # Some hosts do not say when; the stream's latency is what there is.
            when = self._stream.time + self._stream.latency
        with self._lock:
            self._mark = (self._count, when)
            self._count += frames
            self._called = time.monotonic()

    def _finished(self) -> None:
        if not self._closed:
            self.failed = self.failed or "the sound device was disconnected"
