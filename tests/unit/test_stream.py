"""A source as numbered tasks."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.errors import AnnotateError
from tui_annotate.sources import (
    Invalid,
    InvalidLine,
    InvalidSource,
    Record,
    Source,
    Stream,
    open_source,
)
from tui_annotate.sources.index import PositionIndex
from tui_annotate.sources.query import find
from tui_annotate.task.task import Task, own_id, task_id


def write(path: Path, rows: Iterable[object]) -> str:
    """Write lines: objects as JSON, strings and bytes as they are."""
    with path.open("wb") as file:
        for row in rows:
            if isinstance(row, bytes):
                line = row
            else:
                line = (row if isinstance(row, str) else json.dumps(row)).encode()
            file.write(line + b"\n")
    return str(path)


def numbered(path: Path, count: int) -> str:
    return write(path, ({"text": f"task {n}"} for n in range(count)))


def stream_of(path: Path, rows: Iterable[object], **options: Any) -> Stream:
    return Stream(open_source(write(path, rows)), **options)


def task(stream: Stream, position: int) -> Task:
    found = stream.read(position)
    assert isinstance(found, Task), found
    return found


def invalid(stream: Stream, position: int) -> InvalidLine:
    found = stream.read(position)
    assert isinstance(found, InvalidLine), found
    return found


def read_all(stream: Stream) -> list[Task | InvalidLine]:
    found: list[Task | InvalidLine] = []
    while (one := stream.read(len(found))) is not None:
        found.append(one)
    return found


class Counting(Source):
    """A source that tells how much was asked of it."""

    def __init__(self, lines: int) -> None:
        super().__init__("counting", "counting", None)
        self.lines = lines
        self.given = 0
        self.reread_locators: list[int] = []
        self.closed = False

    def records(self) -> Any:
        for n in range(self.lines):
            self.given += 1
            yield Record({"text": f"task {n}"}, "counting", n + 1, n)

    def reread(self, locator: int) -> Record | Invalid:
        self.reread_locators.append(locator)
        return Record({"text": f"task {locator}"}, "counting", None, locator)

    def total(self) -> int | None:
        return None

    def count(self, cancelled: Event) -> int | None:
        return self.lines

    def close(self) -> None:
        self.closed = True


# ── reading ────────────────────────────────────────────────────────────────


def test_tasks_are_numbered_in_order_and_can_be_read_again(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [{"text": "a"}, "", {"text": "b"}])
    second = task(stream, 1)
    assert (second.text, second.position, str(second.origin)) == (
        "b",
        1,
        f"{tmp_path}/a.jsonl:3",
    )
    assert second.id == task_id(own_id({"text": "b"}))
    assert task(stream, 0).text == "a"
    assert task(stream, 1) == second
    assert stream.read(2) is None
    assert stream.read(-1) is None
    assert (stream.known, stream.ended) == (2, True)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.csv", "a.txt"])
def test_any_position_can_be_read_in_any_order(tmp_path: Path, name: str) -> None:
    texts = [f"task {n}" for n in range(50)]
    if name.endswith(".csv"):
        content = "\n".join(["text", *texts])
    elif name.endswith(".json"):
        content = json.dumps([{"text": text} for text in texts])
    elif name.endswith(".txt"):
        content = "\n".join(texts)
    else:
        content = "\n".join(json.dumps({"text": text}) for text in texts)
    data = gzip.compress(content.encode()) if name.endswith(".gz") else content.encode()
    (tmp_path / name).write_bytes(data)
    stream = Stream(open_source(str(tmp_path / name)))
    order = [7, 3, 20, 0, 49, 20, 48, 1]
    assert [task(stream, n).text for n in order] == [texts[n] for n in order]
    assert [one.position for one in read_all(stream)] == list(range(50))


def test_a_million_lines_open_as_ten_do() -> None:
    source = Counting(1_000_000)
    stream = Stream(source)
    assert source.given == 0
    stream.check_head()
    assert (source.given, stream.known, stream.ended) == (1000, 1000, False)
    assert source.reread_locators == []
    task(stream, 0)
    assert (source.given, source.reread_locators) == (1000, [0])
    task(stream, 1200)
    assert source.given == 1201


def test_little_of_a_large_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = numbered(tmp_path / "a.jsonl", 100_000)
    read = Counter[str]()
    opened = Path.open

    class Counted(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size if size is not None else -1)
            read["bytes"] += len(data)
            return data

        def readinto(self, buffer: Any, /) -> int:
            size = super().readinto(buffer)
            read["bytes"] += size
            return size

    def open_counted(self: Path, mode: str = "r", buffering: int = -1, **_: Any) -> Any:
        assert mode == "rb"
        raw = Counted(str(self))
        return raw if buffering == 0 else io.BufferedReader(raw)

    monkeypatch.setattr(Path, "open", open_counted)
    stream = Stream(open_source(spec))
    stream.check_head()
    task(stream, 0)
    monkeypatch.setattr(Path, "open", opened)
    assert os.path.getsize(spec) > 2_000_000
    assert read["bytes"] < 150_000


def test_the_end_is_found_once(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [])
    assert stream.read(0) is None
    assert stream.read(0) is None
    assert (stream.ended, stream.total()) == (True, 0)


def test_a_file_that_grows_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    stream = Stream(open_source(numbered(path, 10)))
    with path.open("a") as file:
        file.write('{"text":"late"}\n')
    assert task(stream, 10).text == "late"
    assert stream.read(11) is None


def test_a_task_read_again_is_named_by_its_own_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "a1"}\n\n{"text": "a3"}\n')
    (folder / "b.jsonl").write_text('{"text": "b1"}\n')
    (folder / "c.jsonl").write_text('\n{"text": "c2"}\n{"text": "c3"}\n')
    stream = Stream(open_source(str(folder)))
    places = [
        (folder / "a.jsonl", 1), (folder / "a.jsonl", 3), (folder / "b.jsonl", 1),
        (folder / "c.jsonl", 2), (folder / "c.jsonl", 3),
    ]  # fmt: skip
    expected = [f"{path}:{line}" for path, line in places]
    assert [str(task(stream, at).origin) for at in range(5)] == expected
    assert stream.read(5) is None
    assert [str(task(stream, at).origin) for at in range(5)] == expected


def test_tokens_that_disagree_with_the_text_are_not_given(tmp_path: Path) -> None:
    good = [{"text": "ab", "start": 0, "end": 2, "id": 0}]
    bad = [{"text": "xx", "start": 0, "end": 2, "id": 0}]
    rows = [{"text": "ab", "tokens": good}, {"text": "ab", "tokens": bad}]
    stream = stream_of(tmp_path / "a.jsonl", rows)
    for _ in range(2):
        assert task(stream, 0).tokens == good
        assert task(stream, 1).tokens is None
        assert task(stream, 1).fields["tokens"] == bad
    [warning] = stream.warnings
    assert warning.startswith(f"{tmp_path}/a.jsonl:2: token 0 says its text is")


def test_warnings_are_bounded(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [{"text": "a", "tokens": 5}] * 150)
    read_all(stream)
    assert len(stream.warnings) == 100


# ── identity ───────────────────────────────────────────────────────────────


def test_identical_tasks_are_told_apart(tmp_path: Path) -> None:
    rows = [{"text": text} for text in "abaacb"]
    stream = stream_of(tmp_path / "a.jsonl", rows)
    ids = [one.id for one in read_all(stream) if isinstance(one, Task)]
    a, b, c = (task_id(own_id({"text": text})) for text in "abc")
    assert ids == [a, b, f"{a}-2", f"{a}-3", c, f"{b}-2"]
    assert [stream.position_of(one) for one in ids] == list(range(6))
    assert [task(stream, n).id for n in range(6)] == ids
    assert [stream.task_id(n) for n in range(7)] == [*ids, None]


@pytest.mark.parametrize("unknown", ["", "-", "zz", f"{'0' * 16}", f"{'f' * 40}", "-5", "a-b"])
def test_an_unknown_id_has_no_position(tmp_path: Path, unknown: str) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [{"text": "a"}])
    read_all(stream)
    known = task(stream, 0).id
    assert stream.position_of(unknown) is None
    assert [stream.position_of(f"{known}{end}") for end in ("-1", "-0", "-2", "-")] == [None] * 4
    assert stream.position_of(known) == 0


@given(st.lists(st.integers(min_value=1, max_value=2**64 - 1) | st.integers(1, 5)))
def test_the_index_knows_every_occurrence(owns: list[int]) -> None:
    index = PositionIndex()
    seen = Counter[int]()
    for position, own in enumerate(owns):
        seen[own] += 1
        assert index.append(position * 3, position + 1, own) == seen[own]
    for position, own in enumerate(owns):
        assert index.find(own, index.occurrence(position)) == position
        assert (index.own(position), index.locator(position)) == (own, position * 3)
    for own, count in seen.items():
        assert index.find(own, count + 1) is None


def test_the_index_grows() -> None:
    index = PositionIndex()
    # Neighbouring hashes, and hashes that fall on one slot.
    owns = [*range(1, 5000), *(n << 40 for n in range(1, 300))]
    for own in owns:
        index.append(0, None, own)
    assert [index.find(own, 1) for own in owns] == list(range(len(owns)))
    assert index.find(5000, 1) is None


def test_the_index_is_small() -> None:
    index = PositionIndex()
    for position in range(100_000):
        index.append(position, position, (position + 1) * 0x9E3779B97F4A7C15 % 2**64)
    assert index.size() < 100_000 * 48


def test_passing_what_is_decided(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [{"text": t} for t in "abcab"] + ["{"])
    ids = [stream.task_id(n) for n in range(5)]
    assert stream.skip(0, {ids[0], ids[1]}.__contains__) == 2
    assert stream.skip(3, {ids[3]}.__contains__) == 4
    fresh = Stream(open_source(str(tmp_path / "a.jsonl")))
    assert fresh.skip(0, lambda _: True) == 5
    assert isinstance(fresh.read(5), InvalidLine)
    assert fresh.skip(6, lambda _: True) == 6


# ── what cannot be used ────────────────────────────────────────────────────

BROKEN = [
    {"text": "sound"},
    '{"text": "broken',
    {"meta": {}},
    {"text": 5},
    {"text": "abc", "spans": [{"start": 0, "end": 9, "label": "A"}]},
    {"text": "abc", "spans": [{"start": 2, "end": 1, "label": "A"}]},
    {"text": "abc", "spans": [{"start": 0, "end": 1, "label": "B"}]},
    b'{"text": "\xff"}',
    {"text": "a\0"},
    '{"text": "\\ud800"}',
    {"text": "sound too", "spans": [{"start": 0, "end": 5, "label": "A"}]},
]


def test_each_bad_line_is_named_before_the_session_opens(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", BROKEN, labels=("A",))
    with pytest.raises(InvalidSource) as caught:
        stream.check_head()
    assert [problem.origin.line for problem in caught.value.problems] == [*range(2, 11)]
    lines = str(caught.value).splitlines()
    path = f"{tmp_path}/a.jsonl"
    assert lines[0].startswith(f"{path}:2: broken JSON: ")
    assert lines[1:9] == [
        f'{path}:3: the task has no "text"',
        f'{path}:4: "text" is a number, not a string',
        f"{path}:5: span 1 (0 to 9) is out of range: the text has 3 characters",
        f"{path}:6: span 1 is reversed: it starts at 2 and ends at 1",
        f'{path}:7: span 1 has the label "B", which is not in the label set',
        f"{path}:8: not valid UTF-8: byte 0xff at character 10",
        f"{path}:9: the text has a NUL at character 1",
        f"{path}:10: a lone surrogate escape (\\ud800), which is not a character, "
        'in the field "text"',
    ]
    assert lines[9:] == ["Nothing was written; fix them, or skip them with --skip-invalid."]


@pytest.mark.parametrize(("name", "content"), [("a.txt", "{}\n{}\n"), ("a.csv", "text\n{}\n{}\n")])
def test_a_file_in_another_encoding_is_told_how_to_name_it(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.format("Grüße", "Köln").encode("cp1252"))
    with pytest.raises(InvalidSource, match="name the encoding of the file, such as --encoding"):
        Stream(open_source(str(path))).check_head()
    stream = Stream(open_source(str(path), encoding="cp1252"))
    assert [task(stream, at).text for at in range(2)] == ["Grüße", "Köln"]


def test_bad_items_of_a_list_in_one_line_are_named_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"text": "a"}, {"text": "b"}, {"meta": {}}, 5]')
    stream = Stream(open_source(str(path)))
    with pytest.raises(InvalidSource) as caught:
        stream.check_head()
    assert str(caught.value).splitlines()[:2] == [
        f'{path}: item 3: the task has no "text"',
        f"{path}: item 4: a task is an object, {{…}}, and this is a number or a truth value",
    ]
    assert str(task(stream, 1).origin) == f"{path}: item 2"


def test_bad_lines_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", BROKEN, labels=("A",), skip_invalid=True)
    stream.check_head()
    assert [task(stream, n).text for n in range(2)] == ["sound", "sound too"]
    assert stream.read(2) is None
    assert (stream.skipped, stream.known, stream.total()) == (9, 2, 2)


def test_a_total_leaves_out_what_was_skipped(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [*BROKEN, *BROKEN], skip_invalid=True)
    task(stream, 1)
    assert not stream.ended
    assert stream.total() == 22 - stream.skipped


def test_only_so_many_bad_lines_are_listed(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", ["{"] * 1500)
    with pytest.raises(InvalidSource) as caught:
        stream.check_head()
    assert len(caught.value.problems) == 1000
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert lines[20] == "and 980 more"
    assert caught.value.exit_code == 1


def test_nothing_but_bad_lines_is_not_read_to_its_end(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", ["{"] * 1500, skip_invalid=True)
    stream.check_head()
    assert (stream.skipped, stream.ended) == (1000, False)


def test_a_later_bad_line_is_shown_when_it_is_reached(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.jsonl", [{"text": "a"}] * 1000 + ["{", {"text": "b"}])
    stream = Stream(open_source(spec))
    stream.check_head()
    for _ in range(2):
        bad = invalid(stream, 1000)
        assert bad.problem.startswith("broken JSON")
        assert (bad.position, bad.origin.line) == (1000, 1001)
        assert str(bad) == f"{spec}:1001: {bad.problem}"
        assert task(stream, 1001).text == "b"
    assert stream.task_id(1000) is None


def test_several_things_wrong_with_a_line_are_told_together(tmp_path: Path) -> None:
    spans = [{"start": 1, "end": 1, "label": "A"}, {"start": 0, "end": 1}]
    stream = stream_of(tmp_path / "a.jsonl", [{"text": "ab", "spans": spans}])
    bad = invalid(stream, 0)
    assert bad.problem == "span 1 is empty: it starts and ends at 1; span 2 has no label"


def test_what_is_wrong_with_the_source_as_a_whole_is_said_every_time(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,sentence\n1,a\n")
    stream = Stream(open_source(str(tmp_path / "a.csv")), skip_invalid=True)
    for _ in range(2):
        with pytest.raises(AnnotateError, match="no column"):
            stream.check_head()
    assert not stream.ended


def test_compressed_data_that_is_cut_is_shown_even_if_bad_lines_are_skipped(
    tmp_path: Path,
) -> None:
    packed = gzip.compress(b"".join(b'{"text":"%d"}\n' % n for n in range(5000)))
    (tmp_path / "a.jsonl.gz").write_bytes(packed[:-200])
    stream = Stream(open_source(str(tmp_path / "a.jsonl.gz")), skip_invalid=True)
    *tasks, last = read_all(stream)
    assert all(isinstance(one, Task) for one in tasks)
    assert isinstance(last, InvalidLine)
    assert last.problem == "the compressed data ends in the middle"


# ── labels ─────────────────────────────────────────────────────────────────


def labelled(*labels: str) -> dict[str, Any]:
    return {"text": "abc", "spans": [{"start": 0, "end": 1, "label": one} for one in labels]}


def test_the_labels_that_come_with_the_tasks_are_known(tmp_path: Path) -> None:
    rows = [labelled("B", "A"), {"text": "x", "spans": None}, labelled("A", "C")]
    stream = stream_of(tmp_path / "a.jsonl", rows)
    stream.check_head()
    assert list(stream.expected.labels_seen) == ["B", "A", "C"]


def test_labels_may_be_offered_later(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [labelled("A"), labelled("B")], labels=["A"])
    assert task(stream, 0).spans == labelled("A")["spans"]
    assert invalid(stream, 1).problem.endswith("which is not in the label set")
    stream.expected.labels = ("A", "B")
    assert task(stream, 1).spans == labelled("B")["spans"]
    assert task(stream, 1).id == stream.task_id(1)


def test_labels_can_be_kept_that_are_not_on_offer(tmp_path: Path) -> None:
    stream = stream_of(tmp_path / "a.jsonl", [labelled("B")], labels=["A"], keep_labels=True)
    stream.check_head()
    assert task(stream, 0).spans == labelled("B")["spans"]


# ── files that change while they are open ──────────────────────────────────

CHANGED = "the file changed while it was open; quit and start again to read it as it is now"


def cut(path: Path) -> None:
    os.truncate(path, 40)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def shifted(path: Path) -> None:
    path.write_bytes(b'{"text": "new first line"}\n' + path.read_bytes())


def reversed_lines(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(reversed(lines)))


@pytest.mark.parametrize("change", [cut, emptied, shifted, reversed_lines])
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt"])
def test_a_line_that_is_not_the_one_that_was_read_is_no_task(
    tmp_path: Path, change: Callable[[Path], None], name: str
) -> None:
    path = tmp_path / name
    stream = Stream(open_source(numbered(path, 20)))
    assert len(read_all(stream)) == 20
    before = task(stream, 17).id
    change(path)
    bad = invalid(stream, 17)
    assert (bad.problem, bad.origin.line) == (CHANGED, 18)
    assert stream.task_id(17) == before


@pytest.mark.parametrize("change", [cut, emptied, shifted, reversed_lines])
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt"])
def test_a_file_that_changes_before_it_is_read_ends_with_a_sentence(
    tmp_path: Path, change: Callable[[Path], None], name: str
) -> None:
    path = tmp_path / name
    stream = Stream(open_source(numbered(path, 20_000)), skip_invalid=True)
    first = task(stream, 0)
    change(path)
    *tasks, last = read_all(stream)[1:]
    assert isinstance(last, InvalidLine)
    assert last.problem == CHANGED
    assert stream.ended
    # What was read is either as it was then, or told to have changed.
    for one in tasks:
        if isinstance(one, Task):
            assert one.text == first.text.replace("0", str(one.position))
        else:
            assert one.problem == CHANGED
    assert stream.read(last.position) == last


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_a_file_that_is_put_aside_and_shrinks_ends_with_a_sentence(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("text\n" + "".join(f"task {n}\n\n" for n in range(20_000)))
    stream = Stream(open_source(str(path), split="paragraph" if name == "a.txt" else None))
    task(stream, 0)
    emptied(path)
    last = read_all(stream)[-1]
    assert isinstance(last, InvalidLine)
    assert last.problem == CHANGED


def test_a_file_that_is_replaced_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    stream = Stream(open_source(numbered(path, 20)))
    task(stream, 3)
    numbered(tmp_path / "b.jsonl", 2)
    (tmp_path / "b.jsonl").replace(path)
    assert [task(stream, n).text for n in (19, 0)] == ["task 19", "task 0"]


def test_a_bad_line_that_was_mended_meanwhile_asks_for_a_new_start(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    stream = Stream(open_source(write(path, ['{"text": 1', {"text": "b"}])))
    assert invalid(stream, 0).problem.startswith("broken JSON")
    path.write_text('{"text":""}\n')
    assert invalid(stream, 0).problem == CHANGED


# ── finding ────────────────────────────────────────────────────────────────


def test_finding_by_text_hash_and_id(tmp_path: Path) -> None:
    rows = [
        {"text": "Eins"},
        {"text": "ZWEI Straße"},
        "{",
        {"text": "drei", "_input_hash": 77},
        {"text": "vier eins", "_task_hash": -78},
    ]
    stream = stream_of(tmp_path / "a.jsonl", rows)
    assert find(stream, "zwei STRASSE", 0) == 1
    assert find(stream, " eins ", 0) == 0
    assert find(stream, "eins", 1) == 4
    assert find(stream, "fünf", 0) is None
    assert find(stream, "", 0) is None
    assert find(stream, "77", 0) == 3
    assert find(stream, "-78", 0) == 4
    fresh = Stream(open_source(str(tmp_path / "a.jsonl")))
    drei = task(stream, 3)
    assert find(fresh, drei.id, 0) == 3
    assert fresh.known == 4
    assert find(fresh, str(task(stream, 1).input_hash), 0) == 1


def test_finding_reads_no_further_than_it_has_to() -> None:
    source = Counting(1_000_000)
    stream = Stream(source)
    assert find(stream, "task 42", 0) == 42
    assert source.given == 43


def test_finding_can_be_given_up() -> None:
    given_up = Event()
    given_up.set()
    assert find(Stream(Counting(10)), "task 5", 0, cancelled=given_up) is None


# ── the rest ───────────────────────────────────────────────────────────────


def test_several_threads_may_read(tmp_path: Path) -> None:
    stream = Stream(open_source(numbered(tmp_path / "a.jsonl", 3000)))
    seen: dict[int, list[str]] = {}

    def read(step: int) -> None:
        seen[step] = [task(stream, (n * step) % 3000).text for n in range(3000)]

    threads = [Thread(target=read, args=(step,)) for step in (1, 7, 2999)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for step in (1, 7, 2999):
        assert seen[step] == [f"task {(n * step) % 3000}" for n in range(3000)]


def test_closing_lets_go_of_the_source() -> None:
    source = Counting(1)
    Stream(source).close()
    assert source.closed


@pytest.mark.shared_data
def test_real_tasks_read_again_are_what_they_were(shared_data: Path) -> None:
    read = 0
    for path in sorted(shared_data.glob("prodigy-*/**/*.jsonl")):
        if "patterns" in path.name:
            continue
        stream = Stream(open_source(str(path)))
        stream.check_head()
        tasks = read_all(stream)
        assert stream.source.count(Event()) == len(tasks) == stream.total()
        with path.open("rb") as lines:
            for line, one in zip(lines, tasks, strict=True):
                assert isinstance(one, Task)
                known = json.loads(line)
                assert (one.fields, list(one.fields)) == (known, list(known))
                assert task(stream, one.position) == one
                assert stream.position_of(one.id) == one.position
        assert stream.warnings == []
        read += len(tasks)
    assert read > 5900


@pytest.mark.shared_data
def test_headlines_have_the_hashes_of_the_file_annotated_from_them(shared_data: Path) -> None:
    datasets = shared_data / "prodigy-recipes" / "example-datasets"
    annotated = datasets / "annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl"
    known = {
        one.text: one.input_hash
        for one in read_all(Stream(open_source(str(annotated))))
        if isinstance(one, Task)
    }
    headlines = read_all(Stream(open_source(str(datasets / "news_headlines.jsonl"))))
    assert len(headlines) == 200
    for one in headlines:
        assert isinstance(one, Task)
        assert one.input_hash == known[one.text]


@pytest.mark.shared_data
def test_a_folder_of_real_files_reads(shared_data: Path) -> None:
    stream = Stream(open_source(str(shared_data / "prodigy-recipes" / "example-datasets")))
    tasks = read_all(stream)
    assert len(tasks) == 830 + 373 + 1800 + 200 + 200
    assert all(isinstance(one, Task) for one in tasks)


def test_a_source_of_another_medium_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"audio": "a.wav"}\n{"audio": "b.wav"}\n')
    with pytest.raises(AnnotateError) as caught:
        Stream(open_source(str(path))).check_head()
    assert str(caught.value) == (
        f'{path}:1: the task has no "text" but "audio", and this recipe is for text; '
        "try audio.regions."
    )
    path.write_text('{"audio": "a.wav"}\n{"text": "b"}\n')
    with pytest.raises(InvalidSource):
        Stream(open_source(str(path))).check_head()


def test_what_lies_before_a_position_that_was_not_read_yet_is_passed() -> None:
    stream = Stream(Counting(10))
    assert stream.skip(5, lambda _: False) == 5
    assert stream.skip(7, lambda _: True) == 10
    assert stream.skip(2, lambda _: False) == 2
