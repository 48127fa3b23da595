"""Subtitles: SubRip (SRT) and WebVTT.

A cue is a line with two times and an arrow, and the lines after it up to an empty
one: https://www.w3.org/TR/webvtt1/. A voice (``<v Anna>``) is a speaker; other tags
are left away.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from tui_annotate.formats.annotation import Annotation, Reading, TimedFormat, text_lines

_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>")
_TAG = re.compile(r"</?[A-Za-z0-9][^<>]*>")


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the cues.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    at = 0
    times: tuple[float, float] | None = None
    said: list[str] = []
    for line, text in text_lines(data + b"\n\n" if data[1:2] != b"\0" else data):
        cue = _CUE.match(text)
        if cue is None and text.strip():
            if times is not None:
                said.append(text)
            elif "-->" in text:
                reading.problems.append((line, "the times of a cue cannot be read"))
            continue
        if times is not None:
            # A cue without an empty line before it has its number at the end of the text.
            _take(reading, at, times, said[:-1] if cue and said and said[-1].isdecimal() else said)
        at, times, said = line, _times(cue) if cue else None, []
    if times is not None:
        _take(reading, at, times, said)
    return reading


def _times(cue: re.Match[str]) -> tuple[float, float]:
    groups = cue.groups(default="0")
    return _seconds(*groups[:4]), _seconds(*groups[4:])


def _seconds(hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole + int(thousandths.ljust(3, "0")) / 1000


def _take(reading: Reading, line: int, times: tuple[float, float], said: list[str]) -> None:
    text = " ".join(said).strip()
    voice = _VOICE.search(text)
    plain = html.unescape(_TAG.sub("", text)).strip()
    speaker = html.unescape(voice[1]).strip() if voice else ""
    reading.add(line, Annotation(*times, speaker=speaker or None, text=plain))


FORMATS = (TimedFormat("WebVTT", (".vtt",), read), TimedFormat("SubRip", (".srt",), read))
