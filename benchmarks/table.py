"""Results, and how they are printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Attributes:
        what: What was measured.
        value: The median.
        unit: Its unit: ms, s, bytes or MB.
        against: What it is compared with; empty where the budget is a plain number.
        base: The median of that, in the same unit.
        budget: The most that `value` may be: times `base`, or plain without one; None for
            what has no budget.
        note: More of what was seen, such as extremes.
    """

    what: str
    value: float
    unit: str
    against: str = ""
    base: float | None = None
    budget: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the base."""
        return None if self.base is None else self.value / self.base

    @property
    def met(self) -> bool | None:
        """Whether the budget is met; None where there is none, or nothing was measured."""
        measured = self.value if self.ratio is None else self.ratio
        return None if self.budget is None or math.isnan(measured) else measured <= self.budget


HEADER = ("what", "measured", "compared with", "ratio", "budget", "met", "more")


def cells(result: Result) -> tuple[str, ...]:
    """A result as the cells of its row."""
    against = ""
    if result.base is not None:
        against = f"{result.against}: {quantity(result.base, result.unit)}"
    budget = ""
    if result.budget is not None:
        plain = result.base is None
        budget = quantity(result.budget, result.unit) if plain else f"{result.budget:g} ×"
    return (
        result.what,
        quantity(result.value, result.unit),
        against,
        "" if result.ratio is None else f"{result.ratio:.2f}",
        budget,
        {True: "yes", False: "NO", None: ""}[result.met],
        result.note,
    )


def quantity(value: float, unit: str) -> str:
    """A number with its unit."""
    if math.isnan(value):
        return "not measured"
    if unit in ("bytes", "MB"):
        return f"{value:,.0f} {unit}"
    return f"{value:,.1f} {unit}" if unit == "ms" else f"{value:,.2f} {unit}"


def table(results: Iterable[Result]) -> str:
    """The results as a table in Markdown."""
    return padded([HEADER, *map(cells, results)])


def padded(rows: Sequence[Sequence[str]]) -> str:
    """Rows, the first of them the head, as a table in Markdown that can be read as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
