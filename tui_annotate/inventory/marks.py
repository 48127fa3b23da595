"""Inventories of punctuation: the marks, their keys, and how they stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from tui_annotate.errors import UsageError
from tui_annotate.wording import reason

Side = Literal["after", "before"]
MarkKind = Literal["stop", "pause", "dash", "open", "close", "quote"]

_STOPS = frozenset(".!?‼⁇⁈⁉؟۔।॥։።፧。！？．｡။")
_OPEN = frozenset("([{¿¡«‹“‘„‚「『（【《〈〔［｛")
_CLOSE = frozenset(")]}»›”’」』）】》〉〕］｝")
_QUOTES = frozenset("\"'＂")
_DASHES = frozenset("-‐‑‒–—―")
_TIGHT = frozenset({"--", "---", "—", "―"})

_LATIN: Mapping[str, str] = {
    **dict.fromkeys("،、，՝፣,", ","),
    **dict.fromkeys("؛；፤·", ";"),
    **dict.fromkeys("؟？፧՞;", "?"),
    **dict.fromkeys("۔।॥։።。．｡။", "."),
    **dict.fromkeys("：፥", ":"),
    **dict.fromkeys("！՜", "!"),
    **dict.fromkeys(["--", "---", "‒", "–", "—", "―", "‐"], "-"),
    **dict.fromkeys("“„「＂", '"'),
    **dict.fromkeys("（", "("),
    **dict.fromkeys("）", ")"),
    **dict.fromkeys("«‹《", "<"),
    **dict.fromkeys("»›》", ">"),
}
"""The key that stands for a mark that is not on a Latin keyboard."""

_DIGITS = "1234567890"

_PAIRS = {
    "(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”", "‘": "’", "¿": "?", "¡": "!",
    "「": "」", "『": "』", "（": "）", "《": "》", "【": "】",
}  # fmt: skip
_OPENED = {closing: opening for opening, closing in _PAIRS.items()}


class Mark(msgspec.Struct, frozen=True):
    """One mark of an inventory.

    Attributes:
        text: The mark as it is written.
        kind: What it does: a ``stop`` ends a sentence, a ``pause`` does not, ``open`` stands
            before a token, ``quote`` on either side.
        key: The key that puts it; nothing where it has none.
        lead: White space of its own before it, such as French has before ``;``.
        tight: Whether the space of its gap goes away, as around ``--``.
        description: What is known about it.
    """

    text: str
    kind: MarkKind = "pause"
    key: str = ""
    lead: str = ""
    tight: bool = False
    description: str = ""

    @property
    def side(self) -> Side:
        """The side of a token it belongs to; quotes are told by what is open."""
        return "before" if self.kind == "open" else "after"

    @property
    def pairs(self) -> bool:
        """Whether it comes in pairs, and so stands beside other marks rather than for them."""
        return self.kind in ("open", "close", "quote")


def mark(text: str) -> Mark:
    """What is known about a mark from its characters."""
    first = text[0]
    if text in ("...", "…", "……") or set(text) == {"…"}:
        return Mark(text)
    if first in _DASHES:
        tight = text in _TIGHT
        return Mark(text, "dash", lead="" if tight else " ", tight=tight)
    if first in _OPEN:
        return Mark(text, "open")
    if first in _CLOSE:
        return Mark(text, "close")
    if first in _QUOTES:
        return Mark(text, "quote")
    return Mark(text, "stop" if text[-1] in _STOPS else "pause")


class MarkSet:
    """The marks on offer, in the order of the legend.

    Args:
        marks: The marks; those without a key get one.
        name: What a user calls it.

    Attributes:
        open: Whether marks that come with the tasks are added to it.
    """

    def __init__(self, marks: Iterable[Mark], name: str = "", *, open: bool = False) -> None:
        self.marks = _with_keys(marks)
        self.name = name
        self.open = open
        self._by_text = {one.text: one for one in self.marks}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._by_text, key=lambda text: (-len(text), text))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __contains__(self, text: object) -> bool:
        return text in self._by_text

    def __getitem__(self, text: str) -> Mark:
        """What is known about a mark, on offer or not."""
        found = self._by_text.get(text)
        return mark(text) if found is None else found

    @property
    def language(self) -> str:
        """The language it was named by; nothing where it was not."""
        name = self.name.split()[:1]
        return name[0] if name and name[0] in BUILT_IN else ""

    @property
    def capitalised(self) -> frozenset[str]:
        """Words of the language that are written large wherever they stand."""
        return frozenset({"i"}) if self.language == "en" else frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The marks."""
        return tuple(one.text for one in self.marks)

    @property
    def keys(self) -> dict[str, str]:
        """The key of each mark that has one."""
        return {one.text: one.key for one in self.marks if one.key}

    @property
    def descriptions(self) -> dict[str, str]:
        """What is known about each mark."""
        return {one.text: one.description for one in self.marks if one.description}

    def with_marks(self, texts: Iterable[str]) -> MarkSet:
        """This inventory and some marks more."""
        more = [mark(text) for text in dict.fromkeys(texts) if text not in self]
        return MarkSet([*self.marks, *more], self.name, open=self.open)

    def pair(self, text: str) -> tuple[str, str]:
        """The two marks of a pair, of which one is known."""
        if self[text].kind == "open":
            closing = _PAIRS.get(text)
            if text == "„":
                closing = "“" if "”" not in self else "”"
            return text, closing or text
        return _OPENED.get(text, text), text

    def split(self, text: str) -> list[str] | None:
        """The marks that a string is made of, the longest first; None if it has anything else."""
        found, at = [], 0
        while at < len(text):
            match = self._pattern.match(text, at)
            if match is None or not match.group():
                return None
            found.append(match.group())
            at = match.end()
        return found


def _with_keys(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Give a key to every mark: its own, its counterpart on a Latin keyboard, else a digit."""
    listed = list(marks)
    taken = {one.key for one in listed if one.key}
    wanted: dict[int, str] = {}
    for choose in (lambda text: text, lambda text: _LATIN.get(text, "")):
        for place, one in enumerate(listed):
            key = choose(one.text)
            usable = len(key) == 1 and key.isascii() and key.isprintable()
            if not one.key and place not in wanted and usable and key not in taken:
                wanted[place] = key
                taken.add(key)
    digits = [digit for digit in _DIGITS if digit not in taken]
    for place, one in enumerate(listed):
        if not one.key and place not in wanted and digits:
            wanted[place] = digits.pop(0)
    return tuple(
        replace(one, key=wanted[place]) if place in wanted else one
        for place, one in enumerate(listed)
    )


def _made(name: str, texts: str, *, stops: str = "", lead: str = "", pauses: str = "") -> MarkSet:
    marks = [mark(text) for text in texts.split()]
    marks = [replace(one, kind="stop") if one.text in stops.split() else one for one in marks]
    marks = [replace(one, kind="pause") if one.text in pauses.split() else one for one in marks]
    marks = [replace(one, lead="\u202f") if one.text in lead.split() else one for one in marks]
    return MarkSet(marks, name)


_ENGLISH = _made("en", ", ; . : ? ! --")

BUILT_IN: Mapping[str, MarkSet] = {
    one.name: one
    for one in (
        MarkSet(_ENGLISH.marks, "en", open=True),
        _made("de", ", ; . : ? ! –"),
        _made("tr", ", ; . : ? ! –"),
        _made("az", ", ; . : ? ! –"),
        _made("fr", ", ; . : ? ! – « »", lead="; : ! ?"),
        _made("es", ", ; . : ? ¿ ! ¡ —"),
        _made("el", ", · . : ; ! –", stops=";"),
        _made("ar", "، ؛ . : ؟ ! -"),
        _made("fa", "، ؛ . : ؟ ! -"),
        _made("ur", "، ؛ ۔ : ؟ ! -"),
        _made("hi", ", ; । : ? ! -"),
        _made("zh", "， 、 ； 。 ： ？ ！ ——"),
        _made("ja", "、 。 ？ ！ ・ 「 」"),
        _made("hy", ", ` ։ : ՞ ՜"),
        _made("am", "፣ ፤ ። ፥ ፧ !"),
    )
}
"""Inventories by language."""

DEFAULT = BUILT_IN["en"]

KNOWN = frozenset(
    {text for one in BUILT_IN.values() for text in one.names}
    | {"-", "—", "–", "...", "…", '"', "“", "”", "„", "«", "»", "(", ")", "[", "]"}
)
"""Marks that are taken for such where they come with a text."""


def counterpart(text: str) -> str:
    """The mark on a Latin keyboard that does what a mark does; the mark itself if none is known."""
    return _LATIN.get(text, text)


def is_mark(text: str) -> bool:
    """Whether a string has nothing but punctuation."""
    return bool(text) and all(unicodedata.category(c)[0] in "PS" for c in text)


def read_marks(values: Sequence[str]) -> MarkSet:
    """Read an inventory: a language's name, a file, or the marks themselves.

    Marks stand for themselves, apart from each other or not (``,.?!--``); a
    language and marks with spaces between add to it (``en " ( )``).

    Raises:
        UsageError: There is no such inventory, or no mark in it.
    """
    value = values[-1].strip()
    path = Path(value)
    if path.suffix and len(path.suffix) > 1 and path.suffix[1:].isalpha():
        return MarkSet(_of_file(path), str(path))
    marks: list[Mark] = []
    for part in value.split():
        if part in BUILT_IN:
            marks += BUILT_IN[part].marks
        elif any(c.isalnum() for c in part):
            raise UsageError(
                f"{part!r} is neither a mark nor an inventory",
                where="--marks",
                do=f"give marks, a file of them, or one of {', '.join(BUILT_IN)}",
            )
        else:
            marks += [mark(run.group()) for run in re.finditer(r"(.)\1*", part)]
    unique = {one.text: one for one in marks}
    if not unique:
        raise UsageError("it has no marks", where="--marks", do="name some marks: ',.?!'")
    return MarkSet(unique.values(), value)


def _of_file(path: Path) -> list[Mark]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"the marks cannot be read ({reason(error)})", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError("the file of marks is not UTF-8", where=str(path)) from error
    marks: list[Mark] = []
    for number, line in enumerate(lines, start=1):
        text, _, rest = line.partition("\t")
        key, _, description = rest.partition("\t")
        if not text.strip():
            continue
        if not is_mark(text.strip()) or len(key.strip()) > 1:
            raise UsageError(
                "not a mark with its key",
                where=f"{path}:{number}",
                do="give mark, key and description with tabs between",
            )
        made = mark(text.strip())
        marks.append(replace(made, key=key.strip(), description=description.strip()))
    texts = [one.text for one in marks]
    if not marks or len(set(texts)) < len(texts):
        what = "the same mark is listed twice" if marks else "this file has no marks"
        raise UsageError(what, where=str(path))
    return marks
