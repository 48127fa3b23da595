"""Label the entities of a text, then choose its class, without leaving it."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Block, Classes, Labels, Model, Session, Stream, Suggest, recipe


@recipe("ner.textcat")
def ner_textcat(
    stream: Stream,
    labels: Labels = (),
    classes: Classes = (),
    model: Model | None = None,
    sources: Suggest | None = None,
    multiple: bool = False,
    overlap: bool = False,
) -> Session:
    """Label the entities of a text, then choose its class, without leaving it.

    Args:
        labels: The labels of entities; without it, the pipeline's, or those that come with the
            first tasks.
        classes: The classes of a text; without it, those that come with the first tasks.
        model: A pipeline that suggests entities (default: suggest what you labelled before).
        sources: Where suggestions come from: lexicon and entities (of the pipeline), words for
            classes, plug-ins for both; none for no suggestions (default: all there are).
        multiple: Allow several classes.
        overlap: Let spans overlap and nest.
    """
    entities = suggest.entities(model, labels) if model else None
    labels = labels or (entities.labels if entities else ())
    if sources is None:
        sources = ("lexicon", "entities", "words") if entities else ("lexicon", "words")
    own = {"lexicon": suggest.lexicon(), "entities": entities, "words": suggest.words()}
    for_spans = [name for name in sources if name != "words"]
    for_class = [name for name in sources if name not in ("lexicon", "entities")]
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
                suggesters=suggest.chosen(for_spans, labels, **own),
                overlap=overlap,
            ),
            Block(
                "choice",
                title="class",
                labels=classes,
                flag="--classes",
                suggesters=suggest.chosen(for_class, classes, **own),
                multiple=multiple,
            ),
        ],
    )
