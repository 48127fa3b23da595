"""The view of classes: the text, and the options below or beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.style import Style
from textual.app import ComposeResult

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.choice.editor import ChoiceEditor
from tui_annotate.editors.choice.hierarchy import SEPARATOR
from tui_annotate.keymap.keymap import Keymap, key_name
from tui_annotate.kinds.choice import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import cut, safe, visible_width
from tui_annotate.text.plain import has_markup, plain_text
from tui_annotate.ui.first_steps import first_steps
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.rows import Rows
from tui_annotate.ui.widgets.text.textpane import TextPane
from tui_annotate.ui.widgets.view import View

BESIDE = 100
"""From so many columns on the options stand beside the text."""

_TEXT_ROWS = 5
_LEAST_TEXT_ROWS = 3
"""So many rows are left to the text before the options do without a blank row and the hint
below them, and before they begin to scroll."""

_BAR = 16
_SHORTEST_BAR = 6
_AROUND = 18
"""The columns of a row beside those of the name and the bar."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class ChoiceView(View, can_focus=True):
    """Draws a `ChoiceEditor`.

    The options have the same place for every task, and so many rows as there
    are options, as long as that leaves the text enough.
    """

    DEFAULT_CSS = """
    ChoiceView { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    ChoiceView:focus { background-tint: transparent; }
    ChoiceView TextPane { height: 1fr; width: 1fr; }
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(id="choice")
        self.theme = theme
        self.slots: Mapping[str, int] = {}
        self.editor: ChoiceEditor | None = None
        self.plain = not options.markup
        self.text = TextPane(theme)
        self.rows = Rows(id="options")
        self._given = not self.plain
        self._remember: Callable[[str, bool], None] = lambda name, value: None
        self._shape: tuple[bool, int, int] | None = None
        self._widths = (24, _BAR)
        self._tight = False
        self._top = 0

    def compose(self) -> ComposeResult:
        """The text, and the options."""
        yield self.text
        yield self.rows

    # ── what the desk asks ─────────────────────────────────────────────────

    def attach(self, engine: Engine) -> None:
        """Show markup or not as it was left, unless the command says so."""
        left = engine.context.switches.get("markup")
        if left is not None and not self._given:
            self.plain = not left
        self._remember = engine.context.switches.set

    def find(self, name: str, query: str) -> Outcome | None:
        """Find text as it is shown."""
        return self.text.search(name, query) if name == "search" else None

    def set_editor(self, editor: ChoiceEditor | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        self._top = 0
        self._show_text()
        self.sync()

    def _show_text(self) -> None:
        editor = self.editor
        text = None if editor is None else editor.text
        self.text.set_text(plain_text(text) if text is not None and self.plain else text)

    def sync(self) -> None:
        """Draw what a command has changed."""
        self._reshape()
        self._keep_in_sight()
        self.rows.show(self._lines())

    def fit(self) -> None:
        """Put the options beside the text, or under it."""
        self.sync()

    def labels(self, engine: Engine) -> Sequence[str]:
        """The options, where they are many the ranked ones without a digit first.

        Who looks for a name did not find it among those with one.
        """
        editor = self.editor
        if editor is None or not editor.ranked:
            return super().labels(engine) if editor is None else editor.order
        places = frozenset(editor.places)
        return [*(one for one in editor.order if one not in places), *editor.places]

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self.text.set_theme(theme)
        self.sync()
        self.rows.refresh()

    def run(self, command: str) -> Outcome | None:
        """Scroll the text, or show its markup; None for the rest."""
        if self.text.scroll_by(command):
            return Outcome()
        if command in ("search_next", "search_previous"):
            return self.text.search(command)
        if command == "markup":
            if self.editor is None or not has_markup(self.editor.text):
                return Outcome(message="this text has no markup")
            self.plain = not self.plain
            self._show_text()
            self._remember("markup", not self.plain)
            return Outcome(message="markup hidden" if self.plain else "markup shown")
        return None

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """What is chosen, or what the keys do; and hints."""
        editor, theme = self.editor, self.theme
        if editor is None:
            return [], []
        pieces: list[Piece] = []
        if editor.style == "multiple":
            chosen = [label for label in editor.options if label in editor.accepted]
            pieces.append((" chosen: " if chosen else " nothing chosen", theme.dim))
            room = self.app.size.width - 24
            for number, label in enumerate(chosen):
                name = safe(label, 32)
                room -= visible_width(name) + 2
                if room < 0 and number:
                    pieces.append((f" +{len(chosen) - number}", theme.dim))
                    break
                pieces.append((", " if number else "", theme.dim))
                pieces.append((name, theme.label(self._slot(label))))
        elif editor.style == "single":
            pieces.append((f" choose one of {len(editor.options)}", theme.dim))
        else:
            pieces.append((" yes or no?", theme.dim))
        hints = []
        if editor.style == "multiple":
            hints += [(keymap.shown("toggle"), "toggle"), (keymap.shown("accept"), "accept")]
        elif editor.style == "single":
            hints += [("enter", "accept"), (keymap.shown("toggle"), "skip")]
        if editor.style != "binary":
            hints.append((keymap.shown("label_by_name"), "find label"))
        if self.text.hidden_below:
            hints.insert(0, (keymap.shown("page_down"), "more text"))
        if has_markup(editor.text):
            hints.append((keymap.shown("markup"), "markup"))
        hints.append((keymap.shown("help"), "help"))
        room = self.app.size.width - sum(visible_width(text) for text, _ in pieces) - 3
        # A question has its keys beside it.
        without = "toggle" if editor.style == "multiple" else "accept"
        more = f"{keymap.shown('page_down')} more text  " if self.text.hidden_below else ""
        first = first_steps(engine, keymap, theme, room - visible_width(more), without)
        if first and editor.style != "binary":
            return pieces, [(more, theme.dim), *first] if more else first
        right: list[Piece] = []
        for key, does in hints:
            text = f"{key} {does}  "
            room -= visible_width(text)
            if room < 0:
                break
            right.append((text, theme.dim))
        return pieces, right

    def under_cursor(self) -> list[Piece]:
        """The option that the mark stands on: its whole name, its score, what is said about it."""
        editor, theme = self.editor, self.theme
        if editor is None:
            return []
        label = editor.question.label if editor.style == "binary" else editor.here
        if label is None:
            return []
        pieces: list[Piece] = [(f" {safe(label, 48)}", theme.strong)]
        if label in editor.scores:
            source = safe(editor.sources.get(label, ""), 20)
            pieces.append((f"  {editor.scores[label]:.2f} {source}", theme.dim))
        about = editor.options[label].about
        if about:
            pieces.append((f"  {safe(about, 80)}", theme.dim))
        return pieces

    # ── the options ────────────────────────────────────────────────────────

    def _slot(self, label: str) -> int:
        return self.slots.get(label, FOREIGN)

    def _needed(self) -> int:
        editor = self.editor
        if editor is None:
            return 0
        if editor.style == "binary":
            return 2
        return min(len(editor.order), 10) + 1 if editor.ranked else len(editor.order)

    def _reshape(self) -> None:
        """Give text and options their places; rarely anything changes."""
        if not self.in_sight or self.editor is None:
            return
        width, height = self.size
        beside = width >= BESIDE
        self._widths = _columns(self.editor, self._pane(width) if beside else width)
        needed = self._needed()
        self._tight = not beside and needed + 1 + _TEXT_ROWS > height
        if self._tight:
            needed -= self.editor.ranked
            rows = max(min(needed, height - _LEAST_TEXT_ROWS), 2)
        else:
            rows = height if beside else needed + 1
        shape = (beside, rows, self._pane(width) if beside else width)
        if self._shape == shape:
            return
        self._shape = shape
        self.styles.layout = "horizontal" if beside else "vertical"
        self.rows.styles.width = shape[2] if beside else "1fr"
        self.rows.styles.height = "1fr" if beside else rows

    def _pane(self, width: int) -> int:
        """The columns of the options beside the text."""
        assert self.editor is not None
        longest = max((visible_width(safe(label)) for label in self.editor.options), default=0)
        wanted = longest + _AROUND + _BAR
        return min(max(wanted, width // 3), width * 9 // 20)

    def _capacity(self) -> int:
        editor = self.editor
        room = self._shape[1] if self._shape is not None else 1
        if self._tight:
            return room
        ranked = editor is not None and editor.ranked
        return max(room - 2, 1) if ranked else max(room - 1, 1)

    def _keep_in_sight(self) -> None:
        editor = self.editor
        if editor is None or editor.at is None:
            return
        capacity = self._capacity()
        # There may be more room than when it was scrolled.
        self._top = min(self._top, max(len(editor.order) - capacity, 0))
        if editor.at < self._top:
            self._top = editor.at
        elif editor.at >= self._top + capacity:
            self._top = editor.at - capacity + 1

    def _lines(self) -> list[list[Piece]]:
        editor = self.editor
        if editor is None:
            return []
        if editor.style == "binary":
            return [*([] if self._tight else [[]]), *self._question(editor)]
        capacity = self._capacity()
        shown = editor.order[self._top : self._top + capacity]
        keys = self._keys(editor)
        lines: list[list[Piece]] = [] if self._tight else [[]]
        above = ""
        for label in shown:
            lines.append(self._line(editor, label, keys.get(label, ""), above))
            above = "" if editor.ranked else label
        if editor.ranked and not self._tight:
            more = len(editor.order)
            key = self.keymap.shown("label_by_name")
            lines.append([(f"   {key} type to find one of {more}", self.theme.dim)])
        elif len(editor.order) > self._top + capacity:
            hidden = len(editor.order) - self._top - capacity
            lines[-1] = [*lines[-1], (f"  +{hidden} ↓", self.theme.dim)]
        return lines

    def _keys(self, editor: ChoiceEditor) -> dict[str, str]:
        found = {}
        for label in editor.options:
            key = self.keymap.label_key(label)
            if key is not None:
                found[label] = key_name(key)
        if self.keymap.ranking:
            for number, label in enumerate(editor.places, start=1):
                found[label] = str(number % 10)
        return found

    def _line(self, editor: ChoiceEditor, label: str, key: str, above: str) -> list[Piece]:
        theme = self.theme
        column, longest_bar = self._widths
        chosen = label in editor.accepted
        if editor.style == "multiple":
            mark = "●" if label in editor.chosen else "◉" if chosen else "○"
        else:
            mark = "●" if chosen else " "
        here = label == editor.here and editor.style == "multiple"
        name = theme.label(self._slot(label), chosen)
        strong = theme.strong if chosen or here else theme.plain
        pieces: list[Piece] = [
            ("  ›" if here else "   ", theme.strong),
            (f"{key:>1} ", strong),
            (f"{mark} ", strong),
        ]
        pieces += self._title(label, column, above, name)
        pieces.append(("?" if editor.is_suggested(label) else " ", theme.dim))
        used = sum(visible_width(text) for text, _ in pieces)
        score = editor.scores.get(label)
        if editor.scores:
            bar = _bar(score or 0.0, longest_bar)
            pieces.append((f" {bar:<{longest_bar}} ", name))
            pieces.append((f"{score:.2f} " if score is not None else "     ", theme.dim))
            used += longest_bar + 7
        about = editor.options[label].about
        room = (self._shape[2] if self._shape is not None else self.size.width) - used - 3
        if about and room > 8:
            pieces.append((f" {safe(about, room)}", theme.dim))
        return pieces

    def _title(self, label: str, column: int, above: str, style: Style) -> list[Piece]:
        """A name; what stands above it in a hierarchy is dim, or blank where it was just said."""
        parents, separator, leaf = label.rpartition(SEPARATOR)
        head = safe(parents + separator, 60) if leaf else ""
        leaf = safe(leaf or label, 60)
        if visible_width(head) + visible_width(leaf) > column:
            head = _end_of(head, column - visible_width(leaf))
            leaf = cut(leaf, column)
        elif head and (above.startswith(parents + separator) or above == parents):
            head = " " * (visible_width(head) - 1) + separator
        rest = max(column - visible_width(head) - visible_width(leaf), 0)
        return [(head, self.theme.dim), (leaf, style), (" " * rest, self.theme.plain)]

    def _question(self, editor: ChoiceEditor) -> list[list[Piece]]:
        theme, keymap = self.theme, self.keymap
        option = editor.question
        label = safe(option.label, 60)
        first: list[Piece] = [
            ("   ", theme.plain),
            (label, theme.label(self._slot(option.label), True)),
        ]
        first.append(("?", theme.strong))
        score = editor.scores.get(option.label)
        if score is not None:
            first.append((f"  {_bar(score, _BAR):<{_BAR}} ", theme.label(self._slot(option.label))))
            first.append((f"{score:.2f}", theme.dim))
        if option.about:
            first.append((f"   {safe(option.about, 120)}", theme.dim))
        keys = " ".join(
            f"  {keymap.shown(name)} {does}"
            for name, does in (("accept", "yes"), ("reject", "no"), ("toggle", "skip"))
        )
        return [first, [(f" {keys}", theme.dim)]]


def _end_of(drawn: str, width: int) -> str:
    """The end of a name on at most so many cells, behind a ``…``."""
    while drawn and visible_width(drawn) >= width:
        drawn = drawn[1:]
    return f"…{drawn}" if drawn else ""


def _bar(score: float, width: int) -> str:
    """A bar for a score in [0, 1], in eighths of a cell."""
    whole, rest = divmod(min(max(int(score * width * 8), 0), width * 8), 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _columns(editor: ChoiceEditor, width: int) -> tuple[int, int]:
    """The columns of the names and of the bars: the same for every task of these options."""
    longest = max((visible_width(safe(label)) for label in editor.options), default=0) + 1
    bar = min(max(width - _AROUND - longest, _SHORTEST_BAR), _BAR)
    return max(min(longest, width - _AROUND - bar), 8), bar
