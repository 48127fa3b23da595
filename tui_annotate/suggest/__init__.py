"""Suggestions: sources of them, and the process they run in.

A recipe names its sources with `entities`, `patterns`, `lexicon` and
`plugged`; none of them imports spaCy.
"""

from __future__ import annotations

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.registry import (
    categories,
    check,
    entities,
    gaps,
    keyphrases,
    lexicon,
    patterns,
    plugged,
    punctuation,
    tags,
    words,
)
from tui_annotate.suggest.sounds import sounds
from tui_annotate.suggest.suggestion import Suggestion

__all__ = [
    "SuggesterSpec",
    "Suggestion",
    "categories",
    "check",
    "entities",
    "gaps",
    "keyphrases",
    "lexicon",
    "patterns",
    "plugged",
    "punctuation",
    "sounds",
    "tags",
    "words",
]
