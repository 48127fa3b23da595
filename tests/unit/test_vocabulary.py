"""The words that typing is completed with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_annotate.errors import UsageError
from tui_annotate.inventory.vocabulary import Vocabulary, read_vocabulary
from tui_annotate.text.entry import Entry


def test_what_is_said_most_comes_first_and_the_list_after_it() -> None:
    words = Vocabulary(["zebra", "apple", "angle"])
    words.learn("the apple, the apple")
    words.learn("The zebra's stripes")
    assert words.words(["stripes stripes stripes"])[:3] == ["stripes", "apple", "the"]
    assert words.words()[-2:] == ["zebra", "angle"]
    assert "stripes" in words.words()
    assert "so" not in Vocabulary().words(["so it is"])


def test_a_word_is_completed_with_the_likeliest_first() -> None:
    words = Vocabulary(["meeting", "meerkat"])
    words.learn("MEE009 is at the meeting, the meeting")
    entry = Entry("so the mee")
    entry.complete(words.words())
    assert entry.text == "so the meeting"
    entry.complete(words.words())
    assert entry.text == "so the MEE009"


def test_a_file_of_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeffalpha\tGreek\n\n beta \nalpha\n", encoding="utf-8")
    assert read_vocabulary([str(path)]).words() == ["alpha", "beta"]
    with pytest.raises(UsageError, match="cannot be read"):
        read_vocabulary([str(tmp_path / "none.txt")])
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_vocabulary([str(path)])
