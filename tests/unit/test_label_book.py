"""Labels added in a session are there again on return."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.labels import BookedLabel, LabelBook


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    folder = SessionFolder(tmp_path / "out.jsonl")
    folder.create()
    return folder


labels = st.lists(
    st.builds(
        BookedLabel,
        name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        key=st.none() | st.sampled_from("123qw;"),
        slot=st.none() | st.integers(0, 30),
        added=st.booleans(),
    )
)


@given(labels=labels)
def test_labels_come_back_with_keys_and_colours(
    tmp_path_factory: pytest.TempPathFactory, labels: list[BookedLabel]
) -> None:
    folder = SessionFolder(tmp_path_factory.mktemp("book") / "out.jsonl")
    folder.create()
    LabelBook(folder).save(labels)
    assert LabelBook(folder).load() == tuple(labels)


def test_before_the_first_time_there_are_none(folder: SessionFolder) -> None:
    assert LabelBook(folder).load() == ()


def test_labels_that_cannot_be_saved_leave_the_old_ones(folder: SessionFolder) -> None:
    class Full(Disk):
        def write(self, fd: int, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    LabelBook(folder).save([BookedLabel("PER")])
    with pytest.raises(AnnotateError, match=r"\(No space left on device\)"):
        LabelBook(folder, disk=Full()).save([BookedLabel("ORG")])
    assert LabelBook(folder).load() == (BookedLabel("PER"),)
    assert sorted(path.name for path in folder.path.iterdir()) == ["drafts", "labels.json"]


@pytest.mark.parametrize("data", [b"", b"{}", b'[{"name": 5}]', b'["PER"]', b"\xff"])
def test_a_book_that_someone_spoilt_is_named(folder: SessionFolder, data: bytes) -> None:
    folder.labels.write_bytes(data)
    with pytest.raises(AnnotateError, match="cannot be read") as refused:
        LabelBook(folder).load()
    assert refused.value.where == str(folder.labels)
    assert refused.value.do
