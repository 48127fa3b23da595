"""The suggester of punctuation, in the suggestion process: sentences and clauses of a parse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui_annotate.editors.punctuated import Punctuated
from tui_annotate.marks import Inventory, counterpart, mark
from tui_annotate.suggest.models import Pipeline
from tui_annotate.suggest.pipelines import Runner
from tui_annotate.suggest.source import Prepared
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens

_FINDERS = {"parser", "senter", "sentencizer"}
_ASKING = frozenset({"who", "whom", "whose", "what", "which", "when", "where", "why", "how"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "csubj", "expl"})
_CLAUSES = frozenset({"advcl"})
_HUNG = frozenset({"ccomp", "parataxis", "conj", "dep"})
_LINKS = _ASKING | {"that", "if", "because", "while", "as", "than", "and", "or", "but", "to"}
_LEADS = frozenset({"intj", "discourse"})
_OPENERS = frozenset(
    {"well", "yes", "no", "however", "therefore", "moreover", "meanwhile", "nevertheless", "indeed"}
)

SURE = {"stop": 0.5, "break": 0.5, "last": 0.9, "question": 0.5, "clause": 0.5, "but": 0.5,
        "fronted": 0.4, "list": 0.5, "lead": 0.6}  # fmt: skip
"""How often each rule is right, in round figures; from texts whose marks were taken away."""


def components(pipeline: Pipeline, options: Mapping[str, Any]) -> frozenset[str]:
    """The components of a pipeline that marks follow from."""
    made_by = pipeline.factories
    wanted = _FINDERS | {"tagger", "morphologizer", "attribute_ruler"}
    if "parser" in made_by.values():
        wanted -= {"senter", "sentencizer"}
    return frozenset(name for name in pipeline.components if made_by[name] in wanted)


def make(name: str, runner: Runner, options: Mapping[str, Any]) -> Punctuator:
    """Make the suggester, given a runner with its components."""
    return Punctuator(name, runner, options)


class Punctuator:
    """Offers a stop where a sentence ends, and a pause where the parse has a joint.

    Of a text that has stops of its own it only says where one is missing.

    Args:
        name: What its suggestions call their source.
        runner: The pipeline.
        options: Those of `source.punctuation`.
    """

    def __init__(self, name: str, runner: Runner, options: Mapping[str, Any]) -> None:
        self.name = name
        self._runner = runner
        self._marks = Inventory([mark(text) for text in options["marks"]])
        self._strip = bool(options["strip"])
        stops = [one.text for one in self._marks.marks if one.kind == "stop"]
        self._stop = next((text for text in stops if counterpart(text) == "."), None)
        self._question = next((text for text in stops if counterpart(text) == "?"), self._stop)
        pauses = [one.text for one in self._marks.marks if one.kind == "pause"]
        self._comma = next((text for text in pauses if counterpart(text) == ","), None)

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """The marks that follow from the parse of each text."""
        read = [self._read(document) for document in documents]
        self._runner.annotate([doc for doc, _, _ in read])
        return [self._found(doc, places, sparing) for doc, places, sparing in read]

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """A trained pipeline does not learn here."""

    def _read(self, document: Prepared) -> tuple[Any, list[tuple[int, int]], bool]:
        """What is parsed, where its tokens stand in the text, and whether it has its own stops."""
        tokens = Tokens.from_pairs(document.text, document.pairs)
        editor = Punctuated(document.text, tokens, self._marks, strip=self._strip)
        words = editor.words
        has = any(
            self._marks[one.mark].kind == "stop" for found in editor.gaps.after for one in found
        )
        if not (self._strip and editor.gaps.mark_tokens):
            doc = document.doc
            if doc.vocab is not self._runner.nlp.vocab:
                doc = self._runner.doc(document.text, document.pairs)
            return doc, list(document.pairs), has and not self._strip
        pieces: list[str] = []
        pairs: list[tuple[int, int]] = []
        places: list[tuple[int, int]] = []
        at = 0
        for number, word in enumerate(words):
            space = editor.gaps.space(number) if number else ""
            pieces += [space, editor.word(number)]
            at += len(space)
            inside = range(word.first, word.last + 1) if word.first >= 0 else ()
            for token in inside:
                start, end = editor.tokens.starts[token], editor.tokens.ends[token]
                places.append((start, end))
                pairs.append((at + start - word.start, at + end - word.start))
            at += word.end - word.start
        return self._runner.doc("".join(pieces), pairs), places, False

    def _found(
        self, doc: Any, places: Sequence[tuple[int, int]], sparing: bool
    ) -> list[Suggestion]:
        found: dict[int, tuple[str, str]] = {}
        for sentence in doc.sents:
            words = [token for token in sentence if not token.is_space]
            if not words:
                continue
            last = words[-1]
            if self._stop is not None:
                final = "last" if not any(not t.is_space for t in doc[last.i + 1 :]) else "stop"
                asks = not sparing and _asks(words)
                text = self._question if asks and self._question else self._stop
                found[last.i] = text, "question" if asks else final
            if self._stop is not None and not sparing and doc.has_annotation("DEP"):
                for place, first in _breaks(sentence):
                    asks = self._question is not None and _asks(
                        [t for t in first.subtree if t.i <= place]
                    )
                    text = self._question if asks and self._question else self._stop
                    found[place] = text, "question" if asks else "break"
            if self._comma is not None and not sparing and doc.has_annotation("DEP"):
                for place, rule in _joints(sentence):
                    if words[0].i <= place < last.i:
                        found.setdefault(place, (self._comma, rule))
        return [
            Suggestion(*places[place], text, self.name, SURE[rule])
            for place, (text, rule) in sorted(found.items())
            if any(c.isalnum() for c in doc[place].text)
        ]


def _asks(words: Sequence[Any]) -> bool:
    """Whether a sentence is a question: its verb stands before its subject."""
    first = words[0]
    if first.lower_ in ("and", "but", "so", "well", "now") and len(words) > 2:
        first = words[1]
    subject = next((t for t in words if t.dep_ in _SUBJECTS and t.head.dep_ == "ROOT"), None)
    if first.lower_ in _ASKING:
        root = next((t for t in words if t.dep_ == "ROOT"), first)
        verbs = [t for t in words if t.head is root and t.pos_ == "AUX"] or [root]
        return subject is not None and (subject.i <= first.i or verbs[0].i < subject.i)
    return first.pos_ == "AUX" and subject is not None and subject.i > first.i


def _breaks(sentence: Any) -> Iterator[tuple[int, Any]]:
    """The tokens of a sentence that another one ends with, and the verb of that one.

    Where nothing marks its end, parsers hang the one under the other.
    """
    for token in sentence:
        head = token.head
        if token.dep_ not in _HUNG or not _has_subject(token) or not _has_subject(head):
            continue
        left, right = sorted((token, head), key=lambda one: one.i)
        # The second clause begins with the first thing of its own.
        own = [t for t in right.subtree if t.i > left.i and not _under(t, left, right)]
        if not own:
            continue
        first = own[0]
        linked = any(t.dep_ in ("mark", "cc") or t.lower_ in _LINKS for t in (first, first.head))
        between = any(t.dep_ in ("mark", "cc") for t in right.children if t.i < right.i)
        says = token.dep_ == "ccomp" and token is right
        if linked or between or says or first.i <= sentence.start + 1:
            continue
        before = first.doc[first.i - 1]
        if first.i > left.i and before.dep_ not in ("cc", "mark") and before.lower_ not in _LINKS:
            yield first.i - 1, left


def _under(token: Any, left: Any, right: Any) -> bool:
    """Whether a token belongs to the first of two clauses, of which one hangs under the other."""
    return (
        token is left
        or (left.is_ancestor(token) and not right.is_ancestor(token))
        or (right.is_ancestor(left) and left.is_ancestor(token))
    )


def _joints(sentence: Any) -> Iterator[tuple[int, str]]:
    """The tokens of a sentence that a comma follows by its parse, with the rule that says so."""
    for token in sentence:
        head = token.head
        if token.dep_ == "cc" and token.i > sentence.start:
            # Two clauses with a subject each.
            others = [t for t in head.conjuncts if t.i > token.i]
            if others and _has_subject(others[0]) and _has_subject(head):
                yield token.i - 1, "clause"
            elif token.lower_ == "but":
                yield token.i - 1, "but"
        elif token.dep_ == "conj" and token.i > head.i and _is_listed(token):
            yield token.left_edge.i - 1, "list"
        elif token.dep_ in _CLAUSES and token.i < head.i:
            if any(t.dep_ in _SUBJECTS and t.i > token.right_edge.i for t in head.children):
                yield token.right_edge.i, "fronted"
        elif token.dep_ == "prep" and token.i < head.i and token.left_edge.i == sentence.start:
            length = token.right_edge.i - token.left_edge.i
            subjects = [t for t in head.children if t.dep_ in _SUBJECTS]
            if length >= 3 and any(t.i > token.right_edge.i for t in subjects):
                yield token.right_edge.i, "fronted"
        elif token.i == sentence.start and (
            token.lower_ in _OPENERS or (token.dep_ in _LEADS and token.lower_ != "please")
        ):
            yield token.i, "lead"


def _is_listed(token: Any) -> bool:
    """Whether something stands in a list of three or more, with another of its kind behind it."""
    doc, edge = token.doc, token.left_edge.i
    if token.pos_ not in ("NOUN", "PROPN", "ADJ") or doc[edge - 1].dep_ == "cc":
        return False
    return any(t.dep_ == "conj" and t.i > token.i and t.pos_ == token.pos_ for t in token.children)


def _has_subject(token: Any) -> bool:
    return any(t.dep_ in _SUBJECTS for t in token.children)
