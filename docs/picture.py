"""Draw docs/session.svg and docs/sound.svg: sessions on the samples, as a terminal shows them.

Run as ``python docs/picture.py`` after a change to what the screen looks like;
a test compares the pictures with the program.
"""

from __future__ import annotations

import copy
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SOUND = HERE.parent / "tui_annotate" / "samples" / "dialogue.flac"
_WIDTH, _HEIGHT = 9, 20
_BACK, _FORE = "#16161c", "#e0e0e0"
_NAMES = {"default": _FORE, "black": "#000000", "white": "#e0e0e0"}
_SPANS = [
    (5.514, 9.1, "Anna", "Good morning, Ben. Did the ferry come in last night?"),
    (9.1, 14.238, "Ben", "It did, but late. The fog was so thick that we only heard it."),
    (14.834, 18.3, "Anna", "I heard it from the kitchen. And the parcel for the school?"),
    (18.3, 21.9, "Ben", "Two parcels, and"),
]


@dataclass(frozen=True)
class Picture:
    """A session, and what is done in it.

    Attributes:
        name: The file in this folder.
        rows: The height of the terminal.
        columns: Its width.
        arguments: What the program is told; in a folder of its own.
        ready: What is on the screen before the first key.
        keys: The keys that are pressed, one after the other.
        prepare: Puts what the session needs into its folder.
    """

    name: str
    rows: int
    columns: int
    arguments: tuple[str, ...]
    ready: str
    keys: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda folder: None


def _listened(folder: Path) -> None:
    """The dialogue, in which somebody has marked the first turns."""
    (folder / SOUND.name).symlink_to(SOUND)
    spans = [
        {"start": start, "end": end, "label": label, "text": text}
        for start, end, label, text in _SPANS
    ]
    task = {"audio": SOUND.name, "audio_spans": spans}
    (folder / "turns.jsonl").write_text(json.dumps(task) + "\n", encoding="utf-8")


PICTURES = (
    Picture("session.svg", 18, 80, ("demo", "--annotator", "anna"), "to check",
            ("tab", "a", "2", "tab", "tab")),
    Picture("sound.svg", 24, 96,
            ("audio.speakers", "turns.jsonl", "-l", "Anna,Ben", "--suggest", "speech",
             "--annotator", "anna"),
            "SPEECH 4", (*5 * ("tab",), "v", "v", "right", "left"), _listened),
)  # fmt: skip


def screen_of(picture: Picture) -> Any:
    """The pyte screen of a session after some keys; needs the packages of the tests."""
    sys.path.insert(0, str(HERE.parent))
    Terminal = import_module("tests.pty.terminal").Terminal

    program = str(Path(sys.executable).with_name("tui-annotate"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture.prepare(folder)
        terminal = Terminal(
            [program, *picture.arguments],
            folder,
            rows=picture.rows,
            columns=picture.columns,
            environment={"TUI_ANNOTATE_AUDIO": "null"},
        )
        try:
            terminal.wait_for(picture.ready).settle()
            for key in picture.keys:
                terminal.press(key).settle()
            return copy.deepcopy(terminal._screen)
        finally:
            terminal.press("q")
            terminal.wait_for_end()
            terminal.close()


def drawn(screen: Any) -> str:
    """A screen as SVG, without fonts or anything else from elsewhere."""
    width, height = screen.columns * _WIDTH + 24, screen.lines * _HEIGHT + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="ui-monospace, Menlo, Consolas, '
        f'DejaVu Sans Mono, monospace" font-size="15">',
        f'<rect width="{width}" height="{height}" rx="8" fill="{_BACK}"/>',
    ]
    dots: dict[tuple[str, int], list[int]] = defaultdict(list)
    for y in range(screen.lines):
        cells = [(x, screen.buffer[y][x]) for x in range(screen.columns)]
        for look, run in groupby(cells, key=lambda cell: _look(cell[1])):
            stretch = list(run)
            text = "".join(_taken(dots, x, y, cell.data, look[0]) for x, cell in stretch)
            parts += _run(y, stretch[0][0], text, *look)
    return "\n".join([*parts, *_paths(dots), "</svg>", ""])


def _look(cell: Any) -> tuple[str, str, bool, bool]:
    fore, back = _colour(cell.fg, _FORE), _colour(cell.bg, _BACK)
    if cell.reverse:
        fore, back = back, fore
    return fore, back, cell.bold, cell.underscore


def _colour(name: str, default: str) -> str:
    return default if name == "default" else _NAMES.get(name, f"#{name}")


def _taken(
    dots: dict[tuple[str, int], list[int]], x: int, y: int, character: str, colour: str
) -> str:
    """A character, or a space for one whose dots are drawn: not every font has them.

    Args:
        dots: Takes the dots, in eighths of a cell: by colour and half column, from the top.
        x: The column.
        y: The row.
        character: What stands there.
        colour: Its colour.
    """
    braille = ord(character[0]) - 0x2800 if character else 0
    if character in ("▀", "▄"):
        first = 8 * y + (0 if character == "▀" else 4)
        for half in (2 * x, 2 * x + 1):
            dots[colour, half] += range(first, first + 4)
    elif 0 <= braille < 256:
        for half, bits in enumerate(((0, 1, 2, 6), (3, 4, 5, 7))):
            for place, bit in enumerate(bits):
                if braille >> bit & 1:
                    dots[colour, 2 * x + half] += [8 * y + 2 * place, 8 * y + 2 * place + 1]
    else:
        return character
    return " "


def _paths(dots: dict[tuple[str, int], list[int]]) -> list[str]:
    """The dots as bars: one path for each colour."""
    bars: dict[str, list[str]] = defaultdict(list)
    for (colour, half), places in dots.items():
        places.sort()
        for _, run in groupby(enumerate(places), key=lambda one: one[1] - one[0]):
            stretch = [place for _, place in run]
            left, top = 12 + half * _WIDTH / 2, 12 + stretch[0] * _HEIGHT / 8
            size = len(stretch) * _HEIGHT / 8
            bars[colour].append(f"M{left:g} {top:g}h{_WIDTH / 2:g}v{size:g}h-{_WIDTH / 2:g}z")
    return [f'<path fill="{colour}" d="{"".join(found)}"/>' for colour, found in bars.items()]


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
    for one in PICTURES:
        (HERE / one.name).write_text(drawn(screen_of(one)), encoding="utf-8")
