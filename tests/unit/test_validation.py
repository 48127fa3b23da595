"""validate: each rule finds what breaks it and nothing else; mending changes no meaning."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.cli.program import program
from tui_annotate.quality.mending import mended
from tui_annotate.quality.problem import RULES
from tui_annotate.quality.validation import Validation, problems_of

Fields = dict[str, Any]
TEXT = "Ada met  Bo in Köln."
TOKENS = [
    {"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": True},
    {"text": "met", "start": 4, "end": 7, "id": 1, "ws": True},
    {"text": "Bo", "start": 9, "end": 11, "id": 2, "ws": True},
    {"text": "in", "start": 12, "end": 14, "id": 3, "ws": True},
    {"text": "Köln", "start": 15, "end": 19, "id": 4, "ws": False},
    {"text": ".", "start": 19, "end": 20, "id": 5, "ws": False},
]
ADA = {"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "PER"}
BO = {"start": 9, "end": 11, "token_start": 2, "token_end": 2, "label": "PER"}


def ner(*spans: Fields, **fields: Any) -> Fields:
    return {
        "text": TEXT,
        "tokens": TOKENS,
        "spans": list(spans),
        "answer": "accept",
        "_view_id": "ner_manual",
        "_labels": ["PER", "GPE"],
    } | fields


def sound(*regions: Fields, **fields: Any) -> Fields:
    return {"audio": "a.wav", "audio_spans": list(regions), "answer": "accept"} | fields


def region(start: float, end: float, **fields: Any) -> Fields:
    return {"start": start, "end": end, "label": "SPEECH"} | fields


def choice(*chosen: Any, style: str = "multiple") -> Fields:
    options = [{"id": "A", "text": "a"}, {"id": "B", "text": "b"}]
    return {
        "text": "x",
        "options": options,
        "accept": list(chosen),
        "answer": "accept",
        "config": {"choice_style": style},
    }


def tagged(*without: int) -> Fields:
    spans = [
        {"start": token["start"], "end": token["end"], "label": "X"}
        for token in TOKENS
        if token["id"] not in without
    ]
    return ner(*spans, _view_id="pos_manual", _labels=["X"])


def linked(**link: Any) -> Fields:
    return ner(ADA | link, _view_id="entity_linking")


@pytest.mark.parametrize(
    ("fields", "rule", "told"),
    [
        ({"answer": "accept"}, "input", "neither a text nor a recording"),
        ({"text": 5}, "input", "text"),
        (sound(chunk={"start": -1, "end": 2}), "input", "before the recording does"),
        (ner(_timestamp="now"), "field", '"_timestamp" is a string'),
        (ner(_keys=True), "field", '"_keys" is true'),
        (ner(_seconds=-1), "field", "below 0"),
        (ner(flagged=1), "field", '"flagged" is a number'),
        (ner(meta=[]), "field", '"meta" is a list'),
        (ner(answer="yes"), "answer", '"answer" is "yes"'),
        (ner(tokens=[TOKENS[1], TOKENS[0]]), "tokens", "out of place"),
        (ner(ADA | {"end": 99}), "span", "out of range"),
        (ner(ADA | {"label": ""}, _labels=None), "span", "no label"),
        (ner(ADA | {"text": "Eve"}), "span", "says its text"),
        (ner(ADA | {"token_end": 1}), "span-token", "tokens 0 to 0, and says 0 to 1"),
        (ner(BO, ADA), "span-order", "not sorted"),
        (ner({"start": 4, "end": 8, "label": "PER"}, tokens=None), "span-space", '"met "'),
        (ner({"start": 0, "end": 2, "label": "PER"}), "span-cut-token", '"Ad" cuts a token'),
        (
            {"text": "ne\u0301e", "spans": [{"start": 0, "end": 2, "label": "X"}]},
            "span-cut-character",
            "cuts a character",
        ),
        (
            ner(ADA | {"end": 7, "token_end": 1}, BO | {"start": 4, "token_start": 1}),
            "span-cross",
            "cross",
        ),
        (ner(ADA, ADA | {"label": "GPE"}), "span-cross", "overlap"),
        (ner(ADA, ADA), "span-double", "span 2 is the same as span 1"),
        (ner(ADA | {"label": "LOC"}), "label", 'the label "LOC", which was not on offer'),
        (tagged(2, 4), "untagged", '"Bo" and 1 more of 6 tokens have no tag'),
        (linked(), "link", "span 1 has no kb_id"),
        (linked(kb_id="NIL", nil="odd"), "link", '"odd" as "nil"'),
        (choice("C"), "choice", '"C" was chosen and is not among the options'),
        (choice("A", "B", style="single"), "choice", "2 options were chosen"),
        (choice(["A"]), "choice", "holds a list"),
        (sound(region(2, 1)), "region", "region 1"),
        (sound(region(5, 6), duration=4.0), "region", "outside the recording"),
        (sound(region(2, 3), region(0, 1)), "region-order", "not sorted"),
        (sound(region(0, 2), region(1, 3)), "region-overlap", "overlap from 1 to 2 s"),
        (
            sound(region(0, 1, words=[{"text": "a", "start": 0.5, "end": 1.5}])),
            "region-words",
            "out of place",
        ),
        (
            sound(region(0, 1, text="hi"), region(1, 2), _recipe="audio.transcribe"),
            "transcript",
            "region 2 of 2 has no text",
        ),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_found(fields: Fields, rule: str, told: str) -> None:
    found = list(problems_of(fields))
    assert [problem.rule for problem in found] == [rule]
    assert told in found[0].message
    assert rule in RULES


@pytest.mark.parametrize(
    "fields",
    [
        ner(ADA, BO),
        ner(ADA, ADA | {"label": "GPE"}, _view_id="spans_manual"),
        ner(ADA | {"label": "LOC"}, _labels=None),
        tagged(),
        tagged(2) | {"answer": "reject"},
        linked(kb_id="Q1"),
        linked(kb_id="NIL", nil="absent"),
        choice("A", "B"),
        choice("A", style="single"),
        sound(region(0, 2), region(1, 3, channel=1), duration=3.0),
        sound(region(0, 2, speaker="Di"), region(1, 3, speaker="Ann")),
        sound(region(0, 1, words=[{"text": "a", "start": 0, "end": 1}])),
        sound(region(0, 1)),
        {"text": "only a source"},
    ],
)
def test_what_keeps_the_rules_is_not_told(fields: Fields) -> None:
    assert list(problems_of(fields)) == []


def test_what_is_decided_or_asked_twice_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    one = {"text": "x", "answer": "accept", "_task_id": "1", "_annotator_id": "ann"}
    lines = [
        one,
        one,
        one | {"_annotator_id": "bo"},
        one | {"_task_id": "2"},
        one | {"_repeat": True},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"a":\n')
    found = [finding[1:] for finding in Validation().findings([str(path)])]
    assert found == [
        (2, "decided-again", "the task was decided before in line 1; this one counts"),
        (4, "same-input", "the input is the same as in line 1"),
        (6, "json", "broken JSON: it ends too early at character 5"),
    ]


def test_mending_leaves_nothing_of_what_needs_no_guess() -> None:
    before = ner(
        BO | {"text": "Bob"},
        ADA | {"start": 0, "end": 4, "token_end": 5},
        BO | {"text": "Bob"},
        unknown={"kept": 1},
    )
    after, done = mended(before)
    assert list(problems_of(after)) == []
    assert after["spans"] == [ADA, BO | {"text": "Bo"}]
    assert after["unknown"] == {"kept": 1}
    assert 'took the white space off the borders of span 2 "Ada "' in done
    assert len(done) == 6


def test_mending_cuts_a_region_at_the_end_of_its_sound_only_by_a_rounding() -> None:
    near, far = region(1, 2.01), region(1, 3)
    assert mended(sound(near, duration=2.0))[0]["audio_spans"] == [region(1, 2.0)]
    assert mended(sound(far, duration=2.0))[0]["audio_spans"] == [far]
    assert mended(sound(near, chunk={"start": 10, "end": 12}))[0]["audio_spans"][0]["end"] == 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.floats(allow_nan=False)
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = ["text", "spans", "tokens", "audio", "audio_spans", "accept", "options", "chunk", "answer",
         "_view_id", "_labels", "_recipe", "config", "duration", "meta"]  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES), json_values))
def test_no_record_is_too_odd(fields: Fields) -> None:
    for rule, message in problems_of(fields):
        assert rule in RULES
        assert message
    after, _ = mended(fields)
    assert mended(after)[1] == []


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("good.jsonl").write_text(json.dumps(ner(ADA)) + "\n")
    bad = [ner(BO, ADA, comment=str(n), meta={"n": "\x1b[2J"}) for n in range(30)]
    lines = [json.dumps(line | {"text": f"{TEXT} {n}"}) + "\n" for n, line in enumerate(bad)]
    Path("bad.jsonl").write_text("".join([*lines, "no\x1b[2Jthing\n"]))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(program, ["validate", *arguments], standalone_mode=False)

    return run


def test_the_command_says_where_and_how_many(run: Run) -> None:
    result = run("good.jsonl")
    assert (result.return_value, result.output) == (0, "Nothing is wrong in 1 record.\n")
    result = run("bad.jsonl")
    assert result.return_value == 1
    assert result.stdout.splitlines()[0] == (
        "bad.jsonl:1: the spans are not sorted by where they begin [span-order]"
    )
    assert len(result.stdout.splitlines()) == 21
    assert "      30  span-order (20 shown; --all lists them)" in result.stderr
    assert result.stderr.endswith("31 findings in 31 records.\n")
    assert "\x1b" not in result.output
    assert len(run("bad.jsonl", "--all").stdout.splitlines()) == 31


def test_rules_can_be_left_out_and_listed(run: Run) -> None:
    assert run("bad.jsonl", "--ignore", "span-order,json").return_value == 0
    assert "did you mean span-order?" in str(run("bad.jsonl", "--ignore", "span-ordr").exception)
    assert [line.split()[0] for line in run("--rules").stdout.splitlines()] == list(RULES)


def test_findings_as_json(run: Run) -> None:
    found = [json.loads(line) for line in run("bad.jsonl", "--json").stdout.splitlines()]
    assert len(found) == 31
    assert found[0] == {
        "file": "bad.jsonl",
        "line": 1,
        "rule": "span-order",
        "message": "the spans are not sorted by where they begin",
    }


def test_a_mended_copy_keeps_all_lines(run: Run) -> None:
    before = Path("bad.jsonl").read_bytes()
    result = run("bad.jsonl", "--fix", "new.jsonl")
    assert "bad.jsonl:1: sorted the spans" in result.stderr
    assert "new.jsonl: 31 records, 30 of them mended." in result.stderr
    assert "Note: 1 line that is no JSON was copied as it is." in result.stderr
    assert Path("bad.jsonl").read_bytes() == before
    assert run("new.jsonl").stdout.splitlines() == [
        'new.jsonl:31: broken JSON: "n" is not expected at character 0 [json]'
    ]
    assert "the output is one of the files" in str(run("bad.jsonl", "--fix", "bad.jsonl").exception)
