"""Correct the classes that a spaCy pipeline, or the task itself, gives to whole texts."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Session, Stream, Suggest, recipe


@recipe("textcat.correct")
def textcat_correct(
    stream: Stream,
    model: Model | None = None,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    multiple: bool = False,
    ancestors: bool = False,
    sources: Suggest | None = None,
    threshold: float = 0.5,
    markup: bool = False,
) -> Session:
    """Correct the classes that a spaCy pipeline, or the task itself, gives to whole texts.

    Args:
        model: An installed pipeline or a folder, with textcat or textcat_multilabel;
            without it, the scores that come with the tasks count.
        labels: What to choose from; every label the pipeline or the tasks have, if none
            is named.
        mapping: Rename labels of the pipeline and of the tasks: NEG=negative,POS=positive.
        multiple: Allow several labels.
        ancestors: With --multiple, a label also chooses those above it: topic/sport, topic.
        sources: Where suggestions come from: categories (of the pipeline), words (of what you
            decided before), or plug-ins; none for no suggestions (default: all there are).
        threshold: With --multiple, the score from which a label is chosen in advance.
        markup: Show HTML and Markdown with their markup.
    """
    categories = suggest.categories(model, labels, mapping or {}) if model else None
    labels = labels or (categories.labels if categories else ())
    if sources is None:
        # Labels that the pipeline lacks are ranked by what was decided before.
        sources = ("categories", "words") if categories else ("words",)
    return Session(
        stream,
        view="choice",
        labels=labels,
        mapping=mapping,
        suggesters=suggest.chosen(sources, labels, categories=categories, words=suggest.words()),
        model=model,
        correct=True,
        preselect=True,
        multiple=multiple,
        implied=ancestors,
        threshold=threshold,
        markup=markup,
    )
