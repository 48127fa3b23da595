"""Suggestions: sources of them, and the process they run in.

A recipe names its sources with `entities`, `patterns`, `lexicon` and
`plugged`; none of them imports spaCy.
"""

from __future__ import annotations

# Some of the functions are called as the module that does their work. Importing
# a module sets the attribute of its name here, once: the modules come first.
import tui_annotate.suggest.lexicon
import tui_annotate.suggest.patterns
import tui_annotate.suggest.words  # noqa: F401
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.sounds import sounds
from tui_annotate.suggest.source import (
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
