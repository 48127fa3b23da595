"""Another number of frames per second, where a device does not take the file's."""

from __future__ import annotations

from math import gcd

import numpy as np

from tui_annotate.audio.player.blocks import Samples

_ZEROS = 16
"""Zero crossings of the sinc to both sides."""

_BETA = 8.0
"""Of the Kaiser window: about 80 dB of attenuation (Oppenheim and Schafer, eq. 7.75)."""

_MOST_PHASES = 1024


class Resampler:
    """A polyphase low-pass filter that remembers where it stands.

    Args:
        rate: Frames per second that come.
        wanted: Frames per second that are wanted.
        channels: How many channels.
    """

    def __init__(self, rate: int, wanted: int, channels: int) -> None:
        common = gcd(rate, wanted)
        self._up, self._down = wanted // common, rate // common
        if self._up > _MOST_PHASES:
            # Rates that have little in common: the nearest ratio that a table can hold.
            self._down = round(self._down * _MOST_PHASES / self._up)
            self._up = _MOST_PHASES
        self._phase = 0
        cut = min(1.0, self._up / self._down)
        half = int(np.ceil(_ZEROS / cut))
        places = np.arange(-half + 1, half + 1)[None, :] - np.arange(self._up)[:, None] / self._up
        window = np.i0(_BETA * np.sqrt(np.clip(1 - (places / half) ** 2, 0, 1))) / np.i0(_BETA)
        taps = cut * np.sinc(cut * places) * window
        self._taps = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
        self._left = np.zeros((half - 1, channels), np.float32)
        self.latency = half
        """Frames of the file that are still to come where one is heard."""

    def needs(self, count: int) -> int:
        """How many frames of the file so many of the device's take."""
        last = (self._phase + (count - 1) * self._down) // self._up
        return max(0, last + int(self._taps.shape[1]) - len(self._left))

    def process(self, samples: Samples, count: int) -> Samples:
        """So many frames of the device's, from as many as it `needs`."""
        known = np.concatenate([self._left, samples])
        places = self._phase + np.arange(count) * self._down
        at, phases = places // self._up, places % self._up
        windows = np.lib.stride_tricks.sliding_window_view(known, self._taps.shape[1], axis=0)
        made = np.einsum("nct,nt->nc", windows[at], self._taps[phases], optimize=False)
        then = self._phase + count * self._down
        self._left = known[then // self._up :]
        self._phase = then % self._up
        result: Samples = made.astype(np.float32)
        return result
