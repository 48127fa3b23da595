"""Words from data in messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.wording import printable, quoted, together


@given(st.text(st.characters()))
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    assert printable(text).isprintable()
    assert quoted(text).isprintable()


def test_what_can_be_shown_is_left_alone() -> None:
    assert printable("Görlitz, שלום, 北京") == "Görlitz, שלום, 北京"


def test_what_cannot_be_shown_is_spelt() -> None:
    assert printable("a\x1b[2J\n\u202e\ud800") == r"a\x1b[2J\n\u202e\ud800"


def test_long_words_are_cut() -> None:
    assert printable("abcdef", 4) == "abc…"
    assert len(quoted("a" * 1000)) == 42


def test_other_values_are_given_as_they_are() -> None:
    assert quoted(5) == "5"


def test_notes_in_one_line_are_told_apart() -> None:
    assert together([]) == ""
    assert together(["a region was cut", "it has 3 channels.", "1 label is new"]) == (
        "a region was cut; it has 3 channels. 1 label is new"
    )
