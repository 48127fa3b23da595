"""A session put together: for the program, for tests and for benchmarks in one way."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from msgspec.structs import replace

from tui_annotate.errors import UsageError
from tui_annotate.kinds import kind
from tui_annotate.recipe import Session
from tui_annotate.session.context import SessionContext
from tui_annotate.session.draft_tokens import drafted_tokens
from tui_annotate.session.earlier_ids import recognise
from tui_annotate.session.engine import Engine
from tui_annotate.session.keymaps import keymaps
from tui_annotate.session.labels import LabelSet
from tui_annotate.session.preparation import Preparation
from tui_annotate.session.previous_decisions import (
    ask_about_unreadable,
    notices,
    refuse_other_kinds,
)
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.session.text_preparation import TextPreparation, TextProcess
from tui_annotate.store.disk import Disk
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import RETRY_SECONDS, Journal
from tui_annotate.store.labels import LabelBook
from tui_annotate.store.lock import Lock
from tui_annotate.store.renaming import bring_along, note
from tui_annotate.store.switches import Switches
from tui_annotate.suggest.local.learners import Learners
from tui_annotate.suggest.process import SuggestionProcess
from tui_annotate.suggest.registry import is_local

if TYPE_CHECKING:
    from tui_annotate.audio.exchange import SoundExchange, SoundPort
    from tui_annotate.audio.player.transport import Player

OnMessage: TypeAlias = Callable[[object], None]


def start_texts(session: Session, on_message: OnMessage, log: Path) -> TextProcess | None:
    """Start the suggestion process, if the session needs one."""
    if kind(session.view).tokens or not all(is_local(spec) for spec in session.suggesters):
        return SuggestionProcess(
            session.suggesters, model=session.model, on_message=on_message, log=log
        )
    return None


def start_sounds(session: Session, on_message: OnMessage, log: Path) -> SoundPort:
    """Start the sound process."""
    from tui_annotate.audio.process import SoundProcess

    return SoundProcess(session.suggesters, on_message=on_message, log=log)


def connect_player(log: Path) -> Player | None:
    """What plays sounds; its process starts with the first of them."""
    from tui_annotate.audio.player import client

    return client.Player.connect(log=log)


class Surroundings(msgspec.Struct, frozen=True):
    """What a session meets outside of itself; a test puts stand-ins in its place.

    Attributes:
        on_message: Takes what the worker process says, from any thread.
        on_stored: Told when the journal or a draft changes its state, from any thread.
        tell: Takes a sentence for the user before there is an interface.
        confirm: Asks the user a question before there is an interface; whether the answer is yes.
        progress: Told how many bytes of an output are read, and how many there are.
        texts: Starts the suggestion process.
        sounds: Starts the sound process.
        player: Connects to what plays sounds.
        lost: Whether another session has the output now; None to lock it against others.
        disk: Where everything is written.
        retry_seconds: How long after a failure is waited before the next try to write.
        clock: Monotonic seconds.
        now: Unix seconds.
    """

    on_message: OnMessage = lambda message: None
    on_stored: Callable[[], None] = lambda: None
    tell: Callable[[str], None] = lambda sentence: None
    confirm: Callable[[str], bool] = lambda question: True
    progress: Callable[[int, int], None] = lambda done, total: None
    texts: Callable[[Session, OnMessage, Path], TextProcess | None] = start_texts
    sounds: Callable[[Session, OnMessage, Path], SoundPort] = start_sounds
    player: Callable[[Path], Player | None] = connect_player
    lost: Callable[[], bool] | None = None
    disk: Disk = msgspec.field(default_factory=Disk)
    retry_seconds: float = RETRY_SECONDS
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time


def with_stream_of_view(session: Session) -> Session:
    """Have the source read as the view of a session wants its tasks; none was read yet."""
    of_view = kind(session.view)
    stream = session.stream.expecting(
        of_view.incoming(session.options), of_view.medium, session.labels, session.mapping
    )
    return session.replace(stream=stream)


def open_session(
    session: Session, settings: RunSettings, around: Surroundings | None = None
) -> Engine:
    """Open everything that a session works with; `Engine.close` closes it again.

    Where something cannot be opened, what was opened before is closed.

    Args:
        session: What the recipe describes; see `with_stream_of_view`.
        settings: How it runs.
        around: What is outside of it; by default everything is real, and nobody is told.

    Raises:
        AnnotateError: Something a user can mend.
    """
    opened = ExitStack()
    try:
        return Engine(_opened(session, settings, around or Surroundings(), opened))
    except BaseException:
        opened.close()
        raise


def _opened(
    session: Session, settings: RunSettings, around: Surroundings, opened: ExitStack
) -> SessionContext:
    folder = SessionFolder(settings.output)
    renamed = bring_along(folder)
    folder.create()
    hold = _held(folder, settings, around, opened)
    of_view = kind(session.view)
    # Loading a pipeline takes longest, so its process starts before anything else.
    beside = _started(session, folder, around, opened)
    labels = LabelSet(
        session.labels or session.stream.expected.labels_seen,
        LabelBook(folder),
        [block.labels for block in session.blocks],
        accept=session.stream.expected.accept,
    )
    if not labels.names:
        raise UsageError("no labels", do="name labels with --label A,B,C")
    keymaps(session, labels, settings)
    journal = _journal(session, settings, around, opened, hold.guard, labels)
    if renamed is not None:
        journal.messages.insert(0, renamed)
    drafts = Drafts(folder, journal, disk=around.disk)
    writer = DraftWriter(drafts, notify=around.on_stored, retry_seconds=around.retry_seconds)
    opened.callback(writer.close)
    switches = Switches(folder)
    learners = Learners(session.suggesters, settings.label_descriptions)
    preparation: Preparation
    if beside.sounds is not None:
        preparation = _sound_preparation(session, beside.sounds)
    else:
        preparation = _text_preparation(session, settings, beside.texts, labels, learners, drafts)
    return SessionContext(
        description=session,
        settings=_as_left(settings, switches),
        kind=of_view,
        journal=journal,
        drafts=drafts,
        writer=writer,
        labels=labels,
        learners=learners,
        preparation=preparation,
        switches=switches,
        sounds=beside.sounds,
        player=beside.player,
        lost=hold.lost,
        renewed=hold.renewed,
        clock=around.clock,
        now=around.now,
        resources=opened,
    )


class _Hold(msgspec.Struct, frozen=True):
    """The hold on an output.

    Attributes:
        lost: Whether another session has it now.
        guard: Raises if another session has it now.
        renewed: Set once the session's folder had to be made again.
    """

    lost: Callable[[], bool]
    guard: Callable[[], None]
    renewed: Event


def _held(
    folder: SessionFolder, settings: RunSettings, around: Surroundings, opened: ExitStack
) -> _Hold:
    renewed = Event()
    if around.lost is not None:
        return _Hold(around.lost, _nothing, renewed)
    lock = Lock(folder, settings.annotator, renewed=lambda: _tell(renewed, around.on_stored))
    lock.acquire(settings.take_over, tell=around.tell)
    opened.callback(lock.release)
    return _Hold(lock.lost, lock.check, renewed)


class _Beside(msgspec.Struct, frozen=True):
    """The processes beside a session: that of its suggestions, or those of its sounds."""

    texts: TextProcess | None = None
    sounds: SoundExchange | None = None
    player: Player | None = None


def _started(
    session: Session, folder: SessionFolder, around: Surroundings, opened: ExitStack
) -> _Beside:
    log = folder.path / "suggestions.log"
    if kind(session.view).medium == "text":
        texts = around.texts(session, around.on_message, log)
        if texts is not None:
            opened.callback(texts.close)
        return _Beside(texts=texts)
    from tui_annotate.audio.exchange import SoundExchange

    sounds = SoundExchange(around.sounds(session, around.on_message, log))
    opened.callback(sounds.close)
    player = around.player(folder.path / "player.log")
    if player is not None:
        opened.callback(player.close)
    return _Beside(sounds=sounds, player=player)


def _journal(
    session: Session,
    settings: RunSettings,
    around: Surroundings,
    opened: ExitStack,
    guard: Callable[[], None],
    labels: LabelSet,
) -> Journal:
    """Open the output, and look at what it holds already."""
    folder = SessionFolder(settings.output)
    journal = Journal.open(
        settings.output,
        folder,
        settings.annotator,
        notify=around.on_stored,
        guard=guard,
        progress=around.progress,
        disk=around.disk,
        retry_seconds=around.retry_seconds,
    )
    opened.callback(note, folder)
    opened.callback(journal.close)
    note(folder)
    refuse_other_kinds(journal, session, settings)
    ask_about_unreadable(journal, settings, around.confirm)
    recognise(journal, session.stream, folder)
    if kind(session.view).medium == "audio":
        from tui_annotate.session.moved_sounds import find_moved_sounds

        find_moved_sounds(journal, session.stream, folder)
    journal.messages.extend(notices(journal, session, labels.names))
    return journal


def _nothing() -> None:
    pass


def _tell(renewed: Event, on_stored: Callable[[], None]) -> None:
    renewed.set()
    on_stored()


def _sound_preparation(session: Session, exchange: SoundExchange) -> Preparation:
    from tui_annotate.audio.preparation import SoundPreparation

    return SoundPreparation(
        exchange,
        session.suggesters,
        locate=session.stream.locate,
        on_ready=partial(kind(session.view).prefetch, session.options),
    )


def _text_preparation(
    session: Session,
    settings: RunSettings,
    process: TextProcess | None,
    labels: LabelSet,
    learners: Learners,
    drafts: Drafts,
) -> TextPreparation:
    of_view = kind(session.view)
    return TextPreparation(
        process,
        session.suggesters,
        labels,
        learners,
        blocks=session.blocks,
        overlap=of_view.overlapping(session.options),
        tokens=of_view.tokens,
        unlisted=of_view.hidden_labels,
        # A text that is decided once is not shown again.
        share=settings.exclude_by == "input",
        on_ready=partial(of_view.prefetch, session.options),
        known_tokens=partial(drafted_tokens, drafts),
    )


def _as_left(settings: RunSettings, switches: Switches) -> RunSettings:
    """The settings with what the annotator switched in an earlier session, where none says so."""
    if settings.compact is None:
        settings = replace(settings, compact=switches.get("compact"))
    if settings.theme is None and (light := switches.get("light")) is not None:
        settings = replace(settings, theme="light" if light else "dark")
    return settings
