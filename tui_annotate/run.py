"""A session from its description to its end."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.kinds import kind
from tui_annotate.progress import Progress
from tui_annotate.recipe import Session
from tui_annotate.session.context import SessionContext
from tui_annotate.session.engine import Engine
from tui_annotate.session.keymaps import keymaps
from tui_annotate.session.labels import LabelSet
from tui_annotate.session.preparation import Preparation
from tui_annotate.session.run_settings import RunSettings, Summary
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal
from tui_annotate.store.labels import LabelBook
from tui_annotate.store.lock import Lock
from tui_annotate.store.switches import Switches
from tui_annotate.suggest.process import SuggestionProcess

if TYPE_CHECKING:
    from tui_annotate.audio.player.transport import Player
    from tui_annotate.audio.preparation import SoundPreparation

_LARGE = 20_000_000
"""The bytes of an output that takes long enough to index to be told of it."""


class _Relay:
    """Holds what comes from other threads until there is an interface to take it."""

    def __init__(self) -> None:
        self._waiting: list[object] = []
        self._app: object | None = None

    def __call__(self, message: object) -> None:
        app = self._app
        if app is None:
            self._waiting.append(message)
        else:
            app.suggestions_from_process(message)  # type: ignore[attr-defined]

    def connect(self, app: object) -> None:
        """Hand everything to the interface from now on."""
        self._app = app
        while self._waiting:
            app.suggestions_from_process(self._waiting.pop(0))  # type: ignore[attr-defined]

    def stored(self) -> None:
        """The journal or a draft changed its state."""
        if self._app is not None:
            self._app.store_changed()  # type: ignore[attr-defined]


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
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(
            f"the guidelines cannot be read ({reason})", where=str(path), do="name a Markdown file"
        ) from error


def run_session(session: Session, settings: RunSettings) -> Summary:
    """Run a session on the terminal until the annotator leaves.

    Raises:
        AnnotateError: It cannot begin, or it ended in a failure.
    """
    if not (sys.stdout.isatty() or sys.stderr.isatty()):
        raise UsageError("there is no terminal to annotate on", do="run it in a terminal")
    guidelines = read_guidelines(session)
    folder = SessionFolder(settings.output)
    folder.create()
    lock = Lock(folder, settings.annotator)
    lock.acquire(settings.take_over, tell=lambda text: print(text, file=sys.stderr))
    relay = _Relay()
    preparation: Preparation | SoundPreparation | None = None
    try:
        # Loading a pipeline takes longest, so its process starts before anything else.
        preparation = _preparation(session, settings, folder, relay)
        labels = LabelSet(
            session.labels or session.stream.labels_seen,
            LabelBook(folder),
            [block.labels for block in session.blocks],
        )
        if not labels.names:
            raise UsageError("there are no labels", do="name some with --label A,B,C")
        keymaps(session, labels, settings)
        journal = _journal(settings, folder, relay, lock)
        drafts = Drafts(folder, journal)
        writer = DraftWriter(drafts, notify=relay.stored)
        switches = Switches(folder)
        if settings.compact is None:
            settings = replace(settings, compact=switches.get("compact"))
        if settings.theme is None and (light := switches.get("light")) is not None:
            settings = replace(settings, theme="light" if light else "dark")
        desk = SessionContext(
            session,
            settings,
            journal,
            drafts,
            writer,
            labels,
            preparation,
            lost=lock.lost,
            remember=switches.set,
            remembered=switches.get,
            player=_player(session, folder),
        )
        return _show(Engine(desk), relay, lock, guidelines)
    except BaseException:
        if preparation is not None:
            preparation.close()
        lock.release()
        raise


def _preparation(
    session: Session, settings: RunSettings, folder: SessionFolder, relay: _Relay
) -> Preparation | SoundPreparation:
    """What makes tasks ready, with the process that it works through started."""
    of_view = kind(session.view)
    log = folder.path / "suggestions.log"
    if of_view.medium == "audio":
        from tui_annotate.audio.preparation import SoundPreparation
        from tui_annotate.audio.process import SoundProcess

        sounds = SoundProcess(session.suggesters, on_message=relay, log=log)
        return SoundPreparation(sounds, session.suggesters, locate=session.stream.locate)
    process: SuggestionProcess | None = None
    if of_view.tokens or not all(spec.local for spec in session.suggesters):
        process = SuggestionProcess(
            session.suggesters, model=session.model, on_message=relay, log=log
        )
    return Preparation(
        process,
        session.suggesters,
        overlap=of_view.crossing(session.options),
        descriptions=settings.label_descriptions,
        tokens=of_view.tokens,
        unlisted=of_view.unlisted,
    )


def _player(session: Session, folder: SessionFolder) -> Player | None:
    """What plays sounds; its process starts with the first of them."""
    if kind(session.view).medium != "audio":
        return None
    from tui_annotate.audio.player import client

    return client.Player.connect(log=folder.path / "player.log")


def _journal(settings: RunSettings, folder: SessionFolder, relay: _Relay, lock: Lock) -> Journal:
    """Open the output; of a large one it is told how far that has come."""
    with Progress() as progress:

        def tell(done: int, total: int) -> None:
            if total >= _LARGE:
                progress("reading what is decided", done, total)

        return Journal.open(
            settings.output,
            folder,
            settings.annotator,
            notify=relay.stored,
            guard=lock.check,
            progress=tell,
        )


def _show(engine: Engine, relay: _Relay, lock: Lock, guidelines: str | None) -> Summary:
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    from tui_annotate.ui.app import AnnotateApp
    from tui_annotate.ui.terminal import TerminalDriver

    journal = engine.journal
    settings = engine.context.settings

    def leave(compact: bool) -> str | None:
        message = engine.close(compact=compact)
        lock.release()
        return message

    app = AnnotateApp(
        engine,
        leave=leave,
        guidelines=guidelines,
        dark=_is_dark(settings.theme),
        driver_class=TerminalDriver,
    )
    relay.connect(app)
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
