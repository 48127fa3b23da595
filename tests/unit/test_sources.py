"""Every kind of source, whole and broken."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.sources import Invalid, Record, Source, open_source

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def read(source: Source) -> list[Record | Invalid]:
    return list(source.records())


def fields(source: Source) -> list[dict[str, Any]]:
    records = read(source)
    assert all(isinstance(record, Record) for record in records), records
    return [record.fields for record in records if isinstance(record, Record)]


def told(source: Source) -> list[tuple[int | None, str | dict[str, Any]]]:
    """Each record as its line, with its fields or with what is wrong."""
    return [
        (record.line, record.fields if isinstance(record, Record) else record.message)
        for record in read(source)
    ]


# ── JSONL ──────────────────────────────────────────────────────────────────


def test_jsonl_is_a_task_a_line(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.jsonl", '{"text":"x"}\n\n  \n{"text":"y","meta":{"a":1}}')
    source = open_source(spec)
    assert told(source) == [(1, {"text": "x"}), (4, {"text": "y", "meta": {"a": 1}})]
    assert (source.name, source.stem, source.path) == ("a.jsonl", "a", Path(spec))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.txt", "a.json", "a.csv"])
def test_line_ends_and_byte_order_marks_do_no_harm(
    tmp_path: Path, name: str, mark: str, end: str
) -> None:
    bodies = {
        ".txt": ["one", "two"],
        ".json": ["[", '{"text":"one"},', '{"text":"two"}]'],
        ".csv": ["text", "one", "two"],
    }
    lines = bodies.get(Path(name).suffix, ['{"text":"one"}', '{"text":"two"}'])
    source = open_source(write(tmp_path / name, mark + end.join(lines) + end))
    records = read(source)
    assert [r.fields for r in records if isinstance(r, Record)] == [
        {"text": "one"},
        {"text": "two"},
    ]
    assert [source.reread(r.locator) for r in records] == [
        type(r)(r.fields, source.reread(r.locator).path, None, r.locator)
        for r in records
        if isinstance(r, Record)
    ]
    assert source.count(Event()) == 2
    assert source.total() == 2


def test_nothing_of_a_task_is_lost(tmp_path: Path) -> None:
    line = '{"z":[],"text":"é\\n\\u00e9","meta":{"id":1234567890123456789012,"a":-0.5},"b":null}'
    [task] = fields(open_source(write(tmp_path / "a.jsonl", line)))
    assert task == json.loads(line)
    assert list(task) == ["z", "text", "meta", "b"]
    assert type(task["meta"]["id"]) is int


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"text": "x"', "broken JSON: it ends too early at character 12"),
        (
            b"{'text': 1}",
            "broken JSON: a single quote stands where JSON has double quotes at character 1",
        ),
        (b'{"text": "x', "broken JSON: a string is opened but not closed at character 9"),
        (b'{"text": "a"} {', 'broken JSON: "{" is not expected at character 14'),
        (b'["text"]', "a task is an object, {…}, and this is a list"),
        (b'"text"', "a task is an object, {…}, and this is a string"),
        (b"5", "a task is an object, {…}, and this is a number or a truth value"),
        (b"null", "a task is an object, {…}, and this is null"),
        (b'{"text":"\xc3\xa9\xff"}', "not valid UTF-8: byte 0xff at character 10"),
        (b'{"text":"\xed\xa0\x80"}', "not valid UTF-8: byte 0xed at character 9"),
        (b'\xff\xfe{"text":"a"}', "the file seems to be UTF-16, not UTF-8"),
        (b'{"text":"a\x00"}', "the line has a NUL at character 10"),
        (b'{"text":"\\ud83d!"}', "a lone surrogate escape (\\ud83d), which is not a character"),
        (
            b'{"text":"a","spans":[{"label":"\\udc00"}]}',
            'a lone surrogate escape (\\udc00), which is not a character, in the field "spans"',
        ),
        (
            b'{"text":"a","score":NaN}',
            'broken JSON: NaN is not a JSON number, in the field "score"',
        ),
        (b'{"text":"a","cats":{"A":-Infinity}}', "broken JSON: -Infinity is not a JSON number"),
        (b'{"text":"a","score":1e999}', "broken JSON: 1e999 is not a JSON number"),
        (b"[NaN]", "a task is an object, {…}, and this is a list"),
        (b'{"text":"a","n":' + b"1" * 5000 + b"}", "a number has too many digits"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "the JSON is nested too deeply"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(
    tmp_path: Path, line: bytes, said: str
) -> None:
    # Not the first line, where bytes of UTF-16 would refuse the whole file.
    spec = write(tmp_path / "a.jsonl", b'{"text":"1"}\n' + line + b'\n{"text":"3"}\n')
    source = open_source(spec)
    first, broken, third = read(source)
    assert isinstance(broken, Invalid)
    assert broken.message.startswith(said)
    assert (broken.path, broken.line) == (spec, 2)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    again = source.reread(broken.locator)
    assert isinstance(again, Invalid)
    assert again.message == broken.message


@given(lines=st.lists(st.dictionaries(texts, texts | st.integers(), min_size=1), max_size=8))
def test_any_objects_come_back(
    tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, Any]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    for name, data in (
        ("a.jsonl", content.encode()),
        ("a.jsonl.gz", gzip.compress(content.encode())),
    ):
        source = open_source(write(path.with_name(name), data))
        records = read(source)
        assert [r.fields for r in records if isinstance(r, Record)] == lines
        for record, line in zip(reversed(records), reversed(lines), strict=True):
            again = source.reread(record.locator)
            assert isinstance(again, Record)
            assert again.fields == line


def test_what_json_lacks_passes_in_fields_that_nothing_is_done_with(tmp_path: Path) -> None:
    line = b'{"text":"a","meta":{"p":NaN,"q":[-Infinity,1e999,"\\ud83d!"]},"n":NaN,"\\udc00":1}\n'
    source = open_source(write(tmp_path / "a.jsonl", line))
    wanted = {"text": "a", "meta": {"p": "NaN", "q": ["-Infinity", "1e999", "\\ud83d!"]}}
    found = [{**wanted, "n": "NaN", "\\udc00": 1}]
    assert fields(source) == found
    assert fields(open_source(write(tmp_path / "a.json", b"[" + line + b"]"))) == found


def test_a_byte_order_mark_before_any_line_does_no_harm(tmp_path: Path) -> None:
    mark = "\ufeff".encode()
    spec = write(tmp_path / "a.jsonl", mark + b'{"text":"a"}\n' + mark + b'{"text":"b"}\n')
    assert fields(open_source(spec)) == [{"text": "a"}, {"text": "b"}]
    content = b'[{"text":"a"},' + mark + b'{"text":"b"}]'
    (broken,) = told(open_source(write(tmp_path / "a.json", content)))
    assert broken == (-2, "broken JSON: a byte order mark is not expected at character 14")


@pytest.mark.parametrize("content", ['[{"text":"a"}]', '\ufeff [\n {"text":\n"a"}\n]\n'])
def test_a_list_that_is_called_jsonl_is_told_its_name(tmp_path: Path, content: str) -> None:
    with pytest.raises(AnnotateError, match=r"holds a list of tasks.*name it a\.json"):
        open_source(write(tmp_path / "a.jsonl", content))


def test_a_line_may_be_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    long = {"text": "x" * 300_000}
    spec = write(tmp_path / "a.jsonl", f'{{"text":"a"}}\n{json.dumps(long)}\n{{"text":"b"}}')
    assert fields(open_source(spec)) == [{"text": "a"}, long, {"text": "b"}]
    assert open_source(spec).count(Event()) == 3


# ── JSON ───────────────────────────────────────────────────────────────────


def test_a_json_list_names_the_line_of_each_task(tmp_path: Path) -> None:
    content = '[\n {"text": "a,[]{}"},\n\n {"text":\n  "b"}, 5,\n {"text": "c"}\n]\n'
    assert told(open_source(write(tmp_path / "a.json", content))) == [
        (2, {"text": "a,[]{}"}),
        (4, {"text": "b"}),
        (5, "a task is an object, {…}, and this is a number or a truth value"),
        (6, {"text": "c"}),
    ]


def test_one_bad_task_in_a_json_list_does_not_spoil_the_others(tmp_path: Path) -> None:
    content = '[\n{"text": "a"},\n{"text": "\\ud800"},\n{"text": "b"},\n{"text": NaN}]'
    assert told(open_source(write(tmp_path / "a.json", content))) == [
        (2, {"text": "a"}),
        (3, 'a lone surrogate escape (\\ud800), which is not a character, in the field "text"'),
        (4, {"text": "b"}),
        (5, 'broken JSON: NaN is not a JSON number, in the field "text"'),
    ]


def test_a_json_list_in_one_line_names_the_item_of_each_task(tmp_path: Path) -> None:
    content = '[{"text": "a"}, {"text": "b"}, 5, {"text": "\\ud800"}]\n'
    assert [line for line, _ in told(open_source(write(tmp_path / "a.json", content)))] == [
        *(-1, -2, -3, -4)
    ]
    content = '[{"text": "a"}, {"text" "b"}]\n'
    [(place, said)] = told(open_source(write(tmp_path / "a.json", content)))
    assert (place, str(said)) == (-2, 'broken JSON: """ is not expected at character 24')


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b'[\n{"text": "a"},\n{"text" "b"}]', 3, '""" is not expected at character 8'),
        (b'[\n{"text": "a"}\n{"text": "b"}]', 3, '"{" is not expected at character 0'),
        (b'[\n{"text": "a"},\n', 3, "it ends too early"),
        (b'[\n{"text": "a"}]\nx', 3, '"x" is not expected'),
        (b'[\n{"text": "a\xff"}]', 2, "not valid UTF-8: byte 0xff"),
        (b'{"text":\n "a"}', 1, "the file holds one object, not a list of tasks"),
        (b'"text"', 1, '""" is not expected at character 0'),
        (b'[{"text": "a"}] x', 1, '"x" is not expected at character 16'),
    ],
)
def test_a_broken_json_file_is_named(tmp_path: Path, content: bytes, line: int, said: str) -> None:
    [(at, message)] = told(open_source(write(tmp_path / "a.json", content)))
    assert at == line
    assert said in str(message)


def test_json_that_is_an_object_a_line_is_read_as_such(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.json", '\n{"text":"a"}\n\n{"text":"b"}\n{"text"\n')
    assert [line for line, _ in told(open_source(spec))] == [2, 4, 5]


# ── text ───────────────────────────────────────────────────────────────────

PROSE = "\n  One line.\t\n\n \nTwo\u2028lines\f\nof it.\n\n\nLast"


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        (None, [(2, "  One line.\t"), (5, "Two\u2028lines\f"), (6, "of it."), (9, "Last")]),
        ("line", [(2, "  One line.\t"), (5, "Two\u2028lines\f"), (6, "of it."), (9, "Last")]),
        ("paragraph", [(2, "  One line.\t"), (5, "Two\u2028lines\f\nof it."), (9, "Last")]),
        ("file", [(1, PROSE)]),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.txt.gz", "a.other"])
def test_text_by_line_paragraph_or_file(
    tmp_path: Path, name: str, split: Any, expected: list[tuple[int, str]]
) -> None:
    data = gzip.compress(PROSE.encode()) if name.endswith(".gz") else PROSE.encode()
    source = open_source(write(tmp_path / name, data), split=split)
    assert told(source) == [(line, {"text": text}) for line, text in expected]
    assert source.count(Event()) == len(expected)
    assert source.stem == "a"


def test_line_ends_inside_a_paragraph_are_kept(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.txt", "a\r\nb\r\n\r\nc\r\n")
    assert fields(open_source(spec, split="paragraph")) == [{"text": "a\r\nb"}, {"text": "c"}]
    assert fields(open_source(spec, split="file")) == [{"text": "a\r\nb\r\n\r\nc"}]


@pytest.mark.parametrize("split", ["line", "paragraph", "file"])
def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path, split: Any) -> None:
    spec = write(tmp_path / "a.txt", b"a\nb\xe9\nc")
    invalid = [
        (r.line, r.message) for r in read(open_source(spec, split=split)) if isinstance(r, Invalid)
    ]
    assert invalid == [(2, "not valid UTF-8: byte 0xe9 at character 1")]


def test_other_encodings(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.txt", "né\nGörlitz".encode("cp1252"))
    assert fields(open_source(spec, encoding="cp1252")) == [{"text": "né"}, {"text": "Görlitz"}]
    wide = write(tmp_path / "b.jsonl", '{"text":"né"}\n{"text":"北"}\n'.encode("utf-16"))
    assert fields(open_source(wide, encoding="utf-16")) == [{"text": "né"}, {"text": "北"}]
    undefined = write(tmp_path / "c.txt", b"a\n\x81")
    assert told(open_source(undefined, encoding="cp1252"))[1] == (
        2,
        "not valid cp1252: byte 0x81 at character 0",
    )
    cut = write(tmp_path / "d.txt", "ab".encode("utf-16")[:-1])
    [record] = read(open_source(cut, encoding="utf-16"))
    assert isinstance(record, Invalid)
    assert record.message == "what follows is not utf-16"


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.txt", {"text_column": "x"}, "--text-column: this option is for CSV or TSV; remove it"),
        ("a.jsonl", {"split": "line"}, "--split: this option is for plain text; remove it for"),
        ("a.json.gz", {"text_column": "x"}, "--text-column: this option is for CSV"),
        ("a.csv", {"split": "file"}, "--split: this option is for plain text"),
        ("a.conllu", {"split": "file"}, "--split: this option is for plain text"),
        ("a", {"split": "file", "text_column": "x"}, "either plain text or a table"),
        ("folder/a.md", {"text_column": "x"}, "--text-column: this option is for CSV or TSV"),
    ],
)
def test_an_option_that_changes_nothing_is_refused(
    tmp_path: Path, name: str, options: dict[str, Any], said: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    spec = write(path, "text\n")
    with pytest.raises(UsageError, match=said):
        open_source(str(path.parent) if "/" in name else spec, **options)


def test_a_folder_may_hold_files_that_an_option_is_not_for(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,words\n1,a\n")
    write(tmp_path / "b.txt", "b\nc\n")
    source = open_source(str(tmp_path), text_column="words", split="file")
    assert [task["text"] for task in fields(source)] == ["a", "b\nc"]


def test_a_wrong_encoding_is_told_before_anything_is_read(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.txt", "abc".encode("utf-16"))
    with pytest.raises(AnnotateError, match=r"the file is UTF-16.*--encoding utf-16"):
        open_source(spec)
    with pytest.raises(UsageError, match="there is no encoding 'latin-99'"):
        open_source(spec, encoding="latin-99")
    with pytest.raises(UsageError, match="there is no encoding 'base64'"):
        open_source(spec, encoding="base64")


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt", "a.csv", "a.tsv", "a.other"])
@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
def test_an_empty_source_has_no_tasks(tmp_path: Path, name: str, content: str) -> None:
    source = open_source(write(tmp_path / name, content))
    assert read(source) == []
    assert source.total() == 0


# ── tables ─────────────────────────────────────────────────────────────────


def test_a_table_gives_one_column_as_text_and_the_others_as_meta(tmp_path: Path) -> None:
    spec = write(tmp_path / "a.csv", 'id,Text,by\n7,"two\nlines, ""quoted""",\n8,b,c\n')
    source = open_source(spec)
    assert told(source) == [
        (2, {"text": 'two\nlines, "quoted"', "meta": {"id": "7", "by": ""}}),
        (4, {"text": "b", "meta": {"id": "8", "by": "c"}}),
    ]
    assert fields(open_source(spec, text_column="by"))[1]["text"] == "c"
    assert source.count(Event()) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tsv", "id\ttext\n1\ta, b; c\n"),
        ("a.csv", "id;text\n1;a, b\n"),
        ("a.csv", '"i;;;;d",text\n1,"a, b"\n'.replace("i;;;;d", "id")),
        ("a.csv", "id|text\n1|a, b\n"),
    ],
)
def test_what_stands_between_cells_is_found(tmp_path: Path, name: str, content: str) -> None:
    [task] = fields(open_source(write(tmp_path / name, content)))
    assert task["meta"] == {"id": "1"}
    assert task["text"].startswith("a, b")


def test_a_single_column_needs_no_name(tmp_path: Path) -> None:
    assert fields(open_source(write(tmp_path / "a.csv", "sentence\na\nb\n"))) == [
        {"text": "a"},
        {"text": "b"},
    ]


def test_broken_rows_are_named(tmp_path: Path) -> None:
    content = (
        b"id,text\n"
        b"1,good\n"
        b"2\n"  # line 3
        b'3,"over\ntwo lines",x\n'  # lines 4 and 5
        b'4,"a"b"\n'  # line 6
        b"\n,\n"
        b"5,bad \xff byte\n"  # line 9
        b"6,good too\n"
        b'7,"never closed\nx\n'  # line 11
    )
    source = open_source(write(tmp_path / "a.csv", content))
    assert told(source) == [
        (2, {"text": "good", "meta": {"id": "1"}}),
        (3, "1 cell where the first row has 2"),
        (4, "3 cells where the first row has 2"),
        (6, "a quote inside a quoted cell is not doubled"),
        (9, "not valid UTF-8: byte 0xff at character 6"),
        (10, {"text": "good too", "meta": {"id": "6"}}),
        (11, "a quote that opens in this row is never closed"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('"a",b"c\rd', "a carriage return stands inside a cell without quotes"),
        ('"a""b",c\rd', "a carriage return stands inside a cell without quotes"),
        ('a,"b"c', "a quote inside a quoted cell is not doubled"),
        ('a,"b""c', "a quote that opens in this row is never closed"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_from_the_row(tmp_path: Path, row: str, said: str) -> None:
    source = open_source(write(tmp_path / "a.csv", f"text,b\n{row}\n"))
    assert told(source) == [(2, said)]


@pytest.mark.parametrize(
    ("content", "column", "said"),
    [
        ("id,sentence\n1,a\n", None, 'no column is called "text"; name.*"id", "sentence"'),
        ("id,sentence\n1,a\n", "sentense", r'no column "sentense"; did you mean "sentence"\? The'),
        ("a,a,text\n1,2,3\n", None, 'two columns are called "a"'),
    ],
)
def test_the_text_column_has_to_be_there(
    tmp_path: Path, content: str, column: str | None, said: str
) -> None:
    source = open_source(write(tmp_path / "a.csv", content), text_column=column)
    with pytest.raises(UsageError, match=said):
        read(source)
    assert source.total() is None


def test_a_first_row_that_cannot_be_decoded_ends_it(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.csv", b"id,t\xe9xt\n1,a\n"))
    with pytest.raises(AnnotateError, match=r"a\.csv:1: the first row.*0xe9.*--encoding"):
        read(source)


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))] * 2)
    )
)
def test_any_cells_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    content = io.StringIO(newline="")
    csv.writer(content, quoting=csv.QUOTE_ALL).writerows([("text", "id"), *rows])
    spec = write(tmp_path_factory.mktemp("any") / "a.csv", content.getvalue())
    assert fields(open_source(spec)) == [{"text": t, "meta": {"id": i}} for t, i in kept]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('text\tid\n"a, b" c\t1\n', ['"a, b" c']),
        ('id\ttext\n1\ta "b"\n2\t"\n3\t""\n', ['a "b"', '"', ""]),
        # A quote that is opened in one sentence and closed in another.
        ('text\tid\n"Come in.\t1\n"Sit down.\t2\nNow."\t3\n', ['"Come in.', '"Sit down.', 'Now."']),
        ('text\tid\n"Come in.\t1\nSit down."\t2\n', ['"Come in.', 'Sit down."']),
        ('text\tid\n"Come in.\t1\nSit down.\t2\n', ['"Come in.', "Sit down."]),
        ('text\tid\n5" pipe, 6"\t1\r\n', ['5" pipe, 6"']),
        ('text\n"a\nb" c\n', ['"a', 'b" c']),
        ('text\tid\n"tab\there"\t1\n"two\nlines ""x"""\t2\n', ["tab\there", 'two\nlines "x"']),
        ('id\ttext\n1\t"two\r\n\r\nlines"\n', ["two\r\n\r\nlines"]),
        ('"text"\t"id"\n"a\tb\nc"\t"1"\n', ["a\tb\nc"]),
        ('text\n"a\nb"\n', ["a\nb"]),
    ],
)  # fmt: skip
def test_quotes_in_tsv_count_where_they_enclose_a_cell(
    tmp_path: Path, content: str, texts: list[str]
) -> None:
    source = open_source(write(tmp_path / "a.tsv", content))
    assert [task["text"] for task in fields(source)] == texts


def test_rows_of_a_tsv_that_are_broken_are_named(tmp_path: Path) -> None:
    content = b'text\tid\n"a\nb"\t1\n"c" d\n"bad \xff\t3\n"e\nf\t4\n"g" h\t5\n'
    assert told(open_source(write(tmp_path / "a.tsv", content))) == [
        (2, {"text": "a\nb", "meta": {"id": "1"}}),
        (4, "1 cell where the first row has 2"),
        (5, "not valid UTF-8: byte 0xff at character 5"),
        (6, "1 cell where the first row has 2"),
        (7, {"text": "f", "meta": {"id": "4"}}),
        (8, {"text": '"g" h', "meta": {"id": "5"}}),
    ]


def test_a_quote_that_never_closes_does_not_take_in_a_whole_tsv(tmp_path: Path) -> None:
    rows = "".join(f"row {n}\t{n}\n" for n in range(200_000))
    source = open_source(write(tmp_path / "a.tsv", f'text\tid\n"open\t0\n{rows}'))
    assert [task["text"] for task in fields(source)][:3] == ['"open', "row 0", "row 1"]


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))] * 2)
    )
)
def test_any_quoted_cells_of_a_tsv_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    content = io.StringIO(newline="")
    table = csv.writer(content, dialect="excel-tab", quoting=csv.QUOTE_ALL)
    table.writerows([("text", "id"), *rows])
    spec = write(tmp_path_factory.mktemp("any") / "a.tsv", content.getvalue())
    assert fields(open_source(spec)) == [{"text": t, "meta": {"id": i}} for t, i in kept]


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\0\t\r\n")
                | st.just('"')
            ).filter(lambda text: text.strip() and not (text[0] == text[-1] == '"')),
            st.integers(),
        )
    )
)
def test_any_unquoted_texts_of_a_tsv_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    content = "text\tid\n" + "".join(f"{text}\t{n}\n" for text, n in rows)
    spec = write(tmp_path_factory.mktemp("any") / "a.tsv", content)
    assert [task["text"] for task in fields(open_source(spec))] == [text for text, _ in rows]


# ── compressed ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl"])
def test_compression_is_told_by_content(tmp_path: Path, name: str) -> None:
    data = gzip.compress(b'{"text":"a"}\n{"text":"b"}\n')
    source = open_source(write(tmp_path / name, data))
    assert fields(source) == [{"text": "a"}, {"text": "b"}]
    assert (source.stem, source.total()) == ("a", 2)


def test_a_file_called_gz_may_be_plain(tmp_path: Path) -> None:
    assert fields(open_source(write(tmp_path / "a.jsonl.gz", '{"text":"a"}'))) == [{"text": "a"}]


def test_compressed_data_that_is_cut_or_damaged_ends_with_a_sentence(tmp_path: Path) -> None:
    lines = b"".join(b'{"text":"%d"}\n' % n for n in range(5000))
    packed = gzip.compress(lines)
    for data, said in (
        (packed[: len(packed) // 2], "the compressed data ends in the middle"),
        (packed[:3000] + b"\0" * 2000 + packed[5000:], "the compressed data is damaged here"),
    ):
        source = open_source(write(tmp_path / "a.jsonl.gz", data))
        *before, last = read(source)
        assert isinstance(last, Invalid)
        assert (last.message, last.lost) == (said, True)
        good = [r for r in before if isinstance(r, Record)]
        assert good[0].fields == {"text": "0"}
        assert last.line == len(before) + 1


# ── the standard input and pipes ───────────────────────────────────────────


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, data)
    os.close(write_end)
    monkeypatch.setattr(sys, "stdin", os.fdopen(read_end))


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (b'\n{"text":"a"}\n', {}, [{"text": "a"}]),
        (b'[{"text":"a"}]', {}, [{"text": "a"}]),
        (b'[\n {"text":"a"}]', {}, [{"text": "a"}]),
        (b"[a] line\nb\n", {}, [{"text": "[a] line"}, {"text": "b"}]),
        (b"{a} line\n", {}, [{"text": "{a} line"}]),
        (b'\xef\xbb\xbf{"text":"a"}\n', {}, [{"text": "a"}]),
        (b'{"text":"a"}\n', {"split": "line"}, [{"text": '{"text":"a"}'}]),
        (b"a\nb\n\nc", {"split": "paragraph"}, [{"text": "a\nb"}, {"text": "c"}]),
        (b"x,y\n1,2\n", {"text_column": "y"}, [{"text": "2", "meta": {"x": "1"}}]),
        (gzip.compress(b'{"text":"a"}\n', mtime=0), {}, [{"text": "a"}]),
        (b"", {}, []),
    ],
)
def test_the_standard_input_is_told_by_content(
    monkeypatch: pytest.MonkeyPatch, data: bytes, options: Any, expected: list[dict[str, Any]]
) -> None:
    piped(monkeypatch, data)
    source = open_source("-", **options)
    assert (source.name, source.stem, source.path) == ("stdin", "stdin", None)
    assert source.total() is None
    assert source.count(Event()) is None
    records = read(source)
    assert [r.fields for r in records if isinstance(r, Record)] == expected
    again = [source.reread(r.locator) for r in reversed(records)]
    assert [r.fields for r in again if isinstance(r, Record)] == expected[::-1]


def test_the_standard_input_may_be_replaced_once_it_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    piped(monkeypatch, b"a\n")
    source = open_source("-")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    assert fields(source) == [{"text": "a"}]


def test_a_terminal_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    with pytest.raises(UsageError, match="is a terminal; pipe a file"):
        open_source("-")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_read_forward(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b'{"text":"a"}\n{"text":"b"}\n',))
    writer.start()
    source = open_source(str(pipe))
    assert source.total() is None
    records = read(source)
    writer.join()
    assert [r.fields for r in records if isinstance(r, Record)] == [{"text": "a"}, {"text": "b"}]
    assert isinstance(source.reread(records[0].locator), Record)


# ── folders ────────────────────────────────────────────────────────────────


def test_a_folder_is_read_in_sorted_order(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "b").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    write(folder / "c.txt", "three")
    write(folder / "a.csv", "text,n\none,1\n")
    write(folder / "b" / "x.md", "two")
    write(folder / "d.jsonl", '{"text":"four","meta":{"k":1}}\n{"broken\n')
    write(folder / "e.png", b"\x89PNG\0\0")
    write(folder / "notes", "five")
    write(folder / ".hidden" / "x.txt", "no")
    write(folder / ".hidden.txt", "no")
    source = open_source(str(folder))
    records = read(source)
    found = [(Path(r.path).name, r.line, r.fields) for r in records if isinstance(r, Record)]
    assert found == [
        ("a.csv", 2, {"text": "one", "meta": {"n": "1", "source": "a.csv"}}),
        ("c.txt", 1, {"text": "three", "meta": {"source": "c.txt"}}),
        ("d.jsonl", 1, {"text": "four", "meta": {"k": 1}}),
        ("notes", 1, {"text": "five", "meta": {"source": "notes"}}),
        ("x.md", 1, {"text": "two", "meta": {"source": "b/x.md"}}),
    ]
    [invalid] = [r for r in records if isinstance(r, Invalid)]
    assert (invalid.path, invalid.line) == (str(folder / "d.jsonl"), 2)
    assert source.notices == ["skipped e.png: it is not text"]
    assert (source.name, source.total()) == ("texts", 6)


def test_a_folder_can_hold_the_output(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "a")
    out = Path(write(tmp_path / "out.jsonl", '{"text":"x"}\n'))
    source = open_source(str(tmp_path))
    assert source.holds(out)
    source.leave_out(out)
    assert not source.holds(out)
    assert [task["text"] for task in fields(source)] == ["a"]


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.png", b"\0")
    with pytest.raises(AnnotateError, match="the folder holds no readable file"):
        open_source(str(tmp_path))


def test_a_file_of_a_folder_that_went_away_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "a")
    gone = Path(write(tmp_path / "b.txt", "b"))
    source = open_source(str(tmp_path))
    gone.unlink()
    _, invalid = read(source)
    assert isinstance(invalid, Invalid)
    assert invalid.message == "the file cannot be read (No such file or directory)"


# ── what cannot be opened ──────────────────────────────────────────────────


def test_a_missing_file_is_told_with_what_is_there(tmp_path: Path) -> None:
    write(tmp_path / "news.jsonl", "")
    with pytest.raises(
        AnnotateError, match=r"there is no such file; did you mean .*news\.jsonl\?$"
    ):
        open_source(str(tmp_path / "new.jsonl"))
    with pytest.raises(AnnotateError, match="there is no such file"):
        open_source(str(tmp_path / "none" / "news.jsonl"))


@pytest.mark.parametrize("spec", ["", "a\0b"])
def test_a_name_that_is_none_is_refused(spec: str) -> None:
    with pytest.raises(AnnotateError):
        open_source(spec)


@pytest.mark.parametrize(
    ("data", "what"), [(b"%PDF-1.7", "a PDF"), (b"PK\x03\x04...", "a ZIP archive")]
)
def test_a_foreign_format_is_called_by_its_name(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(AnnotateError, match=f"the file is {what}"):
        open_source(write(tmp_path / "a.bin", data))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads anything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = Path(write(tmp_path / "a.jsonl", ""))
    path.chmod(0)
    with pytest.raises(AnnotateError, match="the file cannot be read"):
        open_source(str(path))


def test_a_name_can_be_given(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.jsonl", ""), name="news")
    assert (source.name, source.stem) == ("news", "news")


def test_file_names_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    spec = write(tmp_path / "a\x1b[2J.jsonl", "{")
    [invalid] = read(open_source(spec))
    assert invalid.path.isprintable()


def test_counting_can_be_given_up(tmp_path: Path) -> None:
    given_up = Event()
    given_up.set()
    for name in ("a.jsonl", "a.csv"):
        source = open_source(write(tmp_path / name, "text\n1\n"))
        assert source.count(given_up) is None


@pytest.mark.parametrize("tail", ["", "\n", "\n\n", "\n \t\r\n", "\nx", "\n\r\nx"])
def test_blank_lines_are_not_counted(tmp_path: Path, tail: str) -> None:
    source = open_source(write(tmp_path / "a.txt", " \na\n\n\r\nb\n\t\n\n c" + tail))
    assert source.count(Event()) == len(read(source))


def test_the_source_of_a_session_is_never_written_to(tmp_path: Path) -> None:
    path = Path(write(tmp_path / "a.jsonl", ""))
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    assert open_source(str(link)).holds(path)
    assert not open_source(str(link)).holds(tmp_path / "b.jsonl")


def test_a_full_temporary_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    source = open_source(write(tmp_path / "a.csv", "text\na\n"))
    with pytest.raises(AnnotateError, match=r"No space left on device.*TMPDIR"):
        read(source)
