"""Classify whole texts by hand."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Session, Stream, Suggest, recipe


@recipe("textcat.manual")
def textcat_manual(
    stream: Stream,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    sources: Suggest = ("words",),
    multiple: bool = False,
    ancestors: bool = False,
    markup: bool = False,
) -> Session:
    """Classify whole texts: yes or no, one of several labels, or any of them.

    With one label, accept or reject it. With more, the label's key
    decides. Beyond ten, the digits choose from a list ranked by the words of
    what you decided before.

    Args:
        labels: Labels to choose from (default: those in the tasks). A file may
            describe each label after a tab; slashes make a hierarchy: topic/sport/football.
        mapping: Rename labels that come with the tasks: NEG=negative,POS=positive.
        sources: Where suggestions come from: words (of what you decided before), or plug-ins;
            none for no suggestions.
        multiple: Allow several labels.
        ancestors: With --multiple, a label also chooses those above it: topic/sport, topic.
        markup: Show HTML and Markdown with their markup.
    """
    return Session(
        stream,
        view="choice",
        labels=labels,
        mapping=mapping,
        suggesters=suggest.chosen(sources, labels, words=suggest.words()),
        multiple=multiple,
        implied=ancestors,
        markup=markup,
    )
