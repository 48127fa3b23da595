"""Subtitles: SubRip (SRT) and WebVTT.

A cue is a line with two times and an arrow, and the lines after it:
https://www.w3.org/TR/webvtt1/. A voice (``<v Anna>``) is a speaker; other tags are
left away.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from itertools import pairwise, takewhile
from typing import Any

from tui_annotate.formats.annotation import Annotation, Reading, TimedFormat, text_lines
from tui_annotate.formats.cues import WIDTH, cues_of, fit_cues
from tui_annotate.formats.format import Format
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import Recording
from tui_annotate.formats.timed_writing import Encode, Fit, written_format
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

_TIME = r"(-?)(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s|$)")
_BROKEN_CUE = re.compile(r"\s*-?\d[\d:.,]*\S*\s*-->\s*-?\d")
"""What is meant to begin a cue, though its times cannot be read."""

_UNREADABLE = "the times of a cue cannot be read"
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>")
_TAG = re.compile(
    r"</?(?:b|i|u|s|font|ruby|rt|c|v|lang)(?:[\s.][^<>]*)?>|<(?:\d+:)?\d\d:\d\d\.\d{3}>"
    r"|\{\\[a-z][^{}]*\}",
    re.IGNORECASE,
)
"""The tags of WebVTT and SubRip, times within a cue, and orders of SubStation; whatever else
stands in brackets, such as <laughs>, is said."""


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the cues.

    A cue of WebVTT ends with an empty line. That of SubRip goes on to the number and the
    times of the next one, as players read it.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    lines = list(text_lines(data))
    to_empty_line = bool(lines) and lines[0][1].startswith("WEBVTT")
    found = ((at, text, _CUE.match(text)) for at, (_, text) in enumerate(lines))
    cues = [
        (at, cue)
        for at, text, cue in found
        if cue is not None or (not to_empty_line and _BROKEN_CUE.match(text))
    ]
    taken = {at for at, cue in cues if cue is not None}
    for (at, cue), (following, _) in pairwise([*cues, (len(lines), None)]):
        number, _ = lines[at]
        if cue is None:
            # What is said in it belongs to no other.
            reading.problems.append((number, _UNREADABLE))
            continue
        said = [row for _, row in lines[at + 1 : following]]
        if to_empty_line:
            said = list(takewhile(str.strip, said))
            taken.update(range(at + 1, at + 1 + len(said)))
        elif following < len(lines):
            said = _without_number(said)
        _take(reading, number, _times(cue), said)
    for at, (number, text) in enumerate(lines) if to_empty_line else ():
        if "-->" in text and at not in taken:
            reading.problems.append((number, _UNREADABLE))
    return reading


def _without_number(said: list[str]) -> list[str]:
    """What is said in a cue, without the number of the next one, which stands before its times."""
    while said and not said[-1].strip():
        said = said[:-1]
    return said[:-1] if said and said[-1].strip().isdecimal() else said


def _times(cue: re.Match[str]) -> tuple[float, float]:
    groups = cue.groups(default="0")
    return _seconds(*groups[:5]), _seconds(*groups[5:])


def _seconds(sign: str, hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    time = whole + int(thousandths.ljust(3, "0")) / 1000
    # Subtitles that were moved may begin before the recording does.
    return -time if sign == "-" else time


def _take(reading: Reading, line: int, times: tuple[float, float], said: list[str]) -> None:
    text = " ".join(row.strip() for row in said if row.strip())
    voice = _VOICE.search(text)
    plain = html.unescape(_TAG.sub("", text)).strip()
    speaker = html.unescape(voice[1]).strip() if voice else ""
    reading.add(line, Annotation(*times, speaker=speaker or None, text=plain))


def _vtt(recording: Recording, options: Mapping[str, Any]) -> tuple[bytes, list[Annotation]]:
    cues = cues_of(recording, options[WIDTH.name])
    pieces = ["WEBVTT\n\n"]
    for cue in cues:
        voice = f"<v {html.escape(cue.speaker, quote=False)}>" if cue.speaker else ""
        said = "\n".join(html.escape(line, quote=False) for line in cue.lines)
        pieces.append(f"{_clock(cue.start)} --> {_clock(cue.end)}\n{voice}{said}\n\n")
    entries = [
        Annotation(cue.start, cue.end, speaker=cue.speaker or None, text=" ".join(cue.lines))
        for cue in cues
    ]
    return "".join(pieces).encode(), entries


def _srt(recording: Recording, options: Mapping[str, Any]) -> tuple[bytes, list[Annotation]]:
    cues = cues_of(recording, options[WIDTH.name], named=True)
    pieces = [
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n"
        + "\n".join(cue.lines)
        + "\n\n"
        for number, cue in enumerate(cues, start=1)
    ]
    entries = [Annotation(cue.start, cue.end, text=" ".join(cue.lines)) for cue in cues]
    return "".join(pieces).encode(), entries


def _fit_srt(fields: Fields, losses: Losses) -> None:
    fit_cues(fields, losses)
    for region in fields.get("audio_spans") or ():
        for name in ("label", "speaker", "text"):
            value = region.get(name) or ""
            # SubRip has no escapes.
            plain = html.unescape(_TAG.sub("", value.replace("-->", "→"))).strip()
            if plain != value:
                losses.lose("texts that are read as markup", quoted(value))
                region[name] = plain


def _clock(seconds: float, point: str = ".") -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _format(name: str, title: str, suffix: str, encode: Encode, fit: Fit, notes: str) -> Format:
    return written_format(
        name,
        TimedFormat(title, (suffix,), read),
        encode,
        region=("speaker", "text", "words"),
        fit=fit,
        options=(WIDTH,),
        notes=notes,
    )


FORMATS = (
    _format("webvtt", "WebVTT", ".vtt", _vtt, fit_cues, "a voice for each speaker; milliseconds"),
    _format("srt", "SubRip", ".srt", _srt, _fit_srt, "speakers as Name: text; milliseconds"),
)
