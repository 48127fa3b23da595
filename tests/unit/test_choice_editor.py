"""The editor of classes: every action of the key table for them, and the fields they become."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.choice.editor import ChoiceEditor
from tui_annotate.editors.choice.fields import (
    Choices,
    IncomingClasses,
    Option,
    chosen_in,
    read_choices,
    scores_in,
)
from tui_annotate.editors.choice.hierarchy import ancestors, closed, lowest, with_ancestors
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput, Kind
from tui_annotate.kinds.choice import Options
from tui_annotate.sources import open_source
from tui_annotate.sources.stream import Stream
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens

TEXT = "The brake squeals on the hill."
FEW = ("delivery", "billing", "repair")
MANY = tuple(f"label_{number:02}" for number in range(1, 31))
TREE = ("topic", "topic/sport", "topic/sport/football", "topic/sport/tennis", "topic/art")


def editor(
    labels: Iterable[str] = FEW, style: Any = "single", chosen: Sequence[str] = (), **more: Any
) -> ChoiceEditor:
    options = tuple(Option(label) for label in labels)
    return ChoiceEditor(TEXT, Choices(style, options, tuple(chosen)), **more)


def scored(source: str = "model", **scores: float) -> list[Suggestion]:
    return [Suggestion(0, len(TEXT), label, source, score) for label, score in scores.items()]


def press(one: ChoiceEditor, *commands: str) -> Outcome:
    outcome: Outcome | None = None
    for command in commands:
        name, _, argument = command.partition(" ")
        outcome = one.do(name, argument or None)
        assert outcome is not None, command
    assert outcome is not None
    return outcome


def accepted(one: ChoiceEditor) -> list[Any]:
    found: list[Any] = one.fields()["accept"]
    return found


# ── one of several ─────────────────────────────────────────────────────────


def test_in_a_single_choice_the_key_decides() -> None:
    one = editor()
    outcome = press(one, "label repair")
    assert outcome.edited
    assert outcome.answer == "accept"
    assert accepted(one) == ["repair"]
    assert one.fields()["config"] == {"choice_style": "single"}


def test_the_choice_that_is_there_already_decides_without_an_edit() -> None:
    one = editor(chosen=["billing"])
    outcome = press(one, "label billing")
    assert (outcome.edited, outcome.answer) == (False, "accept")


def test_nothing_chosen_cannot_be_accepted_but_rejected_and_skipped() -> None:
    one = editor()
    assert one.refusal("accept")
    assert one.refusal("reject") is None
    assert one.refusal("ignore") is None
    press(one, "next_option")
    assert one.refusal("accept") is None


def test_arrows_move_the_choice_and_stop_at_both_ends() -> None:
    one = editor()
    assert press(one, "next_option").answer is None
    assert accepted(one) == ["delivery"]
    press(one, "next_option", "next_option", "next_option", "next_option")
    assert accepted(one) == ["repair"]
    press(one, "previous_option")
    assert accepted(one) == ["billing"]
    other = editor()
    press(other, "previous_option")
    assert accepted(other) == ["repair"]


def test_space_skips_where_one_decides() -> None:
    assert press(editor(), "toggle").answer == "ignore"
    assert press(editor(["only"], "binary"), "toggle").answer == "ignore"


def test_undo_and_redo_go_through_every_choice() -> None:
    one = editor(chosen=["delivery"])
    press(one, "label repair", "undo")
    assert accepted(one) == ["delivery"]
    press(one, "redo")
    assert accepted(one) == ["repair"]
    assert press(one, "redo").message
    press(one, "undo")
    assert press(one, "undo").message


def test_a_label_that_is_no_option_of_the_task_is_refused() -> None:
    one = editor()
    assert press(one, "label praise").message
    assert press(one, "label").message
    assert not one.chosen


# ── any of several ─────────────────────────────────────────────────────────


def test_keys_toggle_where_several_can_be_chosen() -> None:
    one = editor(style="multiple")
    assert press(one, "label repair").answer is None
    press(one, "label delivery")
    assert accepted(one) == ["delivery", "repair"]
    press(one, "label repair")
    assert accepted(one) == ["delivery"]
    assert one.fields()["config"] == {"choice_style": "multiple"}


def test_space_toggles_what_the_mark_stands_on() -> None:
    one = editor(style="multiple")
    press(one, "next_option", "toggle")
    assert accepted(one) == ["billing"]
    press(one, "toggle")
    assert accepted(one) == []


def test_nothing_chosen_is_an_answer_where_several_can_be() -> None:
    assert editor(style="multiple").refusal("accept") is None


def test_delete_chooses_nothing_and_can_be_undone() -> None:
    one = editor(style="multiple", chosen=["delivery", "repair"])
    press(one, "delete")
    assert accepted(one) == []
    press(one, "undo")
    assert accepted(one) == ["delivery", "repair"]
    assert press(editor(), "delete").message


# ── a question ─────────────────────────────────────────────────────────────


def test_a_question_is_its_label_and_answered_by_the_decision() -> None:
    one = editor(["praise"], "binary")
    assert one.fields() == {"label": "praise", "_view_id": "classification"}
    assert one.refusal("accept") is None
    assert one.do("label", "praise") == Outcome(message="the question is praise: accept or reject")


def test_a_question_with_a_second_label_becomes_a_choice() -> None:
    one = editor(["praise"], "binary")
    one.add_label("other")
    assert press(one, "label other").answer == "accept"
    assert [option["id"] for option in one.fields()["options"]] == ["praise", "other"]


# ── many ───────────────────────────────────────────────────────────────────


def test_up_to_ten_options_keep_their_order_whatever_is_likely() -> None:
    one = editor(MANY[:10])
    one.suggest(scored(label_09=0.9, label_02=0.1))
    assert one.order == MANY[:10]
    assert not one.ranked


def test_beyond_ten_the_digits_choose_from_the_likeliest() -> None:
    one = editor(MANY)
    one.suggest(scored("words", label_21=0.7, label_03=0.2, label_30=0.1))
    assert one.places[:4] == ("label_21", "label_03", "label_30", "label_01")
    assert len(one.places) == 10
    assert press(one, "choose 2").answer == "accept"
    assert accepted(one) == ["label_03"]


def test_labels_with_a_key_of_their_own_take_no_digit() -> None:
    one = editor(MANY, keyed=frozenset({"label_21"}))
    one.suggest(scored("words", label_21=0.7, label_03=0.2))
    assert one.order[0] == "label_21"
    assert one.places[0] == "label_03"
    # Without those that have keys there are ten: nothing moves any more.
    fixed = editor(MANY[:12], keyed=frozenset(MANY[:2]))
    assert not fixed.ranked


def test_the_list_does_not_change_once_something_was_touched() -> None:
    one = editor(MANY, "multiple")
    one.suggest(scored("words", label_21=0.7))
    press(one, "choose 2")
    before = one.order
    one.suggest(scored(label_30=0.9))
    assert one.order == before
    assert accepted(one) == ["label_01"]


def test_what_was_found_by_name_leaves_the_list_where_it_is() -> None:
    one = editor(MANY, "multiple")
    press(one, "label label_28")
    assert one.at == 0
    press(one, "label label_04")
    assert one.at == 3


def test_a_place_without_an_option_chooses_nothing() -> None:
    one = editor(FEW)
    assert press(one, "choose 7").message
    assert not one.chosen


def test_only_what_could_be_seen_counts_as_offered() -> None:
    one = editor(MANY)
    one.suggest(scored("words", **{label: 0.01 * n for n, label in enumerate(MANY)}))
    assert len(one.offered) <= 20
    assert one.offered[0].label == MANY[-1]


# ── suggestions ────────────────────────────────────────────────────────────


def test_the_likeliest_is_chosen_beforehand_until_another_is() -> None:
    one = editor()
    one.suggest(scored(repair=0.8, billing=0.1))
    assert accepted(one) == ["repair"]
    assert one.is_suggested("repair")
    assert not one.edited
    press(one, "label billing")
    assert accepted(one) == ["billing"]
    assert not one.is_suggested("repair")


def test_the_key_of_a_suggested_option_confirms_it_and_takes_off_what_is_confirmed() -> None:
    one = editor(style="multiple")
    one.suggest(scored(repair=0.8, billing=0.9))
    assert one.is_suggested("repair")
    press(one, "label repair")
    assert set(accepted(one)) == {"repair", "billing"}
    assert not one.is_suggested("repair")
    assert one.edited
    press(one, "label repair")
    assert accepted(one) == ["billing"]


def test_space_takes_a_suggested_option_off_and_undo_brings_it_back_as_a_suggestion() -> None:
    one = editor(style="multiple")
    one.suggest(scored(billing=0.9))
    one.at = one.order.index("billing")
    press(one, "toggle")
    assert accepted(one) == []
    press(one, "undo")
    assert accepted(one) == ["billing"]
    assert one.is_suggested("billing")


def test_the_key_of_a_suggested_single_choice_chooses_it() -> None:
    one = editor(style="single")
    one.suggest(scored(repair=0.9))
    assert one.is_suggested("repair")
    assert press(one, "label repair").answer == "accept"
    assert accepted(one) == ["repair"]


def test_a_class_without_a_score_is_not_taken_for_a_sure_one() -> None:
    one = editor()
    one.suggest([Suggestion(0, len(TEXT), "billing", "model"), *scored(repair=0.3)])
    assert accepted(one) == ["repair"]


def test_where_several_can_be_chosen_all_that_are_likely_enough_are() -> None:
    one = editor(style="multiple", threshold=0.4)
    one.suggest(scored(repair=0.8, billing=0.45, delivery=0.3))
    assert accepted(one) == ["billing", "repair"]


def test_what_came_chosen_stays_whatever_is_suggested() -> None:
    one = editor(chosen=["delivery"])
    one.suggest(scored(repair=0.8))
    assert accepted(one) == ["delivery"]


@pytest.mark.parametrize("style", ["single", "multiple"])
def test_a_ranking_and_a_source_that_is_not_trusted_choose_nothing(style: str) -> None:
    one = editor(style=style)
    one.suggest(scored("words", repair=0.9))
    assert accepted(one) == []
    two = editor(style=style, preselect=False)
    two.suggest(scored(repair=0.9))
    assert accepted(two) == []
    assert two.scores == {"repair": 0.9}


def test_pieces_of_a_long_text_count_by_their_length() -> None:
    one = editor(FEW, "multiple")
    one.suggest(
        [Suggestion(0, 30, "repair", "model", 1.0), Suggestion(30, 40, "repair", "model", 0.2)]
    )
    assert one.scores["repair"] == pytest.approx(0.8)
    assert [(s.start, s.end) for s in one.offered] == [(0, len(TEXT))]


def test_a_source_switched_off_takes_out_what_nobody_touched() -> None:
    one = editor()
    one.suggest(scored(repair=0.8))
    assert one.withdraw("model").edited
    assert accepted(one) == []
    assert not one.scores
    two = editor()
    two.suggest(scored(repair=0.8))
    press(two, "label repair", "label billing")
    two.withdraw("model")
    assert accepted(two) == ["billing"]


# ── hierarchies ────────────────────────────────────────────────────────────


def test_an_option_brings_those_above_it() -> None:
    one = editor(TREE, "multiple", implied=True)
    press(one, "label topic/sport/football")
    assert accepted(one) == ["topic", "topic/sport", "topic/sport/football"]
    assert "includes it" in str(press(one, "label topic/sport").message)
    press(one, "label topic/sport/football")
    assert accepted(one) == []


def test_what_is_implied_goes_with_what_implied_it_also_when_it_came_so() -> None:
    one = editor(TREE, "multiple", ["topic", "topic/sport", "topic/sport/tennis"], implied=True)
    press(one, "label topic/sport/tennis")
    assert accepted(one) == []


def test_without_the_option_nothing_is_implied() -> None:
    one = editor(TREE, "multiple")
    press(one, "label topic/sport/football")
    assert accepted(one) == ["topic/sport/football"]


labels_in_tree = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join)


@given(st.sets(labels_in_tree), st.sets(labels_in_tree))
def test_closing_and_reducing_labels_undo_each_other(chosen: set[str], offered: set[str]) -> None:
    offered |= chosen
    whole = closed(chosen, offered)
    assert whole >= chosen
    assert closed(whole, offered) == whole
    assert all(above in whole for x in whole for above in ancestors(x) if above in offered)
    # Nothing between two of them is missing, so the lowest say it all.
    everything = offered | {above for label in offered for above in ancestors(label)}
    full = closed(chosen, everything)
    assert closed(lowest(full), everything) == full


# ── algebra ────────────────────────────────────────────────────────────────

commands = st.one_of(
    st.sampled_from(["next_option", "previous_option", "delete", "undo", "redo", "toggle"]),
    st.sampled_from(TREE).map("label {}".format),
    st.integers(0, 11).map("choose {}".format),
)


@given(
    st.sampled_from(["single", "multiple"]),
    st.booleans(),
    st.lists(commands, max_size=25),
    st.sets(st.sampled_from(TREE), max_size=2),
)
def test_whatever_is_typed_the_choice_fits_the_options(
    style: str, implied: bool, typed: list[str], came: set[str]
) -> None:
    if style == "single":
        came = set(list(came)[:1])
    one = editor(TREE, style, sorted(came), implied=implied)
    start = one.chosen
    for command in typed:
        press(one, command)
        fields = one.fields()
        assert set(fields["accept"]) <= set(TREE)
        assert fields["accept"] == [label for label in TREE if label in fields["accept"]]
        if style == "single":
            assert len(fields["accept"]) <= 1
        if one.implies:
            assert closed(fields["accept"], TREE) == set(fields["accept"])
    copy = editor(TREE, style, sorted(came), implied=implied)
    copy.restore(json.loads(json.dumps(one.state())))
    assert (copy.fields(), copy.at, copy.edited) == (one.fields(), one.at, one.edited)
    while press(one, "undo").edited:
        pass
    assert one.chosen == start


# ── what tasks bring ───────────────────────────────────────────────────────


def read(
    fields: Mapping[str, Any], labels: Sequence[str] = FEW, **more: Any
) -> tuple[str, list[str], list[str]]:
    found = read_choices(fields, labels, **more)
    return found.style, [option.label for option in found.options], list(found.chosen)


def test_one_label_is_a_question() -> None:
    assert read({}, ["praise"]) == ("binary", ["praise"], [])
    assert read({"label": "praise", "answer": "reject"}, ["praise"]) == ("binary", ["praise"], [])
    assert read({}, ["praise"], multiple=True) == ("multiple", ["praise"], [])


def test_a_task_that_was_a_question_stays_one_where_no_labels_are_named() -> None:
    fields = {"label": "repair", "answer": "reject"}
    assert read(fields, named=False) == ("binary", ["repair"], [])
    assert read(fields) == ("single", list(FEW), [])
    assert read({"label": "repair"}, named=False) == ("single", list(FEW), ["repair"])


def test_options_of_a_task_are_on_offer_where_no_labels_are_named() -> None:
    came = [{"id": 2, "text": "two", "style": {"color": "red"}}, {"id": "repair", "text": "R"}]
    fields = {"options": came, "accept": [2], "config": {"choice_style": "single", "x": 1}}
    found = read_choices(fields, ["2", *FEW], named=False)
    assert [option.label for option in found.options] == ["2", "repair"]
    one = ChoiceEditor(TEXT, found)
    # What came is written as it came: ids that are numbers, styles, other settings.
    assert one.fields()["options"] == came
    assert one.fields()["accept"] == [2]
    assert one.fields()["config"] == {"choice_style": "single", "x": 1}
    assert read(fields, [*FEW, "2"])[1] == [*FEW, "2"]


def test_several_that_are_chosen_make_a_task_a_multiple_choice() -> None:
    assert read({"accept": ["repair", "billing"]}) == (
        "multiple",
        list(FEW),
        ["billing", "repair"],
    )
    assert read({"config": {"choice_style": "multiple"}})[0] == "multiple"


def test_cats_choose_and_fractions_are_scores() -> None:
    whole = {"cats": {"repair": 1.0, "billing": 0.0, "delivery": True}}
    assert chosen_in(whole) == ["repair", "delivery"]
    assert scores_in(whole) == {}
    fractions = {"cats": {"repair": 0.7, "billing": 0.3}}
    assert chosen_in(fractions) == ["repair"]
    assert scores_in(fractions) == {"repair": 0.7, "billing": 0.3}


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ({"label": ["repair", "praise"]}, ["repair", "praise"]),
        ({"labels": ["repair"]}, ["repair"]),
        ({"cats": ["repair"]}, ["repair"]),
        ({"label": 3}, ["3"]),
        ({"label": [3, 4]}, ["3", "4"]),
        ({"label": [[0, 2, "ORG"]]}, []),
        ({"label": ["repair"], "answer": "reject"}, []),
        ({"label": []}, []),
    ],
)
def test_classes_as_other_tools_write_them(fields: dict[str, Any], chosen: list[str]) -> None:
    assert chosen_in(fields) == chosen
    said = [said for said, _ in IncomingClasses().faults({"text": "a", **fields}, None, False)]
    spans = fields.get("label") == [[0, 2, "ORG"]]
    assert said == (['"label" is a list, not a string; it is kept'] if spans else [])


@pytest.mark.parametrize(
    ("scores", "understood"),
    [
        ({"repair": 0.5, "billing": 2}, {"repair": 0.5, "billing": 1.0}),
        ([{"label": "repair", "score": 0.5}, {"label": "x"}, 3], {"repair": 0.5}),
        ("high", {}),
        (None, {}),
    ],
)
def test_scores_in_every_form(scores: object, understood: dict[str, float]) -> None:
    assert scores_in({"scores": scores}) == understood


def test_the_score_of_a_question_is_found_where_prodigy_puts_it() -> None:
    assert read_choices({"meta": {"score": 0.4}}, ["praise"]).scores == {"praise": 0.4}
    assert read_choices({"score": 0.4}, ["praise"]).scores == {"praise": 0.4}


def test_what_was_let_through_without_being_on_offer_stays_chosen() -> None:
    found = read_choices({"accept": ["old"]}, FEW)
    assert accepted(ChoiceEditor(TEXT, found)) == ["old"]


# ── what is wrong with tasks ───────────────────────────────────────────────


def faults(fields: dict[str, Any], labels: Sequence[str] | None = FEW) -> list[str]:
    found = IncomingClasses().faults({"text": TEXT, **fields}, labels, False)
    return [message for message, fatal in found if fatal]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"accept": "repair"}, '"accept" is a string, not a list'),
        ({"options": {}}, '"options" is an object, not a list'),
        ({"cats": []}, '"cats" is a list, not an object'),
        ({"options": [{"text": "no id"}]}, 'option 1 has no "id"'),
        ({"accept": ["unknown"]}, 'label "unknown", which is not in the label set'),
        ({"label": "unknown"}, 'label "unknown", which is not in the label set'),
        ({"cats": {"unknown": 1.0}}, 'label "unknown", which is not in the label set'),
    ],
)
def test_each_fault_has_its_message(fields: dict[str, Any], message: str) -> None:
    found = faults(fields)
    assert len(found) == 1
    assert message in found[0]


def test_spans_are_nobodys_fault_here() -> None:
    assert faults({"spans": [{"start": 5, "end": 1, "label": "PER"}]}) == []
    assert faults({"cats": {"unknown": 0.0}}) == []
    assert faults({"label": "unknown"}, None) == []


def test_labels_are_collected_from_every_field() -> None:
    carried = IncomingClasses()
    found = carried.labels(
        {
            "options": [{"id": "a", "text": "A"}, {"id": 7}],
            "cats": {"b": 0.0},
            "label": "c",
            "accept": ["d"],
            "scores": {"e": 0.1},
        }
    )
    assert list(found) == ["a", "7", "b", "c", "d", "e"]
    assert carried.scored
    assert not carried.several


# ── the kind ───────────────────────────────────────────────────────────────

CHOICE: Kind[Options] = kind("choice")


def opened(fields: dict[str, Any], decided: Mapping[str, Any] | None = None) -> ChoiceEditor:
    task = Task({"text": TEXT, **fields}, "1", Origin("x.jsonl", 1), 0)
    one = CHOICE.open(
        EditorInput(
            task, Tokens.from_pairs(TEXT, ()), FEW, Options(preselect=True), decided=decided
        )
    )
    assert isinstance(one, ChoiceEditor)
    return one


def test_a_decided_line_opens_as_it_was_decided() -> None:
    one = opened({"scores": {"repair": 0.9, "billing": 0.1}})
    press(one, "label billing")
    suggested = [PLAIN.encode(s) for s in one.offered]
    line = {"text": TEXT, **one.fields(), "answer": "accept", "_suggested": suggested}
    again = opened({"scores": {"repair": 0.9}}, line)
    assert again.fields() == one.fields()
    assert list(again.offered) == list(one.offered)
    assert again.scores == {"repair": 0.9, "billing": 0.1}


@pytest.mark.parametrize(
    ("line", "labelled", "claimed"),
    [
        ({"_view_id": "classification", "label": "a", "answer": "accept"}, ["a"], ["a"]),
        ({"_view_id": "classification", "label": "a", "answer": "reject"}, [], ["a"]),
        ({"_view_id": "classification", "label": "a", "answer": "ignore"}, None, None),
        ({"accept": ["b"], "config": {"choice_style": "single"}}, ["b"], ["a"]),
        ({"accept": ["a", "b"], "config": {"choice_style": "multiple"}}, ["a", "b"], ["a", "c"]),
        ({"accept": ["a"], "answer": "reject"}, None, None),
    ],
)
def test_what_a_line_teaches(
    line: dict[str, Any], labelled: list[str] | None, claimed: list[str] | None
) -> None:
    scores = {"a": 0.9, "c": 0.6, "d": 0.1}
    if line.get("_view_id") == "classification":
        scores = {"a": 0.9}
    suggested = [PLAIN.encode(s) for s in [*scored("model", **scores), *scored("words", b=0.95)]]
    record = {"text": TEXT, "answer": "accept", "_suggested": suggested, **line}
    units = CHOICE.units(Options(), record)
    if labelled is None:
        assert not units
    else:
        (lesson,) = units
        assert [label for _, _, label in lesson.labelled] == labelled
        assert [one.label for one in lesson.claimed] == claimed


# ── real files ─────────────────────────────────────────────────────────────

REAL = (
    "prodigy-projects/textcat_docs_issues/docs_issues_eval.jsonl",
    "prodigy-projects/textcat_docs_issues/gh_issues_raw.head400.jsonl",
    "prodigy-projects/textcat_multilabel_demo/cooking-train.head300.jsonl",
    "prodigy-recipes/example-datasets/annotated_github-issues-DOCUMENTATION-textcat.jsonl",
    "prodigy-recipes/example-datasets/annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl",
)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", REAL)
def test_files_of_prodigy_open_and_say_what_they_said(shared_data: Path, name: str) -> None:
    stream = Stream(open_source(str(shared_data / name)))
    stream.expected.carried = carried = IncomingClasses()
    stream.check_head()
    labels = list(stream.expected.labels_seen) or ["A", "B"]
    position = 0
    while (task := stream.read(position)) is not None:
        assert isinstance(task, Task)
        options = Options(multiple=carried.several)
        one = CHOICE.open(
            EditorInput(task, Tokens.from_pairs("", ()), labels, options, named=False)
        )
        assert isinstance(one, ChoiceEditor)
        fields = one.fields()
        if one.style == "binary":
            assert fields["label"] == task.fields.get("label", labels[0])
        else:
            cats = task.fields.get("cats", {})
            assert fields["accept"] == [label for label in labels if cats.get(label)]
        position += 1
    assert position >= 100
    assert carried.several == ("multilabel" in name)


def test_what_a_choice_implies_is_on_offer_though_nobody_named_it() -> None:
    named = ["topic/sport", "topic/arts", "news"]
    assert with_ancestors(named) == ["topic", "topic/sport", "topic/arts", "news"]
    assert with_ancestors(["a/b/c", "a"]) == ["a/b", "a/b/c", "a"]
    one = editor(named, "multiple", implied=True)
    one.do("label", "topic/arts")
    assert one.accepted == {"topic", "topic/arts"}
    assert one.fields()["accept"] == ["topic", "topic/arts"]
