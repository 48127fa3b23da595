"""Labels with labels above them: ``topic/sport/football``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

SEPARATOR = "/"


def ancestors(label: str) -> Iterator[str]:
    """The labels above one, the nearest first."""
    while SEPARATOR in label:
        label = label.rpartition(SEPARATOR)[0]
        if label:
            yield label


def with_ancestors(labels: Iterable[str]) -> list[str]:
    """Labels with all that stand above them, each of those before the first below it."""
    found: dict[str, None] = {}
    given = list(labels)
    for label in given:
        for above in reversed(list(ancestors(label))):
            if above not in given:
                found[above] = None
        found[label] = None
    return list(found)


def closed(chosen: Iterable[str], offered: Collection[str]) -> set[str]:
    """Labels together with all that stand above them and are on offer."""
    found = set(chosen)
    for label in list(found):
        found.update(above for above in ancestors(label) if above in offered)
    return found


def lowest(chosen: Collection[str]) -> set[str]:
    """Labels without those that others among them imply."""
    implied = {above for label in chosen for above in ancestors(label)}
    return set(chosen) - implied
