"""The suggester that offers a pipeline's classes, in the suggestion process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.pipelines import Runner
from tui_annotate.suggest.suggestion import Suggestion


def components(pipeline: Pipeline, options: Mapping[str, Any]) -> frozenset[str]:
    """What is needed of a pipeline: whatever classifies texts."""
    return frozenset(pipeline.classifiers)


def make(name: str, runner: Runner, options: Mapping[str, Any]) -> Categories:
    """The suggester of a spec."""
    return Categories(name, runner, options)


class Categories:
    """Every class with its score, the likeliest first; in a long text for each piece."""

    def __init__(self, name: str, runner: Runner, options: Mapping[str, Any]) -> None:
        self.name = name
        self._runner = runner
        self._mapping: Mapping[str, str] = options.get("mapping") or {}
        self._labels = frozenset(options.get("labels") or ())

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What the pipeline makes of each document."""
        docs = self._runner.annotated(documents)
        return [
            self._classes(doc.cats, len(document.text))
            for doc, document in zip(docs, documents, strict=True)
        ]

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """A trained pipeline does not learn here."""

    def _classes(self, scores: Mapping[str, float], length: int) -> list[Suggestion]:
        best: dict[str, float] = {}
        for own, score in scores.items():
            label = self._mapping.get(own, own)
            if label and (not self._labels or label in self._labels):
                best[label] = max(best.get(label, 0.0), float(score))
        return [
            Suggestion(0, length, label, self.name, round(score, 4))
            for label, score in sorted(best.items(), key=lambda pair: -pair[1])
            if length
        ]
