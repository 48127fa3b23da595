"""Typing what is said, while the sound plays: the text field of the view of regions."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.state import Typing
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.kinds.regions import Options
from tui_annotate.ui.screens.picker import Picker
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.sound.transcript import PASSED_ON, TranscriptField
from tui_annotate.ui.widgets.sound.view import SoundView
from tui_annotate.ui.widgets.view import View

SNIPPETS = ("[laugh]", "[noise]", "[cough]", "[breath]", "[music]", "[silence]", "[unclear]",
            "[overlap]", "[crosstalk]")  # fmt: skip
"""What the field offers to put in, where the recipe names nothing else."""


class Transcribing(SoundView):
    """A view of regions with a field for what is said in them, or in the whole sound.

    Attributes:
        field: The field, while it is open.
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(theme, options)
        self._options = options
        self.field: TranscriptField | None = None

    @property
    def takes_keys(self) -> bool:
        """Whether a text field is open."""
        return self.field is not None

    def take_key(self, key: str, character: str | None) -> bool:
        """Take a key while the field is open; whether it was the field's."""
        field = self.field
        if field is None or key in PASSED_ON:
            return False
        action = field.key(key, character)
        if action is not None:
            self._act(action)
        self._remember_typing()
        return True

    def begin_typing(self, command: str) -> Outcome:
        """Open the field for the region that is meant, or for the whole sound.

        Args:
            command: What takes the text: ``transcript`` or ``whole_transcript``.
        """
        editor = self.editor
        if command == "transcript":
            region = editor.active
            if region is None:
                return Outcome(message="no region here; T types the whole transcript")
            editor.hold(region)
            text = editor.heard_text(region)
        else:
            text = editor.transcript
        self.open_field(Typing(command, text, len(text)))
        return NOTHING

    def open_field(self, typing: Typing) -> None:
        """Open the field as it was left."""
        self.field = TranscriptField(
            typing.command, typing.text, typing.caret, self.keymap.fields, self._words
        )
        self._remember_typing()

    def _words(self) -> Iterable[str]:
        """The words of this task and of others, and those that the recipe knows."""
        texts = [region.text for region in self.editor.regions if region.text]
        known = self._options.vocabulary
        words = Vocabulary() if known is None else known
        return words.words([*texts, self.editor.transcript])

    def _remember_typing(self) -> None:
        field, editor = self.field, self.editor
        typing = None
        if field is not None:
            typing = Typing(field.command, field.entry.text, field.entry.caret)
        if editor.typing != typing:
            editor.typing = typing
            if self.engine is not None:
                self.engine.touch()

    def _act(self, action: str) -> None:
        field = self.field
        assert field is not None
        match action:
            case "field_play":
                self._toggle()
            case "field_replay":
                self._replay()
            case "field_back" | "field_forward":
                self._step(back=action == "field_back")
            case "field_slower" | "field_faster":
                speed = self.transport.change_speed(1 if action == "field_faster" else -1)
                field.says = f"speed {speed:g}×"
            case "field_snippets":
                self._offer_snippets()
            case "field_commit":
                self._commit(go_on=not field.whole)
            case "field_leave":
                self._commit(go_on=False)

    def _toggle(self) -> None:
        """Pause, or play on in the region."""
        transport = self.transport
        if transport.playing:
            transport.pause()
            return
        stretch = self._stretch()
        first = transport.frame if transport.stretch == stretch else stretch[0]
        step = transport.step_back if first > stretch[0] else 0
        first = max(first - step, stretch[0])
        transport.play(*stretch, first=first if first < stretch[1] else None)
        self.start()

    def _replay(self) -> None:
        self.hear(*self._stretch())

    def _stretch(self) -> tuple[int, int]:
        region = self.editor.active
        field = self.field
        if region is None or (field is not None and field.whole):
            return 0, self.editor.clip.frames
        return region.start, region.end

    def _step(self, *, back: bool) -> None:
        transport = self.transport
        if not transport.playing:
            self._toggle()
        if back:
            transport.back(self.cursor)
        else:
            transport.forward()

    def _offer_snippets(self) -> None:
        snippets = list(self._options.snippets or SNIPPETS)

        def chosen(snippet: str | None) -> None:
            field = self.field
            if snippet and field is not None:
                before = field.entry.text[: field.entry.caret]
                space = " " if before and not before[-1].isspace() else ""
                field.entry.insert(f"{space}{snippet} ")
                self._remember_typing()
            self.sync()
            self.post_message(View.Changed())

        self.app.push_screen(Picker("snippet:", snippets), chosen)

    def _commit(self, *, go_on: bool) -> None:
        field, editor, engine = self.field, self.editor, self.engine
        assert field is not None
        self.field = None
        editor.playhead = editor.typing = None
        if engine is not None:
            engine.edit(field.command, field.entry.text)
        else:
            editor.do(field.command, field.entry.text)
        if not go_on:
            return
        before = editor.active
        if engine is not None:
            engine.edit("next_span")
        after = editor.active
        if after is None or (before is not None and after.id == before.id):
            self._stay(field)
            return
        editor.heard = after.start, after.end
        self.begin_typing("transcript")

    def _stay(self, field: TranscriptField) -> None:
        """There is no next region: what is typed ahead must not become commands."""
        self.transport.stop()
        if field.last:
            return
        self.begin_typing("transcript")
        if self.field is not None:
            self.field.last = True
            self.field.says = "that was the last region; enter again closes the field"

    def on_paste(self, event: events.Paste) -> None:
        """Put what was pasted into the field."""
        if self.field is not None:
            event.stop()
            self.field.paste(event.text)
            self._remember_typing()
            self.sync()
