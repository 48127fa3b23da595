"""A session under the real interface, without a terminal and without the suggestion process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyte
import pyte.modes
from msgspec.structs import replace
from pyte.screens import Char
from rich.cells import cell_len
from rich.console import RenderableType
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.strip import Strip

from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.editors.spans.keyphrases import PhraseEditor
from tui_annotate.editors.spans.links import LinkEditor
from tui_annotate.errors import AnnotateError
from tui_annotate.recipe import Session
from tui_annotate.session.assembly import Surroundings, open_session, with_stream_of_view
from tui_annotate.session.engine import Engine
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.sources import Stream, open_source
from tui_annotate.sources.audio import open_sounds
from tui_annotate.sources.sounds import Sounds
from tui_annotate.store.disk import Disk
from tui_annotate.suggest.messages import Document, Message, Suggested, SuggesterSpec, Tokenised
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.ordering import MARK, Order
from tui_annotate.text.tokens import fallback_pairs
from tui_annotate.ui.app import AnnotateApp
from tui_annotate.ui.terminal import TightUpdate
from tui_annotate.ui.theme import Depth, Theme

LABELS = ("PER", "ORG", "GPE")
PATIENCE = 60.0
"""Seconds after which something that has to happen counts as not happening."""

Task = str | Mapping[str, Any]
Answers = Callable[[Document], Sequence[Suggestion]]

_CHARACTERS = {"space": " ", "enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b"}


class FakeProcess:
    """Stands for the suggestion process: the test says when it answers, and what."""

    def __init__(self) -> None:
        self.tell: Callable[[Message], None] = lambda message: None
        self.tokenises = True
        self.answers: Answers | None = lambda document: ()
        self.documents: list[Document] = []
        self.switched: list[tuple[str, bool]] = []
        self.learnt: list[tuple[str, list[tuple[int, int, str]]]] = []
        self.closed = False

    def submit(self, documents: Sequence[Document]) -> None:
        """Take texts; they are answered as the test has set."""
        self.documents.extend(documents)
        for document in documents:
            if self.tokenises:
                self.tokenise(document)
            if self.answers is not None:
                self.suggest(document, self.answers(document))

    def tokenise(self, document: Document) -> None:
        """Send the tokens of a text."""
        if document.pairs is None:
            self.tell(Tokenised(document.number, fallback_pairs(document.text)))

    def suggest(self, document: Document, suggestions: Sequence[Suggestion]) -> None:
        """Send the suggestions of a text."""
        self.tell(Suggested(document.number, list(suggestions)))

    def switch(self, source: str, on: bool) -> None:
        """Remember what was switched."""
        self.switched.append((source, on))

    def feedback(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        sources: Collection[str] | None = None,
    ) -> None:
        """Remember what was learnt."""
        self.learnt.append((text, list(spans)))

    def close(self) -> None:
        """Remember that it was ended."""
        self.closed = True


def finding(*wanted: tuple[str, str], source: str = "model", score: float | None = None) -> Answers:
    """Answers that offer every occurrence of some strings with their labels."""

    def answer(document: Document) -> list[Suggestion]:
        return [
            Suggestion(found.start(), found.end(), label, source, score)
            for string, label in wanted
            for found in re.finditer(re.escape(string), document.text)
        ]

    return answer


def key_event(key: str) -> events.Key:
    """A key press as Textual reads it: a character, or the name of a key."""
    if len(key) == 1:
        return events.Key(_character_to_key(key), key)
    return events.Key(key, _CHARACTERS.get(key))


def feed(glass: pyte.Screen, sent: str) -> None:
    """Draw on an emulated terminal; pyte knows no marks without width, and stops at one."""
    pyte.Stream(glass).feed(sent.replace(MARK, ""))


class GlassApp(AnnotateApp):
    """The application, drawing on the glass of an emulated terminal what it would send.

    Attributes:
        frames: What it sent, frame by frame.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frames: list[bytes] = []
        # Drawn once somebody looks, which few tests do.
        self._sent: list[tuple[Size, str]] = []
        self._glass: pyte.Screen | None = None

    @property
    def glass(self) -> pyte.Screen:
        """The glass with all that was sent drawn on it."""
        for size, sent in self._sent:
            if self._glass is None or (self._glass.columns, self._glass.lines) != tuple(size):
                self._glass = pyte.Screen(*size)
            self._glass.set_mode(pyte.modes.LNM)
            feed(self._glass, sent)
        self._sent.clear()
        assert self._glass is not None
        return self._glass

    def _display(self, screen: Any, renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is None or self._batch_count:
            return
        if isinstance(renderable, ChopsUpdate):
            renderable = TightUpdate.of(renderable)
        if isinstance(renderable, CompositorUpdate):
            sent = renderable.render_segments(self.console)
        else:
            sent = self.console._render_buffer(self.console.render(renderable))
        self.frames.append(sent.encode())
        self._sent.append((self.size, sent))


Cells = list[Char]


@lru_cache(maxsize=500)
def drawn(row: str, columns: int) -> Cells:
    """The cells that a row sent as a whole gives."""
    glass = pyte.Screen(columns, 1)
    feed(glass, row)
    return cells(glass, 0)


def cells(glass: pyte.Screen, row: int) -> Cells:
    """The cells of a row of a glass."""
    return [glass.buffer[row][column] for column in range(glass.columns)]


def repainted(app: GlassApp) -> list[Cells]:
    """The rows of the glass as they would be if everything were sent again."""
    strips = app.screen._compositor.render_strips()
    return [drawn(strip.render(app.console), app.size.width) for strip in strips]


class Sitting:
    """A running session, its keyboard and its screen.

    Attributes:
        app: The application.
        engine: The session.
        process: The suggestion process, as far as the session can tell.
        output: The file it writes.
    """

    def __init__(self, app: GlassApp, engine: Engine, process: FakeProcess, pilot: Any) -> None:
        self.app = app
        self.engine = engine
        self.process = process
        self.pilot = pilot
        self.output = engine.context.settings.output

    # ── waiting ────────────────────────────────────────────────────────────

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Let the interface run until something holds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not holds():
            assert loop.time() < end, f"never came: {what or holds}\n" + "\n".join(self.lines())
            await asyncio.sleep(0.001)

    async def settle(self) -> None:
        """Let the interface run until every message is handled and everything is painted."""
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            quiet = 0 if self._busy() else quiet + 1
            return quiet >= 3 or not self.app.is_running

        await self.until(still, "a quiet interface")

    def _busy(self) -> bool:
        app = self.app
        if not app.is_running:
            return False
        if app.keys_wait:
            return True
        # The next decision would wait for a slow disk, but not for ever.
        if self.engine.journal.state == "saving":
            return True
        screens = app.screen_stack
        pumps = [app, *screens, *(node for s in screens for node in s.walk_children())]
        for pump in pumps:
            queue: Any = pump._message_queue
            if (queue is not None and not queue.empty()) or pump._next_callbacks:
                return True
        screen = app.screen
        return bool(
            screen._layout_required
            or screen._dirty_widgets
            or screen._callbacks
            or not screen.is_mounted
        )

    async def saved(self) -> None:
        """Wait until the last decision is on the medium, and the screen does not deny it."""
        await self.until(lambda: self.engine.journal.state == "saved", "saved")
        # The thread that saves tells the interface only after that.
        await self.until(lambda: not re.search("  (saving|NOT SAVED)", self.top), "said")
        await self.settle()

    # ── the keyboard ───────────────────────────────────────────────────────

    def type(self, *keys: str) -> None:
        """Press keys all at once, as when they were typed ahead."""
        for key in keys:
            self.app.post_message(key_event(key))

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each once the one before has been painted."""
        for key in keys:
            self.type(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Type a text."""
        self.type(*("space" if character == " " else character for character in text))
        await self.settle()

    async def go(self, word: str, occurrence: int = 0) -> None:
        """Put the cursor on a word of the task."""
        at = -1
        for _ in range(occurrence + 1):
            at = self.editor.text.index(word, at + 1)
        self.editor.move_to(at)
        self.app.annotation.view.sync()
        self.app.annotation.show_lines()
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Change the size of the terminal."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    # ── the screen ─────────────────────────────────────────────────────────

    def strips(self) -> list[Strip]:
        """The rows of the screen."""
        return self.app.screen._compositor.render_strips()

    def lines(self) -> list[str]:
        """The rows of the screen as text, without white space at their ends."""
        return [strip.text.rstrip() for strip in self.strips()]

    def screen(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines())

    @property
    def status(self) -> str:
        """The last row: what is under the cursor, or a message."""
        return self.lines()[-1]

    @property
    def bar(self) -> str:
        """The row of labels."""
        return self.lines()[-2]

    @property
    def top(self) -> str:
        """The first row."""
        return self.lines()[0]

    def find(self, text: str) -> tuple[int, int]:
        """Row and column of the first place on the screen where a text stands."""
        for y, line in enumerate(self.lines()):
            if text in line:
                return y, cell_len(line[: line.index(text)])
        raise AssertionError(f"{text!r} is not on the screen:\n{self.screen()}")

    def style(self, row: int, column: int) -> Style:
        """How a cell looks."""
        at = 0
        for segment in self.strips()[row]:
            at += segment.cell_length
            if column < at:
                return segment.style or Style()
        raise AssertionError(f"there is no cell {column} in row {row}")

    def style_of(self, text: str, offset: int = 0) -> Style:
        """How the first place where a text stands looks."""
        row, column = self.find(text)
        return self.style(row, column + offset)

    def assert_painted(self, when: str = "") -> None:
        """Nothing that changed was left out of what was sent to the terminal."""
        glass = self.app.glass
        for y, wanted in enumerate(repainted(self.app)):
            shown = cells(glass, y)
            for x, cell in enumerate(shown if shown != wanted else ()):
                assert cell == wanted[x], f"cell {y}, {x} of {glass.display[y]!r} after {when}"

    # ── the session ────────────────────────────────────────────────────────

    @property
    def item(self) -> Any:
        """The task on the desk."""
        assert self.engine.current is not None
        return self.engine.current

    @property
    def editor(self) -> SpanEditor:
        """The editor of the spans of the task on the desk."""
        editor = self.item.editor
        if isinstance(editor, LinkEditor | PhraseEditor):
            editor = editor.span_editor
        assert isinstance(editor, SpanEditor)
        return editor

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The spans of the task: string and label."""
        return [(self.editor.text[s.start : s.end], s.label) for s in self.editor.spans]

    @property
    def under(self) -> str:
        """The unit under the cursor."""
        start, end = self.editor.caret.unit()
        return self.editor.text[start:end]

    @property
    def selected(self) -> str | None:
        """The selected string, or None."""
        selection = self.editor.caret.selection
        return None if selection is None else self.editor.text[slice(*selection)]

    def written(self) -> list[dict[str, Any]]:
        """The lines of the output."""
        with self.output.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def answers(self) -> list[str]:
        """The answers in the output, in order."""
        return [line["answer"] for line in self.written()]


def write_source(path: Path, tasks: Iterable[Task | bytes]) -> Path:
    """Write a source; a task given as bytes is a line as it is."""
    rows = [
        task
        if isinstance(task, bytes)
        else json.dumps({"text": task} if isinstance(task, str) else dict(task)).encode()
        for task in tasks
    ]
    path.write_bytes(b"".join(row + b"\n" for row in rows))
    return path


@contextmanager
def engine_over(
    folder: Path,
    tasks: Iterable[Task | bytes],
    process: Any,
    *,
    sounds: bool = False,
    player: Any = None,
    labels: Sequence[str] = LABELS,
    suggesters: Sequence[SuggesterSpec] | None = None,
    keys: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    disk: Disk | None = None,
    correct: bool = False,
    keep_labels: bool = False,
    skip_invalid: bool = False,
    lost: Callable[[], bool] = lambda: False,
    user_keys: Mapping[str, Sequence[str]] | None = None,
    notify: Callable[[], None] = lambda: None,
    confirm: Callable[[str], bool] = lambda question: True,
    **given: Any,
) -> Iterator[Engine]:
    """A session over a source in a folder; again in the same folder goes on there."""
    source = write_source(folder / "news.jsonl", tasks)
    if suggesters is None:
        suggesters = [] if sounds else [SuggesterSpec("entities", "model")]
    made, opened = (Sounds, open_sounds) if sounds else (Stream, open_source)
    stream = made(
        opened(str(source)), labels=labels, keep_labels=keep_labels, skip_invalid=skip_invalid
    )
    description = Session(
        stream,
        labels=labels,
        suggesters=suggesters,
        correct=correct,
        keys=keys or {},
        **(options or {}),
    )
    settings = RunSettings(
        recipe="ner.manual",
        source_name="news.jsonl",
        output=folder / "out.jsonl",
        annotator="ann",
        keep_labels=keep_labels,
        keys=user_keys or {},
    )
    settings = replace(settings, **given)
    description = with_stream_of_view(description)
    # The first tasks are read before a session opens, as in the program: labels may come with
    # them, and a sound that is among them has not moved.
    with suppress(AnnotateError):
        if sounds or not description.labels:
            description.stream.check_head()
    engine = open_session(
        description,
        settings,
        Surroundings(
            on_stored=notify,
            confirm=confirm,
            texts=lambda session, on_message, log: process,
            sounds=lambda session, on_message, log: process,
            player=lambda log: player,
            lost=lost,
            disk=disk or Disk(),
            retry_seconds=0.02,
        ),
    )
    try:
        yield engine
    finally:
        if not process.closed:
            engine.close()


@asynccontextmanager
async def sitting(
    folder: Path,
    *tasks: Task | bytes,
    size: tuple[int, int] = (80, 24),
    answers: Answers | None = lambda document: (),
    tokenises: bool = True,
    depth: Depth = "true",
    dark: bool = True,
    order: Order = "letters",
    guidelines: str | None = None,
    process: Any = None,
    **options: Any,
) -> AsyncIterator[Sitting]:
    """Sit down at a session over some tasks; the first one is on the screen.

    Args:
        folder: Where source and output are.
        tasks: Texts, tasks, or lines as bytes.
        size: Columns and rows of the terminal.
        answers: What the suggestion process offers; None where it says nothing yet.
        tokenises: Whether the suggestion process sends tokens.
        depth: The colours of the terminal.
        dark: Whether its background is dark.
        order: Who orders letters that run from right to left.
        guidelines: A Markdown text.
        process: What stands for the process beside the interface; by default a `FakeProcess`.
        options: See `engine_over`.
    """
    if process is None:
        process = FakeProcess()
        process.answers, process.tokenises = answers, tokenises
    told: list[Callable[[], None]] = []

    def notify() -> None:
        for tell in told:
            tell()

    with engine_over(folder, tasks, process, notify=notify, **options) as engine:
        app = GlassApp(
            engine,
            leave=lambda compact: engine.close(compact=compact),
            guidelines=guidelines,
            dark=dark,
        )
        app.depth, app.colours = depth, Theme(depth, dark=dark, order=order)
        process.tell = app.suggestions_from_process
        async with app.run_test(size=size) as pilot:
            told.append(app.store_changed)
            here = Sitting(app, engine, process, pilot)
            await here.until(
                lambda: hasattr(app, "annotation") and app.annotation.is_mounted, "the screen"
            )
            await here.settle()
            yield here
            told.clear()
