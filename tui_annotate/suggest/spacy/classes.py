"""The suggester that offers a pipeline's classes, in the suggestion process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.pipelines import Needs, Runner
from tui_annotate.suggest.suggestion import Suggestion


def needs(pipeline: Pipeline, options: Mapping[str, Any]) -> Needs:
    """What is needed of a pipeline: whatever classifies texts."""
    return Needs(components=frozenset(pipeline.classifiers))


class Categories(TextSuggester):
    """Every class with its score, the likeliest first; in a long text for each piece.

    Args:
        spec: Its name, and the options of `suggest.categories`.
        runner: The pipeline.
    """

    def __init__(self, spec: SuggesterSpec, runner: Runner) -> None:
        super().__init__(spec)
        options = spec.options
        self._runner = runner
        self._mapping: Mapping[str, str] = options.get("mapping") or {}
        self._wanted = frozenset(options.get("labels") or ())

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What the pipeline makes of each document."""
        docs = self._runner.annotated(documents)
        return [
            self._classes(doc.cats, len(document.text))
            for doc, document in zip(docs, documents, strict=True)
        ]

    def _classes(self, scores: Mapping[str, float], length: int) -> list[Suggestion]:
        best: dict[str, float] = {}
        for own, score in scores.items():
            label = self._mapping.get(own, own)
            if label and (not self._wanted or label in self._wanted):
                best[label] = max(best.get(label, 0.0), float(score))
        return [
            Suggestion(0, length, label, self.name, round(score, 4))
            for label, score in sorted(best.items(), key=lambda pair: -pair[1])
            if length
        ]
