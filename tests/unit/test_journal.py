"""The journal: what is saved, what a failure leaves, what others do to the file."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Busy, Journal

TORN = b'{"_task_id":"00000000000000ff","_annota'


class FaultyDisk(Disk):
    """Fails as it is told, so many times; counts what it is asked for."""

    def __init__(self) -> None:
        self.write_failures: list[OSError | int] = []
        self.fsync_failures: list[OSError] = []
        self.truncate_failures: list[OSError] = []
        self.full = False
        self.writes: list[bytes] = []
        self.calls: list[str] = []

    def write(self, fd: int, data: bytes) -> int:
        self.writes.append(data)
        self.calls.append("write")
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.write_failures:
            failure = self.write_failures.pop(0)
            if isinstance(failure, int):
                return super().write(fd, data[:failure])
            raise failure
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        self.calls.append("fsync")
        if self.fsync_failures:
            raise self.fsync_failures.pop(0)

    def truncate(self, fd: int, length: int) -> None:
        self.calls.append("truncate")
        if self.truncate_failures:
            raise self.truncate_failures.pop(0)
        super().truncate(fd, length)


def decision(
    task: int | str, answer: str = "accept", annotator: str = "anna", **more: Any
) -> dict[str, Any]:
    task_id = task if isinstance(task, str) else f"{task:016x}"
    return {"_task_id": task_id, "_annotator_id": annotator, "answer": answer, **more}


def line(*args: Any, **more: Any) -> bytes:
    fields = decision(*args, **more)
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "news.ner.jsonl"


@pytest.fixture
def open_journal(output: Path) -> Iterator[Callable[..., Journal]]:
    opened: list[Journal] = []

    def open_it(annotator: str = "anna", path: Path = output, **options: Any) -> Journal:
        for journal in opened:
            journal.close()
        folder = SessionFolder(path)
        folder.create()
        options.setdefault("retry_seconds", 0.01)
        journal = Journal.open(path, folder, annotator, **options)
        opened.append(journal)
        return journal

    yield open_it
    for journal in opened:
        journal.close()


def decide(journal: Journal, *args: Any, **more: Any) -> None:
    more.setdefault("annotator", journal.annotator)
    journal.append(decision(*args, **more))
    assert journal.wait(10), journal.error


# -- saving --------------------------------------------------------------


def test_a_decision_is_one_line_by_one_write(open_journal: Any, output: Path) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk)
    decide(journal, 1, text="Görlitz\u2028\n")
    assert output.read_bytes() == line(1, text="Görlitz\u2028\n")
    assert disk.writes == [output.read_bytes()]
    assert journal.length == len(output.read_bytes())


def test_the_line_is_written_before_append_returns_and_saved_after_the_fsync(
    open_journal: Any, output: Path
) -> None:
    class Slow(Disk):
        def __init__(self) -> None:
            self.medium = threading.Event()
            self.medium.set()

        def fsync(self, fd: int) -> None:
            assert self.medium.wait(10)

    disk = Slow()
    told = threading.Event()
    journal = open_journal(disk=disk, notify=told.set)
    disk.medium.clear()
    journal.append(decision(1))
    assert output.read_bytes() == line(1)
    assert journal.state == "saving"
    assert journal.length == 0
    assert journal.decided(decision(1)["_task_id"])
    assert journal.pending == journal.last(decision(1)["_task_id"]) == decision(1)
    with pytest.raises(Busy):
        journal.append(decision(2))
    assert not told.is_set()
    disk.medium.set()
    assert told.wait(10)
    assert (journal.state, journal.pending) == ("saved", None)
    assert output.read_bytes() == line(1)


def test_fields_that_resume_needs_have_to_be_there(open_journal: Any, output: Path) -> None:
    journal = open_journal()
    for wrong in (
        {"_annotator_id": "anna", "answer": "accept"},
        {"_task_id": "1", "_annotator_id": "anna"},
        decision(1, annotator="ben"),
    ):
        with pytest.raises(ValueError, match="decision"):
            journal.append(wrong)
    assert output.read_bytes() == b""


def test_a_guard_that_refuses_leaves_the_file_alone(open_journal: Any, output: Path) -> None:
    def refuse() -> None:
        raise AnnotateError("not yours any more")

    journal = open_journal(guard=refuse)
    with pytest.raises(AnnotateError, match="not yours"):
        journal.append(decision(1))
    assert output.read_bytes() == b""
    assert journal.state == "saved"
    assert not journal.decided(decision(1)["_task_id"])


# -- failures ------------------------------------------------------------

FULL = OSError(errno.ENOSPC, "No space left on device")
BROKEN = OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    "faults",
    [
        {"write_failures": [FULL]},
        {"write_failures": [7]},
        {"write_failures": [7, 0, FULL]},
        {"fsync_failures": [BROKEN]},
        {"fsync_failures": [BROKEN, BROKEN]},
        {"write_failures": [7], "fsync_failures": [BROKEN]},
    ],
)
def test_a_failed_line_is_taken_off_and_written_again(
    open_journal: Any, output: Path, faults: dict[str, list[Any]]
) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk)
    decide(journal, 1)
    for name, failures in faults.items():
        setattr(disk, name, list(failures))
    decide(journal, 2)
    assert output.read_bytes() == line(1) + line(2)
    assert journal.last(decision(2)["_task_id"]) == decision(2)
    decide(journal, 3)
    assert output.read_bytes() == line(1) + line(2) + line(3)
    assert not journal.changed_by_others()


def test_a_repeated_fsync_is_not_trusted(open_journal: Any) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk)
    disk.calls.clear()
    disk.fsync_failures = [BROKEN]
    decide(journal, 1)
    assert disk.calls == ["write", "fsync", "truncate", "write", "fsync"]


@pytest.mark.parametrize("written", [0, 1, 40, 10_000])
def test_where_truncating_fails_the_next_try_begins_with_a_line_feed(
    open_journal: Any, output: Path, written: int
) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk)
    decide(journal, 1)
    if written > 1000:
        disk.fsync_failures = [BROKEN]
    else:
        disk.write_failures = [written]
    disk.truncate_failures = [BROKEN] * 3
    decide(journal, 2)
    decide(journal, 3)
    left = line(2)[:written]
    expected = line(1) + (left + b"\n" if left else b"") + line(2) + line(3)
    assert output.read_bytes() == expected
    assert not journal.changed_by_others()
    again = open_journal()
    assert [again.order(n) for n in range(again.count)] == [
        decision(n)["_task_id"] for n in (1, 2, 3)
    ]


def test_a_full_disk_keeps_the_decision_and_says_so_until_there_is_room(
    open_journal: Any, output: Path
) -> None:
    disk = FaultyDisk()
    told: list[tuple[str, str | None]] = []
    failed, saved = threading.Event(), threading.Event()

    def notify() -> None:
        told.append((journal.state, journal.error))
        (failed if journal.state == "failed" else saved).set()

    journal = open_journal(disk=disk, notify=notify)
    decide(journal, 1)
    told.clear()
    disk.full = True
    journal.append(decision(2))
    assert failed.wait(10)
    assert journal.error == "No space left on device"
    assert journal.pending == decision(2)
    with pytest.raises(Busy):
        journal.append(decision(3))
    assert output.read_bytes() == line(1)
    assert not journal.wait(0.05)
    saved.clear()
    disk.full = False
    assert saved.wait(10)
    # Many tries, one announcement of each state.
    assert told == [("failed", "No space left on device"), ("saved", None)]
    assert output.read_bytes() == line(1) + line(2)


def test_leaving_with_a_full_disk_leaves_no_part_of_the_line(
    open_journal: Any, output: Path
) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk, retry_seconds=100)
    decide(journal, 1)
    disk.write_failures = [5] * 9
    journal.append(decision(2))
    assert journal.close() is False
    assert output.read_bytes() == line(1)
    assert journal.pending == decision(2)


def test_a_notify_that_raises_does_not_stop_saving(open_journal: Any, output: Path) -> None:
    def notify() -> None:
        raise RuntimeError("the screen is gone")

    journal = open_journal(notify=notify)
    decide(journal, 1)
    decide(journal, 2)
    assert output.read_bytes() == line(1) + line(2)


def test_a_lock_lost_while_retrying_stops_the_writing(open_journal: Any, output: Path) -> None:
    disk = FaultyDisk()
    lost = threading.Event()

    def guard() -> None:
        if lost.is_set():
            raise AnnotateError("the output is written by ben")

    journal = open_journal(disk=disk, guard=guard)
    decide(journal, 1)
    disk.full = True
    journal.append(decision(2))
    lost.set()
    disk.full = False
    assert not journal.wait(0.1)
    assert journal.close() is False
    assert output.read_bytes() == line(1)
    assert "written by ben" in str(journal.error)


# -- opening -------------------------------------------------------------


@pytest.mark.parametrize("tail", [TORN, b"\0" * 4096, b'"abc', b"x" * 200_000, b"\xff{"])
def test_a_torn_last_line_goes_to_a_side_file(open_journal: Any, output: Path, tail: bytes) -> None:
    output.write_bytes(line(1) + tail)
    journal = open_journal()
    assert output.read_bytes() == line(1)
    assert SessionFolder(output).torn.read_bytes() == tail + b"\n"
    assert journal.messages
    assert "torn" in journal.messages[0]
    decide(journal, 2)
    assert output.read_bytes() == line(1) + line(2)


def test_torn_lines_gather_one_below_the_other(open_journal: Any, output: Path) -> None:
    for tail in (b'{"a', b'{"b'):
        output.write_bytes(line(1) + tail)
        open_journal().close()
    assert SessionFolder(output).torn.read_bytes() == b'{"a\n{"b\n'


@pytest.mark.parametrize("tail", [line(2)[:-1], b'{"foreign": true}', b"{}"])
def test_a_last_line_that_parses_gets_its_line_feed(
    open_journal: Any, output: Path, tail: bytes
) -> None:
    output.write_bytes(line(1) + tail)
    journal = open_journal()
    assert output.read_bytes() == line(1) + tail + b"\n"
    assert journal.messages == []
    assert journal.decided(decision(2)["_task_id"]) == (tail == line(2)[:-1])


@pytest.mark.parametrize("fault", ["write_failures", "fsync_failures"])
def test_what_cannot_be_set_aside_is_not_cut(open_journal: Any, output: Path, fault: str) -> None:
    output.write_bytes(line(1) + TORN)
    disk = FaultyDisk()
    setattr(disk, fault, [FULL])
    with pytest.raises(AnnotateError, match="No space left"):
        open_journal(disk=disk)
    assert output.read_bytes() == line(1) + TORN


def test_lines_of_others_and_other_programs_do_not_count(open_journal: Any, output: Path) -> None:
    output.write_bytes(
        b"".join(
            [
                b"\xef\xbb\xbf" + line(1),
                line(2, annotator="ben"),
                b'{"text": "of another program", "answer": "accept"}\n',
                b'{"_task_id": 7, "_annotator_id": "anna", "answer": "accept"}\n',
                b"\n",
                b"[1, 2]\n",
                b'{"torn in the mid\n',
                line(3)[:-1] + b"\r\n",
                b"\xef\xbb\xbf" + line(4),
                line(1, "reject"),
                line(2, "ignore", annotator="ben"),
            ]
        )
    )
    before = output.read_bytes()
    journal = open_journal()
    assert journal.counts == {"accept": 2, "reject": 1}
    assert journal.superseded == 1
    assert journal.last(decision(4)["_task_id"]) == decision(4)
    assert not journal.decided(decision(2)["_task_id"])
    assert journal.last(decision(2)["_task_id"]) is None
    assert len(journal.unreadable) == 3
    ben = open_journal("ben")
    assert ben.last(decision(2)["_task_id"]) == decision(2, "ignore", annotator="ben")
    assert (ben.count, ben.superseded) == (1, 1)
    assert output.read_bytes() == before


def test_lines_that_hold_more_or_less_than_one_object(open_journal: Any, output: Path) -> None:
    output.write_bytes(line(1) + b'{"a": 1}{"b": 2}\n\n{"c":\n3}\n' + line(2) + line(3))
    journal = open_journal()
    assert [journal.order(n) for n in range(3)] == [decision(n)["_task_id"] for n in (1, 2, 3)]
    assert len(journal.unreadable) == 3


def test_decided_tasks_in_their_order(open_journal: Any) -> None:
    journal = open_journal()
    for task in range(6):
        decide(journal, task)
    for task in (2, 4, 2, 0):
        decide(journal, task, "reject")
    expected = [decision(task)["_task_id"] for task in (1, 3, 5, 4, 2, 0)]
    for again in (False, True):
        one = open_journal() if again else journal
        assert [one.order(n) for n in range(one.count)] == expected
        assert one.counts == {"accept": 3, "reject": 3}
        assert one.superseded == 4
        with pytest.raises(IndexError):
            one.order(6)
        with pytest.raises(IndexError):
            one.order(-1)


def test_ids_that_repeat_in_the_source_are_other_tasks(open_journal: Any) -> None:
    journal = open_journal()
    ids = ["00000000000000ab", "00000000000000ab-2", "00000000000000ab-3", "something else", "ab"]
    for number, task_id in enumerate(ids):
        assert not journal.decided(task_id)
        decide(journal, task_id, n=number)
    again = open_journal()
    for number, task_id in enumerate(ids):
        fields = again.last(task_id)
        assert fields is not None
        assert fields["n"] == number


def test_input_hashes_of_any_kind(open_journal: Any) -> None:
    hashes = [0, -5, 2**31 - 1, 2**63 - 1, 2**64 + 17, "of another program", None, 1.5]
    journal = open_journal()
    assert not journal.decided_input(0)
    for number, value in enumerate(hashes):
        decide(journal, number, _input_hash=value)
    for again in (False, True):
        one = open_journal() if again else journal
        for value in (0, -5, 2**31 - 1, 2**63 - 1):
            assert one.decided_input(value)
        assert not one.decided_input(4)


@pytest.mark.parametrize("number", [5_000])
def test_many_decisions_in_several_blocks(open_journal: Any, output: Path, number: int) -> None:
    text = "Größe " * 40
    output.write_bytes(
        b"".join(
            line(n % 4000, "reject" if n >= 4000 else "accept", text=text, n=n)
            for n in range(number)
        )
    )
    seen: list[tuple[int, int]] = []
    journal = open_journal(progress=lambda done, total: seen.append((done, total)))
    assert (journal.count, journal.superseded) == (4000, 1000)
    assert journal.counts == {"accept": 3000, "reject": 1000}
    for task, n in ((0, 4000), (999, 4999), (1000, 1000), (3999, 3999)):
        fields = journal.last(decision(task)["_task_id"])
        assert fields is not None
        assert fields["n"] == n
    assert journal.order(0) == decision(1000)["_task_id"]
    assert journal.order(3999) == decision(999)["_task_id"]
    assert seen[-1] == (len(output.read_bytes()),) * 2
    assert len(seen) > 1


def test_opening_can_be_cancelled(open_journal: Any, output: Path) -> None:
    output.write_bytes(line(1))

    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_journal(progress=cancel)


def test_an_output_that_is_no_file_is_refused(tmp_path: Path, open_journal: Any) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(AnnotateError):
        open_journal(path=tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AnnotateError, match="not a file"):
        open_journal(path=tmp_path / "pipe")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_output_is_refused(open_journal: Any, output: Path) -> None:
    output.write_bytes(b"")
    output.chmod(0o400)
    with pytest.raises(AnnotateError, match="cannot be opened for writing"):
        open_journal()


def test_a_link_and_its_file_have_one_folder(
    tmp_path: Path, open_journal: Any, output: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.jsonl"
    link.symlink_to(output)
    assert SessionFolder(link).path == SessionFolder(output).path == tmp_path / ".news.ner.session"
    journal = open_journal(path=link)
    decide(journal, 1)
    assert link.is_symlink()
    assert output.read_bytes() == line(1)


# -- other programs ------------------------------------------------------


def test_lines_that_another_program_appends_stay(open_journal: Any, output: Path) -> None:
    journal = open_journal()
    decide(journal, 1)
    with output.open("ab") as file:
        file.write(line(7) + line(8, annotator="ben"))
    assert journal.changed_by_others()
    decide(journal, 2)
    assert output.read_bytes() == line(1) + line(7) + line(8, annotator="ben") + line(2)
    assert journal.decided(decision(7)["_task_id"])
    assert journal.count == 3
    assert any("appended" in message for message in journal.messages)
    decide(journal, 3)
    assert journal.changed_by_others()
    assert len(journal.messages) == 1


def test_half_a_line_of_another_program_is_not_glued_to_ours(
    open_journal: Any, output: Path
) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk)
    decide(journal, 1)
    with output.open("ab") as file:
        file.write(b'{"half')
    disk.write_failures = [3]
    decide(journal, 2)
    assert output.read_bytes() == line(1) + b'{"half\n' + line(2)


def test_a_failed_write_does_not_cut_what_another_program_appended(
    open_journal: Any, output: Path
) -> None:
    class Interloper(FaultyDisk):
        bytes_before = b""
        bytes_after = b""

        def write(self, fd: int, data: bytes) -> int:
            before, self.bytes_before = self.bytes_before, b""
            os.write(fd, before)
            written = super().write(fd, data)
            after, self.bytes_after = self.bytes_after, b""
            os.write(fd, after)
            return written

    disk = Interloper()
    journal = open_journal(disk=disk)
    decide(journal, 1)
    foreign = line(9, annotator="ben")
    disk.bytes_after = foreign
    disk.fsync_failures = [BROKEN]
    decide(journal, 2)
    assert output.read_bytes().count(foreign) == 1
    disk.bytes_before = foreign
    decide(journal, 3)
    disk.bytes_before, disk.bytes_after = foreign, foreign
    disk.write_failures = [4]
    decide(journal, 4)
    decide(journal, 5)
    # One of them was glued to the part of a line that was written before it.
    assert output.read_bytes().count(foreign) == 4
    assert journal.count == 5
    assert journal.changed_by_others()
    again = open_journal()
    assert {again.order(n) for n in range(5)} == {decision(n)["_task_id"] for n in range(1, 6)}


@pytest.mark.parametrize("retried", [False, True])
def test_a_file_that_was_replaced_is_read_again(
    open_journal: Any, output: Path, retried: bool
) -> None:
    disk = FaultyDisk()
    journal = open_journal(disk=disk)
    for task in (1, 2):
        decide(journal, task)
    new = output.with_name("new")
    new.write_bytes(line(2, "ignore") + line(5))
    new.replace(output)
    if retried:
        disk.write_failures = [3, FULL, 2]
    decide(journal, 3)
    assert output.read_bytes() == line(2, "ignore") + line(5) + line(3)
    assert not journal.decided(decision(1)["_task_id"])
    assert journal.last(decision(2)["_task_id"]) == decision(2, "ignore")
    assert journal.order(2) == decision(3)["_task_id"]


def test_a_file_that_was_rewritten_in_place_is_read_again(open_journal: Any, output: Path) -> None:
    journal = open_journal()
    for task in (1, 2):
        decide(journal, task)
    output.write_bytes(line(1, "reject"))
    decide(journal, 3)
    assert output.read_bytes() == line(1, "reject") + line(3)
    assert not journal.decided(decision(2)["_task_id"])


def test_a_file_that_was_removed_is_written_again(open_journal: Any, output: Path) -> None:
    journal = open_journal(retry_seconds=0.05)
    for task in (1, 2):
        decide(journal, task)
    output.chmod(0o640)
    output.unlink()
    journal.append(decision(3))
    assert journal.state == "failed"
    assert not output.exists()
    assert journal.wait(10)
    assert output.read_bytes() == line(1) + line(2) + line(3)
    assert output.stat().st_mode & 0o777 == 0o640
    decide(journal, 4)
    assert open_journal().count == 4


# -- processes -----------------------------------------------------------

CHILD = """
import os, signal, sys
from pathlib import Path
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal

class Killed(Disk):
    armed = False
    def fsync(self, fd):
        if self.armed:
            os.kill(os.getpid(), signal.SIGKILL)
        super().fsync(fd)

output, disk = Path(sys.argv[1]), Killed()
folder = SessionFolder(output)
folder.create()
journal = Journal.open(output, folder, "anna", disk=disk)
for task in range(4):
    disk.armed = task == 3
    journal.append({"_task_id": f"{task:016x}", "_annotator_id": "anna", "answer": "accept"})
    assert journal.wait(10)
"""


def test_kill_between_write_and_fsync(open_journal: Any, output: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, str(output)], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    journal = open_journal()
    assert [journal.order(n) for n in range(journal.count)] == [
        decision(n)["_task_id"] for n in range(4)
    ]
    assert journal.messages == []


LIMITED = """
import resource, sys
from pathlib import Path
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal

output = Path(sys.argv[1])
folder = SessionFolder(output)
folder.create()
journal = Journal.open(output, folder, "anna", retry_seconds=0.01)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (250, hard))
decided = 0
while journal.state != "failed":
    journal.append({"_task_id": f"{decided:016x}", "_annotator_id": "anna", "answer": "accept"})
    if not journal.wait(0.2):
        break
    decided += 1
assert journal.state == "failed", journal.state
assert journal.error
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert journal.wait(10)
assert journal.close()
print(decided + 1)
"""


def test_a_file_that_may_not_grow_further(open_journal: Any, output: Path) -> None:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(output)],
        timeout=60,
        check=True,
        capture_output=True,
        text=True,
    )
    number = int(done.stdout)
    assert number >= 2
    assert output.read_bytes() == b"".join(line(n) for n in range(number))


def test_a_disk_that_is_full_and_then_is_not(tmp_path: Path, open_journal: Any) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(small)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("a small disk to fill needs mount and its rights; RLIMIT_FSIZE is tested")
    try:
        output = small / "out.jsonl"
        journal = open_journal(path=output)
        decide(journal, 0)
        ballast = small / "ballast"
        with pytest.raises(OSError, match="space"):
            ballast.write_bytes(b"x" * (1 << 20))
        text = "x" * 10_000
        journal.append(decision(1, text=text))
        assert not journal.wait(0.1)
        assert journal.state == "failed"
        assert journal.error
        assert journal.length == len(line(0))
        ballast.unlink()
        assert journal.wait(10)
        assert output.read_bytes() == line(0) + line(1, text=text)
        journal.close()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_a_closed_journal_takes_no_decision(open_journal: Any, output: Path) -> None:
    journal = open_journal()
    decide(journal, 1)
    assert journal.close()
    with pytest.raises(ValueError, match="closed"):
        journal.append(decision(2))
    assert journal.close()
    assert output.read_bytes() == line(1)
