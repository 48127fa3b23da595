"""Typing what is said, while the sound plays: what the keys of the text field do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.drafts import Typing
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.keymap.keymap import Action
from tui_annotate.kinds.regions import Options
from tui_annotate.ui.widgets.sound.pane import SoundPane
from tui_annotate.ui.widgets.sound.transcript import PASSED_ON, TranscriptField

SNIPPETS = ("[laugh]", "[noise]", "[cough]", "[breath]", "[music]", "[silence]", "[unclear]",
            "[overlap]", "[crosstalk]")  # fmt: skip
"""What the field offers to put in, where the recipe names nothing else."""


class Transcribing:
    """A field for what is said in a region, or in the whole sound.

    Args:
        sound: Plays the sound.
        options: What the recipe says: its words and its snippets.
        changed: Called when something was put in that was picked from a list.

    Attributes:
        editor: The editor of the current task.
        field: The field, while it is open.
        actions: The actions that have keys in it.
    """

    def __init__(self, sound: SoundPane, options: Options, changed: Callable[[], None]) -> None:
        self.editor: RegionEditor | None = None
        self.field: TranscriptField | None = None
        self.actions: Sequence[Action] = ()
        self._vocabulary = options.vocabulary or Vocabulary()
        self._snippets = list(options.snippets or SNIPPETS)
        self._sound = sound
        self._changed = changed

    # ── opening and closing ────────────────────────────────────────────────

    def set_editor(self, editor: RegionEditor | None) -> None:
        """Turn to another task; its field is opened as it was left."""
        self.editor, self.field = editor, None
        if editor is not None and editor.typing is not None:
            self._open(editor.typing)

    def begin(self, command: str) -> Outcome:
        """Open the field for the region that is meant, or for the whole sound.

        Args:
            command: What takes the text: ``transcript`` or ``whole_transcript``.
        """
        editor = self.editor
        assert editor is not None
        text = editor.transcript
        if command == "transcript":
            region = editor.cursor.active
            if region is None:
                return Outcome(message="no region here; T types the whole transcript")
            editor.cursor.hold(region)
            text = editor.placement.heard_text(region)
        self._open(Typing(command, text, len(text)))
        return NOTHING

    def _open(self, typing: Typing) -> None:
        self.field = TranscriptField(
            typing.command, typing.text, typing.caret, self.actions, self._words
        )
        self._remember()

    def _words(self) -> Iterable[str]:
        """The words of this task and of others, and those that the recipe knows."""
        assert self.editor is not None
        texts = [region.text for region in self.editor.regions if region.text]
        return self._vocabulary.words([*texts, self.editor.transcript])

    def _remember(self) -> None:
        """Have the draft keep what is typed."""
        field, editor, engine = self.field, self.editor, self._sound.engine
        assert editor is not None
        typing = None
        if field is not None:
            typing = Typing(field.command, field.entry.text, field.entry.caret)
        if editor.typing != typing:
            editor.typing = typing
            if engine is not None:
                engine.touch()

    # ── keys ───────────────────────────────────────────────────────────────

    def take_key(self, key: str, character: str | None) -> bool:
        """Take a key while the field is open; whether it was the field's."""
        field = self.field
        if field is None or key in PASSED_ON:
            return False
        action = field.key(key, character)
        if action is not None:
            self._act(action, field)
        self._remember()
        return True

    def paste(self, text: str) -> None:
        """Put a text in."""
        if self.field is not None:
            self.field.paste(text)
            self._remember()

    def _act(self, action: str, field: TranscriptField) -> None:
        match action:
            case "field_play":
                self._toggle()
            case "field_replay":
                self._sound.hear(*self._stretch())
            case "field_back" | "field_forward":
                self._step(back=action == "field_back")
            case "field_slower" | "field_faster":
                speed = self._sound.transport.change_speed(1 if action == "field_faster" else -1)
                field.message = f"speed {speed:g}×"
            case "field_snippets":
                self._offer_snippets()
            case "field_commit":
                self._commit(field, go_on=not field.whole)
            case "field_leave":
                self._commit(field, go_on=False)

    def _toggle(self) -> None:
        """Pause, or play on in the region."""
        transport = self._sound.transport
        if transport.playing:
            transport.pause()
            return
        stretch = self._stretch()
        first = transport.frame if transport.stretch == stretch else stretch[0]
        step = transport.step_back if first > stretch[0] else 0
        first = max(first - step, stretch[0])
        transport.play(*stretch, first=first if first < stretch[1] else None)
        self._sound.follow()

    def _stretch(self) -> tuple[int, int]:
        editor, field = self.editor, self.field
        assert editor is not None
        region = editor.cursor.active
        if region is None or (field is not None and field.whole):
            return 0, editor.clip.frames
        return region.start, region.end

    def _step(self, *, back: bool) -> None:
        transport, editor = self._sound.transport, self.editor
        if not transport.playing:
            self._toggle()
        if back and editor is not None:
            transport.back(editor.cursor.frame)
        else:
            transport.forward()

    def _offer_snippets(self) -> None:
        from tui_annotate.ui.screens.picker import Picker

        def chosen(snippet: str | None) -> None:
            field = self.field
            if snippet and field is not None:
                before = field.entry.text[: field.entry.caret]
                space = " " if before and not before[-1].isspace() else ""
                field.entry.insert(f"{space}{snippet} ")
                self._remember()
            self._changed()

        self._sound.app.push_screen(Picker("Snippet:", self._snippets, by_digit=True), chosen)

    # ── what is typed is kept ──────────────────────────────────────────────

    def _commit(self, field: TranscriptField, *, go_on: bool) -> None:
        editor = self.editor
        assert editor is not None
        self.field = editor.typing = None
        editor.cursor.playhead = None
        self._edit(field.command, field.entry.text)
        if not go_on:
            return
        before = editor.cursor.active
        self._edit("next_span")
        after = editor.cursor.active
        if after is None or (before is not None and after.id == before.id):
            self._stay(field)
            return
        editor.cursor.heard = after.start, after.end
        self.begin("transcript")

    def _edit(self, command: str, argument: str | None = None) -> None:
        engine = self._sound.engine
        if engine is not None:
            engine.edit(command, argument)

    def _stay(self, field: TranscriptField) -> None:
        """There is no next region: what is typed ahead must not become commands."""
        self._sound.transport.stop()
        if field.last:
            return
        self.begin("transcript")
        if self.field is not None:
            self.field.last = True
            self.field.message = "that was the last region; enter again closes the field"
