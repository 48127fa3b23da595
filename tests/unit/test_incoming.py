"""What comes with tasks of each kind, as a session opens with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine_bench import Bench
from tui_annotate.inventory.tagset import UPOS, XPOS
from tui_annotate.sources.invalid import InvalidLine


def bench(folder: Path, *tasks: dict[str, Any], **options: Any) -> Bench:
    (folder / "in.jsonl").write_text("".join(json.dumps(task) + "\n" for task in tasks))
    return Bench(folder / "in.jsonl", folder / "out.jsonl", **options)


def shown(made: Bench) -> list[tuple[str, str]]:
    """The labelled strings of the current task, as its line would have them."""
    item = made.engine.current
    assert item is not None
    assert item.editor is not None
    text = item.task.text or ""
    return [(text[s["start"] : s["end"]], s["label"]) for s in item.editor.fields()["spans"]]


PHRASES = ["soil moisture", {"text": " Maps ", "label": "TOPIC"}, "SENSORS", {"text": 5}, "absent",
           "soil moisture", {"label": "TOPIC"}, "The"]  # fmt: skip
SOIL = "The sensors measure Soil Moisture for maps."


def test_phrases_without_a_place_are_marked_where_they_stand_first(tmp_path: Path) -> None:
    task = {"text": SOIL, "keyphrases": PHRASES}
    made = bench(tmp_path, task, view="keyphrases", labels=["KEYPHRASE", "TOPIC"])
    assert shown(made) == [
        ("The", "KEYPHRASE"), ("sensors", "KEYPHRASE"), ("Soil Moisture", "KEYPHRASE"),
        ("maps", "TOPIC"),
    ]  # fmt: skip
    assert [warning.partition(": ")[2] for warning in made.engine.stream.warnings] == [
        'the keyphrase "absent" is not in the text'
    ]
    item = made.engine.current
    assert item is not None
    assert item.editor is not None
    ranked = sorted(item.editor.fields()["spans"], key=lambda span: span["rank"])
    assert [SOIL[s["start"] : s["end"]] for s in ranked] == [
        "Soil Moisture", "maps", "sensors", "The",
    ]  # fmt: skip
    made.close()


def test_phrases_are_not_looked_for_where_spans_came(tmp_path: Path) -> None:
    task = {
        "text": SOIL,
        "keyphrases": PHRASES,
        "spans": [{"start": 4, "end": 11, "label": "TOPIC"}],
    }
    made = bench(tmp_path, task, view="keyphrases", labels=["KEYPHRASE", "TOPIC"])
    assert shown(made) == [("sensors", "TOPIC")]
    assert made.engine.stream.warnings == []
    made.close()


TOKENS = [
    {"text": "She", "start": 0, "end": 3, "id": 0, "pos": "PRON", "tag": "PRP"},
    {"text": "fishes", "start": 4, "end": 10, "id": 1, "pos": "VERB", "tag": "VBZ"},
    {"text": "here", "start": 11, "end": 15, "id": 2, "pos": ""},
]


def test_tags_come_from_the_tokens_or_else_from_spans(tmp_path: Path) -> None:
    task: dict[str, Any] = {"text": "She fishes here", "tokens": TOKENS}
    span = {"start": 4, "end": 10, "label": "NOUN"}
    made = bench(
        tmp_path, task, {**task, "spans": [span]}, view="tags", labels=UPOS.names, tagset=UPOS
    )
    assert shown(made) == [("She", "PRON"), ("fishes", "VERB")]
    made.engine.look(1)
    assert shown(made) == [("fishes", "NOUN")]
    assert list(made.engine.stream.expected.labels_seen) == ["PRON", "VERB", "NOUN"]
    made.close()


def test_tags_of_the_language_come_from_their_own_field(tmp_path: Path) -> None:
    task: dict[str, Any] = {"text": "She fishes here", "tokens": TOKENS}
    made = bench(tmp_path, task, view="tags", labels=["PRP", "VBZ"], tagset=XPOS)
    assert shown(made) == [("She", "PRP"), ("fishes", "VBZ")]
    assert list(made.engine.stream.expected.labels_seen) == ["PRP", "VBZ"]
    made.close()


@pytest.mark.parametrize("is_open", [False, True])
def test_a_tag_in_spans_that_is_not_on_offer_passes_where_the_set_is_open(
    tmp_path: Path, is_open: bool
) -> None:
    task = {"text": "She fishes", "spans": [{"start": 0, "end": 3, "label": "STRANGE"}]}
    made = bench(tmp_path, task, view="tags", labels=UPOS.names, tagset=UPOS, open=is_open)
    assert isinstance(made.engine.stream.read(0), InvalidLine) != is_open
    made.close()
