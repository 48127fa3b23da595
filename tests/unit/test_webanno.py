"""WebAnno TSV 3.3: documents of INCEpTION and WebAnno, in and out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tui_annotate.cli.program import run

Fields = dict[str, Any]
Do = Callable[..., str]

HEAD = "#FORMAT=WebAnno TSV 3.3\n"
ENTITIES = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n"
SPAN = "#T_SP=webanno.custom.Span|value\n"


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Do:
    monkeypatch.chdir(tmp_path)

    def do(*words: str) -> str:
        run(words)
        captured = capsys.readouterr()
        return captured.out + captured.err

    return do


def put(name: str, *tasks: Fields) -> None:
    Path(name).write_text("".join(json.dumps(task) + "\n" for task in tasks))


def tasks(name: str) -> list[Fields]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def taken(do: Do, content: str, *more: str) -> tuple[Fields, str]:
    """The task that a file of this content is, and what was said."""
    Path("doc.tsv").write_text(content)
    said = do("import", "doc.tsv", *more, "-o", "out.jsonl", "--force")
    (task,) = tasks("out.jsonl")
    return task, said


def test_a_document_is_a_task_and_its_first_line_tells_the_format(do: Do) -> None:
    task, said = taken(
        do,
        f"{HEAD}{ENTITIES}\n\n"
        "#Text=Ada 🙂 B.\n"
        "1-1\t0-3\tAda\tQ7259[1]\tPER[1]\t\n"
        "1-2\t4-6\t🙂\tQ7259[1]\tPER[1]\t\n"
        "1-3\t7-8\tB\tQ7259[1]|*[2]\tPER[1]|ORG[2]\t\n"
        "1-4\t8-9\t.\t_\t_\t\n"
        "\n"
        "#Text=Köln\n"
        "2-1\t11-15\tKöln\t*\t*\t\n",
    )
    assert task["text"] == "Ada 🙂 B.\n Köln"
    assert task["spans"] == [
        {"start": 0, "end": 7, "label": "PER", "kb_id": "Q7259"},
        {"start": 6, "end": 7, "label": "ORG"},
        {"start": 10, "end": 14, "label": "NamedEntity"},
    ]
    assert [token["text"] for token in task["tokens"]] == ["Ada", "🙂", "B", ".", "Köln"]
    assert task["tokens"][1]["start"] == 4
    assert task["tokens"][2]["start"] == 6
    assert task["meta"] == {"id": "doc"}
    assert "left out" not in said


def test_parts_of_tokens_are_borders_of_spans(do: Do) -> None:
    task, _ = taken(
        do,
        f"{HEAD}{SPAN}\n\n#Text=unhappy people\n"
        "1-1\t0-7\tunhappy\t_\t\n"
        "1-1.1\t0-2\tun\tNEG\t\n"
        "1-1.2\t2-7\thappy\tX[1]\t\n"
        "1-2\t8-14\tpeople\t_\t\n"
        "1-2.1\t8-11\tpeo\tX[1]\t\n",
    )
    assert task["spans"] == [
        {"start": 0, "end": 2, "label": "NEG"},
        {"start": 2, "end": 11, "label": "X"},
    ]


def test_escapes_are_undone(do: Do) -> None:
    task, _ = taken(
        do,
        f"{HEAD}{SPAN}\n\n#Text=a\\tb \\\\n\n#Text=c\n"
        "1-1\t0-1\ta\t\\_\\*\\[1\\]\\|\\;\\->\\\\\\t[1]|\\\\[2]\t\n"
        "1-2\t2-3\tb\t_\t\n"
        "1-3\t4-6\t\\n\t_\t\n"
        "1-4\t7-8\tc\t_\t\n",
    )
    assert task["text"] == "a\tb \\n\nc"
    assert [span["label"] for span in task["spans"]] == ["_*[1]|;->\\\t", "\\"]


def test_the_first_versions_have_the_escapes_of_java(do: Do) -> None:
    head = "#FORMAT=WebAnno TSV 3.1\n\n\n"
    task, _ = taken(do, f'{head}#Text=\\"K\\u00F6ln\\"\n1-1\t0-6\t"Köln"\t\n')
    assert task["text"] == '"Köln"'


LAYERS = (
    HEAD + "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue\n"
    "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value\n"
    "#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:links_webanno.custom.Link|uima.tcas.A\n"
    "#T_SP=webanno.custom.Event|certainty|kind\n"
    "#T_RL=webanno.custom.Relation|value|BT_webanno.custom.Event\n"
    "#T_CH=webanno.custom.CorefLink|referenceRelation|referenceType\n\n\n"
    "#Sentence.id=s1\n#Text=He left\n"
    "1-1\t0-2\tHe\tPRP\tPRON\the\ta;b\t1-2;1-1\tsure\tArrival\t_\t_\t*->1-1\t*[1]\t\n"
    "1-2\t3-7\tleft\tVBD\t*\tleave\t_\t_\t*[1]|x[2]\tLeaving[1]|*[2]\ty|z\t1-1|1-1\t*->1-2\t*[1]\t\n"
    "1-2.1\t7-7\t\t_\t_\t_\t_\t_\t*\tNothing\t_\t_\t_\t_\t\n"
)


def test_what_a_task_has_no_place_for_is_counted(do: Do) -> None:
    task, said = taken(do, LAYERS)
    assert task["spans"] == [
        {"start": 0, "end": 2, "label": "sure", "attributes": {"kind": "Arrival"}},
        {"start": 3, "end": 7, "label": "Event", "attributes": {"kind": "Leaving"}},
        {"start": 3, "end": 7, "label": "x"},
    ]
    assert (
        "left out 1 annotation of the layer webanno.custom.Host (read with --layer Host), "
        "2 slots of the layer webanno.custom.Host, 1 annotation of no length, "
        "2 links of the chain layer webanno.custom.CorefLink, 2 relations, 1 sentence id"
    ) in said
    said_of = [
        {name: token.get(name) for name in ("tag", "pos", "lemma")} for token in task["tokens"]
    ]
    assert said_of == [
        {"tag": "PRP", "pos": "PRON", "lemma": "he"},
        {"tag": "VBD", "pos": None, "lemma": "leave"},
    ]


def test_a_layer_and_its_feature_can_be_chosen(do: Do) -> None:
    task, _ = taken(do, LAYERS, "--from", "webanno", "--layer", "webanno.custom.Event:kind")
    assert [span["label"] for span in task["spans"]] == ["Arrival", "Leaving", "Event"]
    assert task["spans"][0]["attributes"] == {"certainty": "sure"}
    task, said = taken(do, LAYERS, "--from", "webanno", "--layer", "Host")
    assert task["spans"] == [{"start": 0, "end": 2, "label": "Host"}]
    assert "4 annotations of the layer webanno.custom.Event (read with --layer Event)" in said
    task, said = taken(do, LAYERS, "--from", "webanno", "--layer", "POS")
    assert [span["label"] for span in task["spans"]] == ["PRP", "VBD"]
    task, said = taken(do, LAYERS, "--from", "webanno", "--layer", "Nowhere")
    assert task["spans"] == []
    assert "there is no layer Nowhere; the layers of spans are" in said
    assert "is no layer" in do(
        "import", "doc.tsv", "--from", "webanno", "--layer", "a b", "-o", "x"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("#FORMAT=WebAnno TSV x\n", "doc.tsv:1: the first line is not"),
        ("#FORMAT=WebAnno TSV 2.0\n", "doc.tsv:1: it is WebAnno TSV 2, and version 3 is read"),
        (HEAD + "#T_XX=a|b\n\n", 'doc.tsv:2: "#T_XX=a|b" declares no layer'),
        (HEAD + SPAN + "\n\n#Text=a b\n1-1\t0-1\ta\n", "doc.tsv:6: the token has 0 cells"),
        (HEAD + "\n\n#Text=a b\nx\t0-1\ta\t\n", 'doc.tsv:5: "x" begins no token'),
        (HEAD + "\n\n#Text=a b\n1-1\t0-9\ta\t\n", "doc.tsv:5: 0 to 9 is not within the sentence"),
        (
            HEAD + "\n\n#Text=a b\n1-1\t0-1\ta\t\n1-2\t2-3\tc\t\n",
            'doc.tsv:6: it says "c", and "b" stands there',
        ),
        (
            HEAD + "\n\n#Text=a\n1-1\t999999999-999999999\ta\t\n",
            "doc.tsv:5: the sentence begins at",
        ),
        (HEAD + "\n\n#Text=a b\n\n", "doc.tsv:5: the sentence before has no tokens"),
        (HEAD + "\n\n", "a sentence with tokens is expected, and the file ends"),
        (
            HEAD + "\n\n#Text=ab\n1-1\t0-2\tab\t\n1-2\t1-2\tb\t\n",
            "doc.tsv:6: the token is empty, or",
        ),
    ],
)
def test_what_is_broken_is_told_with_its_line(do: Do, content: str, told: str) -> None:
    Path("doc.tsv").write_text(content)
    assert told in do("import", "doc.tsv", "-o", "out.jsonl")
    assert not Path("out.jsonl").exists()


def test_a_table_with_tabs_stays_one(do: Do) -> None:
    Path("doc.tsv").write_text("text\tlabel\nAda\tPER\n")
    do("import", "doc.tsv", "-o", "out.jsonl")
    assert tasks("out.jsonl")[0]["text"] == "Ada"
    said = do("import", "doc.tsv", "--from", "webanno", "-o", "other.jsonl")
    assert "doc.tsv:1: the first line is not #FORMAT=WebAnno TSV 3.3" in said


TEXT = "Ada 🙂 Lovelace\n\n  met\tBo\\n.\nThere."
SPANS = [
    {"start": 0, "end": 14, "label": "PER", "kb_id": "Q7259"},
    {"start": 6, "end": 10, "label": "a|b[1]"},
    {"start": 6, "end": 10, "label": "_", "attributes": {"mood": "*"}},
    {"start": 18, "end": 24, "label": "X"},
]
TOKENS = [(0, 3), (4, 5), (6, 14), (18, 21), (22, 26), (26, 27), (28, 33), (33, 34)]


def test_out_and_in_again_is_the_same(do: Do) -> None:
    tokens = [
        {"text": TEXT[a:b], "start": a, "end": b, "id": i, "ws": TEXT[b : b + 1] == " "}
        for i, (a, b) in enumerate(TOKENS)
    ]
    tokens[3] |= {"tag": "VBD", "pos": "VERB", "lemma": "meet"}
    task = {"text": TEXT, "tokens": tokens, "spans": SPANS, "meta": {"id": "one"}}
    put("in.jsonl", task | {"answer": "accept"}, {"text": "No spans here."})
    assert "all equal" in do("export", "in.jsonl", "--to", "webanno", "-o", "out")
    assert Path("out/one.tsv").read_text().splitlines() == [
        "#FORMAT=WebAnno TSV 3.3",
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|mood|value",
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue",
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value",
        "",
        "",
        "#Text=Ada 🙂 Lovelace",
        "#Text=",
        "1-1\t0-3\tAda\tQ7259[1]\t*[1]\tPER[1]\t_\t_\t_\t",
        "1-2\t4-6\t🙂\tQ7259[1]\t*[1]\tPER[1]\t_\t_\t_\t",
        "1-3\t7-15\tLovelace\tQ7259[1]\t*[1]\tPER[1]\t_\t_\t_\t",
        "1-3.1\t7-11\tLove\t*[2]|*[3]\t*[2]|\\*[3]\ta\\|b\\[1\\][2]|\\_[3]\t_\t_\t_\t",
        "",
        "#Text=met\\tBo\\\\n.",
        "2-1\t19-22\tmet\t*[4]\t*[4]\tX[4]\tVBD\tVERB\tmeet\t",
        "2-2\t23-27\tBo\\n\t_\t_\t_\t_\t_\t_\t",
        "2-2.1\t23-25\tBo\t*[4]\t*[4]\tX[4]\t_\t_\t_\t",
        "2-3\t27-28\t.\t_\t_\t_\t_\t_\t_\t",
        "",
        "#Text=There.",
        "3-1\t29-34\tThere\t_\t_\t_\t_\t_\t_\t",
        "3-2\t34-35\t.\t_\t_\t_\t_\t_\t_\t",
    ]
    do("import", "out", "--from", "webanno", "-o", "again.jsonl")
    second, first = tasks("again.jsonl")
    assert (first["text"], first["tokens"], first["spans"]) == (TEXT, tokens, SPANS)
    assert second["text"] == "No spans here."


def test_labels_come_back_whatever_is_in_them(do: Do) -> None:
    labels = ["", "_", "*", "a\\", "->", "[1]", "a\n\tb", "a|b", " ;"]
    spans = [{"start": 0, "end": 3, "label": label} for label in labels]
    alone = [{"text": "Bo", "spans": [{"start": 0, "end": 2, "label": label}]} for label in labels]
    put("in.jsonl", {"text": "Ada", "spans": spans}, *alone)
    do("export", "in.jsonl", "--to", "webanno", "-o", "out")
    do("import", "out", "--from", "webanno", "-o", "again.jsonl")
    stacked, *others = tasks("again.jsonl")
    assert [span["label"] for span in stacked["spans"]] == labels
    assert [task["spans"][0]["label"] for task in others] == labels


def test_the_layer_of_an_export_can_be_chosen(do: Do) -> None:
    put("in.jsonl", {"text": "Ada", "spans": [{"start": 0, "end": 3, "label": "PER"}]})
    assert "all equal" in do(
        "export", "in.jsonl", "--to", "webanno", "--layer", "Name:kind", "-o", "out"
    )
    assert "#T_SP=webanno.custom.Name|kind\n" in Path("out/00001.tsv").read_text()


def test_what_cannot_be_written_is_told(do: Do) -> None:
    text = "\tAda \nBo"
    tokens = [
        {"start": a, "end": b, "text": text[a:b], "id": i}
        for i, (a, b) in enumerate([(0, 4), (4, 8)])
    ]
    spans = [
        {"start": 1, "end": 5, "label": "A\rB", "comment": "sure?"},
        {"start": 4, "end": 6, "label": "X"},
        {"start": 6, "end": 8, "label": "X", "attributes": {"value": "v", "a b": "c", "n": 1}},
    ]
    put("in.jsonl", {"text": text, "tokens": tokens, "spans": spans})
    said = do("export", "in.jsonl", "--to", "webanno", "-o", "out")
    for loss in (
        "attributes that cannot be a feature: 2 in 1 task",
        "carriage returns in labels: 1 task",
        "spans of white space: 1 task",
        "spans.comment: 1 task",
        "tokens with tabs or line ends in them: 2 in 1 task",
        "white space at the ends of spans: 1 task",
        "white space before the first word that is no blank: 1 task",
    ):
        assert loss in said
    assert not Path("out").exists()
    assert "all equal" in do("export", "in.jsonl", "--to", "webanno", "-o", "out", "--lossy")
    do("import", "out", "--from", "webanno", "-o", "again.jsonl")
    (task,) = tasks("again.jsonl")
    assert task["text"] == " Ada \nBo"
    assert task["spans"] == [
        {"start": 1, "end": 4, "label": "A B"},
        {"start": 6, "end": 8, "label": "X", "attributes": {"n": "1"}},
    ]


def annotated(file: Path) -> tuple[str, Counter[tuple[int, int, str]]]:
    """The text of an XMI, and its annotations that have a length; the offsets are UTF-16 units."""
    root = ElementTree.fromstring(file.read_bytes())
    (text,) = (one.get("sofaString") or "" for one in root if one.tag.endswith("}Sofa"))
    found: Counter[tuple[int, int, str]] = Counter()
    for one in root:
        namespace, _, name = one.tag[1:].partition("}")
        if namespace.endswith(("ner/type.ecore", "webanno/custom.ecore")) and "begin" in one.attrib:
            start, end = int(one.attrib["begin"]), int(one.attrib["end"])
            # White space at the ends is in no token.
            covered = text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
            start += len(covered) - len(covered.lstrip())
            end -= len(covered) - len(covered.rstrip())
            if start < end and "Relation" not in name and "Link" not in name:
                found[start, end, one.get("value", "*")] += 1
    return text, found


@pytest.mark.shared_data
def test_documents_of_inception_are_what_their_xmi_says(do: Do, shared_data: Path) -> None:
    suite = shared_data / "fmt-webanno-tsv3/tsv3-suite"
    do("import", str(suite), "--from", "webanno", "-o", "one.jsonl")
    files = sorted(suite.glob("*/reference.tsv"))
    documents = tasks("one.jsonl")
    assert len(documents) == len(files) == 75
    compared = 0
    for file, task in zip(files, documents, strict=True):
        if not file.with_suffix(".xmi").exists():
            continue
        text, expected = annotated(file.with_suffix(".xmi"))
        # What is behind the last sentence is not in the file.
        assert task["text"] == text.rstrip(), file.parent.name
        # Their spans are several layers, or tags.
        if "Slot" in file.parent.name or "TokenAttached" in file.parent.name:
            continue
        found = Counter(
            (units(text, span["start"]), units(text, span["end"]), UNSET.get(label, label))
            for span in task["spans"]
            for label in [span["label"]]
        )
        assert found == expected, file.parent.name
        compared += found.total()
    assert compared > 100


def units(text: str, offset: int) -> int:
    return len(text[:offset].encode("utf-16-le")) // 2


UNSET = dict.fromkeys(("NamedEntity", "Span", "SimpleSpan"), "*")
"""What annotations without a value are labelled."""


@pytest.mark.shared_data
def test_documents_of_inception_come_back_the_same(do: Do, shared_data: Path) -> None:
    suite = shared_data / "fmt-webanno-tsv3/tsv3-suite"
    do("import", str(suite), "--from", "webanno", "-o", "one.jsonl")
    assert "all equal" in do("export", "one.jsonl", "--to", "webanno", "-o", "out")
    do("import", "out", "--from", "webanno", "-o", "two.jsonl")

    def content(name: str) -> list[str]:
        return sorted(
            json.dumps([task["text"], task["tokens"], task["spans"]]) for task in tasks(name)
        )

    assert content("one.jsonl") == content("two.jsonl")
