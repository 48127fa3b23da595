"""The simulated annotator: real keys to real editors, and what is written is the gold."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.annotator import count, gold

LABELS = ("PER", "LOC", "ORG", "MISC")


def test_keys_by_hand_are_counted_and_never_more_than_needed() -> None:
    said = [[("we", "O"), ("met", "O"), ("Ann", "I-PER"), ("Lee", "I-PER"), ("in", "O"),
             ("Rome", "I-LOC"), (".", "O")]]  # fmt: skip
    document = gold.assemble([said])
    assert document.text == "we met Ann Lee in Rome."
    assert document.entities == [(7, 14, "PER"), (18, 22, "LOC")]
    lines: list[str] = []
    counted = count.entities([document], LABELS, trace=lines.append)
    assert [line.split("  ")[0] for line in lines] == ["tab 1", "2"]
    assert counted.keys == 4
    assert counted.names == {"next_span": 1, "label": 2, "accept": 1}


@pytest.mark.shared_data
def test_entities_of_real_documents_are_within_their_budget(shared_data: Path) -> None:
    documents = gold.wikigold(shared=shared_data)[:3]
    assert all(len(one.tokens) >= 500 for one in documents)
    counted = count.entities(documents, LABELS)
    assert counted.keys <= 4.0 * counted.items


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec(count.MODEL) is None, reason="the pipeline is not installed")
def test_a_pipeline_saves_keys(shared_data: Path) -> None:
    documents = gold.wikigold(shared=shared_data)[:3]
    helped = count.entities(documents, LABELS, count.pipeline(LABELS), lexicon=True)
    assert helped.keys <= 2.0 * helped.items


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec(count.MODEL) is None, reason="the pipeline is not installed")
def test_tags_of_real_sentences_are_within_their_budget(shared_data: Path) -> None:
    sentences = list(gold.ewt(shared=shared_data))[:40]
    assert sentences[0].text == "What if Google Morphed Into GoogleOS?"
    counted = count.tags(sentences, suggest=True)
    assert counted.keys <= 0.25 * counted.tokens


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec("slate") is None, reason="the bench extra is not installed")
def test_slate_needs_more_keys(shared_data: Path) -> None:
    from benchmarks.annotator import slate

    documents = gold.wikigold(shared=shared_data)[:2]
    assert slate.presses(documents).keys > count.entities(documents, LABELS).keys
