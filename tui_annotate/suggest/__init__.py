"""Suggestions: sources of them, and the process they run in.

A recipe names its sources with `chosen`, `entities`, `patterns`, `lexicon` and others;
none of them imports spaCy. A plug-in derives its class from `TextSuggester` or
`AudioSuggester`.
"""

from __future__ import annotations

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.old_names import gaps, given
from tui_annotate.suggest.protocol import AudioSuggester, Prepared, TextSuggester
from tui_annotate.suggest.registry import check
from tui_annotate.suggest.selection import chosen, sounds, with_labels
from tui_annotate.suggest.specs import (
    attention_points,
    categories,
    entities,
    keyphrases,
    lexicon,
    own,
    patterns,
    plugged,
    punctuation,
    tags,
    words,
)
from tui_annotate.suggest.suggestion import Suggestion

__all__ = [
    "AudioSuggester",
    "Prepared",
    "SuggesterSpec",
    "Suggestion",
    "TextSuggester",
    "attention_points",
    "categories",
    "check",
    "chosen",
    "entities",
    "gaps",
    "given",
    "keyphrases",
    "lexicon",
    "own",
    "patterns",
    "plugged",
    "punctuation",
    "sounds",
    "tags",
    "with_labels",
    "words",
]
