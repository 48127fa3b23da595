"""Label named entities by hand, with or without suggestions."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.errors import UsageError
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
        labels: What to annotate; without it, the labels that come with the tasks,
            or those of the patterns.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        patterns: A file of patterns (JSONL) that suggest entities.
        sources: Where suggestions come from: patterns, lexicon, entities.
        overlap: Let spans overlap and nest.
    """
    if patterns and "patterns" not in sources:
        sources = ("patterns", *sources)
    suggesters = []
    for source in sources:
        if source == "lexicon":
            suggesters.append(suggest.lexicon())
        elif source == "entities":
            suggesters.append(suggest.entities(model, labels))
        elif source != "patterns":
            suggesters.append(suggest.plugged(source, labels))
        elif patterns:
            suggesters.append(suggest.patterns(patterns, labels))
        else:
            raise UsageError("there is no file of patterns", do="name it with --patterns FILE")
    if patterns and not labels:
        labels = suggest.patterns(patterns).labels
    return Session(
        stream,
        view="spans",
        labels=labels,
        suggesters=suggesters,
        model=model,
        overlap=overlap,
    )
