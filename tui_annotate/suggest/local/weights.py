"""Weights of names for classes, learned one example at a time: a softmax regression."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

_RATE = 0.05
_START = 10.0
"""What the sums of squares begin with, so that the first examples do not decide alone."""


class Weights:
    """A softmax regression over sparse binary features, trained by AdaGrad.

    Duchi, Hazan and Singer, "Adaptive Subgradient Methods" (JMLR 12, 2011).

    Args:
        classes: The classes.
        prior: What the weights are before anything was learned: of a feature, that of each class.
    """

    def __init__(
        self, classes: Sequence[str], prior: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        self.classes = tuple(classes)
        self._places = {name: place for place, name in enumerate(self.classes)}
        self._weights: dict[str, list[float]] = {}
        self._sums: dict[str, list[float]] = {}
        self.seen = 0
        for feature, of_class in (prior or {}).items():
            self._weights[feature] = [of_class.get(name, 0.0) for name in self.classes]

    def chances(self, features: Iterable[str]) -> list[float]:
        """How likely each class is; they sum to 1."""
        count = len(self.classes)
        sums = [0.0] * count
        weights = self._weights
        for feature in features:
            own = weights.get(feature)
            if own is not None:
                for place in range(count):
                    sums[place] += own[place]
        highest = max(sums)
        shares = [math.exp(value - highest) for value in sums]
        whole = math.fsum(shares)
        return [share / whole for share in shares]

    def learn(self, features: Sequence[str], name: str) -> None:
        """Take in an example; a class that is not known is left out."""
        right = self._places.get(name)
        if right is None:
            return
        self.seen += 1
        wrong = self.chances(features)
        wrong[right] -= 1.0
        for feature in features:
            own = self._weights.get(feature)
            if own is None:
                own = self._weights[feature] = [0.0] * len(wrong)
            sums = self._sums.get(feature)
            if sums is None:
                sums = self._sums[feature] = [_START] * len(wrong)
            for place, gradient in enumerate(wrong):
                sums[place] += gradient * gradient
                own[place] -= _RATE * gradient / math.sqrt(sums[place])
