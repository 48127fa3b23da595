"""A session from its description to its end."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.partial_import import import_without
from tui_annotate.progress import Progress
from tui_annotate.recipe import Session
from tui_annotate.session.assembly import Surroundings, open_session
from tui_annotate.session.engine import Engine
from tui_annotate.session.run_settings import RunSettings, Summary
from tui_annotate.text.ordering import Order
from tui_annotate.wording import reason

if TYPE_CHECKING:
    from tui_annotate.ui.app import AnnotateApp

_LARGE = 20_000_000
"""The bytes of an output that takes long enough to index to be told of it."""


class _Relay:
    """Holds what comes from other threads until there is an interface to take it."""

    def __init__(self) -> None:
        self._waiting: list[object] = []
        self._app: AnnotateApp | None = None
        self._lock = threading.Lock()

    def __call__(self, message: object) -> None:
        with self._lock:
            app = self._app
            if app is None:
                self._waiting.append(message)
                return
        app.suggestions_from_process(message)

    def connect(self, app: AnnotateApp) -> list[object]:
        """Hand everything to the interface from now on; what came before, in order."""
        with self._lock:
            self._app = app
            return self._waiting

    def stored(self) -> None:
        """The journal or a draft changed its state."""
        if self._app is not None:
            self._app.store_changed()


def read_guidelines(session: Session) -> str | None:
    """The guidelines of a session as Markdown, or None.

    Raises:
        UsageError: They are a path that cannot be read.
    """
    found = session.guidelines
    if found is None or (isinstance(found, str) and "\n" in found):
        return found if isinstance(found, str) else None
    path = Path(found)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(found, str) and not path.suffix:
            return found
        raise UsageError(
            f"the guidelines cannot be read ({reason(error)})",
            where=str(path),
            do="name a Markdown file",
        ) from error


def _confirmed(question: str) -> bool:
    """Ask on the terminal; whether the answer is yes."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    # The standard input may be data; the terminal is where keys come from.
    with open(0, closefd=False) as keyboard:
        return keyboard.readline().strip().lower() in ("y", "yes")


def run_session(session: Session, settings: RunSettings) -> Summary:
    """Run a session on the terminal until the annotator leaves.

    Raises:
        AnnotateError: It cannot begin, or it ended in a failure.
    """
    if not (sys.stdout.isatty() or sys.stderr.isatty()):
        raise UsageError("needs an interactive terminal", do="run it in a terminal")
    guidelines = read_guidelines(session)
    relay = _Relay()
    with Progress() as progress:

        def tell(done: int, total: int) -> None:
            if total >= _LARGE:
                progress("reading earlier decisions", done, total)

        around = Surroundings(
            on_message=relay,
            on_stored=relay.stored,
            tell=lambda sentence: print(sentence, file=sys.stderr),
            confirm=_confirmed,
            progress=tell,
        )
        engine = open_session(session, settings, around)
    try:
        if engine.context.kind.medium == "text":
            # Its tokens are made while the interface is imported.
            engine.start()
        return _show(engine, relay, guidelines)
    except BaseException:
        engine.context.resources.close()
        raise


def import_textual() -> None:
    """Import Textual without its command palette, and asyncio without ssl: a tenth of the start."""
    import_without("textual.app", ("textual.command",), missing=("ssl",))


def _show(engine: Engine, relay: _Relay, guidelines: str | None) -> Summary:
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    import_textual()
    from tui_annotate.ui.app import AnnotateApp
    from tui_annotate.ui.terminal import TerminalDriver

    journal = engine.journal
    settings = engine.context.settings
    app = AnnotateApp(
        engine,
        leave=lambda compact: engine.close(compact=compact),
        guidelines=guidelines,
        dark=_is_dark(settings.theme),
        order=settings.right_to_left or _order_here(),
        driver_class=TerminalDriver,
        connect=relay.connect,
    )
    message = app.run(mouse=False)
    app.let_go()
    if app.ended is not None:
        raise AnnotateError(app.ended)
    if message is not None:
        raise AnnotateError(message, where=str(settings.output))
    counts = journal.counts
    return Summary(
        decided=journal.decisions,
        accepted=counts.get("accept", 0),
        rejected=counts.get("reject", 0),
        ignored=counts.get("ignore", 0),
        output=settings.output,
        exit_code=app.return_code or 0,
    )


def _is_dark(theme: str | None) -> bool:
    if theme is not None:
        return theme != "light"
    # xterm, rxvt and konsole tell their colours as "foreground;background".
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return background not in ("7", "15")


def _order_here() -> Order:
    """Who has to order letters that run from right to left on this terminal.

    kitty turns the letters of each word around by itself, whatever marks are between them.
    """
    kitty = os.environ.get("TERM") == "xterm-kitty" or "KITTY_WINDOW_ID" in os.environ
    return "words" if kitty else "letters"
