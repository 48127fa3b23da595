"""A list that typing narrows: labels by name, sources to switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_annotate.text.display import filled, safe, visible_width
from tui_annotate.ui.screens.prompt import Field, Prompt
from tui_annotate.ui.widgets.ordered import OrderedStatic

_ROWS = 10
_DIGITS = "1234567890"


def most_like(query: str, names: Sequence[str]) -> Sequence[str]:
    """The names that a text finds: those that begin with it, then the most like it."""
    if not query:
        return names
    from rapidfuzz import fuzz, process, utils

    ranked = process.extract(
        query,
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=_ROWS,
        score_cutoff=55,
    )
    begins = [name for name in names if name.casefold().startswith(query.casefold())]
    return list(dict.fromkeys([*begins, *(match[0] for match in ranked)]))


class Picker(Prompt):
    """Chooses one of many by typing a part of its name.

    Args:
        question: What is chosen.
        names: What there is, in order.
        describe: What to say beside a name.
        addition: How a name that is not there can be added, such as ``add the label``;
            None where nothing can be added.
        find: What a text finds, the likeliest first; by default the names most like it.
        title: How a name is shown.
        by_digit: Whether a digit that is typed first chooses one of the first ten at once.
    """

    def __init__(
        self,
        question: str,
        names: Sequence[str],
        *,
        describe: Callable[[str], str] = lambda name: "",
        addition: str | None = None,
        find: Callable[[str], Sequence[str]] | None = None,
        title: Callable[[str], str] = lambda name: name,
        by_digit: bool = False,
    ) -> None:
        super().__init__(question)
        self._finder = find
        self._title = title
        self._names = list(names)
        self._describe = describe
        self._addition = addition
        self._by_digit = by_digit
        self._at = 0
        self._found: list[tuple[str, bool]] = []

    def compose(self) -> ComposeResult:
        """The names, the question and its field."""
        with Vertical():
            yield OrderedStatic(id="names")
            yield OrderedStatic(self.question, markup=False)
            yield Field(id="field")

    def on_mount(self) -> None:
        """Show everything at first."""
        super().on_mount()
        self._find("")

    def _find(self, query: str) -> None:
        query = query.strip()
        finder = self._finder
        names = most_like(query, self._names) if finder is None else finder(query)
        self._found = [(name, False) for name in names]
        if self._addition is not None and query and query not in self._names:
            self._found.append((query, True))
        self._at = 0
        self._draw()

    def _draw(self) -> None:
        text = Text(no_wrap=True, overflow="ellipsis")
        longest = (
            max((visible_width(safe(name)) for name in self._names), default=0)
            if self._finder is None
            else 34
        )
        wide = max(min(longest, self.size.width // 2), 20)
        first = max(0, min(self._at - _ROWS // 2, len(self._found) - _ROWS))
        for index, (name, new) in list(enumerate(self._found))[first : first + _ROWS]:
            shown = f"{self._addition} “{safe(name, 60)}”" if new else safe(self._title(name), wide)
            line = f" {self._digit(index)}{shown}"
            style = "reverse" if index == self._at else ""
            text.append(filled(line, max(wide + 2, visible_width(line))), style)
            beside = "" if new else self._describe(name)
            text.append(f"  {beside}\n" if beside else "\n", "dim")
        if not self._found:
            text.append(" no match\n", "dim")
        text.right_crop(1)
        for names in self.query("#names").results(OrderedStatic):
            names.update(text)

    def _digit(self, index: int) -> str:
        """What chooses a name of the list, while nothing is typed."""
        if not self._by_digit or len(self._found) != len(self._names):
            return ""
        return f"{_DIGITS[index]} " if index < len(_DIGITS) else "  "

    def changed(self, value: str, caret: int) -> None:
        """Narrow the list, or choose by a digit."""
        place = _DIGITS.find(value) if self._by_digit and len(value) == 1 else -1
        if 0 <= place < len(self._names):
            self.answer(self._names[place])
        else:
            self._find(value)

    def submit(self, value: str) -> None:
        """Return what is marked."""
        self.answer(self._found[self._at][0] if self._found else None)

    def pressed(self, key: str) -> None:
        """Move the mark; the rest is as in every field."""
        step = {"up": -1, "down": 1, "shift+tab": -1, "tab": 1, "pageup": -8, "pagedown": 8}
        if key in step and self._found:
            self._at = min(max(self._at + step[key], 0), len(self._found) - 1)
            self._draw()
        else:
            super().pressed(key)
