"""Finding text in a task, for every editor with a caret."""

from __future__ import annotations

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.caret import Caret


class Search:
    """What was looked for last, and where it is found next.

    Args:
        text: The text.
        caret: The caret, which goes to what is found.
    """

    def __init__(self, text: str, caret: Caret) -> None:
        self._text = text
        self._caret = caret
        self._query = ""

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out a search of the key table; None for any other action."""
        match command:
            case "search":
                self._query = argument or ""
                return self._find(1, here=True)
            case "search_next":
                return self._find(1)
            case "search_previous":
                return self._find(-1)
        return None

    def _find(self, direction: int, *, here: bool = False) -> Outcome:
        """Go to the next occurrence; capitals matter only if typed."""
        query, text, caret = self._query, self._text, self._caret
        if not query:
            return Outcome(message="no search yet; press /")
        if query == query.lower() and len(text.lower()) == len(text):
            text = text.lower()
        at = caret.offset
        if direction > 0:
            found = text.find(query, at if here else caret.unit()[1])
            if found < 0:
                found = text.find(query)
        else:
            found = text.rfind(query, 0, at)
            if found < 0:
                found = text.rfind(query)
        if found < 0:
            return Outcome(message=f"{query!r} is not in this text")
        caret.drop()
        caret.move_to(found)
        stop = found + len(query)
        if caret.unit()[1] < stop:
            caret.select(found, stop)
        return NOTHING
