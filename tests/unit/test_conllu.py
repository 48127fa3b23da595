"""CoNLL-U as a source: words in their text, tags, and what is wrong where."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.formats.conllu import conllu_rows
from tui_annotate.inventory.tagset import UPOS, XPOS
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.tagging import Options
from tui_annotate.sources import open_source
from tui_annotate.sources.stream import Stream
from tui_annotate.text.tokens import Tokens


def row(name: str, form: str, pos: str = "_", tag: str = "_", misc: str = "_") -> str:
    return "\t".join([name, form, "_", pos, tag, "_", "_", "_", "_", misc])


def read(*lines: str) -> list[tuple[int | None, Any]]:
    return list(conllu_rows([f"{line}\n".encode() for line in lines]))


def one(*lines: str) -> dict[str, Any]:
    ((_, fields),) = read(*lines)
    assert isinstance(fields, dict), fields
    return fields


def words(fields: dict[str, Any], column: str = "pos") -> list[tuple[str, Any]]:
    text = fields["text"]
    for token in fields["tokens"]:
        assert token["text"] == text[token["start"] : token["end"]]
        assert token["ws"] == text.startswith(" ", token["end"])
    return [(token["text"], token.get(column)) for token in fields["tokens"]]


def test_a_sentence_is_a_task_with_its_words_tags_and_id() -> None:
    fields = one(
        "# sent_id = a-1",
        "# text = Sit, Rex!",
        row("1", "Sit", "VERB", "VB", "SpaceAfter=No"),
        row("2", ",", "PUNCT", ","),
        row("3", "Rex", "PROPN", "NNP", "Gloss=king|SpaceAfter=No"),
        row("4", "!", "PUNCT", "."),
    )
    assert fields["text"] == "Sit, Rex!"
    assert fields["meta"] == {"sent_id": "a-1"}
    assert words(fields) == [("Sit", "VERB"), (",", "PUNCT"), ("Rex", "PROPN"), ("!", "PUNCT")]
    assert [tag for _, tag in words(fields, "tag")] == ["VB", ",", "NNP", "."]


def test_without_a_text_it_is_made_of_the_words() -> None:
    fields = one(row("1", "Sit", misc="SpaceAfter=No"), row("2", ","), row("3", "Rex"))
    assert fields["text"] == "Sit, Rex"
    assert "meta" not in fields
    assert words(fields) == [("Sit", None), (",", None), ("Rex", None)]


def test_the_words_of_a_multiword_token_are_tokens_where_they_make_it_up() -> None:
    fields = one(
        "# text = I don't.",
        row("1", "I", "PRON"),
        row("2-3", "don't", misc="SpaceAfter=No"),
        row("2", "do", "AUX"),
        row("3", "n't", "PART"),
        row("4", ".", "PUNCT"),
    )
    assert words(fields) == [("I", "PRON"), ("do", "AUX"), ("n't", "PART"), (".", "PUNCT")]
    assert [token.get("multiword") for token in fields["tokens"]] == [None, "2-3", "2-3", None]


def test_a_multiword_token_that_its_words_do_not_make_up_has_the_tags_of_all() -> None:
    fields = one(
        "# text = Il va au parc",
        row("1", "Il", "PRON"),
        row("2", "va", "VERB"),
        row("3-4", "au"),
        row("3", "à", "ADP", "P"),
        row("4", "le", "DET"),
        row("5", "parc", "NOUN"),
    )
    assert words(fields)[2] == ("au", "ADP+DET")
    assert words(fields, "tag")[2] == ("au", "P+_")


def test_empty_nodes_are_passed_over() -> None:
    fields = one(row("1", "Sue", "PROPN"), row("1.1", "likes", "VERB"), row("2", "tea", "NOUN"))
    assert words(fields) == [("Sue", "PROPN"), ("tea", "NOUN")]


def test_words_with_spaces_and_spaces_of_every_kind() -> None:
    fields = one("# text = 10\u00a0000  men ", row("1", "10 000", "NUM"), row("2", "men", "NOUN"))
    assert words(fields) == [("10\u00a0000", "NUM"), ("men", "NOUN")]


@given(
    st.lists(
        st.text(st.sampled_from("eaoE\u0301\u0308\u0323né한ü़क"), min_size=1).filter(
            lambda form: not unicodedata.combining(form[0])
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(["", " "]),
)
def test_however_letters_are_composed_offsets_are_those_of_the_text(
    forms: list[str], of_text: Any, of_words: Any, space: str
) -> None:
    text = space.join(unicodedata.normalize(of_text, form) for form in forms)
    misc = "_" if space else "SpaceAfter=No"
    rows = [
        row(str(n), unicodedata.normalize(of_words, form), misc=misc)
        for n, form in enumerate(forms, start=1)
    ]
    fields = one(f"# text = {text}", *rows)
    assert fields["text"] == text
    assert "".join(form for form, _ in words(fields)) == text.replace(" ", "")
    assert [unicodedata.normalize("NFD", form) for form, _ in words(fields)] == [
        unicodedata.normalize("NFD", form) for form in forms
    ]


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["1\tRex"], 1, "a word has 2 columns, not 10"),
        (["1 Rex _ _ _ _ _ _ _ _"], 1, "separated by spaces, not tabs"),
        ([row("1", "a"), row("3", "b")], 2, "'3' comes where word 2 should"),
        ([row("1", "a"), row("x", "b")], 2, "'x' is not a word number"),
        ([row("1", "")], 1, "word 1 has no form"),
        (["# text = ab", row("1-2", "ab"), row("1", "a")], 2, "1-2 has words that are missing"),
        ([row("1", "a"), row("2-1", "b")], 2, "2-1 ends before it begins"),
        (["# text = Rex sits", row("1", "Rex"), row("2", "sat")], 3, "is 'sat', but # text has"),
        (["# text = Rex sits", row("1", "Rex")], 2, "goes on after the last word: 'sits'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(lines: list[str], line: int, message: str) -> None:
    whole = [row("1", "fine"), ""]
    found = read(*whole, *lines, "", *whole)
    assert [isinstance(item, str) for _, item in found] == [False, True, False]
    number, said = found[1]
    assert number == line + 2
    assert message in re.sub('[“”"]', "'", said)


def test_bytes_that_are_no_text_are_named_with_their_line() -> None:
    ((line, said),) = conllu_rows([b"# text = \xff\n", b"1\ta\n"])
    assert line == 1
    assert "not valid UTF-8" in str(said)


def test_files_are_known_by_their_name_also_packed_and_in_folders(tmp_path: Path) -> None:
    import gzip

    text = f"{row('1', 'Rex', 'PROPN')}\n\n{row('1', 'sits', 'VERB')}\n"
    (tmp_path / "a.conllu").write_text(text)
    with gzip.open(tmp_path / "b.CONLLU.gz", "wt") as packed:
        packed.write(text)
    stream = Stream(open_source(str(tmp_path)))
    tasks = [stream.read(n) for n in range(5)]
    assert tasks[4] is None
    assert [getattr(task, "text", None) for task in tasks[:4]] == ["Rex", "sits"] * 2
    assert [str(task.origin) for task in tasks[:2]] == [  # type: ignore[union-attr]
        f"{tmp_path}/a.conllu:1",
        f"{tmp_path}/a.conllu:3",
    ]


@pytest.mark.shared_data
@pytest.mark.parametrize("set_", [UPOS, XPOS], ids=["upos", "xpos"])
@pytest.mark.parametrize(
    "corpus",
    ["ud-english-ewt", "ud-hebrew-iahltwiki", "ud-thai-pud", "ud-chinese-gsdsimp", "ud-hindi-pud"],
)
def test_accepting_real_sentences_gives_their_tags_back(
    shared_data: Path, corpus: str, set_: Any
) -> None:
    (path,) = (shared_data / corpus).glob("*.conllu")
    tags = kind("tagging")
    stream = Stream(open_source(str(path)))
    stream.expected.carried = tags.incoming(Options(tagset=set_, open=set_ is XPOS))
    stream.check_head()
    names = set_.names if set_ is UPOS else set_.only(stream.expected.labels_seen).names
    got: list[str] = []
    position = 0
    while (task := stream.read(position)) is not None:
        assert not hasattr(task, "problem"), task
        tokens = Tokens.from_fields(task.text, task.tokens)
        fields = tags.open(EditorInput(task, tokens, names, Options(tagset=set_))).fields()
        for span in fields["spans"]:
            token = fields["tokens"][span["token_start"]]
            assert span["token_start"] == span["token_end"]
            assert (span["start"], span["end"]) == (token["start"], token["end"])
        got += [span["label"] for span in fields["spans"]]
        position += 1
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    column = 3 if set_ is UPOS else 4
    assert got == [cells[column] for cells in rows if cells[0].isdigit()]
