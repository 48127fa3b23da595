"""Sounds that only FFmpeg reads, through PyAV: M4A, WebM, the sound of a film.

PyAV's wheels bring an FFmpeg with parts under the GPL (x264, x265), so that it
is an extra of its own, `tui-annotate[media]`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from tui_annotate.audio.header import Header, Stamp, nature, unusable
from tui_annotate.errors import AnnotateError
from tui_annotate.wording import reason

_NAMES = {"mov,mp4,m4a,3gp,3g2,mj2": "MP4", "matroska,webm": "WebM"}
_FILMS = {*_NAMES, "avi", "flv", "asf", "mpegts"}
_WIDE = {"s32", "s32p", "s64", "s64p", "dbl", "dblp"}
INSTALL = "pip install 'tui-annotate[media]'"

_KNOWN = {
    b"\x1aE\xdf\xa3": "WebM or Matroska",
    b"\x30\x26\xb2\x75": "Windows Media",
    b"#!AMR": "AMR",
    b"\x0bw": "AC-3",
    b"\xff\xf1": "AAC",
    b"\xff\xf9": "AAC",
    b"FLV\x01": "Flash video",
}


def available() -> bool:
    """Whether PyAV is there."""
    from importlib.util import find_spec

    return find_spec("av") is not None


def examine(path: str, stamp: Stamp, head: bytes) -> Header:
    """Look at a file that libsndfile does not read.

    Raises:
        AnnotateError: If it is no sound, or PyAV is not there.
    """
    if not available():
        name = _name(head)
        if name is None:
            raise unusable(path, nature(head))
        raise unusable(path, f"{name} needs PyAV, which is not installed", do=INSTALL)
    try:
        import av

        with open(path, "rb") as file, _open(file) as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                film = container.format.name in _FILMS
                raise unusable(path, "no sound in this video" if film else nature(head))
            if stream.codec_context is None:
                raise unusable(path, "its samples are in a form that cannot be read")
            context = stream.codec_context
            seconds = (container.duration or 0) / av.time_base
            codec = context.codec.name.split("_")[0].upper()
            name = _NAMES.get(container.format.name, container.format.name.upper())
            return Header(
                path,
                stamp,
                int(context.sample_rate),
                int(context.layout.nb_channels),
                max(0, int(seconds * context.sample_rate)),
                name if codec in name else f"{name} {codec}",
                exact=False,
                short=context.format is None or context.format.name not in _WIDE,
                media=True,
            )
    except AnnotateError:
        raise
    except Exception as error:
        # PyAV's own errors say that it knows no such format. Whatever else it raises
        # (an installation that is broken, a version that changed) may be no crash here.
        if _is_ffmpeg_error(error):
            raise unusable(path, nature(head)) from None
        raise _failed(path, error) from error


def blocks(path: str, rate: int, channels: int) -> Iterator[Any]:
    """The samples, from first to last, as float32 arrays of (frames, channels).

    Ends early, without an error, where the file cannot be decoded further.

    Raises:
        AnnotateError: If the file cannot be read, or the channels change on the way.
    """
    try:
        yield from _decoded(path, rate, channels)
    except AnnotateError:
        raise
    except Exception as error:
        raise _failed(path, error) from error


def _decoded(path: str, rate: int, channels: int) -> Iterator[Any]:
    import av
    import numpy as np

    with open(path, "rb") as file, _open(file) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout=stream.codec_context.layout, rate=rate)
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                frames = [] if packet is None else packet.decode()
            except av.FFmpegError:
                frames, packet = [], None
            for frame in [*frames, *([None] if packet is None else [])]:
                for made in resampler.resample(frame):
                    array = made.to_ndarray().T
                    if array.shape[1] != channels:
                        raise unusable(path, "the number of channels changes on the way")
                    yield np.ascontiguousarray(array, dtype=np.float32)
            if packet is None:
                return


def _open(file: BinaryIO) -> Any:
    import av

    try:
        return av.open(file, "r", metadata_errors="replace")
    except TypeError:
        # PyAV 19 and newer take no such argument: they replace what is not UTF-8.
        return av.open(file, "r")


def _is_ffmpeg_error(error: Exception) -> bool:
    av = sys.modules.get("av")
    return av is not None and isinstance(error, getattr(av, "FFmpegError", ()))


def _failed(path: str, error: Exception) -> AnnotateError:
    if isinstance(error, OSError) and not _is_ffmpeg_error(error):
        return unusable(path, f"this recording cannot be read ({reason(error)})")
    return unusable(
        path,
        f"PyAV cannot read this recording ({type(error).__name__})",
        do="convert it to WAV or FLAC",
    )


def _name(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "M4A or MP4"
    return next((name for magic, name in _KNOWN.items() if head.startswith(magic)), None)
