"""Label named entities by hand, with as many suggestions as one likes."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Labels, Model, Patterns, Session, Stream, Suggest, recipe


@recipe("ner.manual")
def ner_manual(
    stream: Stream,
    labels: Labels = (),
    model: Model = "blank:xx",
    patterns: Patterns | None = None,
    sources: Suggest = (),
    overlap: bool = False,
) -> Session:
    """Label named entities by hand.

    Args:
        labels: What to annotate; the labels that come with the tasks, if none is named.
        model: What cuts text into tokens: an installed pipeline, a folder, or blank:xx.
        patterns: A file of patterns that suggest entities.
        sources: Sources of suggestions: patterns, lexicon, entities.
        overlap: Let spans overlap and nest.
    """
    if patterns and "patterns" not in sources:
        sources = ("patterns", *sources)
    return Session(
        stream,
        view="spans",
        labels=labels,
        suggesters=suggest.named(sources, model=model, patterns=patterns, labels=labels),
        model=model,
        overlap=overlap,
    )
