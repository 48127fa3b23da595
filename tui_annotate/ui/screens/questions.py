"""What the desk asks for in a text field or a list."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

from textual.screen import ModalScreen

from tui_annotate.editors.base import Outcome, innermost
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.session.engine import Engine
from tui_annotate.session.item import Item
from tui_annotate.text.display import safe
from tui_annotate.ui.screens.picker import Picker
from tui_annotate.ui.screens.prompt import Prompt
from tui_annotate.ui.screens.reading import Reading, help_text, section
from tui_annotate.ui.widgets.view import View


class Asking:
    """The questions of the desk; mixed into its screen."""

    engine: Engine
    view: View
    app: Any
    seeking: Event | None = None

    @property
    def keymap(self) -> Keymap:
        """What each key does now."""
        raise NotImplementedError

    def done_asking(self, outcome: Outcome | None) -> None:
        """A question was answered."""
        raise NotImplementedError

    def label_added(self) -> None:
        """A label was added."""
        raise NotImplementedError

    def action_ids(self) -> list[tuple[str, str, str]]:
        """Every action."""
        raise NotImplementedError

    def run_action_id(
        self, name: str, argument: str | None = None, pressed: float | None = None
    ) -> None:
        """Carry out an action."""
        raise NotImplementedError

    def _field(self, name: str, question: str, value: str = "", caret: int | None = None) -> None:
        item = self.engine.current

        def changed(text: str, at: int) -> None:
            if item is not None and item is self.engine.current:
                item.field = (name, text, at)
                self.engine.touch()

        def answered(text: str | None) -> None:
            if item is not None:
                item.field = None
            outcome: Outcome | None = None
            if text is not None:
                outcome = self._answer(name, text)
            elif item is not None:
                self.engine.touch()
            self.done_asking(outcome)

        self.app.push_screen(Prompt(question, value, caret, changed), answered)

    def _answer(self, name: str, text: str) -> Outcome | None:
        match name:
            case "comment":
                return self.engine.comment(text)
            case "goto":
                return self._seek(text.strip())
        found = self.view.search(text)
        return self.engine.edit("search", text) if found is None else found

    def _seek(self, query: str) -> Outcome | None:
        if not query:
            return None
        self.stop_seeking()
        cancelled = self.seeking = Event()

        def found(position: int | None) -> None:
            if cancelled is not self.seeking:
                return
            self.seeking = None
            if position is None:
                total = self.app.total or self.engine.stream.known
                known = f" (there are 1 to {total:,})" if query.isdigit() else ""
                message = f"no task has {query!r} as number, text or hash{known}"
                self.done_asking(Outcome(message=message))
            else:
                self.done_asking(self.engine.goto(position))

        def seek() -> None:
            position = self.engine.find(query, cancelled)
            if not cancelled.is_set():
                self.app.call_from_thread(found, position)

        Thread(target=seek, name="seek", daemon=True).start()
        return Outcome(message=f"searching for {query!r}; esc stops")

    def stop_seeking(self) -> bool:
        """Stop looking for a task; whether one was looked for."""
        if self.seeking is None:
            return False
        self.seeking.set()
        self.seeking = None
        return True

    def reopen_field(self, item: Item) -> None:
        """Open a text field again as it was left."""
        if item.field is None or any(isinstance(s, Prompt) for s in self.app.screen_stack):
            return
        name, text, caret = item.field
        self._field(name, _QUESTIONS.get(name, name), text, caret)

    def ask_comment(self) -> None:
        """Ask for a comment on the task."""
        item = self.engine.current
        if item is not None:
            self._field("comment", _QUESTIONS["comment"], item.comment)

    def ask_goto(self) -> None:
        """Ask for a task to go to."""
        self._field("goto", _QUESTIONS["goto"])

    def ask_search(self) -> None:
        """Ask for a text to find in the task."""
        if self.engine.current is not None:
            self._field("search", _QUESTIONS["search"])

    def ask_label_by_name(self) -> None:
        """Offer all labels, and to add one."""
        engine = self.engine
        descriptions = engine.context.settings.label_descriptions

        def describe(name: str) -> str:
            key = self.keymap.label_key(name)
            parts = [f"key {key}" if key else "", safe(descriptions.get(name, ""), 80)]
            return "  ".join(part for part in parts if part)

        def answered(name: str | None) -> None:
            if not name:
                self.done_asking(None)
                return
            added = engine.add_label(name)
            if added.message:
                self.label_added()
            self.done_asking(added)
            # As with a label's key: in a single choice it decides.
            self.run_action_id("label", name.strip())

        names = self.view.labels(engine)
        picker = Picker("Label:", names, describe=describe, addition="add the label")
        self.app.push_screen(picker, answered)

    def put_question(
        self, name: str, question: ModalScreen[str | None] | Outcome
    ) -> Outcome | None:
        """Ask what the view wants to know before a command, and carry it out with the answer."""
        if isinstance(question, Outcome):
            return question

        def answered(answer: str | None) -> None:
            self.done_asking(None if answer is None else self.engine.edit(name, answer))

        self.app.push_screen(question, answered)
        return None

    def ask_sources(self) -> None:
        """Offer the suggestion sources, to switch one off or on."""
        engine = self.engine
        sources = engine.preparation.sources
        if not sources:
            self.done_asking(Outcome(message="this session has no suggestion sources"))
            return

        def describe(name: str) -> str:
            right, shown = engine.record.of(name)
            state = "off" if name in engine.preparation.off else "on"
            return f"{state}   {right} of the last {shown} right" if shown else state

        def answered(name: str | None) -> None:
            self.done_asking(engine.switch_source(name) if name else None)

        self.app.push_screen(
            Picker("Turn a source on or off:", sources, describe=describe), answered
        )

    def ask_palette(self) -> None:
        """Offer every action by name."""
        found = self.action_ids()
        by_text = {f"{name}: {does}": name for name, does, _ in found}
        keys = {f"{name}: {does}": key for name, does, key in found}

        def answered(text: str | None) -> None:
            if text in by_text:
                self.run_action_id(by_text[text])
            else:
                self.done_asking(None)

        picker = Picker("Command:", list(by_text), describe=lambda text: keys.get(text, ""))
        self.app.push_screen(picker, answered)

    def ask_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(Reading("Keys", help_text(self.keymap)))

    def ask_guidelines(self) -> None:
        """Show the guidelines."""
        text = self.app.guidelines
        if not text:
            self.done_asking(
                Outcome(message="no guidelines; name a file with --guidelines FILE.md")
            )
            return
        item = self.engine.current
        editor = innermost(item.editor) if item is not None else None
        active = getattr(editor, "active", None)
        own = section(text, active.label) if active is not None else None
        if own is not None and active is not None:
            text = f"{own}\n\n---\n\n{text}"
        self.app.push_screen(Reading("Guidelines", text))


_QUESTIONS = {
    "comment": "Comment (enter save, empty removes, esc cancel):",
    "goto": "Go to task (number, text or hash):",
    "search": "Find:",
}
