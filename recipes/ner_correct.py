"""Correct what a spaCy pipeline finds."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Patterns, Session, Stream, Suggest, recipe


@recipe("ner.correct")
def ner_correct(
    stream: Stream,
    model: Model,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    patterns: Patterns | None = None,
    sources: Suggest = ("lexicon", "entities"),
    overlap: bool = False,
) -> Session:
    """Correct the named entities that a spaCy pipeline finds.

    Args:
        model: An installed pipeline, a folder, or blank:xx.
        labels: Labels to annotate (default: all labels of the pipeline).
        mapping: Rename labels of the pipeline and of the tasks: GPE=LOC,PERSON=PER.
        patterns: A file of patterns that suggest entities too.
        sources: Where suggestions come from: patterns, lexicon (what you labelled before),
            entities (of the pipeline), or plug-ins; none for no suggestions.
        overlap: Let spans overlap and nest.
    """
    entities = suggest.entities(model, labels, mapping or {})
    labels = labels or entities.labels
    return Session(
        stream,
        view="spans",
        labels=labels,
        mapping=mapping,
        # The first source wins where two overlap: patterns before what a model thinks.
        suggesters=suggest.chosen(
            sources,
            labels,
            patterns=suggest.patterns(patterns, labels) if patterns else None,
            lexicon=suggest.lexicon(),
            entities=entities,
        ),
        model=model,
        correct=True,
        overlap=overlap,
    )
