"""A bare Textual app, to compare with: one text, and one number that each key raises."""

from __future__ import annotations

import sys

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """Shows a text; a key adds one to a number."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.count = 0

    def compose(self) -> ComposeResult:
        yield Static(self.text)
        yield Static("0", id="count")

    def on_key(self, event: events.Key) -> None:
        if event.key == "q":
            self.exit()
        self.count += 1
        self.query_one("#count", Static).update(str(self.count))


if __name__ == "__main__":
    Bare(sys.argv[1]).run(mouse=False)
