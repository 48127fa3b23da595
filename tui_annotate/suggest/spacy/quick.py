"""spaCy's tokeniser without spaCy, whose import takes longer than all else before a first task.

The rules are those of the installed spaCy or of the pipeline; what is done with them is
written here once more, as in ``spacy/tokenizer.pyx``: tests compare the tokens.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import msgspec

from tui_annotate.partial_import import import_without
from tui_annotate.suggest.spacy.models import Pipeline

Pair = tuple[int, int]

_ORTH = 65
"""The number of the attribute ORTH in pipelines' files."""

_ALIAS = "_rules_of_spacy"
"""What spaCy's package is called here while the modules with its rules are imported."""

_SYMBOLS = ("ORTH", "NORM", "LIKE_NUM", "IS_CURRENCY", "LANG", "LEMMA", "POS", "TAG",
            "NOUN", "PRON", "PROPN", "VERB", "AUX", "ADJ", "ADV", "DET", "NUM", "X")  # fmt: skip
"""Names that languages use beside their rules."""

_NOT_RULES = (
    *(f"{_ALIAS}.{name}" for name in ("errors", "tokens", "pipeline", "pipeline.lemmatizer",
                                      "vocab", "scorer", "training", "compat", "lookups")),
    "thinc", "thinc.api", "srsly",
)  # fmt: skip
"""What languages import that has nothing to do with their tokens."""

_Exceptions = Mapping[str, Sequence[Mapping[str, str]]]


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
        return _rules_of_language(pipeline.language)
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


def _rules_of_language(code: str) -> Rules | None:
    spec = find_spec("spacy")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    before = set(sys.modules)
    stand_ins: dict[str, dict[str, Any]] = {
        "": {"__path__": []},
        ".lang": {"__path__": [str(folder / "lang")]},
        ".symbols": {name: name for name in _SYMBOLS},
        ".attrs": {name: name for name in _SYMBOLS},
        ".util": {"update_exc": _with_more, "registry": _Anything()},
        ".language": {"Language": _Language, "BaseDefaults": _Defaults},
    }
    try:
        for name, content in stand_ins.items():
            module = ModuleType(_ALIAS + name)
            vars(module).update(content)
            sys.modules[_ALIAS + name] = module
        affixes: Any = importlib.import_module(f"{_ALIAS}.lang.punctuation")
        others: Any = importlib.import_module(f"{_ALIAS}.lang.tokenizer_exceptions")
        language: Any = import_without(f"{_ALIAS}.lang.{code}", _NOT_RULES)
    finally:
        for name in set(sys.modules) - before:
            if name.startswith(_ALIAS):
                del sys.modules[name]
    [made] = (one for one in vars(language).values() if getattr(one, "lang", None) == code)
    own = made.Defaults
    if own.config is not None:
        # It has a tokeniser of its own.
        return None
    prefixes = affixes.TOKENIZER_PREFIXES if own.prefixes is None else own.prefixes
    suffixes = affixes.TOKENIZER_SUFFIXES if own.suffixes is None else own.suffixes
    infixes = affixes.TOKENIZER_INFIXES if own.infixes is None else own.infixes
    exceptions = own.tokenizer_exceptions or others.BASE_EXCEPTIONS
    # spaCy compiles the very same expressions later, and finds them in the cache of `re`.
    return Rules(
        "|".join(f"^{one}" for one in prefixes if one.strip()),
        "|".join(f"{one}$" for one in suffixes if one.strip()),
        "|".join(one for one in infixes if one.strip()),
        _source(own.token_match),
        _source(own.url_match) if own.url_match is not None else _source(others.URL_MATCH),
        {piece: [token["ORTH"] for token in cut] for piece, cut in exceptions.items()},
    )


def _source(match: Any) -> str | None:
    """The expression of a pattern's method."""
    return None if match is None else str(match.__self__.pattern)


def _with_more(exceptions: _Exceptions, *more: _Exceptions) -> _Exceptions:
    """What ``spacy.util.update_exc`` does: add exceptions, and what they are with ``’``."""
    found = dict(exceptions)
    for one in more:
        found.update(one)
    for piece, cut in list(found.items()):
        if "'" in piece:
            found[piece.replace("'", "’")] = [
                {**token, "ORTH": token["ORTH"].replace("'", "’")} for token in cut
            ]
    return found


class _Anything:
    """Takes every call and every decoration, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **named: lambda decorated: decorated


class _Defaults:
    """What a language has if it says nothing else; None is what all languages share."""

    config: Any = None
    lex_attr_getters: Any = MappingProxyType({})
    tokenizer_exceptions: Any = None
    prefixes: Any = None
    suffixes: Any = None
    infixes: Any = None
    token_match: Any = None
    url_match: Any = None


class _Language:
    """Stands for the class that languages are derived from."""

    lang: str | None = None
    Defaults: Any = _Defaults

    @classmethod
    def factory(cls, *arguments: Any, **named: Any) -> Any:
        return lambda decorated: decorated


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
        self._fast = rules.fast
        # What stands in a text of each exception, whatever blanks are in between.
        self._unspaced = {piece: piece.replace(" ", "") for piece in self._exceptions}
        self._across = cache(self._tokens_across)

    def _tokens_across(self, piece: str) -> tuple[str, ...]:
        """The tokens without exceptions of one that is looked for across pieces; none of others."""
        found = self._prefix(piece) or self._suffix(piece)
        filled = found is not None and found.end() > found.start()
        cut = filled or " " in piece or any(True for _ in self._infixes(piece))
        if self._fast and not cut:
            return ()
        return tuple(piece[a:b] for a, b in self._pieces(piece, exceptions=False))

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
        places: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            places.setdefault(word, []).append(at)
        unspaced = text.replace(" ", "")
        found = [
            (len(tokens), -at)
            for piece, inside in self._unspaced.items()
            if inside in unspaced and (tokens := self._across(piece))
            for at in places.get(tokens[0], ())
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
