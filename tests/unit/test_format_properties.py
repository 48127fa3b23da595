"""Whatever the tasks: what a format writes, its reader gives back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tui_annotate.errors import AnnotateError
from tui_annotate.formats import formats
from tui_annotate.formats.exporting import Job, export
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Losses, fitted
from tui_annotate.formats.writing import OnOffer
from tui_annotate.text.tokens import fallback_pairs

_OF_SOUNDS = {one.name for one in formats() if "audio_spans" in one.holds.fields}

WRITTEN = [
    one
    for one in formats()
    if one.writer is not None and one.extra is None and one.name not in _OF_SOUNDS
]

LABELS = st.sampled_from(["PER", "ORG", "WORK OF ART", "B-x", "é", '"q"', "a,b", ""])
PIECES = ["Ada", "met", " ", "  ", "\n", "\t", ".", ",", "it's", "#", "-DOCSTART-", "__label__"]
PIECES += [
    "é",
    "e\u0301",
    "👩‍👧",
    "漢字",
    "\xa0",
    "[",
    "](",
    ")",
    "\\",
    '"',
    "|",
    "<b>",
    "\u2028",
    "\r\n",
    "O",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=3,
)


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    """A task as a session, Prodigy or somebody else may have written it."""
    text = draw(TEXTS)
    task: dict[str, Any] = {"text": text}
    borders = st.integers(0, len(text))
    if draw(st.booleans()):
        cuts = sorted(draw(st.sets(borders, max_size=6)) | {0, len(text)})
        task["tokens"] = [
            {"text": text[a:b], "start": a, "end": b, "id": i, "ws": False}
            for i, (a, b) in enumerate(pairwise(cuts))
        ]
        for token in task["tokens"]:
            if draw(st.integers(0, 3)) == 0:
                token[draw(st.sampled_from(["tag", "pos", "lemma", "odd"]))] = draw(TEXTS)
    if draw(st.booleans()):
        task["spans"] = [
            {"start": draw(borders), "end": draw(borders), "label": draw(LABELS)}
            for _ in range(draw(st.integers(0, 3)))
        ]
        for span in task["spans"]:
            if draw(st.booleans()):
                span |= {"kb_id": draw(LABELS), "rank": 1}
    if draw(st.booleans()):
        ids = draw(st.lists(LABELS, unique=True, max_size=3))
        task["options"] = [{"id": one, "text": one} for one in ids]
        task["accept"] = ids[: draw(st.integers(0, 3))]
    elif draw(st.integers(0, 3)) == 0:
        task["label"] = draw(LABELS)
    if draw(st.booleans()):
        task["answer"] = draw(st.sampled_from(["accept", "accept", "reject", "ignore"]))
    if draw(st.booleans()):
        task["_view_id"] = draw(st.sampled_from(["ner_manual", "spans_manual", "pos_manual"]))
    if draw(st.booleans()):
        task["meta"] = {"source": draw(TEXTS), "n": draw(VALUES)}
    if draw(st.booleans()):
        task["comment"] = draw(TEXTS)
    return task


@pytest.mark.parametrize("fmt", WRITTEN, ids=lambda fmt: fmt.name)
@given(found=st.lists(tasks(), max_size=4))
@examples(15)
def test_what_is_written_reads_back(fmt: Format, found: Sequence[dict[str, Any]]) -> None:
    overlapping = any(len(task.get("spans", ())) > 1 for task in found)
    with TemporaryDirectory() as folder:
        output = Path(folder) / ("out" if fmt.folder else f"out{fmt.suffixes[0]}")
        offered = OnOffer(("PER",), ("PER",), overlapping)
        job = Job(fmt, output, fmt.defaults(), offered, lambda number: f"task {number}", lossy=True)
        # One that everything can hold: else there might be nothing to write.
        done = export(job, [*found, {"text": "Ada met Bo."}], lambda what, now, total: None)
        assert done.compared is not None
        assert 1 <= done.tasks.total() <= len(found) + 1


SAMPLE: list[dict[str, Any]] = [
    {"text": "Ada met Bo.", "spans": [{"start": 0, "end": 3, "label": "PER", "rank": 1}]},
    {"text": "Ada 👩‍👧.", "options": [{"id": "A", "text": "A"}], "accept": ["A"], "meta": {"n": 1}},
]


PUT_IN = [b"", b"\0", b"\xff", b"\n", b'"', b"[", b"{", b"\t", b"-1"]


@cache
def written(name: str) -> bytes:
    """A small file of a format."""
    (fmt,) = (one for one in WRITTEN if one.name == name)
    with TemporaryDirectory() as folder:
        output = Path(folder) / ("out" if fmt.folder else f"out{fmt.suffixes[0]}")
        job = Job(fmt, output, fmt.defaults(), OnOffer(), str, lossy=True)
        done = export(job, SAMPLE, lambda what, now, total: None)
        return next(path for path in done.files if path.suffix in fmt.suffixes).read_bytes()


@pytest.mark.parametrize("fmt", WRITTEN, ids=lambda fmt: fmt.name)
@given(data=st.data())
@examples(20)
def test_a_broken_file_is_tasks_or_sentences_on_what_is_wrong(
    fmt: Format, data: st.DataObject
) -> None:
    content = written(fmt.name)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        end = min(len(content), at + data.draw(st.integers(0, 20)))
        put = data.draw(
            st.sampled_from([b"", b"\0", b"\xff", b"\n", b'"', b"[", b"{", b"\t", b"-1"])
        )
        content = content[:at] + put + content[end:]
    assert fmt.reader is not None
    try:
        rows = [*fmt.reader(Place("file", None, fmt.defaults())).rows(content.splitlines(True))]
    except AnnotateError:
        return
    for _, item in rows:
        if isinstance(item, dict):
            fitted(item, fmt.holds, Losses(), fallback_pairs)
        else:
            assert item
