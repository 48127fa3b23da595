"""Correct and rank suggested keyphrases."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Model, Session, Stream, Suggest, recipe


@recipe("keyphrase.correct")
def keyphrase_correct(
    stream: Stream,
    model: Model,
    labels: Labels = ("KEYPHRASE",),
    mapping: LabelMap | None = None,
    sources: Suggest = ("keyphrases", "lexicon"),
    suggestions: int = 10,
    max: int | None = None,
    overlap: bool = True,
) -> Session:
    """Correct and rank suggested keyphrases.

    Candidates are noun chunks where the pipeline parses, else runs of nouns and adjectives
    where it tags, else (blank:en, blank:xx) what stands between function words.

    Args:
        model: An installed pipeline, a folder, or blank:xx.
        labels: Labels of keyphrases; name several for several kinds. The first
            is suggested.
        mapping: Rename labels that come with the tasks: TOPIC=KEYPHRASE.
        sources: Where suggestions come from: keyphrases, lexicon (what you chose before), or
            plug-ins; none for no suggestions.
        suggestions: Number of suggestions per text.
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
            keyphrases=suggest.keyphrases(model, labels[0], suggestions),
            lexicon=suggest.lexicon(),
        ),
        model=model,
        correct=True,
        max_phrases=max,
        overlap=overlap,
    )
