"""Timed annotations of every format, whole and broken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.formats import audacity, ctm, eaf, htk, rttm, stm, subtitles, textgrid
from tui_annotate.formats.annotation import Annotation, BrokenFile, Reading
from tui_annotate.formats.regions import regions
from tui_annotate.formats.timed import BY_SUFFIX, read_file
from tui_annotate.task.incoming_regions import WantedRegions

times = st.integers(0, 10_000_000).map(lambda ms: ms / 1000)
spans = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])
words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text == text.strip() and len(text.splitlines()) == 1
)


# ── TextGrid ───────────────────────────────────────────────────────────────


def text_grid(tiers: dict[str, list[tuple[float, float, str]]], *, long: bool) -> str:
    """A TextGrid as Praat writes it; of intervals that need not lie end to end."""

    def line(key: str, value: object) -> str:
        said = '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)
        return f"{key} = {said} " if long else said

    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', ""]
    lines += [line("xmin", 0), line("xmax", 10_000), "tiers? <exists> " if long else "<exists>"]
    lines += [line("size", len(tiers)), *(["item []: "] if long else [])]
    for number, (name, intervals) in enumerate(tiers.items(), start=1):
        lines += [f"    item [{number}]:"] if long else []
        lines += [line("class", "IntervalTier"), line("name", name), line("xmin", 0)]
        lines += [line("xmax", 10_000)]
        lines += [line("intervals: size", len(intervals))]
        for at, (start, end, text) in enumerate(intervals, start=1):
            lines += [f"        intervals [{at}]:"] if long else []
            lines += [line("xmin", start), line("xmax", end), line("text", text)]
    return "\n".join(lines) + "\n"


tiers_of_texts = st.dictionaries(
    texts, st.lists(st.builds(lambda span, text: (*span, text), spans, texts)), max_size=4
)


@given(tiers_of_texts, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_textgrid_reads_back(
    tiers: dict[str, list[tuple[float, float, str]]], long: bool, encoding: str
) -> None:
    reading = textgrid.read(text_grid(tiers, long=long).encode(encoding))
    assert reading.found == [
        Annotation(start, end, speaker=name, text=text)
        for name, intervals in tiers.items()
        for start, end, text in intervals
    ]
    assert not reading.problems


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        (b"", "does not begin as a TextGrid", 1),
        (b'"ooTextFile"\n"PitchTier"', "not a TextGrid", 2),
        (
            b'"ooTextFile"\n"TextGrid"\n0 1\n<exists>\n1\n"IntervalTier"\n"a"\n0 1 2\n0 1 "x"\n',
            "middle",
            9,
        ),
        (
            b'"ooTextFile"\n"TextGrid"\n0 1 <exists> 999999999 "IntervalTier" "a" 0 1 0\n',
            "middle",
            3,
        ),
        (b'"ooTextFile"\n"TextGrid"\n0 1\n<exists>\n-1\n', "-1 is not a number of tiers", 5),
        (b'"ooTextFile"\n"TextGrid"\n0 1\n<exists>\n1\n"Tier"\n"a"\n0 1 0\n', "'Tier'", 7),
        (b'"ooTextFile"\n"TextGrid"\n0 1 <exists> 1 "IntervalTier"\n"a', "never closed", 4),
        (b'"ooTextFile"\n"TextGrid"\n0 "x"\n', "a number is missing", 3),
        (b'"ooTextFile"\n"TextGr\xff', "not UTF-8: byte 0xff", 2),
        (b"\xff\xfe\x00", "broken UTF-16", None),
    ],
)
def test_a_broken_textgrid_is_named_with_its_line(data: bytes, said: str, line: int | None) -> None:
    with pytest.raises(BrokenFile) as error:
        textgrid.read(data)
    assert said in str(error.value)
    assert error.value.line == line


def test_intervals_that_make_no_sense_are_left_out_and_named() -> None:
    grid = text_grid({"a": [(2, 1, "x"), (3, 4, "y"), (5, 5, "z"), (-0.0, 1, "w")]}, long=False)
    reading = textgrid.read(grid.encode())
    assert [(one.start, one.text) for one in reading.found] == [(3, "y"), (0, "w")]
    [(line, said)] = reading.problems
    assert said == "2 to 1 s is reversed"
    assert grid.splitlines()[line - 1] == '"x"'
    assert reading.points == 1


def test_a_textgrid_may_begin_a_moment_before_the_sound() -> None:
    grid = text_grid({"a": [(-1e-7, 1, "x"), (-9e-7, 2, "y"), (-0.5, 3, "z")]}, long=True)
    reading = textgrid.read(grid.encode())
    assert [(one.start, one.end) for one in reading.found] == [(0.0, 1), (0.0, 2), (-0.5, 3)]


def test_intervals_without_text_that_were_parted_are_to_be_labelled() -> None:
    gap = [(0.0, 1.0, ""), (1.0, 2.0, "x"), (2.0, 3.0, " "), (3.0, 4.0, "y"), (4.0, 5.0, "")]
    parted = [(0.0, 1.0, "x"), (1.0, 2.0, ""), (2.0, 3.0, ""), (3.0, 4.0, "y"), (4.0, 5.0, "")]
    grid = text_grid({"gap": gap, "parted": parted, "empty": [(0.0, 5.0, "")]}, long=True)
    reading = textgrid.read(grid.encode())
    assert [(one.speaker, one.start, one.text) for one in reading.found] == [
        ("gap", 1, "x"),
        ("gap", 3, "y"),
        ("parted", 0, "x"),
        ("parted", 1, ""),
        ("parted", 2, ""),
        ("parted", 3, "y"),
    ]


def test_the_tiers_of_a_textgrid_can_be_named() -> None:
    grid = text_grid({"a": [(0, 1, "x")], "b": [(1, 2, "y")], "c": [(2, 3, "z")]}, long=False)
    found = textgrid.read(grid.encode(), ["a", "c", "d"]).found
    assert [one.text for one in found] == ["x", "z"]


# ── formats of a line each ─────────────────────────────────────────────────

named = st.lists(st.tuples(spans, words, words), max_size=8)


@given(named)
def test_rttm_stm_and_audacity_read_back(turns: list[tuple[tuple[float, float], str, str]]) -> None:
    lines = [
        (f"SPEAKER f 1 {s:.3f} {e - s:.3f} <NA> <NA> {who} <NA> <NA>", f"f 1 {who} {s} {e} {said}",
         f"{s}\t{e}\t{said}")
        for (s, e), who, said in turns
    ]  # fmt: skip
    for place, read in enumerate((rttm.read, stm.read, audacity.read)):
        reading = read("\r\n".join(line[place] for line in lines).encode())
        assert [(one.start, one.end) for one in reading.found] == [span for span, _, _ in turns]
        assert not reading.problems
        what = [(one.speaker, one.text, one.label) for one in reading.found]
        assert what == [
            ((who, None, None), (who, said, None), (None, None, said))[place]
            for _, who, said in turns
        ]


def test_rttm_tells_speakers_from_other_sounds() -> None:
    data = b""";; made by hand
SPKR-INFO f 1 <NA> <NA> <NA> unknown anna <NA>
SPEAKER f 1 0.5 1 <NA> <NA> anna <NA> <NA>
NON-SPEECH f 2 3 0.25 <NA> music <NA> <NA>
LEXEME f 1 0.5 0.2 hello lex anna 0.9
SPEAKER f 1 now 1 <NA> <NA> ben <NA>
SPEAKER f 1 2
"""
    reading = rttm.read(data)
    assert reading.found == [
        Annotation(0.5, 1.5, speaker="anna", channel=0, file="f"),
        Annotation(3, 3.25, label="MUSIC", channel=1, file="f"),
    ]
    assert [line for line, _ in reading.problems] == [6, 7]


def test_an_rttm_line_needs_eight_words() -> None:
    data = b"SPEAKER f 1 2 1 <NA> <NA>\nSPEAKER f 1 2 1 <NA> <NA> anna\nNON-SPEECH f 1 2 1 x x\n"
    reading = rttm.read(data)
    assert reading.found == [Annotation(2, 3, speaker="anna", channel=0, file="f")]
    assert [line for line, _ in reading.problems] == [1, 3]
    assert all(said.startswith("7 words") for _, said in reading.problems)


def test_words_of_ctm_become_utterances() -> None:
    data = b"f 1 0.0 0.4 so 0.9\nf 1 0.5 0.2 it\nf B 0.6 0.2 hm\nf 1 2.0 0.5 is\n;; x\nf 1 2 x y\n"
    reading = ctm.read(data)
    assert [(one.start, one.end, one.text, one.channel) for one in reading.found] == [
        (0.0, 0.7, "so it", 0),
        (0.6, 0.8, "hm", 1),
        (2.0, 2.5, "is", 0),
    ]
    assert [line for line, _ in reading.problems] == [6]


def test_stm_leaves_out_what_is_not_scored() -> None:
    data = b"f 1 anna 0 1 <o,f0,female> Hello there\nf 1 inter_segment_gap 1 2 <o,,>\n" + (
        b"f 1 ben 2 3 ignore_time_segment_in_scoring\nf 1 ben 3 2 x\n"
    )
    reading = stm.read(data)
    assert [(one.speaker, one.text) for one in reading.found] == [("anna", "Hello there")]
    assert reading.problems == [(4, "3 to 2 s is reversed")]


def test_audacity_may_say_a_pitch_and_write_commas() -> None:
    data = b"0.5\t1.25\tSP\n\\\t6441.06\t12296.5\n2,5\t3\n4\t4\tpoint\nfour\tfive\n"
    reading = audacity.read(data)
    assert reading.found == [Annotation(0.5, 1.25, label="SP"), Annotation(2.5, 3)]
    assert (reading.points, [line for line, _ in reading.problems]) == (1, [5])
    assert audacity.is_label_track(data)
    assert not audacity.is_label_track(b"it was a dark night\n")


def test_subtitles_have_cues_with_voices() -> None:
    vtt = b"""WEBVTT

NOTE nothing
of note

1
00:01.000 --> 00:02.500 align:start
<v.loud Anna B>Hello &amp; <i>welcome</i></v>

01:00:00.250 --> 01:00:01.000
no voice
00:xx --> 3
"""
    reading = subtitles.read(vtt)
    assert reading.found == [
        Annotation(1.0, 2.5, speaker="Anna B", text="Hello & welcome"),
        Annotation(3600.25, 3601.0, text="no voice 00:xx --> 3"),
    ]
    srt = "\ufeff1\n00:00:01,5 --> 00:00:02,250\nOne\ntwo\n2\n00:00:03,0 --> 00:00:04,0\nÜ\n"
    assert [(o.start, o.end, o.text) for o in subtitles.read(srt.encode()).found] == [
        (1.5, 2.25, "One two"),
        (3.0, 4.0, "Ü"),
    ]
    assert subtitles.read(b"00:1 --> 2\n").problems == [(1, "the times of a cue cannot be read")]


# ── EAF ────────────────────────────────────────────────────────────────────

EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="b"/>
<TIME_SLOT TIME_SLOT_ID="c"/><TIME_SLOT TIME_SLOT_ID="d" TIME_VALUE="4000"/>
<TIME_SLOT TIME_SLOT_ID="e"/></TIME_ORDER>
<TIER TIER_ID="said" PARTICIPANT="Anna">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="d">
<ANNOTATION_VALUE>the &lt;whole&gt;</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a9" TIME_SLOT_REF1="d" TIME_SLOT_REF2="e">
<ANNOTATION_VALUE>never ends</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="parts" PARENT_REF="said">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="p1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
<ANNOTATION_VALUE>one</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="p2" TIME_SLOT_REF1="b" TIME_SLOT_REF2="c">
<ANNOTATION_VALUE>two</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="p3" TIME_SLOT_REF1="c" TIME_SLOT_REF2="d">
<ANNOTATION_VALUE>three</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="gloss" PARENT_REF="said">
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="g1" ANNOTATION_REF="a1">
<ANNOTATION_VALUE>left</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="g2" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="g1">
<ANNOTATION_VALUE>right</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>
</ANNOTATION_DOCUMENT>"""


def told(data: str, *tiers: str) -> list[tuple[float, float, str | None, str | None]]:
    return [(o.start, o.end, o.speaker, o.text) for o in eaf.read(data.encode(), tiers).found]


def test_an_eaf_gives_the_tiers_that_stand_on_their_own() -> None:
    assert told(EAF) == [(1.0, 4.0, "Anna", "the <whole>")]
    assert eaf.read(EAF.encode()).problems == [(9, "an annotation has no times")]


def test_times_without_a_value_lie_between_the_others() -> None:
    assert told(EAF, "parts") == [
        (1.0, 2.0, "parts", "one"),
        (2.0, 3.0, "parts", "two"),
        (3.0, 4.0, "parts", "three"),
    ]
    assert told(EAF, "gloss") == [(1.0, 2.5, "gloss", "left"), (2.5, 4.0, "gloss", "right")]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>"""


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        (BOMB, "a document type, which no EAF has", 2),
        ("<svg/>", "XML, but not EAF", 1),
        (EAF[:900], "broken XML", 13),
        (EAF.replace('"1000"', '"soon"'), "a time is not a whole number", 3),
        (EAF.replace("milliseconds", "PAL-frames"), "PAL-frames, not milliseconds", 2),
        ("", "broken XML: no element found", 1),
    ],
    ids=["bomb", "svg", "cut", "time", "unit", "empty"],
)
def test_a_broken_eaf_is_named_with_its_line(data: str, said: str, line: int) -> None:
    with pytest.raises(BrokenFile) as error:
        eaf.read(data.encode())
    assert said in str(error.value)
    assert error.value.line == line


def test_tiers_that_refer_to_each_other_come_to_an_end() -> None:
    ring = EAF.replace('TIER_ID="said"', 'TIER_ID="said" PARENT_REF="gloss"')
    ring = ring.replace("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")
    assert told(ring, "gloss") == []
    two = EAF.replace('TIER_ID="parts" PARENT_REF="said"', 'TIER_ID="parts" PARENT_REF="gloss"')
    two = two.replace('TIER_ID="gloss" PARENT_REF="said"', 'TIER_ID="gloss" PARENT_REF="parts"')
    two = two.replace(
        'ALIGNABLE_ANNOTATION ANNOTATION_ID="p1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"',
        'REF_ANNOTATION ANNOTATION_ID="p1" ANNOTATION_REF="g1"',
    ).replace("one</ANNOTATION_VALUE></ALIGNABLE_", "one</ANNOTATION_VALUE></REF_")
    assert told(two, "gloss") == []


# ── anything at all ────────────────────────────────────────────────────────

SAMPLES = {
    ".textgrid": text_grid({"a": [(0, 1, 'x "y"')], "b": [(1, 2, "z")]}, long=True).encode(),
    ".eaf": EAF.encode(),
    ".rttm": b"SPEAKER f 1 0.5 1 <NA> <NA> anna <NA> <NA>\n",
    ".stm": b"f 1 anna 0 1 <o,f0,female> Hello there\n",
    ".ctm": b"f 1 0.0 0.4 so 0.9\n",
    ".vtt": b"WEBVTT\n\n00:01.000 --> 00:02.500\nx\n",
    ".srt": b"1\n00:00:01,5 --> 00:00:02,250\nOne\n",
    ".txt": b"0.5\t1.25\tSP\n\\\t6441.06\t12296.5\n",
}


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_no_bytes_do_any_harm(suffix: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[suffix])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        reading = BY_SUFFIX[suffix].read(bytes(content), ())
    except BrokenFile:
        return
    for one in reading.found:
        assert 0 <= abs(one.start) <= 1e9
        assert one.start < one.end
    made, _ = regions(reading.found, WantedRegions("transcribe"), tiers=BY_SUFFIX[suffix].tiers)
    json.loads(json.dumps(made, allow_nan=False).encode())


# ── regions ────────────────────────────────────────────────────────────────


def turn(start: float, who: str, text: str) -> Annotation:
    return Annotation(start, start + 1, speaker=who, text=text)


TALK = [turn(0, "Anna", "hello\nyou"), turn(0.5, "Ben", "yes"), turn(3, "Anna", "fine")]


def test_the_same_turns_serve_every_kind_of_session() -> None:
    first = {"start": 0, "end": 1}
    assert regions(TALK, WantedRegions("speakers"), tiers=True)[0][0] == first | {
        "label": "Anna",
        "text": "hello you",
    }
    assert regions(TALK, WantedRegions("transcribe"), tiers=True)[0][0] == first | {
        "label": "Anna",
        "text": "hello you",
    }
    assert regions(TALK, WantedRegions("transcribe", ("SPEECH",)), tiers=True)[0][0] == first | {
        "label": "SPEECH",
        "speaker": "Anna",
        "text": "hello you",
    }
    assert regions(TALK, WantedRegions("regions"), tiers=True)[0][0] == first | {
        "label": "SPEECH",
        "speaker": "Anna",
        "text": "hello you",
    }


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (textgrid.read, b'"ooTextFile" "TextGrid" 0 1 <exists> 1e999'),
        (eaf.read, b"<A><TIER/><TIME_SLOT TIME_VALUE='" + b"9" * 4000 + b"'/></A>"),
        (eaf.read, b"<?xml version='1.0' encoding='shift_jis'?><A/>"),
        (eaf.read, b"<?xml version='1.0' encoding='none-such'?><A/>"),
    ],
)
def test_what_no_number_or_encoding_can_be_is_a_broken_file(
    read: Callable[[bytes], Reading], data: bytes
) -> None:
    with pytest.raises(BrokenFile):
        read(data)


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_without_end_is_left_out_and_the_rest_is_read(digits: int) -> None:
    long = b"9" * digits
    vtt = b"%s:00:01.000 --> %s:00:02.000\nno\n\n00:01.000 --> 00:02.000\nyes\n"
    assert [one.text for one in subtitles.read(vtt % (long, long)).found] == ["yes"]
    for reading in (
        rttm.read(b"SPEAKER a %s 0 1 <NA> <NA> who <NA> <NA>\n" % long),
        ctm.read(b"a %s 0 1 word\n" % long),
        stm.read(b"a %s who 0 1 word\n" % long),
    ):
        assert [(one.start, one.end, one.channel) for one in reading.found] == [(0, 1, None)]


def test_tags_that_never_end_are_read_once() -> None:
    # Were the rest of the text looked through for each of them, this would take hours.
    cue = b"00:01.000 --> 00:02.000\n" + b"<v a" * 1_000_000
    assert len(subtitles.read(cue).found) == 1
    name = "a" + " -" * 1_000_000
    made, _ = regions([Annotation(0, 1, speaker=name, text="x")], WantedRegions(), tiers=True)
    assert len(made) == 1


def test_a_tier_of_classes_gives_labels() -> None:
    found = [turn(at, "segments", what) for at, what in enumerate(["music", "speech"] * 3)]
    made, left_out = regions(found, WantedRegions("regions", ("SPEECH", "MUSIC")), tiers=True)
    assert Counter(one["label"] for one in made) == {"MUSIC": 3, "SPEECH": 3}
    assert not left_out
    made, left_out = regions(found, WantedRegions("regions", ("SPEECH",)), tiers=True)
    assert ([one["label"] for one in made], left_out) == (["SPEECH"] * 3, {"music": 3})
    made, _ = regions(found, WantedRegions("speakers"), tiers=True)
    assert {one["label"] for one in made} == {"music", "speech"}


def test_words_of_an_aligner_are_read_as_utterances() -> None:
    found = [
        Annotation(s, s + 0.2, speaker="Anna - words", text=t)
        for s, t in ((0, "a"), (0.3, "b"), (2, "c"))
    ]
    found += [Annotation(0, 0.1, speaker="Anna - phones", text="AH1")]
    made, _ = regions(found, WantedRegions("transcribe"), tiers=True)
    assert [(one["label"], one["text"]) for one in made] == [("Anna", "a b"), ("Anna", "c")]


# ── real files ─────────────────────────────────────────────────────────────


@pytest.mark.shared_data
def test_every_real_file_can_be_read(shared_data: Path) -> None:
    files = [
        path
        for path in shared_data.rglob("*")
        if path.suffix in (".TextGrid", ".eaf", ".rttm") and path.is_file()
    ]
    assert len(files) > 60
    for path in files:
        reading = read_file(path)
        assert not reading.problems, path
        assert reading.found or reading.points, path


@pytest.mark.shared_data
def test_the_short_form_says_what_the_long_one_says(shared_data: Path) -> None:
    folder = shared_data / "fmt-praat-textgrid"
    pairs = [
        ("textgrid/long_format", "textgrid/short_format"),
        ("mfa/textgrid/michaelandsickmichael", "mfa/textgrid/michaelandsickmichael_short_tg"),
    ]
    for long, short in pairs:
        one, other = (read_file(folder / f"{name}.TextGrid").found for name in (long, short))
        assert one == other


@pytest.mark.shared_data
def test_the_sums_over_real_files_are_right(shared_data: Path) -> None:
    found = read_file(shared_data / "audio/pyannote-ami-debug/debug.development.rttm").found
    lines = (
        (shared_data / "audio/pyannote-ami-debug/debug.development.rttm").read_text().split("\n")
    )
    whole = sum(float(line.split()[4]) for line in lines if line)
    assert sum(one.end - one.start for one in found) == pytest.approx(whole, abs=1e-5)
    eaf_of = shared_data / "fmt-elan" / "MaureenMarvinRobin.eaf"
    assert Counter(one.speaker for one in read_file(eaf_of).found) == {
        "Maureen": 2,
        "Marvin": 1,
        "Robin": 1,
    }
    labels = shared_data / "fmt-audacity-raven/tests/data_for_tests/aud-bbox"
    lines = (labels / "cold_forest_daylight_label.txt").read_text().splitlines()
    found = read_file(labels / "cold_forest_daylight_label.txt").found
    assert len(found) == sum(not line.startswith("\\") for line in lines)


# ── what imports once lost in silence ──────────────────────────────────────


def test_an_empty_line_within_a_cue_of_subrip_does_not_end_it() -> None:
    srt = (
        "1\n00:00:01,000 --> 00:00:02,000\nfirst\n\nsecond\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n12\n\n3\n00:00:05,000 --> 00:00:06,000\nlast\n"
    )
    reading = subtitles.read(srt.encode())
    assert [one.text for one in reading.found] == ["first second", "12", "last"]
    assert not reading.problems


def test_a_cue_whose_times_cannot_be_read_is_no_part_of_the_one_before() -> None:
    srt = b"""1
00:00:01,000 --> 00:00:02,000
first

2
00:00:0a --> 00:00:04,000
lost

3
-00:00:01,500 --> 00:00:00,500
before the sound
4
00:00:05,000 --> 00:00:06,000
says --> this
and 7 --> 8
"""
    reading = subtitles.read(srt)
    assert [(one.start, one.end, one.text) for one in reading.found] == [
        (1.0, 2.0, "first"),
        (-1.5, 0.5, "before the sound"),
        (5.0, 6.0, "says --> this and 7 --> 8"),
    ]
    assert [line for line, _ in reading.problems] == [6]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("<laughs> so", "<laughs> so"),
        ("<unk> and <about 70 years ago>", "<unk> and <about 70 years ago>"),
        (r"{\an8}up there", "up there"),
        ('<font color="red">red</font> <b>bold</b>', "red bold"),
        ("<c.loud>x</c> <00:00:01.500>y", "x y"),
    ],
)
def test_only_markup_of_subtitles_is_left_away(said: str, text: str) -> None:
    reading = subtitles.read(f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n".encode())
    assert [one.text for one in reading.found] == [text]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_subtitles_of_every_encoding_are_the_same(encoding: str) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\nÜber\n\n2\n00:00:03,000 --> 00:00:04,000\nuns"
    assert [one.text for one in subtitles.read(srt.encode(encoding)).found] == ["Über", "uns"]


def test_eaf_gives_segments_that_have_no_text_yet_and_names_what_it_leaves() -> None:
    empty = EAF.replace("the &lt;whole&gt;", "").replace("never ends", "")
    reading = eaf.read(empty.encode())
    assert (1.0, 4.0, "") in [(one.start, one.end, one.text) for one in reading.found]
    assert any("parts (" in notice and "--tiers" in notice for notice in reading.notices)


def test_eaf_says_where_its_time_begins_in_each_medium() -> None:
    medium = '<MEDIA_DESCRIPTOR MEDIA_URL="file:///a%20b.wav" TIME_ORIGIN="5000"/>'
    shifted = EAF.replace('<HEADER TIME_UNITS="milliseconds"/>', f"<HEADER>{medium}</HEADER>")
    assert eaf.read(shifted.encode()).origins == {"a b": 5.0}


def test_tiers_that_are_not_there_are_said_with_those_that_are() -> None:
    with pytest.raises(BrokenFile, match=r"no tier Nope; it has said, parts"):
        eaf.read(EAF.encode(), ["Nope"])
    notices = eaf.read(EAF.encode(), ["said", "Nope"]).notices
    assert any("no tier Nope" in notice for notice in notices)
    grid = text_grid({"Anna": [(0.0, 1.0, "x")]}, long=True).encode()
    with pytest.raises(BrokenFile, match=r"no tier Nope; it has Anna"):
        textgrid.read(grid, ["Nope"])


@pytest.mark.parametrize(
    ("line", "speaker", "file", "start"),
    [
        ("SPEAKER call 1 1.5 2 <NA> <NA> John Smith <NA> <NA>", "John Smith", "call", 1.5),
        ("SPEAKER call 1 1.5 2 <NA> <NA> John Smith 0.9", "John Smith", "call", 1.5),
        ("SPEAKER my call 1 1.5 2 <NA> <NA> Ann <NA> <NA>", "Ann", "my call", 1.5),
        ("SPEAKER my 2 call 1 1.5 2 <NA> <NA> Ann <NA>", "Ann", "my 2 call", 1.5),
        ("SPEAKER call 1 1.5 2 <NA> <NA> 7 <NA> <NA>", "7", "call", 1.5),
        ("SPEAKER call A 1.5 2 <NA> <NA> Ann", "Ann", "call", 1.5),
    ],
)
def test_names_with_blanks_in_rttm_are_read(
    line: str, speaker: str, file: str, start: float
) -> None:
    (found,) = rttm.read(line.encode()).found
    assert (found.speaker, found.file, found.start, found.end) == (speaker, file, start, start + 2)


def test_a_tier_that_has_more_than_it_says_is_read_to_its_end() -> None:
    tiers = {"A": [(0.0, 1.0, "a"), (1.0, 2.0, "b")], "B": [(0.0, 1.0, "c")]}
    grid = text_grid(tiers, long=False).replace('"A"\n0\n10000\n2\n', '"A"\n0\n10000\n1\n')
    reading = textgrid.read(grid.encode())
    assert sorted(one.text or "" for one in reading.found) == ["a", "b", "c"]
    assert [notice for notice in reading.notices if "says 1 and has 2" in notice]


def test_labels_of_htk_have_times() -> None:
    lab = b"0 5000000 sil\n5000000 9000000 good\n9000000 12000000 morning\n12000000 13000000 sp\n"
    lab += b"13000000 20000000 all\nnonsense\n"
    reading = htk.read(lab)
    assert [(one.start, one.end, one.text) for one in reading.found] == [
        (0.5, 1.2, "good morning"),
        (1.3, 2.0, "all"),
    ]
    assert reading.skipped["silence"] == 2
    assert reading.problems == [(6, "no start, end and label")]


def test_lines_that_nothing_here_can_hold_are_counted_by_kind() -> None:
    found = rttm.read(b"SPKR-INFO f 1 <NA> <NA> <NA> unknown A <NA>\nLEXEME f 1 1 1 hi lex A 0.5\n")
    assert found.skipped == {"SPKR-INFO line": 1, "LEXEME line": 1}
    assert stm.read(b"f 1 A 0 1 IGNORE_TIME_SEGMENT_IN_SCORING\n").skipped.total() == 1
