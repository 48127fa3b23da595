"""Damages files of every format that is read, and tells what a reader does not stand.

    make fuzz-readers
    make fuzz-readers COUNT=200 FORMATS="eaf srt"

A reader may refuse a file in a sentence. It may not raise anything else, take longer than a
few seconds, or give what is no JSON. The files that are damaged are real ones where they stand
beside the checkout (../shared/data), and small ones of our own in any case.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tui_annotate.errors import AnnotateError
from tui_annotate.formats import formats
from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.formats.format import Format, Place

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
COUNT = 2000
SECONDS = 5
"""What a reader may take for one file."""
LARGEST = 6000
"""Bytes of a file that are damaged: more only takes longer."""
SLOW = {"spacy": 150}
"""How many files of a format are tried at the most, where each takes long."""

REAL = {
    "audacity": "fmt-audacity-raven/**/*.txt",
    "brat": "fmt-brat/corpora/**/*.ann",
    "conll2003": "ner-wikigold/**/wikigold.conll.txt",
    "conllu": "ud-*/*.conllu",
    "doccano": "fmt-doccano/**/*.jsonl",
    "eaf": "fmt-elan/*.eaf",
    "label-studio": "fmt-label-studio/old-converter/*.json",
    "rttm": "fmt-rttm/**/*.rttm",
    "textgrid": "fmt-praat-textgrid/**/*.TextGrid",
    "webanno": "fmt-webanno-tsv3/tsv3-suite/*/reference.tsv",
}
OWN = {
    "aida": b"-DOCSTART- (1 EU)\nEU\tB\tEU\t--NME--\nmet\nAda\tB\tAda L\tA\\u0027L\thttp://x/A\t7\t/m/1\n"
    b"L\tI\tAda L\tA\\u0027L\thttp://x/A\t7\t/m/1\n\n-DOCSTART- (2 B)\nBo\n",
    "audacity": b"0.5\t1.5\tAda\n\\\t100\t200\n2,5\t3,5\tBo\n",
    "brackets": b"[Ada](PER) met [Bo\\]](ORG) [x] (y)\n",
    "brat": b"T1\tPER 0 3\tAda\nN1\tReference T1 KB:Q1\tAda\n#1\tAnnotatorNotes T1\tsure\n",
    "chat": b"@UTF8\n@Begin\n@Participants:\tADA Ada Speaker\n*ADA:\thi . \x150_500\x15\n@End\n",
    "conll2003": b"Ada NNP I-NP B-PER\nmet VBD O O\n\nBo NNP I-NP B-PER\n",
    "conllu": b"# text = Hi\n1\tHi\thi\tINTJ\t_\t_\t0\troot\t_\tSpaceAfter=No\n\n",
    "csv": b'text,label,answer,spans,accept,meta\n"a, b",x,,"[{""start"":0}]",[],{}\n',
    "ctm": b"a 1 0.5 0.4 hello 0.9\na 1 1.0 0.4 there\n",
    "doccano": b'{"id":1,"text":"Ada met Bo","label":[[0,3,"PER"]]}\n',
    "eaf": b'<?xml version="1.0"?><ANNOTATION_DOCUMENT>'
    b'<HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>'
    b'<TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="1"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="9"/>'
    b'</TIME_ORDER><TIER TIER_ID="T"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x" '
    b'TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE>hi</ANNOTATION_VALUE>'
    b"</ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
    "fasttext": b"__label__A hello\n__label__B __label__C x y\n",
    "hf": b'{"id":0,"text":"Ada","spans":[{"start":0,"end":3,"label":"PER"}]}\n',
    "htk": b"0 5000000 sil\n5000000 10000000 a\n",
    "json": b'[{"text":"Ada"},{"text":"Bo"}]\n',
    "jsonl": b'{"text":"Ada","spans":[{"start":0,"end":3,"label":"PER"}]}\n',
    "keyphrases": b"Complex dynamics\ndistribution\n",
    "label-studio": b'[{"id":1,"data":{"text":"Ada"},"annotations":[{"result":[]}]}]',
    "mentions": b'{"text":"Ada met Bo","spans":[{"start":0,"end":3}],"accept":["Q1"]}\n',
    "nif": b"@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .\n"
    b"@prefix its: <http://www.w3.org/2005/11/its/rdf#> .\n"
    b'<http://x/1> a nif:Context ; nif:isString """Ada \\u0041 "L" """@en .\n'
    b"<http://x/2> nif:referenceContext <http://x/1> ; nif:beginIndex '0'^^nif:n ; # a mention\n"
    b'  nif:endIndex 3 , 4 ; nif:anchorOf "Ada" ; its:taIdentRef [ nif:x (1 2.5 nif:a\\,b) ] .\n',
    "rttm": b"SPEAKER a 1 0.5 1.0 <NA> <NA> Ada <NA> <NA>\n",
    "srt": b"1\n00:00:00,500 --> 00:00:01,500\n<i>Ada</i>: hi\n\n"
    b"2\n00:00:02,000 --> 00:00:03,000\nho\n",
    "stm": b"a 1 Ada 0.5 1.5 <o,f0,male> hello there\n",
    "text": b"Ada met Bo.\n\nThen she left.\n",
    "textgrid": b'"ooTextFile"\n"TextGrid"\n0 2 <exists> 1\n"IntervalTier" "Ada" 0 2 1\n0 2 "hi"\n',
    "tsv": b"text\tlabel\nAda\tx\n",
    "webvtt": b"WEBVTT\n\n00:00.500 --> 00:01.500\n<v Ada>hi &amp; ho\n",
    "webanno": b"#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n"
    b"#T_RL=webanno.custom.Relation|value|BT_webanno.custom.Span\n"
    b"#T_CH=webanno.custom.CorefLink|referenceRelation|referenceType\n\n\n"
    b"#Text=Ada\\t\xf0\x9f\x99\x82\n#Text=Bo\n"
    b"1-1\t0-3\tAda\tPER[1]|a\\|b[2]\tx\t1-2[3_1]\t*->1-1\t*[1]\t\n"
    b"1-2\t4-6\t\xf0\x9f\x99\x82\tPER[1]\t_\t_\t_\t_\t\n"
    b"1-3\t7-9\tBo\t_\t_\t_\t_\t_\t\n1-3.1\t8-9\to\t*\t_\t_\t_\t_\t\n",
}
PIECES = (
    b"\0", b"\n", b"\r\n", b'"', b"[", b"{", b"<", b"&", b"\xff", b"null", b"-1", b"1e999", b"\t",
    b" ", b"9" * 20, b"\xed\xa0\x80", b'["', b"{}", b"]]>", b"\x15", b"\\",
    b"\xef\xbb\xbf", b"1-1.9",
)  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A file with some of its bytes changed, taken out, doubled or put in."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if not made:
            break
        start = chance.randrange(len(made))
        end = min(len(made), start + chance.randint(1, 30))
        match chance.randrange(6):
            case 0:
                made[start] = chance.randrange(256)
            case 1:
                del made[start:end]
            case 2:
                made[start:start] = made[start:end]
            case 3:
                made[start:start] = chance.choice(PIECES)
            case 4:
                place = chance.randrange(len(made))
                made[start:end] = made[place : place + end - start]
            case _:
                if chance.random() < 0.2:
                    del made[max(1, start) :]
    return bytes(made)


def seeds(name: str) -> list[bytes]:
    """The files of a format that are damaged."""
    found = [OWN[name]] if name in OWN else []
    if name in REAL and SHARED.is_dir():
        paths = sorted(SHARED.glob(REAL[name]))[:20]
        found += [path.read_bytes()[:LARGEST] for path in paths]
    if name == "spacy":
        found.append(_spacy())
    return found


def _spacy() -> bytes:
    from spacy import blank
    from spacy.tokens import DocBin

    return DocBin(docs=[blank("xx")("Ada met Bo.")]).to_bytes()


def reading(one: Format, folder: Path) -> Callable[[bytes], None] | None:
    """What reads all of a file of a format; None where nothing does."""
    suffix = one.suffixes[0] if one.suffixes else ""

    def as_tasks(data: bytes) -> None:
        assert one.reader is not None
        path = folder / f"file{suffix}"
        path.write_bytes(data)
        if suffix != ".txt":
            (folder / "file.txt").write_text("Ada met Bo about complex dynamics.")
        for _, item in one.reader(Place("file", path, one.defaults())).rows(data.splitlines(True)):
            json.dumps(item)

    def as_regions(data: bytes) -> None:
        assert one.timed is not None
        for annotation in one.timed.read(data, ()).found:
            assert annotation.start < annotation.end

    if one.reader is not None:
        return as_tasks
    return as_regions if one.timed is not None else None


class TooLong(BaseException):
    """A reader takes longer than it may."""


def stop(*_: object) -> None:
    """Take a signal: it is too long."""
    raise TooLong


def tried(one: Format, count: int, folder: Path) -> Iterator[tuple[str, bytes]]:
    """What goes wrong, and the file that it goes wrong with."""
    read = reading(one, folder)
    of_format = seeds(one.name)
    if read is None or not of_format:
        return
    chance = random.Random(one.name)
    for _ in range(count):
        data = damaged(chance.choice(of_format), chance)
        signal.alarm(SECONDS)
        try:
            read(data)
        except (AnnotateError, BrokenFile):
            pass
        except TooLong:
            yield f"takes longer than {SECONDS} s", data
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            yield f"{type(error).__name__} in {Path(at.filename).name}:{at.lineno}", data
        finally:
            signal.alarm(0)


def main() -> int:
    """Try all formats; the exit code is 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("formats", nargs="*")
    given = parser.parse_args()
    signal.signal(signal.SIGALRM, stop)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for one in formats():
            if given.formats and one.name not in given.formats:
                continue
            if reading(one, Path(folder)) is None:
                continue
            if not seeds(one.name):
                print(f"{one.name}: there is no file to damage")
                failed = True
                continue
            began = time.monotonic()
            count = min(given.count, SLOW.get(one.name, given.count))
            wrong: Counter[str] = Counter()
            first: dict[str, bytes] = {}
            for what, data in tried(one, count, Path(folder)):
                wrong[what] += 1
                first.setdefault(what, data)
            print(f"{one.name}: {count} files in {time.monotonic() - began:.1f} s", flush=True)
            for what, times in wrong.items():
                print(f"  {times} times {what}, such as {first[what]!r}")
            failed |= bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
