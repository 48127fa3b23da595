"""Stretches that lie apart and in order, and what is left of one set beside another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Stretch = tuple[int, int]
"""A start, and the end after it; in frames."""


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same frames as stretches that lie apart, in order; those that touch are one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def minus(stretches: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """What is left of stretches without others; both are as `union` gives them."""
    found: list[Stretch] = []
    place = 0
    for start, end in stretches:
        while place < len(others) and others[place][1] <= start:
            place += 1
        here = place
        while here < len(others) and others[here][0] < end:
            if start < others[here][0]:
                found.append((start, others[here][0]))
            start = max(start, others[here][1])
            here += 1
        if start < end:
            found.append((start, end))
    return found


def length(stretches: Iterable[Stretch]) -> int:
    """How many frames some stretches have that lie apart."""
    return sum(end - start for start, end in stretches)
