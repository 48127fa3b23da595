"""Pattern files in the JSONL of Prodigy and of spaCy's EntityRuler, read without spaCy."""

from __future__ import annotations

import difflib
import gzip
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.decoding import decode_fields
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.wording import reason

_SHOWN_PROBLEMS = 20

_STRINGS = {"ORTH", "TEXT", "NORM", "LOWER", "SHAPE", "PREFIX", "SUFFIX"}
_FLAGS = {
    "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT",
    "IS_SPACE", "IS_STOP", "IS_BRACKET", "IS_QUOTE", "IS_LEFT_PUNCT", "IS_RIGHT_PUNCT",
    "IS_CURRENCY", "LIKE_NUM", "LIKE_URL", "LIKE_EMAIL", "SPACY",
}  # fmt: skip
_OTHERS = {"LENGTH", "OP", "_"}
_NEEDS: Mapping[str, frozenset[str]] = {
    # attribute: what can set it; one of these factories must be in the pipeline
    "POS": frozenset({"tagger", "morphologizer", "attribute_ruler"}),
    "TAG": frozenset({"tagger", "attribute_ruler"}),
    "MORPH": frozenset({"morphologizer", "attribute_ruler"}),
    "LEMMA": frozenset({"lemmatizer", "trainable_lemmatizer", "attribute_ruler"}),
    "DEP": frozenset({"parser"}),
    "IS_SENT_START": frozenset({"parser", "senter", "sentencizer"}),
    "SENT_START": frozenset({"parser", "senter", "sentencizer"}),
    "ENT_TYPE": frozenset({"ner", "beam_ner", "entity_ruler", "span_ruler"}),
    "ENT_IOB": frozenset({"ner", "beam_ner", "entity_ruler", "span_ruler"}),
    "ENT_ID": frozenset({"entity_ruler", "span_ruler"}),
    "ENT_KB_ID": frozenset({"entity_linker"}),
}
_ATTRIBUTES = {*_STRINGS, *_FLAGS, *_OTHERS, *_NEEDS}
_COMPARISONS = {
    "REGEX", "IN", "NOT_IN", "IS_SUBSET", "IS_SUPERSET", "INTERSECTS", "FUZZY",
    *(f"FUZZY{distance}" for distance in range(1, 10)),
    "==", "!=", ">=", "<=", ">", "<",
}  # fmt: skip
_OPERATOR = re.compile(r"[!?+*]|\{\d+\}|\{\d+,\d*\}|\{,\d+\}")


class Pattern(msgspec.Struct, frozen=True):
    """One line of a pattern file.

    Attributes:
        label: What a match is labelled with.
        pattern: A string to be found token by token, or a list of what each token must be.
        line: Its line in the file, from 1.
        needs: The attributes it asks for that only a trained pipeline sets.
    """

    label: str
    pattern: str | list[dict[str, Any]]
    line: int
    needs: frozenset[str] = frozenset()


class PatternFile(msgspec.Struct, frozen=True):
    """All patterns of a file.

    Attributes:
        shown: What messages call the file.
        patterns: Its patterns, in order.
        labels: Their labels, in order of their first sight.
    """

    shown: str
    patterns: tuple[Pattern, ...]
    labels: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, *, shown: str | None = None) -> PatternFile:
        """Read a pattern file.

        Args:
            path: JSONL, may be gzipped; blank lines are passed over.
            shown: What to call it in messages.

        Raises:
            AnnotateError: If it cannot be read or is empty; or with one problem
                per line, each with the file's name and its line number.
        """
        shown = shown or str(path)
        found: list[Pattern] = []
        problems: list[str] = []
        for number, line in enumerate(_lines(path, shown), 1):
            if not line.strip():
                continue
            try:
                found.append(_parse(line, number))
            except ValueError as error:
                problems.append(f"{shown}:{number}: {error}")
        if problems:
            raise _problems(problems)
        if not found:
            raise AnnotateError(
                "it has no patterns",
                where=shown,
                do='write lines like {"label": "GPE", "pattern": "Berlin"}',
            )
        return cls(shown, tuple(found), tuple(dict.fromkeys(p.label for p in found)))

    def needs(self, labels: Collection[str] = ()) -> frozenset[str]:
        """What the patterns of some labels ask of a trained pipeline; of all, if none is named."""
        return frozenset().union(
            *(p.needs for p in self.patterns if not labels or p.label in labels)
        )

    def check(self, pipeline: Pipeline, labels: Collection[str] = ()) -> None:
        """See that a pipeline sets what the patterns of some labels ask for.

        Raises:
            AnnotateError: With one problem per line of the file that asks for more.
        """
        factories = {pipeline.factories.get(c) for c in pipeline.components}
        problems = []
        for pattern in self.patterns:
            if labels and pattern.label not in labels:
                continue
            lacking = []
            for need in sorted(pattern.needs):
                if need.startswith("_."):
                    # Only the code of a trained pipeline can bring such an attribute.
                    if pipeline.path is None:
                        lacking.append(f"the custom attribute {need}")
                elif not factories & _NEEDS[need]:
                    lacking.append(need)
            if lacking:
                problems.append(
                    f"{self.shown}:{pattern.line}: the pattern asks for {' and '.join(lacking)}, "
                    f"which {pipeline.name} does not set"
                )
        if problems:
            do = "name a pipeline that does with --model, or remove the pattern"
            raise _problems(problems, do)


def pattern_file(options: Mapping[str, Any]) -> PatternFile:
    """The file of the options of `suggest.patterns`, read again.

    Raises:
        AnnotateError: If it has gone wrong since.
    """
    return PatternFile.read(Path(options["path"]), shown=options["shown"])


def _problems(problems: list[str], do: str | None = None) -> AnnotateError:
    more = len(problems) - _SHOWN_PROBLEMS
    listed = problems[:_SHOWN_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
    return AnnotateError("\n".join(listed), do=do)


def _lines(path: Path, shown: str) -> Iterator[bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            first = True
            for line in stream:
                yield line.removeprefix(b"\xef\xbb\xbf") if first else line
                first = False
    except FileNotFoundError:
        raise AnnotateError("there is no such file", where=shown) from None
    except (OSError, EOFError, zlib.error) as error:
        raise AnnotateError(f"it cannot be read ({reason(error)})", where=shown) from None


_USED = frozenset({"label", "pattern"})


def _parse(line: bytes, number: int) -> Pattern:
    entry = decode_fields(line, "a pattern", _USED)
    if isinstance(entry, str):
        raise ValueError(entry)
    label = entry.get("label")
    if not isinstance(label, str) or not label:
        raise ValueError("label is missing" if label is None else "label is not a string")
    pattern = entry.get("pattern")
    if isinstance(pattern, str):
        if not pattern.strip():
            raise ValueError("pattern is empty")
        return Pattern(label, pattern, number)
    if not isinstance(pattern, list):
        raise ValueError(
            "pattern is missing" if pattern is None else "pattern is neither a string nor a list"
        )
    if not pattern:
        raise ValueError("pattern is empty")
    needs: set[str] = set()
    for position, token in enumerate(pattern, 1):
        try:
            needs |= _needs_of(token)
        except ValueError as error:
            raise ValueError(f"token {position} of the pattern: {error}") from None
    return Pattern(label, pattern, number, frozenset(needs))


def _needs_of(token: object) -> set[str]:
    if not isinstance(token, dict):
        raise ValueError('not an object like {"lower": "berlin"}')
    needs = set()
    for key, value in token.items():
        attribute = key.upper()
        if attribute == "_":
            if not isinstance(value, dict):
                raise ValueError("_ wants an object of custom attributes")
            needs |= {f"_.{name}" for name in value}
            for inner in value.values():
                _check_value(attribute, inner)
        elif attribute == "OP":
            if not isinstance(value, str) or not _OPERATOR.fullmatch(value):
                raise ValueError(f"OP is {value!r}, not one of ! ? + * {{n}} {{n,m}}")
        elif attribute in _ATTRIBUTES:
            _check_value(attribute, value)
            if attribute in _NEEDS:
                needs.add(attribute)
        else:
            close = difflib.get_close_matches(attribute, sorted(_ATTRIBUTES), n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ValueError(f"there is no attribute {key!r}{hint}")
    return needs


def _check_value(attribute: str, value: object) -> None:
    if not isinstance(value, dict):
        if attribute in _STRINGS | {"POS", "TAG", "LEMMA", "DEP"} and not isinstance(value, str):
            raise ValueError(f"{attribute} wants a string, not {value!r}")
        if attribute in _FLAGS and not isinstance(value, bool):
            raise ValueError(f"{attribute} wants true or false, not {value!r}")
        return
    for predicate, operand in value.items():
        if predicate not in _COMPARISONS:
            raise ValueError(f"{attribute} has no comparison {predicate!r}")
        if predicate == "REGEX" and isinstance(operand, str):
            try:
                re.compile(operand)
            except re.error as error:
                at = "" if error.pos is None else f" at character {error.pos}"
                raise ValueError(f"the regular expression {operand!r} is broken{at}") from None
