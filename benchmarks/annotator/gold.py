"""Documents whose annotation is known, from corpora in the CoNLL format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
Entity = tuple[int, int, str]
"""Start, end (code points) and label."""

_CLOSING = frozenset({".", ",", ";", ":", "!", "?", ")", "]", "}", "%", "'s", "n't", "''", "..."})
_OPENING = frozenset({"(", "[", "{", "``", "$"})


@dataclass(frozen=True, slots=True)
class Gold:
    """A document and what an annotator would write about it.

    Attributes:
        lines: Its sentences, as words.
        text: The text that is shown.
        tokens: The words' places in the text.
        tags: A tag for each token; in the IOB format for entities.
        entities: The entities, in order.
    """

    lines: list[list[str]]
    text: str
    tokens: Tokens
    tags: list[str]
    entities: list[Entity] = field(default_factory=list)

    def task(self, number: int) -> Task:
        """The document as a task with its own tokens."""
        fields: dict[str, Any] = {"text": self.text, "tokens": self.tokens.to_fields(self.text)}
        tokens = fields["tokens"]
        return Task(fields, f"{number:016x}", Origin("gold", number + 1), number, tokens)


Sentence = list[tuple[str, str]]
"""Words and their tags."""


def sentences(path: Path, separator: str | None, word: int) -> Iterator[list[Sentence]]:
    """The documents of a file in a CoNLL format, each as its sentences."""
    document: list[Sentence] = []
    with path.open(encoding="utf-8") as lines:
        for filled, group in groupby((line.rstrip("\n") for line in lines), key=bool):
            if not filled:
                continue
            rows = [row.split(separator) for row in group]
            if rows[0][0] == "-DOCSTART-":
                yield document
                document = []
                continue
            document.append([(row[word], row[-1]) for row in rows])
    yield document


def joined(documents: Iterable[list[Sentence]], size: int) -> Iterator[list[list[Sentence]]]:
    """Whole documents put together, sentence by sentence, until there are so many tokens."""
    parts: list[list[Sentence]] = []
    count = 0
    for document in documents:
        part: list[Sentence] = []
        for sentence in document:
            part.append(sentence)
            count += len(sentence)
            if count >= size:
                yield [*parts, part]
                parts, part, count = [], [], 0
        if part:
            parts.append(part)
    if parts:
        yield parts


def assemble(parts: Sequence[Sequence[Sentence]]) -> Gold:
    """A document of paragraphs: words spaced as in print, sentences after each other."""
    pieces: list[str] = []
    pairs: list[tuple[int, int]] = []
    at = 0
    for number, part in enumerate(parts):
        before = ""
        for place, (word, _) in enumerate(row for sentence in part for row in sentence):
            gap = "\n\n" if number and not place else " " if pairs and place else ""
            if gap == " " and (word in _CLOSING or before in _OPENING):
                gap = ""
            pieces += [gap, word]
            pairs.append((at + len(gap), at + len(gap) + len(word)))
            at += len(gap) + len(word)
            before = word
    text = "".join(pieces)
    flat = [sentence for part in parts for sentence in part]
    tags = [tag for sentence in flat for _, tag in sentence]
    borders = {sum(map(len, flat[:n])) for n in range(len(flat))}
    entities = list(_entities(tags, pairs, borders))
    lines = [[word for word, _ in sentence] for sentence in flat]
    return Gold(lines, text, Tokens.from_pairs(text, pairs), tags, entities)


def _entities(
    tags: Sequence[str], pairs: Sequence[tuple[int, int]], borders: set[int]
) -> Iterator[Entity]:
    first = 0
    for n in range(1, len(tags) + 1):
        label = tags[first][2:]
        on = n < len(tags) and n not in borders and tags[n][:1] == "I" and tags[n][2:] == label
        if on and label:
            continue
        if label:
            yield pairs[first][0], pairs[n - 1][1], label
        first = n


def wikigold(size: int = 500, shared: Path = SHARED) -> list[Gold]:
    """WikiGold, joined."""
    path = shared / "ner-wikigold" / "CONLL-format" / "data" / "wikigold.conll.txt"
    return [assemble(parts) for parts in joined(sentences(path, None, 0), size)]


def anem(size: int = 500, shared: Path = SHARED) -> list[Gold]:
    """AnEM's test part, joined."""
    path = shared / "ner-anem" / "CONLL-format" / "data" / "AnEM.test"
    return [assemble(parts) for parts in joined(sentences(path, "\t", 0), size)]


def ewt(shared: Path = SHARED) -> Iterator[Gold]:
    """The test part of the English Web Treebank, a sentence each, with universal tags."""
    path = shared / "ud-english-ewt" / "en_ewt-ud-test.conllu"
    with path.open(encoding="utf-8") as lines:
        for filled, group in groupby((line.rstrip("\n") for line in lines), key=bool):
            if filled:
                yield _tree([row.split("\t") for row in group if not row.startswith("#")])


def _tree(rows: Sequence[Sequence[str]]) -> Gold:
    words: list[str] = []
    tags: list[str] = []
    pairs: list[tuple[int, int]] = []
    at, inside, space_after = 0, 0, True
    text = ""
    for row in rows:
        number, _, last = row[0].partition("-")
        spaced = "SpaceAfter=No" not in row[9]
        if last:
            inside, space_after = int(last), spaced
        elif number.isdigit():
            end = at + len(row[1])
            words.append(row[1])
            tags.append(row[3])
            pairs.append((at, end))
            gap = spaced if int(number) > inside else space_after and int(number) == inside
            text += row[1] + " " * gap
            at = end + gap
    return Gold([words], text.rstrip(), Tokens.from_pairs(text.rstrip(), pairs), tags)
