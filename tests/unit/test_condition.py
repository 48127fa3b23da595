"""Conditions on records: what they find, and how mistakes are told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.errors import UsageError
from tui_annotate.records.condition import Condition

NER = {
    "text": "Ada met Bo in Köln.",
    "meta": {"source": "web", "year": 1999},
    "spans": [{"start": 0, "end": 3, "label": "PER", "score": 0.4}, {"label": "GPE"}],
    "answer": "accept",
    "flagged": True,
    "comment": "unsure",
    "class": "odd",
    "_annotator_id": "ann",
    "_session_id": "out-ann",
    "_seconds": 31.5,
}
CHOICE = {"text": "x", "accept": ["A"], "answer": "reject", "spans": []}
SOUND = {"audio": "a.wav", "audio_spans": [{"label": "SPEECH", "speaker": "Di"}]}


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ('label == "PER" and flagged and seconds > 30', NER, True),
        ('label == "PER" and flagged and seconds > 32', NER, False),
        ('label == "A"', CHOICE, True),
        ('label == "SPEECH" and speaker == "Di"', SOUND, True),
        ('label != "PER"', NER, False),
        ('label != "PER"', CHOICE, True),
        ('not label == "PER"', NER, False),
        ('label in ["PER", "LOC"]', NER, True),
        ('label not in ["PER", "LOC"]', NER, False),
        ('"Köln" in text', NER, True),
        ('"köln" in lower(text)', NER, True),
        ('"PER" in label', NER, True),
        ('"PE" in label', NER, False),
        ("spans.score < .5", NER, True),
        ("spans", CHOICE, False),
        ("spans", NER, True),
        ("len(spans) == 0", CHOICE, True),
        ("len(spans) == 2", NER, True),
        ("len(text) > 10", NER, True),
        ("len(comment) == 0", CHOICE, True),
        ('meta.source == "web" and 1990 <= meta.year < 2000', NER, True),
        ('annotator == "ann"', NER, True),
        ('annotator == "out-ann"', NER, False),
        ("flagged", CHOICE, False),
        ("flagged == false", CHOICE, True),
        ("comment == null", CHOICE, True),
        ('field("class") == "odd"', NER, True),
        ('startswith(text, "Ada")', NER, True),
        ('endswith(text, "Ada")', NER, False),
        ('seconds > "30"', NER, False),
        ("flagged == 1", NER, False),
        ("meta.year == -1", NER, False),
        ('answer == "reject" or (flagged and not comment)', CHOICE, True),
    ],
)
def test_a_condition_holds(text: str, record: dict[str, Any], expected: bool) -> None:
    assert Condition(text)(record) is expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the condition is empty"),
        ('label = "PER"', "a single = compares nothing; write == for “equals”"),
        ("flagged & comment", "write and, or, not"),
        ("label ==", "this is not a condition"),
        ('answer == "x" + 1', "not allowed"),
        ("[x for x in spans]", "not allowed"),
        ("lambda: 1", "not allowed"),
        ("spans[0]", "not allowed"),
        ("lenn(text) > 1", "did you mean len?"),
        ("__import__('os')", "there is no such function"),
        ("len(text, text)", "len() takes one value"),
        ("field(text)", "a name in quotes"),
        ("(" * 500 + "a" + ")" * 500, "this is not a condition"),
        ("not " * 60 + "a", "nested too deeply"),
        ("a or " * 4000 + "a", "longer than"),
    ],
)
def test_a_mistake_is_told(text: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        Condition(text)
    assert str(error.value).startswith("--where: ")
    assert told in str(error.value)


def test_the_place_of_a_mistake_is_told() -> None:
    with pytest.raises(UsageError, match='at "spans\\[0\\]"'):
        Condition('text == "é" and spans[0]')


def test_a_name_that_no_line_has_is_told_with_what_may_be_meant() -> None:
    condition = Condition('lable == "PER" or comment or meta.sauce == "x"')
    condition(NER)
    condition(CHOICE)
    assert condition.unknown() == [
        'no line has the field "lable"; did you mean label?',
        'no line has the field "meta.sauce"',
    ]


def test_an_empty_list_is_there() -> None:
    condition = Condition('spans.rule == "x"')
    condition(CHOICE)
    assert condition.unknown() == []


@given(st.text(max_size=30))
def test_any_text_is_a_condition_or_a_mistake_of_one_sentence(text: str) -> None:
    said: object = None
    try:
        said = Condition(text)(NER)
    except UsageError as error:
        said = str(error)
    assert said in (True, False) or "\n" not in str(said)
