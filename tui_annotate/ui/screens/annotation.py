"""The screen that a session is worked on: it draws, and hands keys to the controller."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from tui_annotate.editors.base import Outcome, Remarking
from tui_annotate.session.controller import Controller
from tui_annotate.session.engine import Engine
from tui_annotate.session.item import Item
from tui_annotate.session.keymaps import keymaps
from tui_annotate.session.proposals import Proposal
from tui_annotate.session.step import Changed, Step
from tui_annotate.text.display import safe
from tui_annotate.ui import status
from tui_annotate.ui.screens.questions import Questions
from tui_annotate.ui.screens.status_lines import StatusLines
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.notice import Notice
from tui_annotate.ui.widgets.view import View, ViewSaid, turned, view_of
from tui_annotate.wording import together

_BETWEEN = 0.05
"""Seconds between looking back at some earlier decisions and at some more."""


class Program(Protocol):
    """What the screen asks of the application around it."""

    async def action_quit(self) -> None:
        """Save and leave."""

    def resume_keys(self) -> None:
        """What keys have waited for may be there now."""

    def key_done(self) -> None:
        """The key that was handed out has acted."""

    def switch_dark(self) -> None:
        """Change between dark and light colours."""


class AnnotationScreen(Screen[None]):
    """Shows the session's current task.

    Args:
        engine: The session.
        theme: The colours.
        guidelines: The recipe's guidelines, if it has any.

    Attributes:
        view: The view of the task.
        questions: What is asked in fields and lists.
        controller: What keys do.
        lines: The lines around the view.
        drawn: The task that the view shows.
    """

    DEFAULT_CSS = """
    AnnotationScreen { layout: vertical; overflow: hidden; background: $background; }
    """

    def __init__(self, engine: Engine, theme: Theme, guidelines: str | None = None) -> None:
        super().__init__()
        self.engine = engine
        self.guidelines = guidelines
        self.drawn: Item | None = None
        self.previewed = False
        self._told = 0
        # What was said since the last key that no key has led to.
        self._unasked: list[str] = []
        self._proposed: Proposal | None = None
        # When the task that was shown ahead of its tokens got them, in monotonic seconds.
        self.opened_at = 0.0
        context = engine.context
        keys = keymaps(context.description, engine.labels, context.settings)
        self.view: View = view_of(context.kind, theme, context.description.options)
        self.view.slots = engine.labels.offered
        self.view.set_keymaps(keys)
        self.view.attach(engine)
        self.questions = Questions(engine, self.view, self)
        self.controller = Controller(engine, self.view, self.questions, self, keys)
        self.lines = StatusLines(engine, self.controller, self.view, theme)
        self.notice = Notice()
        self._own: Mapping[str, Callable[[], Outcome]] = {
            "quit": self._quit,
            "dark": self._switch_dark,
            "compact": self._switch_compact,
        }
        self._compact = context.settings.compact is True and theme.depth != "mono"
        if self._compact:
            self.view.set_compact(True)

    @property
    def program(self) -> Program:
        """The application."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """The view among its lines; the notice takes its place where there is no task."""
        yield from self.lines.above
        yield self.view
        yield self.notice
        yield from self.lines.below

    def on_mount(self) -> None:
        """Open the first task."""
        self.view.focus()
        engine = self.engine
        self.controller.message = engine.start().message
        self._told = len(engine.journal.messages)
        notes = [
            *engine.journal.messages,
            *engine.preparation.sources.notices,
            *engine.stream.source.notices,
            *_summary_of(engine.stream.warnings),
        ]
        if notes:
            self._say(map(safe, notes))
        self.show_task()
        self.call_after_refresh(engine.feedback.replay)
        self.call_after_refresh(self._replay_earlier)
        self.call_after_refresh(self._look_back)

    def _replay_earlier(self) -> None:
        # A few at a time, so that no key waits for them.
        if self.engine.feedback.replay_earlier():
            self.set_timer(_BETWEEN, self._replay_earlier)

    def _look_back(self) -> None:
        """Look through earlier work for what may be proposed, as long as there is some."""
        if self.engine.proposals.read_on():
            self.set_timer(_BETWEEN, self._look_back)
        else:
            self._afterwards()

    # ── drawing ────────────────────────────────────────────────────────────

    def show_task(self) -> None:
        """Show the task that is open now."""
        item, controller = self.engine.current, self.controller
        editor = item.editor if item is not None else None
        if [list(one.labels) for one in controller.keymaps] != self.engine.labels.blocks:
            controller.update_labels()
        if item is not self.drawn or editor is not self.view.editor:
            self.opened_at = time.monotonic() if self.previewed and item is self.drawn else 0.0
            self.drawn = item
            controller.opened(_remarks(self.engine, item) if item is not None else ())
            self.view.set_editor(editor)
            self.previewed = self._preview(item)
        else:
            self.view.sync()
        if self.engine.filling:
            self.call_later(self._fill_on)
        self.call_after_refresh(self._afterwards)
        self._show_notice()
        self.show_lines()
        self.lines.show_neighbours()
        if item is not None and item.editor is not None:
            # Only then is there a draft that keeps what is typed.
            self.questions.reopen(item)
        self.program.resume_keys()

    def _preview(self, item: Item | None) -> bool:
        """Show the text of a task that has no tokens yet; whether it stands there."""
        if item is None or item.editor is not None or self.engine.context.kind.medium != "text":
            return False
        cursor = item.cursor
        return cursor is not None and self.view.preview(item.task.text, cursor)

    def show_lines(self) -> None:
        """Draw the lines around the view again, where they differ."""
        if self.is_mounted:
            self.lines.show()

    def draw(self, step: Step) -> None:
        """Draw what a key has changed."""
        if step.changed:
            self._propose()
        if Changed.TASK in step.changed:
            self.show_task()
            return
        if Changed.VIEW in step.changed:
            self.view.sync()
        if Changed.LINES in step.changed:
            self.show_lines()
        elif Changed.STATUS in step.changed:
            self.lines.show_status()

    def _show_notice(self) -> None:
        controller = self.controller
        # The screen is all the notice's where there is hardly any.
        controller.has_room = not status.too_small(self.size)
        self.lines.set_displayed(controller.has_room)
        said = status.notice(self.engine, controller.keymap, self.size)
        if self.previewed and controller.has_room:
            said = []
        self.notice.show(said)
        if self.notice.display != bool(said):
            self.notice.display = bool(said)
            self.view.display = not said

    def on_resize(self) -> None:
        """Say so where the terminal is too small; else draw everything again."""
        self._show_notice()
        self.show_lines()

    def on_view_said(self, event: ViewSaid) -> None:
        """Tell the annotator."""
        self._say([event.text])
        self.lines.show_status()

    def _say(self, notes: Iterable[str]) -> None:
        """Say what no key has led to, beside what was said so since the last key."""
        self._unasked += [note for note in notes if note not in self._unasked]
        self.controller.message = together(self._unasked)

    def on_view_changed(self) -> None:
        """Draw the lines around the view again."""
        self.show_lines()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.lines.theme = theme
        self.view.set_theme(theme)
        self.show_lines()
        self.refresh(layout=True)

    def set_total(self, total: int | None) -> None:
        """Show how many tasks there are."""
        self.lines.total = total
        self.show_lines()

    def received(self, message: object) -> None:
        """Take in what the process beside the interface says."""
        engine = self.engine
        known = len(engine.preparation.sources.notices)
        changed = engine.receive(message)
        fresh = engine.preparation.sources.notices[known:]
        if fresh:
            self._say(map(safe, fresh))
        if not self.is_mounted:
            return
        if changed:
            self.show_task()
        elif not self.view.received(message):
            self.show_lines()

    def stored(self) -> None:
        """The journal or a draft is saved, or is not: say what is new of it."""
        messages = self.engine.journal.messages
        if fresh := messages[self._told :]:
            self._told = len(messages)
            self._say(map(safe, fresh))
        self.show_lines()

    def _afterwards(self) -> None:
        if self.engine.afterwards():
            self._propose()
            self.show_lines()

    def _propose(self) -> None:
        """Say what is proposed, once; where there is no room beside what is said, after that."""
        proposal, said = self.engine.proposals.current, self.controller.message
        if proposal is None or proposal is self._proposed or not proposal.text:
            return
        whole = together([said, proposal.text] if said else [proposal.text])
        if said is None or len(whole) < 2 * (self.size.width - 2):
            self._proposed = proposal
            self.controller.message = whole

    def _fill_on(self) -> None:
        if self.engine.filling:
            self.engine.fill_on()
            self.show_task()

    # ── keys and answers ───────────────────────────────────────────────────

    def on_key(self, event: events.Key) -> None:
        """Do what a key does."""
        event.stop()
        event.prevent_default()
        try:
            character = event.character if event.is_printable else None
            self._unasked.clear()
            key = turned(self.view, event.key)
            self.draw(self.controller.press(key, character, event.time))
        finally:
            self.program.key_done()

    def can_act(self, event: events.Key) -> bool:
        """Whether a key can act now; one that needs the tokens of a text waits for them."""
        character = event.character if event.is_printable else None
        text = self.engine.context.kind.medium == "text"
        return not (text and self.controller.waits(event.key, character))

    def keys_held(self, count: int) -> None:
        """Say how many keys wait for the tokens."""
        waiting = f"{count} key{'s wait' if count > 1 else ' waits'} for the tokens; esc drops"
        self.controller.message = (
            f"{waiting} {'them' if count > 1 else 'it'}" if count else "keys dropped"
        )
        self.lines.show_status()

    def act(self, name: str, argument: str | None = None) -> None:
        """Have an action carried out, and draw what came of it."""
        self.draw(self.controller.act(name, argument))

    def answered(self, outcome: Outcome | None) -> None:
        """A question was answered: draw what came of it."""
        self.controller.message = outcome.message if outcome is not None else None
        self.show_task()

    def warn(self, message: str) -> None:
        """Show a message that outweighs all others until the next key."""
        self.controller.warn(message)
        self.lines.show_status()

    # ── what the screen does itself ────────────────────────────────────────

    def carry_out(self, name: str) -> Outcome | None:
        """Carry out an action that the screen owns; None for any other."""
        own = self._own.get(name)
        return None if own is None else own()

    def _quit(self) -> Outcome:
        self.app.run_worker(self.program.action_quit())
        return Outcome()

    def _switch_dark(self) -> Outcome:
        self.program.switch_dark()
        return Outcome()

    def _switch_compact(self) -> Outcome:
        if self.lines.theme.depth == "mono":
            return Outcome(message="label rows stay on without colour")
        if not self.view.set_compact(not self._compact):
            return Outcome(message="this view has no label rows to hide")
        self._compact = not self._compact
        self.engine.context.switches.set("compact", self._compact)
        return Outcome(message="label rows hidden" if self._compact else "label rows shown")


def _remarks(engine: Engine, item: Item) -> list[str]:
    """What there is to say of a task as it came."""
    mark = f"{item.task.origin}: "
    remarks = [one for one in engine.stream.warnings if one.startswith(mark)]
    remarks += item.remarks
    if isinstance(item.editor, Remarking):
        remarks += item.editor.remarks
    return [safe(one) for one in remarks]


def _summary_of(warnings: Sequence[str]) -> list[str]:
    if len(warnings) < 2:
        return list(warnings)
    more = len(warnings) - 1
    return [f"{warnings[0]} (and {more:,} more {'notice' if more == 1 else 'notices'})"]
