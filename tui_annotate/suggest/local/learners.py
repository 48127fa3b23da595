"""Sources of suggestions that learn from the annotator's decisions, in the interface's process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from tui_annotate.suggest.local.lexicon import Lexicon
from tui_annotate.suggest.local.words import Words
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from tui_annotate.text.tokens import Tokens


class Learner(Protocol):
    """What such a source can do; both calls stand between a decision and the next task."""

    def suggest(
        self, text: str, tokens: Tokens, labels: Collection[str] = (), *, characters: bool = False
    ) -> list[Suggestion]:
        """What to offer for a text, given the labels on offer; any, if none is named."""
        ...

    def learn(
        self,
        text: str,
        spans: Iterable[tuple[int, int, str]],
        labels: Collection[str] = (),
        *,
        dropped: Iterable[tuple[int, int]] = (),
    ) -> None:
        """Take in a decided text: its spans, the labels on offer, what was offered and dropped."""
        ...


def learner(spec: SuggesterSpec, descriptions: Mapping[str, str]) -> Learner | None:
    """The learner that a suggester is; None for one that is none.

    Args:
        spec: The suggester.
        descriptions: What is known about the labels.
    """
    match spec.kind:
        case "lexicon":
            return Lexicon()
        case "words":
            return Words(descriptions)
    return None
