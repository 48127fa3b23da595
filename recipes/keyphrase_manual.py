"""Mark keyphrases by hand and rank them."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Session, Stream, Suggest, recipe


@recipe("keyphrase.manual")
def keyphrase_manual(
    stream: Stream,
    labels: Labels = ("KEYPHRASE",),
    mapping: LabelMap | None = None,
    model: Model = "blank:xx",
    sources: Suggest = (),
    max: int | None = None,
    overlap: bool = True,
) -> Session:
    """Mark the keyphrases of texts by hand, and rank them.

    Args:
        labels: Labels of keyphrases; name several for several kinds.
        mapping: Rename labels that come with the tasks: TOPIC=KEYPHRASE.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        sources: Where suggestions come from: keyphrases (as keyphrase.correct has them), lexicon
            (what you chose before), or plug-ins.
        max: Maximum number of phrases per text.
        overlap: Do not let phrases overlap or nest.
    """
    return Session(
        stream,
        view="keyphrases",
        labels=labels,
        mapping=mapping,
        suggesters=suggest.chosen(
            sources,
            labels,
            keyphrases=suggest.keyphrases(model, labels[0]),
            lexicon=suggest.lexicon(),
        ),
        model=model,
        max_phrases=max,
        overlap=overlap,
    )
