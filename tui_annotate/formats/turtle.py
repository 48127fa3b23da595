"""Turtle, a notation of RDF, as far as annotations in it need it: https://www.w3.org/TR/turtle/.

Read are prefixes, bases, addresses, names, literals, nameless nodes and lists; what a list has is
left out. N-Triples are Turtle, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

import msgspec

from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.wording import quoted

_DEEPEST = 50
"""Nodes within nodes."""

_PIECE = re.compile(
    r"""(?xs)
    (?P<blank> (?: \s | \#[^\n]* )++ )
    | < (?P<iri> [^<>\s"{}|^`]*+ ) >
    | (?P<long> \"\"\"(?: [^"\\] | \\. | "(?!"") )*+\"\"\" | '''(?: [^'\\] | \\. | '(?!'') )*+''' )
    | (?P<short> "(?: [^"\\\n] | \\. )*+" | '(?: [^'\\\n] | \\. )*+' )
    | @ (?P<at> [a-zA-Z]+ (?: -[a-zA-Z0-9]+ )*+ )
    | (?P<sign> \^\^ | [;,\[\]()] | \.(?![0-9]) )
    | (?P<name> (?: [^\s;,\[\]()<>"'.\\@^\#] | \\. | \.(?=[^\s;,\[\]()<>"'.]) )
                (?: [^\s;,\[\]()<>"'.\\^] | \\. | \.(?=[^\s;,\[\]()<>"']) )*+ )
    """
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Value(msgspec.Struct, frozen=True):
    """What is said of something.

    Attributes:
        text: A literal, or the address of a resource.
        literal: Which of both it is.
    """

    text: str
    literal: bool = False


Facts = Mapping[str, Mapping[str, list[Value]]]
"""By what it is said of, and by the property, what is said."""


def facts(text: str) -> Facts:
    """What a file says.

    Raises:
        BrokenFile: It is no Turtle.
    """
    return _Parser(text).facts()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces = self._scan()
        self._kind, self._piece, self._at = next(self._pieces)
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._found: dict[str, dict[str, list[Value]]] = {}
        self._nameless = 0

    def _scan(self) -> Iterator[tuple[str, str, int]]:
        at = 0
        while at < len(self._text):
            match = _PIECE.match(self._text, at)
            if match is None:
                raise self._broken(f"{quoted(self._text[at : at + 20])} is not expected", at)
            kind = str(match.lastgroup)
            if kind != "blank":
                yield kind, match[kind], at
            at = match.end()
        while True:
            yield "end", "", at

    def _broken(self, what: str, at: int | None = None) -> BrokenFile:
        at = self._at if at is None else at
        return BrokenFile(f"broken Turtle: {what}", self._text.count("\n", 0, at) + 1)

    def _next(self) -> str:
        piece = self._piece
        self._kind, self._piece, self._at = next(self._pieces)
        return piece

    def _is(self, sign: str) -> bool:
        return self._kind == "sign" and self._piece == sign

    def _expect(self, sign: str) -> None:
        if not self._is(sign):
            there = quoted(self._piece) if self._piece else "nothing"
            raise self._broken(f"{quoted(sign)} is expected, and {there} stands there")
        self._next()

    def facts(self) -> Facts:
        while self._kind != "end":
            word = self._piece.lower() if self._kind in ("at", "name") else ""
            if word in ("prefix", "base"):
                old = self._kind == "at"
                self._next()
                name = self._next().removesuffix(":") if word == "prefix" else None
                if self._kind != "iri":
                    raise self._broken("the address of a prefix is expected")
                address = urljoin(self._base, self._unescaped(self._next()))
                if name is None:
                    self._base = address
                else:
                    self._prefixes[name] = address
                if old:
                    self._expect(".")
                continue
            subject = self._value(0).text
            if not self._is("."):
                self._said(subject, 0)
            self._expect(".")
        return self._found

    def _said(self, subject: str, depth: int) -> None:
        """Take in properties and their values."""
        of_it = self._found.setdefault(subject, {})
        while True:
            if self._kind == "name" and self._piece == "a":
                name = TYPE
                self._next()
            else:
                name = self._value(depth).text
            values = of_it.setdefault(name, [])
            values.append(self._value(depth))
            while self._is(","):
                self._next()
                values.append(self._value(depth))
            while self._is(";"):
                self._next()
            if self._is(".") or self._is("]") or self._kind == "end":
                return
            if self._text[: self._at].rstrip()[-1:] != ";":
                raise self._broken(f"{quoted(self._piece)} is not expected")

    def _value(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise self._broken("nodes are nested too deeply")
        kind = self._kind
        if kind == "iri":
            return Value(urljoin(self._base, self._unescaped(self._next())))
        if kind == "name":
            return self._named(self._next())
        if kind in ("long", "short"):
            cut = 3 if kind == "long" else 1
            text = self._unescaped(self._next()[cut:-cut])
            if self._kind == "at":
                self._next()
            elif self._is("^^"):
                self._next()
                self._value(depth + 1)
            return Value(text, literal=True)
        self._nameless += 1
        node = f"_:{self._nameless} "
        if self._is("["):
            self._next()
            if not self._is("]"):
                self._said(node, depth + 1)
            self._expect("]")
            return Value(node)
        if self._is("("):
            self._next()
            while not self._is(")"):
                self._value(depth + 1)
            self._next()
            return Value(node)
        raise self._broken(f"{quoted(self._piece)} is not expected" if kind != "end" else "it ends")

    def _named(self, name: str) -> Value:
        prefix, colon, local = name.partition(":")
        if not colon:
            return Value(name, literal=True)
        if prefix == "_":
            return Value(name)
        if prefix not in self._prefixes:
            raise self._broken(f"the prefix {quoted(prefix)} is not declared")
        return Value(self._prefixes[prefix] + self._unescaped(local))

    def _unescaped(self, text: str) -> str:
        if "\\" not in text:
            return text

        def letter(match: re.Match[str]) -> str:
            code = match[1] or match[2]
            if not code:
                return _LETTERS.get(match[3], match[3])
            number = int(code, 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                raise self._broken(f"{quoted(match[0])} is no character")
            return chr(number)

        return _ESCAPE.sub(letter, text)
