"""Sound through miniaudio, which brings what it needs in its wheel."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Generator
from typing import Any

import numpy as np

from tui_annotate.audio.player.output import Fill, OutputError

_PERIOD = 20
"""Milliseconds of sound that are asked for at a time."""

_PERIODS = 3
"""How many of them are on their way to the loudspeaker."""

_SILENT = 2.0
"""Seconds without a call after which the device counts as gone."""


class MiniOutput:
    """The default output of miniaudio.

    Args:
        fill: What gives the frames.
        rate: Frames per second of the file; miniaudio turns them into the device's.

    Raises:
        OutputError: There is none.
    """

    name = "miniaudio"
    settling = 0.1

    def __init__(self, fill: Fill, rate: int) -> None:
        try:
            import miniaudio
        except ImportError:
            raise OutputError("the package miniaudio is not installed") from None
        self.rate = rate
        self.failed: str | None = None
        self.strained = False
        self._fill = fill
        self._count = 0
        self._called = time.monotonic()
        self._lock = threading.Lock()
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=2,
                sample_rate=rate,
                buffersize_msec=_PERIOD,
                callback_periods=_PERIODS,
                # All but the one that is none: it would be silence without a word.
                backends=[one for one in miniaudio.Backend if one.name not in {"NULL", "CUSTOM"}],
                app_name="tui-annotate",
            )
            frames = self._frames()
            next(frames)
            self._device.start(frames)
        except miniaudio.MiniaudioError:
            raise OutputError("miniaudio finds no output device") from None

    def heard(self) -> float:
        """How many frames have left the loudspeaker: what was asked for, less the buffer."""
        with self._lock:
            given, called = self._count, self._called
        since = time.monotonic() - called
        if since > _SILENT:
            self.failed = self.failed or "the sound device does not answer"
        waiting = _PERIOD * _PERIODS / 1000 * self.rate
        return min(float(given), max(0.0, given - waiting + since * self.rate))

    def close(self) -> None:
        """Give the device back."""
        # A device that was pulled out may never come back from this.
        threading.Thread(target=self._stop, name="miniaudio-close", daemon=True).start()

    def _stop(self) -> None:
        with contextlib.suppress(Exception):
            self._device.close()

    def _frames(self) -> Generator[Any, int, None]:
        count = yield b""
        while True:
            try:
                samples = np.ascontiguousarray(self._fill(count), np.float32)
            except Exception as error:
                self.failed = self.failed or f"audio output failed ({type(error).__name__})"
                samples = np.zeros((count, 2), np.float32)
            with self._lock:
                self._count += count
                self._called = time.monotonic()
            count = yield samples.tobytes()
