"""Correct and rank the keyphrases that are found in texts."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Labels, Model, Session, Stream, Suggest, recipe


@recipe("keyphrase.correct")
def keyphrase_correct(
    stream: Stream,
    model: Model,
    labels: Labels = ("KEYPHRASE",),
    sources: Suggest = ("keyphrases", "lexicon"),
    suggestions: int = 10,
    max: int | None = None,
    overlap: bool = True,
) -> Session:
    """Correct and rank the keyphrases that are found in texts.

    Candidates are noun chunks where the pipeline parses, else runs of nouns and adjectives
    where it tags, else (blank:en, blank:xx) what stands between function words.

    Args:
        model: An installed pipeline, a folder, or blank:xx.
        labels: What to call them; kinds of keyphrases, if several are named. The first
            is suggested.
        sources: Where suggestions come from: keyphrases, lexicon (what you chose before), or
            plug-ins; none for no suggestions.
        suggestions: How many to suggest for a text.
        max: How many phrases of a text may be chosen.
        overlap: Keep phrases apart; else they may overlap and nest.
    """
    return Session(
        stream,
        view="keyphrases",
        labels=labels,
        suggesters=suggest.chosen(
            sources,
            labels,
            keyphrases=suggest.keyphrases(model, labels[0], suggestions),
            lexicon=suggest.lexicon(),
        ),
        model=model,
        correct=True,
        most=max,
        overlap=overlap,
    )
