"""Sets of tags: their names, their keys, and what they mean.

A key is one character, or two that are typed one after the other. No key is
the beginning of another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import msgspec

from tui_annotate.errors import UsageError
from tui_annotate.wording import reason

JOINT = "+"
"""What joins the tags of words that share a token: ``ADP+DET``."""

_KEPT = frozenset("auq")
"""Letters that no tag gets of itself: accepting, undoing and leaving keep them."""


class Tag(msgspec.Struct, frozen=True):
    """One tag.

    Attributes:
        name: What is written as the label.
        key: One or two characters that tag a token with it; nothing where it has none yet.
        description: What it means.
    """

    name: str
    key: str = ""
    description: str = ""


class TagSet(msgspec.Struct, frozen=True):
    """Tags with their keys, in the order of the legend.

    Attributes:
        tags: The tags.
        name: What a user calls the set: ``upos``, ``xpos``, or a file.
        column: Which field of a token that came with a task holds such a tag: ``pos``
            (universal) or ``tag`` (the language's own).
    """

    tags: tuple[Tag, ...]
    name: str = ""
    column: str = "tag"

    @property
    def names(self) -> tuple[str, ...]:
        """The tags' names."""
        return tuple(tag.name for tag in self.tags)

    @property
    def keys(self) -> dict[str, str]:
        """The key of each tag that has one, those of two characters with a space between."""
        return {tag.name: " ".join(tag.key) for tag in self.tags if tag.key}

    @property
    def descriptions(self) -> dict[str, str]:
        """What is known about each tag."""
        return {tag.name: tag.description for tag in self.tags if tag.description}

    def only(self, names: Iterable[str]) -> TagSet:
        """The set of exactly these tags; what this one does not know gets a free key."""
        wanted = list(names)
        known = [tag for tag in self.tags if tag.name in wanted]
        own = {tag.name for tag in known}
        strange = [Tag(name) for name in wanted if name not in own]
        return TagSet(with_keys([*known, *strange]), self.name, self.column)


class OnOffer(Collection[str]):
    """The labels on offer, and those that join several of them."""

    def __init__(self, labels: Collection[str]) -> None:
        self._labels = labels

    def __contains__(self, label: object) -> bool:
        return label in self._labels or (
            isinstance(label, str) and all(part in self._labels for part in label.split(JOINT))
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)


def with_keys(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Give a key to every tag that has none.

    One letter each where the letters suffice, first of all one that is in the
    name; else two characters, the first shared by tags that begin alike.
    """
    taken = {tag.key for tag in tags if tag.key}
    bare = [tag for tag in tags if not tag.key]
    free = [c for c in ascii_lowercase if c not in _KEPT and not _clashes(c, taken)]
    keys = _single(bare, free) if len(bare) <= len(free) else _double(bare, taken)
    return tuple(
        tag if tag.key else Tag(tag.name, keys.get(tag.name, ""), tag.description) for tag in tags
    )


def _clashes(key: str, taken: Iterable[str]) -> bool:
    return any(key.startswith(other) or other.startswith(key) for other in taken)


def _letters(name: str) -> list[str]:
    return [c for c in name.lower() if c in ascii_lowercase]


def _single(tags: Sequence[Tag], free: Sequence[str]) -> dict[str, str]:
    left = list(free)
    keys: dict[str, str] = {}
    # First letters are given out before any tag takes another one's.
    for place in (0, None):
        for tag in tags:
            letters = _letters(tag.name)
            wanted = letters[:1] if place == 0 else [*letters, *left]
            found = next((c for c in wanted if c in left), None)
            if tag.name not in keys and found is not None:
                keys[tag.name] = found
                left.remove(found)
    return keys


def _double(tags: Sequence[Tag], taken: Collection[str]) -> dict[str, str]:
    used = set(taken)
    whole = {key for key in taken if len(key) == 1}
    keys: dict[str, str] = {}
    for tag in tags:
        letters = _letters(tag.name)
        firsts = [c for c in letters if c not in _KEPT] if letters else [","]
        seconds = [*letters[1:][::-1], *letters[:1], *ascii_lowercase, *"0123456789,.-"]
        for first in [*firsts, *(c for c in ascii_lowercase if c not in _KEPT)]:
            if first in whole:
                continue
            found = next((first + c for c in seconds if first + c not in used), None)
            if found is not None:
                keys[tag.name] = found
                used.add(found)
                break
    return keys


def read_tagset(value: str) -> TagSet:
    """The set of tags that a user names: ``upos``, ``xpos``, or a file.

    Raises:
        UsageError: The file cannot be read, or something in it is wrong.
    """
    if value.lower() in BUILT_IN:
        return BUILT_IN[value.lower()]
    path = Path(value)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f"no tag set {value!r}",
            where="--tagset",
            do="use upos, xpos, or a file with tag, key and description",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the tags cannot be read ({reason(error)})", where=value) from None
    rows = list(_json_rows(text, value) if text.lstrip()[:1] in ("[", "{") else _tsv_rows(text))
    if not rows:
        raise UsageError("this file has no tags", where=value, do="write one per line")
    tags = with_keys(_checked(rows, value))
    universal = 2 * sum(tag.name in UPOS.names for tag in tags) > len(tags)
    return TagSet(tags, value, "pos" if universal else "tag")


def _tsv_rows(text: str) -> Iterator[tuple[int, Tag]]:
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        header = number == 1 and [c.lower() for c in cells[:2]] == ["tag", "key"]
        if line.strip() and not header:
            yield number, Tag(*[*cells, "", ""][:3])


def _json_rows(text: str, where: str) -> Iterator[tuple[int, Tag]]:
    import json

    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(
            "this is not JSON",
            where=f"{where}:{error.lineno}",
            do="look at the brackets, quotes and commas",
        ) from None
    except (ValueError, RecursionError):
        raise UsageError("this is not JSON that can be used", where=where) from None
    if isinstance(found, Mapping):
        found = [
            {"tag": name, **(about if isinstance(about, Mapping) else {"description": about})}
            for name, about in found.items()
        ]
    for number, entry in enumerate(found, start=1):
        fields: Mapping[str, Any] = {"tag": entry} if isinstance(entry, str) else entry
        if not isinstance(fields, Mapping) or not isinstance(fields.get("tag"), str):
            raise UsageError(
                f"entry {number} has no tag", where=where, do='write {"tag": "NOUN", "key": "n"}'
            )
        yield (
            number,
            Tag(
                fields["tag"].strip(),
                str(fields.get("key") or "").strip(),
                str(fields.get("description") or "").strip(),
            ),
        )


def _checked(rows: Sequence[tuple[int, Tag]], where: str) -> list[Tag]:
    tags: list[Tag] = []
    for number, tag in rows:
        place = f"{where}:{number}"
        if not tag.name:
            raise UsageError("a tag has no name", where=place)
        if any(other.name == tag.name for other in tags):
            raise UsageError(f"the tag {tag.name!r} is listed twice", where=place)
        if len(tag.key) > 2 or not tag.key.isprintable() or " " in tag.key:
            raise UsageError(
                f"the tag {tag.name!r} has the key {tag.key!r}",
                where=place,
                do="use one character, or two typed in sequence",
            )
        for other in tags:
            if tag.key and other.key and _clashes(tag.key, [other.key]):
                raise UsageError(
                    f"the tags {other.name!r} and {tag.name!r} want the keys "
                    f"{other.key!r} and {tag.key!r}, but one is the beginning of the other",
                    where=place,
                    do="give one of them another key",
                )
        tags.append(tag)
    return tags


def _table(name: str, column: str, rows: str) -> TagSet:
    parts = (line.strip().split(None, 2) for line in rows.strip().splitlines())
    return TagSet(tuple(Tag(name, key, about) for name, key, about in parts), name, column)


UPOS = _table(
    "upos",
    "pos",
    """
    NOUN  n noun: girl, tree, beauty
    VERB  v verb: run, eats, running
    PROPN m proper noun: Mary, London, NATO
    ADJ   j adjective: big, green, first
    ADV   r adverb: very, well, tomorrow, where
    PRON  p pronoun: I, myself, who, something
    DET   d determiner: a, the, this, which
    ADP   i adposition: in, to, during
    AUX   x auxiliary: has, is, will, should
    CCONJ c coordinating conjunction: and, or, but
    SCONJ s subordinating conjunction: that, if, while
    PART  t particle: to (go), not, 's
    NUM   b number: 1, 2017, one, IV
    PUNCT , punctuation: . , ( )
    INTJ  h interjection: hello, ouch, yes
    SYM   y symbol: $, %, +, :)
    X     o other: what fits nowhere else
    """,
)
"""The 17 universal parts of speech (universaldependencies.org/u/pos)."""

XPOS = _table(
    "xpos",
    "tag",
    """
    NN    nn noun, singular or mass
    NNS   ns noun, plural
    NNP   mm proper noun, singular
    NNPS  ms proper noun, plural
    VB    vb verb, base form
    VBD   vd verb, past tense
    VBG   vg verb, gerund or present participle
    VBN   vn verb, past participle
    VBP   vp verb, present, not 3rd person singular
    VBZ   vz verb, present, 3rd person singular
    MD    x  modal auxiliary
    JJ    jj adjective
    JJR   jr adjective, comparative
    JJS   js adjective, superlative
    AFX   jx affix
    RB    rb adverb
    RBR   rr adverb, comparative
    RBS   rs adverb, superlative
    WRB   rw wh-adverb
    RP    rp particle of a verb
    PRP   pp pronoun, personal
    PRP$  ps pronoun, possessive
    WP    pw wh-pronoun
    WP$   po wh-pronoun, possessive
    EX    pe existential there
    DT    dd determiner
    PDT   dp predeterminer
    WDT   dw wh-determiner
    IN    i  preposition or subordinating conjunction
    CC    c  coordinating conjunction
    CD    b  cardinal number
    TO    tt infinitival to
    POS   ts possessive ending
    UH    h  interjection
    ,     ,, comma
    .     ,. full stop, question mark, exclamation mark
    :     ,: colon, semicolon, dash
    ``    ,o opening quotation mark
    ''    ,c closing quotation mark
    -LRB- ,l opening bracket
    -RRB- ,r closing bracket
    HYPH  ,- hyphen
    NFP   ,n superfluous punctuation
    $     yd currency
    SYM   yy symbol
    FW    of foreign word
    LS    ol list item marker
    ADD   oa e-mail or web address
    GW    og goes with the next word
    XX    ox unknown
    """,
)
"""The Penn treebank's tags as OntoNotes and the English Web Treebank have them."""

BUILT_IN: Mapping[str, TagSet] = {"upos": UPOS, "xpos": XPOS}
