"""spaCy's tokeniser without spaCy, whose import takes longer than all else before a first task.

The rules are those of the installed spaCy or of the pipeline; what is done with them is
written here once more, as in ``spacy/tokenizer.pyx``: tests compare the tokens.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from tui_annotate.suggest.spacy.models import Pipeline

Pair = tuple[int, int]

_ORTH = 65
"""The number of the attribute ORTH in pipelines' files."""

_ALIAS = "_rules_of_spacy"
"""What spaCy's package is called here while the modules with its rules are imported."""


class Rules(msgspec.Struct, frozen=True):
    """What a tokeniser goes by.

    Attributes:
        prefixes: What is cut from the start of a piece, as a regular expression.
        suffixes: What is cut from its end.
        infixes: What is cut from within.
        tokens: What is never cut.
        urls: What is cut at its ends only.
        exceptions: The tokens of certain pieces.
        fast: Whether only those exceptions are looked for across pieces that the
            expressions cut.
    """

    prefixes: str | None = None
    suffixes: str | None = None
    infixes: str | None = None
    tokens: str | None = None
    urls: str | None = None
    exceptions: Mapping[str, Sequence[str]] = {}
    fast: bool = True


def rules_of(pipeline: Pipeline) -> Rules | None:
    """The rules of a pipeline; None where they cannot be had without spaCy."""
    try:
        if pipeline.path is not None:
            return _rules_of_folder(pipeline.path)
        return _rules_of_spacy() if pipeline.language == "xx" else None
    except Exception:
        # Another version of spaCy, or a tokeniser of another kind: spaCy knows.
        return None


def _rules_of_folder(folder: Path) -> Rules | None:
    import configparser

    config = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    config.read_string((folder / "config.cfg").read_text(encoding="utf-8"))
    if '"spacy.Tokenizer.v1"' not in config.get("nlp", "tokenizer", fallback="") and (
        config.get("nlp.tokenizer", "@tokenizers", fallback="") != '"spacy.Tokenizer.v1"'
    ):
        return None
    found = msgspec.msgpack.decode((folder / "tokenizer").read_bytes(), strict=False)
    return Rules(
        found["prefix_search"],
        found["suffix_search"],
        found["infix_finditer"],
        found["token_match"],
        found["url_match"],
        {piece: [token[_ORTH] for token in cut] for piece, cut in found["exceptions"].items()},
        found["faster_heuristics"],
    )


def _rules_of_spacy() -> Rules | None:
    spec = find_spec("spacy")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    before = set(sys.modules)
    try:
        for name, path in (("", folder), (".lang", folder / "lang"), (".symbols", None)):
            module: Any = ModuleType(_ALIAS + name)
            module.__path__ = [str(path)] if path else []
            sys.modules[_ALIAS + name] = module
        module.ORTH, module.NORM = "orth", "norm"
        affixes: Any = importlib.import_module(f"{_ALIAS}.lang.punctuation")
        others: Any = importlib.import_module(f"{_ALIAS}.lang.tokenizer_exceptions")
    finally:
        for name in set(sys.modules) - before:
            if name.startswith(_ALIAS):
                del sys.modules[name]
    # spaCy compiles the very same expressions later, and finds them in the cache of `re`.
    return Rules(
        "|".join(f"^{one}" for one in affixes.TOKENIZER_PREFIXES if one.strip()),
        "|".join(f"{one}$" for one in affixes.TOKENIZER_SUFFIXES if one.strip()),
        "|".join(one for one in affixes.TOKENIZER_INFIXES if one.strip()),
        None,
        others.URL_MATCH.__self__.pattern,
        {piece: [token["orth"] for token in cut] for piece, cut in others.BASE_EXCEPTIONS.items()},
    )


_WHITE = re.compile(r"(\s+)")


def _never(text: str) -> None:
    return None


def _nothing(text: str) -> Iterator[re.Match[str]]:
    return iter(())


class QuickTokeniser:
    """Cuts texts as spaCy's tokeniser does.

    Args:
        rules: What it goes by.
    """

    def __init__(self, rules: Rules) -> None:
        def compiled(source: str | None) -> re.Pattern[str] | None:
            return None if source is None else re.compile(source)

        prefix, suffix, infix = map(compiled, (rules.prefixes, rules.suffixes, rules.infixes))
        token, url = compiled(rules.tokens), compiled(rules.urls)
        self._prefix: Callable[[str], re.Match[str] | None] = prefix.search if prefix else _never
        self._suffix: Callable[[str], re.Match[str] | None] = suffix.search if suffix else _never
        self._infixes: Callable[[str], Iterator[re.Match[str]]] = (
            infix.finditer if infix else _nothing
        )
        self._is_token: Callable[[str], re.Match[str] | None] = token.match if token else _never
        self._is_url: Callable[[str], re.Match[str] | None] = url.match if url else _never
        self._exceptions = {piece: tuple(map(len, cut)) for piece, cut in rules.exceptions.items()}
        self._cut = lru_cache(maxsize=10_000)(self._cut_piece)
        # Exceptions that stand across pieces, or in a part of one, by their first token.
        self._across: dict[str, list[tuple[str, ...]]] = {}
        for piece in self._exceptions:
            if not rules.fast or self._is_cut(piece):
                tokens = tuple(piece[a:b] for a, b in self._pieces(piece, exceptions=False))
                self._across.setdefault(tokens[0], []).append(tokens)

    def _is_cut(self, piece: str) -> bool:
        found = self._prefix(piece) or self._suffix(piece)
        filled = found is not None and found.end() > found.start()
        return filled or " " in piece or any(True for _ in self._infixes(piece))

    def tokenise(self, text: str) -> list[Pair]:
        """Start and end of each token, white space among them."""
        return self._with_exceptions(text, list(self._pieces(text, exceptions=True)))

    def _pieces(self, text: str, *, exceptions: bool) -> Iterator[Pair]:
        """Cut a text at its white space, and each piece by the rules."""
        at = 0
        for number, piece in enumerate(_WHITE.split(text)):
            start, at = at, at + len(piece)
            if number % 2 and start and piece[0] == " ":
                # One blank between two pieces belongs to the first; what is left is a token.
                start += 1
            if start < at:
                for length in self._cut(text[start:at], exceptions):
                    yield start, start + length
                    start += length

    def _cut_piece(self, piece: str, exceptions: bool) -> tuple[int, ...]:
        """The lengths of a piece's tokens."""
        known = self._exceptions if exceptions else {}
        before: list[int] = []
        behind: list[int] = []
        rest, last = piece, 0
        while rest and len(rest) != last:
            if self._is_token(rest) or rest in known:
                break
            last = len(rest)
            first = _length(self._prefix(rest))
            if first and rest[first:] in known:
                before.append(first)
                rest = rest[first:]
                break
            final = _length(self._suffix(rest[first:]))
            if final and rest[:-final] in known:
                behind.append(final)
                rest = rest[:-final]
                break
            if first:
                before.append(first)
            if final and first + final <= len(rest):
                behind.append(final)
                rest = rest[:-final]
            rest = rest[first:]
        within: Iterable[int] = ()
        if rest in known:
            within = known[rest]
        elif rest:
            within = self._inner(rest)
        return *before, *within, *reversed(behind)

    def _inner(self, rest: str) -> Iterator[int]:
        """The lengths of the tokens between the prefixes and the suffixes."""
        start = 0
        if not (self._is_token(rest) or self._is_url(rest)):
            for infix in self._infixes(rest):
                if infix.start() == 0:
                    continue
                if infix.start() != start:
                    yield infix.start() - start
                if infix.start() != infix.end():
                    yield infix.end() - infix.start()
                start = infix.end()
        if start < len(rest):
            yield len(rest) - start

    def _with_exceptions(self, text: str, pairs: list[Pair]) -> list[Pair]:
        """The tokens, with those of exceptions that stand across pieces or within one."""
        words = [text[start:end] for start, end in pairs]
        found = [
            (len(tokens), -at)
            for at, word in enumerate(words)
            for tokens in self._across.get(word, ())
            if tuple(words[at : at + len(tokens)]) == tokens
        ]
        taken: set[int] = set()
        chosen: list[range] = []
        # The longest first, of those the one that stands first.
        for count, place in sorted(found, reverse=True):
            span = range(-place, -place + count)
            if not {span[0], span[-1]} & taken:
                chosen.append(span)
            taken.update(span)
        for span in sorted(chosen, key=lambda one: -one.start):
            start, end = pairs[span[0]][0], pairs[span[-1]][1]
            lengths = self._exceptions.get(text[start:end])
            if lengths is not None:
                borders = list(accumulate(lengths, initial=start))
                pairs[span.start : span.stop] = pairwise(borders)
        return pairs


def _length(match: re.Match[str] | None) -> int:
    return 0 if match is None else match.end() - match.start()
