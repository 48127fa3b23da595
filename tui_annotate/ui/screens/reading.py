"""Pages to read: the help and the guidelines."""

from __future__ import annotations

import re

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui_annotate.keymap.keymap import Keymap, key_name
from tui_annotate.text.display import safe
from tui_annotate.ui.widgets.ordered import OrderedStatic

_TITLES = {
    "everywhere": "Everywhere",
    "text": "Moving",
    "spans": "Spans",
    "blocks": "Blocks",
    "reading": "Reading the text",
    "listening": "Listening",
    "timeline": "The recording and its regions",
    "transcript": "Typing a transcript",
}


_LINE_ENDS_AND_TABS = re.compile(r"([\t\n]+)")


def _harmless(markdown: str) -> str:
    """Markdown with what a terminal would obey made visible."""
    pieces = _LINE_ENDS_AND_TABS.split(markdown)
    return "".join(piece if number % 2 else safe(piece) for number, piece in enumerate(pieces))


class Reading(ModalScreen[None]):
    """A page over the desk; escape, q, enter or the key that opened it close it.

    Args:
        title: What it is.
        text: Markdown, or a Rich text.
    """

    DEFAULT_CSS = """
    Reading { background: $background; }
    Reading > VerticalScroll {
        height: 1fr; padding: 0 2; background: $background; scrollbar-size: 1 1;
    }
    Reading #title { height: 1; padding: 0 1; text-style: bold; }
    """

    def __init__(self, title: str, text: str | Text) -> None:
        super().__init__()
        self._title = safe(title)
        self._text = text if isinstance(text, Text) else _harmless(text)
        self._page = VerticalScroll(id="page")

    def compose(self) -> ComposeResult:
        """The title and the page."""
        yield OrderedStatic(f"{self._title}    esc closes, arrows scroll", id="title", markup=False)
        with self._page:
            if isinstance(self._text, Text):
                yield OrderedStatic(self._text)
            else:
                from textual.widgets import Markdown

                yield Markdown(self._text, open_links=False)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self._page.focus()

    def on_key(self, event: events.Key) -> None:
        """Close, or scroll."""
        event.stop()
        event.prevent_default()
        try:
            self._act(event)
        finally:
            self.app.key_done()  # type: ignore[attr-defined]

    def _act(self, event: events.Key) -> None:
        page = self._page
        scroll = {
            "up": page.scroll_up,
            "down": page.scroll_down,
            "pageup": page.scroll_page_up,
            "pagedown": page.scroll_page_down,
            "space": page.scroll_page_down,
            "home": page.scroll_home,
            "end": page.scroll_end,
        }
        if event.key in scroll:
            scroll[event.key](animate=False)
        elif event.key == "ctrl+q":
            self.app.run_worker(self.app.action_quit())
        elif self.is_current and (
            event.key in ("escape", "enter", "f1", "f2") or event.character in ("q", "?", "i")
        ):
            self.dismiss(None)


def section(markdown: str, heading: str) -> str | None:
    """The section of a Markdown text under a heading that begins with a name, or None."""
    begin: int | None = None
    level = 0
    lines = markdown.splitlines()
    for number, line in enumerate(lines):
        hashes = len(line) - len(line.lstrip("#"))
        if not hashes:
            continue
        if begin is not None and hashes <= level:
            return "\n".join(lines[begin:number])
        words = line.lstrip("#").split()
        if begin is None and words and words[0].strip(":.,*`") == heading:
            begin, level = number, hashes
    return None if begin is None else "\n".join(lines[begin:])


def help_text(keymap: Keymap) -> Text:
    """Every action of a session with its keys, by group."""
    text = Text()
    group = None
    for entry in keymap.table:
        if entry.group != group:
            group = entry.group
            text.append(f"\n{_TITLES.get(group, group)}\n", "bold")
        if entry.id.startswith("label_") and entry.id[6:].isdigit():
            continue
        keys = "  ".join(key_name(key) for key in keymap.keys(entry.id)) or "–"
        text.append(f"  {keys:<22}", "bold")
        text.append(f"{entry.does}\n")
    for entry in keymap.fields:
        if entry.group != group:
            group = entry.group
            text.append(f"\n{_TITLES.get(group, group)}\n", "bold")
        text.append(f"  {'  '.join(map(key_name, entry.keys)):<22}", "bold")
        text.append(f"{entry.does}\n")
    text.append("\nLabels\n", "bold")
    for name in keymap.labels:
        text.append(f"  {keymap.label_key(name) or ';':<22}", "bold")
        text.append(f"{safe(name)}\n")
    return text
