"""The lines of WebAnno TSV 3: layers in the head, and what stands in the cells.

A cell has the values of one feature of the annotations on a token: ``PER[1]|LOC[2]`` are two
that are stacked. ``_`` is none, ``*`` one without a value. The number in brackets stands wherever
an annotation covers more than one token, or is one of several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

NONE = "_"
UNSET = "*"
STACKED = "|"

SPANS, RELATIONS, CHAINS = "SP", "RL", "CH"
"""The kinds of layers."""

ROLE = "ROLE_"
"""What a column of slots begins with; the type of what fills them has the next column."""

POS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"
LEMMA = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma"
OF_TOKENS: Mapping[str, Mapping[str, str]] = {
    POS: {"PosValue": "tag", "coarseValue": "pos"},
    LEMMA: {"value": "lemma"},
}
"""Layers that say something of tokens: the field of a token by the feature."""

_WORDS = re.compile(r"\.(?:lexmorph|segmentation)\.")
IDENTIFIER = "identifier"
"""The feature that has the entity in a knowledge base."""

_HEADER = re.compile(r"#T_(SP|RL|CH)=([^|\s]+)((?:\|[^|]*)*)")
_IN_VALUE = re.compile(r"\\(->|[\[\]|_;*\\tn])")
_OUT_OF_VALUE = re.compile(r"->|[\[\]|_;*\\\t\n]")
_IN_TEXT = re.compile(r"\\([\0-\x07\x0e-\x1ftnfrb\\])")
_OUT_OF_TEXT = re.compile(r"[\0-\x0a\x0c-\x1f\\]")
_IN_OLD_TEXT = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}
_NAMES = {letter: name for name, letter in _LETTERS.items()}
_NUMBERED = re.compile(r"((?:[^\\]|\\.)*)\[(\d{1,9})\]", re.DOTALL)
_CUTS = re.compile(r"\\.|[|;]", re.DOTALL)


class Layer(msgspec.Struct, frozen=True):
    """A layer of annotations.

    Attributes:
        kind: `SPANS`, `RELATIONS` or `CHAINS`.
        name: Its type, such as ``webanno.custom.Span``.
        features: What its columns have; an empty name, if the layer has no features.
    """

    kind: str
    name: str
    features: tuple[str, ...]

    @property
    def short(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]

    @property
    def of_words(self) -> bool:
        """Whether it is about words as such: their part of speech, form or stem."""
        return bool(_WORDS.search(self.name))

    @property
    def plain(self) -> tuple[str, ...]:
        """The features that have values, not slots."""
        slots = {at for at, name in enumerate(self.features) if name.startswith(ROLE)}
        return tuple(
            name
            for at, name in enumerate(self.features)
            if name and at not in slots and at - 1 not in slots
        )

    def labelling(self, wanted: str | None = None) -> str | None:
        """The feature whose value is the label; None where there is none."""
        plain = [name for name in self.plain if name != IDENTIFIER]
        if wanted is not None:
            return wanted if wanted in plain else None
        return "value" if "value" in plain else next(iter(plain), None)


def layer_of(line: str) -> Layer | None:
    """The layer that a line of the head declares; None where it declares none."""
    match = _HEADER.fullmatch(line)
    if match is None:
        return None
    features = [*match[3].split(STACKED)[1:]] or [""]
    # WebAnno leaves an empty name out where others follow.
    features = [name for name in features if name] or [""]
    return Layer(match[1], match[2], tuple(features))


def parts(cell: str, between: str = STACKED) -> list[str]:
    """The values in a cell."""
    if between not in cell:
        return [cell]
    cuts = [match.start() for match in _CUTS.finditer(cell) if match[0] == between]
    return [cell[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, len(cell)], strict=True)]


def numbered(value: str) -> tuple[str, int | None]:
    """A value without its number, and the number."""
    match = _NUMBERED.fullmatch(value)
    return (match[1], int(match[2])) if match else (value, None)


def value_in(value: str) -> str | None:
    """What a value says; None where it says nothing."""
    if value in (UNSET, NONE):
        return None
    return _IN_VALUE.sub(lambda match: _LETTERS.get(match[1], match[1]), value)


def value_out(value: str | None) -> str:
    """A value as it stands in a cell."""
    if value is None:
        return UNSET
    return _OUT_OF_VALUE.sub(lambda match: "\\" + _NAMES.get(match[0], match[0]), value)


def text_in(text: str, version: tuple[int, int]) -> str:
    """A text without its escapes, which were those of Java in the first versions."""
    if version >= (3, 2):
        return _IN_TEXT.sub(lambda match: _LETTERS.get(match[1], match[1]), text)
    return _IN_OLD_TEXT.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else _LETTERS.get(match[2], match[2]),
        text,
    )


def text_out(text: str) -> str:
    """A text, or an id, with escapes."""
    return _OUT_OF_TEXT.sub(lambda match: "\\" + _NAMES.get(match[0], match[0]), text)
