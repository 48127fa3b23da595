"""A copy, in the cache, of a sound that cannot be sought exactly.

libsndfile's seeking in MP3 and Vorbis is wrong in up to a third of the places of
real files; in FLAC it is exact and takes 0.1 ms. (In Opus it is exact and takes
10 ms, and there decoding is slow, so that Opus is read as it is.) Lossy sounds
become 16 bit.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_annotate.audio import media
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.header import Header, Stamp, unusable
from tui_annotate.audio.libsndfile import opened
from tui_annotate.audio.parts import Part
from tui_annotate.errors import AnnotateError

if TYPE_CHECKING:
    from typing_extensions import Buffer

KIND = "flac"

_BLOCK = 1 << 16
_MOST_VALUES = 1 << 20
_FINE = 256
_FLAC_CHANNELS = 8
_FLAC_RATE = 655_350


class Conversion:
    """Makes the copy, a step at a time.

    Args:
        header: The sound, which is not exact.
        cache: Where the copy goes.

    Attributes:
        path: The copy, once it is `done`.
        done: Whether it is whole.
        warnings: What was found on the way, one sentence each.
    """

    def __init__(self, header: Header, cache: Cache) -> None:
        self.header = header
        self.path = cache.path(header.path, header.stamp, KIND)
        self.warnings: list[str] = []
        self._cache = cache
        self._failure: AnnotateError | None = None
        self._written = 0
        self._part: Path | None = None
        self._steps = self._work()
        self.done = cache.find(header.path, header.stamp, KIND) is not None

    @property
    def progress(self) -> float:
        """From 0 to 1, as far as the header's length can be believed."""
        if self.done:
            return 1.0
        return min(0.99, self._written / self.header.frames) if self.header.frames else 0.0

    def step(self, seconds: float = 0.04) -> bool:
        """Work for about that long; whether there is more to do.

        Raises:
            AnnotateError: If there is nothing to decode, or nowhere to put it.
        """
        if self._failure is not None:
            raise self._failure
        try:
            self._advance(time.monotonic() + seconds)
        except AnnotateError as error:
            self._failure = error
            raise
        return not self.done

    def _advance(self, until: float) -> None:
        with _quiet() if self.header.format == "MP3" else contextlib.nullcontext():
            while not self.done and time.monotonic() < until:
                if next(self._steps, None) is None:
                    self.done = True

    def close(self) -> None:
        """Give up what is not whole."""
        self._steps.close()
        if self._part is not None:
            with contextlib.suppress(OSError):
                self._part.unlink()

    def _work(self) -> Generator[int, None, None]:
        import soundfile

        header = self.header
        flac = header.channels <= _FLAC_CHANNELS and header.rate <= _FLAC_RATE
        self._part = self._cache.begin(self.path)
        try:
            with _Written(self._part, "wb", opener=_private) as file:
                try:
                    with soundfile.SoundFile(
                        file,
                        "w",
                        header.rate,
                        header.channels,
                        "PCM_16" if header.short else "PCM_24",
                        format="FLAC" if flac else "RF64",
                    ) as copy:
                        for block in self._blocks():
                            copy.write(block)
                            self._written += len(block)
                            yield self._written
                except (AssertionError, soundfile.SoundFileError):
                    if file.failure is None:
                        raise
                if file.failure is not None:
                    raise file.failure
        except OSError as error:
            raise self._cache.unwritable(error) from None
        except soundfile.SoundFileError as error:
            raise unusable(header.path, "this recording cannot be copied into the cache") from error
        if self._written == 0:
            raise unusable(header.path, "no sound in this file that can be decoded")
        if Stamp.of(header.path) != header.stamp:
            raise unusable(header.path, "this file changed while it was read")
        self._compare()
        self._cache.finish(self._part, self.path)
        self._part = None

    def _compare(self) -> None:
        claimed, there = self.header.frames, self._written
        allowed = max(self.header.rate, 0.01 * claimed) if self.header.lossy else 0
        said, seconds = (f"{frames / self.header.rate:,.1f} s" for frames in (claimed, there))
        if claimed - there > allowed:
            warning = f"it is cut off: its header claims {said}, and {seconds} are there"
        elif claimed and there - claimed > allowed:
            warning = f"its header says {said}, and {seconds} are there: all of it is used"
        else:
            return
        self.warnings.append(warning)

    def _blocks(self) -> Iterator[Any]:
        header = self.header
        if header.media:
            yield from media.blocks(header.path, header.rate, header.channels)
        else:
            for part in header.parts or (None,):
                yield from _sndfile_blocks(header.path, header.channels, part)


class _Written(io.FileIO):
    """A file that keeps why it takes no more: soundfile loses that on its way through C."""

    failure: OSError | None = None

    def write(self, data: Buffer) -> int:
        """Write all of it, or as much as can be had."""
        view = memoryview(data)
        done = 0
        try:
            while done < len(view):
                done += super().write(view[done:]) or 0
        except OSError as error:
            self.failure = self.failure or error
        return done


def _sndfile_blocks(path: str, channels: int, part: Part | None) -> Iterator[Any]:
    import soundfile

    length = max(1, min(_BLOCK, _MOST_VALUES // channels))
    wanted = sys.maxsize if part is None or part.frames is None else part.frames
    place = 0
    with opened(path, part) as sound:
        try:
            while len(block := _read(sound, min(length, wanted - place))):
                yield block
                place += len(block)
            return
        except soundfile.SoundFileError:
            pass
    # It breaks somewhere in that block: as much of it as can be had.
    with opened(path, part) as sound, contextlib.suppress(soundfile.SoundFileError):
        if part is None or part.frames is None:
            sound.seek(place)
        else:
            # Its length is not what it seems, so that it cannot be sought.
            passed = 0
            while passed < place and (many := len(_read(sound, min(length, place - passed)))):
                passed += many
        while len(block := _read(sound, min(_FINE, wanted - place))):
            yield block
            place += len(block)


def _read(sound: Any, frames: int) -> Any:
    return sound.read(frames, dtype="float32", always_2d=True)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libmpg123 prints of every odd frame out of the log."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
