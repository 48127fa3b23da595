"""What the lines above and below the document say."""

from __future__ import annotations

from collections.abc import Sequence

from tui_annotate.editors.spans.reading import LabelledText
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import cut, safe, visible_width
from tui_annotate.ui.first_steps import first_steps
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.line import Piece

MINIMUM = (60, 15)
"""Columns and rows of the smallest terminal there is room in."""

_ANSWERED = {"accept": "accepted", "reject": "rejected", "ignore": "skipped"}
HELP_ROOM = 10
"""Columns that labels leave to the hint of the help."""

_HINTS = (
    ("label_by_name", "find label"),
    ("label_all", "label all"),
    ("jump", "jump"),
    ("next_span", "next"),
    ("help", "help"),
)


def top_line(
    engine: Engine,
    theme: Theme,
    total: int | None,
    drafts: str | None,
    headline: str | None = None,
) -> tuple[list[Piece], list[Piece]]:
    """Recipe, source or task, and position; at the right the share decided, and if it is saved."""
    settings = engine.context.settings
    left: list[Piece] = [
        (f" {settings.recipe}", theme.strong),
        (f"  {safe(settings.source_name, 40) if headline is None else headline}", theme.plain),
    ]
    item = engine.current
    right: list[Piece] = []
    where = item.position + 1 if item is not None else None
    if engine.invalid is not None:
        where = engine.invalid.position + 1
    if where is not None:
        right.append((f"{where:,} of {total:,}" if total else f"{where:,}", theme.plain))
    share = engine.queue.share(total)
    if share is not None and share[1]:
        right.append((f"  {100 * share[0] // share[1]} %", theme.plain))
    if item is not None:
        if item.decided is not None:
            answer = _ANSWERED.get(str(item.decided.get("answer")), "decided")
            right.append((f"  {answer}", theme.warning))
        if item.flagged:
            right.append(("  flagged", theme.warning))
        if item.comment:
            right.append(("  comment", theme.dim))
    match engine.journal.state:
        case "failed":
            right.append(("  NOT SAVED", theme.warning))
        case "saving":
            right.append(("  saving", theme.dim))
        case _:
            right.append(
                ("  saved", theme.dim) if drafts is None else ("  DRAFT NOT SAVED", theme.warning)
            )
    right.append((f"  {safe(settings.annotator, 16)} ", theme.dim))
    return left, right


def label_bar(
    engine: Engine, keymap: Keymap, theme: Theme, width: int
) -> tuple[list[Piece], list[Piece]]:
    """The labels with their keys and counts, and hints where there is room."""
    item = engine.current
    counts = item.editor.counts() if item is not None and item.editor is not None else {}
    pieces: list[Piece] = []
    used = 0
    names = list(keymap.labels)
    names += [name for name in counts if name not in names]
    for index, name in enumerate(names):
        key = keymap.label_key(name)
        text = f" {key} " if key else " "
        shown = safe(name, 24)
        count = f" {counts.get(name, 0)}"
        more = f"  +{len(names) - index} ;"
        length = len(text) + visible_width(shown) + len(count) + 1
        if used + length + len(more) > width - HELP_ROOM:
            pieces.append((more, theme.dim))
            used += len(more)
            break
        pieces += [
            (text, theme.plain),
            (shown, theme.label(engine.labels.offered.get(name, FOREIGN))),
            (count + " ", theme.dim),
        ]
        used += length
    room = width - used - 2
    first = first_steps(engine, keymap, theme, room)
    if first:
        return pieces, first
    hints: list[Piece] = []
    # The help is the hint that leads to all others, so it has the first claim to room.
    for action, does in sorted(_HINTS, key=lambda hint: hint[0] != "help"):
        text = f"{keymap.shown(action)} {does}  "
        if len(text) > room:
            break
        room -= len(text)
        hints.append((text, theme.dim))
    return pieces, hints[1:] + hints[:1]


def chord(keymap: Keymap, first: str, theme: Theme) -> list[Piece]:
    """What may follow the first of two keys."""
    pieces: list[Piece] = [(f" {first}…", theme.strong)]
    for second, label in keymap.chord(first).items():
        pieces += [(f"  {second} ", theme.plain), (safe(label, 24), theme.strong)]
    return [*pieces, ("   esc cancels", theme.dim)]


def under_cursor(editor: LabelledText, theme: Theme) -> list[Piece]:
    """What the cursor is on: the string, its token, its offsets, the spans over it."""
    caret = editor.caret
    selection = caret.selection
    start, end = selection or caret.unit()
    if start == end:
        return [(" (no text)", theme.dim)]
    unit = "character" if caret.characters else "token"
    pieces: list[Piece] = [(f" {safe(editor.text[start:end], 28)}", theme.strong)]
    if selection is not None:
        pieces.append((f"  selected  {start}–{end}", theme.dim))
    else:
        # The number is the token's own, as the file has it, white space counted.
        number = caret.index() if caret.characters else caret.tokens.stops[caret.index()]
        pieces.append((f"  {unit} {number}  {start}–{end}", theme.dim))
    found = editor.under_cursor()
    active = editor.active
    if active is not None:
        text = f"  {safe(active.label, 60)}"
        if (active.start, active.end) != (start, end):
            text += f" {active.start}–{active.end}"
        if len(found) > 1:
            text += f" ({found.index(active) + 1} of {len(found)}, w next)"
        pieces.append((text, theme.plain))
        if active.source is not None:
            score = f" {active.score:.2f}" if active.score is not None else ""
            mark = "?" if active.suggested else ""
            pieces.append((f"{mark} {safe(active.source, 20)}{score}", theme.dim))
    return pieces


def progress(engine: Engine, theme: Theme, total: int | None, unchecked: int = 0) -> list[Piece]:
    """Suggestions, pace and time left; only a decision changes the last two."""
    pieces: list[Piece] = []
    item = engine.current
    if engine.preparation.sources.gone is not None:
        pieces.append(("suggestions stopped (process ended)  ", theme.warning))
    elif item is not None and not item.suggested:
        pieces.append(("suggestions loading…  ", theme.dim))
    elif item is not None and item.editor is not None:
        wrong = _mostly_wrong(engine)
        if wrong:
            pieces.append((f"{wrong}, ! turn off  ", theme.warning))
        elif unchecked:
            pieces.append((f"{unchecked} to check  ", theme.dim))
    pace = engine.pace.per_minute
    if pace is not None:
        pieces.append((f"{pace:.0f}/min  ", theme.dim))
        share = engine.queue.share(total)
        left = engine.pace.minutes_left(None if share is None else share[1] - share[0])
        if left:
            pieces.append((f"~{_duration(left)} ", theme.dim))
    return pieces


def _mostly_wrong(engine: Engine) -> str | None:
    for score in engine.feedback.record.wrong_more_often():
        if score.source not in engine.preparation.sources.off:
            where = f"{safe(score.source, 18)} {safe(score.label, 12)}"
            return f"{where}: {score.right} of {score.shown} right"
    return None


def _duration(minutes: float) -> str:
    if minutes < 1:
        return "1 min"
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h"


def meta_line(engine: Engine, theme: Theme) -> list[Piece]:
    """The task's meta and comment, dim."""
    item = engine.current
    if item is None:
        return []
    parts = [
        f"{safe(str(key), 30)}: {safe(str(value), 120)}" for key, value in item.task.meta.items()
    ]
    if item.comment:
        parts.insert(0, f"comment: {safe(item.comment, 80)}")
    return [("   " + "  ".join(parts), theme.dim)] if parts else []


def key_hints(keymap: Keymap, actions: Sequence[tuple[str, str]]) -> str:
    """Keys with a word each, in a row."""
    return "   ".join(f"{keymap.shown(action)} {does}" for action, does in actions)


def too_small(size: tuple[int, int]) -> bool:
    """Whether a terminal has no room for a session; one without a size yet is not."""
    width, height = size
    return 0 < width < MINIMUM[0] or 0 < height < MINIMUM[1]


def notice(engine: Engine, keymap: Keymap, size: tuple[int, int]) -> list[str]:
    """What stands in the place of the task: nothing while there is one to work on."""
    if too_small(size):
        return [
            f"This terminal is {size[0]}×{size[1]}.",
            f"Make it {MINIMUM[0]}×{MINIMUM[1]} or larger; nothing is lost.",
        ]
    back, leave = keymap.shown("back"), keymap.shown("quit")
    match engine.stage:
        case "empty":
            return [
                f"There are no tasks in {engine.context.settings.source_name}.",
                f"{leave} quit",
            ]
        case "done":
            tally = engine.pace.tally
            per_minute = engine.pace.per_minute
            pace = f", {per_minute:.0f} a minute" if per_minute else ""
            return [
                "All tasks are decided.",
                f"{tally.all:,} decided: {tally.accept:,} accepted, {tally.reject:,} rejected, "
                f"{tally.ignore:,} skipped{pace}",
                *_passed_over(engine),
                f"Saved in {engine.context.settings.output}",
                f"{back} back    {leave} quit",
            ]
        case "invalid":
            skip, on = keymap.shown("ignore"), keymap.shown("next")
            return [
                "This task cannot be shown.",
                str(engine.invalid),
                f"{skip} skip    {on} next    {leave} quit, to fix it",
            ]
        case "waiting":
            if not engine.preparation.sources.loaded:
                return ["The pipeline is loading…", f"{leave} quit"]
    return []


def _passed_over(engine: Engine) -> list[str]:
    count = engine.queue.passed_over
    if not count:
        return []
    return [f"{count:,} could not be shown and {'was' if count == 1 else 'were'} skipped."]


def two_rows(text: str, width: int) -> tuple[str, str]:
    """A message over two rows at most: what stands on the first, if it needs one, and the last."""
    if visible_width(text) <= width:
        return "", text
    words = text.split(" ")
    first = words.pop(0)
    while words and visible_width(first) + 1 + visible_width(words[0]) <= width:
        first = f"{first} {words.pop(0)}"
    last = " ".join(words)
    if visible_width(last) > width:
        last = cut(last, width)
    return first, last
