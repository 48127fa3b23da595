"""The lines above and below the view: what they show now."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget

from tui_annotate.session.controller import Controller
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe
from tui_annotate.ui import status
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Line, Piece, Rule
from tui_annotate.ui.widgets.view import View


class StatusLines:
    """Two rows above the view and three below it, and the tasks before and after, if wanted.

    Args:
        engine: The session.
        controller: What says what the status line has to say.
        view: The view that they stand around.
        theme: The colours.

    Attributes:
        total: How many tasks there are, once that is known.
    """

    def __init__(self, engine: Engine, controller: Controller, view: View, theme: Theme) -> None:
        self.engine = engine
        self.controller = controller
        self.view = view
        self.theme = theme
        self.total: int | None = None
        self._top, self._meta = Line(id="top"), Line(id="meta")
        self._labels, self._status = Line(id="labels"), Line(id="status")
        numbers = range(engine.context.settings.context)
        self._before = [Line(id=f"before-{n}") for n in numbers]
        self._after = [Line(id=f"after-{n}") for n in numbers]
        self.above: Sequence[Widget] = (self._top, Rule(id="rule"), self._meta, *self._before)
        self.below: Sequence[Widget] = (
            *self._after, Rule(id="rule2"), self._labels, self._status
        )  # fmt: skip
        self._overflowing = False

    def set_displayed(self, displayed: bool) -> None:
        """Leave them out where the terminal has hardly any room."""
        for line in (*self.above, *self.below):
            if line.display != displayed:
                line.display = displayed

    def show(self) -> None:
        """Draw them again, where they differ."""
        engine, theme = self.engine, self.theme
        drafts, headline = engine.context.writer.error, self.view.headline()
        self._top.show(*status.top_line(engine, theme, self.total, drafts, headline))
        self._meta.show(status.meta_line(engine, theme))
        self._show_labels()
        self.show_status()

    def _show_labels(self) -> None:
        self._labels.show(*self.view.bar(self.engine, self.controller.keymap))

    def show_status(self) -> None:
        """Draw the last of them again: a message, else what is under the cursor."""
        engine, controller, theme = self.engine, self.controller, self.theme
        if engine.journal.state == "saved":
            controller.saved()
        if controller.hidden:
            self._labels.show([])
            self._status.show([])
            return
        if engine.journal.state == "failed" and not controller.warning:
            self._say(f"NOT SAVED: {engine.journal.error}; kept; retrying")
            return
        right = status.progress(engine, theme, self.total, self.view.suggested())
        if controller.message is not None:
            self._say(safe(controller.message), right)
            return
        if self._overflowing:
            self._overflowing = False
            self._show_labels()
        item = engine.current
        if controller.first_key is not None:
            self._status.show(status.chord(controller.keymap, controller.first_key, theme))
        elif controller.jumping:
            asked = " type a hint to jump; CAPITALS select up to it; esc cancels"
            self._status.show([(asked, theme.dim)])
        elif engine.stage in ("invalid", "done", "empty"):
            self._status.show([], right)
        elif item is None or item.editor is None:
            waiting = f" {engine.preparation.state or 'loading'}…"
            self._status.show([(waiting, theme.dim)], right)
        else:
            self._status.show(self.view.under_cursor(), right)

    def _say(self, text: str, right: Sequence[Piece] = ()) -> None:
        """Show a message; a long one begins on the row of labels, so that none of it is cut."""
        first, last = status.two_rows(text, self._status.screen.size.width - 2)
        style = self.theme.warning
        if first:
            self._overflowing = True
            self._labels.show([(f" {first}", style)])
        self._status.show([(f" {last}", style)], () if first else right)

    def show_neighbours(self) -> None:
        """Draw the tasks before and after again."""
        item, context = self.engine.current, len(self._before)
        room = max(self._status.screen.size.width - 6, 8)
        offsets = (*range(-context, 0), *range(1, context + 1))
        for line, offset in zip((*self._before, *self._after), offsets, strict=True):
            position = item.position + offset if item is not None else -1
            task = self.engine.stream.read(position) if position >= 0 else None
            text = getattr(task, "subject", "")
            line.show([("   " + safe(text, room), self.theme.dim)] if text else [])
