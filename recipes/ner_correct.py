"""Correct what a spaCy pipeline finds."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Patterns, Session, Stream, recipe


@recipe("ner.correct")
def ner_correct(
    stream: Stream,
    model: Model,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    patterns: Patterns | None = None,
    overlap: bool = False,
) -> Session:
    """Correct the named entities that a spaCy pipeline finds.

    Args:
        model: An installed pipeline, a folder, or blank:xx.
        labels: Labels to annotate (default: all labels of the pipeline).
        mapping: Rename pipeline labels: GPE=LOC,PERSON=PER.
        patterns: A file of patterns that suggest entities too.
        overlap: Let spans overlap and nest.
    """
    entities = suggest.entities(model, labels, mapping or {})
    labels = labels or entities.labels
    # The first source wins where two cross: what people wrote down before what a model thinks.
    suggesters = [suggest.patterns(patterns, labels)] if patterns else []
    return Session(
        stream,
        view="spans",
        labels=labels,
        suggesters=[*suggesters, suggest.lexicon(), entities],
        model=model,
        correct=True,
        overlap=overlap,
    )
