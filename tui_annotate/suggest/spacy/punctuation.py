"""The suggester of punctuation, in the suggestion process: what words and parse say of each gap."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate.inventory.marks import MarkSet, counterpart, mark
from tui_annotate.suggest.local.surroundings import of_parse, of_place, of_words
from tui_annotate.suggest.local.weights import Weights
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.spacy import clause_boundaries as rules
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.pipelines import Needs, Runner
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.capitals import CAPITAL
from tui_annotate.text.punctuated import PunctuatedText
from tui_annotate.text.tokens import Tokens

WORTH = 0.15
"""A gap is worth a look from this chance of any mark on; two in five of such have one."""

_FINDERS = {"parser", "senter", "sentencizer"}
_KEPT = 128
"""How many texts are kept as they were read, until they are decided."""

_ENOUGH = 2_000
"""Gaps after which what was learned is heard, where nothing is known of the language."""

_ALWAYS = frozenset({"I", "I'm", "I've", "I'll", "I'd", "I’m", "I’ve", "I’ll", "I’d"})
_NONE, _OTHER = "", "other"
_ENGLISH = Path(__file__).with_name("marks_en.json")
"""What is known of English beforehand: weights that `benchmarks.punctuation_weights` makes
of UD English EWT, Wikigold, LitBank and others; it says of which parts."""

_CLASSES = (",", ".", "?", _OTHER)


def needs(pipeline: Pipeline, options: Mapping[str, Any]) -> Needs:
    """The components of a pipeline that marks follow from."""
    made_by = pipeline.factories
    wanted = _FINDERS | {"tagger", "morphologizer", "attribute_ruler"}
    if "parser" in made_by.values():
        wanted -= {"senter", "sentencizer"}
    return Needs(
        components=frozenset(name for name in pipeline.components if made_by[name] in wanted)
    )


@dataclass
class _Reading:
    """A text without its marks, as a pipeline sees it.

    Attributes:
        editor: Its words and gaps.
        words: The words as they read.
        doc: What the pipeline makes of it.
        groups: The first and the last token in `doc` of each word.
        rules: Whether only rules are heard: the text has stops of its own.
    """

    editor: PunctuatedText
    words: list[str]
    doc: Any
    groups: list[tuple[int, int]]
    rules: bool

    @cached_property
    def features(self) -> list[list[str]]:
        """What the words, and the parse, say about each gap."""
        found = of_words(self.words)
        if self.doc.has_annotation("TAG") or self.doc.has_annotation("DEP"):
            parsed = of_parse(self.doc, self.groups)
            return [["", *a, *b] for a, b in zip(found, parsed, strict=True)]
        return [["", *names] for names in found]


class Punctuator(TextSuggester):
    """Offers marks where they are likely, and learns from every text that is decided.

    What it knows of English beforehand is the weights of common words, parts
    of speech and clause boundaries of a parse; of other languages, the rules of
    `clause_boundaries`.
    Of a text that has stops of its own it only says where one is missing.

    Args:
        spec: Its name, and the options of `suggest.punctuation`.
        runner: The pipeline.
    """

    def __init__(self, spec: SuggesterSpec, runner: Runner) -> None:
        super().__init__(spec)
        options = spec.options
        self._runner = runner
        self._marks = MarkSet([mark(text) for text in options["marks"]])
        self._strip = bool(options["strip"])
        self._hints_only = bool(options.get("hints_only"))
        marks = self._marks.marks
        stops = [one.text for one in marks if one.kind == "stop"]
        self._stop = next((text for text in stops if counterpart(text) == "."), None)
        self._question = next((text for text in stops if counterpart(text) == "?"), self._stop)
        pauses = [one.text for one in marks if one.kind == "pause"]
        self._comma = next((text for text in pauses if counterpart(text) == ","), None)
        self._stops = frozenset(stops)
        self._english = options.get("language") == "en"
        parses = bool(runner.nlp.pipe_names)
        names = [one.text for one in marks if not one.pairs]
        prior = _prior("parse" if parses else "words", names) if self._english else {}
        self._model = Weights([_NONE, *names], prior)
        self._capitals: dict[str, list[int]] = {}
        self._read_before: OrderedDict[str, _Reading] = OrderedDict()

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """The likely marks of each text."""
        read = [self._read(document) for document in documents]
        self._runner.annotate([one.doc for one in read])
        for one in read:
            self._read_before[one.editor.text] = one
        while len(self._read_before) > _KEPT:
            self._read_before.popitem(last=False)
        return [self._found(one) for one in read]

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """Learn where marks stand in a text."""
        reading = self._read_before.pop(text, None)
        if reading is None or reading.rules:
            pairs = self._runner.tokenise(text)
            reading = self._stripped(Prepared(text, pairs, None))
            self._runner.annotate([reading.doc])
        ends = {end: label for _, end, label in spans if label in self._marks}
        words = reading.editor.words
        gold = [ends.get(word.end, _NONE) for word in words]
        for number, names in self._walk(reading, gold):
            self._model.learn(names, gold[number])
        large = {start for start, _, label in spans if label == CAPITAL}
        for number, word in enumerate(words):
            inside = number > 0 and gold[number - 1] not in self._stops
            if inside and not reading.editor.original_capital(number):
                counts = self._capitals.setdefault(reading.words[number].casefold(), [0, 0])
                counts[word.start in large] += 1

    # ── reading ────────────────────────────────────────────────────────────

    def _read(self, document: Prepared) -> _Reading:
        """What is parsed of a text: all of it, if it has stops; else its words."""
        if not self._strip:
            tokens = Tokens.from_pairs(document.text, document.pairs)
            editor = PunctuatedText(document.text, tokens, self._marks)
            after = [one.mark for found in editor.gaps.after for one in found]
            if any(one in self._stops for one in after):
                return self._whole(document, editor)
        return self._stripped(document)

    def _whole(self, document: Prepared, editor: PunctuatedText) -> _Reading:
        doc = document.doc
        if doc.vocab is not self._runner.nlp.vocab:
            doc = self._runner.doc(document.text, document.pairs)
        words = [editor.text[word.start : word.end] for word in editor.words]
        groups = [(word.first, word.last) for word in editor.words]
        return _Reading(editor, words, doc, groups, rules=True)

    def _stripped(self, document: Prepared) -> _Reading:
        tokens = Tokens.from_pairs(document.text, document.pairs)
        editor = PunctuatedText(document.text, tokens, self._marks, strip=True)
        starts, ends = editor.tokens.starts, editor.tokens.ends
        pieces: list[str] = []
        pairs: list[tuple[int, int]] = []
        groups: list[tuple[int, int]] = []
        words: list[str] = []
        at = 0
        for number, word in enumerate(editor.words):
            space = editor.gaps.space(number) if number else ""
            shown = editor.word(number)
            if shown == "i" and self._english:
                shown = "I"
            at += len(space)
            first = len(pairs)
            inside = range(word.first, word.last + 1) if word.first >= 0 else ()
            pairs += [
                (at + starts[one] - word.start, at + ends[one] - word.start) for one in inside
            ]
            if word.first < 0:
                pairs.append((at, at + len(shown)))
            groups.append((first, len(pairs) - 1))
            pieces += [space, shown]
            words.append(shown)
            at += len(shown)
        doc = self._runner.doc("".join(pieces), pairs)
        return _Reading(editor, words, doc, groups, rules=False)

    # ── deciding ───────────────────────────────────────────────────────────

    def _walk(self, reading: _Reading, put: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """The gaps between words from left to right, with what is known of each by then.

        Args:
            reading: The text.
            put: The mark after each word; it may be filled while one walks.
        """
        words, gaps = reading.words, reading.editor.gaps
        since = stop = 0
        opening = words[0] if words else ""
        for number, names in enumerate(reading.features[:-1]):
            since, stop = since + 1, stop + 1
            if not gaps.paragraph(number + 1):
                yield number, [*names, *of_place(opening, since, stop)]
            if put[number]:
                since = 0
            if put[number] in self._stops or gaps.paragraph(number + 1):
                stop, opening = 0, words[number + 1]

    def _found(self, reading: _Reading) -> list[Suggestion]:
        editor, known = reading.editor, self._english or self._model.seen >= _ENOUGH
        if not editor.words:
            return []
        put: dict[int, tuple[str, float]] = {}
        hints: dict[int, tuple[str, float]] = {}
        if reading.rules or not known:
            put = self._by_rules(reading)
        else:
            self._by_weights(reading, put, hints)
        if self._hints_only:
            hints, put = {**hints, **put}, {}
        small = [] if reading.rules else self._written_large(reading)
        alive = [n for n in (*put, *hints) if any(c.isalnum() for c in reading.words[n])]
        return [
            *(
                Suggestion(
                    *editor.target(n), text, self.name, round(score, 2), hints_only=n not in put
                )
                for n in sorted(alive)
                for text, score in (put.get(n) or hints[n],)
            ),
            *(Suggestion(*editor.words[n][:2], CAPITAL, self.name) for n in small),
        ]

    def _written_large(self, reading: _Reading) -> list[int]:
        """The words that are names, of a text that has no capitals."""
        editor, words = reading.editor, reading.words
        if any(word[:1].isupper() and word not in _ALWAYS for word in words[1:]):
            return []
        found = []
        for number, (first, last) in enumerate(reading.groups):
            if not words[number][:1].islower():
                continue
            small, large = self._capitals.get(words[number].casefold(), (0, 0))
            tagged = any(token.pos_ == "PROPN" for token in reading.doc[first : last + 1])
            often = large > small or (tagged and large == small)
            if often and not editor.original_capital(number):
                found.append(number)
        return found

    def _by_weights(
        self,
        reading: _Reading,
        put: dict[int, tuple[str, float]],
        hints: dict[int, tuple[str, float]],
    ) -> None:
        words, gaps = reading.words, reading.editor.gaps
        classes = self._model.classes
        clauses = {n for n, (text, _) in self._by_rules(reading).items() if text == self._comma}
        done = [_NONE] * len(words)
        opened = 0
        for number in range(len(words)):
            if number + 1 == len(words) or gaps.paragraph(number + 1):
                if self._stop is not None:
                    put[number] = self._ended(words[opened : number + 1]), rules.SURE["last"]
                opened = number + 1
        for number, names in self._walk(reading, done):
            chances = self._model.chances(names)
            best = max(range(1, len(chances)), key=chances.__getitem__)
            any_mark = 1 - chances[0]
            broken = "\n" in gaps.space(number + 1)
            text = classes[best]
            if number in clauses and any_mark >= 2 * WORTH and self._comma is not None:
                # By its words something may stand there, by the parse it is a comma.
                done[number] = self._comma
                put[number] = self._comma, any_mark
            elif chances[best] > chances[0]:
                done[number] = text
                put[number] = text, any_mark
            elif any_mark >= WORTH or broken:
                hints[number] = text, any_mark
        opened = 0
        for number in sorted(put):
            text, score = put[number]
            if text in self._stops:
                if text == self._stop:
                    put[number] = self._ended(words[opened : number + 1]), score
                opened = number + 1

    def _ended(self, words: Sequence[str]) -> str:
        """The stop that ends a sentence of some words."""
        assert self._stop is not None
        asked = self._english and rules.asks_by_words(words)
        return self._question if asked and self._question else self._stop

    def _by_rules(self, reading: _Reading) -> dict[int, tuple[str, float]]:
        """The stops at the ends of sentences, and commas where clauses meet."""
        doc, sparing = reading.doc, reading.rules
        if not (doc.has_annotation("DEP") or doc.has_annotation("SENT_START")):
            return {}
        word_of = {last: number for number, (_, last) in enumerate(reading.groups)}
        found: dict[int, tuple[str, str]] = {}
        for sentence in doc.sents:
            tokens = [token for token in sentence if not token.is_space]
            if not tokens:
                continue
            last = tokens[-1]
            parsed = not sparing and doc.has_annotation("DEP")
            if self._stop is not None:
                final = "last" if not any(not t.is_space for t in doc[last.i + 1 :]) else "stop"
                asks = not sparing and rules.asks(tokens)
                text = self._question if asks and self._question else self._stop
                found[last.i] = text, "question" if asks else final
            if self._stop is not None and parsed:
                for place, first in rules.breaks(sentence):
                    asks = self._question is not None and rules.asks(
                        [t for t in first.subtree if t.i <= place]
                    )
                    text = self._question if asks and self._question else self._stop
                    found[place] = text, "question" if asks else "break"
            if self._comma is not None and parsed:
                for place, rule in rules.clause_boundaries(sentence):
                    if tokens[0].i <= place < last.i:
                        found.setdefault(place, (self._comma, rule))
        return {
            word_of[place]: (text, rules.SURE[rule])
            for place, (text, rule) in found.items()
            if place in word_of
        }


def _prior(section: str, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """What is known of English before anything was learned, for some marks."""
    stored = msgspec.json.decode(_ENGLISH.read_bytes(), type=dict[str, dict[str, list[float]]])
    kinds = {text: counterpart(text) for text in names}
    others = sum(kind not in _CLASSES for kind in kinds.values())
    fewer = math.log(max(others, 1))
    prior: dict[str, dict[str, float]] = {}
    for feature, row in stored[section].items():
        of_kind = dict(zip(_CLASSES, row, strict=True))
        prior[feature] = {
            text: of_kind.get(kind, of_kind[_OTHER] - (0 if feature else fewer))
            for text, kind in kinds.items()
        }
    return prior
