"""Label the entities of a text, then choose its class, without leaving it."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import (
    Block,
    Classes,
    LabelMap,
    Labels,
    Model,
    Session,
    Stream,
    Suggest,
    recipe,
)


@recipe("ner.textcat")
def ner_textcat(
    stream: Stream,
    labels: Labels = (),
    classes: Classes = (),
    mapping: LabelMap | None = None,
    model: Model | None = None,
    sources: Suggest | None = None,
    multiple: bool = False,
    overlap: bool = False,
) -> Session:
    """Label the entities of a text, then choose its class, without leaving it.

    Args:
        labels: The labels of entities (default: the pipeline's, or those of the first tasks).
        classes: The classes of a text; without it, those that come with the first tasks.
        mapping: Rename labels of the pipeline and of the tasks: GPE=LOC,NEG=negative.
        model: A pipeline that suggests entities (default: suggest what you labelled before).
        sources: Where suggestions come from: lexicon and entities (of the pipeline), words for
            classes, plug-ins for both; none for no suggestions (default: all there are).
        multiple: Allow several classes.
        overlap: Let spans overlap and nest.
    """
    entities = suggest.entities(model, labels, mapping) if model else None
    labels = labels or (entities.labels if entities else ())
    if sources is None:
        sources = ("lexicon", "entities", "words") if entities else ("lexicon", "words")
    own = {"lexicon": suggest.lexicon(), "entities": entities, "words": suggest.words()}
    for_spans = [name for name in sources if name != "words"]
    for_class = [name for name in sources if name not in ("lexicon", "entities")]
    found = suggest.chosen(for_spans, labels, **own)
    spans = Block("spans", title="entities", labels=labels, suggesters=found, overlap=overlap)
    found = suggest.chosen(for_class, classes, **own)
    choice = Block("choice", title="class", labels=classes, suggesters=found, flag="--classes")
    return Session(
        stream,
        view="blocks",
        model=model,
        mapping=mapping,
        correct=model is not None,
        blocks=[spans, choice.replace(multiple=multiple)],
    )
