"""The inputs: how long they are, and which come twice, or nearly."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from murmurhash import hash as murmurhash

from tui_annotate.quality.statistics.tally import CountedRecord, mean, quantile
from tui_annotate.quality.tables import Cell, Table
from tui_annotate.task.task import input_hash

if TYPE_CHECKING:
    import numpy as np

MOST_INPUTS = 1_000_000
"""Inputs that are compared with each other: about 100 bytes each."""
BINS = 16
BAND = 4
ALIKE = 12
"""Bins of `BINS` that are equal in inputs that are nearly the same: about three words of four."""
SHINGLE = 3
"""Words that are compared together."""
FEW = 5
"""Words that a text needs to be nearly the same as another."""


class Lengths:
    """How long texts and spans are."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        fields = record.fields
        text, tokens = fields.get("text"), fields.get("tokens")
        if isinstance(text, str):
            self._counts["characters a text"][_rounded(len(text))] += 1
        if isinstance(tokens, list) and tokens:
            self._counts["tokens a text"][_rounded(len(tokens))] += 1
        lengths = [
            int(unit.end) - int(unit.start)
            for unit in record.units
            if unit.start is not None and unit.end is not None and "audio" not in fields
        ]
        if record.answer in (None, "accept") and (lengths or "spans" in fields):
            self._counts["spans a text"][_rounded(len(lengths))] += 1
        for length in lengths:
            self._counts["characters a span"][_rounded(length)] += 1

    def tables(self) -> Iterator[Table]:
        """A row for each thing that has a length."""
        rows: list[list[Cell]] = [
            [name, mean(counts), *(quantile(counts, share) for share in (0.0, 0.5, 0.9, 1.0))]
            for name, counts in self._counts.items()
        ]
        if rows:
            columns = ["what", "mean", "least", "median", "90 %", "most"]
            yield Table("lengths", "Lengths", columns, rows)


def _rounded(length: int) -> int:
    # Two digits of long ones are enough, and keep the counts few.
    return length if length < 1000 else round(length, 2 - len(str(length)))


class Inputs:
    """Inputs that are decided again and again, and texts that are nearly the same as others.

    Texts are compared by a sketch (one-permutation MinHash of word trigrams: Li, Owen and
    Zhang 2012) whose bands are sorted, so that no text is compared with all others.
    """

    def __init__(self) -> None:
        self._hashes = array("q")
        self._sketches = array("I")
        self._places: list[tuple[str, int]] = []
        self._sketched = 0
        self._seen: set[int] = set()
        self._left_out = 0

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        hashed = input_hash(record.fields)
        self._hashes.append(hashed)
        text = record.fields.get("text")
        if not isinstance(text, str) or hashed in self._seen:
            return
        if len(self._seen) >= MOST_INPUTS:
            self._left_out += 1
            return
        self._seen.add(hashed)
        sketch = sketch_of(text)
        if sketch is not None:
            self._sketches.extend(sketch)
            self._places.append(record.place)

    def tables(self) -> Iterator[Table]:
        """The inputs decided most often, and groups of nearly the same texts."""
        import numpy as np

        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        if not len(hashes):
            return
        values, counts = np.unique(hashes, return_counts=True)
        again = int((counts > 1).sum())
        rows: list[list[Cell]] = [
            ["inputs", len(values)],
            ["inputs with several records", again],
            ["records of the input that has most", int(counts.max())],
        ]
        groups = self._groups() if self._places else []
        rows.append(["texts that are nearly the same as another", sum(map(len, groups))])
        note = f"{self._left_out:,} texts were not compared." if self._left_out else ""
        yield Table("inputs", "Inputs", ["what", "count"], rows, note)
        if groups:
            shown: list[list[Cell]] = [
                [len(group), ", ".join(f"{Path(file).name}:{line}" for file, line in group[:3])]
                for group in groups[:10]
            ]
            note = f"{len(groups):,} groups; the largest are shown, with their first lines."
            title = "Texts that are nearly the same"
            yield Table("near", title, ["texts", "lines"], shown, note)

    def _groups(self) -> list[list[tuple[str, int]]]:
        import numpy as np

        sketches = np.frombuffer(self._sketches, dtype=np.uint32).reshape(-1, BINS)
        parents = list(range(len(sketches)))

        def root(item: int) -> int:
            while parents[item] != item:
                parents[item] = parents[parents[item]]
                item = parents[item]
            return item

        for one, other in _candidates(sketches):
            if int((sketches[one] == sketches[other]).sum()) >= ALIKE:
                parents[root(other)] = root(one)
        members: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for item in range(len(parents)):
            members[root(item)].append(self._places[item])
        return sorted((group for group in members.values() if len(group) > 1), key=len)[::-1]


def _candidates(sketches: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs that are equal in a band of bins, each next to the other when sorted."""
    import numpy as np

    for first in range(0, BINS, BAND):
        band = np.ascontiguousarray(sketches[:, first : first + BAND])
        keys = band.view([("", band.dtype)] * BAND).ravel()
        order = np.argsort(keys, kind="stable")
        equal = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        for place in equal:
            yield int(order[place]), int(order[place + 1])


def sketch_of(text: str) -> list[int] | None:
    """A sketch of a text's words, `BINS` numbers of 32 bits; None of too few words."""
    words = text.casefold().split()
    if len(words) < FEW:
        return None
    least = [0xFFFFFFFF] * BINS
    # Shingles of words, hashed once: a hash of three is that of its words, mixed.
    hashes = [murmurhash(word) & 0xFFFFFFFF for word in words]
    one, two = hashes[0], hashes[1]
    for three in hashes[2:]:
        mixed = (one * 0x9E3779B1 ^ two * 0x85EBCA77 ^ three * 0xC2B2AE3D) & 0xFFFFFFFF
        mixed = (mixed ^ (mixed >> 15)) * 0x2C1B3C6D & 0xFFFFFFFF
        place = mixed >> 28
        if mixed < least[place]:
            least[place] = mixed
        one, two = two, three
    for place in range(BINS):
        if least[place] == 0xFFFFFFFF:
            # An empty bin takes the next one's number, so that short texts compare too.
            step = next((s for s in range(1, BINS) if least[(place + s) % BINS] != 0xFFFFFFFF), 0)
            least[place] = least[(place + step) % BINS]
    return least
