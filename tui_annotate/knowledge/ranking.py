"""Which of the entities a mention means: by name, by prior, by what the text speaks of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tui_annotate.knowledge.entity import Candidate
from tui_annotate.knowledge.folding import stem, words

_EXACT = 9.0
_AS_WRITTEN = 0.5
_ALL_WORDS = 3.0
_COVERED = 2.0
_SOME_WORDS = 1.5
_NONE_OF_THEM = 3.0
"""What speaks for a name that is the mention, holds it, or shares words with it, and what
for none of the entities, all as logarithms. Exact names win whatever else is known: prior
and context move a candidate by less than lies between them."""

_PRIOR = 0.5
_LOWEST = -3.0
_CONTEXT = 0.8
_MOST = 2.5


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that a mention may mean.

    Attributes:
        number: Its place in the order of priors.
        id: Its id.
        name: Its name.
        description: A few words on it.
        names: All its names.
        prior: How often it is meant, or how often this mention means it.
    """

    number: int
    id: str
    name: str
    description: str
    names: tuple[str, ...]
    prior: float | None


def rank(mention: str, matches: Sequence[Match], context: Sequence[str]) -> list[Candidate]:
    """Order matches, the likeliest first, and say how likely each is.

    Args:
        mention: The mention as the text has it.
        matches: The entities to choose from.
        context: Folded words of the text.
    """
    if not matches:
        return []
    parts = words(mention)
    speaking = _speaking(matches, context)
    highest = max((match.prior or 0.0) for match in matches)
    weighed = []
    for match, by_context in zip(matches, speaking, strict=True):
        weight = _by_name(mention, parts, match.names) + _CONTEXT * min(by_context, _MOST)
        if highest > 0:
            share = (match.prior or 0.0) / highest
            weight += _PRIOR * max(math.log(share) if share > 0 else _LOWEST, _LOWEST)
        weighed.append((weight, match))
    weighed.sort(key=lambda pair: (-pair[0], pair[1].number))
    total = math.exp(_NONE_OF_THEM) + sum(math.exp(weight) for weight, _ in weighed)
    return [
        Candidate(match.id, match.name, match.description, math.exp(weight) / total)
        for weight, match in weighed
    ]


def _by_name(mention: str, parts: list[str], names: Sequence[str]) -> float:
    """What the best of an entity's names says."""
    best = 0.0
    wanted = set(parts)
    for name in names:
        if name == mention:
            return _EXACT + _AS_WRITTEN
        own = words(name)
        if own == parts:
            best = max(best, _EXACT)
            continue
        shared = wanted.intersection(own)
        if not own or best > _ALL_WORDS + _COVERED:
            continue
        covered = len(shared) / max(len(own), 1)
        if len(shared) == len(wanted):
            edge = own[-len(parts) :] == parts or own[: len(parts)] == parts
            best = max(best, _ALL_WORDS + _COVERED * covered + (0.3 if edge else 0.0))
        else:
            best = max(best, _SOME_WORDS * len(shared) / len(wanted))
    return best


def _speaking(matches: Sequence[Match], context: Sequence[str]) -> list[float]:
    """How much the text speaks of what each description says.

    A word that stands in most of the descriptions tells them apart least.
    """
    near = {stem(word) for word in context}
    if not near:
        return [0.0] * len(matches)
    shared = [
        {stem(word) for word in words(match.description) if len(word) > 3} & near
        for match in matches
    ]
    often = Counter(word for found in shared for word in found)
    many = len(matches) + 1
    return [sum(math.log(many / often[word]) for word in found) for found in shared]
