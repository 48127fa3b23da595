"""Typing a text: graphemes, words, completion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.entry import Entry
from tui_annotate.text.graphemes import is_boundary

TEXTS = st.text(alphabet="ab é\u0301ß日👍🏽\u200dع.", max_size=20)
KEYS = st.sampled_from(
    ["left", "right", "ctrl+left", "ctrl+right", "ctrl+home", "ctrl+end", "backspace", "delete",
     "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+d", "ctrl+e"]
)  # fmt: skip


@given(TEXTS, st.lists(KEYS | TEXTS, max_size=20))
def test_the_caret_never_stands_in_a_grapheme(text: str, acts: list[str]) -> None:
    entry = Entry(text)
    for act in acts:
        if not entry.edit(act):
            entry.insert(act)
        assert 0 <= entry.caret <= len(entry.text)
        assert is_boundary(entry.text, entry.caret)


@given(TEXTS, st.integers(0, 20))
def test_a_caret_from_a_draft_is_put_at_a_border(text: str, caret: int) -> None:
    entry = Entry(text, caret)
    assert entry.text == text
    assert is_boundary(text, entry.caret)


def test_backspace_takes_what_a_reader_takes_for_one_character() -> None:
    entry = Entry("nao\u0303👍🏽")
    entry.edit("backspace")
    assert entry.text == "nao\u0303"
    entry.edit("backspace")
    assert entry.text == "na"


def test_words() -> None:
    entry = Entry("so what did you")
    entry.edit("ctrl+left")
    assert entry.caret == len("so what did ")
    entry.edit("ctrl+w")
    assert (entry.text, entry.caret) == ("so what you", len("so what "))
    entry.edit("ctrl+k")
    assert entry.text == "so what "
    entry.edit("ctrl+u")
    assert entry.text == ""


def test_completion_goes_round_the_words_that_begin_so() -> None:
    entry = Entry("the Am")
    words = ["Amsterdam", "ambulance", "bus"]
    assert entry.complete(words) == "1 more: the same key"
    assert entry.text == "the Amsterdam"
    entry.complete(words)
    assert entry.text == "the ambulance"
    entry.complete(words)
    assert entry.text == "the Amsterdam"
    entry.insert("!")
    entry.edit("ctrl+left")
    assert entry.complete(words) == "type the beginning of a word"


def test_completion_in_the_middle_keeps_what_stands_behind() -> None:
    entry = Entry("an amb came", len("an amb"))
    entry.complete(["ambulance"])
    assert entry.text == "an ambulance came"
    assert entry.caret == len("an ambulance")


def test_snippets_complete_as_words_do() -> None:
    entry = Entry("so [la")
    entry.complete(["[laugh]", "last"])
    assert entry.text == "so [laugh]"
