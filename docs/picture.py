"""Draw docs/session.svg: a session of the demo, as a terminal shows it.

Run as ``python docs/picture.py`` after a change to what the screen looks like;
a test compares the picture with the program.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from html import escape
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "session.svg"
ROWS, COLUMNS = 18, 80
_WIDTH, _HEIGHT = 9, 20
_BACK, _FORE = "#16161c", "#e0e0e0"
_NAMES = {"default": _FORE, "black": "#000000", "white": "#e0e0e0"}


def session_screen() -> Any:
    """The pyte screen of the demo after some keys; needs the packages of the tests."""
    sys.path.insert(0, str(HERE.parent / "tests" / "pty"))
    Terminal = import_module("terminal").Terminal

    program = str(Path(sys.executable).with_name("tui-annotate"))
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "demo", "--annotator", "anna"]
        terminal = Terminal(command, Path(folder), rows=ROWS, columns=COLUMNS)
        try:
            terminal.wait_for("suggested")
            for key in ("tab", "a", "2", "tab", "tab"):
                terminal.press(key).settle()
            return copy.deepcopy(terminal._screen)
        finally:
            terminal.press("q")
            terminal.wait_for_end()
            terminal.close()


def rows_of(screen: Any) -> list[str]:
    """The text of a screen, row by row."""
    return [line.rstrip() for line in screen.display]


def drawn(screen: Any) -> str:
    """A screen as SVG, without fonts or anything else from elsewhere."""
    width, height = COLUMNS * _WIDTH + 24, ROWS * _HEIGHT + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="ui-monospace, Menlo, Consolas, '
        f'DejaVu Sans Mono, monospace" font-size="15">',
        f'<rect width="{width}" height="{height}" rx="8" fill="{_BACK}"/>',
    ]
    for y in range(ROWS):
        cells = [(x, screen.buffer[y][x]) for x in range(COLUMNS)]
        for look, run in groupby(cells, key=lambda cell: _look(cell[1])):
            stretch = list(run)
            parts += _run(y, stretch[0][0], "".join(cell.data for _, cell in stretch), *look)
    return "\n".join([*parts, "</svg>", ""])


def _look(cell: Any) -> tuple[str, str, bool, bool]:
    fore, back = _colour(cell.fg, _FORE), _colour(cell.bg, _BACK)
    if cell.reverse:
        fore, back = back, fore
    return fore, back, cell.bold, cell.underscore


def _colour(name: str, default: str) -> str:
    return default if name == "default" else _NAMES.get(name, f"#{name}")


def _run(y: int, x: int, text: str, fore: str, back: str, bold: bool, line: bool) -> list[str]:
    left, top = 12 + x * _WIDTH, 12 + y * _HEIGHT
    width = len(text) * _WIDTH
    parts = []
    if back != _BACK:
        parts.append(
            f'<rect x="{left}" y="{top}" width="{width}" height="{_HEIGHT}" fill="{back}"/>'
        )
    if text.strip():
        style = ' font-weight="bold"' * bold + ' text-decoration="underline"' * line
        parts.append(
            f'<text x="{left}" y="{top + 15}" fill="{fore}" textLength="{width}" '
            f'xml:space="preserve"{style}>{escape(text)}</text>'
        )
    return parts


if __name__ == "__main__":
    PICTURE.write_text(drawn(session_screen()), encoding="utf-8")
