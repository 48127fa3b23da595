"""The open task, and what a draft keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tui_annotate.editors.base import AS_IT_WAS, Editor, Restored
from tui_annotate.session.draft_tokens import TEXT_KEPT, packed
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task, input_id
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.tokens import Tokens


class Item(msgspec.Struct):
    """The task on the context.

    Attributes:
        task: The task.
        position: Where it stands in the source, from 0.
        editor: Its editor, once the tokens are there.
        tokens: Those that it has from a tokeniser, not from the source.
        decided: The line that decided it before, if it is looked at again.
        start: What an earlier decision on a text nearly the same comes to on this one, where that
            was taken over.
        flagged: Whether it is flagged.
        comment: The comment on it.
        seconds: Active time spent on it.
        keys: Key presses spent on it.
        shown_at: When it reached the terminal, in monotonic seconds; None before.
        suggested: Whether its suggestions are in the editor.
        coming: Those of them that are still to be put into the editor, of a long task.
        more_coming: Whether there may be others after those.
        remarks: What is odd about its content, one sentence each.
        suggestions_shown: Whether they have been painted.
        waived: Whether the annotator decides without them.
        field: Name, text and caret of an open text field.
        drafted: What a draft kept of the editor.
        moved: Where the parts of the text are that the draft was made of.
        known: What a draft tells the task by, should it change; made with the first one.
        resumed: Whether the session before was left at it.
        dirty: Whether there is something that a draft has to keep.
        doubts: What was said to be missing when it was to be accepted, until another key acts.
        doubted_at: How many keys were pressed when that was said.
    """

    task: Task
    position: int
    editor: Editor | None = None
    tokens: Tokens | None = None
    decided: Mapping[str, Any] | None = None
    start: Mapping[str, Any] | None = None
    flagged: bool = False
    comment: str = ""
    seconds: float = 0.0
    keys: int = 0
    shown_at: float | None = None
    suggested: bool = False
    coming: Iterator[list[Suggestion]] | None = None
    more_coming: bool = False
    remarks: Sequence[str] = ()
    suggestions_shown: bool = False
    waived: bool = False
    field: tuple[str, str, int] | None = None
    drafted: Mapping[str, Any] | None = None
    moved: Alignment = SAME
    known: Mapping[str, Any] = msgspec.field(default_factory=dict)
    resumed: bool = False
    dirty: bool = False
    doubts: str = ""
    doubted_at: int = 0

    @property
    def painted(self) -> bool:
        """Whether all of it that is there has reached the terminal."""
        return self.shown_at is not None and self.suggestions_shown >= self.suggested

    def seen(self, at: float, *, with_suggestions: bool) -> None:
        """It stands on the terminal since then, with its suggestions or without."""
        if self.shown_at is None or with_suggestions:
            # A key that was read before the suggestions were painted did not mean them.
            self.shown_at = at
        if with_suggestions:
            self.suggestions_shown = True

    def unseen(self) -> None:
        """What stands on the terminal is no longer what there is to decide."""
        self.shown_at = None
        self.suggestions_shown = False

    def draft(self, decisions: int) -> Callable[[], dict[str, Any]]:
        """What a draft of it holds, read when it is written.

        Args:
            decisions: How many tasks were decided when it began: the next session
                begins with it only if none was decided since.
        """
        editor = self.editor
        assert editor is not None

        def state() -> dict[str, Any]:
            if not self.known:
                self.known = _known(self.task, self.tokens)
            return {
                **self.known,
                "position": self.position,
                "decisions": decisions,
                "editor": {"state": editor.state(), "suggested": self.suggested},
                "flagged": self.flagged,
                "comment": self.comment,
                "seconds": round(self.seconds, 3),
                "keys": self.keys,
                "waived": self.waived,
                "field": list(self.field) if self.field else None,
                "start": self.start,
            }

        return state

    def take_up(self, draft: Mapping[str, Any] | None) -> None:
        """Take up what is known of it: the line that decided it, else its fields, and its draft."""
        known = self.decided if self.decided is not None else self.task.fields
        self.flagged = known.get("flagged") is True
        comment = known.get("comment")
        self.comment = comment if isinstance(comment, str) else ""
        if draft is None:
            return
        try:
            self.flagged = bool(draft["flagged"])
            self.comment = str(draft["comment"])
            self.seconds = float(draft["seconds"])
            self.keys = int(draft["keys"])
            self.waived = bool(draft["waived"])
            start = draft.get("start")
            self.start = start if isinstance(start, Mapping) else None
            before = draft.get("text")
            if isinstance(before, str) and before != self.task.text:
                self.moved = Alignment(before, self.task.text)
            if draft["field"]:
                name, text, caret = draft["field"]
                self.field = (str(name), str(text), int(caret))
            self.drafted = draft["editor"]
        except (KeyError, TypeError, ValueError):
            # No editor will take that, and say so.
            self.drafted = {}

    @property
    def cursor(self) -> int | None:
        """Where the cursor will be in the text; None where only the editor can tell."""
        if self.drafted is None:
            return 0
        state = self.drafted.get("state") if isinstance(self.drafted, Mapping) else None
        found = state.get("cursor") if isinstance(state, Mapping) else None
        return found if isinstance(found, int) else None

    def restore_editor(self) -> Restored:
        """Put the draft's state into the editor, as far as it fits.

        Raises:
            ValueError: None of it does; the editor is of no more use.
        """
        if self.drafted is None or self.editor is None:
            return AS_IT_WAS
        try:
            restored = self.editor.restore(self.drafted["state"], self.moved)
            self.suggested = bool(self.drafted["suggested"]) and not restored.ask_again
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ValueError("it is not what a draft of this kind holds") from error
        return restored


def _known(task: Task, tokens: Tokens | None) -> dict[str, Any]:
    """What a task is told by where it has another id, and what it is opened with at once."""
    known: dict[str, Any] = {"input": input_id(task.fields)}
    if 0 < len(task.text) <= TEXT_KEPT:
        known["text"] = task.text
        if tokens is not None:
            known["tokens"] = packed(tokens)
    return known
