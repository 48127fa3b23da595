"""Compaction: superseded lines go to the history, everything else stays as bytes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal


def line(task: int, answer: str = "accept", annotator: str = "anna", **more: Any) -> bytes:
    fields = {"_task_id": f"{task:016x}", "_annotator_id": annotator, "answer": answer, **more}
    return json.dumps(fields).encode() + b"\n"


# Each with the lines that anna's session supersedes marked.
LINES: list[tuple[bytes, bool]] = [
    (b"\xef\xbb\xbf" + line(1), True),
    (line(2, "reject"), False),
    (line(5, annotator="ben"), False),
    (b"\n", False),
    (line(3).replace(b" ", b"  ").replace(b"\n", b" \r\n"), True),
    (line(5, "ignore", annotator="ben"), False),
    (b'{"of": "another program", "_task_id": "0000000000000003"}\n', False),
    (b"\xff\xfe no json \0\n", False),
    (line(1, "ignore"), True),
    (line(3, "ignore"), False),
    (line(1, "reject", note="Größe"), False),
]
KEPT = b"".join(data for data, superseded in LINES if not superseded)
SUPERSEDED = b"".join(data for data, superseded in LINES if superseded)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"".join(data for data, _ in LINES))
    return path


@pytest.fixture
def open_journal(output: Path) -> Iterator[Callable[..., Journal]]:
    opened: list[Journal] = []

    def open_it(path: Path = output, **options: Any) -> Journal:
        folder = SessionFolder(path)
        folder.create()
        opened.append(Journal.open(path, folder, "anna", **options))
        return opened[-1]

    yield open_it
    for journal in opened:
        journal.close()


def decide(journal: Journal, task: int) -> None:
    fields = {"_task_id": f"{task:016x}", "_annotator_id": "anna", "answer": "accept"}
    journal.append(fields)
    assert journal.wait(10)


def test_superseded_lines_go_to_the_history_and_the_rest_stays_as_bytes(
    open_journal: Any, output: Path
) -> None:
    journal = open_journal()
    assert journal.superseded == 3
    assert journal.compact()
    assert output.read_bytes() == KEPT
    folder = SessionFolder(output)
    assert folder.history.read_bytes() == SUPERSEDED
    assert not (folder.path / "compacted").exists()
    with pytest.raises(ValueError, match="closed"):
        decide(journal, 9)
    again = open_journal()
    assert again.superseded == 0
    assert again.counts == {"reject": 2, "ignore": 1}
    assert [again.order(n) for n in range(3)] == [f"{task:016x}" for task in (2, 3, 1)]


def test_the_history_grows(open_journal: Any, output: Path) -> None:
    assert open_journal().compact()
    journal = open_journal()
    decide(journal, 2)
    assert journal.compact()
    assert SessionFolder(output).history.read_bytes() == SUPERSEDED + line(2, "reject")


def test_half_a_line_in_the_history_spoils_no_other(open_journal: Any, output: Path) -> None:
    folder = SessionFolder(output)
    folder.create()
    folder.history.write_bytes(b'{"cut by a cr')
    assert open_journal().compact()
    assert folder.history.read_bytes() == b'{"cut by a cr\n' + SUPERSEDED


def test_many_lines_in_several_blocks(open_journal: Any, output: Path) -> None:
    lines = [line(n % 700, text="x" * 2000, n=n) for n in range(2000)]
    output.write_bytes(b"".join(lines))
    assert open_journal().compact()
    assert output.read_bytes() == b"".join(lines[1300:])
    assert SessionFolder(output).history.read_bytes() == b"".join(lines[:1300])


def test_nothing_superseded_nothing_done(open_journal: Any, output: Path) -> None:
    output.write_bytes(KEPT)
    inode = output.stat().st_ino
    journal = open_journal()
    assert journal.compact() is False
    assert output.stat().st_ino == inode
    assert not SessionFolder(output).history.exists()
    decide(journal, 9)


@pytest.mark.parametrize("how", ["appended", "rewritten", "replaced", "removed", "touched"])
def test_a_file_that_another_program_changed_is_left_alone(
    open_journal: Any, output: Path, how: str
) -> None:
    journal = open_journal()
    data = output.read_bytes()
    if how == "appended":
        data += b'{"foreign": 1}\n'
        with output.open("ab") as file:
            file.write(b'{"foreign": 1}\n')
    elif how == "rewritten":
        data = data.replace(b"reject", b"ignore")
        output.write_bytes(data)
    elif how == "replaced":
        new = output.with_name("new")
        new.write_bytes(data)
        new.replace(output)
    elif how == "touched":
        os.utime(output, (0, 0))
    else:
        output.unlink()
    assert journal.changed_by_others()
    assert journal.compact() is False
    assert not SessionFolder(output).history.exists()
    if how == "removed":
        assert not output.exists()
    else:
        assert output.read_bytes() == data


def test_a_change_in_the_middle_of_a_compaction_is_noticed(open_journal: Any, output: Path) -> None:
    class Interloper(Disk):
        armed = False

        def fsync(self, fd: int) -> None:
            super().fsync(fd)
            if self.armed:
                with output.open("ab") as file:
                    file.write(b'{"foreign": 1}\n')

    disk = Interloper()
    journal = open_journal(disk=disk)
    before = output.read_bytes()
    disk.armed = True
    assert journal.compact() is False
    assert output.read_bytes().startswith(before + b'{"foreign": 1}\n')
    assert any("another program" in message for message in journal.messages)


class Recorder(Disk):
    """Notes what is done to which file, and fails or dies at one call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.names: dict[int, str] = {}
        self.fail_at: int | None = None

    def _call(self, name: str, file: str) -> None:
        self.calls.append((name, file))
        if self.fail_at is not None and len(self.calls) > self.fail_at:
            self.fail_at = None
            raise OSError(errno.ENOSPC, "No space left on device")

    def open(self, path: Path, flags: int, mode: int = 0o666) -> int:
        self._call("open", path.name)
        fd = super().open(path, flags, mode)
        self.names[fd] = path.name
        return fd

    def write(self, fd: int, data: bytes) -> int:
        self._call("write", self.names[fd])
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        self._call("fsync", self.names[fd])
        super().fsync(fd)

    def replace(self, source: Path, target: Path) -> None:
        self._call("rename", target.name)
        super().replace(source, target)

    def fsync_folder(self, folder: Path) -> None:
        self._call("fsync", folder.name)
        super().fsync_folder(folder)


def test_the_order_in_which_things_get_to_the_medium(open_journal: Any, tmp_path: Path) -> None:
    disk = Recorder()
    journal = open_journal(disk=disk)
    disk.calls.clear()
    assert journal.compact()
    assert list(dict.fromkeys(disk.calls)) == [
        ("open", "history.jsonl"),
        ("write", "history.jsonl"),
        ("fsync", "history.jsonl"),
        ("fsync", ".out.session"),
        ("open", "compacted"),
        ("write", "compacted"),
        ("fsync", "compacted"),
        ("rename", "out.jsonl"),
        ("fsync", tmp_path.name),
    ]


@pytest.mark.parametrize("call", range(13))
def test_a_compaction_that_fails_leaves_everything_as_it_was(
    open_journal: Any, output: Path, call: int
) -> None:
    before = output.read_bytes()
    disk = Recorder()
    journal = open_journal(disk=disk)
    folder = SessionFolder(output)
    folder.history.write_bytes(b"{}\n")
    disk.calls.clear()
    disk.fail_at = call
    done = journal.compact()
    assert sorted(path.name for path in folder.path.iterdir()) == ["drafts", "history.jsonl"]
    if done:
        # There was no such call, or it was the last: the folder's, after the rename.
        assert disk.fail_at is not None or disk.calls[-1] == ("fsync", output.parent.name)
        assert output.read_bytes() == KEPT
        assert folder.history.read_bytes() == b"{}\n" + SUPERSEDED
        return
    assert disk.fail_at is None
    assert any("No space left" in message for message in journal.messages)
    assert output.read_bytes() == before
    assert folder.history.read_bytes() == b"{}\n"
    decide(journal, 9)
    assert open_journal().decided(f"{9:016x}")


KILLED = """
import os, signal, sys
from pathlib import Path
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal

class Killed(Disk):
    left = None
    def call(self):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    def write(self, fd, data):
        self.call()
        return super().write(fd, data)
    def fsync(self, fd):
        self.call()
        super().fsync(fd)
    def replace(self, source, target):
        self.call()
        super().replace(source, target)
    def fsync_folder(self, folder):
        self.call()
        super().fsync_folder(folder)

output, disk = Path(sys.argv[1]), Killed()
folder = SessionFolder(output)
folder.create()
journal = Journal.open(output, folder, "anna", disk=disk)
disk.left = int(sys.argv[2])
journal.compact()
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("calls", [0, 1, 2, 3, 5, 8, 9, 10])
def test_kill_in_the_middle(open_journal: Any, output: Path, calls: int) -> None:
    before = output.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(output), str(calls)], timeout=60, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL)
    assert output.read_bytes() in (before, KEPT)
    journal = open_journal()
    assert journal.counts == {"reject": 2, "ignore": 1}
    assert journal.compact() or output.read_bytes() == KEPT
    assert output.read_bytes() == KEPT
    history = SessionFolder(output).history.read_bytes()
    for data, superseded in LINES:
        assert (data in history) == superseded or data == b"\n"


# -- what the new file keeps ---------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="modes")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o640, 0o2664])
def test_mode_and_owner_are_kept(open_journal: Any, output: Path, mode: int) -> None:
    if os.geteuid() == 0:
        os.chown(output, 12345, 54321)
    output.chmod(mode)
    before = output.stat()
    assert open_journal().compact()
    now = output.stat()
    assert (now.st_mode, now.st_uid, now.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="extended attributes")
def test_extended_attributes_are_kept(open_journal: Any, output: Path) -> None:
    try:
        os.setxattr(output, "user.project", b"news")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    assert open_journal().compact()
    assert os.getxattr(output, "user.project") == b"news"


def test_an_owner_that_cannot_be_kept_keeps_the_file(
    open_journal: Any, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only a superuser can make a file of another owner")
    os.chown(output, 12345, 54321)

    def refuse(*args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    before = output.read_bytes()
    journal = open_journal()
    assert journal.compact() is False
    assert output.read_bytes() == before
    assert not SessionFolder(output).history.read_bytes()
    assert any("not permitted" in message for message in journal.messages)


def test_a_link_stays_a_link(tmp_path: Path, open_journal: Any, output: Path) -> None:
    (tmp_path / "desk").mkdir()
    link = tmp_path / "desk" / "link.jsonl"
    link.symlink_to(output)
    assert open_journal(link).compact()
    assert link.is_symlink()
    assert output.read_bytes() == link.read_bytes() == KEPT
    assert list((tmp_path / "desk").iterdir()) == [link]


def test_a_file_with_two_names_keeps_them(tmp_path: Path, open_journal: Any, output: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.hardlink_to(output)
    journal = open_journal()
    assert journal.compact() is False
    assert output.samefile(other)
    assert any("hard links" in message for message in journal.messages)


# -- when it may not be --------------------------------------------------


def test_not_with_an_unsaved_decision(open_journal: Any, output: Path) -> None:
    class Full(Disk):
        full = False

        def write(self, fd: int, data: bytes) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(fd, data)

    disk, failed = Full(), Event()
    journal = open_journal(disk=disk, retry_seconds=3600, notify=failed.set)
    before = output.read_bytes()
    disk.full = True
    journal.append({"_task_id": "9", "_annotator_id": "anna", "answer": "accept"})
    assert failed.wait(10)
    assert journal.state == "failed"
    # There is room again, but the decision waits for its next attempt.
    disk.full = False
    assert journal.superseded == 3
    assert journal.compact() is False
    assert not SessionFolder(output).history.exists()
    disk.full = True
    assert journal.close() is False
    assert output.read_bytes() == before


def test_not_while_a_decision_is_on_its_way_to_the_medium(open_journal: Any, output: Path) -> None:
    began, release = Event(), Event()

    class Slow(Disk):
        slow = False

        def fsync(self, fd: int) -> None:
            if self.slow:
                began.set()
                assert release.wait(10)
            super().fsync(fd)

    disk = Slow()
    journal = open_journal(disk=disk)
    disk.slow = True
    journal.append({"_task_id": f"{9:016x}", "_annotator_id": "anna", "answer": "accept"})
    assert began.wait(10)
    assert journal.compact() is False
    release.set()
    assert journal.wait(10)
    assert journal.compact()
    assert output.read_bytes() == KEPT + line(9).replace(b": ", b":").replace(b", ", b",")


def test_not_without_the_lock(open_journal: Any, output: Path) -> None:
    lost = False

    def guard() -> None:
        if lost:
            raise AnnotateError("the output is written by ben")

    journal = open_journal(guard=guard)
    before = output.read_bytes()
    lost = True
    assert journal.compact() is False
    assert output.read_bytes() == before
    assert not SessionFolder(output).history.exists()
