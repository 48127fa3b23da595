"""One writer per output: an OS lock with its holder's name in it."""

from __future__ import annotations

import contextlib
import errno
import getpass
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.store import oslock
from tui_annotate.store.folder import SessionFolder
from tui_annotate.wording import reason

HEARTBEAT_SECONDS = 10.0
STALE_SECONDS = 30.0
LEAVE_SECONDS = 10.0
_OPENING_SECONDS = 2.0
_POLL_SECONDS = 0.05
_OWN_FILE = "write to a file of your own with -o OTHER.jsonl or -o FOLDER/"
_SIZE = 1024
_UNSUPPORTED = {
    errno.ENOLCK,
    errno.ENOSYS,
    errno.EINVAL,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
}


class LockLost(AnnotateError):
    """Another session took this one's lock; nothing may be written any more."""


class Holder(msgspec.Struct, frozen=True):
    """Who has a lock, as the lock file says.

    Attributes:
        token: Random, one for each time a lock is taken.
        host: Where the holder runs.
        pid: Its process there.
        user: Whose process it is.
        annotator: Who annotates.
        since: Unix seconds when it was taken.
        heartbeat: Unix seconds when the holder last showed that it is there.
        locked: Whether it has the OS lock as well.
        released: It has left.
    """

    token: str
    host: str
    pid: int
    user: str
    annotator: str
    since: float
    heartbeat: float
    locked: bool = True
    released: bool = False

    def __str__(self) -> str:
        since = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.since))
        return f"{self.annotator} (process {self.pid} on {self.host}) since {since}"


class Lock:
    """The right to write an output, from `acquire` to `release`.

    The lock file stays where it is for ever: a lock on a file that another
    process removed or renamed protects nothing.
    """

    def __init__(
        self,
        folder: SessionFolder,
        annotator: str,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        stale_seconds: float = STALE_SECONDS,
        leave_seconds: float = LEAVE_SECONDS,
        host: str | None = None,
        renewed: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare a lock; nothing is taken yet.

        Args:
            folder: The session folder, which exists.
            annotator: Who annotates.
            heartbeat_seconds: Between two signs of life.
            stale_seconds: How long a holder whose lock does not reach here is watched for a
                sign of life before it counts as gone.
            leave_seconds: How long an earlier session has for leaving.
            host: This host's name, as others see it.
            renewed: Told, from any thread, when the folder was deleted and made anew.
        """
        self._folder = folder
        self._annotator = annotator
        self._heartbeat_seconds = heartbeat_seconds
        self._stale_seconds = stale_seconds
        self._leave_seconds = leave_seconds
        self._host = host or socket.gethostname()
        self._renewed = renewed
        self._fd = -1
        self._mine: Holder | None = None
        self._taken_by: Holder | None = None
        self._lost = False
        self._mutex = threading.Lock()
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    def acquire(
        self, take_over: bool = False, *, tell: Callable[[str], None] | None = None
    ) -> None:
        """Take the lock.

        Args:
            take_over: End this user's earlier session if it has the lock.
            tell: Told what is waited for.

        Raises:
            AnnotateError: Someone has it, or did not leave.
        """
        try:
            self._fd = os.open(self._folder.lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise AnnotateError(
                f"the lock cannot be opened ({reason(error)})",
                where=str(self._folder.lock),
                do=_OWN_FILE,
            ) from error
        try:
            self._claim(self._take(take_over, tell or (lambda message: None)))
        except BaseException:
            os.close(self._fd)
            self._fd = -1
            raise
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def lost(self) -> bool:
        """Whether another session has taken the lock, or its file cannot be made anew."""
        with self._mutex:
            return self._look()

    def check(self) -> None:
        """Go on only as the holder.

        Raises:
            LockLost: Another session has taken the lock.
        """
        if self.lost():
            by = f"now written by {self._taken_by}" if self._taken_by else "no longer locked"
            raise LockLost(
                f"the output is {by}",
                where=str(self._folder.output),
                do="quit; nothing more will be saved here",
            )

    def release(self) -> None:
        """Give the lock back; again is harmless."""
        self._leaving.set()
        if self._thread is not None:
            self._thread.join(self._heartbeat_seconds)
        with self._mutex:
            if self._fd < 0:
                return
            if self._folder.lock.exists() and not self._look() and self._mine is not None:
                with contextlib.suppress(OSError):
                    self._write(msgspec.structs.replace(self._mine, released=True))
            # Closing releases the OS lock as well.
            os.close(self._fd)
            self._fd = -1

    # -- taking ----------------------------------------------------------

    def _take(self, take_over: bool, tell: Callable[[str], None]) -> bool:
        """Get hold of the lock; whether with the OS lock."""
        locked, holder = self._try(), self._read()
        end = time.monotonic() + _OPENING_SECONDS
        while locked is False and (holder is None or holder.released):
            # Between its lock and its name in the file another session stands,
            # or one that has put down its name and not the lock yet.
            if time.monotonic() > end:
                raise self._refusal(None)
            time.sleep(_POLL_SECONDS)
            locked, holder = self._try(), self._read()
        if holder is None or self._gone(holder, locked):
            return bool(locked)
        if locked is not False and not self._shows_life(holder, tell):
            return bool(locked)
        if not take_over or holder.user != _user():
            raise self._refusal(holder)
        if holder.host == self._host:
            return self._ask_to_leave(holder, tell)
        raise AnnotateError(
            f"the session of {holder} is alive",
            where=str(self._folder.output),
            do=f"quit it there, or kill -HUP {holder.pid} on {holder.host}",
        )

    def _gone(self, holder: Holder, locked: bool | None) -> bool:
        """Whether the holder named in the file is known not to be there any more."""
        if locked is False:
            return False
        if holder.released:
            return True
        # The lock reaches across this host, so that having it proves that a holder that had it
        # is gone.
        here = holder.host == self._host
        return here and bool((locked and holder.locked) or not _runs(holder.pid))

    def _ask_to_leave(self, holder: Holder, tell: Callable[[str], None]) -> bool:
        if holder.pid == os.getpid():
            raise self._refusal(holder)
        tell(f"Asking the session of {holder} to quit …")
        # Whoever got the lock a moment ago may not have put down its name yet,
        # and the process named instead is not to be bothered.
        time.sleep(_POLL_SECONDS)
        now = self._read()
        if now is None or now.released or now.token != holder.token:
            return self._take(True, tell)
        try:
            os.kill(holder.pid, getattr(signal, "SIGHUP", signal.SIGTERM))
            if hasattr(signal, "SIGCONT"):
                # A session suspended with ctrl+z wakes up to leave.
                os.kill(holder.pid, signal.SIGCONT)
        except ProcessLookupError:
            pass
        except OSError as error:
            raise self._refusal(holder) from error
        end = time.monotonic() + self._leave_seconds
        while time.monotonic() < end:
            locked = self._try()
            now = self._read()
            if now is None or self._gone(now, locked):
                if locked is not False:
                    return bool(locked)
            elif now.token != holder.token:
                raise self._refusal(now)
            time.sleep(_POLL_SECONDS)
        raise AnnotateError(
            f"the session of {holder} did not quit",
            where=str(self._folder.output),
            do=f"end it with kill -9 {holder.pid}; its saved decisions stay",
        )

    def _shows_life(self, holder: Holder, tell: Callable[[str], None]) -> bool:
        """Whether the heart of a holder beats, or another one takes its place.

        Its clock may differ from this one: what counts is whether the beat changes.
        """
        end = time.monotonic() + self._stale_seconds
        tell(f"Waiting up to {self._stale_seconds:.0f} s for a sign of life from {holder} …")
        while time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
            now = self._read()
            if now is None:
                continue
            if now.released:
                return False
            if (now.token, now.heartbeat) != (holder.token, holder.heartbeat):
                return True
        return False

    def _try(self) -> bool | None:
        """Try for the OS lock: whether it was got, or None where there is none."""
        try:
            oslock.lock(self._fd)
        except OSError as failure:
            return None if failure.errno in _UNSUPPORTED else False
        return True

    def _refusal(self, holder: Holder | None) -> AnnotateError:
        if holder is None:
            return AnnotateError(
                "another session is opening this output",
                where=str(self._folder.output),
                do=f"try again, or {_OWN_FILE}",
            )
        mine = holder.user == _user()
        return AnnotateError(
            f"{holder} is annotating into this file",
            where=str(self._folder.output),
            do=f"take over from it with --take-over, or {_OWN_FILE}" if mine else _OWN_FILE,
        )

    # -- holding ---------------------------------------------------------

    def _claim(self, locked: bool) -> None:
        now = time.time()
        mine = Holder(
            token=os.urandom(8).hex(),
            host=self._host,
            pid=os.getpid(),
            user=_user(),
            annotator=self._annotator,
            since=now,
            heartbeat=now,
            locked=locked,
        )
        try:
            self._write(mine)
        except OSError as error:
            raise AnnotateError(
                f"the lock cannot be written ({reason(error)})", where=str(self._folder.lock)
            ) from error
        self._mine = mine

    def _beat(self) -> None:
        while not self._leaving.wait(self._heartbeat_seconds):
            with self._mutex:
                if self._mine is None or self._look():
                    return
                locked = self._mine.locked or self._try() is True
                self._mine = msgspec.structs.replace(
                    self._mine, heartbeat=time.time(), locked=locked
                )
                # A full disk does not end a session that holds the OS lock.
                with contextlib.suppress(OSError):
                    self._write(self._mine)

    def _look(self) -> bool:
        if self._lost or self._mine is None or self._fd < 0:
            return self._lost
        holder = self._read()
        try:
            there, own = os.stat(self._folder.lock), os.fstat(self._fd)
            moved = (there.st_dev, there.st_ino) != (own.st_dev, own.st_ino)
        except (FileNotFoundError, NotADirectoryError):
            moved = not self._renew()
        except OSError:
            moved = False
        taken = holder is not None and holder.token != self._mine.token
        if moved or taken:
            self._lost = True
            self._taken_by = holder if taken else None
            # Whoever comes next is not to be refused because of this session.
            with contextlib.suppress(Exception):
                oslock.unlock(self._fd)
        return self._lost

    def _renew(self) -> bool:
        """Make the folder anew, which somebody has deleted, and lock it; whether that could be."""
        assert self._mine is not None
        try:
            self._folder.create()
            # One that is there was made by another session, which has the output now.
            fd = os.open(self._folder.lock, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except (OSError, AnnotateError):
            return False
        os.close(self._fd)
        self._fd = fd
        if (locked := self._try()) is False:
            return False
        self._mine = msgspec.structs.replace(self._mine, locked=bool(locked))
        with contextlib.suppress(OSError):
            self._write(self._mine)
        self._renewed()
        return True

    def _read(self) -> Holder | None:
        # Opened anew: network file systems look for others' changes then.
        with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(self._folder.lock.read_bytes(), type=Holder)
        return None

    def _write(self, holder: Holder) -> None:
        # One write of one length, so that no reader meets half of it.
        data = msgspec.json.encode(holder).ljust(_SIZE - 1) + b"\n"
        os.lseek(self._fd, 0, os.SEEK_SET)
        os.write(self._fd, data)
        os.fsync(self._fd)


def _user() -> str:
    if hasattr(os, "getuid"):
        return str(os.getuid())
    return getpass.getuser()


def _runs(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
