from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.display import visible_width
from tui_annotate.text.graphemes import boundaries
from tui_annotate.text.layout import Layout
from tui_annotate.text.tokens import Tokens, fallback_pairs

PIECES = (
    *"ab  .\r\n\t\x1bé中，한ไทยक्षि\u0301\u3099\u200d\ufe0f\u0600\u3000\xa0\u202e",
    "👩\u200d👩\u200d👧",
    "👍🏽",
    "🇺🇸",
    "Word ",
    "word.",
    "中文字。",
    "か\u3099",
    "e\u0301",
    " \u0301",
    "     ",
    "\n\n",
)
hard_text = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=40)
widths = st.integers(2, 24)


def lay_out(text: str, width: int) -> Layout:
    return Layout(text, Tokens.from_pairs(text, fallback_pairs(text)), width)


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in lay_out(text, width).rows]


def check(layout: Layout) -> None:
    """What holds for the rows of any text at any width."""
    text, rows = layout.text, layout.rows
    whole = boundaries(text)
    previous = 0
    for row, (start, end) in enumerate(rows):
        assert start in whole
        assert end in whole
        assert previous <= start <= end
        hidden = text[previous:start]
        assert not hidden.strip(), "nothing but white space is between rows"
        assert hidden.count("\n") <= 1
        assert "\n" not in text[start:end]
        cells = layout.cells(row)
        in_text = sorted(cells)
        assert "".join(text[cell.start : cell.end] for cell in in_text) == text[start:end]
        width = sum(cell.width for cell in cells)
        assert (
            layout.row_width(row) == width == visible_width("".join(cell.shown for cell in cells))
        )
        assert width <= layout.width or len(cells) == 1
        previous = end
    assert not text[previous:].strip()
    assert rows[0][0] == 0


@given(hard_text, widths)
def test_rows_cover_the_text_and_fit_and_cut_no_grapheme(text: str, width: int) -> None:
    check(lay_out(text, width))


@given(hard_text, widths)
def test_offsets_and_columns_lead_to_one_another(text: str, width: int) -> None:
    layout = lay_out(text, width)
    for row in range(len(layout.rows)):
        column = 0
        for cell in layout.cells(row):
            assert layout.row_of(cell.start) == row
            assert layout.column_of(cell.start) == column
            for inside in range(column, column + cell.width):
                assert layout.offset_at(row, inside) == cell.start
            column += cell.width
        start, end = layout.rows[row]
        beyond = layout.offset_at(row, column + 5)
        assert beyond == (layout.cells(row)[-1].start if end > start else start)
        assert layout.offset_at(row, -1) == start


@given(hard_text, widths)
def test_every_offset_is_on_a_row_in_order(text: str, width: int) -> None:
    layout = lay_out(text, width)
    found = [layout.row_of(offset) for offset in range(len(text) + 1)]
    assert found == sorted(found)
    assert found[0] == 0
    assert found[-1] == len(layout.rows) - 1
    for offset, row in enumerate(found):
        assert 0 <= layout.column_of(offset) <= layout.row_width(row)


@given(hard_text, widths)
def test_line_breaks_are_kept(text: str, width: int) -> None:
    layout = lay_out(text, width)
    starts = {start for start, _ in layout.rows}
    at = text.find("\n")
    while 0 <= at < len(text) - 1:
        assert at + 1 in starts
        at = text.find("\n", at + 1)
    assert len(lay_out(text, 10_000).rows) == len(text.removesuffix("\n").split("\n"))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two  \t three", 9, ["one two", "three"]),
        ("a\n\nb\n", 10, ["a", "", "b"]),
        ("a\r\nb\r\n", 10, ["a", "b"]),
        ("\n\na", 10, ["", "", "a"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("one two   ", 7, ["one two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("see abc.defghi-jklmn", 8, ["see abc.", "defghi-j", "klmn"]),
        ("中文字，很好。", 6, ["中文字", "，很好", "。"]),
        ("中文字很好。今天", 12, ["中文字很好。", "今天"]),
        ("中文，很好。今天", 10, ["中文，", "很好。今天"]),
        ("ab\xa0cd ef", 6, ["ab\xa0cd", "ef"]),
        ("か\u3099か\u3099か\u3099", 4, ["か\u3099か\u3099", "か\u3099"]),
        ("a👩\u200d👩\u200d👧b", 6, ["a", "👩\u200d👩\u200d👧", "b"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("\tab", 5, ["\t", "ab"]),
        ("x \u0301y", 2, ["x", " \u0301y"]),
    ],
)
def test_where_rows_break(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


def test_tokens_are_broken_between_where_there_is_no_white_space() -> None:
    text = "今天天气很好我们出去"
    tokens = Tokens.from_pairs(text, [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10)])
    rows = Layout(text, tokens, 10).rows
    assert [text[start:end] for start, end in rows] == ["今天天气", "很好我们", "出去"]


def test_a_few_spaces_do_not_leave_rows_of_chinese_empty() -> None:
    text = "我 " + "今天天气很好我们出去" * 3
    assert all(len(line) >= 8 for line in lines(text, 20)[:-1])


def test_hidden_white_space_belongs_to_the_row_before_it() -> None:
    layout = lay_out("one two   three", 8)
    assert list(layout.rows) == [(0, 7), (10, 15)]
    assert [layout.row_of(offset) for offset in (6, 7, 9, 10)] == [0, 0, 0, 1]
    assert layout.column_of(9) == 7


def test_columns_count_cells_not_code_points() -> None:
    layout = lay_out("中a👍🏽\tb", 40)
    assert [layout.column_of(offset) for offset in (0, 1, 2, 3, 4, 5)] == [0, 2, 3, 3, 5, 9]
    assert [layout.offset_at(0, column) for column in (0, 1, 2, 3, 4, 5, 8, 9)] == [
        0,
        0,
        1,
        2,
        2,
        4,
        4,
        5,
    ]


def test_a_long_document_has_all_its_rows() -> None:
    text = "The quick brown fox (aged 5) jumps over it. " * 9000
    layout = lay_out(text, 76)
    shown = " ".join(text[start:end] for start, end in layout.rows)
    assert shown.split() == text.split()
    assert max(end - start for start, end in layout.rows) <= 76
    assert min(end - start for start, end in list(layout.rows)[:-1]) > 60


def real_texts(shared_data: Path) -> Iterator[str]:
    for path in sorted(shared_data.glob("ud-*/*.conllu")):
        texts = [
            line.removeprefix("# text = ")
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("# text = ")
        ]
        yield "\n".join(texts)
        yield " ".join(texts)
    for path in sorted(shared_data.glob("ner-btc-tweets/CONLL-format/**/*.conll")):
        for tweet in path.read_text(encoding="utf-8").split("\n\n"):
            yield " ".join(line.split("\t")[0] for line in tweet.splitlines())
    folder = shared_data / "prodigy-projects" / "textcat_docs_issues"
    for path in sorted(folder.glob("*.control-chars.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


@pytest.mark.shared_data
@pytest.mark.parametrize("width", [60, 99])
def test_real_text_is_laid_out_whole(shared_data: Path, width: int) -> None:
    for text in real_texts(shared_data):
        check(lay_out(text, width))
