"""Label named entities by hand, with or without suggestions."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Patterns, Session, Stream, Suggest, recipe


@recipe("ner.manual")
def ner_manual(
    stream: Stream,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    model: Model = "blank:xx",
    patterns: Patterns | None = None,
    sources: Suggest = (),
    overlap: bool = False,
) -> Session:
    """Label named entities by hand.

    Args:
        labels: What to annotate; without it, the labels that come with the tasks,
            or those of the patterns.
        mapping: Rename labels that come with the tasks: GPE=LOC,PERSON=PER.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        patterns: A file of patterns (JSONL) that suggest entities.
        sources: Where suggestions come from: patterns, lexicon (what you labelled before),
            entities (of the pipeline), or plug-ins.
        overlap: Let spans overlap and nest.
    """
    matched = suggest.patterns(patterns, labels) if patterns else None
    suggesters = suggest.chosen(
        sources,
        labels,
        patterns=matched,
        lexicon=suggest.lexicon(),
        entities=lambda: suggest.entities(model, labels),
    )
    labels = labels or (matched.labels if matched else ())
    return Session(
        stream,
        view="spans",
        labels=labels,
        mapping=mapping,
        suggesters=suggesters,
        model=model,
        overlap=overlap,
    )
