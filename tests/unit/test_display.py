from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcwidth

from tui_annotate.text.display import (
    TAB,
    Cell,
    cut,
    display_string,
    filled,
    is_plain,
    safe,
    shown,
    visible_width,
)
from tui_annotate.text.graphemes import graphemes

PIECES = (
    *"ab \r\n\t\x00\x1b\x07\x7f\x85",
    *"é中한ไทยक्षि\u0301\u200d\u200c\ufe0f\u20e3\u0600\u1112\u1161\u11ab",
    *"\u202e\u2066\u200e\u061c\u200b\ufeff\xad\u2028\ufff9\ue000\uffff\u3164\U000e0041\U000e0100",
    *"👩👍🏽🇺🇸🏳©‼",
    "👩\u200d👩\u200d👧",
    "\x1b[31m",
    "e\u0301",
)
hard_text = st.lists(st.sampled_from(PIECES), max_size=24).map("".join) | st.text(max_size=24)
NEVER = {"Cc", "Cs", "Zl", "Zp"}


def spacing_marks(text: str) -> int:
    """Vowel signs that terminals give a cell, and wcwidth and Rich do not."""
    return sum(unicodedata.category(c) == "Mc" and wcwidth(c) == 0 for c in text)


def terminal_width(text: str) -> int:
    return sum(map(wcwidth, text)) + spacing_marks(text)


def rich_width(text: str) -> int:
    return cell_len(text) + spacing_marks(text)


def drawn(text: str) -> str:
    return display_string(text, 0, len(text))


def check(text: str, cells: list[Cell]) -> None:
    """What holds for the cells of any text."""
    assert [(cell.start, cell.end) for cell in cells] == list(graphemes(text))
    for cell in cells:
        assert cell.width == terminal_width(cell.shown) == rich_width(cell.shown) > 0
        assert cell.width <= 16
        for character in cell.shown:
            assert unicodedata.category(character) not in NEVER, ascii(cell)
            assert character not in "\u200d\u061c\u200e\u200f", ascii(cell)
            if unicodedata.category(character) == "Cf":
                # Visible signs, and the non-joiner that Persian is spelled with.
                assert wcwidth(character) == 1 or character == "\u200c", ascii(cell)
    assert rich_width("".join(cell.shown for cell in cells)) == sum(cell.width for cell in cells)


@given(hard_text)
def test_every_cluster_is_shown_in_cells_that_are_known(text: str) -> None:
    cells = shown(text, 0, len(text))
    check(text, cells)
    assert "".join(cell.shown for cell in cells) == drawn(text)
    drawn(text).encode()


@given(hard_text)
def test_a_plain_part_is_shown_as_it_is(text: str) -> None:
    if is_plain(text, 0, len(text)):
        assert shown(text, 0, len(text)) == [Cell(i, i + 1, c, 1) for i, c in enumerate(text)]
        assert drawn(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The café, “quoted” – naïve Ωμέγα Привет", True),
        ("", True),
        ("a\tb", False),
        ("e\u0301", False),
        ("中", False),
        ("שלום", False),
        ("👍", False),
        ("a\x1b", False),
        ("‼", False),
    ],
)
def test_plain_is_where_columns_are_offsets(text: str, plain: bool) -> None:
    assert is_plain(text, 0, len(text)) is plain


def test_plain_looks_at_its_part_only() -> None:
    assert is_plain("中abc中", 1, 4)
    assert not is_plain("中abc中", 1, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\rb", "a␍b"),
        ("\x00\x08\x0b\x0c\x7f", "␀␈␋␌␡"),
        ("a\tb", f"a{TAB}b"),
        ("a\nb\r\n", "a⏎b⏎"),
        ("\u202eevil\u202c", "‹RLO›evil‹PDF›"),
        ("\u2066\u2067\u2068\u2069\u200e\u200f\u061c", "‹LRI›‹RLI›‹FSI›‹PDI›‹LRM›‹RLM›‹ALM›"),
        ("\x85\x9b31m", "‹U+0085›‹U+009B›31m"),
        ("a\u200bb\ufeff\xad", "a‹ZWSP›b‹BOM›‹SHY›"),
        ("\u2028\u2029", "‹LS›‹PS›"),
        ("👩\u200d👩\u200d👧", "👩👩👧"),
        ("❤\ufe0f☺\ufe0e", "❤☺"),
        ("👍🏽", "👍"),
        ("🇺🇸🇩🇪🇫", "‹US›‹DE›‹F›"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴‹gbeng›"),
        ("e\u0301", "e\u0301"),
        ("\u0301a", "◌\u0301a"),
        ("\n\u0301", "⏎◌\u0301"),
        ("🏽", "‹U+1F3FD›"),
        ("क्\u200dष", "क्ष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db\u200cc", "a‹ZWJ›b‹ZWNJ›c"),
        ("a\ufe0f\ufe0f", "a‹U+FE0F›"),
        ("x\U000e0068\U000e0069", "x‹hi›"),
        ("\ud800\uffff", "‹U+D800›‹U+FFFF›"),
        ("\u3164", "‹U+3164›"),
        ("ไทย ภาษา", "ไทย ภาษา"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("한국 \u1112\u1161\u11ab", "한국 \u1112\u1161\u11ab"),
    ],
)
def test_what_is_shown(text: str, expected: str) -> None:
    assert drawn(text) == expected
    check(text, shown(text, 0, len(text)))


def test_every_code_point_alone_is_shown_with_a_width_that_is_agreed_on() -> None:
    blocks = (
        range(0x3400),
        range(0xD700, 0x10000),
        range(0x1F000, 0x1FC00),
        range(0xE0000, 0xE0200),
    )
    for code in (*(code for block in blocks for code in block), *range(0x3400, 0x110000, 101)):
        cells = shown(chr(code), 0, 1)
        assert len(cells) == 1
        cell = cells[0]
        assert cell.width == terminal_width(cell.shown) == rich_width(cell.shown) > 0, hex(code)


def test_a_cluster_without_end_takes_few_cells() -> None:
    crowd = "👨" + "\u200d👨" * 500
    zalgo = "a" + "\u0301" * 5000
    assert len(shown(crowd, 0, len(crowd))) == 1
    for text in (crowd, zalgo):
        cells = shown(text, 0, len(text))
        check(text, cells)
        assert len(cells[0].shown) < 20


def test_a_part_is_shown_with_its_offsets_in_the_text() -> None:
    assert shown("ab👍🏽cd", 1, 5) == [Cell(1, 2, "b", 1), Cell(2, 4, "👍", 2), Cell(4, 5, "c", 1)]


@given(hard_text, st.integers(0, 40))
def test_what_is_cut_or_filled_has_as_many_cells_as_were_asked_for(text: str, width: int) -> None:
    whole = drawn(text)
    assert visible_width(cut(whole, width)) <= width
    assert visible_width(filled(whole, width)) == width
    assert visible_width(filled(whole, width, right=True)) == width
    if visible_width(whole) <= width:
        assert cut(whole, width) == whole


@given(hard_text, st.integers(0, 40))
def test_safe_keeps_to_its_limit(text: str, limit: int) -> None:
    whole = safe(text)
    assert whole == drawn(text)
    short = safe(text, limit)
    assert rich_width(short) <= limit
    if rich_width(whole) <= limit:
        assert short == whole
    elif limit:
        assert short.endswith("…")
        assert whole.startswith(short[:-1])


def real_texts(shared_data: Path) -> Iterator[str]:
    for path in sorted(shared_data.glob("ud-*/*.conllu")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# text = "):
                yield line.removeprefix("# text = ")
    for path in sorted(shared_data.glob("ner-btc-tweets/CONLL-format/**/*.conll")):
        for tweet in path.read_text(encoding="utf-8").split("\n\n"):
            yield " ".join(line.split("\t")[0] for line in tweet.splitlines())
    folder = shared_data / "prodigy-projects" / "textcat_docs_issues"
    for path in sorted(folder.glob("*.control-chars.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


@pytest.mark.shared_data
def test_real_text_is_shown_in_cells_that_are_known(shared_data: Path) -> None:
    count = escapes = 0
    for text in real_texts(shared_data):
        check(text, shown(text, 0, len(text)))
        count += 1
        escapes += drawn(text).count("␛")
    assert count > 4000
    assert escapes > 10
