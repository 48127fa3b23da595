"""The table of suggesters, and the classes that plug-ins are derived from."""

from __future__ import annotations

import inspect
import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.plugins import install
from tui_annotate import suggest
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.process.messages import Failed, Gone
from tui_annotate.suggest.local.learners import Learners
from tui_annotate.suggest.messages import Document, Message, Suggested, SuggesterSpec
from tui_annotate.suggest.process import SuggestionProcess
from tui_annotate.suggest.protocol import AudioSuggester, Prepared, TextSuggester
from tui_annotate.suggest.registry import BUILT_IN, Source, is_local, source
from tui_annotate.suggest.suggestion import Suggestion

RATE = 1_000


@pytest.mark.parametrize("one", BUILT_IN, ids=lambda one: one.name)
def test_what_the_table_says_of_a_source_is_there(one: Source) -> None:
    made = one.load()
    if one.process == "interface":
        assert Learners([SuggesterSpec(one.name, one.name)])
    else:
        assert issubclass(made, TextSuggester if one.medium == "text" else AudioSuggester)
        assert not inspect.isabstract(made)
    assert (one.needs is not None) == (one.pipeline is not None)
    assert one.needs is None or callable(one.load_needs())
    assert is_local(SuggesterSpec(one.name, one.name)) == (one.process == "interface")


def test_a_name_is_looked_up_for_a_medium() -> None:
    assert source("lexicon", "text") is not None
    assert source("lexicon", "audio") is None
    assert source("nothing", "text") is None


def test_suggesters_of_the_other_medium_are_refused_before_the_session() -> None:
    with pytest.raises(UsageError, match="speech makes suggestions for audio"):
        suggest.check(suggest.sounds(["speech"]), None)
    with pytest.raises(UsageError, match="lexicon makes suggestions for text"):
        suggest.check([suggest.lexicon()], None, medium="audio")
    suggest.check(suggest.sounds(["speech", "speakers"]), None, medium="audio")


# The class for text


class Short(TextSuggester):
    """Offers short words."""

    def suggest(self, documents: Sequence[Prepared]) -> Iterable[Sequence[Suggestion]]:
        for document in documents:
            yield [self.offer(s, e, score=0.5) for s, e in document.pairs if e - s < 3]


def test_a_suggester_for_text_needs_one_method_only() -> None:
    one = Short(SuggesterSpec("short", "my name", {"deep": 1}, ("A", "B")))
    assert (one.name, one.labels, one.options) == ("my name", ("A", "B"), {"deep": 1})
    (found,) = one.suggest([Prepared("it is short", [(0, 2), (3, 5), (6, 11)], None)])
    assert list(found) == [
        Suggestion(0, 2, "A", "my name", 0.5),
        Suggestion(3, 5, "A", "my name", 0.5),
    ]
    one.feedback("it is short", [(0, 2, "A")])
    with pytest.raises(TypeError, match="abstract"):
        TextSuggester(SuggesterSpec("none", "none"))  # type: ignore[abstract]


PLUGIN = """
from tui_annotate.suggest import Suggestion, TextSuggester

class Learning(TextSuggester):
    def __init__(self, spec):
        super().__init__(spec)
        self.known = set(self.options.get("known", ()))
    def suggest(self, documents):
        return [
            [self.offer(s, e) for s, e in d.pairs if d.text[s:e] in self.known] for d in documents
        ]
    def feedback(self, text, spans):
        self.known.update(text[s:e] for s, e, _ in spans)

class Beyond(TextSuggester):
    def suggest(self, documents):
        return [[self.offer(0, len(d.text) + 1)] for d in documents]

class Stranger:
    def __init__(self, spec):
        pass

class Old:
    def __init__(self, labels, more=0):
        self.label, self.more = labels[0], more
    def suggest(self, documents):
        return [[Suggestion(0, 1 + self.more, self.label, "whatever")] for d in documents]
    def feedback(self, text, spans):
        pass
"""

Ask = Callable[..., list[Suggestion]]


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers all these."""
    groups = {
        "tui_annotate.text_suggesters": {
            "learning": "my_plugins:Learning",
            "beyond": "my_plugins:Beyond",
            "stranger": "my_plugins:Stranger",
        },
        "tui_annotate.suggesters": {"old": "my_plugins:Old", "learning": "my_plugins:Old"},
    }
    install(tmp_path / "packages", monkeypatch, groups, my_plugins=PLUGIN)


class Client:
    """A suggestion process with some suggesters."""

    def __init__(self, log: Path, *specs: SuggesterSpec) -> None:
        self.inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.process = SuggestionProcess(specs, on_message=self.inbox.put, log=log)
        self.failed: list[str] = []
        self._asked = 0

    def ask(self, text: str) -> list[Suggestion]:
        """What is offered for a text."""
        self._asked += 1
        self.process.submit([Document(self._asked, text)])
        while not isinstance(message := self.inbox.get(timeout=60), Suggested):
            assert not isinstance(message, Gone), message
            if isinstance(message, Failed):
                self.failed.append(message.message)
        return message.suggestions


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def begin(*specs: SuggesterSpec) -> Client:
        clients.append(Client(tmp_path / "log", *specs))
        return clients[-1]

    yield begin
    for one in clients:
        one.process.close()
        assert one.process.wait(60)


@pytest.mark.usefixtures("plugins")
def test_a_plug_in_gets_labels_options_and_decisions(client: Callable[..., Client]) -> None:
    here = client(suggest.plugged("learning", ["X", "Y"], known=["some"]))
    assert here.ask("some more") == [Suggestion(0, 4, "X", "learning")]
    here.process.feedback("some more", [(5, 9, "Y")])
    assert [one.start for one in here.ask("some more")] == [0, 5]
    assert here.failed == []


@pytest.mark.usefixtures("plugins")
def test_what_is_no_suggester_or_offers_what_is_not_there_is_named(
    client: Callable[..., Client],
) -> None:
    here = client(
        suggest.plugged("stranger"), suggest.plugged("beyond"), suggest.plugged("old", "X")
    )
    assert here.ask("all") == [Suggestion(0, 1, "X", "old")]
    assert here.failed == [
        "stranger cannot be used: my_plugins:Stranger is not a class derived from "
        "TextSuggester, as the group tui_annotate.text_suggesters requires; "
        "derive it from tui_annotate.suggest.TextSuggester",
        "beyond has failed: it offered 0–4 'LABEL' in a text of 3",
    ]


@pytest.mark.usefixtures("plugins")
def test_the_old_group_is_read_where_the_new_one_has_no_such_name(
    client: Callable[..., Client],
) -> None:
    spec = suggest.plugged("old", ["X"], more=1)
    (notice,) = spec.notices
    assert "tui_annotate.suggesters, which is called tui_annotate.text_suggesters" in notice
    assert suggest.plugged("learning").notices == ()
    assert client(spec).ask("all") == [Suggestion(0, 2, "X", "old")]


# The class for audio


class Part(msgspec.Struct):
    """A clip, as far as a suggester looks at it."""

    start: int
    frames: int
    rate: int = RATE
    channel: int | None = None
    channels: int = 1


class Ramp:
    """A file whose samples are the numbers of their frames."""

    def read(self, start: int, stop: int, channel: int | None = None) -> Any:
        return np.arange(start, stop, dtype=np.float32)


class Pieces(AudioSuggester):
    """Offers every piece that it gets."""

    piece_seconds = 10.0

    def find(self, start: int, end: int) -> Iterable[Suggestion]:
        yield self.offer(start, end, text=f"{self.read(start, end)[0]:.0f}")


def pieces(frames: int, *labels: str) -> Pieces:
    return Pieces(Part(5 * RATE, frames), Ramp(), SuggesterSpec("pieces", "pieces", {}, labels))


def test_pieces_near_the_annotator_are_heard_first() -> None:
    one = pieces(35 * RATE)
    assert (one.done, one.covered) == (False, [])
    heard = [one.step(focus * RATE)[0] for focus in (22, 22, 0)]
    assert [(each.start // RATE, each.end // RATE) for each in heard] == [
        (20, 30),
        (30, 35),
        (0, 10),
    ]
    assert one.covered == [(0, 10 * RATE), (20 * RATE, 35 * RATE)]
    assert not one.done
    assert one.step(0)[0].start == 10 * RATE
    assert one.done
    assert one.covered == [(0, 35 * RATE)]
    assert one.step(0) == []


def test_samples_count_from_the_start_of_the_clip() -> None:
    assert [each.text for each in pieces(10 * RATE).step(0)] == ["5000"]


def test_regions_get_the_first_label_on_offer_or_speech() -> None:
    assert pieces(RATE, "ANNA", "BEN").step(0)[0].label == "ANNA"
    assert pieces(RATE).step(0)[0].label == "SPEECH"


def test_what_is_not_in_the_clip_is_refused() -> None:
    class Wild(Pieces):
        def find(self, start: int, end: int) -> Iterable[Suggestion]:
            return [self.offer(start, end + 1)]

    one = Wild(Part(0, RATE), Ramp(), SuggesterSpec("wild", "wild"))
    with pytest.raises(ValueError, match=r"it offered 0–1001 'SPEECH' in a clip of 1000"):
        one.step(0)


def test_a_source_that_learns_nothing_and_knows_no_voices_needs_no_more() -> None:
    one = pieces(RATE)
    one.regions([(0, 10, "ANNA")])
    assert one.compare(0, 10) is None
    assert pieces(0).done


@pytest.mark.usefixtures("plugins")
def test_what_is_not_derived_from_the_class_is_no_audio_suggester(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_annotate.suggest.plugins import audio_factory

    groups = {"tui_annotate.audio_suggesters": {"odd": "my_plugins:Stranger"}}
    install(tmp_path / "odd", monkeypatch, groups, odd="")
    found = source("odd", "audio")
    assert found is not None
    with pytest.raises(AnnotateError, match="not a class derived from AudioSuggester"):
        audio_factory(found)
