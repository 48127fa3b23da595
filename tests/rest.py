"""Whether a program has nothing left to do: what a test waits for instead of a time.

On a busy machine a program may want the processor for longer than any pause that a test
would make. Linux says which threads want it, so there the answer does not depend on load.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psutil

KNOWN = sys.platform.startswith("linux")
"""Whether this system says which threads want the processor."""

_WANTS_IT = ("R", "D")
"""States of a thread that runs, waits for a processor or waits for a disk."""

_NEVER_RESTS = b"tui_annotate.audio.player"
"""The process of a player, whose device asks for samples as long as it is open."""

Threads = dict[str, tuple[str, str]]
"""By id: a thread's state, and how often it has run."""


def at_rest(pid: int, *, alone: bool = False) -> bool:
    """Whether all threads of a program wait for something to happen.

    Args:
        pid: The program; one that has ended is at rest.
        alone: Leave out the processes that it has started; a player's is always left out.
    """
    if not KNOWN:
        return True
    # A thread may wake another one after that was looked at: so twice, and none has run between.
    try:
        first = _threads(pid, alone)
        if any(state in _WANTS_IT for state, _ in first.values()):
            return False
        return first == _threads(pid, alone)
    except OSError:
        # One ended meanwhile.
        return not Path(f"/proc/{pid}").exists()


def _threads(pid: int, alone: bool) -> Threads:
    found: Threads = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        # The name, in brackets, may hold anything.
        state = (thread / "stat").read_text(errors="replace").rpartition(") ")[2][0]
        found[thread.name] = state, (thread / "schedstat").read_text()
    if not alone:
        for child in _children(pid):
            if _NEVER_RESTS not in Path(f"/proc/{child}/cmdline").read_bytes():
                found |= _threads(child, alone)
    return found


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for thread in Path(f"/proc/{pid}/task").iterdir()
            for child in (thread / "children").read_text().split()
        ]
    except FileNotFoundError:
        # Not every kernel lists them.
        return [child.pid for child in psutil.Process(pid).children()]
