"""What somebody looks for in a stream: a text, a hash."""

from __future__ import annotations

from tui_annotate.task.task import Fields, input_hash, task_hash


class Query:
    """A part of a text, or a hash.

    Args:
        text: As it was typed.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self._folded = self.text.casefold()
        self._number = _number(self.text)

    def fits(self, fields: Fields) -> bool:
        """Whether a task has it, letter case aside."""
        found = (fields.get(name) for name in ("text", "audio", "transcript"))
        if self._folded in "\n".join(str(one) for one in found if one).casefold():
            return True
        return self._number is not None and self._number in (input_hash(fields), task_hash(fields))


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
