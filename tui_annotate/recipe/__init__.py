"""Recipes: a decorated function whose parameters are options and whose result is a session."""

from tui_annotate.kinds.block import Block
from tui_annotate.recipe import checks
from tui_annotate.recipe.decorator import Recipe, recipe
from tui_annotate.recipe.parameters import (
    Classes,
    Knowledge,
    LabelMap,
    Labels,
    Marks,
    Model,
    Option,
    Patterns,
    Suggest,
    Tags,
    Words,
)
from tui_annotate.recipe.session import Session
from tui_annotate.sources.sounds import Sounds
from tui_annotate.sources.stream import Stream

__all__ = [
    "Block",
    "Classes",
    "Knowledge",
    "LabelMap",
    "Labels",
    "Marks",
    "Model",
    "Option",
    "Patterns",
    "Recipe",
    "Session",
    "Sounds",
    "Stream",
    "Suggest",
    "Tags",
    "Words",
    "checks",
    "recipe",
]
