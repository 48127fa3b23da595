"""Label the entities of a text, then choose its class, without leaving it."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Block, Classes, Labels, Model, Session, Stream, recipe


@recipe("ner.textcat")
def ner_textcat(
    stream: Stream,
    labels: Labels = (),
    classes: Classes = (),
    model: Model | None = None,
    multiple: bool = False,
    overlap: bool = False,
) -> Session:
    """Label the entities of a text, then choose its class, without leaving it.

    Args:
        labels: The labels of entities; without it, the pipeline's, or those that come with the
            first tasks.
        classes: The classes of a text; without it, those that come with the first tasks.
        model: A pipeline that suggests entities (default: suggest what you labelled before).
        multiple: Allow several classes.
        overlap: Let spans overlap and nest.
    """
    entities = [suggest.entities(model, labels)] if model is not None else []
    labels = labels or tuple(label for source in entities for label in source.labels)
    return Session(
        stream,
        view="blocks",
        model=model,
        correct=model is not None,
        blocks=[
            Block(
                "spans",
                title="entities",
                labels=labels,
                suggesters=[suggest.lexicon(), *entities],
                overlap=overlap,
            ),
            Block(
                "choice",
                title="class",
                labels=classes,
                flag="--classes",
                suggesters=[suggest.words()],
                multiple=multiple,
            ),
        ],
    )
