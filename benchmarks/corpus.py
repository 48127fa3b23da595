"""The data of the benchmarks: texts that look like English news, and what goes with them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate.task.task import input_hash, own_id, task_hash, task_id

LABELS = ("PERSON", "ORG", "GPE", "DATE")

_NAMES = {
    "PERSON": "Angela Merkel|Barack Obama|John Smith|Maria Garcia|Tony Blair|Anna Lind",
    "ORG": "Microsoft|the European Union|IBM|Reuters|Volkswagen|the United Nations",
    "GPE": "Paris|London|Germany|New York|Japan|South Africa|Chicago",
    "DATE": "Monday|last week|2015|the 1990s|September|next year",
}
_PLAIN = """
the of and to in a that is was for on with as by at from it are be this have or had not but
government company market report year people city river house school music album band record
season player team match goal coach station bridge railway museum painting novel writer letter
council election party minister budget price share profit bank law court judge police officer
early late large small old new young public local national annual final common heavy quiet
announced signed played opened closed wrote published increased declined reported refused built
during before after between against under without several many few most each another about
"""
_PHRASES = {label: names.split("|") for label, names in _NAMES.items()}
_WORDS = _PLAIN.split()

SHAPES = 20
"""How many different texts a source has; further ones repeat them under another marker."""

Span = tuple[int, int, str]
"""First token, the token after the last, label."""


def marker(number: int) -> str:
    """A word by which one task is told from all others; always of the same length."""
    return f"Q{number:07d}"


def sentence(rng: random.Random, length: int = 12) -> tuple[list[str], list[Span]]:
    """Tokens of a sentence of about that length, and the entities in it."""
    words: list[str] = []
    spans: list[Span] = []
    while len(words) < length - 1:
        if rng.random() < 0.2:
            label = rng.choice(LABELS)
            name = rng.choice(_PHRASES[label]).split()
            spans.append((len(words), len(words) + len(name), label))
            words += name
        else:
            words.append(rng.choice(_WORDS))
    words[0] = words[0][0].upper() + words[0][1:]
    return [*words, "."], spans


def text_of(tokens: int, number: int, rng: random.Random) -> str:
    """A text of that many tokens, separated by spaces; its third is the task's marker."""
    words: list[str] = []
    while len(words) < tokens:
        words += sentence(rng)[0]
    words = [*words[: tokens - 1], "."]
    words[2] = marker(number)
    return " ".join(words)


def write_tasks(path: Path, count: int, tokens: int) -> list[str]:
    """Write a source of that many tasks, each with its own marker; the first `SHAPES` texts."""
    rng = random.Random(count + tokens)
    texts = [text_of(tokens, number, rng) for number in range(SHAPES)]
    encode = msgspec.json.encode
    with path.open("wb") as file:
        for number in range(count):
            text = texts[number % SHAPES].replace(marker(number % SHAPES), marker(number))
            file.write(encode({"text": text, "meta": {"source": "synthetic", "number": number}}))
            file.write(b"\n")
    return texts


def write_answers(source: Path, models: Iterable[bytes], path: Path, count: int) -> None:
    """Decide the first tasks of a source of `write_tasks` as the program would have.

    Args:
        source: The source.
        models: The lines that the program itself wrote for the first `SHAPES` tasks. All are
            made of these in turn, with text, hashes and id of the task they are for.
        path: The output.
        count: How many tasks are decided.
    """
    encode, decode = msgspec.json.encode, msgspec.json.decode
    pieces = [_template(decode(line)) for line in models]
    with source.open("rb") as tasks, path.open("wb") as file:
        for number, task in zip(range(count), tasks, strict=False):
            fields = decode(task)
            values = {
                b"@text": encode(fields["text"]),
                b"@meta": encode(fields["meta"]),
                b"@marker": marker(number).encode(),
                b"@input": b"%d" % input_hash(fields),
                b"@task": b"%d" % task_hash(fields),
                b"@id": encode(task_id(own_id(fields))),
            }
            model = pieces[number % SHAPES]
            file.write(b"".join(values.get(piece, piece) for piece in model))


def _template(line: dict[str, Any]) -> list[bytes]:
    """A line of the program cut into what stays and the names of what differs."""
    mark = line["text"].split()[2]
    fields = {
        **line,
        "text": "\0@text\0",
        "meta": "\0@meta\0",
        "_input_hash": "\0@input\0",
        "_task_hash": "\0@task\0",
        "_task_id": "\0@id\0",
    }
    raw = msgspec.json.encode(fields) + b"\n"
    raw = raw.replace(mark.encode(), b"\0@marker\0")
    raw = raw.replace(rb'"\u0000', b"\0").replace(rb'\u0000"', b"\0")
    return raw.split(b"\0")


def document(tokens: int, share: float) -> tuple[str, list[tuple[int, int]], list[Span]]:
    """A long text, its tokens, and entities that cover about that share of them."""
    rng = random.Random(tokens)
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    spans: list[Span] = []
    at = labelled = 0
    while len(ranges) < tokens:
        words, _ = sentence(rng, rng.randint(6, 28))
        words = words[: tokens - len(ranges)]
        ends_paragraph = rng.random() < 0.2
        for place, word in enumerate(words):
            ranges.append((at, at + len(word)))
            space = "\n" if ends_paragraph and place == len(words) - 1 else " "
            parts += [word, space]
            at += len(word) + 1
    first = 0
    while first < tokens - 4 and share:
        length = rng.choice((1, 1, 2, 3))
        if labelled <= share * first:
            spans.append((first, first + length, rng.choice(LABELS)))
            labelled += length
            first += length
        first += rng.choice((1, 2))
    text = "".join(parts).rstrip()
    return text, ranges, spans


def write_document(path: Path, tokens: int, share: float) -> None:
    """Write a long text as a source of one task, and for slate as a text with annotations."""
    text, ranges, spans = document(tokens, share)
    task = {
        "text": text,
        "tokens": [
            {"text": text[start:end], "start": start, "end": end, "id": number, "ws": True}
            for number, (start, end) in enumerate(ranges)
        ],
        "spans": [
            {
                "start": ranges[first][0],
                "end": ranges[after - 1][1],
                "token_start": first,
                "token_end": after - 1,
                "label": label,
            }
            for first, after, label in spans
        ],
    }
    path.write_bytes(msgspec.json.encode(task) + b"\n")
    path.with_suffix(".txt").write_text(text + "\n", encoding="utf-8")
    path.with_suffix(".txt.annotations").write_text(
        "".join(_slate_lines(text, spans)), encoding="utf-8"
    )


def _slate_lines(text: str, spans: Iterable[Span]) -> Iterator[str]:
    places = [
        (number, place)
        for number, line in enumerate(text.split("\n"))
        for place in range(len(line.split()))
    ]
    slate_labels = dict(zip(LABELS, "asdv", strict=True))
    for first, after, label in spans:
        yield f"({places[first]}, {places[after - 1]}) - label:{slate_labels[label]}\n"
