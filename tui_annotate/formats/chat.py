r"""CHAT, the transcripts of CHILDES and TalkBank.

``*DIA:<TAB>what is said ␕0_2500␕``: a turn, with its times in milliseconds between two
control characters (0x15); a line that begins with a tab goes on. ``@`` begins a header, ``%``
a dependent tier: https://talkbank.org/0info/manuals/CHAT.html.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tui_annotate.formats.annotation import (
    Annotation,
    BrokenFile,
    Reading,
    TimedFormat,
    text_lines,
)
from tui_annotate.formats.fitting_regions import count_label, fit_short
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import SPEECH, Recording
from tui_annotate.formats.timed_writing import written_format
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

_TIMES = re.compile(r"\x15_?(\d{1,10})_(\d{1,10})\x15")
_PARTICIPANT = re.compile(r"\s*([A-Z0-9_]{1,7})\s+(?:(\S+)\s+)?(\S+)\s*")
_UNSAID = re.compile(r"[\x00-\x1f\x7f]")
_ENDS = (".", "?", "!")
"""What ends an utterance in CHAT; one has to."""


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the turns that have times.

    Raises:
        BrokenFile: It is no CHAT.
    """
    reading = Reading()
    names: dict[str, str] = {}
    begun = False
    for number, line in _whole_lines(data):
        if line.startswith("@"):
            begun = begun or line.strip() == "@Begin"
            if line.startswith("@Participants:"):
                names = dict(_participants(line.partition(":")[2]))
        elif line.startswith("%"):
            reading.skipped["dependent tier"] += 1
        elif line.startswith("*"):
            code, _, said = line[1:].partition(":")
            times = _TIMES.search(said)
            if times is None:
                reading.problems.append((number, "a turn has no times"))
                continue
            text = " ".join(_TIMES.sub(" ", said).split())
            start, end = int(times[1]) / 1000, int(times[2]) / 1000
            speaker = names.get(code.strip(), code.strip())
            reading.add(number, Annotation(start, end, speaker=speaker or None, text=text))
        elif line.strip():
            reading.problems.append((number, "the line begins with none of @, * and %"))
    if not begun:
        raise BrokenFile("it does not say @Begin, as CHAT does", 1)
    return reading


def _whole_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Lines with those that go on with them."""
    whole: tuple[int, str] | None = None
    for number, line in text_lines(data):
        if line.startswith("\t") and whole is not None:
            whole = whole[0], f"{whole[1]} {line.strip()}"
            continue
        if whole is not None:
            yield whole
        whole = number, line
    if whole is not None:
        yield whole


def _participants(listed: str) -> Iterator[tuple[str, str]]:
    for entry in listed.split(","):
        if match := _PARTICIPANT.fullmatch(entry):
            yield match[1], (match[2] or match[1]).replace("_", " ")


def _fit(fields: Fields, losses: Losses) -> None:
    fit_short(fields, losses, 0.001)
    for region in fields.get("audio_spans") or ():
        count_label(region, losses)
        for name in ("speaker", "label", "text"):
            value = region.get(name) or ""
            wanted = _UNSAID.sub(" ", value)
            if name != "text":
                wanted = " ".join(wanted.replace("_", " ").replace(",", " ").split())
            if wanted != value:
                losses.lose(f"{name}s with characters that CHAT has no place for", quoted(value))
                region[name] = wanted


def _encode(recording: Recording, options: Mapping[str, Any]) -> tuple[bytes, Sequence[Annotation]]:
    codes = _codes(list(dict.fromkeys(one.who or SPEECH for one in recording.regions)))
    named = ", ".join(f"{code} {'_'.join(who.split())} Speaker" for who, code in codes.items())
    lines = ["@UTF8", "@Begin", "@Languages:\tund"]
    if codes:
        lines.append(f"@Participants:\t{named}")
        lines += [f"@ID:\tund|{recording.name}|{code}|||||Speaker|||" for code in codes.values()]
    lines.append(f"@Media:\t{recording.name}, audio")
    entries: list[Annotation] = []
    for region in recording.regions:
        start, end = round(region.start * 1000), round(region.end * 1000)
        # An utterance has to end in one of these; what is not said is 0.
        said = region.text or "0"
        said = said if said.endswith(_ENDS) else f"{said} ."
        who = region.who or SPEECH
        lines.append(f"*{codes[who]}:\t{said} \x15{start}_{end}\x15")
        entries.append(Annotation(start / 1000, end / 1000, speaker=who, text=said))
    return ("\n".join([*lines, "@End"]) + "\n").encode(), entries


def _codes(names: Sequence[str]) -> dict[str, str]:
    """Codes of three capitals or digits, as CHAT wants them, each for one name."""
    codes: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
        code = "".join(filter(str.isalnum, plain))[:3].ljust(3, "X")
        number = 0
        while code in codes.values():
            number += 1
            code = f"{code[:2]}{number}" if number < 10 else f"S{number:02}"
        codes[name] = code
    return codes


FORMATS = (
    written_format(
        "chat",
        TimedFormat("CHAT", (".cha",), read),
        _encode,
        region=("speaker", "text"),
        fit=_fit,
        notes="CHILDES and TalkBank; times in milliseconds",
    ),
)
