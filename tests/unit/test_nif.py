"""NIF in Turtle: texts with linked mentions, in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.cli.program import run

Do = Callable[..., str]

PREFIXES = (
    "@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .\n"
    "@prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    "PREFIX dbr: <http://dbpedia.org/resource/>\n"
)
CONTEXT = (
    "<http://x/1#char=0,24>  # the text\n"
    "    a nif:Context , nif:String ;\n"
    '    nif:isString """🙂 Ada "met" Bo\\u006e\nin K\\u00F6ln."""@en .\n'
)


def mention(begin: int, end: int, more: str) -> str:
    return (
        f"<http://x/1#char={begin},{end}> a nif:Phrase ;\n"
        f'  nif:beginIndex "{begin}"^^xsd:nonNegativeInteger ; nif:endIndex {end} ;\n'
        f"  nif:referenceContext <http://x/1#char=0,24> ; {more} .\n"
    )


FILE = (
    PREFIXES
    + CONTEXT
    + mention(2, 5, 'nif:anchorOf "Ada" ; itsrdf:taIdentRef dbr:Ada_L')
    + mention(
        13,
        16,
        "nif:anchorOf 'Bon' ; itsrdf:taIdentRef <http://aksw.org/notInWiki/Bon> ; "
        "itsrdf:taClassRef <http://dbpedia.org/ontology/Person>, dbr:Agent",
    )
    + mention(20, 24, 'nif:anchorOf "Köln" ; itsrdf:taIdentRef dbr:K\\,oln')
    + mention(0, 1, "nif:x [ nif:y (1 2) ]")
)


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Do:
    monkeypatch.chdir(tmp_path)

    def do(*words: str) -> str:
        run(words)
        captured = capsys.readouterr()
        return captured.out + captured.err

    return do


def tasks(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def test_a_context_is_a_task_with_linked_mentions(do: Do) -> None:
    Path("one.ttl").write_text(FILE)
    said = do("import", "one.ttl", "-o", "out.jsonl")
    (task,) = tasks("out.jsonl")
    assert task["text"] == '🙂 Ada "met" Bon\nin Köln.'
    # The last one is counted in UTF-16.
    assert task["spans"] == [
        {"start": 2, "end": 5, "label": "MENTION", "kb_id": "http://dbpedia.org/resource/Ada_L"},
        {"start": 12, "end": 15, "label": "Person", "kb_id": "NIL", "nil": "absent"},
        {
            "start": 19,
            "end": 23,
            "label": "MENTION",
            "kb_id": "http://dbpedia.org/resource/K,oln",
        },
    ]
    assert task["meta"] == {"id": "http://x/1#char=0,24"}
    assert "left out 1 further classes of mentions" in said
    assert "left out 1 annotations without a link or a class" in said


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PREFIXES, "one.ttl:1: the file has no nif:isString"),
        (PREFIXES + CONTEXT + "dbx:A a nif:B .", 'the prefix "dbx" is not declared'),
        (PREFIXES + CONTEXT + "dbr:A a", "one.ttl:9: broken Turtle: it ends"),
        (PREFIXES + CONTEXT + '\ndbr:A a "x', 'one.ttl:10: broken Turtle: ""x" is not expected'),
        (PREFIXES + CONTEXT + "dbr:A a " + "[ a " * 99, "nodes are nested too deeply"),
        (
            PREFIXES + CONTEXT + mention(0, 3, 'nif:anchorOf "Ada" ; itsrdf:taIdentRef dbr:A'),
            '"Ada" does not stand from 0 to 3 in the text',
        ),
    ],
)
def test_what_is_broken_is_told(do: Do, content: str, told: str) -> None:
    Path("one.ttl").write_text(content)
    assert told in do("import", "one.ttl", "-o", "out.jsonl")
    assert not Path("out.jsonl").exists()
