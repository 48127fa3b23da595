"""Whatever happens in whichever order, what was saved is there afterwards.

A state machine decides, fails, is killed, loses power between any two calls,
compacts, and lets other programs append, on a disk that forgets what was not
fsynced.
"""

from __future__ import annotations

import errno
import json
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.examples import examples
from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal


class Node:
    """A file's bytes that would survive a power cut."""

    def __init__(self, durable: bytes) -> None:
        self.durable = durable
        # Stretches that an fsync failed for: the system holds them for written.
        self.dropped: list[tuple[int, int]] = []

    def without_dropped(self, data: bytes) -> bytes:
        for start, end in self.dropped:
            data = data[:start] + bytes(len(data[start:end])) + data[end:]
        return data

    def drop(self, data: bytes) -> None:
        self.dropped.append((len(self.durable), len(data)))

    def truncate(self, length: int) -> None:
        self.dropped = [(start, min(end, length)) for start, end in self.dropped if start < length]


class ForgetfulDisk(Disk):
    """Knows what is on the medium; after its last call nothing else gets there.

    Bytes count from the fsync of their file, names from that of their folder.
    What did not count may or may not survive, bytes up to any one of them.
    """

    def __init__(self, root: Path, seed: int, before: ForgetfulDisk | None = None) -> None:
        self.random = random.Random(seed)
        self.root = root
        self.calls_left: int | None = None
        self.dead = False
        self.killed = False
        self.image: dict[Path, bytes] = {}
        self.failures: list[str] = []
        self.short = 0
        self.paths: dict[int, Path] = {}
        self.nodes = {path: Node(path.read_bytes()) for path in _files(root)}
        self.names = dict(self.nodes)
        if before is not None:
            self.nodes, self.names = before.nodes, before.names

    def foreign(self, path: Path, data: bytes) -> None:
        """What another program appended, and fsynced."""
        with path.open("ab") as file:
            file.write(data)
        node = self.nodes[path]
        node.durable = node.without_dropped(path.read_bytes())

    def kill(self) -> None:
        """The process ends here; what it wrote stays until the power goes."""
        self.dead = self.killed = True
        self.image = {path: path.read_bytes() for path in _files(self.root)}

    def _call(self, name: str) -> None:
        if self.calls_left is not None and not self.dead:
            self.calls_left -= 1
            if self.calls_left < 0:
                self.dead = True
                self.image = self._after_power_cut()
        if self.dead:
            raise OSError(errno.EIO, "no power")
        if self.failures == ["fsync", "kill"] and name == "fsync":
            self.kill()
            raise OSError(errno.EIO, "killed")
        if self.failures and self.failures[0] == name:
            self.failures.pop(0)
            raise OSError(errno.ENOSPC if name == "write" else errno.EIO, f"{name} failed")

    def _after_power_cut(self) -> dict[Path, bytes]:
        now = {path: node for path, node in self.nodes.items() if path.exists()}
        names: dict[Path, Node] = {}
        for folder in {path.parent for path in (*now, *self.names)}:
            survived = now if self.random.random() < 0.5 else self.names
            names |= {path: node for path, node in survived.items() if path.parent == folder}
        image = {}
        for path, node in names.items():
            bytes_now = node.durable
            for current, other in now.items():
                if other is node:
                    bytes_now = node.without_dropped(current.read_bytes())
            sure = _agreement(node.durable, bytes_now)
            if sure < len(node.durable) and self.random.random() < 0.5:
                image[path] = node.durable
            else:
                image[path] = bytes_now[: self.random.randint(sure, len(bytes_now))]
        return image

    def open(self, path: Path, flags: int, mode: int = 0o666) -> int:
        self._call("open")
        new = not path.exists()
        fd = super().open(path, flags, mode)
        if new:
            self.nodes[path] = Node(b"")
        self.paths[fd] = path
        return fd

    def write(self, fd: int, data: bytes) -> int:
        if self.failures and self.failures[0] == "short":
            self.failures.pop(0)
            return super().write(fd, data[: self.random.randrange(len(data))])
        self._call("write")
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        path = self.paths[fd]
        node, data = self.nodes[path], path.read_bytes()
        try:
            self._call("fsync")
        except OSError:
            if not self.dead:
                node.drop(data)
            raise
        node.durable = node.without_dropped(data)

    def truncate(self, fd: int, length: int) -> None:
        self._call("truncate")
        super().truncate(fd, length)
        self.nodes[self.paths[fd]].truncate(length)

    def replace(self, source: Path, target: Path) -> None:
        self._call("replace")
        super().replace(source, target)
        self.nodes[target] = self.nodes.pop(source)

    def fsync_folder(self, folder: Path) -> None:
        self._call("fsync_folder")
        kept = {path: node for path, node in self.names.items() if path.parent != folder}
        now = {p: node for p, node in self.nodes.items() if p.parent == folder and p.exists()}
        self.names = kept | now


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def _agreement(one: bytes, other: bytes) -> int:
    """How many bytes two files have in common from their beginning."""
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


Fields = dict[str, Any]


def _line(fields: Fields) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


# In the order in which a failed decision meets them.
FAILURES = [
    ["write"],
    ["short"],
    ["fsync"],
    ["short", "truncate"],
    ["short", "truncate", "truncate", "short", "truncate"],
    ["fsync", "truncate"],
    ["fsync", "write", "truncate"],
    ["fsync", "short", "truncate"],
    ["fsync", "truncate", "fsync", "truncate", "short"],
]

FOREIGN = [
    b'{"_task_id":"0000000000000001","_annotator_id":"carol","answer":"accept"}\n',
    b'{"text":"of another program"}\n',
    b"no json\n",
    b"\n",
    b'{"torn',
    b'{"no line feed":1}',
]


class StoreMachine(RuleBasedStateMachine):
    """Two annotators take turns in one output; other programs append to it."""

    @initialize(seed=st.integers(0, 10**6))
    def begin(self, seed: int) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="store-"))
        self.output = self.root / "out.jsonl"
        self.folder = SessionFolder(self.output)
        self.folder.create()
        self.disk = ForgetfulDisk(self.root, seed)
        # Of each annotator, the decisions in order, as every reader has to see them.
        self.expected: dict[str, dict[str, Fields]] = {"anna": {}, "ben": {}}
        self.saved: list[bytes] = []
        self.foreign: list[bytes] = []
        self.serial = 0
        self.journal = self.open("anna")

    def open(self, annotator: str) -> Journal:
        return Journal.open(
            self.output, self.folder, annotator, disk=self.disk, retry_seconds=0.0005
        )

    def teardown(self) -> None:
        if hasattr(self, "root"):
            self.journal.close()
            shutil.rmtree(self.root)

    @rule(task=st.integers(0, 4), answer=st.sampled_from(["accept", "reject", "ignore"]))
    def decide(self, task: int, answer: str) -> None:
        self.serial += 1
        fields = {
            "text": "Zürich\n" * (self.serial % 3),
            "_task_id": f"{task:016x}",
            "_annotator_id": self.journal.annotator,
            "answer": answer,
            "n": self.serial,
        }
        self.journal.append(fields)
        while not self.journal.wait(0.001):
            if self.disk.dead:
                return self.come_back()
        assert self.journal.state == "saved"
        assert _line(fields) + b"\n" in self.output.read_bytes()
        self.remember(fields)
        if self.disk.dead:
            self.come_back()
        return None

    @rule(answers=st.lists(st.sampled_from(["accept", "reject"]), min_size=3, max_size=3))
    def decide_again_and_again(self, answers: list[str]) -> None:
        for answer in answers:
            self.decide(1, answer)

    def remember(self, fields: Fields) -> None:
        mine = self.expected[fields["_annotator_id"]]
        mine.pop(fields["_task_id"], None)
        mine[fields["_task_id"]] = fields
        self.saved.append(_line(fields))

    @rule(failures=st.sampled_from(FAILURES), foreign=st.sampled_from([None, *FOREIGN]))
    def fail_and_decide(self, failures: list[str], foreign: bytes | None) -> None:
        if foreign is not None:
            self.append_foreign(foreign)
        self.disk.failures = list(failures)
        self.decide(0, "accept")

    @rule(calls=st.integers(0, 12))
    def lose_power_soon(self, calls: int) -> None:
        if self.disk.calls_left is None:
            self.disk.calls_left = calls

    @rule()
    def kill(self) -> None:
        self.disk.kill()
        self.come_back()

    @rule(task=st.integers(0, 4), calls=st.none() | st.integers(0, 6))
    def kill_before_the_fsync(self, task: int, calls: int | None) -> None:
        self.disk.failures = ["fsync", "kill"]
        self.decide(task, "ignore")
        if calls is not None:
            self.lose_power_soon(calls)

    @rule(
        annotator=st.sampled_from(["anna", "ben"]),
        compacting=st.booleans(),
        calls=st.none() | st.integers(0, 12),
    )
    def leave_and_return(self, annotator: str, compacting: bool, calls: int | None) -> None:
        if calls is not None:
            self.lose_power_soon(calls)
        if compacting:
            superseded, changed = self.journal.superseded, self.journal.changed_by_others()
            if self.journal.compact():
                assert superseded
                assert not changed
        self.journal.close()
        if self.disk.dead:
            self.come_back()
        else:
            self.reopen(annotator)

    @precondition(lambda self: not self.disk.dead)
    @rule(data=st.sampled_from(FOREIGN))
    def append_foreign(self, data: bytes) -> None:
        self.disk.foreign(self.output, data)
        if data.strip() and data.endswith(b"\n"):
            self.foreign.append(data[:-1])

    def come_back(self) -> None:
        """The machine is on again: what is on its disk is all there is."""
        pending = self.journal.pending
        annotator = self.journal.annotator
        self.journal.close()
        for path in _files(self.root):
            path.unlink()
        for path, data in self.disk.image.items():
            path.write_bytes(data)
        self.disk = ForgetfulDisk(
            self.root,
            self.disk.random.randrange(10**6),
            self.disk if self.disk.killed else None,
        )
        data = self.output.read_bytes() if self.output.exists() else b""
        tail = data.rsplit(b"\n", 1)[-1]
        self.journal = self.open(annotator)
        assert tail in self.output.read_bytes() or tail + b"\n" in self.folder.torn.read_bytes()
        if pending is not None and self.journal.last(pending["_task_id"]) == pending:
            # It was not said to be saved, but got there.
            self.remember(pending)
        self.check()

    def reopen(self, annotator: str) -> None:
        try:
            self.journal = self.open(annotator)
        except AnnotateError:
            if self.disk.dead:
                return self.come_back()
            # It could not be repaired; with the disk in order it can.
            self.disk.failures = []
            return self.reopen(annotator)
        self.check()
        return None

    def check(self) -> None:
        """What the journal says, and what any reader of the files finds."""
        mine = self.expected[self.journal.annotator]
        order = [self.journal.order(n) for n in range(self.journal.count)]
        assert order == list(mine)
        for task in range(5):
            task_id = f"{task:016x}"
            assert self.journal.decided(task_id) == (task_id in mine)
            assert self.journal.last(task_id) == mine.get(task_id)
        lines = self.output.read_bytes().split(b"\n")
        assert lines.pop() == b""
        last: dict[tuple[str, str], Fields] = {}
        for one in lines:
            try:
                fields = json.loads(one)
            except ValueError:
                continue
            if "_task_id" in fields:
                last[fields["_task_id"], fields["_annotator_id"]] = fields
        for annotator, decisions in self.expected.items():
            found = {task: fields for (task, who), fields in last.items() if who == annotator}
            assert found == decisions
        history = self.folder.history
        kept = history.read_bytes().split(b"\n") if history.exists() else []
        for one in self.saved:
            assert one in lines or one in kept
        # In the order they came; one may stand behind half a line of a third
        # program's, which no reader could have told from it.
        at = 0
        everything = b"\n".join(lines)
        for one in self.foreign:
            found_at = everything.find(one, at)
            assert found_at >= 0
            at = found_at + len(one)

    @invariant()
    def counts_agree(self) -> None:
        if not self.disk.dead and self.journal.state == "saved":
            mine = self.expected[self.journal.annotator]
            assert self.journal.count == len(mine)
            assert sum(self.journal.counts.values()) == len(mine)


@pytest.mark.slow
@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.hypothesis
def test_nothing_that_was_saved_is_lost() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        StoreMachine,
        settings=settings(
            examples(60),
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
