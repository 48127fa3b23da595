"""A log of exactly what was played, for tests: a line of JSON for each stretch."""

from __future__ import annotations

import threading
import zlib
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate.audio.player.engine import Segment
from tui_annotate.audio.player.messages import Play


class Witness:
    """Takes down what was asked for and what was played.

    A line ``{"asked": [start, end], "loop": …}`` for each command, and a line
    ``{"heard": [start, end], "speed": …, "frames": …, "crc": …}`` for each run of
    frames that follow each other. ``frames`` counts those of the output. ``crc`` is
    the CRC-32 of what was played at speed 1, as little-endian float32, before the
    volume; nothing at other speeds.

    Args:
        path: The file; lines are appended.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._run: dict[str, Any] | None = None
        self._ticket = 0

    def asked(self, play: Play) -> None:
        """A stretch is asked for."""
        with self._lock:
            self._finish()
            self._write({"asked": [play.start, play.end], "first": play.first, "loop": play.loop})

    def played(self, segment: Segment) -> None:
        """A segment was given to the output."""
        with self._lock:
            if segment.kind == "rest":
                self._finish()
            if segment.kind != "sound":
                return
            run = self._run
            follows = run is not None and run["heard"][1] == segment.start
            if run is None or not follows or run["speed"] != segment.speed:
                self._finish()
                run = self._run = {
                    "heard": [segment.start, segment.end],
                    "speed": segment.speed,
                    "frames": 0,
                    "crc": 0,
                }
            run["heard"][1] = segment.end
            run["frames"] += segment.count
            run["crc"] = zlib.crc32(segment.samples.astype("<f4").tobytes(), run["crc"])

    def close(self) -> None:
        """Write what is not written yet."""
        with self._lock:
            self._finish()

    def _finish(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            if run["speed"] != 1:
                run["crc"] = None
            self._write(run)

    def _write(self, line: dict[str, Any]) -> None:
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
