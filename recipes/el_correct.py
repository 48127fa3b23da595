"""Correct suggested mentions and links."""

from __future__ import annotations

from tui_annotate import knowledge, suggest
from tui_annotate.recipe import Knowledge, LabelMap, Labels, Model, Session, Stream, Suggest, recipe


@recipe("el.correct")
def el_correct(
    stream: Stream,
    kb: Knowledge,
    model: Model,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    sources: Suggest = ("lexicon", "entities"),
    prechoose: float = 0.7,
    overlap: bool = False,
) -> Session:
    """Correct the mentions that a spaCy pipeline finds, and what each is linked to.

    Where the first candidate is likely enough, or the same mention was linked before, it
    is chosen in advance and marked as suggested.

    Args:
        kb: The knowledge base: a file of `tui-annotate kb build`, a folder of
            spaCy's, or a small CSV or JSONL of entities.
        model: The pipeline that finds mentions: an installed one or a folder.
        labels: Labels of mentions (default: all labels of the pipeline).
        mapping: Rename labels of the pipeline and of the tasks: GPE=LOC,PERSON=PER.
        sources: Where mentions come from: lexicon (what you labelled before), entities (of
            the pipeline), or plug-ins; none for no suggestions.
        prechoose: The score from which the first candidate is chosen in advance;
            with 1, only what you linked before is.
        overlap: Let mentions overlap and nest.
    """
    entities = suggest.entities(model, labels, mapping or {})
    labels = labels or entities.labels
    return Session(
        stream,
        view="linking",
        labels=labels,
        mapping=mapping,
        suggesters=suggest.chosen(sources, labels, lexicon=suggest.lexicon(), entities=entities),
        model=model,
        correct=True,
        overlap=overlap,
        knowledge=knowledge.open(kb),
        prechoose=prechoose,
    )
