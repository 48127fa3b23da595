"""Count key presses and print the table: `python -m benchmarks.annotator [WHAT …]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.annotator import count, gold, slate
from benchmarks.annotator.count import Count

HEADER = ("what", "keys", "an item", "a token", "a document", "budget", "met", "keys most used")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was counted, and the most keys an item or a token may cost."""

    what: str
    count: Count
    budget: float | None = None
    per: str = "item"

    @property
    def cells(self) -> tuple[str, ...]:
        """As it is printed."""
        it = self.count
        item, token = it.keys / it.items, it.keys / it.tokens
        met = "" if self.budget is None else "yes"
        if self.budget is not None and (item if self.per == "item" else token) > self.budget:
            met = "NO"
        return (
            self.what,
            f"{it.keys:,}",
            f"{item:.2f}",
            f"{token:.3f}",
            f"{it.keys / it.documents:.1f}",
            "" if self.budget is None else f"{self.budget:g} a {self.per}",
            met,
            ", ".join(f"{name} {n}" for name, n in it.names.most_common(6)),
        )


Trace = Callable[[str], None] | None


def entities(limit: int | None, trace: Trace) -> Iterator[Row]:
    """WikiGold in documents of 500 tokens."""
    documents = gold.wikigold()[:limit]
    labels = ("PER", "LOC", "ORG", "MISC")
    plain = count.entities(documents, labels, trace=trace)
    yield Row("entities, WikiGold, without suggestions", plain, 4.0)
    learned = count.entities(documents, labels, lexicon=True, trace=trace)
    yield Row("entities, WikiGold, lexicon", learned)
    model = count.pipeline(labels)
    helped = count.entities(documents, labels, model, lexicon=True, trace=trace)
    yield Row("entities, WikiGold, en_core_web_sm and lexicon", helped, 2.0)
    yield Row("entities, WikiGold, slate", slate.presses(documents))


def anatomy(limit: int | None, trace: Trace) -> Iterator[Row]:
    """AnEM in documents of 500 tokens: eleven labels, few capitals."""
    documents = gold.anem()[:limit]
    labels = sorted({label for one in documents for _, _, label in one.entities})
    # The keys end at ten labels.
    keys = {label: "D" for label in labels if label.startswith("Developing")}
    plain = count.entities(documents, labels, keys=keys, trace=trace)
    yield Row("entities, AnEM, without suggestions", plain)
    learned = count.entities(documents, labels, keys=keys, lexicon=True, trace=trace)
    yield Row("entities, AnEM, lexicon", learned)
    yield Row("entities, AnEM, slate", slate.presses(documents))


def pos(limit: int | None, trace: Trace) -> Iterator[Row]:
    """EWT, a sentence each; an item is a token."""
    documents = list(gold.ewt())[:limit]
    helped = count.tags(documents, suggest=True, trace=trace)
    yield Row("tags, EWT, en_core_web_sm", helped, 0.25, "token")
    yield Row("tags, EWT, without suggestions", count.tags(documents, suggest=False, trace=trace))


WHAT = {"entities": entities, "anatomy": anatomy, "pos": pos}


def main() -> None:
    """Count what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.annotator", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(WHAT)}; all, if none is named")
    parser.add_argument("--documents", type=int, help="only the first so many of each")
    parser.add_argument("--trace", action="store_true", help="print the keys of every mistake")
    given = parser.parse_args()
    unknown = set(given.what) - set(WHAT)
    if unknown:
        parser.error(f"no {', '.join(sorted(unknown))}; there are {', '.join(WHAT)}")
    rows: list[tuple[str, ...]] = [HEADER]
    for what in given.what or WHAT:
        rows += (row.cells for row in WHAT[what](given.documents, print if given.trace else None))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    for number, row in enumerate(rows):
        print("| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |")
        if not number:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


if __name__ == "__main__":
    main()
