"""Link mentions to a knowledge base by hand."""

from __future__ import annotations

from tui_annotate import knowledge, suggest
from tui_annotate.recipe import (
    Knowledge,
    LabelMap,
    Labels,
    Model,
    Patterns,
    Session,
    Stream,
    Suggest,
    recipe,
)


@recipe("el.manual")
def el_manual(
    stream: Stream,
    kb: Knowledge,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    model: Model = "blank:xx",
    patterns: Patterns | None = None,
    sources: Suggest = ("lexicon",),
    overlap: bool = False,
) -> Session:
    """Link mentions to the entities of a knowledge base by hand.

    Mentions come with the tasks, from patterns, or are marked in the same view.

    Args:
        kb: The knowledge base: a file of `tui-annotate kb build`, a folder of
            spaCy's, or a small CSV or JSONL of entities.
        labels: The labels of mentions; without it, those that come with the tasks.
        mapping: Rename labels that come with the tasks: GPE=LOC,PERSON=PER.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        patterns: A file of patterns (JSONL) that suggest mentions.
        sources: Where mentions come from: patterns, lexicon (what you labelled before), or
            plug-ins; none for no suggestions.
        overlap: Let mentions overlap and nest.
    """
    matched = suggest.patterns(patterns, labels) if patterns else None
    labels = labels or (matched.labels if matched else ())
    return Session(
        stream,
        view="linking",
        labels=labels,
        mapping=mapping,
        suggesters=suggest.chosen(sources, labels, patterns=matched, lexicon=suggest.lexicon()),
        model=model,
        overlap=overlap,
        knowledge=knowledge.open(kb),
    )
