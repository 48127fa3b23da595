"""What a pipeline is good for: said where it is no good for what was asked of it."""

from __future__ import annotations

from tui_annotate.errors import UsageError
from tui_annotate.suggest.spacy.models import Pipeline

_NEEDS = {
    "ner.correct": {"ner", "entity_ruler", "spancat", "span_ruler", "beam_ner"},
    "pos.correct": {"tagger", "morphologizer"},
    "textcat.correct": {"textcat", "textcat_multilabel"},
    "punct.correct": {"parser", "senter", "sentencizer"},
}
"""The factories of which each recipe needs one."""


def fitting(pipeline: Pipeline) -> list[str]:
    """The recipes that a pipeline has the components for."""
    made_by = set(pipeline.factories.values())
    return [recipe for recipe, needed in _NEEDS.items() if made_by & needed]


def unfit(model: str, pipeline: Pipeline, lacking: str, wanted: str, without: str) -> UsageError:
    """What to say of a pipeline without the component that was asked for.

    Args:
        model: What the user called it.
        pipeline: The pipeline.
        lacking: What it does not do: ``finds no entities``.
        wanted: The components that do.
        without: The recipe that needs none of them.
    """
    have = ", ".join(pipeline.components) or "only a tokeniser"
    recipes = fitting(pipeline)
    if recipes:
        named = " and ".join(filter(None, [", ".join(recipes[:-1]), recipes[-1]]))
        hint = f"{named} would fit this one"
    else:
        hint = f"{without} needs none"
    return UsageError(
        f"this pipeline {lacking}; it has {have}",
        where=model,
        do=f"name one that has {wanted} ({hint})",
    )
