"""A session put together, and taken apart again when something goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.engine_bench import FakeProcess
from tui_annotate.audio.messages import Close, Open, Regions, Show
from tui_annotate.audio.player.null_player import NullPlayer
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.process.messages import Gone
from tui_annotate.recipe import Session
from tui_annotate.session.assembly import Surroundings, open_session, with_stream_of_view
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.sources import Stream, open_source
from tui_annotate.sources.audio import open_sounds
from tui_annotate.sources.sounds import Sounds
from tui_annotate.store.folder import SessionFolder
from tui_annotate.suggest.messages import SuggesterSpec


class FakeSounds:
    """Stands for the sound process; it says nothing."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.closed = False

    def send(self, request: Any) -> None:
        """Note it."""
        self.requests.append(request)

    def close(self) -> None:
        """Note it."""
        self.closed = True


class Player(NullPlayer):
    """Notes that it was closed."""

    closed = False

    def close(self) -> None:
        """Note it."""
        self.closed = True


class Opened:
    """What a session was opened with."""

    def __init__(self) -> None:
        self.process = FakeProcess()
        self.sounds = FakeSounds()
        self.player = Player()
        self.around = Surroundings(
            texts=lambda session, on_message, log: self.process,
            sounds=lambda session, on_message, log: self.sounds,
            player=lambda log: self.player,
        )


@pytest.fixture
def opened() -> Opened:
    """Stand-ins for the processes; the lock and the files are real."""
    return Opened()


def settings(folder: Path, **given: Any) -> RunSettings:
    return RunSettings("ner.manual", "news.jsonl", folder / "out.jsonl", "ann", **given)


def texts(folder: Path, labels: tuple[str, ...] = ("A", "B"), **options: Any) -> Session:
    source = folder / "news.jsonl"
    source.write_text(json.dumps({"text": "One."}) + "\n")
    stream = Stream(open_source(str(source)), labels=labels)
    return with_stream_of_view(Session(stream, labels=labels, **options))


def sounds(folder: Path) -> Session:
    source = folder / "calls.jsonl"
    source.write_text(json.dumps({"audio": "call.wav"}) + "\n")
    stream = Sounds(open_sounds(str(source)), labels=["ANNA"])
    specs = [SuggesterSpec("speakers", "voices")]
    session = Session(stream, view="regions", labels=["ANNA"], suggesters=specs, mode="speakers")
    return with_stream_of_view(session)


def test_an_output_is_held_until_the_session_is_closed(tmp_path: Path, opened: Opened) -> None:
    engine = open_session(texts(tmp_path), settings(tmp_path), opened.around)
    other = Opened()
    with pytest.raises(AnnotateError):
        open_session(texts(tmp_path), settings(tmp_path), other.around)
    assert not other.process.documents
    assert engine.close() is None
    assert opened.process.closed
    open_session(texts(tmp_path), settings(tmp_path), Opened().around).close()


def damaged_labels(folder: Path) -> None:
    place = SessionFolder(folder / "out.jsonl")
    place.create()
    place.labels.write_text("{")


def folder_for_output(folder: Path) -> None:
    (folder / "out.jsonl").mkdir()


@pytest.mark.parametrize("hinder", [damaged_labels, folder_for_output])
def test_what_goes_wrong_on_the_way_closes_what_was_opened(
    tmp_path: Path, opened: Opened, hinder: Callable[[Path], None]
) -> None:
    hinder(tmp_path)
    with pytest.raises(AnnotateError):
        open_session(texts(tmp_path), settings(tmp_path), opened.around)
    assert opened.process.closed
    for path in sorted(tmp_path.rglob("*"), reverse=True):
        if path.name in ("labels.json", "out.jsonl"):
            path.rmdir() if path.is_dir() else path.unlink()
    # The lock was given back too.
    open_session(texts(tmp_path), settings(tmp_path), Opened().around).close()


def test_two_things_on_one_key_close_what_was_opened(tmp_path: Path, opened: Opened) -> None:
    wrong = settings(tmp_path, keys={"accept": ("x",), "reject": ("x",)})
    with pytest.raises(UsageError):
        open_session(texts(tmp_path), wrong, opened.around)
    assert opened.process.closed
    open_session(texts(tmp_path), settings(tmp_path), Opened().around).close()


def test_no_labels_at_all_close_what_was_opened(tmp_path: Path, opened: Opened) -> None:
    with pytest.raises(UsageError, match="no labels"):
        open_session(texts(tmp_path, labels=()), settings(tmp_path), opened.around)
    assert opened.process.closed


def test_a_player_that_cannot_be_had_closes_the_sound_process(
    tmp_path: Path, opened: Opened
) -> None:
    def none(log: Path) -> NullPlayer:
        raise UsageError("no player")

    with pytest.raises(UsageError, match="no player"):
        open_session(sounds(tmp_path), settings(tmp_path), replace(opened.around, player=none))
    assert opened.sounds.closed
    engine = open_session(sounds(tmp_path), settings(tmp_path), Opened().around)
    engine.close()


def test_closing_lets_go_of_everything_even_where_saving_fails(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_session(sounds(tmp_path), settings(tmp_path), opened.around)
    engine.start()

    def fail() -> None:
        raise AnnotateError("the output cannot be compacted")

    monkeypatch.setattr(engine.journal, "compact", fail)
    with pytest.raises(AnnotateError):
        engine.close(compact=True)
    assert opened.sounds.closed
    assert opened.player.closed
    open_session(texts(tmp_path), settings(tmp_path), Opened().around).close()


def test_what_was_switched_is_as_it_was_left(tmp_path: Path) -> None:
    engine = open_session(texts(tmp_path), settings(tmp_path), Opened().around)
    engine.context.switches.set("compact", True)
    engine.context.switches.set("light", True)
    engine.close()
    engine = open_session(texts(tmp_path), settings(tmp_path), Opened().around)
    assert (engine.context.settings.compact, engine.context.settings.theme) == (True, "light")
    engine.close()
    asked = settings(tmp_path, compact=False, theme="dark")
    engine = open_session(texts(tmp_path), asked, Opened().around)
    assert (engine.context.settings.compact, engine.context.settings.theme) == (False, "dark")
    engine.close()


def test_all_requests_for_sounds_take_one_way_and_end_with_the_process(
    tmp_path: Path, opened: Opened
) -> None:
    engine = open_session(sounds(tmp_path), settings(tmp_path), opened.around)
    engine.start()
    exchange = engine.context.sounds
    assert exchange is not None
    engine.preparation.learn("", [(1, 2, "ANNA")], position=0)
    engine.preparation.learn("", [(3, 4, "ANNA")])
    exchange.send(Close(9))
    kinds = [type(request) for request in opened.sounds.requests]
    assert kinds == [Open, Show, Regions, Close]
    engine.receive(Gone("killed"))
    exchange.send(Close(10))
    engine.preparation.learn("", [(1, 2, "ANNA")], position=0)
    assert len(opened.sounds.requests) == len(kinds)
    assert engine.stage == "invalid"
    engine.close()
