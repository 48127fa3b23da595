"""The suggester of keyphrases, in the suggestion process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_annotate.suggest.local.phrases import (
    Word,
    ends_sentence,
    frequent_runs,
    ranked,
    tagged_runs,
    trimmed,
)
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.pipelines import Needs, Runner
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from spacy.tokens import Doc

_USEFUL = frozenset(
    {
        "tagger",
        "morphologizer",
        "parser",
        "attribute_ruler",
        "lemmatizer",
        "trainable_lemmatizer",
    }
)
_GUESSED = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "ru", "tr")
_SHARE = 0.15
"""The share of function words among the words of a text from which its language is guessed."""

_SHORT = 3


def needs(pipeline: Pipeline, options: Mapping[str, Any]) -> Needs:
    """What is needed of a pipeline: whatever tags, parses and finds lemmas."""
    return Needs(
        components=frozenset(
            name for name in pipeline.components if pipeline.factories[name] in _USEFUL
        )
    )


class Keyphrases(TextSuggester):
    """The likeliest phrases of each text, once each, where they stand first.

    Candidates are noun chunks where the pipeline parses, else what its parts of speech
    allow, else what stands between function words.

    Args:
        spec: Its name, and the options of `suggest.keyphrases`.
        runner: The pipeline, or a tokeniser alone.
    """

    def __init__(self, spec: SuggesterSpec, runner: Runner) -> None:
        super().__init__(spec)
        options = spec.options
        self._runner = runner
        self._label = str(options["label"])
        self._count = int(options["count"])

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What to offer for each document, in the order of the text."""
        docs = self._runner.annotated(documents)
        return [
            self._offers(doc, document.pairs) for doc, document in zip(docs, documents, strict=True)
        ]

    def _offers(self, doc: Doc, pairs: Sequence[tuple[int, int]]) -> list[Suggestion]:
        words = _words(doc)
        found = ranked(words, _candidates(doc, words))[: self._count]
        made = []
        for phrase in found:
            first, end = phrase.places[0]
            start, stop = pairs[first][0], pairs[end - 1][1]
            made.append(Suggestion(start, stop, self._label, self.name, phrase.score, phrase.lemma))
        return sorted(made, key=lambda one: (one.start, -one.end))


def _words(doc: Doc) -> list[Word]:
    stops = _function_words(doc) if doc.vocab.lang in ("", "xx") else None
    made: list[Word] = []
    begins = True
    for token in doc:
        text = token.text
        small = text.casefold()
        stop = bool(token.is_stop)
        if stops is not None:
            stop = small in stops or (len(text) <= _SHORT and text.isalpha() and not text.isupper())
        made.append(Word(text, (token.lemma_ or text).casefold(), token.pos_, stop, begins))
        begins = ends_sentence(text) or (begins and not made[-1].real)
    return made


def _candidates(doc: Doc, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    if doc.has_annotation("DEP") and any(word.tag for word in words):
        try:
            chunks = [(chunk.start, chunk.end) for chunk in doc.noun_chunks]
        except NotImplementedError:
            # The language has no noun chunks: its parts of speech have to do.
            chunks = []
        if chunks:
            found = (trimmed(words, *chunk) for chunk in chunks)
            yield from (chunk for chunk in found if chunk is not None)
            return
    if any(word.tag not in ("", "SPACE") for word in words):
        yield from tagged_runs(words)
    else:
        yield from frequent_runs(words)


def _function_words(doc: Doc) -> frozenset[str]:
    """The function words of the language that a text seems to be in; none if that is not clear."""
    small = [token.lower_ for token in doc if token.is_alpha]
    best: frozenset[str] = frozenset()
    most = _SHARE * len(small)
    for language in _GUESSED:
        stops = _stop_words(language)
        count = sum(word in stops for word in small)
        if count > most:
            best, most = stops, count
    return best


@cache
def _stop_words(language: str) -> frozenset[str]:
    # Importing the language would make all of its tokeniser, which takes seconds for some.
    import spacy.lang

    path = Path(spacy.lang.__path__[0]) / language / "stop_words.py"
    spec = spec_from_file_location(f"{__name__}.{language}", path)
    if spec is None or spec.loader is None or not path.is_file():
        return frozenset()
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return frozenset(module.STOP_WORDS)
