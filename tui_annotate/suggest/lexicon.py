"""What this annotator labels a string as, learned while they work."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from tui_annotate.text.tokens import Tokens

SOURCE = "lexicon"
_FORGET = 3
"""Wrong this much more often than right, among the newest, and a string is forgotten."""


class Lexicon:
    """Strings and the labels they were given.

    A string counts once for each decided text and label. It is offered with
    the label it had most often, unless it was left unlabelled more often than
    labelled. Strings are told apart by case.
    """

    def __init__(self) -> None:
        self._labels: dict[str, dict[str, int]] = {}
        self._unlabelled: dict[str, int] = {}
        self._by_first: dict[str, dict[str, int]] = {}

    def __len__(self) -> int:
        return len(self._labels)
