"""The suggester that runs a pattern file, in the suggestion process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.patterns import pattern_file
from tui_annotate.suggest.spacy.pipelines import Needs, Runner
from tui_annotate.suggest.suggestion import Suggestion


def needs(pipeline: Pipeline, options: Mapping[str, Any]) -> Needs:
    """What is needed of a pipeline: whatever sets the attributes that the patterns ask for."""
    return Needs(attributes=pattern_file(options).needs(options["labels"]))


class PatternMatcher(TextSuggester):
    """Token patterns and strings, longest match first, never crossing.

    Args:
        spec: Its name, and the options of `suggest.patterns`.
        runner: The session's pipeline; the patterns see its tokens and attributes.

    Raises:
        AnnotateError: If the file of the patterns has gone wrong.
        ValueError: Naming file and line, if spaCy does not accept a pattern.
    """

    def __init__(self, spec: SuggesterSpec, runner: Runner) -> None:
        from spacy.matcher import Matcher, PhraseMatcher
        from spacy.tokens import Token

        super().__init__(spec)
        file = pattern_file(spec.options)
        self._runner = runner
        wanted = frozenset(spec.options.get("labels") or ())
        self._annotated = False
        vocab = runner.nlp.vocab
        self._tokens = Matcher(vocab, validate=True)
        self._strings = PhraseMatcher(vocab, attr="ORTH")
        self._label_of: dict[int, str] = {}
        for pattern in file.patterns:
            if wanted and pattern.label not in wanted:
                continue
            # One key per pattern: labels may hold any text, and an error names its line.
            key = f"{pattern.label}\n{pattern.line}"
            self._label_of[vocab.strings.add(key)] = pattern.label
            where = f"{file.shown}:{pattern.line}"
            for need in pattern.needs:
                self._annotated = True
                if need.startswith("_.") and not Token.has_extension(need[2:]):
                    raise ValueError(f"{where}: no pipeline here sets the custom attribute {need}")
            try:
                if isinstance(pattern.pattern, str):
                    self._strings.add(key, [runner.nlp.make_doc(pattern.pattern)])
                else:
                    self._tokens.add(key, [pattern.pattern])
            except Exception as error:
                raise ValueError(f"{where}: spaCy does not accept it") from error

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What the patterns match in each document."""
        if self._annotated:
            self._runner.annotate([document.doc for document in documents])
        return [self._found(document) for document in documents]

    def _found(self, document: Prepared) -> list[Suggestion]:
        matches = [*self._strings(document.doc), *self._tokens(document.doc)]
        matches.sort(key=lambda match: (match[1] - match[2], match[1]))
        taken: set[int] = set()
        found = []
        for key, first, after in matches:
            if after <= first or not taken.isdisjoint(range(first, after)):
                continue
            taken.update(range(first, after))
            start, end = document.pairs[first][0], document.pairs[after - 1][1]
            found.append(Suggestion(start, end, self._label_of[key], self.name))
        return sorted(found, key=lambda s: (s.start, -s.end))
