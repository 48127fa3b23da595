"""EAF, ELAN's own format: XML with tiers and a table of times.

https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf. The tiers that
stand on their own are read, those that only take others apart are not, unless they
are asked for by name. A time that has no value lies between those of its tier that
have one, evenly, as ELAN shows it; so do parts of an annotation without times.
"""

from __future__ import annotations

import mimetypes
import re
import time
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote, unquote
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import msgspec

from tui_annotate.formats.annotation import (
    Annotation,
    BrokenFile,
    Reading,
    TimedFormat,
    missing_tiers,
)
from tui_annotate.formats.fitting_regions import fit_short
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import Recording
from tui_annotate.formats.tiers import LABELS, fit_tiers, tiers_of
from tui_annotate.formats.timed_writing import written_format
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

DEEPEST = 100


class _Entry(msgspec.Struct):
    """An annotation as it stands in a tier: between two slots, or below another."""

    line: int
    slots: tuple[str, str] | None = None
    parent: str | None = None
    text: str = ""


class _Tier(msgspec.Struct):
    name: str
    speaker: str
    parent: str | None
    entries: dict[str, _Entry] = msgspec.field(default_factory=dict)


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read annotations tier by tier, also those that have no text yet.

    Args:
        data: The file.
        tiers: The tiers to read; those that stand on their own, if none is named.

    Raises:
        BrokenFile: It is no EAF, or declares what no EAF has.
    """
    document = _Document()
    document.parse(data)
    reading = Reading(origins=document.origins)
    names = [tier.name for tier in document.tiers]
    if notice := missing_tiers(tiers, names):
        reading.notices.append(notice)
    below = []
    for tier in document.tiers:
        if tier.name in tiers if tiers else tier.parent is None:
            document.write(tier, reading)
        elif not tiers and tier.entries:
            below.append(f"{tier.name} ({len(tier.entries)})")
    if below:
        what = "tiers that depend on others were" if len(below) > 1 else "a dependent tier was"
        reading.notices.append(f"{what} not read: {', '.join(below)}; --tiers reads them")
    return reading


def _seconds(milliseconds: str, line: int) -> float:
    try:
        return int(milliseconds) / 1000
    except (OverflowError, ValueError):
        raise BrokenFile("a time is not a whole number", line) from None


class _Document:
    def __init__(self) -> None:
        self.tiers: list[_Tier] = []
        self.origins: dict[str, float] = {}
        self._order: dict[str, int] = {}
        self._values: dict[str, float] = {}
        self._entry: _Entry | None = None
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._known = False

    def parse(self, data: bytes) -> None:
        parser = self._parser
        parser.buffer_text = True
        # An EAF has no DTD: without one there are no entities to grow without end, or to
        # lead to other files.
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            what = expat.errors.messages[error.code]
            raise BrokenFile(f"broken XML: {what}", error.lineno) from None
        except (LookupError, ValueError):
            raise BrokenFile("it is in an encoding that cannot be read", 1) from None
        if not self._known:
            raise BrokenFile("it is XML, but not EAF", 1)

    def _refuse(self, *_: object) -> None:
        raise BrokenFile("it has a document type, which no EAF has", self._parser.CurrentLineNumber)

    def _start(self, name: str, given: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        match name:
            case "ANNOTATION_DOCUMENT":
                self._known = True
            case "HEADER":
                unit = given.get("TIME_UNITS", "milliseconds")
                if unit != "milliseconds":
                    raise BrokenFile(f"its times are {unit[:40]}, not milliseconds", line)
            case "MEDIA_DESCRIPTOR":
                self._media(given, line)
            case "TIME_SLOT":
                slot = given.get("TIME_SLOT_ID", "")
                self._order[slot] = len(self._order)
                if "TIME_VALUE" in given:
                    self._values[slot] = _seconds(given["TIME_VALUE"], line)
            case "TIER":
                tier = given.get("TIER_ID", "")
                speaker = given.get("PARTICIPANT", "").strip() or tier
                self.tiers.append(_Tier(tier, speaker, given.get("PARENT_REF")))
            case "ALIGNABLE_ANNOTATION" | "REF_ANNOTATION" if self.tiers:
                self._entry = _Entry(line, parent=given.get("ANNOTATION_REF"))
                if name == "ALIGNABLE_ANNOTATION":
                    slots = given.get("TIME_SLOT_REF1", ""), given.get("TIME_SLOT_REF2", "")
                    self._entry.slots = slots
                self.tiers[-1].entries[given.get("ANNOTATION_ID", str(line))] = self._entry
            case "ANNOTATION_VALUE":
                self._text = []

    def _media(self, given: dict[str, str], line: int) -> None:
        """Note where the annotations' time begins in a media file: at its TIME_ORIGIN."""
        if "TIME_ORIGIN" in given:
            url = given.get("RELATIVE_MEDIA_URL") or given.get("MEDIA_URL", "")
            stem = unquote(url).replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
            self.origins[stem] = _seconds(given["TIME_ORIGIN"], line)

    def _end(self, name: str) -> None:
        if name == "ANNOTATION_VALUE" and self._text is not None:
            if self._entry is not None:
                self._entry.text = "".join(self._text).strip()
            self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def write(self, tier: _Tier, reading: Reading) -> None:
        times = self._times(tier)
        for name, entry in tier.entries.items():
            if name not in times:
                reading.problems.append((entry.line, "an annotation has no times"))
                continue
            start, end = times[name]
            reading.add(
                entry.line,
                Annotation(start, end, speaker=tier.speaker or None, text=entry.text),
            )

    def _times(self, tier: _Tier, depth: int = 0) -> dict[str, tuple[float, float]]:
        """The start and end of each annotation of a tier for which they can be told."""
        found: dict[str, tuple[float, float]] = {}
        values = self._values | self._between(tier)
        below: dict[str, list[str]] = {}
        for name, entry in tier.entries.items():
            if entry.slots is not None and all(slot in values for slot in entry.slots):
                found[name] = (values[entry.slots[0]], values[entry.slots[1]])
            elif entry.parent is not None:
                below.setdefault(entry.parent, []).append(name)
        above = next((one for one in self.tiers if one.name == tier.parent), None)
        if below and above is not None and above is not tier and depth < DEEPEST:
            whole = self._times(above, depth + 1)
            for parent, names in below.items():
                if parent in whole:
                    start, end = whole[parent]
                    width = (end - start) / len(names)
                    for place, name in enumerate(names):
                        at = start + place * width
                        last = place == len(names) - 1
                        found[name] = (round(at, 6), end if last else round(at + width, 6))
        return found

    def _between(self, tier: _Tier) -> dict[str, float]:
        """Times for the slots of a tier that have none."""
        used = {slot for entry in tier.entries.values() for slot in entry.slots or ()}
        slots = sorted((slot for slot in used if slot in self._order), key=self._order.__getitem__)
        found: dict[str, float] = {}
        before: tuple[int, float] | None = None
        for place, slot in enumerate(slots):
            if slot not in self._values:
                continue
            now = self._values[slot]
            if before is not None and place - before[0] > 1:
                step = (now - before[1]) / (place - before[0])
                for number in range(1, place - before[0]):
                    found[slots[before[0] + number]] = round(before[1] + number * step, 6)
            before = (place, now)
        return found


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE={date} FORMAT="3.0" VERSION="3.0" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
<MEDIA_DESCRIPTOR MEDIA_URL={url} MIME_TYPE={mime}{relative}/>
<PROPERTY NAME="lastUsedAnnotationId">{last}</PROPERTY>
</HEADER>
"""

_TAIL = """\
<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
<CONSTRAINT DESCRIPTION="Time subdivision of parent annotation's time interval, no time gaps \
allowed within this interval" STEREOTYPE="Time_Subdivision"/>
<CONSTRAINT DESCRIPTION="Symbolic subdivision of a parent annotation. Annotations refering to the \
same parent are ordered" STEREOTYPE="Symbolic_Subdivision"/>
<CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" \
STEREOTYPE="Symbolic_Association"/>
<CONSTRAINT DESCRIPTION="Time alignable annotations within the parent annotation's time interval, \
gaps are allowed" STEREOTYPE="Included_In"/>
</ANNOTATION_DOCUMENT>
"""
"""The four constraints that ELAN writes into every file, in its words."""


def _fit(fields: Fields, losses: Losses) -> None:
    fit_short(fields, losses, 0.001)
    fit_tiers(fields, losses, empty=True)
    for region in fields.get("audio_spans") or ():
        for name in ("label", "speaker", "text"):
            value = region.get(name)
            if isinstance(value, str) and _FORBIDDEN.search(value):
                losses.lose("characters that XML forbids", quoted(value))
                region[name] = _FORBIDDEN.sub("\ufffd", value)


def _encode(
    recording: Recording, options: Mapping[str, object]
) -> tuple[bytes, Sequence[Annotation]]:
    """Write a recording; times are whole milliseconds."""
    slots: list[tuple[int, str]] = []
    parts: list[str] = []
    entries: list[Annotation] = []
    count = 0
    for tier in tiers_of(recording):
        who = "" if tier.who == LABELS else f" PARTICIPANT={quoteattr(tier.who)}"
        name = quoteattr(tier.name)
        parts.append(f'<TIER{who} LINGUISTIC_TYPE_REF="default-lt" TIER_ID={name}>\n')
        for start, end, text in tier.entries:
            count += 1
            first, last = f"ts{2 * count - 1}", f"ts{2 * count}"
            slots += [(round(start * 1000), first), (round(end * 1000), last)]
            parts.append(
                f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{count}" '
                f'TIME_SLOT_REF1="{first}" TIME_SLOT_REF2="{last}">'
                f"<ANNOTATION_VALUE>{escape(text)}</ANNOTATION_VALUE>"
                "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
            )
            entries.append(
                Annotation(
                    round(start * 1000) / 1000,
                    round(end * 1000) / 1000,
                    speaker=tier.name if tier.who == LABELS else tier.who,
                    text=text,
                )
            )
        parts.append("</TIER>\n")
    # ELAN wants the slots in the order of their times.
    times = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="{name}" TIME_VALUE="{at}"/>\n'
        for at, name in sorted(slots, key=lambda slot: slot[0])
    )
    order = f"<TIME_ORDER>\n{times}</TIME_ORDER>\n"
    return "".join([_head(recording, count), order, *parts, _TAIL]).encode(), entries


def _head(recording: Recording, last: int) -> str:
    audio = recording.audio
    kind = mimetypes.guess_type(audio)[0] or "audio/x-wav"
    relative = ""
    if audio.startswith("file:"):
        url = audio
    elif audio.startswith("/"):
        url = "file://" + quote(audio)
    else:
        url = "./" + quote(audio)
        relative = f" RELATIVE_MEDIA_URL={quoteattr(url)}"
    date = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    return _HEAD.format(
        date=quoteattr(date),
        url=quoteattr(url),
        mime=quoteattr(kind),
        relative=relative,
        last=last,
    )


FORMATS = (
    written_format(
        "eaf",
        TimedFormat("EAF", (".eaf",), read, tiers=True),
        _encode,
        region=("speaker", "text"),
        fit=_fit,
        notes="ELAN; a tier for each speaker, times in milliseconds",
    ),
)
