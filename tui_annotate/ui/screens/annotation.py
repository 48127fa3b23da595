"""The desk: the task, the lines around it, and the keys."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from tui_annotate.editors.base import Outcome, Remarking, stage
from tui_annotate.keymap.keymap import Keymap, is_label
from tui_annotate.session.engine import Engine
from tui_annotate.session.item import Item
from tui_annotate.session.keymaps import keymaps
from tui_annotate.text.display import safe
from tui_annotate.ui import status
from tui_annotate.ui.screens.questions import Asking
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Line, Piece, Rule
from tui_annotate.ui.widgets.notice import Notice
from tui_annotate.ui.widgets.view import View, view_of

_BETWEEN = 0.05
"""Seconds between looking back at some earlier decisions and at some more."""
_DECISIONS = {"accept", "reject", "ignore"}
_NEED_NO_EDITOR = _DECISIONS | {
    *("quit", "help", "guidelines", "dark", "compact", "waive", "goto"),
    *("back", "previous", "next", "next_undecided"),
}
"""What can be done while a task has no tokens yet; a decision is refused then."""


class AnnotationScreen(Asking, Screen[None]):
    """Shows the session's current task and turns keys into commands."""

    DEFAULT_CSS = """
    AnnotationScreen { layout: vertical; overflow: hidden; background: $background; }
    AnnotationScreen.-small Line, DeskScreen.-small Rule { display: none; }
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self.engine = engine
        self.look = theme
        description, settings = engine.context.description, engine.context.settings
        self.keymaps = keymaps(description, engine.labels, settings)
        self.message: str | None = None
        self.warning = False
        self.overflowing = False
        self.drawn: Item | None = None
        self.jumping = False
        self.previewed = False
        # When the task that was shown ahead of its tokens got them, in monotonic seconds.
        self.opened_at = 0.0
        self.first_key: str | None = None
        self.view: View = view_of(engine.context.kind, theme, description.options)
        self.view.slots = engine.labels.offered
        self.view.set_keymaps(self.keymaps)
        self.view.attach(engine)
        self.notice = Notice()
        if settings.compact and theme.depth != "mono":
            self.view.set_compact(True)

    @property
    def keymap(self) -> Keymap:
        """What each key does: at each stage of a task something else."""
        item = self.engine.current
        return self.keymaps[stage(item.editor) if item is not None else 0]

    def compose(self) -> ComposeResult:
        """Two rows above, the view, three below."""
        yield Line(id="top")
        yield Rule(id="rule")
        yield Line(id="meta")
        context = self.engine.context.settings.context
        for n in range(context):
            yield Line(id=f"before-{n}")
        yield self.view
        yield self.notice
        for n in range(context):
            yield Line(id=f"after-{n}")
        yield Rule(id="rule2")
        yield Line(id="labels")
        yield Line(id="status")

    def on_mount(self) -> None:
        """Open the first task."""
        self.view.focus()
        self.message = self.engine.start().message
        engine = self.engine
        notes = [
            *engine.journal.messages,
            *engine.preparation.sources.notices,
            *engine.stream.source.notices,
            *_summary_of(engine.stream.warnings),
        ]
        if notes:
            self.message = " ".join(safe(note) for note in notes)
        self.open_current()
        self.call_after_refresh(self._recall)

    def _recall(self) -> None:
        self.engine.feedback.replay()
        self._recall_earlier()

    def _recall_earlier(self) -> None:
        # A few at a time, so that no key waits for them.
        if self.engine.feedback.replay_earlier():
            self.set_timer(_BETWEEN, self._recall_earlier)

    # ── drawing ────────────────────────────────────────────────────────────

    def open_current(self) -> None:
        """Show the task that is on the desk now."""
        item = self.engine.current
        editor = item.editor if item is not None else None
        if [list(one.labels) for one in self.keymaps] != self.engine.labels.blocks:
            self.label_added()
        if item is not self.drawn or editor is not self.view.editor:
            self.opened_at = time.monotonic() if self.previewed and item is self.drawn else 0.0
            self.drawn = item
            self.jumping = False
            if item is not None and self.message is None:
                mark = f"{item.task.origin}: "
                odd = [one for one in self.engine.stream.warnings if one.startswith(mark)]
                odd += item.remarks
                if isinstance(editor, Remarking):
                    odd += editor.remarks
                self.message = " ".join(safe(one) for one in odd) or None
            self.view.set_editor(editor)
            self.previewed = self._preview(item)
        else:
            self.view.sync()
        if self.engine.filling:
            self.call_later(self._fill_on)
        self.call_after_refresh(self._afterwards)
        self._show_notice()
        self.refresh_lines()
        self._show_context()
        if item is not None and item.field is not None:
            self.reopen_field(item)
        self.app.resume_keys()

    def _preview(self, item: Item | None) -> bool:
        """Show the text of a task that has no tokens yet; whether it stands there."""
        if item is None or item.editor is not None or self.engine.context.kind.medium != "text":
            return False
        cursor = item.cursor
        return cursor is not None and self.view.preview(item.task.text, cursor)

    def refresh_lines(self) -> None:
        """Draw the lines around the document again, where they differ."""
        if not self.is_mounted:
            return
        engine, theme = self.engine, self.look
        total = self.app.total
        self.query_one("#top", Line).show(
            *status.top_line(
                engine, theme, total, engine.context.writer.error, self.view.headline()
            )
        )
        self.query_one("#meta", Line).show(status.meta_line(engine, theme))
        self.query_one("#labels", Line).show(*self.view.bar(engine, self.keymap))
        self._show_status()

    def _show_status(self) -> None:
        engine, theme = self.engine, self.look
        line = self.query_one("#status", Line)
        total = self.app.total
        right = status.progress(engine, theme, total, self.view.suggested())
        item = engine.current
        if self.warning and engine.journal.state == "saved":
            # There is room again: what was warned of is saved.
            self.warning, self.message = False, None
        if self.hidden:
            self.query_one("#labels", Line).show([])
            line.show([])
            return
        if engine.journal.state == "failed" and not self.warning:
            self._say(f"NOT SAVED: {engine.journal.error}; kept; retrying")
            return
        if self.message is not None:
            self._say(safe(self.message), right)
            return
        if self.overflowing:
            self.overflowing = False
            self.query_one("#labels", Line).show(*self.view.bar(engine, self.keymap))
        if self.first_key is not None:
            line.show(status.chord(self.keymap, self.first_key, theme))
        elif self.jumping:
            asked = " type a hint to jump; CAPITALS select up to it; esc cancels"
            line.show([(asked, theme.dim)])
        elif engine.stage in ("invalid", "done", "empty"):
            line.show([], right)
        elif item is None or item.editor is None:
            line.show([(f" {engine.preparation.state or 'loading'}…", theme.dim)], right)
        else:
            line.show(self.view.under_cursor(), right)

    @property
    def hidden(self) -> bool:
        """Whether there is a task, and no room to show it."""
        return bool(self.notice.display) and self.engine.stage == "open"

    def _say(self, text: str, right: Sequence[Piece] = ()) -> None:
        """Show a message; a long one begins on the row of labels, so that none of it is cut."""
        first, last = status.two_rows(text, self.size.width - 2)
        style = self.look.warning
        if first:
            self.overflowing = True
            self.query_one("#labels", Line).show([(f" {first}", style)])
        self.query_one("#status", Line).show([(f" {last}", style)], () if first else right)

    def _show_notice(self) -> None:
        lines = status.notice(self.engine, self.keymap, self.size)
        if self.previewed and not status.too_small(self.size):
            lines = []
        self.notice.show(lines)
        least_wide, least_high = status.MINIMUM
        # The screen is all the notice's where there is hardly any.
        self.set_class(self.size.width < least_wide or self.size.height < least_high, "-small")
        if self.notice.display != bool(lines):
            self.notice.display = bool(lines)
            self.view.display = not lines
            small = status.too_small(self.size)
            for line in self.query("Line, Rule"):
                line.display = not small

    def _show_context(self) -> None:
        context = self.engine.context.settings.context
        item = self.engine.current
        if not context:
            return
        for n in range(context):
            for name, offset in (("before", n - context), ("after", n + 1)):
                position = item.position + offset if item is not None else -1
                task = self.engine.stream.read(position) if position >= 0 else None
                text = getattr(task, "subject", "")
                pieces = (
                    [("   " + safe(text, max(self.size.width - 6, 8)), self.look.dim)]
                    if text
                    else []
                )
                self.query_one(f"#{name}-{n}", Line).show(pieces)

    def on_resize(self) -> None:
        """Say so where the terminal is too small; else draw everything again."""
        self._show_notice()
        self.refresh_lines()

    def on_view_said(self, event: View.Said) -> None:
        """Tell the annotator."""
        self.message = event.text
        self._show_status()

    def on_view_changed(self) -> None:
        """Draw the lines around the view again."""
        self.refresh_lines()

    def set_look(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.look = theme
        self.view.set_look(theme)
        self.refresh_lines()
        self.refresh(layout=True)

    def received(self, message: object) -> None:
        """Take in what the process beside the interface says."""
        engine = self.engine
        known = len(engine.preparation.sources.notices)
        changed = engine.receive(message)
        fresh = engine.preparation.sources.notices[known:]
        if fresh:
            self.message = " ".join(safe(note) for note in fresh)
        if not self.is_mounted:
            return
        if changed:
            self.open_current()
        elif not self.view.received(message):
            self.refresh_lines()

    def _afterwards(self) -> None:
        if self.engine.afterwards():
            self.refresh_lines()

    def _fill_on(self) -> None:
        if self.engine.filling:
            self.engine.fill_on()
            self.open_current()

    # ── keys ───────────────────────────────────────────────────────────────

    def on_key(self, event: events.Key) -> None:
        """Do what a key does."""
        event.stop()
        event.prevent_default()
        try:
            self._act(event)
        finally:
            self.app.key_done()

    def can_act(self, event: events.Key) -> bool:
        """Whether a key can act now; one that needs the tokens of a text waits for them."""
        engine = self.engine
        if engine.stage != "waiting" or engine.context.kind.medium != "text" or self.jumping:
            return True
        found = self.keymap.resolve(_key_of(event), self.first_key)
        return found is None or found[0] in _NEED_NO_EDITOR

    def keys_held(self, count: int) -> None:
        """Say how many keys wait for the tokens."""
        waiting = f"{count} key{'s wait' if count > 1 else ' waits'} for the tokens; esc drops"
        self.message = f"{waiting} {'them' if count > 1 else 'it'}" if count else "keys dropped"
        self._show_status()

    def _act(self, event: events.Key) -> None:
        character = event.character if event.is_printable else None
        if self.view.takes_keys and self._typed(event.key, character):
            return
        key = _key_of(event)
        self.engine.pressed()
        if self.jumping:
            self._jump(key)
            return
        first, self.first_key = self.first_key, None
        found = self.keymap.resolve(key, first)
        if found is None or found[0] == "chord":
            self.first_key = found[1] if found is not None else None
            if first is not None or self.first_key is not None or self.message is not None:
                typed = len(key) == 1 and first is not None and found is None
                self.message = f"no label has the key {first}{key}" if typed else None
                self._show_status()
            return
        name, argument = found
        if self.hidden and name != "quit":
            return
        self.message = None
        self.warning = False
        self.run_action_id(name, argument, event.time)

    def _typed(self, key: str, character: str | None) -> bool:
        """Hand a key to the view's own text field; whether it was one of that field's."""
        if not self.view.take_key(key, character):
            return False
        self.engine.pressed()
        if self.message is not None:
            self.message, self.warning = None, False
        self.view.sync()
        if self.view.takes_keys and character is not None:
            return True
        self.refresh_lines()
        return True

    def run_action_id(
        self, name: str, argument: str | None = None, pressed: float | None = None
    ) -> None:
        """Carry out an action of the key table.

        Args:
            name: Its id.
            argument: What it acts with, such as a label.
            pressed: When the key was read, in monotonic seconds.
        """
        engine = self.engine
        if is_label(name):
            name, argument = "label", self.keymap.label_of(name)
        before = engine.current
        answer: str | None = name if name in _DECISIONS else None
        outcome: Outcome | None = None
        if answer is None:
            outcome = self._command(name, argument)
            answer = outcome.answer if outcome is not None else None
        if answer is not None:
            if engine.stage == "invalid":
                outcome = engine.skip_invalid() if answer == "ignore" else None
                skip = self.keymap.shown("ignore")
                outcome = outcome or Outcome(message=f"this line is not a task; {skip} skip")
            elif outcome is not None:
                outcome = engine.conclude(outcome, pressed)
            else:
                outcome = engine.decide(answer, pressed)  # type: ignore[arg-type]
        if outcome is not None and outcome.message:
            self.message = outcome.message
        if outcome is not None and (outcome.added or outcome.renamed):
            self.label_added()
        if engine.current is not before or engine.stage in ("done", "empty", "invalid"):
            self.open_current()
        elif name in self._MOVES and self.message is None:
            self.view.sync()
            self._show_status()
        else:
            self.view.sync()
            self.refresh_lines()

    _MOVES = frozenset(
        {"left", "right", "up", "down", "line_start", "line_end", "extend_left", "extend_right"}
    )

    def _command(self, name: str, argument: str | None) -> Outcome | None:
        engine = self.engine
        simple = {
            "back": engine.back,
            "previous": lambda: engine.look(-1),
            "next": lambda: engine.look(1),
            "next_undecided": engine.next_undecided,
            "flag": engine.flag,
            "waive": engine.waive,
        }
        if name in simple:
            return simple[name]()
        asked = getattr(self, f"ask_{name}", None)
        if asked is not None:
            asked()
            return None
        match name:
            case "quit":
                self.app.run_worker(self.app.action_quit())
                return None
            case "dark":
                self.app.switch_dark()
                return None
            case "compact":
                return self._switch_compact()
            case "escape" if self.stop_seeking():
                return Outcome(message="search stopped")
            case "jump":
                self.jumping = self.view.show_hints()
                return None
        question = self.view.ask(name)
        if question is not None:
            return self.put_question(name, question)
        moved = self.view.run(name)
        if moved is not None:
            engine.moved()
            return moved
        if argument is None:
            argument = self.view.argument(name)
        return engine.edit(name, argument)

    def _switch_compact(self) -> Outcome:
        if self.look.depth == "mono":
            return Outcome(message="label rows stay on without colour")
        self.view.set_compact(not self.view.compact)
        self.engine.context.switches.set("compact", self.view.compact)
        return Outcome()

    def _jump(self, key: str) -> None:
        self.jumping = self.view.jump(key)
        self.view.sync()
        self._show_status()

    def warn(self, message: str) -> None:
        """Show a message that outweighs all others until the next key."""
        self.message = message
        self.warning = True
        self._show_status()

    def label_added(self) -> None:
        """Labels were added: they get a key and a colour."""
        for keymap, names in zip(self.keymaps, self.engine.labels.blocks, strict=True):
            keymap.set_labels(names)
        self.view.slots = self.engine.labels.offered

    def done_asking(self, outcome: Outcome | None) -> None:
        """A question was answered: draw what came of it."""
        self.message = outcome.message if outcome is not None else None
        self.open_current()

    def action_ids(self) -> list[tuple[str, str, str]]:
        """Every action of this session: id, what it does, its keys."""
        found = []
        for entry in self.keymap.table:
            does = entry.does
            if is_label(entry.id):
                label = self.keymap.label_of(entry.id)
                if label is None:
                    continue
                does = safe(label, 40)
            if self.keymap.keys(entry.id):
                found.append((entry.id, does, self.keymap.shown(entry.id)))
        return found


def _key_of(event: events.Key) -> str:
    """What the table of keys calls a key."""
    printed = event.character if event.is_printable and event.key != "space" else None
    return event.key if printed is None else printed


def _summary_of(warnings: Sequence[str]) -> list[str]:
    if len(warnings) < 2:
        return list(warnings)
    return [f"{warnings[0]} (and {len(warnings) - 1:,} more such lines)"]
