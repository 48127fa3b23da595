"""The lines under a sound: what the cursor is on, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.task.audio_names import short_name
from tui_annotate.task.task import Task
from tui_annotate.text.display import safe, visible_width
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.sound.axis import clock

_WORK = {"converting": "decoding", "peaks": "reading", "speech": "listening for speech"}

HINTS = (
    (("play_pause",), "play"),
    (("play_region",), "region"),
    (("mark_in", "mark_out"), "mark"),
    (("next_span",), "next"),
    (("next_uncovered",), "uncovered"),
    (("extend",), "extend"),
    (("start_earlier", "start_later", "end_earlier", "end_later"), "edges"),
    (("transcript",), "text"),
    (("split",), "split"),
    (("zoom_in", "zoom_out"), "zoom"),
    (("view",), "view"),
    (("slower", "faster"), "speed"),
)


def hints(
    keymap: Keymap,
    theme: Theme,
    room: int,
    wanted: Sequence[tuple[tuple[str, ...], str]] = HINTS,
) -> list[Piece]:
    """Keys with a word each, as many as there is room for; the help is always among them.

    Args:
        keymap: The keys.
        theme: The colours.
        room: The columns there are.
        wanted: The actions of each hint, and what they do together.
    """
    named = ((" ".join(keymap.shown(name) for name in actions), does) for actions, does in wanted)
    return key_hints(named, keymap.shown("help"), theme, room)


def key_hints(keys: Iterable[tuple[str, str]], help: str, theme: Theme, room: int) -> list[Piece]:
    """The same of keys that are written already.

    Args:
        keys: Each hint's keys, and what they do; those without a key are left out.
        help: The key of the help.
        theme: The colours.
        room: The columns there are.
    """
    last = f"{help} help  "
    room -= visible_width(last)
    pieces: list[Piece] = []
    for written, does in keys:
        text = f"{written} {does}  "
        if not written.strip():
            continue
        if visible_width(text) > room:
            break
        room -= visible_width(text)
        pieces.append((text, theme.dim))
    return [*pieces, (last, theme.dim)] if room >= 0 else []


def region_line(editor: RegionEditor, theme: Theme, slots: Mapping[str, int]) -> list[Piece]:
    """What the cursor is on: the region with its times, or what is marked."""
    cursor, rate, first = editor.cursor, editor.clip.rate, editor.clip.start
    if (stretch := cursor.stretch) is not None:
        start, end = stretch
        what = " marked" if cursor.mark_in is not None else " selected"
        span = f"{clock((first + start) / rate)}–{clock((first + end) / rate)}"
        times = f" {span}  {(end - start) / rate:.2f} s"
        return [(what, theme.strong), (times, theme.plain), *_likely(editor, theme, slots)]
    region = cursor.active
    if region is None:
        here = clock((first + cursor.here) / rate)
        return [(f" {here}", theme.plain), ("  no region here", theme.dim)]
    found = cursor.candidates()
    style = theme.label(slots.get(region.label, FOREIGN), True)
    pieces: list[Piece] = [
        (f" {safe(region.label, 24) or '–'}{'?' if region.suggested else ''}", style),
        (
            f"  {clock((first + region.start) / rate)}–{clock((first + region.end) / rate)}",
            theme.plain,
        ),
        (f"  {region.frames / rate:.2f} s", theme.dim),
    ]
    if region.source is not None and region.suggested:
        score = f" {region.score:.2f}" if region.score is not None else ""
        pieces.append((f"  {safe(region.source, 16)}{score}", theme.dim))
    if len(found) > 1:
        place = sorted(found, key=lambda one: (one.frames, -one.start, one.label)).index(region)
        pieces.append((f"  {place + 1} of {len(found)}, w next", theme.dim))
    return [*pieces, *_likely(editor, theme, slots)]


def _likely(editor: RegionEditor, theme: Theme, slots: Mapping[str, int]) -> list[Piece]:
    """Who it may be."""
    pieces: list[Piece] = []
    for name, score in editor.likely[:3]:
        pieces.append((f"  {safe(name, 16)}", theme.label(slots.get(name, FOREIGN))))
        pieces.append((f" {score:.2f}", theme.dim))
    return [("  like", theme.dim), *pieces] if pieces else []


def headline(task: Task | None, clip: Clip | None, width: int) -> str | None:
    """The name of a sound, its channels, its rate and its length.

    Args:
        task: Its task.
        clip: The sound; without it, or its task, there is nothing to say.
        width: The columns of the screen.
    """
    if clip is None or task is None:
        return None
    room = max(width - 62, 14)
    kinds = {1: "mono", 2: "stereo"}
    channels = kinds.get(clip.channels, f"{clip.channels} channels")
    if clip.channel is not None:
        channels = f"channel {clip.channel + 1} of {clip.channels}"
    length = clock(clip.duration, 0)
    if "chunk" in task.fields:
        length = f"{clock(clip.start / clip.rate, 0)}–{clock(clip.end / clip.rate, 0)}"
    rate = f"{clip.rate / 1000:g} kHz"
    return f"{safe(short_name(task.subject), room)}  {channels} {rate}  {length}"


def work(progress: Mapping[str, float]) -> str:
    """What is done with the sound in the background, or nothing."""
    for what, done in progress.items():
        if done < 1:
            return f"{_WORK.get(what, what)} {done:.0%}"
    return ""
