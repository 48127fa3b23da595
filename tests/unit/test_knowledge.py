"""Knowledge bases: what they are made of, and what they find."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate import knowledge
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.knowledge.base import KnowledgeBase, is_base
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.choices import Choices, one_line_each
from tui_annotate.knowledge.entity import Candidate
from tui_annotate.knowledge.folding import folded, words
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.opening import open_base, read_entities
from tui_annotate.knowledge.rows import Row, read_rows
from tui_annotate.store.disk import Disk

EMERSONS = (
    Row("Q1", "Ralph Waldo Emerson", "American philosopher, essayist and poet"),
    Row("Q2", "Roy Stanley Emerson", "Australian tennis player"),
    Row("Q3", "Emerson Ferreira da Rosa", "Brazilian footballer"),
)


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "caches"
    monkeypatch.setattr("tui_annotate.knowledge.opening.cache_folder", lambda: folder)
    return folder


def base_of(folder: Path, *rows: Row) -> KnowledgeBase:
    path = folder / "kb.sqlite"
    build(rows, path)
    return KnowledgeBase(path)


def ids(candidates: list[Candidate]) -> list[str]:
    return [one.id for one in candidates]


def rows_of(path: Path, content: str | bytes, **options: Any) -> list[Row]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_rows(path, **options))


# ── names ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź-Süd", "lodz sud"),
        ("U.S. Steel", "us steel"),
        ("O’Brien & Søn", "obrien son"),
        ("STRASSE Straße", "strasse strasse"),
        ("東京タワー", "東 京 タ ワ ー"),
        ("हिन्दी", "हिन्दी"),
        ("ﬁne №5", "fine no5"),
        ("  \t\n", ""),
        ("\x1b[31mred\u202e", "31mred"),
    ],
)
def test_names_are_compared_without_case_diacritics_and_punctuation(
    text: str, expected: str
) -> None:
    assert folded(text) == expected


@given(st.text())
def test_folding_once_is_enough(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_words_hold_no_white_space_and_no_quotes(text: str) -> None:
    assert all(word and not set(word) & set(" \t\n\"'*()") for word in words(text))


# ── tables ─────────────────────────────────────────────────────────────────


def test_columns_are_known_by_their_names(tmp_path: Path) -> None:
    table = "url;Label;QID;Synonyms;freq\nhttp://x/1;Ann;Q1;A. One|Annie;7\n;Bob;Q2;;\n"
    assert rows_of(tmp_path / "a.csv", table) == [
        Row("Q1", "Ann", "", (("A. One", None), ("Annie", None)), 7.0, "http://x/1"),
        Row("Q2", "Bob"),
    ]


def test_a_table_without_a_header_is_told_by_what_stands_in_it(tmp_path: Path) -> None:
    table = '"Q1","Ann, the first","a queen",0.5,A|B,https://x/1\n"Q2","Bob","a king",2,,\n'
    first, second = rows_of(tmp_path / "a.csv", table)
    assert first == Row(
        "Q1", "Ann, the first", "a queen", (("A", None), ("B", None)), 0.5, "https://x/1"
    )
    assert second == Row("Q2", "Bob", "a king", (), 2.0)


def test_columns_can_be_named(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.tsv", "Ann\tx\tQ1\n", columns=["name", "", "id"])
    assert rows == [Row("Q1", "Ann")]


def test_a_header_is_no_entity_though_the_columns_are_named(tmp_path: Path) -> None:
    for header in ("id,name", "Names,Kennung", "wikidata_id,title"):
        table = f"{header}\nQ1,Ann\nQ2,Bob\n"
        rows = rows_of(tmp_path / "a.csv", table, columns=["id", "name"])
        assert rows == [Row("Q1", "Ann"), Row("Q2", "Bob")]


@pytest.mark.parametrize(
    "table", ["Ann,Ann Lee\nBob,Bob Lee\n", "Q1,Ann\n", "key,a key\nrod,a rod\n"]
)
def test_an_entity_is_no_header(tmp_path: Path, table: str) -> None:
    assert len(rows_of(tmp_path / "a.csv", table)) == table.count("\n")


def test_json_lines_in_all_their_forms(tmp_path: Path) -> None:
    lines = [
        {"id": "Q1", "name": "Ann", "aliases": ["Annie", {"alias": "A.", "prob": 0.25}]},
        {"kb_id": 7, "label": "Bob\nthe  king", "aliases": {"Bobby": 0.5}, "desc": "a king"},
        {"id": "Q3", "names": ["Cy", "Cyrus"]},
    ]
    content = gzip.compress(b"\xef\xbb\xbf" + "\n\n".join(map(json.dumps, lines)).encode())
    assert rows_of(tmp_path / "a.jsonl.gz", content) == [
        Row("Q1", "Ann", "", (("Annie", None), ("A.", 0.25))),
        Row("7", "Bob the king", "a king", (("Bobby", 0.5),)),
        Row("Q3", "Cy", "", (("Cyrus", None),)),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "id,name\nQ1,Ann\n,Bob\n", "a.csv:3: this entity has no id"),
        ("a.csv", "id,name\nQ1,\n", "a.csv:2: this entity has no name"),
        ("a.csv", "id,name,prior\nQ1,Ann,often\n", "a.csv:2: the prior of this entity is not"),
        ("a.csv", "id,name\nQ1,Ann,x\n", "a.csv:2: 3 cells where there are 2 columns"),
        ("a.csv", "Q1\nQ2\n", "a.csv: this table has one column"),
        ("a.csv", "id,name\nQ1,Ann\nNIL,nobody\n", "a.csv:3: this entity has the id NIL"),
        ("a.jsonl", '{"id": "NIL", "name": "Ann"}\n', "a.jsonl:1: this entity has the id NIL"),
        ("a.csv", "wikidata_id,title,about\nQ1,Ann,x\n", "a.csv:1: this row looks like a header"),
        ("a.csv", "Kennung,Wort\nQ1,Ann\nQ2,Bob\n", "a.csv:1: this row looks like a header"),
        ("a.csv", b"id,name\nQ1,\xff\n", "a.csv:2: not valid UTF-8: byte 0xff"),
        ("a.csv", 'id,name\nQ1,"Ann\n', "a.csv:2: broken table"),
        ("a.jsonl", '{"id": "Q1", "name": "Ann"}\n{"id": \n', "a.jsonl:2: broken JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl:1: an entity is an object"),
        ("a.txt", "Q1 Ann", "a.txt: this is neither CSV, TSV nor JSONL"),
    ],
)
def test_a_broken_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | bytes, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AnnotateError, match=r".") as caught:
        rows_of(Path(name), content)
    assert str(caught.value).startswith(said)


# ── building ───────────────────────────────────────────────────────────────


def test_rows_of_one_id_are_one_entity(tmp_path: Path) -> None:
    base = base_of(
        tmp_path,
        Row("Q1", "Ann", aliases=(("Annie", None),)),
        Row("Q2", "Bob"),
        Row("Q1", "Queen Ann", "a queen", prior=3, url="http://x"),
    )
    entity = base.entity("Q1")
    assert entity is not None
    assert (entity.name, set(entity.aliases)) == ("Ann", {"Annie", "Queen Ann"})
    assert (entity.description, entity.prior, entity.url) == ("a queen", 3.0, "http://x")
    assert (base.size, base.names) == (2, 4)
    assert ids(base.candidates("queen ann")) == ["Q1"]


def failing_rows() -> Iterator[Row]:
    yield EMERSONS[0]
    raise KeyboardInterrupt


def test_a_build_that_is_interrupted_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    build(EMERSONS, path)
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        build(failing_rows(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path) -> None:
    class Full(Disk):
        def fsync(self, fd: int) -> None:
            raise OSError(28, "No space left on device")

    path = tmp_path / "kb.sqlite"
    with pytest.raises(AnnotateError, match="cannot be written"):
        build(EMERSONS, path, disk=Full())
    assert list(tmp_path.iterdir()) == []


def test_no_entity_is_no_knowledge_base(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no entities"):
        build((), tmp_path / "kb.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    build(EMERSONS, tmp_path / "kb.sqlite", report=lambda *now: told.append(now))
    assert ("indexing names", 3, 3) in told


# ── opening ────────────────────────────────────────────────────────────────


def test_what_is_no_knowledge_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such knowledge base"):
        knowledge.open(tmp_path / "none.sqlite")
    text = tmp_path / "text.sqlite"
    text.write_text("hello")
    with pytest.raises(UsageError, match="not a knowledge base"):
        knowledge.open(text)
    with pytest.raises(UsageError, match="not a knowledge base"):
        knowledge.open(tmp_path)
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE x (y)")
    with pytest.raises(UsageError, match="SQLite file is not a knowledge base"):
        knowledge.open(other)


def test_an_empty_or_broken_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    build(EMERSONS, path)
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(AnnotateError, match=r"cannot be read|not a knowledge base"):
        knowledge.open(broken)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE about SET value = '0' WHERE key = 'entities'")
    with pytest.raises(UsageError, match="empty"):
        knowledge.open(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="format 99"):
        knowledge.open(path)
    table = tmp_path / "empty.csv"
    table.write_text("id,name\n")
    with pytest.raises(UsageError, match="no entities") as caught:
        knowledge.open(table)
    assert caught.value.where == str(table)


def test_a_small_table_is_one_too_and_is_read_again_once_it_changed(
    tmp_path: Path, caches: Path
) -> None:
    table = tmp_path / "a.csv"
    table.write_text("Q1,Ann\n")
    assert knowledge.open(table).size == 1
    assert knowledge.open(table).size == 1
    assert len(list(caches.rglob("*.sqlite"))) == 1
    table.write_text("Q1,Ann\nQ2,Bob\n")
    assert knowledge.open(table).size == 2


def test_names_in_folders_with_odd_characters(tmp_path: Path) -> None:
    folder = tmp_path / "a?b#c %20ü"
    folder.mkdir()
    assert base_of(folder, *EMERSONS).size == 3


# ── candidates ─────────────────────────────────────────────────────────────


def test_the_context_decides_among_equal_names(tmp_path: Path) -> None:
    base = base_of(tmp_path, *EMERSONS)
    texts = {
        "Q1": "an essay by the poet Emerson",
        "Q2": "Emerson won the tennis championship",
        "Q3": "Emerson scored a goal for Brazil",
    }
    for id_, text in texts.items():
        assert base.candidates("Emerson", words(text))[0].id == id_


def test_the_name_itself_comes_first_whatever_else_is_known(tmp_path: Path) -> None:
    base = base_of(
        tmp_path,
        Row("Q1", "Émerson", "a village"),
        *(Row(f"P{n}", f"Emerson {n}", "tennis player essay poet", prior=1000) for n in range(20)),
    )
    text = words("tennis player essay poet")
    assert base.candidates("EMERSON", text)[0].id == "Q1"
    assert base.candidates("emerson", text)[0].id == "Q1"


def test_an_alias_is_a_name_and_its_own_prior_counts(tmp_path: Path) -> None:
    base = base_of(
        tmp_path,
        Row("Q1", "Ralph Emerson", aliases=(("the Sage", 0.1),), prior=9),
        Row("Q2", "Roy Emerson", aliases=(("The Sage", 0.9),), prior=1),
    )
    assert ids(base.candidates("THE SAGE")) == ["Q2", "Q1"]
    assert ids(base.candidates("Emerson")) == ["Q1", "Q2"]


def test_scores_are_shares_and_one_poor_match_is_not_sure(tmp_path: Path) -> None:
    base = base_of(tmp_path, *EMERSONS)
    for mention in ("Emerson", "Ralph Waldo Emerson", "Waldo", "R. Emerson"):
        scores = [one.score or 0.0 for one in base.candidates(mention)]
        assert scores == sorted(scores, reverse=True)
        assert 0 < sum(scores) < 1
    assert (base.candidates("Ralph Waldo Emerson")[0].score or 0) > 0.9
    assert (base.candidates("Waldo Smith")[0].score or 0) < 0.5


def test_words_that_are_nearly_there_are_found(tmp_path: Path) -> None:
    base = base_of(tmp_path, *EMERSONS)
    assert set(ids(base.candidates("Emersons"))) == {"Q1", "Q2", "Q3"}
    assert base.candidates("Waldo B. Emerson")[0].id == "Q1"
    assert base.candidates("?!") == []
    assert base.candidates("") == []


@pytest.mark.parametrize("mention", ['"', "AND", "NOT x", "a*", "(", "NEAR(a b)", "word:x", "-"])
def test_no_text_is_taken_for_a_query(tmp_path: Path, mention: str) -> None:
    base = base_of(tmp_path, *EMERSONS, Row("Q9", "Not And Near"))
    found = [*base.candidates(mention, [mention]), *base.search(mention)]
    assert {entity.id for entity in found} <= {"Q1", "Q2", "Q3", "Q9"}
    assert ids(base.candidates("Not And Near")) == ["Q9"]


@given(st.text(max_size=40))
def test_anything_may_be_searched(tmp_path_factory: pytest.TempPathFactory, query: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "anything"
    if not folder.exists():
        folder.mkdir()
        build(EMERSONS, folder / "kb.sqlite")
    base = KnowledgeBase(folder / "kb.sqlite")
    assert len(base.search(query)) <= 50
    assert len(base.candidates(query, words(query))) <= 9
    base.close()


def test_of_many_the_text_brings_in_those_it_speaks_for(tmp_path: Path) -> None:
    rows = [Row(f"P{n}", f"John {n}", "politician", prior=1000 - n) for n in range(500)]
    base = base_of(tmp_path, *rows, Row("Q1", "Little John", "outlaw of the forest", prior=1))
    assert "Q1" not in ids(base.candidates("John"))
    assert base.candidates("John", words("an outlaw in the forest"))[0].id == "Q1"


def test_common_words_do_not_hide_what_a_rare_one_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_annotate.knowledge.building.COMMON", 5)
    rows = [Row(f"P{n}", f"University of Place{n}", prior=9) for n in range(300)]
    base = base_of(tmp_path, *rows, Row("Q1", "University of Otago", prior=1))
    assert base.candidates("University of Otago")[0].id == "Q1"
    assert base.search("university ota")[0].id == "Q1"
    assert base.search("univer otago")[:1] == []
    assert len(base.search("universi")) == 50


# ── search ─────────────────────────────────────────────────────────────────


def test_every_beginning_of_a_name_finds_it(tmp_path: Path) -> None:
    base = base_of(tmp_path, *EMERSONS)
    name = "ferreira da rosa"
    for length in range(1, len(name) + 1):
        assert "Q3" in ids(base.search(name[:length])), name[:length]


def test_words_of_the_description_narrow_a_search(tmp_path: Path) -> None:
    base = base_of(tmp_path, *EMERSONS)
    for query in ("emerson ten", "emerson tenn", "emerson tennis", "emerson tennis pl"):
        assert ids(base.search(query)) == ["Q2"]


def test_the_name_itself_then_its_beginning_then_the_prior(tmp_path: Path) -> None:
    base = base_of(
        tmp_path,
        Row("Q1", "New Paris", prior=99),
        Row("Q2", "Paris Hilton", prior=9),
        Row("Q3", "Paris", prior=1),
        Row("Q4", "Parish", prior=5),
    )
    assert ids(base.search("Paris")) == ["Q3", "Q2", "Q4", "Q1"]
    assert base.search("Q2")[0].id == "Q2"
    assert base.search("nothing") == []


# ── what was chosen before ─────────────────────────────────────────────────


def line(text: str, mention: str, **fields: Any) -> dict[str, Any]:
    start = text.index(mention)
    span = {"start": start, "end": start + len(mention), "label": "PER", **fields}
    return {"text": text, "spans": [span], "answer": "accept"}


def test_what_was_chosen_before_is_offered_first(tmp_path: Path) -> None:
    linker = Linker(base_of(tmp_path, *EMERSONS))
    text = "Emerson played tennis"
    assert linker.candidates(text, 0, 7)[0].id == "Q2"
    linker.remember(line("so said Emerson", "Emerson", kb_id="Q3"))
    first, *rest = linker.candidates(text, 0, 7)
    assert (first.id, first.again, first.name) == ("Q3", True, "Emerson Ferreira da Rosa")
    assert ids(rest) == ["Q2", "Q1"]
    linker.remember(line("EMERSON", "EMERSON", kb_id="NIL", nil="ambiguous"))
    assert linker.candidates(text, 0, 7)[0].nil == "ambiguous"
    linker.remember(line("Emerson", "Emerson", kb_id="Q3"))
    assert linker.candidates(text, 0, 7)[0].id == "Q3"
    linker.remember(line("Emerson", "Emerson", kb_id="X9"))
    linker.remember(line("Emerson", "Emerson", kb_id="X9") | {"answer": "reject"})
    assert linker.candidates(text, 0, 7)[0].id == "Q3"
    assert linker.candidates("Waldo", 0, 5)[0].again is False


def test_decisions_from_further_back_count_and_the_newest_wins_among_equals(
    tmp_path: Path,
) -> None:
    linker = Linker(base_of(tmp_path, *EMERSONS))
    text = "Emerson played tennis"
    linker.remember(line("Emerson", "Emerson", kb_id="Q3"))
    linker.remember(line("Emerson", "Emerson", kb_id="Q1"), earlier=True)
    assert linker.candidates(text, 0, 7)[0].id == "Q3"
    linker.remember(line("Emerson", "Emerson", kb_id="Q1"), earlier=True)
    assert linker.candidates(text, 0, 7)[0].id == "Q1"


def test_mentions_are_looked_up_ahead_of_the_annotator(tmp_path: Path) -> None:
    linker = Linker(base_of(tmp_path, *EMERSONS))
    text = "Emerson and Waldo"
    linker.ahead(text, [(0, 7), (12, 17)])
    ready = threading.Event()
    linker._coming.put(("", 0, 0))
    while linker._coming.qsize():
        ready.wait(0.001)
    linker.base.close()
    # What was looked up is there without the file.
    assert set(ids(linker.candidates(text, 0, 7))) == {"Q1", "Q2", "Q3"}


def test_a_knowledge_base_that_fails_does_not_end_the_session(tmp_path: Path) -> None:
    linker = Linker(base_of(tmp_path, *EMERSONS))
    linker.base.close()
    assert linker.candidates("Emerson", 0, 7) == []
    assert linker.search("emer") == []
    assert linker.candidate("Q1") is None
    assert "can no longer be read" in (linker.problem or "")


# ── Prodigy's options ──────────────────────────────────────────────────────

OPTIONS = [
    {"id": "Q2", "html": "<a href='x'>Q2: tennis &amp; more</a>"},
    {"id": "X1", "text": "somebody else"},
    {"id": "NIL_otherLink", "text": "Link not in options"},
    {"id": "NIL_ambiguous", "text": "Need more context"},
]


def test_options_become_candidates_and_back(tmp_path: Path) -> None:
    linker = Linker(base_of(tmp_path, *EMERSONS))
    task = line("Emerson", "Emerson") | {"options": OPTIONS, "accept": ["Q2"]}
    choices = Choices(task)
    assert [(c.id, c.name) for c in choices.candidates(linker)] == [
        ("Q2", "Roy Stanley Emerson"),
        ("X1", "somebody else"),
    ]
    assert choices.preset(task) == {"kb_id": "Q2"}
    nil = {"kb_id": "NIL", "nil": "ambiguous"}
    assert choices.preset(task | {"accept": ["NIL_ambiguous"]}) == nil
    assert choices.preset(task | {"accept": []}) == {}
    assert choices.preset({**task, "accept": "Q2"}) == {}
    for accept in ("Q2", "NIL_otherLink", "NIL_ambiguous"):
        preset = choices.preset(task | {"accept": [accept]})
        assert choices.accepted(preset["kb_id"], preset.get("nil")) == [accept]
    assert choices.accepted("NIL", "not_an_entity") == []


@pytest.mark.parametrize("fields", [{}, {"options": 3}, {"options": OPTIONS, "spans": []}])
def test_other_tasks_have_no_choices(fields: dict[str, Any]) -> None:
    assert not Choices(fields)


def test_one_line_for_each_mention(tmp_path: Path) -> None:
    linker = Linker(base_of(tmp_path, *EMERSONS))
    task = line("Emerson", "Emerson", kb_id="X1", source="model")
    task["spans"] += [{"start": 0, "end": 7, "label": "X", "kb_id": "NIL", "nil": "absent"}]
    task["spans"] += [{"start": 0, "end": 7, "label": "Y"}]
    lines = list(one_line_each({**task, "meta": {"id": 1}}, linker))
    assert [made["accept"] for made in lines] == [["X1"], ["NIL_otherLink"], []]
    for made in lines:
        assert len(made["spans"]) == 1
        assert "kb_id" not in made["spans"][0]
        assert made["meta"] == {"id": 1}
        known = {option["id"] for option in made["options"]}
        assert known.issuperset({"Q1", "Q2", "Q3", *made["accept"]})
        again = Choices(made).preset(made)
        assert again.get("kb_id", "").partition("_")[0] in ("X1", "NIL", "")


# ── spaCy's knowledge bases ────────────────────────────────────────────────


@pytest.mark.slow
def test_a_knowledge_base_of_spacys(tmp_path: Path) -> None:
    import spacy
    from spacy.kb import InMemoryLookupKB

    nlp = spacy.blank("en")
    made = InMemoryLookupKB(nlp.vocab, entity_vector_length=4)
    for id_, often in (("Q1", 300), ("Q2", 40)):
        made.add_entity(entity=id_, freq=often, entity_vector=[0, 1, 2, 3])
    made.add_alias("Ralph Waldo Emerson", ["Q1"], [1])
    made.add_alias("Roy Stanley Emerson", ["Q2"], [1])
    made.add_alias("Emerson", ["Q1", "Q2"], [0.25, 0.5])
    pipeline = tmp_path / "pipeline"
    made.to_disk(pipeline / "entity_linker" / "kb")
    assert len(list(read_entities(pipeline / "entity_linker"))) == 2
    base = open_base(pipeline)
    assert base.size == 2
    found = base.candidates("Emerson")
    assert [(one.id, one.name) for one in found] == [
        ("Q2", "Roy Stanley Emerson"),
        ("Q1", "Ralph Waldo Emerson"),
    ]
    (pipeline / "entity_linker" / "kb" / "contents").write_bytes(b"no")
    with pytest.raises(AnnotateError, match="spaCy cannot read"):
        open_base(pipeline)


# ── real data ──────────────────────────────────────────────────────────────


@pytest.mark.shared_data
def test_emersons(shared_data: Path) -> None:
    folder = shared_data / "prodigy-projects" / "nel_emerson"
    linker = knowledge.open(folder / "entities.csv")
    assert linker.size == 3
    right = 0
    for row in (folder / "emerson_annotated_text.jsonl").read_text().splitlines():
        task = json.loads(row)
        span = task["spans"][0]
        found = linker.candidates(task["text"], span["start"], span["end"])
        assert task["accept"][0] in ids(found)
        right += found[0].id == task["accept"][0]
    assert right >= 26


def test_a_file_says_of_itself_whether_it_is_a_base(tmp_path: Path) -> None:
    base_of(tmp_path, *EMERSONS).close()
    bases = [path for path in tmp_path.iterdir() if is_base(path)]
    assert len(bases) == 1
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    (tmp_path / "text").write_text("SQLite")
    assert not is_base(other)
    assert not is_base(tmp_path / "text")
