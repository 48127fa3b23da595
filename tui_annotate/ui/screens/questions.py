"""What is asked in a text field or a list before something is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread
from typing import Any, Protocol

from textual.app import App

from tui_annotate.editors.base import NOTHING, Outcome, innermost
from tui_annotate.session.controller import Controller
from tui_annotate.session.engine import Engine
from tui_annotate.session.item import Item
from tui_annotate.text.display import safe
from tui_annotate.ui.screens.status_lines import StatusLines
from tui_annotate.ui.widgets.view import View


class Asker(Protocol):
    """The screen that questions are asked on.

    Attributes:
        controller: What has the answers carried out.
        lines: The lines around the view.
        guidelines: The recipe's guidelines, if it has any.
    """

    controller: Controller
    lines: StatusLines
    guidelines: str | None

    @property
    def app(self) -> App[Any]:
        """The application."""
        ...

    def act(self, name: str, argument: str | None = None) -> None:
        """Have an action carried out, and draw what came of it."""
        ...

    def answered(self, outcome: Outcome | None) -> None:
        """A question was answered: draw what came of it."""
        ...


class Questions:
    """The questions of a session.

    Args:
        engine: The session.
        view: The view of its tasks, which has questions of its own.
        asker: The screen.
    """

    def __init__(self, engine: Engine, view: View, asker: Asker) -> None:
        self._engine = engine
        self._view = view
        self._asker = asker
        self._seeking: Event | None = None
        self._own: Mapping[str, Callable[[], Outcome]] = {
            "comment": self._comment,
            "goto": self._goto,
            "search": self._search,
            "label_by_name": self._label_by_name,
            "sources": self._sources,
            "palette": self._palette,
            "help": self._help,
            "guidelines": self._guidelines,
        }

    def ask(self, name: str) -> Outcome | None:
        """Ask what an action wants to know; None for one that asks nothing."""
        asked = self._own.get(name)
        if asked is not None:
            return asked()
        question = self._view.ask(name)
        if question is None or isinstance(question, Outcome):
            return question

        def answered(answer: str | None) -> None:
            self._asker.answered(None if answer is None else self._engine.edit(name, answer))

        self._asker.app.push_screen(question, answered)
        return NOTHING

    def stop(self) -> Outcome | None:
        """Stop looking for a task; None where none is looked for."""
        if self._seeking is None:
            return None
        self._seeking.set()
        self._seeking = None
        return Outcome(message="search stopped")

    # ── in a text field ────────────────────────────────────────────────────

    def reopen(self, item: Item) -> None:
        """Open a text field again as it was left."""
        if item.field is None:
            return
        from tui_annotate.ui.screens.prompt import Prompt

        if not any(isinstance(one, Prompt) for one in self._asker.app.screen_stack):
            name, text, caret = item.field
            self._field(name, text, caret)

    def _field(self, name: str, value: str = "", caret: int | None = None) -> Outcome:
        from tui_annotate.ui.screens.prompt import Prompt

        engine, item = self._engine, self._engine.current

        def changed(text: str, at: int) -> None:
            if item is not None and item is engine.current:
                item.field = (name, text, at)
                engine.touch()

        def answered(text: str | None) -> None:
            if item is not None:
                item.field = None
            outcome: Outcome | None = None
            if text is not None:
                outcome = self._answer(name, text)
            elif item is not None:
                engine.touch()
            self._asker.answered(outcome)

        hint = _GOTO_HINTS.get(self._engine.context.description.view, _GOTO_HINT)
        question = _QUESTIONS.get(name, name).format(hint)
        prompt = Prompt(question, value, caret, changed)
        self._asker.app.push_screen(prompt, answered)
        return NOTHING

    def _answer(self, name: str, text: str) -> Outcome | None:
        if name == "comment":
            return self._engine.comment(text)
        if name == "goto":
            noted = text.strip().casefold() in _NOT_FOUND
            here = None if noted else self._view.find(name, text.strip())
            if here is not None:
                self._engine.touch()
            return self._seek(text.strip()) if here is None else here
        found = self._view.find(name, text)
        return self._engine.edit("search", text) if found is None else found

    def _comment(self) -> Outcome:
        item = self._engine.current
        return NOTHING if item is None else self._field("comment", item.comment)

    def _goto(self) -> Outcome:
        return self._field("goto")

    def _search(self) -> Outcome:
        return NOTHING if self._engine.current is None else self._field("search")

    def _seek(self, query: str) -> Outcome | None:
        """Look for a task in a thread: there may be millions."""
        if not query:
            return None
        self.stop()
        cancelled = self._seeking = Event()
        app = self._asker.app

        def found(position: int | None) -> None:
            if cancelled is not self._seeking:
                return
            self._seeking = None
            if position is None:
                total = self._asker.lines.total or self._engine.stream.known
                known = f" (there are 1 to {total:,})" if query.isdigit() else ""
                message = f"no task has {query!r} as number, text, comment or hash{known}"
                message = _NOT_FOUND.get(query.casefold(), message)
                self._asker.answered(Outcome(message=message))
            else:
                self._asker.answered(self._engine.goto(position))

        def seek() -> None:
            position = self._engine.queue.find(query, cancelled)
            if not cancelled.is_set():
                app.call_from_thread(found, position)

        Thread(target=seek, name="seek", daemon=True).start()
        return Outcome(message=f"searching for {query!r}; esc stops")

    # ── in a list ──────────────────────────────────────────────────────────

    def _label_by_name(self) -> Outcome:
        """Offer all labels, and to add one."""
        engine, asker = self._engine, self._asker
        keymap = asker.controller.keymap
        descriptions = engine.context.settings.label_descriptions

        def describe(name: str) -> str:
            key = keymap.label_key(name)
            parts = [f"key {key}" if key else "", safe(descriptions.get(name, ""), 80)]
            return "  ".join(part for part in parts if part)

        def answered(name: str | None) -> None:
            if not name:
                asker.answered(None)
                return
            added = engine.add_label(name)
            if added.message:
                asker.controller.update_labels()
            asker.answered(added)
            # As with a label's key: in a single choice it decides.
            asker.act("label", name.strip())

        names = self._view.labels(engine)
        return self._pick("Label:", names, answered, describe, addition="add the label")

    def _sources(self) -> Outcome:
        """Offer the suggestion sources, to switch one off or on."""
        engine = self._engine
        sources = engine.preparation.sources.names
        if not sources:
            return Outcome(message="this session has no suggestion sources")

        def describe(name: str) -> str:
            right, shown = engine.feedback.record.of(name)
            state = "off" if name in engine.preparation.sources.off else "on"
            return f"{state}   {right} of the last {shown} right" if shown else state

        def answered(name: str | None) -> None:
            self._asker.answered(engine.switch_source(name) if name else None)

        return self._pick("Turn a source on or off:", sources, answered, describe)

    def _palette(self) -> Outcome:
        """Offer every action by name."""
        asker = self._asker
        found = asker.controller.actions()
        by_text = {f"{name}: {does}": name for name, does, _ in found}
        keys = {f"{name}: {does}": key for name, does, key in found}

        def answered(text: str | None) -> None:
            if text in by_text:
                asker.act(by_text[text])
            else:
                asker.answered(None)

        return self._pick("Command:", list(by_text), answered, lambda text: keys.get(text, ""))

    def _pick(
        self,
        question: str,
        names: Sequence[str],
        answered: Callable[[str | None], None],
        describe: Callable[[str], str],
        addition: str | None = None,
    ) -> Outcome:
        from tui_annotate.ui.screens.picker import Picker

        picker = Picker(question, names, describe=describe, addition=addition)
        self._asker.app.push_screen(picker, answered)
        return NOTHING

    # ── to be read ─────────────────────────────────────────────────────────

    def _help(self) -> Outcome:
        """Show all keys."""
        from tui_annotate.ui.screens.reading import Reading, help_text

        keymap = self._asker.controller.keymap
        self._asker.app.push_screen(Reading("Keys", help_text(keymap)))
        return NOTHING

    def _guidelines(self) -> Outcome:
        """Show the guidelines, those of the label under the cursor first."""
        text = self._asker.guidelines
        if not text:
            return Outcome(message="no guidelines; name a file with --guidelines FILE.md")
        from tui_annotate.ui.screens.reading import Reading, section

        item = self._engine.current
        label = _label_here(innermost(item.editor) if item is not None else None)
        own = section(text, label) if label else None
        if own is not None:
            text = f"{own}\n\n---\n\n{text}"
        self._asker.app.push_screen(Reading("Guidelines", text))
        return NOTHING


def _label_here(editor: object) -> str | None:
    """The label of what the cursor is on, in an editor of things that have labels."""
    holder = editor if hasattr(editor, "active") else getattr(editor, "cursor", None)
    label = getattr(getattr(holder, "active", None), "label", None)
    return label if isinstance(label, str) else None


_NOT_FOUND = {"flagged": "no task is flagged", "comment": "no task has a comment"}

_GOTO_HINT = "number, text, hash, flagged, comment or a word of one"
_GOTO_HINTS = {"regions": "number or text, flagged, comment, a time such as 12:30, or what is said"}
"""What can be typed to go to a task, or a place in it, by the view."""

_QUESTIONS = {
    "comment": "Comment (enter save, empty removes, esc cancel):",
    "goto": "Go to task ({}):",
    "search": "Find:",
}
