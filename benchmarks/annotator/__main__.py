"""Count key presses and print the table: `python -m benchmarks.annotator [WHAT …]`.

A simulated annotator who knows the answers works in the real editors, through the real table
of keys, on a screen of 80 by 24, and what would be written is compared with the gold. Mistake
by mistake from the left it takes the cheapest keys there are: a shortest path over the moves
of the cursor, tab, jumps, searches, label and border keys. Which mistake comes next is not
chosen best, so that a whole document could cost a little less. A class of a text is found by
trying all ways. The key that decides a document is counted.

In a sound the annotator listens, and keys come at the time of what is heard, give or take
50 ms: `benchmarks/annotator/sounds.py` says how.

With slate it is the same, by its own documents and keys, for the tasks that it has: spans,
tags of tokens, and labels of documents.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.annotator import classes, count, gold, links, marks, phrases, slate, sounds
from benchmarks.annotator.count import Count, Trace
from benchmarks.table import padded
from tui_annotate.suggest.local.words import Words

HERE = Path(__file__).resolve().parent
RECORD = HERE.parent / "ANNOTATOR.md"
MODEL = "en_core_web_sm"
PLAIN = "without suggestions"
HEADER = ("what", "with", "items", "keys", "an item", "a token", "a document", "budget", "met",
          "keys most used")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was counted, and the most keys an item or a token may cost."""

    what: str
    way: str
    count: Count | None
    budget: float | None = None
    per: str = "item"

    @property
    def met(self) -> bool | None:
        """Whether the budget is met; None where there is none."""
        if self.budget is None or self.count is None:
            return None
        per = self.count.items if self.per == "item" else self.count.tokens
        return self.count.keys <= self.budget * per

    @property
    def cells(self) -> tuple[str, ...]:
        """As it is printed."""
        it = self.count
        if it is None:
            return (self.what, self.way, *"-" * 5, "", "", "")
        return (
            self.what,
            self.way,
            f"{it.items:,}",
            f"{it.keys:,}",
            f"{it.keys / it.items:.2f}",
            f"{it.keys / it.tokens:.3f}",
            f"{it.keys / it.documents:.1f}",
            "" if self.budget is None else f"{self.budget:g} a {self.per}",
            {True: "yes", False: "NO", None: ""}[self.met],
            ", ".join(f"{name} {n}" for name, n in it.names.most_common(6)),
        )


def entities(limit: int | None, trace: Trace) -> Iterator[Row]:
    """WikiGold in documents of 500 tokens; an item is an entity."""
    what = "entities, WikiGold"
    documents = gold.wikigold()[:limit]
    labels = ("PER", "LOC", "ORG", "MISC")
    yield Row(what, PLAIN, count.entities(documents, labels, trace=trace), 4.0)
    yield Row(what, "lexicon", count.entities(documents, labels, lexicon=True, trace=trace))
    model = count.pipeline(labels)
    helped = count.entities(documents, labels, model, lexicon=True, trace=trace)
    yield Row(what, f"{MODEL}, lexicon", helped, 2.0)
    yield Row(what, "slate", slate.presses(documents))


def anatomy(limit: int | None, trace: Trace) -> Iterator[Row]:
    """AnEM in documents of 500 tokens: eleven labels, few capitals."""
    what = "entities, AnEM"
    documents = gold.anem()[:limit]
    labels = sorted({label for one in documents for _, _, label in one.entities})
    # The keys end at ten labels.
    keys = {label: "D" for label in labels if label.startswith("Developing")}
    yield Row(what, PLAIN, count.entities(documents, labels, keys=keys, trace=trace))
    learned = count.entities(documents, labels, keys=keys, lexicon=True, trace=trace)
    yield Row(what, "lexicon", learned)
    yield Row(what, "slate", slate.presses(documents))


def pos(limit: int | None, trace: Trace) -> Iterator[Row]:
    """EWT's test set, a sentence each; an item is a token."""
    what = "tags, EWT"
    documents = list(gold.ewt())[:limit]
    yield Row(what, PLAIN, count.tags(documents, suggest=False, trace=trace))
    yield Row(what, MODEL, count.tags(documents, suggest=True, trace=trace), 0.25, "token")
    yield Row(what, "slate", slate.presses(documents, tags=True))


def keyphrases(limit: int | None, trace: Trace) -> Iterator[Row]:
    """SemEval 2017's abstracts; an item is a phrase, marked once."""
    what = "keyphrases, SemEval 2017"
    documents = list(phrases.documents(limit))
    yield Row(what, PLAIN, phrases.count(documents, trace=trace))
    yield Row(what, f"{MODEL}, ten each", phrases.count(documents, phrases.pipeline(), trace))
    yield Row(what, "slate", slate.presses(documents))


def classification(limit: int | None, trace: Trace) -> Iterator[Row]:
    """BANKING77, 77 classes; an item is a text, and deciding takes no key of its own."""
    what = "classes, BANKING77"
    train, test = classes.banking("train", limit), classes.banking("test", limit)
    labels = sorted({label for _, label in classes.banking("train")})
    bare = classes.Classifier(labels, None)
    plain = classes.count(test, bare, learn=False, trace=trace)
    yield Row(what, PLAIN, plain)
    ranking = classes.Classifier(labels, Words())
    learning = classes.count(train, ranking, learn=True, trace=trace)
    yield Row(what, f"ranking, while it learns {len(train):,}", learning)
    held_out = classes.count(test, ranking, learn=False, trace=trace)
    yield Row(what, "ranking, held-out texts after that", held_out)
    yield Row(what, "slate", slate.classes(plain.documents, plain.tokens))


def punctuation(limit: int | None, trace: Trace) -> Iterator[Row]:
    """Two inaugural addresses, stripped and restored character by character; an item is a mark."""
    what = "marks, inaugural addresses"
    documents = list(marks.documents(limit))
    yield Row(what, PLAIN, marks.count(documents, suggest=False, trace=trace))
    yield Row(
        what, "places to look at", marks.count(documents, suggest=False, places=True, trace=trace)
    )
    yield Row(what, MODEL, marks.count(documents, suggest=True, trace=trace))
    yield Row(what, "slate", None)


def linking(limit: int | None, trace: Trace) -> Iterator[Row]:
    """Mentions that come with the text, in a base with 10,000 others; an item is a mention."""
    with tempfile.TemporaryDirectory() as made:
        for name, documents, base in links.iterate(Path(made), limit):
            what = f"links, {name}"
            plain = links.count(documents, base, candidates=False, trace=trace)
            yield Row(what, f"{PLAIN}, by search", plain)
            yield Row(what, "candidates", links.count(documents, base, trace=trace))
            chosen = links.count(documents, base, prechoose=0.7, trace=trace)
            yield Row(what, "candidates, chosen from 0.7", chosen)
            yield Row(what, "slate", None)
            base.close()


def turns(limit: int | None, trace: Trace) -> Iterator[Row]:
    """Who speaks when, in AMI and VoxConverse; an item is a turn, a token a second of sound."""
    meetings = sounds.ami()[:limit]
    for tolerance, budget in ((sounds.COLLAR, 3.0), (sounds.TOLERANCE, None)):
        to = f"to {tolerance * 1000:.0f} ms"
        plain = sounds.count(meetings, tolerance=tolerance, trace=trace)
        yield Row(f"turns, AMI, {to}", PLAIN, plain, budget)
        helped = sounds.count(meetings, sounds.speech, tolerance=tolerance, trace=trace)
        yield Row(f"turns, AMI, {to}", "speech", helped, budget)
        debates = sounds.count(sounds.voxconverse(limit), tolerance=tolerance, trace=trace)
        yield Row(f"turns, VoxConverse, {to}", PLAIN, debates, budget)


def speech(limit: int | None, trace: Trace) -> Iterator[Row]:
    """Where speech is, in AMI; an item is a stretch of it, a token a second of sound."""
    meetings = sounds.spoken(sounds.ami()[:limit])
    for tolerance in (sounds.COLLAR, sounds.TOLERANCE):
        what = f"speech, AMI, to {tolerance * 1000:.0f} ms"
        yield Row(what, PLAIN, sounds.count(meetings, tolerance=tolerance, trace=trace))
        helped = sounds.count(meetings, sounds.speech, tolerance=tolerance, trace=trace)
        yield Row(what, "speech", helped)


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of annotation: its rows, and how many documents a short run has."""

    rows: Callable[[int | None, Trace], Iterator[Row]]
    usual: int


WHAT = {
    "entities": Part(entities, 25),
    "anatomy": Part(anatomy, 12),
    "pos": Part(pos, 500),
    "keyphrases": Part(keyphrases, 15),
    "classes": Part(classification, 2_000),
    "punctuation": Part(punctuation, 2),
    "links": Part(linking, 60),
    "turns": Part(turns, 9),
    "speech": Part(speech, 2),
}


def main() -> int:
    """Count what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.annotator",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="*", help=f"of {', '.join(WHAT)}; all, if none is named")
    parser.add_argument("--documents", type=int, help="only the first so many of each")
    parser.add_argument(
        "--all", action="store_true", help="all documents there are, which takes long"
    )
    parser.add_argument("--trace", action="store_true", help="print the keys of every mistake")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name} too")
    given = parser.parse_args()
    unknown = set(given.what) - set(WHAT)
    if unknown:
        parser.error(f"no {', '.join(sorted(unknown))}; there are {', '.join(WHAT)}")
    began = time.perf_counter()
    rows: list[Row] = []
    for what in given.what or WHAT:
        part = WHAT[what]
        limit = None if given.all else given.documents or part.usual
        for row in part.rows(limit, print if given.trace else None):
            print(f"{row.what}, {row.way}", file=sys.stderr, flush=True)
            rows.append(row)
    text = padded([HEADER, *(row.cells for row in rows)])
    print(text)
    if given.record:
        minutes = (time.perf_counter() - began) / 60
        RECORD.write_text(report(text, minutes), encoding="utf-8")
    return int(any(row.met is False for row in rows))


def report(text: str, minutes: float) -> str:
    """What is recorded."""
    about = (__doc__ or "").partition("\n\n")[2].strip()
    when = f"{datetime.date.today():%Y-%m-%d}"
    return (
        f"# Key presses: `python -m benchmarks.annotator`\n\n{about}\n\n"
        f"Counted on {when}, in {minutes:.0f} minutes. Key presses are exact.\n\n{text}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
