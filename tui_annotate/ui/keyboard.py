"""Keys one at a time: each has acted before the next one is looked at.

Textual hands a key to whatever has the focus as it arrives. Of keys that were
typed ahead, those behind one that opens or closes a text field would reach the
wrong place, and a letter of a comment would decide a task.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from textual import events
from textual.app import App

_PATIENCE = 1.0
"""A key that nobody has answered for holds up none that is read so many seconds later."""


class InOrder(App[Any]):
    """An application whose screens say when a key has acted, with `key_done`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._typed: deque[events.Key] = deque()
        self._acting: float | None = None

    async def on_event(self, event: events.Event) -> None:
        """Keep a key back while the one before it is acting."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        if event.key == "escape" and self._held_back:
            # What waits may wait for something that never comes.
            self._typed.clear()
            self.keys_held(0)
            return
        self._typed.append(event)
        # What counts is when the key was read: those typed ahead wait, however slow the machine.
        if self._acting is None or event.time - self._acting > _PATIENCE:
            await self._next_key()

    def can_act(self, key: events.Key) -> bool:
        """Whether a key can act now; if not, it waits, and all behind it, for `resume_keys`."""
        return True

    def key_acts(self) -> None:
        """A key is handed out."""

    def keys_held(self, count: int) -> None:
        """So many keys wait for what they need."""

    @property
    def _held_back(self) -> bool:
        return bool(self._typed) and self._acting is None and not self.can_act(self._typed[0])

    def resume_keys(self) -> None:
        """What keys have waited for may be there now."""
        if self._typed and self._acting is None:
            self.call_later(self._resume)

    async def _resume(self) -> None:
        if self._acting is None:
            await self._next_key()

    @property
    def keys_wait(self) -> bool:
        """Whether a key has still to act, and can."""
        return self._acting is not None or (bool(self._typed) and not self._held_back)

    async def _next_key(self) -> None:
        if not self._typed:
            self._acting = None
            return
        if not self.can_act(self._typed[0]):
            self._acting = None
            self.keys_held(len(self._typed))
            return
        self._acting = time.monotonic()
        key = self._typed.popleft()
        self.key_acts()
        await super().on_event(key)
        if not key.is_forwarded:
            self.key_done()

    def key_done(self) -> None:
        """The key that was handed out has acted; called by what it was handed to."""
        if self._typed:
            self.call_later(self._next_key)
        else:
            self._acting = None
