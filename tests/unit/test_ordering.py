"""Right-to-left text: its order in a row, and what terminals make of what is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.direction import base_level, levels, mirrored, visual_order
from tui_annotate.text.display import visible_width
from tui_annotate.text.layout import Layout
from tui_annotate.text.ordering import MARK, ORDERS, Order, in_order

PIECES = [*"אבגש ab 12 ٣٤عربيلامپ()[]{}<>«»,.:;-+$%/!? '\"", "שלום", "word", "3,50", "U+0041"]
mixed = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def reordering(sent: str) -> str:
    """What a terminal shows that orders each row by UAX #9, without the marks."""
    bidi = pytest.importorskip("bidi")
    # A row that does not begin with one would be taken for one that runs from right to left.
    whole = MARK + sent
    seen = bidi.get_display(whole, base_dir="L").replace(MARK, "")
    assert bidi.get_display(whole).replace(MARK, "") == seen
    return str(seen)


@given(mixed, st.sampled_from([0, 1]))
def test_levels_are_those_of_the_standard(text: str, base: int) -> None:
    bidi = pytest.importorskip("bidi")
    order = visual_order(levels(text, base))
    assert "".join(text[at] for at in order) == bidi.get_display(text, base_dir="LR"[base])


@given(mixed, st.sampled_from(["letters", "off"]))
def test_a_terminal_that_reorders_shows_what_one_that_does_not_shows(
    text: str, order: Order
) -> None:
    sent = in_order(text, order)
    assert reordering(sent) == sent.replace(MARK, "")


@given(mixed)
def test_only_words_are_left_to_a_terminal_that_turns_them(text: str) -> None:
    sent = in_order(text, "words")
    letters = in_order(text, "letters").replace(MARK, "")
    forms = {"\u200c": ""}
    assert [c for c in reordering(sent) if not is_arabic(c)] == [
        c for c in letters if not is_arabic(c)
    ], forms


def is_arabic(character: str) -> bool:
    return "\u0620" <= character <= "\u06ff" or "\ufb50" <= character <= "\ufefc"


@given(mixed, st.sampled_from(ORDERS))
def test_nothing_grows_or_is_lost(text: str, order: Order) -> None:
    sent = in_order(text, order)
    assert visible_width(sent) == visible_width(text)
    latin = [c for c in text if c.isascii() and c.isalnum()]
    assert sorted(c for c in sent if c.isascii() and c.isalnum()) == sorted(latin)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("שלום", "םולש"),
        ("שלום (עולם) 2016, abc.", ".abc ,2016 (םלוע) םולש"),
        ("abc שלום def", "abc םולש def"),
        ("  שלום  ", "  םולש  "),
        ("السلام", "ﻡﺎﻠﺴﻟﺍ"),
        ("پارسی", "ﯽﺳﺭﺎﭘ"),
        ("می‌روم", "ﻡﻭﺭ\u200cﯽﻣ"),
        ("plain", "plain"),
        ("太郎", "太郎"),
    ],
)
def test_the_program_orders_and_joins_letters(text: str, shown: str) -> None:
    assert in_order(text, "letters").replace(MARK, "").replace("\u200c", "") == shown.replace(
        "\u200c", ""
    )


def test_in_words_the_letters_of_each_are_left_in_the_order_of_the_text() -> None:
    assert in_order("שלום עולם 12", "words").replace(MARK, "") == "12 עולם שלום"
    assert in_order("שלום עולם 12", "off").replace(MARK, "") == "שלום עולם 12"


@pytest.mark.parametrize(
    ("one", "other"), [("(", ")"), ("«", "»"), ("<", ">"), ("≤", "≥"), ("a", "a"), ("∑", "∑")]
)
def test_brackets_are_mirrored(one: str, other: str) -> None:
    assert mirrored(one) == other
    assert mirrored(other) == one


@pytest.mark.parametrize(("text", "base"), [("12 שלום a", 1), ("- a שלום", 0), ("12", 0), ("", 0)])
def test_a_paragraph_runs_as_its_first_letter(text: str, base: int) -> None:
    assert base_level(text) == base


@pytest.mark.parametrize("order", ORDERS)
def test_columns_lead_to_the_letters_that_stand_there_and_back(order: Order) -> None:
    text = "ab שלום cd\nשלום ab (12) עולם, גם\n12 שלום"
    layout = Layout(text, None, 16, order=order)
    for row, (start, end) in enumerate(layout.rows):
        cells = layout.cells(row)
        assert sum(cell.width for cell in cells) <= 16
        for offset in range(start, end):
            column = layout.column_of(offset)
            assert layout.offset_at(row, column) == offset
            assert layout.stretches(row, offset, offset + 1) == [(column, column + 1)]
        assert layout.base(row) == (row > 0 and order != "off")


@pytest.mark.shared_data
def test_real_hebrew_is_shown_alike_on_both_kinds_of_terminal(shared_data: Path) -> None:
    file = shared_data / "ud-hebrew-iahltwiki" / "he_iahltwiki-ud-test.conllu"
    lines = file.read_text(encoding="utf-8").splitlines()
    texts = [line[9:] for line in lines if line.startswith("# text = ")][:60]
    assert texts
    for text in texts:
        layout = Layout(text, None, 74)
        for row in range(len(layout.rows)):
            sent = "".join(cell.shown for cell in layout.cells(row))
            if not any("\u0591" <= c <= "\u05c7" and c != "\u05be" for c in sent):
                assert reordering(sent) == sent.replace(MARK, "")
