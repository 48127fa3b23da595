"""Sessions in a pseudo-terminal, ended with the test."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.pty.terminal import Terminal

LABELS = "PER,ORG,GPE"


class Desk:
    """A folder with a source and an output, and the sessions on them.

    Attributes:
        folder: Where the sessions run.
        output: The file they write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "out.jsonl"
        self._running: list[Terminal] = []

    def source(self, *tasks: str | dict[str, Any], name: str = "source.jsonl") -> Path:
        """Write a source of these texts or tasks."""
        path = self.folder / name
        rows = [{"text": task} if isinstance(task, str) else task for task in tasks]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    def start(
        self,
        source: str | Path = "source.jsonl",
        *options: str,
        recipe: str = "ner.manual",
        labels: str | None = LABELS,
        output: Path | None = None,
        **terminal: Any,
    ) -> Terminal:
        """Start a session; it need not have painted anything yet."""
        command = [
            sys.executable, "-m", "tui_annotate", recipe, str(source),
            *(() if labels is None else ("-l", labels)),
            "-o", str(output or self.output), "--annotator", "ann", *options,
        ]  # fmt: skip
        return self.run(command, **terminal)

    def run(self, command: Sequence[str], **terminal: Any) -> Terminal:
        """Start any program."""
        running = Terminal(command, self.folder, **terminal)
        self._running.append(running)
        return running

    def decisions(self) -> list[dict[str, Any]]:
        """The lines of the output."""
        if not self.output.exists():
            return []
        return [json.loads(line) for line in self.output.read_bytes().splitlines()]

    def drafts(self) -> list[dict[str, Any]]:
        """The states of the drafts beside the output."""
        folder = self.output.parent / f".{self.output.stem}.session" / "drafts"
        # A draft is renamed into its place, so that none is ever half there.
        return [json.loads(path.read_bytes())["state"] for path in sorted(folder.glob("*.json"))]

    def close(self) -> None:
        """End all that still runs."""
        for running in self._running:
            running.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A folder to work in."""
    made = Desk(tmp_path)
    yield made
    made.close()


def spans(line: dict[str, Any]) -> list[tuple[str, str]]:
    """The labelled strings of a decided line, by its offsets."""
    return [(line["text"][s["start"] : s["end"]], s["label"]) for s in line["spans"]]


def at(start: int, word: str = "") -> Callable[[Terminal], bool]:
    """Whether the status line says that the cursor is on what begins at a code point."""
    pattern = re.compile(rf" {re.escape(word)}.*\b{start}–")
    return lambda terminal: pattern.match(terminal.status) is not None


def arrive(terminal: Terminal, text: str) -> Terminal:
    """Wait until the beginning of a task's text is painted, and the frame is whole."""
    begin = text[:40]

    def there(on: Terminal) -> bool:
        return any(row.startswith(f"   {begin}") for row in on.lines[3:-3])

    return terminal.wait_for(there).settle()


def assert_restored(terminal: Terminal) -> None:
    """The alternate screen left, cursor and modes as before, no keyboard protocol touched."""
    sent = bytes(terminal.sent)
    assert sent.rindex(b"\x1b[?1049l") > sent.rindex(b"\x1b[?1049h")
    assert sent.rindex(b"\x1b[?25h") > sent.rindex(b"\x1b[?25l")
    for mode in (b"1004", b"2004", b"1000", b"1003", b"1006", b"2048", b"2026"):
        switched_on = sent.rfind(b"\x1b[?" + mode + b"h")
        assert sent.rfind(b"\x1b[?" + mode + b"l") >= switched_on
    assert not re.search(rb"\x1b\[[<>=][0-9;]*u", sent)
    assert terminal.modes == terminal.before_start
