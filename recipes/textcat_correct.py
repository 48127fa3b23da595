"""Correct the classes that a spaCy pipeline, or the task itself, gives to whole texts."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Session, Stream, recipe


@recipe("textcat.correct")
def textcat_correct(
    stream: Stream,
    model: Model | None = None,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    multiple: bool = False,
    ancestors: bool = False,
    threshold: float = 0.5,
    markup: bool = False,
) -> Session:
    """Correct the classes that a spaCy pipeline, or the task itself, gives to whole texts.

    Args:
        model: An installed pipeline or a folder, with textcat or textcat_multilabel;
            without it, the scores that come with the tasks count.
        labels: What to choose from; every label the pipeline or the tasks have, if none
            is named.
        mapping: Rename pipeline labels: NEG=negative,POS=positive.
        multiple: Allow several labels.
        ancestors: With --multiple, a label also chooses those above it: topic/sport, topic.
        threshold: With --multiple, the score from which a label is chosen in advance.
        markup: Show HTML and Markdown with their markup.
    """
    suggesters = []
    if model is not None:
        suggesters.append(suggest.categories(model, labels, mapping or {}))
        labels = labels or suggesters[0].labels
    return Session(
        stream,
        view="choice",
        labels=labels,
        # Labels that the pipeline lacks are ranked by what was decided before.
        suggesters=[*suggesters, suggest.words()],
        model=model,
        correct=True,
        claim=True,
        multiple=multiple,
        implied=ancestors,
        threshold=threshold,
        markup=markup,
    )
