"""Conditions on records, such as ``label == "PER" and flagged and seconds > 30``.

The language is a small part of Python's expressions. It is parsed, never run: a condition
holds names, numbers, strings, lists, comparisons, ``and``, ``or``, ``not`` and the functions
of `FUNCTIONS`.

A name is a field of the record, ``meta.source`` a field within one, and ``spans.label`` that
field of each span. Where a name has several values, a comparison asks whether any of them
fits; ``!=`` and ``not in`` whether none equals.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tui_annotate.errors import UsageError
from tui_annotate.wording import did_you_mean, quoted

Record = Mapping[str, Any]

LONGEST = 10_000
DEEPEST = 50

ALIASES: Mapping[str, tuple[str, ...]] = {
    "label": ("label", "spans.label", "audio_spans.label", "accept"),
    "speaker": ("speaker", "audio_spans.speaker"),
    "kb_id": ("kb_id", "spans.kb_id"),
    "annotator": ("_annotator_id", "_session_id"),
    "seconds": ("_seconds",),
    "keys": ("_keys",),
    "recipe": ("_recipe",),
    "view": ("_view_id",),
    "timestamp": ("_timestamp",),
    "suggested": ("_suggested",),
    "repeat": ("_repeat",),
    "blind": ("_blind",),
    "gold": ("_gold",),
    "confidence": ("_confidence",),
}
"""What short names stand for: where a record has several of these fields, all count.

Of an annotator and a session the first counts that is there.
"""

_FIRST_OF = frozenset({"annotator"})
_CONSTANTS = {"true": True, "false": False, "null": None, "none": None}
_ORDER: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


Values = tuple[Any, ...] | list[Any]
"""What a name stands for in a record: a list where the record has one there, else a tuple."""

Expression = Callable[[Record], Values]


class Condition:
    """A condition that can be asked of records.

    Args:
        text: The condition.

    Attributes:
        text: The condition as it was given.

    Raises:
        UsageError: It is none; the sentence says where.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._unseen: dict[str, None] = {}
        self._fields: set[str] = set()
        self._holds = _Compiler(text, self._unseen).compile()

    def __call__(self, record: Record) -> bool:
        """Whether the condition holds for a record."""
        if self._unseen:
            self._fields.update(record)
            for name in [name for name in self._unseen if _has(record, name)]:
                del self._unseen[name]
        return truth(self._holds(record))

    def unknown(self) -> list[str]:
        """The names that no record had so far, each with a name that may be meant.

        A misspelt name finds nothing, and that alone looks like an answer.
        """
        known = sorted({*ALIASES, *self._fields} - {*self._unseen})
        return [
            f"no line has the field {quoted(name)}"
            + (f"; {hint}" if (hint := did_you_mean(name, known)) else "")
            for name in self._unseen
        ]


def truth(values: Values) -> bool:
    """Whether any of the values is more than nothing: not false, null, 0 or empty."""
    return any(values)


def _gather(value: Any, path: Sequence[str], items: list[Any]) -> bool:
    """Add each value at a path such as ``label`` within ``spans``; whether a list is on the way."""
    if isinstance(value, list):
        for item in value:
            if type(item) is dict and len(path) == 1 and type(item.get(path[0])) is str:
                # As in most spans, and quicker.
                items.append(item[path[0]])
            else:
                _gather(item, path, items)
        return True
    if not path:
        items.append(value)
        return False
    if isinstance(value, Mapping) and path[0] in value:
        return _gather(value[path[0]], path[1:], items)
    return False


def _has(record: Record, path: str) -> bool:
    """Whether the record has that field, though it be an empty list."""
    head, _, rest = path.partition(".")
    if head not in record:
        return False
    value = record[head]
    if not rest or value == []:
        return True
    if isinstance(value, list | tuple):
        return any(isinstance(item, Mapping) and _has(item, rest) for item in value)
    return isinstance(value, Mapping) and _has(value, rest)


class _Compiler:
    """From the text of a condition to what answers it."""

    def __init__(self, text: str, fields: dict[str, None]) -> None:
        self._text = text
        self._fields = fields

    def compile(self) -> Expression:
        text = self._text.strip()
        if not text:
            raise self._wrong("the condition is empty", None)
        if len(text) > LONGEST:
            raise UsageError(
                f"the condition is longer than {LONGEST:,} characters",
                where="--where",
                do="make it shorter",
            )
        try:
            with warnings.catch_warnings():
                # Of backslashes in strings, for one, which are as good as any letter.
                warnings.simplefilter("ignore")
                tree = ast.parse(f"({self._text})", mode="eval")
        except SyntaxError as error:
            raise self._unreadable(error.offset) from None
        except (ValueError, RecursionError, MemoryError):
            raise self._unreadable(None) from None
        return self._expression(tree.body, 0)

    def _unreadable(self, offset: int | None) -> UsageError:
        single = self._text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", "")
        if "=" in single:
            return self._wrong("a single = compares nothing", None, do="write == for “equals”")
        return self._wrong("this is not a condition", offset)

    def _wrong(self, what: str, offset: int | None, do: str | None = None) -> UsageError:
        if offset is not None:
            # The text was put into brackets, and offsets count from 1.
            rest = self._text[max(offset - 2, 0) :].strip()
            what += f" at {quoted(rest)}" if rest else " at its end"
        example = 'write it as in label == "PER" and seconds > 30'
        return UsageError(what, where="--where", do=do or example)

    def _at(self, node: ast.AST) -> int:
        """Where a node begins, as the errors of Python count: from 1, in characters."""
        column: int = getattr(node, "col_offset", 0)
        lines = f"({self._text})".split("\n")
        number: int = getattr(node, "lineno", 1)
        before = sum(len(line) + 1 for line in lines[: number - 1])
        return before + len(lines[number - 1].encode()[:column].decode()) + 1

    def _expression(self, node: ast.expr, depth: int) -> Expression:
        if depth > DEEPEST:
            raise self._wrong("the condition is nested too deeply", None, do="make it simpler")
        match node:
            case ast.BoolOp():
                return self._all_or_any(node, depth)
            case ast.UnaryOp(op=ast.Not()):
                inner = self._expression(node.operand, depth + 1)
                return lambda record: _truth(not truth(inner(record)))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return _constant(-number)
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.Constant(value=str() | int() | float() | None as value):
                return _constant(value)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                parts = [self._expression(element, depth + 1) for element in elements]
                return lambda record: [item for part in parts for item in part(record)]
            case ast.Name() | ast.Attribute():
                return self._field(node)
            case ast.Call():
                return self._call(node, depth)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                raise self._wrong("& and | are not known", None, do="write and, or, not")
            case _:
                raise self._wrong("this is not allowed in a condition", self._at(node))

    def _all_or_any(self, node: ast.BoolOp, depth: int) -> Expression:
        # Parsing makes one flat list of a chain, so that no chain is deep.
        parts = [self._expression(value, depth + 1) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda record: _truth(all(truth(part(record)) for part in parts))
        return lambda record: _truth(any(truth(part(record)) for part in parts))

    def _comparison(self, node: ast.Compare, depth: int) -> Expression:
        sides = [self._expression(side, depth + 1) for side in (node.left, *node.comparators)]
        tests = [self._test(op, node) for op in node.ops]

        if len(tests) == 1:
            (test,), (left, right) = tests, sides
            return lambda record: _TRUE if test(left(record), right(record)) else _FALSE

        def compare(record: Record) -> Values:
            found = [side(record) for side in sides]
            return _truth(all(test(found[n], found[n + 1]) for n, test in enumerate(tests)))

        return compare

    def _test(self, op: ast.cmpop, node: ast.Compare) -> Callable[[Values, Values], bool]:
        match op:
            case ast.Eq() | ast.Is():
                return _equal
            case ast.NotEq() | ast.IsNot():
                return lambda one, other: not _equal(one, other)
            case ast.In():
                return _within
            case ast.NotIn():
                return lambda one, other: not _within(one, other)
            case _:
                order = _ORDER[type(op)]
                return lambda one, other: any(
                    order(a, b) for a in one for b in other if _comparable(a, b)
                )

    def _field(self, node: ast.expr) -> Expression:
        names: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self._wrong("this is not a field", self._at(node))
        path = ".".join([inner.id, *reversed(names)])
        if path.lower() in _CONSTANTS:
            return _constant(_CONSTANTS[path.lower()])
        return self._lookup(path)

    def _lookup(self, path: str) -> Expression:
        paths = (*ALIASES.get(path, ()), path)
        only_first = path in _FIRST_OF
        if path not in ALIASES:
            self._fields[path] = None

        ways = [
            (head, rest.split(".") if rest else [])
            for head, _, rest in (place.partition(".") for place in dict.fromkeys(paths))
        ]

        def look_up(record: Record) -> Values:
            items: list[Any] = []
            several = False
            for head, rest in ways:
                if head in record:
                    several |= _gather(record[head], rest, items)
                    if items and only_first:
                        break
            return items if several else tuple(items)

        return look_up

    def _call(self, node: ast.Call, depth: int) -> Expression:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            known = did_you_mean(name, FUNCTIONS, f"there are {', '.join(FUNCTIONS)}")
            raise self._wrong("there is no such function", self._at(node), do=known)
        wanted, call = FUNCTIONS[name]
        if len(node.args) != wanted or node.keywords:
            values = "one value" if wanted == 1 else f"{wanted} values"
            raise self._wrong(f"{name}() takes {values}", self._at(node))
        if name == "field":
            match node.args[0]:
                case ast.Constant(value=str() as path):
                    return self._lookup(path)
                case _:
                    raise self._wrong("field() takes a name in quotes", self._at(node))
        parts = [self._expression(argument, depth + 1) for argument in node.args]
        return lambda record: call(*(part(record) for part in parts))


def _one(value: Any) -> Values:
    return (value,)


_TRUE = _one(True)
_FALSE = _one(False)


def _truth(value: bool) -> Values:
    return _TRUE if value else _FALSE


def _constant(value: Any) -> Expression:
    values = _one(value)
    return lambda record: values


def _comparable(one: Any, other: Any) -> bool:
    if isinstance(one, str):
        return isinstance(other, str)
    return isinstance(one, int | float) and isinstance(other, int | float)


def _same(one: Any, other: Any) -> bool:
    # In Python 1 equals True, and in JSON it does not.
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _equal(one: Values, other: Values) -> bool:
    if not one or not other:
        # A field that is missing is null, and false.
        left = one or other
        return not left or any(value is None or value is False for value in left)
    for wanted in other:
        if type(wanted) is str:
            if wanted in one:
                return True
        elif any(_same(value, wanted) for value in one):
            return True
    return False


def _within(one: Values, other: Values) -> bool:
    if isinstance(other, list):
        return any(_same(a, b) for a in one for b in other)
    return any(isinstance(a, str) and isinstance(b, str) and a in b for a in one for b in other)


def _texts(values: Values, change: Callable[[str], Any]) -> Values:
    changed = [change(item) for item in values if isinstance(item, str)]
    return changed if isinstance(values, list) else tuple(changed)


def _length(values: Values) -> Values:
    """How many there are of a list, or how long a text is."""
    if isinstance(values, list) or not values:
        return (len(values),)
    (value,) = values
    return (len(value) if isinstance(value, str | Mapping) else 1,)


def _any_text(one: Values, other: Values, test: Callable[[str, str], bool]) -> Values:
    return _one(
        any(test(a, b) for a in one for b in other if isinstance(a, str) and isinstance(b, str))
    )


FUNCTIONS: Mapping[str, tuple[int, Callable[..., Values]]] = {
    "len": (1, _length),
    "lower": (1, lambda values: _texts(values, str.lower)),
    "startswith": (2, lambda one, other: _any_text(one, other, str.startswith)),
    "endswith": (2, lambda one, other: _any_text(one, other, str.endswith)),
    "field": (1, lambda values: values),
}
"""The functions of a condition, with how many values each takes."""
