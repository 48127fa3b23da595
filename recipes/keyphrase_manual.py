"""Mark keyphrases by hand and rank them."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Labels, Model, Session, Stream, Suggest, recipe


@recipe("keyphrase.manual")
def keyphrase_manual(
    stream: Stream,
    labels: Labels = ("KEYPHRASE",),
    model: Model = "blank:xx",
    sources: Suggest = (),
    max: int | None = None,
    overlap: bool = True,
) -> Session:
    """Mark the keyphrases of texts by hand, and rank them.

    Args:
        labels: Labels of keyphrases; name several for several kinds.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        sources: Where suggestions come from: keyphrases (as keyphrase.correct has them), lexicon.
        max: Maximum number of phrases per text.
        overlap: Do not let phrases overlap or nest.
    """
    suggesters = []
    for source in sources:
        if source == "keyphrases":
            suggesters.append(suggest.keyphrases(model, labels[0]))
        elif source == "lexicon":
            suggesters.append(suggest.lexicon())
        else:
            suggesters.append(suggest.plugged(source, labels))
    return Session(
        stream,
        view="keyphrases",
        labels=labels,
        suggesters=suggesters,
        model=model,
        most=max,
        overlap=overlap,
    )
