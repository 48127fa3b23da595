"""The suggester of a pipeline's entities, in the suggestion process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.pipelines import Needs, Runner
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from spacy.tokens import Doc


def needs(pipeline: Pipeline, options: Mapping[str, Any]) -> Needs:
    """What is needed of a pipeline: whatever finds entities."""
    return Needs(entities=True)


class Entities(TextSuggester):
    """Offers what a pipeline's components find.

    Args:
        spec: Its name, and the options of `suggest.entities`.
        runner: The pipeline.
    """

    def __init__(self, spec: SuggesterSpec, runner: Runner) -> None:
        super().__init__(spec)
        self._runner = runner
        self._mapping: dict[str, str] = spec.options.get("mapping") or {}
        self._wanted = frozenset(spec.options.get("labels") or ())

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What the pipeline finds in each document, mapped and filtered."""
        docs = self._runner.annotated(documents)
        return [
            self._found(doc, document.pairs) for doc, document in zip(docs, documents, strict=True)
        ]

    def _found(self, doc: Doc, pairs: Sequence[tuple[int, int]]) -> list[Suggestion]:
        found: list[tuple[Any, float | None]] = [(span, None) for span in doc.ents]
        for group in doc.spans.values():
            scores = group.attrs.get("scores")
            listed = [float(score) for score in scores] if scores is not None else []
            found += [
                (span, listed[i] if i < len(listed) else None) for i, span in enumerate(group)
            ]
        offered: dict[tuple[int, int, str], Suggestion] = {}
        for span, score in found:
            label = self._mapping.get(span.label_, span.label_)
            if not label or (self._wanted and label not in self._wanted):
                continue
            start, end = pairs[span.start][0], pairs[span.end - 1][1]
            offered.setdefault((start, end, label), Suggestion(start, end, label, self.name, score))
        return sorted(offered.values(), key=lambda s: (s.start, -s.end))
