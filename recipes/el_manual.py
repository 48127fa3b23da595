"""Link mentions to a knowledge base by hand."""

from __future__ import annotations

from tui_annotate import knowledge, suggest
from tui_annotate.recipe import Knowledge, Labels, Model, Patterns, Session, Stream, recipe


@recipe("el.manual")
def el_manual(
    stream: Stream,
    kb: Knowledge,
    labels: Labels = (),
    model: Model = "blank:xx",
    patterns: Patterns | None = None,
    overlap: bool = False,
) -> Session:
    """Link mentions to the entities of a knowledge base by hand.

    Mentions come with the tasks, from patterns, or are marked in the same view.

    Args:
        kb: The knowledge base: a file of `tui-annotate kb build`, a folder of
            spaCy's, or a small CSV or JSONL of entities.
        labels: The labels of mentions; without it, those that come with the tasks.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        patterns: A file of patterns (JSONL) that suggest mentions.
        overlap: Let mentions overlap and nest.
    """
    suggesters = [suggest.patterns(patterns, labels)] if patterns else []
    if patterns and not labels:
        labels = suggest.patterns(patterns).labels
    return Session(
        stream,
        view="links",
        labels=labels,
        suggesters=[*suggesters, suggest.lexicon()],
        model=model,
        overlap=overlap,
        knowledge=knowledge.open(kb),
    )
