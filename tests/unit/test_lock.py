"""The lock: one writer, and how another session gets its turn."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import portalocker
import pytest

from tui_annotate.errors import AnnotateError
from tui_annotate.store import oslock
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal
from tui_annotate.store.lock import Holder, Lock, LockLost

PATIENCE = 60
"""Seconds after which what does not happen is a failure."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals between processes")

# Signals come to it as to the interface: through the event loop, whichever
# thread the system gives them to.
HOLDER = """
import asyncio, signal, sys
from pathlib import Path
from tui_annotate.store.drafts import Drafts
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lock import Lock

output, how = Path(sys.argv[1]), sys.argv[2]
folder = SessionFolder(output)
folder.create()

async def hold():
    leaving = asyncio.Event()
    stop = leaving.set if how == "leaves" else lambda: None
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, stop)
    lock = Lock(folder, "anna")
    lock.acquire()
    print("holds", flush=True)
    await leaving.wait()
    Drafts(folder).save("00000000000000aa", {"cursor": 5}, 0)
    lock.release()

asyncio.run(hold())
"""


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    folder = SessionFolder(tmp_path / "out.jsonl")
    folder.create()
    return folder


@pytest.fixture
def start(folder: SessionFolder) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts another process that holds the lock."""
    processes: list[subprocess.Popen[str]] = []

    def start_it(how: str = "leaves") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder.output), how],
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert isinstance(process.stdout, IO) or process.stdout
        assert process.stdout.readline() == "holds\n"
        return process

    yield start_it
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def make(folder: SessionFolder) -> Iterator[Callable[..., Lock]]:
    """Locks that are released at the end."""
    locks: list[Lock] = []

    def make_it(annotator: str = "anna", **options: Any) -> Lock:
        locks.append(Lock(folder, annotator, **options))
        return locks[-1]

    yield make_it
    for lock in locks:
        lock.release()


def holder_of(folder: SessionFolder) -> Holder:
    """Who the lock file says has the lock, or had it last."""
    return msgspec.json.decode(folder.lock.read_bytes(), type=Holder)


def put_holder(folder: SessionFolder, **changes: Any) -> Holder:
    """Write the lock file as another host, whose OS lock does not reach here, would."""
    now = time.time()
    holder = Holder(
        token="0" * 16,
        host="elsewhere",
        pid=4711,
        user=str(os.getuid()),
        annotator="ben",
        since=now - 3600,
        heartbeat=now,
    )
    holder = msgspec.structs.replace(holder, **changes)
    folder.lock.touch()
    with folder.lock.open("r+b", buffering=0) as file:
        # As a session does: in one write of one length, so that nobody meets half of it.
        file.write(msgspec.json.encode(holder).ljust(1023) + b"\n")
    return holder


def test_a_second_session_reads_who_has_it_and_the_two_ways_on(
    folder: SessionFolder, start: Any, make: Any
) -> None:
    process = start()
    with pytest.raises(AnnotateError) as refused:
        make("ben").acquire()
    message = str(refused.value)
    for part in (
        "anna",
        f"process {process.pid}",
        "since " + time.strftime("%Y-%m-%d"),
        "--take-over",
        "-o OTHER.jsonl",
        "-o FOLDER/",
        str(folder.output),
    ):
        assert part in message


def test_taking_over_ends_the_first_session_cleanly(
    folder: SessionFolder, start: Any, make: Any
) -> None:
    from tui_annotate.store.drafts import Drafts

    process = start()
    told: list[str] = []
    lock = make()
    lock.acquire(take_over=True, tell=told.append)
    assert process.wait(10) == 0
    assert Drafts(folder).load("00000000000000aa") == {"cursor": 5}
    assert not lock.lost()
    assert holder_of(folder).pid == os.getpid()
    assert any("quit" in message for message in told)


def test_a_suspended_session_wakes_up_to_leave(start: Any, make: Any) -> None:
    process = start()
    os.kill(process.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    make().acquire(take_over=True)
    assert process.wait(10) == 0


def test_a_session_that_does_not_leave_keeps_its_lock(start: Any, make: Any) -> None:
    process = start("stays")
    with pytest.raises(AnnotateError, match=rf"did not quit.*kill -9 {process.pid}"):
        make(leave_seconds=0.2).acquire(take_over=True)
    assert process.poll() is None
    with pytest.raises(AnnotateError, match="is annotating"):
        make().acquire()


def test_a_session_that_was_killed_is_gone(folder: SessionFolder, start: Any, make: Any) -> None:
    process = start()
    process.kill()
    process.wait()
    lock = make("ben")
    lock.acquire()
    assert holder_of(folder).annotator == "ben"


def test_a_released_lock_is_free_and_its_file_stays(folder: SessionFolder, make: Any) -> None:
    first, second = make("anna"), make("ben")
    first.acquire()
    inode = folder.lock.stat().st_ino
    with pytest.raises(AnnotateError, match="anna"):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    assert not second.lost()
    second.release()
    assert folder.lock.stat().st_ino == inode
    assert folder.lock.stat().st_mode & 0o077 == 0


def test_one_process_does_not_hang_up_on_itself(make: Any) -> None:
    make().acquire()
    with pytest.raises(AnnotateError, match="is annotating"):
        make().acquire(take_over=True)


def test_a_lock_between_its_taking_and_its_name(folder: SessionFolder, make: Any) -> None:
    with folder.lock.open("w") as file:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
        timer = threading.Timer(0.1, put_holder, [folder], {"host": "here", "annotator": "carol"})
        timer.start()
        with pytest.raises(AnnotateError, match="carol"):
            make(host="here").acquire()
        timer.join()


def test_the_process_of_an_older_name_is_not_bothered(folder: SessionFolder, make: Any) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        put_holder(folder, host="here", pid=bystander.pid, released=True)
        with folder.lock.open("r+") as file:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
            threading.Timer(
                0.1, put_holder, [folder], {"host": "here", "pid": os.getpid(), "annotator": "eva"}
            ).start()
            with pytest.raises(AnnotateError, match="eva"):
                make(host="here").acquire(take_over=True)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


# -- other hosts, and where locks do not reach ---------------------------


@pytest.fixture
def beating(folder: SessionFolder) -> Iterator[Callable[..., Holder]]:
    """Puts down a holder whose heart beats from then on."""
    ending = threading.Event()
    hearts: list[threading.Thread] = []

    def beat(holder: Holder) -> None:
        while not ending.wait(0.02):
            heartbeat = holder_of(folder).heartbeat + 10
            put_holder(folder, **msgspec.structs.asdict(holder) | {"heartbeat": heartbeat})

    def start_it(**changes: Any) -> Holder:
        holder = put_holder(folder, **changes)
        hearts.append(threading.Thread(target=beat, args=[holder]))
        hearts[-1].start()
        return holder

    yield start_it
    ending.set()
    for heart in hearts:
        heart.join()


BEHIND, AHEAD = -3600.0, 3600.0
"""What the clock of another host may show, by the one here."""


@pytest.mark.parametrize("clock", [BEHIND, 0.0, AHEAD])
def test_a_live_session_on_another_host_is_respected_whatever_its_clock_shows(
    make: Any, beating: Any, clock: float
) -> None:
    beating(heartbeat=time.time() + clock)
    told: list[str] = []
    with pytest.raises(AnnotateError, match=r"ben \(process 4711 on elsewhere\) since"):
        make().acquire(tell=told.append)
    assert "up to 30 s for a sign of life from ben" in told[0]
    with pytest.raises(AnnotateError, match=r"alive.*kill -HUP 4711 on elsewhere"):
        make().acquire(take_over=True)


@pytest.mark.parametrize("clock", [BEHIND, 0.0, AHEAD])
@pytest.mark.parametrize("take_over", [False, True])
def test_one_whose_heart_does_not_beat_is_gone_whatever_its_clock_showed(
    folder: SessionFolder, make: Any, take_over: bool, clock: float
) -> None:
    put_holder(folder, heartbeat=time.time() + clock)
    lock = make(stale_seconds=0.2)
    lock.acquire(take_over=take_over)
    assert not lock.lost()


def test_one_that_leaves_while_it_is_waited_for_is_gone(folder: SessionFolder, make: Any) -> None:
    put_holder(folder)
    told: list[str] = []

    def leave(message: str) -> None:
        told.append(message)
        put_holder(folder, released=True)

    make().acquire(tell=leave)
    assert told


def test_another_users_session_is_not_taken_over(make: Any, beating: Any) -> None:
    beating(user="someone else")
    with pytest.raises(AnnotateError) as refused:
        make().acquire(take_over=True)
    assert "--take-over" not in str(refused.value)
    assert "-o" in str(refused.value)


def test_where_there_are_no_locks_the_heartbeat_decides(
    folder: SessionFolder, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*args: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(oslock, "lock", unsupported)
    first = make("anna", host="one", heartbeat_seconds=0.05)
    first.acquire()
    with pytest.raises(AnnotateError, match="anna"):
        make("ben", host="two").acquire()
    second = make("ben", host="two", stale_seconds=-1)
    second.acquire(take_over=True)
    assert first.lost()
    assert not second.lost()
    with pytest.raises(LockLost, match="ben"):
        first.check()
    # The one that lost it does not give away what is another's.
    first.release()
    assert not second.lost()
    assert not holder_of(folder).released


def test_a_session_without_the_os_lock_holds_against_one_that_gets_it(
    make: Any, beating: Any
) -> None:
    # It took over from a host whose lock never reached this one, or went late.
    beating(host="here", pid=os.getppid(), locked=False)
    with pytest.raises(AnnotateError, match="ben"):
        make(host="here").acquire()


def test_a_process_that_has_the_number_of_one_without_the_os_lock_is_not_it(
    folder: SessionFolder, make: Any
) -> None:
    put_holder(folder, host="here", pid=os.getppid(), locked=False)
    lock = make(host="here", stale_seconds=0.2)
    lock.acquire()
    assert not lock.lost()


# -- losing it -----------------------------------------------------------


def test_a_holder_that_lost_its_lock_stops_before_it_appends(
    folder: SessionFolder, make: Any
) -> None:
    lock = make("anna")
    lock.acquire()
    journal = Journal.open(folder.output, folder, "anna", guard=lock.check)
    decision = {"_task_id": "1", "_annotator_id": "anna", "answer": "accept"}
    journal.append(decision)
    assert journal.wait(10)
    before = folder.output.read_bytes()
    put_holder(folder, annotator="ben")
    with pytest.raises(LockLost, match="ben"):
        journal.append(decision | {"_task_id": "2"})
    assert folder.output.read_bytes() == before
    assert journal.state == "saved"
    assert journal.compact() is False
    journal.close()


def test_a_lock_file_that_is_another_one_now_is_lost(folder: SessionFolder, make: Any) -> None:
    lock = make()
    lock.acquire()
    assert not lock.lost()
    copy = folder.lock.with_name("copy")
    copy.write_bytes(folder.lock.read_bytes())
    copy.replace(folder.lock)
    assert lock.lost()
    with pytest.raises(LockLost):
        lock.check()


@pytest.mark.parametrize("how", ["removed", "folder"])
def test_a_lock_file_that_was_deleted_is_made_anew(
    folder: SessionFolder, make: Any, how: str
) -> None:
    told: list[str] = []
    lock = make(renewed=lambda: told.append("renewed"))
    lock.acquire()
    token = holder_of(folder).token
    if how == "folder":
        folder.path.rename(folder.path.with_name("elsewhere"))
    else:
        folder.lock.unlink()
    assert not lock.lost()
    lock.check()
    assert told == ["renewed"]
    assert folder.drafts.is_dir()
    assert holder_of(folder).token == token
    with pytest.raises(AnnotateError, match="anna"):
        make().acquire()
    lock.release()
    make().acquire()


def test_where_the_folder_cannot_be_made_anew_the_lock_is_lost(
    folder: SessionFolder, make: Any
) -> None:
    lock = make()
    lock.acquire()
    folder.path.rename(folder.path.with_name("elsewhere"))
    folder.path.write_text("no folder")
    assert lock.lost()


def test_who_took_a_lock_whose_file_was_deleted_keeps_it(folder: SessionFolder, make: Any) -> None:
    lock = make()
    lock.acquire()
    folder.lock.unlink()
    other = make("ben")
    other.acquire()
    assert lock.lost()
    other.check()


def test_the_heart_beats_until_the_lock_is_lost(folder: SessionFolder, make: Any) -> None:
    # Locks of other tests may still beat.
    others = set(threading.enumerate())
    lock = make(heartbeat_seconds=0.01)
    lock.acquire()
    (beating,) = (t for t in set(threading.enumerate()) - others if t.name == "heartbeat")
    first = holder_of(folder)
    end = time.monotonic() + PATIENCE
    while (now := holder_of(folder)) == first:
        assert time.monotonic() < end
    assert now.heartbeat > first.heartbeat
    assert (now.token, now.since) == (first.token, first.since)
    taken = put_holder(folder)
    beating.join(PATIENCE)
    assert not beating.is_alive()
    assert holder_of(folder) == taken
    # Whoever comes next is not refused by an OS lock that protects nothing.
    with folder.lock.open("r+") as file:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)


def test_a_folder_one_may_not_use(tmp_path: Path, make: Any) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnnotateError, match="cannot be created"):
        SessionFolder(tmp_path / "file" / "out.jsonl").create()
    with pytest.raises(AnnotateError, match="cannot be created"):
        SessionFolder(tmp_path / "absent" / "out.jsonl").create()
    absent = SessionFolder(tmp_path / "other.jsonl")
    with pytest.raises(AnnotateError, match="cannot be opened"):
        Lock(absent, "anna").acquire()
