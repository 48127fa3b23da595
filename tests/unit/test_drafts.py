"""Drafts: on the medium within 200 ms, void once the task is decided."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal

TASK, OTHER = "00000000000000aa", "00000000000000aa-2"


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    folder = SessionFolder(tmp_path / "out.jsonl")
    folder.create()
    return folder


@pytest.fixture
def open_journal(folder: SessionFolder) -> Iterator[Callable[[], Journal]]:
    opened: list[Journal] = []

    def open_it(annotator: str = "anna") -> Journal:
        for journal in opened:
            journal.close()
        opened.append(Journal.open(folder.output, folder, annotator))
        return opened[-1]

    yield open_it
    for journal in opened:
        journal.close()


def decide(journal: Journal, task_id: str, **more: Any) -> None:
    journal.append(
        {"_task_id": task_id, "_annotator_id": journal.annotator, "answer": "accept", **more}
    )
    assert journal.wait(10)


class FailingDisk(Disk):
    """Has no room, or fails at the rename."""

    def __init__(self) -> None:
        self.full = False
        self.renames_fail = False
        self.calls: list[str] = []

    def write(self, fd: int, data: bytes) -> int:
        self.calls.append("write")
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        self.calls.append("fsync")
        super().fsync(fd)

    def replace(self, source: Path, target: Path) -> None:
        self.calls.append("rename")
        if self.renames_fail:
            raise OSError(errno.EIO, "Input/output error")
        super().replace(source, target)


# -- files ---------------------------------------------------------------


def test_what_was_saved_comes_back(folder: SessionFolder) -> None:
    state = {"spans": [[0, 5, "PER"]], "cursor": 3, "field": {"text": "Görlitz", "caret": 2}}
    Drafts(folder).save(TASK, state, 120)
    Drafts(folder).save(OTHER, {"cursor": 1}, 120)
    assert Drafts(folder).load(TASK) == state
    assert Drafts(folder).length(TASK) == 120
    assert Drafts(folder).shelved() == [TASK, OTHER]
    Drafts(folder).discard(TASK)
    Drafts(folder).discard(TASK)
    assert Drafts(folder).load(TASK) is None
    assert Drafts(folder).shelved() == [OTHER]


def test_a_draft_is_written_and_fsynced_before_it_gets_its_name(folder: SessionFolder) -> None:
    disk = FailingDisk()
    Drafts(folder, disk=disk).save(TASK, {"cursor": 1}, 0)
    assert disk.calls == ["write", "fsync", "rename"]
    if os.name == "posix":
        (file,) = folder.drafts.iterdir()
        assert file.stat().st_mode & 0o077 == 0
        assert folder.path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("fault", ["full", "renames_fail"])
def test_a_draft_that_cannot_be_written_leaves_the_old_one(
    folder: SessionFolder, fault: str
) -> None:
    disk = FailingDisk()
    drafts = Drafts(folder, disk=disk)
    drafts.save(TASK, {"cursor": 1}, 0)
    setattr(disk, fault, True)
    with pytest.raises(OSError, match=r"space|Input"):
        drafts.save(TASK, {"cursor": 2}, 0)
    assert drafts.load(TASK) == {"cursor": 1}
    assert len(list(folder.drafts.iterdir())) == 1


def test_a_broken_draft_is_none(folder: SessionFolder) -> None:
    drafts = Drafts(folder)
    drafts.save(TASK, {"cursor": 1}, 0)
    for data in (b"", b"\0" * 100, b"{}", b'{"task_id": 5}', b"\xff"):
        (file,) = folder.drafts.iterdir()
        file.write_bytes(data)
        assert Drafts(folder).load(TASK) is None
        assert Drafts(folder).shelved() == []


@pytest.mark.parametrize("task_id", ["../../x", "", "a/b", "ä" * 300, "a\0b", "." * 3])
def test_any_task_id_has_a_file_in_the_folder(folder: SessionFolder, task_id: str) -> None:
    drafts = Drafts(folder)
    drafts.save(task_id, {"cursor": 1}, 0)
    assert drafts.load(task_id) == {"cursor": 1}
    assert drafts.shelved() == [task_id]
    assert [path.parent for path in folder.drafts.iterdir()] == [folder.drafts]


# -- drafts and decisions ------------------------------------------------


def test_a_draft_is_void_once_its_task_has_a_later_line(
    folder: SessionFolder, open_journal: Any
) -> None:
    journal = open_journal()
    drafts = Drafts(folder, journal)
    drafts.save(TASK, {"cursor": 1}, journal.length)
    decide(journal, OTHER)
    assert drafts.load(TASK) == {"cursor": 1}
    decide(journal, TASK)
    # As after a crash between the decision's fsync and the end of its draft.
    assert drafts.load(TASK) is None
    assert drafts.shelved() == []
    Drafts(folder, open_journal())
    assert list(folder.drafts.iterdir()) == []


def test_a_reopened_task_has_a_draft_beside_its_old_decision(
    folder: SessionFolder, open_journal: Any
) -> None:
    journal = open_journal()
    decide(journal, TASK)
    Drafts(folder, journal).save(TASK, {"cursor": 4}, journal.length)
    journal = open_journal()
    assert journal.decided(TASK)
    drafts = Drafts(folder, journal)
    assert drafts.load(TASK) == {"cursor": 4}
    decide(journal, TASK)
    assert drafts.load(TASK) is None


def test_a_decision_that_is_not_saved_does_not_void_its_draft(folder: SessionFolder) -> None:
    disk = FailingDisk()
    journal = Journal.open(folder.output, folder, "anna", disk=disk, retry_seconds=100)
    drafts = Drafts(folder, journal)
    drafts.save(TASK, {"cursor": 4}, journal.length)
    disk.full = True
    journal.append({"_task_id": TASK, "_annotator_id": "anna", "answer": "accept"})
    assert drafts.load(TASK) == {"cursor": 4}
    assert journal.close() is False


def test_compaction_does_not_revive_or_void_drafts(
    folder: SessionFolder, open_journal: Any
) -> None:
    journal = open_journal()
    for _ in range(5):
        decide(journal, OTHER, padding="x" * 100)
    decide(journal, TASK)
    Drafts(folder, journal).save(TASK, {"cursor": 9}, journal.length)
    assert journal.compact()
    journal = open_journal()
    drafts = Drafts(folder, journal)
    assert drafts.load(TASK) == {"cursor": 9}
    # The draft began beyond the end of the shorter file; a line there is later.
    decide(journal, TASK)
    assert drafts.load(TASK) is None
    assert Drafts(folder, open_journal()).load(TASK) is None


def test_drafts_of_another_annotator_stay_theirs(folder: SessionFolder, open_journal: Any) -> None:
    journal = open_journal("anna")
    Drafts(folder, journal).save(TASK, {"cursor": 1}, journal.length)
    journal = open_journal("ben")
    drafts = Drafts(folder, journal)
    assert drafts.load(TASK) is None
    assert drafts.shelved() == []
    drafts.save(TASK, {"cursor": 2}, journal.length)
    decide(journal, TASK)
    drafts.discard(TASK)
    assert Drafts(folder, open_journal("anna")).load(TASK) == {"cursor": 1}


def test_a_session_that_lost_its_lock_leaves_drafts_alone(folder: SessionFolder) -> None:
    lost = threading.Event()

    def guard() -> None:
        if lost.is_set():
            raise AnnotateError("the output is written by ben")

    journal = Journal.open(folder.output, folder, "anna", guard=guard)
    drafts = Drafts(folder, journal)
    writer = DraftWriter(drafts, delay=0, retry_seconds=3600)
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert writer.flush(10)
    lost.set()
    writer.schedule(TASK, {"cursor": 2}, 0)
    assert writer.flush(10) is False
    assert writer.error == "the output is written by ben."
    assert drafts.load(TASK) == {"cursor": 1}
    writer.close()
    journal.close()


# -- the writer ----------------------------------------------------------


class Gate(Disk):
    """A medium that lets an fsync through only when the test does."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open_ = threading.Event()
        self.writes: list[bytes] = []

    def write(self, fd: int, data: bytes) -> int:
        self.writes.append(data)
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        self.reached.set()
        assert self.open_.wait(10)


def test_edits_in_quick_succession_are_one_write(folder: SessionFolder) -> None:
    disk = Gate()
    disk.open_.set()
    drafts = Drafts(folder, disk=disk)
    writer = DraftWriter(drafts, delay=3600)
    built: list[int] = []

    def state(cursor: int) -> dict[str, Any]:
        built.append(cursor)
        return {"cursor": cursor}

    for cursor in range(20):
        writer.schedule(TASK, partial(state, cursor), 0)
    writer.schedule(OTHER, {"cursor": 0}, 0)
    assert disk.writes == []
    assert writer.flush(10)
    assert built == [19]
    assert len(disk.writes) == 2
    assert drafts.load(TASK) == {"cursor": 19}
    assert drafts.load(OTHER) == {"cursor": 0}
    assert writer.close()


def test_a_draft_is_written_without_being_asked_for(folder: SessionFolder) -> None:
    disk = Gate()
    disk.open_.set()
    writer = DraftWriter(Drafts(folder, disk=disk))
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert disk.reached.wait(10)
    assert writer.close()


def test_closing_writes_what_is_waiting(folder: SessionFolder) -> None:
    writer = DraftWriter(Drafts(folder), delay=3600)
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert writer.close()
    assert Drafts(folder).load(TASK) == {"cursor": 1}


def test_a_discarded_draft_is_not_written_afterwards(folder: SessionFolder) -> None:
    disk = Gate()
    drafts = Drafts(folder, disk=disk)
    writer = DraftWriter(drafts, delay=0)
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert disk.reached.wait(10)
    # One is on its way, the next waits behind it.
    writer.schedule(TASK, {"cursor": 2}, 0)
    writer.discard(TASK)
    disk.open_.set()
    assert writer.close()
    assert drafts.shelved() == []


def test_a_draft_begun_again_while_the_old_one_goes(folder: SessionFolder) -> None:
    disk = Gate()
    drafts = Drafts(folder, disk=disk)
    writer = DraftWriter(drafts, delay=0)
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert disk.reached.wait(10)
    writer.discard(TASK)
    writer.schedule(TASK, {"cursor": 3}, 50)
    disk.open_.set()
    assert writer.close()
    assert drafts.load(TASK) == {"cursor": 3}
    assert drafts.length(TASK) == 50


def test_a_full_disk_is_said_and_tried_again_with_the_newest(folder: SessionFolder) -> None:
    disk = FailingDisk()
    drafts = Drafts(folder, disk=disk)
    told: list[str | None] = []
    failed, mended = threading.Event(), threading.Event()

    def notify() -> None:
        told.append(writer.error)
        (failed if writer.error else mended).set()

    writer = DraftWriter(drafts, notify=notify, delay=0, retry_seconds=0.01)
    disk.full = True
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert failed.wait(10)
    assert writer.flush(10) is False
    writer.schedule(TASK, {"cursor": 2}, 0)
    disk.full = False
    assert mended.wait(10)
    assert writer.flush(10)
    assert drafts.load(TASK) == {"cursor": 2}
    assert told == ["No space left on device", None]
    writer.close()


def test_a_state_that_cannot_be_made_does_not_end_the_writing(folder: SessionFolder) -> None:
    drafts = Drafts(folder)
    writer = DraftWriter(drafts, delay=0, retry_seconds=3600)

    def broken() -> dict[str, Any]:
        raise KeyError("cursor")

    writer.schedule(TASK, broken, 0)
    assert writer.flush(10) is False
    assert writer.error == "KeyError: 'cursor'"
    writer.schedule(TASK, {"cursor": 1}, 0)
    assert writer.flush(10)
    assert drafts.load(TASK) == {"cursor": 1}
    writer.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tui_annotate.store.disk import Disk
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.folder import SessionFolder

class Killed(Disk):
    renames = 0
    def replace(self, source, target):
        self.renames += 1
        if self.renames == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        super().replace(source, target)

folder = SessionFolder(Path(sys.argv[1]))
folder.create()
writer = DraftWriter(Drafts(folder, disk=Killed()))
for spans in ([[0, 1]], [[0, 1], [2, 3]]):
    writer.schedule("00000000000000aa", {"spans": spans}, 0)
    writer.flush(10)
"""


def test_kill_between_a_draft_and_its_name(folder: SessionFolder) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder.output)], timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL
    drafts = Drafts(folder)
    assert drafts.load(TASK) == {"spans": [[0, 1]]}
    drafts.save(TASK, {"spans": []}, 0)
    assert drafts.load(TASK) == {"spans": []}
