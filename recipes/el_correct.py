"""Correct mentions and links that are chosen beforehand."""

from __future__ import annotations

from tui_annotate import knowledge, suggest
from tui_annotate.recipe import Knowledge, LabelMap, Labels, Model, Session, Stream, recipe


@recipe("el.correct")
def el_correct(
    stream: Stream,
    kb: Knowledge,
    model: Model,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    prechoose: float = 0.7,
    overlap: bool = False,
) -> Session:
    """Correct the mentions that a spaCy pipeline finds, and what each is linked to.

    Where the first candidate is likely enough, or the same mention was linked before, it
    is chosen beforehand and marked as suggested.

    Args:
        kb: The knowledge base: a file of `tui-annotate kb build`, a folder of
            spaCy's, or a small CSV or JSONL of entities.
        model: The pipeline that finds mentions: an installed one or a folder.
        labels: What is a mention; every label the pipeline has, if none is named.
        mapping: What the pipeline's labels are called here: GPE=LOC,PERSON=PER.
        prechoose: The score from which the first candidate is chosen beforehand;
            1 leaves all to you but what you linked before.
        overlap: Let mentions overlap and nest.
    """
    entities = suggest.entities(model, labels, mapping or {})
    return Session(
        stream,
        view="linking",
        labels=labels or entities.labels,
        suggesters=[suggest.lexicon(), entities],
        model=model,
        correct=True,
        overlap=overlap,
        knowledge=knowledge.open(kb),
        prechoose=prechoose,
    )
