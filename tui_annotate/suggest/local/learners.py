"""Sources of suggestions that learn from the annotator's decisions, in the interface's process."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Protocol

from tui_annotate.suggest import registry
from tui_annotate.suggest.local.lexicon import Lexicon
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens, needs_characters


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


class Learners:
    """The sources of a session that learn in the interface's process; false if it has none.

    Args:
        specs: All sources of the session.
        descriptions: What is known about the labels.
    """

    def __init__(
        self, specs: Iterable[SuggesterSpec], descriptions: Mapping[str, str] | None = None
    ) -> None:
        self._by_name: dict[str, Learner] = {}
        self._lexicon: Lexicon | None = None
        for spec in specs:
            if not registry.is_local(spec):
                continue
            made: Learner = registry.source_of(spec, "text").load()(descriptions)
            self._by_name[spec.name] = made
            if isinstance(made, Lexicon):
                self._lexicon = made

    def __bool__(self) -> bool:
        return bool(self._by_name)

    @property
    def known(self) -> Container[str]:
        """The strings that were labelled before, where a lexicon notes them."""
        return () if self._lexicon is None else self._lexicon

    def suggest(
        self,
        text: str,
        tokens: Tokens,
        labels: Collection[str],
        of_source: Mapping[str, Sequence[str]],
    ) -> list[Suggestion]:
        """What they offer for a text.

        Args:
            text: The text.
            tokens: Its tokens.
            labels: The labels on offer; any, if none is named.
            of_source: Of those that are asked about some of the labels only, which.
        """
        characters = needs_characters(text)
        return [
            found
            for name, one in self._by_name.items()
            for found in one.suggest(
                text, tokens, of_source.get(name, labels), characters=characters
            )
        ]

    def learn(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        labels: Sequence[str] = (),
        dropped: Sequence[tuple[int, int]] = (),
        sources: Collection[str] | None = None,
    ) -> None:
        """Take in how a text was decided.

        Args:
            text: The text.
            spans: Start, end and label of each of its spans.
            labels: The labels that were on offer.
            dropped: What was offered and taken off.
            sources: The sources that are told; all, if not given.
        """
        for name, one in self._by_name.items():
            if sources is None or name in sources:
                one.learn(text, spans, labels, dropped=dropped)
