"""What a task is, what its hashes are, and what may be wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from murmurhash import hash as murmurhash

from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.task.incoming import SPANS
from tui_annotate.task.task import (
    Origin,
    Task,
    earlier_id,
    faults,
    input_hash,
    input_id,
    own_id,
    task_hash,
    task_id,
)
from tui_annotate.text.tokens import Tokens, wrong_tokens

ORIGIN = Origin("news.jsonl", 12)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
encodable = st.text(st.characters(exclude_categories=["Cs"]))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def message(fields: dict[str, Any], **options: Any) -> str:
    [(said, _)] = faults(fields, **options)
    return said


def span(start: Any, end: Any, label: Any = "ORG", **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, **more}


def test_an_origin_reads_as_file_and_line() -> None:
    assert str(Origin("news.jsonl", 12)) == "news.jsonl:12"
    assert str(Origin("news.jsonl", None)) == "news.jsonl"


def test_a_task_gives_what_came_with_it() -> None:
    fields = {"text": "Siemens", "meta": {"id": 7}, "spans": [span(0, 7)]}
    task = Task(fields, "0" * 16, ORIGIN, 0)
    assert (task.text, task.meta, task.spans) == ("Siemens", {"id": 7}, [span(0, 7)])
    bare = Task({"text": "a", "meta": "odd", "spans": None}, "0" * 16, ORIGIN, 0)
    assert (bare.meta, bare.spans, bare.tokens) == ({}, [], None)


# ── identity ───────────────────────────────────────────────────────────────


def test_ids_stay_what_they_are_from_release_to_release() -> None:
    # A change here would ask every decided task of every user again.
    assert task_id(own_id({"text": "Uber is a Creature"})) == "876414f456602728"
    fields = {"text": "é", "meta": {"b": 1.5e-07, "a": 10**30}, "spans": [span(0, 1)]}
    assert task_id(own_id(fields)) == "49e0cf41f970d718"
    # The id that it had while `meta` counted.
    assert task_id(earlier_id(fields)) == "9fac61d0a5c67048"
    assert earlier_id({"text": "Uber is a Creature"}) == own_id({"text": "Uber is a Creature"})


def test_what_stands_in_meta_makes_no_other_task() -> None:
    assert own_id({"text": "a", "meta": {"id": 1}}) == own_id({"text": "a"})
    assert earlier_id({"text": "a", "meta": {"id": 1}}) != earlier_id({"text": "a"})
    assert earlier_id({"text": "a"}, {"meta": {"id": 1}}) == earlier_id(
        {"text": "a", "meta": {"id": 1}}
    )


def test_the_input_of_a_task_is_what_is_annotated() -> None:
    came = {"text": "a", "spans": [span(0, 1)], "label": "X", "meta": {"id": 1}}
    assert input_id(came) == input_id({"text": "a"}) != input_id({"text": "b"})
    sound = {"audio": "a.wav", "chunk": {"start": 0, "end": 1}}
    assert input_id(sound | {"text": "hm"}) == input_id(sound) != input_id({"audio": "a.wav"})


@pytest.mark.parametrize("name", ["text", "audio", "chunk", "channel", "spans", "label", "options"])
def test_the_id_depends_on_each_of_a_tasks_own_fields(name: str) -> None:
    assert own_id({"text": "a", name: "x"}) != own_id({"text": "a", name: "y"})


@given(st.dictionaries(st.text(min_size=1), json_values, max_size=4))
def test_the_id_depends_on_nothing_else(more: dict[str, Any]) -> None:
    own = {"text": "a", "label": "X"}
    known = {"text", "audio", "chunk", "channel", "spans", "label", "options"}
    others = {name: value for name, value in more.items() if name not in known}
    assert own_id(others | own) == own_id(own)


def test_the_order_of_keys_does_not_change_the_id() -> None:
    one = {"text": "a", "chunk": {"x": 1, "y": 2}}
    other = {"chunk": {"y": 2, "x": 1}, "text": "a"}
    assert own_id(one) == own_id(other)


def test_later_occurrences_have_a_suffix() -> None:
    assert task_id(0xAB) == "00000000000000ab"
    assert task_id(0xAB, 3) == "00000000000000ab-3"


# ── Prodigy's hashes ───────────────────────────────────────────────────────


@given(encodable)
def test_the_input_hash_is_of_the_text_in_ascii_json(text: str) -> None:
    assert input_hash({"text": text, "meta": {"a": 1}}) == murmurhash("text=" + json.dumps(text))


def test_hashes_that_came_are_kept() -> None:
    fields = {"text": "a", "_input_hash": 5, "_task_hash": -6}
    assert (input_hash(fields), task_hash(fields)) == (5, -6)
    task = Task(fields, "", ORIGIN, 0)
    assert (task.input_hash, task.task_hash) == (5, -6)


def test_a_hash_that_is_no_number_is_not_kept() -> None:
    assert input_hash({"text": "a", "_input_hash": None}) == input_hash({"text": "a"})
    assert input_hash({"text": "a", "_input_hash": True}) == input_hash({"text": "a"})


def test_the_task_hash_leaves_out_what_a_suggestion_adds() -> None:
    plain = {"text": "Siemens", "spans": [span(0, 7)]}
    suggested = {
        "text": "Siemens",
        "spans": [span(0, 7, score=0.5, source="en", rank=0, model="m")],
    }
    assert task_hash(plain) == task_hash(suggested)
    assert task_hash(plain) != task_hash({"text": "Siemens", "spans": [span(0, 7, "PER")]})


@pytest.mark.shared_data
def test_real_input_hashes_come_out(shared_data: Path) -> None:
    datasets = shared_data / "prodigy-recipes" / "example-datasets"
    annotated = datasets / "annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl"
    known = {row["text"]: row["_input_hash"] for row in rows(annotated)}
    plain = [row for row in rows(datasets / "news_headlines.jsonl") if row["text"] in known]
    assert len(plain) == 200
    assert [input_hash(row) for row in plain] == [known[row["text"]] for row in plain]


@pytest.mark.shared_data
def test_real_task_hashes_of_spans_come_out(shared_data: Path) -> None:
    project = shared_data / "prodigy-projects" / "spanruler_restaurant_reviews"
    for row in rows(project / "test_review.ner_manual-250.jsonl"):
        asked = {"text": row["text"], "spans": row["spans"]}
        assert (input_hash(asked), task_hash(asked)) == (row["_input_hash"], row["_task_hash"])


def test_the_task_hash_without_a_question_is_of_the_task_as_shown() -> None:
    fields = {"text": "a", "meta": {"b": 1}}
    of_input = input_hash(fields)
    shown = {"_input_hash": of_input, "meta": {"b": 1}, "text": "a"}
    compact = json.dumps(shown, sort_keys=True, separators=(",", ":"))
    assert task_hash(fields) == murmurhash(f"{of_input}{compact}")


# ── what may be wrong ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, 'the task has no "text"'),
        ({"audio": "a.wav"}, 'the task has no "text" but "audio", and this recipe is for text'),
        ({"text": 5}, '"text" is a number, not a string'),
        ({"text": None}, '"text" is null, not a string'),
        ({"text": True}, '"text" is true, not a string'),
        ({"text": ["a"]}, '"text" is a list, not a string'),
        ({"text": "ab\0c"}, "the text has a NUL at character 2"),
        ({"text": "é\ud83d"}, "the text has a lone surrogate (\\ud83d) at character 1"),
        ({"text": "abc", "spans": {"a": 1}}, '"spans" is an object, not a list'),
        ({"text": "abc", "spans": [3]}, "span 1 is a number, not an object"),
        ({"text": "abc", "spans": [{"end": 1, "label": "A"}]}, 'span 1 has no "start"'),
        ({"text": "abc", "spans": [{"start": 1, "label": "A"}]}, 'span 1 has no "end"'),
        (
            {"text": "abc", "spans": [span(0, 1), span("0", 1)]},
            'span 2 has a string as its "start", not a whole number',
        ),
        (
            {"text": "abc", "spans": [span(0, 1.0)]},
            'span 1 has a number as its "end", not a whole number',
        ),
        (
            {"text": "abc", "spans": [span(False, 1)]},
            'span 1 has false as its "start", not a whole number',
        ),
        (
            {"text": "abc", "spans": [span(2, 1)]},
            "span 1 is reversed: it starts at 2 and ends at 1",
        ),
        ({"text": "abc", "spans": [span(2, 2)]}, "span 1 is empty: it starts and ends at 2"),
        (
            {"text": "abc", "spans": [span(1, 4)]},
            "span 1 (1 to 4) is out of range: the text has 3 characters",
        ),
        (
            {"text": "abc", "spans": [span(-1, 2)]},
            "span 1 (-1 to 2) is out of range: the text has 3 characters",
        ),
        ({"text": "abc", "spans": [{"start": 0, "end": 1}]}, "span 1 has no label"),
        (
            {"text": "abc", "spans": [span(0, 1, 7.5)]},
            "span 1 has a number as its label, not a string",
        ),
    ],
)
def test_what_cannot_be_shown_is_fatal(fields: dict[str, Any], said: str) -> None:
    assert faults(fields) == [(said, True)]


def test_a_span_that_says_what_another_says_is_told_and_harms_nothing() -> None:
    first = span(0, 1) | {"token_start": 0, "id": 4}
    spans = [first, span(0, 1, "GPE"), span(0, 1), span(0, 1) | {"score": 0.5}, span(0, 1, "GPE")]
    assert faults({"text": "abc", "spans": spans}) == [
        ("span 3 is span 1 again; it is kept once", False),
        ("span 5 is span 2 again; it is kept once", False),
    ]


def test_offsets_are_code_points() -> None:
    assert faults({"text": "👍🏽a", "spans": [span(2, 3)]}) == []


def test_labels_that_are_not_on_offer_are_refused_or_kept() -> None:
    fields = {"text": "abc", "spans": [span(0, 1, "GPE")]}
    assert (
        message(fields, labels=["ORG"])
        == 'span 1 has the label "GPE", which is not in the label set'
    )
    assert faults(fields, labels=["GPE"]) == []
    assert faults(fields, labels=None) == []
    assert faults(fields, labels=["ORG"], keep_labels=True) == []


def test_a_span_without_a_label_passes_with_keep_labels() -> None:
    fields = {"text": "abc", "spans": [{"start": 0, "end": 1}]}
    [(_, fatal)] = faults(fields, keep_labels=True)
    assert not fatal


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"spans": [span(0, 2, text="xy")]},
            'span 1 says its text is "xy", but "ab" stands there',
        ),
        ({"meta": "from the web"}, "meta is a string, not an object; it is kept, but not shown"),
        ({"tokens": 5}, '"tokens" is a number, not a list'),
        ({"tokens": []}, '"tokens" is empty'),
        ({"tokens": [5]}, "token 0 is a number, not an object"),
        ({"tokens": [{"start": 0}]}, "token 0 has no start and end that are whole numbers"),
        ({"tokens": [{"start": 0, "end": 9}]}, "token 0 (0 to 9) is out of place"),
        (
            {"tokens": [{"start": 0, "end": 2}, {"start": 1, "end": 3}]},
            "token 1 (1 to 3) is out of place",
        ),
        (
            {"tokens": [{"start": 0, "end": 2, "text": "xx"}]},
            'token 0 says its text is "xx", but "ab" stands there',
        ),
    ],
)
def test_what_is_odd_but_usable_is_a_warning(more: dict[str, Any], said: str) -> None:
    [(message, fatal)] = faults({"text": "abc", **more})
    assert message.startswith(said)
    assert not fatal


offsets = st.one_of(st.integers(-1, 4), st.none(), st.booleans(), st.just("0"))
some_tokens = st.lists(
    st.fixed_dictionaries({"start": offsets, "end": offsets}, optional={"text": st.just("a")}),
    max_size=3,
)


@given(st.sampled_from(["abc", " ", ""]), some_tokens | st.just([5]) | st.just(None))
def test_tokens_pass_just_when_they_can_be_used(text: str, tokens: Any) -> None:
    try:
        Tokens.from_fields(text, tokens)
        usable = True
    except ValueError:
        usable = False
    assert (wrong_tokens(tokens, text) is None) == usable


def test_messages_cannot_act_on_a_terminal() -> None:
    fields = {"text": "abc", "spans": [span(0, 1, "\x1b[2J\u202e")]}
    assert message(fields, labels=["A"]).isprintable()


@pytest.mark.parametrize(
    "fields",
    [
        {"label": [[0, 2, "ORG"], [3, 5, 12]]},
        {"labels": [[0, 2, "ORG"], [3, 5, "12"]]},
        {"entities": [[0, 2, "ORG"], [3, 5, "12"]], "cats": ["x"]},
        {
            "entities": [
                {"start_offset": 0, "end_offset": 2, "label": "ORG"},
                {"start_offset": 3, "end_offset": 5, "label": 12},
            ]
        },
        {
            "annotations": [
                {"start_offset": 0, "end_offset": 2, "label": "ORG"},
                {"start_offset": 3, "end_offset": 5, "label": 12},
            ]
        },
        {"spans": [span(0, 2, "ORG"), span(3, 5, 12)], "label": [[0, 1, "X"]]},
    ],
)
def test_spans_are_found_where_other_tools_put_them(fields: dict[str, Any]) -> None:
    task = {"text": "EU in", **fields}
    assert faults(task) == []
    assert faults(task, labels=["ORG", "12"]) == []
    assert message(task, labels=["ORG"]).startswith('span 2 has the label "12"')
    assert list(SPANS.labels(task)) == ["ORG", "12"]
    assert [(s["start"], s["end"], s["label"]) for s in spans_of(task)] == [
        (0, 2, "ORG"),
        (3, 5, "12"),
    ]


@pytest.mark.parametrize("fields", [{"label": ["positive"]}, {"label": "ORG"}, {"entities": []}])
def test_what_else_is_in_their_fields_is_no_span(fields: dict[str, Any]) -> None:
    assert spans_of(fields) is None
    assert faults({"text": "EU in", **fields}) == []


def test_a_span_among_others_that_is_none_is_named() -> None:
    fields = {"text": "EU in", "entities": [[0, 2, "ORG"], [3, "x", "ORG"], [0, 9, "ORG"]]}
    said = [said for said, _ in faults(fields)]
    assert said[0] == "span 2 is a list, not an object"
    assert said[1].startswith("span 3 (0 to 9) is out of range")


def test_white_space_at_the_borders_of_a_span_is_named() -> None:
    found = faults({"text": "in Bonn now", "spans": [span(2, 7), span(3, 7), span(3, 8)]})
    assert [(said.partition(")")[0], fatal) for said, fatal in found] == [
        ('span 1 (" Bonn"', False),
        ('span 3 ("Bonn "', False),
    ]


def test_many_wrong_spans_do_not_flood() -> None:
    assert len(faults({"text": "abc", "spans": [span(2, 1)] * 1000})) == 20


@pytest.mark.shared_data
def test_real_tasks_have_nothing_wrong(shared_data: Path) -> None:
    checked = 0
    for path in sorted(shared_data.glob("prodigy-*/**/*.jsonl")):
        if "patterns" in path.name:
            continue
        for row in rows(path):
            assert faults(row) == [], path.name
            checked += 1
    assert checked > 5900
