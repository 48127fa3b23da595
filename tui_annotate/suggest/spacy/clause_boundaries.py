"""Where sentences and clauses meet in the parse of a text without marks: rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

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


def asks(words: Sequence[Any]) -> bool:
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


def breaks(sentence: Any) -> Iterator[tuple[int, Any]]:
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


def clause_boundaries(sentence: Any) -> Iterator[tuple[int, str]]:
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


_BEGINNINGS = frozenset({"and", "but", "so", "well", "now", "then", "or", "yes", "no", "oh"})
_VERBS = frozenset({
    "is", "are", "am", "was", "were", "do", "does", "did", "have", "has", "had", "can", "could",
    "will", "would", "shall", "should", "may", "might", "must", "isn't", "aren't", "wasn't",
    "weren't", "don't", "doesn't", "didn't", "haven't", "hasn't", "hadn't", "can't", "couldn't",
    "won't", "wouldn't", "shouldn't",
})  # fmt: skip
_PEOPLE = frozenset({
    "i", "you", "he", "she", "it", "we", "they", "there", "this", "that", "these", "those", "the",
    "a", "an", "my", "your", "his", "her", "its", "our", "their", "anyone", "anybody", "someone",
    "somebody", "everyone", "everybody",
})  # fmt: skip
_AFTER_ASKING = _VERBS | frozenset({"much", "many", "long", "often", "far", "old", "about", "come"})
_CONTRACTED = frozenset({"what's", "where's", "who's", "how's", "why's", "when's"})


def asks_by_words(words: Sequence[str]) -> bool:
    """Whether an English sentence is a question by how it begins."""
    small = [word.casefold().replace("’", "'") for word in words[:5]]
    while small and small[0] in _BEGINNINGS:
        small.pop(0)
    if len(small) < 2:
        return small[:1] in (["why"], ["what"], ["who"], ["really"])
    if small[0] in _CONTRACTED:
        return True
    if small[0] in _VERBS:
        return small[1] in _PEOPLE
    if small[0] in _ASKING:
        # "When he came …" and "what he said …" are no questions.
        subject = small[0] in ("when", "while", "where") and small[1] not in _VERBS
        follows = small[1] in _AFTER_ASKING or (len(small) > 2 and small[2] in _VERBS)
        return follows and not subject
    return False
