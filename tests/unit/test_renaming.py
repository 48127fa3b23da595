"""Labels that get another name while one works."""

from __future__ import annotations

from pathlib import Path

from tui_annotate.session.labels import LabelSet
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.labels import LabelBook


def book(tmp_path: Path) -> LabelBook:
    folder = SessionFolder(tmp_path / "out.jsonl")
    folder.create()
    return LabelBook(folder)


def test_a_name_keeps_its_place_and_colour_and_comes_back_with_the_session(tmp_path: Path) -> None:
    labels = LabelSet(["SPEAKER_1", "BEN"], book(tmp_path))
    labels.rename("SPEAKER_1", "ANNA")
    assert labels.names == ["ANNA", "BEN"]
    assert labels.offered == {"ANNA": 0, "BEN": 1}
    again = LabelSet(["SPEAKER_1", "BEN"], book(tmp_path))
    assert again.names == ["ANNA", "BEN"]
    assert again.offered == labels.offered


def test_colours_stay_when_the_labels_come_in_another_order(tmp_path: Path) -> None:
    assert LabelSet(["A", "B"], book(tmp_path)).offered == {"A": 0, "B": 1}
    assert LabelSet(["C", "B", "A"], book(tmp_path)).offered == {"C": 2, "B": 1, "A": 0}


def test_a_name_that_is_taken_back_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    labels = LabelSet(["A", "B"], book(tmp_path))
    labels.rename("A", "C")
    labels.rename("C", "A")
    assert labels.names == ["A", "B"]
    assert LabelSet(["A", "B"], book(tmp_path)).names == ["A", "B"]


def test_two_labels_become_one(tmp_path: Path) -> None:
    labels = LabelSet(["A", "B", "C"], book(tmp_path))
    labels.rename("C", "A")
    assert labels.names == ["A", "B"]
    assert LabelSet(["A", "B", "C"], book(tmp_path)).names == ["A", "B"]


def test_a_label_that_was_added_is_renamed_and_its_old_name_may_be_given_again(
    tmp_path: Path,
) -> None:
    labels = LabelSet(["SPEAKER_1"], book(tmp_path))
    labels.add("SPEAKER_2")
    labels.rename("SPEAKER_2", "BEN")
    labels.rename("SPEAKER_1", "ANNA")
    labels.add("SPEAKER_1")
    assert labels.names == ["ANNA", "BEN", "SPEAKER_1"]
    again = LabelSet(["SPEAKER_1"], book(tmp_path))
    assert again.names == ["ANNA", "BEN", "SPEAKER_1"]
    assert again.offered == labels.offered


def test_a_label_that_was_added_to_a_block_comes_back_to_it_or_to_the_last_there_is(
    tmp_path: Path,
) -> None:
    labels = LabelSet(["A", "B"], book(tmp_path), [["A"], ["B"]])
    labels.add("C", 0)
    labels.add("D", 1)
    again = LabelSet(["A", "B"], book(tmp_path), [["A"], ["B"]])
    assert again.blocks == [["A", "C"], ["B", "D"]]
    assert LabelSet(["A"], book(tmp_path), [["A"]]).blocks == [["A", "C", "D"]]
