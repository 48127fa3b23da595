"""Texts in columns: where tokens stand, and the way back."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.columns import GAP, Columns
from tui_annotate.text.display import visible_width
from tui_annotate.text.tokens import Tokens, fallback_pairs


def columns(
    text: str, width: int = 30, reserve: int = 5, wider: dict[int, int] | None = None
) -> Columns:
    return Columns(text, Tokens.from_pairs(text, fallback_pairs(text)), width, reserve, wider)


def drawn(layout: Columns) -> list[str]:
    """The rows as they stand on the screen."""
    rows = []
    for row in range(len(layout.rows)):
        line = ""
        for piece in layout.pieces(row):
            line = line.ljust(piece.column)
            line += "".join(cell.shown for cell in layout.cells_of(piece))
        rows.append(line)
    return rows


def test_every_token_has_a_column_as_wide_as_it_or_its_tag() -> None:
    layout = columns("President Bush on Tuesday nominated two.", 40)
    assert drawn(layout) == ["President  Bush   on     Tuesday", "nominated  two    ."]
    assert [piece.column for piece in layout.pieces(0)] == [0, 11, 18, 25]
    assert [piece.token for piece in layout.pieces(1)] == [4, 5, 6]


def test_a_tag_that_needs_more_widens_its_own_column_only() -> None:
    layout = columns("au parc de", wider={0: 7})
    assert [piece.column for piece in layout.pieces(0)] == [0, 9, 16]


def test_line_breaks_and_blank_lines_are_kept_but_those_at_the_end() -> None:
    layout = columns("one two\nthree\n\nfour\n\n")
    assert drawn(layout) == ["one    two", "three", "", "four"]
    assert [layout.row_of(offset) for offset in (0, 4, 8, 14, 15)] == [0, 0, 1, 2, 3]


def test_blank_lines_before_the_text_are_rows() -> None:
    assert drawn(columns("\n\none")) == ["", "", "one"]


def test_text_that_no_token_covers_is_shown() -> None:
    text = "one -- two"
    layout = Columns(text, Tokens.from_pairs(text, [(0, 3), (7, 10)]), 30, 4)
    assert drawn(layout) == ["one   --  two"]
    assert [piece.token for piece in layout.pieces(0)] == [0, None, 1]


def test_a_token_wider_than_the_screen_goes_on_in_the_next_rows() -> None:
    text = "see " + "x" * 45 + " now"
    layout = columns(text, 20)
    assert drawn(layout) == ["see", "x" * 20, "x" * 20, "xxxxx  now"]
    assert [layout.pieces(row)[0].token for row in range(4)] == [0, 1, None, None]


def test_offsets_lead_to_columns_and_back() -> None:
    text = "From the AP comes this story"
    layout = columns(text)
    for start, _ in fallback_pairs(text):
        row = layout.row_of(start)
        assert layout.offset_at(row, layout.column_of(start)) == start
    # A cell of the gap belongs to the column before it, one past the row to its last.
    assert layout.offset_at(0, 6) == 0
    assert layout.offset_at(0, 99) == text.index("comes")
    assert layout.column_of(text.index("he")) == 8
    assert layout.columns(0, 5, 11) == (7, 19)


def test_no_word_no_column() -> None:
    for text in ("", "  ", "\n\n"):
        layout = columns(text)
        assert list(layout.rows) == [(0, 0)]
        assert layout.column_of(0) == 0
        assert layout.offset_at(0, 5) == 0
        assert layout.row_width(0) == 0


@given(
    st.text(st.sampled_from("ab ,.\n\r\t\u0301é中한👩\u200dא\x07"), max_size=120),
    st.integers(20, 40),
    st.integers(1, 12),
)
def test_rows_hold_every_token_in_order_and_no_more_than_they_are_wide(
    text: str, width: int, reserve: int
) -> None:
    tokens = Tokens.from_pairs(text, fallback_pairs(text))
    layout = Columns(text, tokens, width, reserve)
    pieces = [piece for row in range(len(layout.rows)) for piece in layout.pieces(row)]
    pieces.sort()
    begun = [piece for piece in pieces if piece.token is not None]
    assert [piece.start for piece in begun] == [tokens.starts[stop] for stop in tokens.stops]
    assert [piece.token for piece in begun] == list(range(len(tokens.stops)))
    shown = "".join(text[piece.start : piece.end] for piece in pieces)
    assert "".join(shown.split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    for row, (start, end) in enumerate(layout.rows):
        inside = layout.pieces(row)
        assert layout.row_width(row) <= width
        base = layout.base(row)
        at = width - inside[-1].column - inside[-1].width + inside[0].column if base else 0
        for piece in inside:
            assert piece.column == at
            cells = layout.cells_of(piece)
            assert sum(visible_width(cell.shown) for cell in cells) <= piece.width
            assert layout.row_of(piece.start) == row
            if layout.runs_left(piece.start):
                assert piece.column <= layout.column_of(piece.start) < piece.column + piece.width
            elif layout.is_marked(row):
                assert piece.column <= layout.column_of(piece.start)
            else:
                assert layout.column_of(piece.start) == piece.column
            at += piece.width + GAP
        if inside:
            assert (start, end) == (min(inside).start, max(one.end for one in inside))
    starts = [start for start, _ in layout.rows]
    assert starts == sorted(set(starts))


def test_marks_stay_with_their_letters() -> None:
    text = unicodedata.normalize("NFD", "né là")
    layout = columns(text, 20, 3)
    assert [cell.width for cell in layout.cells_of(layout.pieces(0)[0])] == [1, 1]
    assert [piece.column for piece in layout.pieces(0)] == [0, 5]
