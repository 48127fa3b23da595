"""Classify whole texts by hand."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Labels, Session, Stream, Suggest, recipe


@recipe("textcat.manual")
def textcat_manual(
    stream: Stream,
    labels: Labels = (),
    sources: Suggest = ("words",),
    multiple: bool = False,
    ancestors: bool = False,
    markup: bool = False,
) -> Session:
    """Classify whole texts: one question, one of several labels, or any of them.

    One label is a question that is accepted or rejected. With more, the label's key
    decides. Beyond ten, the digits choose from a list that is ranked by the words of
    what you decided before.

    Args:
        labels: What to choose from; without it, what comes with the tasks. A file may
            describe each label after a tab; slashes make a hierarchy: topic/sport/football.
        sources: Where suggestions come from: words (of what you decided before), or plug-ins;
            none for no suggestions.
        multiple: Let several labels be chosen.
        ancestors: With --multiple, a label also chooses those above it: topic/sport, topic.
        markup: Show HTML and Markdown as they came, not as plain text.
    """
    return Session(
        stream,
        view="choice",
        labels=labels,
        suggesters=suggest.chosen(sources, labels, words=suggest.words()),
        multiple=multiple,
        implied=ancestors,
        markup=markup,
    )
