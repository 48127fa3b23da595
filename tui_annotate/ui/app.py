"""The application: one session, its signals, and what comes from other threads."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip

from tui_annotate.editors.base import stage
from tui_annotate.session.engine import Engine
from tui_annotate.text.ordering import Order
from tui_annotate.ui.keyboard import InOrder
from tui_annotate.ui.terminal import TightUpdate, harmless_strip, terminal_is_there
from tui_annotate.ui.theme import Depth, Theme, depth_of

RECEIPT_SECONDS = 1.0
"""How long leaving waits for a terminal that owes an answer."""

HANGUP_SECONDS = 1.5
"""How long leaving may take once the terminal has gone."""


class AnnotateApp(InOrder):
    """Runs one session.

    Args:
        engine: The session.
        order: Who orders letters that run from right to left.
        leave: Called once, when the session ends in whatever way; returns what
            to tell the user.
        connect: Called once the interface can take what comes from the process beside it;
            returns what came before.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    class Suggested(Message):
        """Something came from the process beside the interface."""

        def __init__(self, content: object) -> None:
            super().__init__()
            self.content = content

    class Saved(Message):
        """The journal or the drafts changed their state."""

    class Counted(Message):
        """The number of tasks is known."""

        def __init__(self, total: int) -> None:
            super().__init__()
            self.total = total

    def __init__(
        self,
        engine: Engine,
        *,
        leave: Callable[[bool], str | None],
        guidelines: str | None = None,
        dark: bool = True,
        order: Order = "letters",
        driver_class: Any = None,
        connect: Callable[[AnnotateApp], Iterable[object]] = lambda app: (),
    ) -> None:
        super().__init__(driver_class=driver_class, ansi_color=True)
        self.animation_level = "none"
        self.engine = engine
        self.guidelines = guidelines
        self.depth: Depth = "mono" if self.no_color else depth_of(self.console.color_system)
        slots, own = engine.labels.slots, engine.context.description.colours
        self._own = {slots[label]: colour for label, colour in own.items() if label in slots}
        self.colours = Theme(self.depth, dark=dark, own=self._own, order=order)
        self.theme = "ansi-dark" if dark else "ansi-light"
        self._leave = leave
        self._connect = connect
        self._left = threading.Lock()
        self._counting = threading.Event()
        self._warned = False
        self.ended: str | None = None

    # ── life ───────────────────────────────────────────────────────────────

    def get_default_screen(self) -> Screen[Any]:
        """The screen of the session: one of Textual's own would be laid out for nothing."""
        from tui_annotate.ui.screens.annotation import AnnotationScreen

        self.annotation = AnnotationScreen(self.engine, self.colours, self.guidelines)
        for content in self._connect(self):
            self.annotation.received(content)
        self.annotation.lines.total = self.engine.stream.total()
        return self.annotation

    def on_mount(self) -> None:
        """Be ready for the terminal going away, and count the tasks."""
        loop = asyncio.get_running_loop()
        for name, stop in (("SIGHUP", self._hung_up), ("SIGTERM", self._terminated)):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(ValueError, NotImplementedError, RuntimeError):
                    loop.add_signal_handler(number, stop)
        self.call_after_refresh(self._started)
        if self.annotation.lines.total is None:
            self.call_after_refresh(self._count_in_a_thread)

    def _started(self) -> None:
        """The first frame is out: do what could wait for it."""
        gc.freeze()
        # Long tasks are made of hundreds of thousands of objects, none of them in a cycle.
        gc.set_threshold(50_000, 20, 50)
        gc.enable()
        # Fields and lists are imported before a key asks for the first of them.
        names = ("tui_annotate.ui.screens.picker", "tui_annotate.ui.screens.reading")
        threading.Thread(target=lambda: [*map(import_module, names)], daemon=True).start()

    def _count_in_a_thread(self) -> None:
        threading.Thread(target=self._count, name="count", daemon=True).start()

    def _count(self) -> None:
        total = self.engine.stream.source.count(self._counting)
        if total is not None:
            self.post_message(self.Counted(total))

    def on_annotate_app_counted(self, message: Counted) -> None:
        """Show the total."""
        self.annotation.set_total(max(message.total - self.engine.stream.skipped, 0))

    def let_go(self, *, compact: bool = False) -> str | None:
        """Save everything, once; what to tell the user."""
        if not self._left.acquire(blocking=False):
            return None
        self._counting.set()
        return self._leave(compact)

    def _hung_up(self) -> None:
        """The terminal has gone, or another session asks for the output: save and end."""
        watchdog = threading.Timer(HANGUP_SECONDS, os._exit, (129,))
        watchdog.daemon = True
        watchdog.start()
        self.let_go()
        if not terminal_is_there():
            os._exit(129)
        self.ended = "another session has taken over this output; everything is saved"
        self.exit(return_code=129)

    def _terminated(self) -> None:
        """Asked to end: save, give the terminal back, and end."""
        watchdog = threading.Timer(HANGUP_SECONDS + 1, os._exit, (143,))
        watchdog.daemon = True
        watchdog.start()
        self.exit(self.let_go(), return_code=143)

    async def action_quit(self) -> None:
        """Save and leave; what cannot be saved is lost only when one says so twice."""
        if self.engine.journal.state == "failed" and not self._warned:
            self._warned = True
            self.annotation.warn(
                f"NOT SAVED ({self.engine.journal.error}); retrying; "
                "quitting again loses the last decision"
            )
            return
        await self._last_receipts()
        self.exit(self.let_go(compact=True))

    async def _last_receipts(self) -> None:
        """Wait for what the terminal still has to answer: behind us the shell would read it."""
        paper = getattr(self._driver, "paper", None)
        until = time.monotonic() + RECEIPT_SECONDS
        while paper is not None and paper.on_its_way and time.monotonic() < until:
            await asyncio.sleep(0.01)

    # ── from other threads ─────────────────────────────────────────────────

    def suggestions_from_process(self, content: object) -> None:
        """Hand a message of the process to the interface; from any thread."""
        self.post_message(self.Suggested(content))

    def store_changed(self) -> None:
        """The journal or a draft is saved, or is not; from any thread."""
        self.post_message(self.Saved())

    def on_annotate_app_suggested(self, message: Suggested) -> None:
        """Give it to the session, and draw what changed."""
        self.annotation.received(message.content)

    def on_annotate_app_saved(self) -> None:
        """Drop drafts that are not needed any more, and show the state."""
        self.engine.saved()
        if self.engine.journal.state == "saved":
            self._warned = False
        self.annotation.stored()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, ChopsUpdate):
            renderable = TightUpdate.of(renderable)
        elif isinstance(renderable, LayoutUpdate):
            rows: list[Iterable[Strip]] = [
                [harmless_strip(strip) for strip in row] for row in renderable.strips
            ]
            renderable = LayoutUpdate(rows, renderable.region)
        super()._display(screen, renderable)

    # ── the screen ─────────────────────────────────────────────────────────

    def post_display_hook(self) -> None:
        """A frame is on its way to the terminal: note when it gets there."""
        screen = getattr(self, "annotation", None)
        item = self.engine.current
        if screen is None or item is None or screen.drawn is not item:
            return
        if item.editor is None or item.painted:
            return
        painted = partial(
            self.engine.painted, item, with_suggestions=item.suggested, at_stage=stage(item.editor)
        )
        paper = getattr(self._driver, "paper", None)
        if paper is None:
            painted(screen.opened_at)
        else:
            paper.mark(painted)

    def can_act(self, key: events.Key) -> bool:
        """Whether a key can act now: one for the task waits for its tokens."""
        return self.screen is not getattr(self, "annotation", None) or self.annotation.can_act(key)

    def key_acts(self) -> None:
        """Count a key that is typed in a field or a list; the others are counted as they act."""
        if self.screen is not getattr(self, "annotation", None):
            self.engine.pressed()

    def keys_held(self, count: int) -> None:
        """Say how many keys wait."""
        self.annotation.keys_held(count)

    def switch_dark(self) -> None:
        """Dark to light, or back."""
        self.colours = Theme(
            self.depth, dark=not self.colours.dark, own=self._own, order=self.colours.order
        )
        self.theme = "ansi-dark" if self.colours.dark else "ansi-light"
        self.annotation.set_theme(self.colours)
        self.engine.context.switches.set("light", not self.colours.dark)

    def notify_help(self) -> None:
        """Show the keys."""
        self.annotation.act("help")

    def save_crash(self, text: str) -> str | None:
        """Write a crash to a log file beside the output; its path, or None."""
        from tui_annotate.store.folder import SessionFolder

        path = SessionFolder(self.engine.context.settings.output).path / "crash.log"
        try:
            path.write_text(text, encoding="utf-8")
        except OSError:
            return None
        return str(path)

    def _handle_exception(self, error: Exception) -> None:
        """Keep what is there, and end with one sentence instead of a page of frames."""
        import traceback

        if self.is_headless:
            super()._handle_exception(error)
            return
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        log = self.save_crash("".join(lines))
        self.let_go()
        where = f"; the details are in {log}" if log else ""
        self.ended = f"the program failed ({type(error).__name__}); everything is saved{where}"
        self._return_code = 1
        self.exit(return_code=1)
