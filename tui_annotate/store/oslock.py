"""The operating system's lock on an open file.

Where there is `fcntl` it is called as portalocker would call it: importing
portalocker takes a tenth of the time to the first frame.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import fcntl

    def lock(fd: int) -> None:
        """Take the lock, without waiting.

        Raises:
            OSError: Someone has it, or there are no locks here; `errno` says which.
        """
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock(fd: int) -> None:
        """Let the lock go."""
        fcntl.flock(fd, fcntl.LOCK_UN)

else:
    import errno

    import portalocker

    def lock(fd: int) -> None:
        """Take the lock, without waiting.

        Raises:
            OSError: Someone has it.
        """
        try:
            portalocker.lock(
                fd, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
            )
        except portalocker.exceptions.LockException as failure:
            raise OSError(errno.EWOULDBLOCK, "the file is locked") from failure

    def unlock(fd: int) -> None:
        """Let the lock go."""
        portalocker.unlock(fd)
