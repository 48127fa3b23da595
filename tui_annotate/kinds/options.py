"""The options of views: typed, documented, and checked as soon as a recipe gives them."""

from __future__ import annotations

import collections.abc
import inspect
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec.structs import FieldInfo, fields

from tui_annotate.docstrings import section
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.wording import did_you_mean, printable

_PLAIN = {bool: "True or False", int: "a whole number", float: "a number", str: "a string"}
_SHOWN_LENGTH = 60


class ViewOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a view lets a recipe choose: the base of every kind's options.

    Each field has a type, a default and a line under ``Attributes``; one without a default
    has to be given.
    """

    old_names: ClassVar[Mapping[str, str]] = {}
    """What options were called before, and what they are called now."""

    examples: ClassVar[Mapping[str, str]] = {}
    """How a recipe gives the options that have no default."""


class SoundOptions(ViewOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every view of sounds lets a recipe choose.

    Attributes:
        auto_play: Play a sound, or a region of it, when the cursor comes to it.
        step_back: Seconds to play again when playing goes on after a pause.
        reaction: Seconds by which a mark is set earlier while something plays.
    """

    auto_play: bool = False
    step_back: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    reaction: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class OptionError(AnnotateError):
    """A recipe gives its view an option that the view does not have, or of another type."""


class OptionHelp(msgspec.Struct, frozen=True):
    """One option of a view, as the docs show it.

    Attributes:
        view: The view.
        option: The name of the option.
        type: What it takes, in words.
        default: What it is where the recipe does not say; empty if it has to.
        doc: What it does.
    """

    view: str
    option: str
    type: str
    default: str
    doc: str


def read_options(
    view: str, made_of: type[ViewOptions], given: Mapping[str, object]
) -> tuple[ViewOptions, tuple[str, ...]]:
    """Make a view's options of what a recipe gives.

    Args:
        view: The view.
        made_of: Its options.
        given: What the recipe gives, by name; names of old are read too.

    Returns:
        The options, and a notice for each name of old.

    Raises:
        OptionError: One is unknown, is missing, or is of another type.
        UsageError: A number is out of its range.
    """
    known = _fields(made_of)
    values: dict[str, object] = {}
    notices = []
    for name, value in given.items():
        now = made_of.old_names.get(name, name)
        if now not in known:
            raise _unknown(view, name, list(known))
        if now != name:
            notices.append(f"the option {name} of the view {view!r} is called {now} now")
        if now in values:
            raise OptionError(f"the option {now} of the view {view!r} is given twice")
        values[now] = _read(view, now, value, known[now].type)
    for name, field in known.items():
        if name not in values and field.default is msgspec.NODEFAULT:
            example = made_of.examples.get(name, f"{name}=…")
            raise OptionError(
                f"the view {view!r} needs the option {name}",
                do=f"return Session(…, view={view!r}, {example})",
            )
    return made_of(**values), tuple(notices)


def as_given(options: ViewOptions) -> dict[str, Any]:
    """The values of some options by name."""
    return {name: getattr(options, name) for name in options.__struct_fields__}


def changed(options: ViewOptions) -> dict[str, Any]:
    """Those of some options that are not as they are by default."""
    known = _fields(type(options))
    values = as_given(options).items()
    return {name: value for name, value in values if value != known[name].default}


def describe_options(view: str, made_of: type[ViewOptions]) -> list[OptionHelp]:
    """All options of a view, as the docs show them."""
    docs: dict[str, str] = {}
    for part in reversed(made_of.__mro__):
        docs.update(section(inspect.cleandoc(part.__doc__ or ""), "Attributes"))
    return [
        OptionHelp(
            view, name, _wanted(field.type), _shown_default(field.default), docs.get(name, "")
        )
        for name, field in _fields(made_of).items()
    ]


@cache
def _fields(made_of: type[ViewOptions]) -> Mapping[str, FieldInfo]:
    return {field.name: field for field in fields(made_of)}


def _unknown(view: str, name: str, known: Sequence[str]) -> OptionError:
    there = f"it has {', '.join(known)}" if known else "it has none"
    hint = did_you_mean(name, known)
    what = f"the view {view!r} has no option {name!r}"
    return OptionError(f"{what}: {there}" if hint else what, do=hint or there)


def _read(view: str, name: str, value: object, hint: Any) -> object:
    """A value as its type has it: a list as a tuple, a whole number as a float."""
    try:
        return _fitted(value, hint)
    except _Unfit as unfit:
        shown = printable(repr(value), _SHOWN_LENGTH)
        what = f"the option {name} of the view {view!r} must be {_wanted(hint)}, not {shown}"
        raise (UsageError if unfit.out_of_range else OptionError)(what) from None


class _Unfit(Exception):
    """A value that is not what an option takes."""

    def __init__(self, *, out_of_range: bool = False) -> None:
        self.out_of_range = out_of_range


def _fitted(value: object, hint: Any) -> object:
    choices, optional = _without_none(hint)
    if value is None and optional:
        return None
    bare, meta = _bare(choices)
    if typing.get_origin(bare) is tuple:
        if not isinstance(value, list | tuple) or (meta and not value):
            raise _Unfit
        return tuple(_fitted(one, typing.get_args(bare)[0]) for one in value)
    if typing.get_origin(bare) is collections.abc.Mapping:
        pairs = value.items() if isinstance(value, Mapping) else [(None, None)]
        if any(not isinstance(part, str) for pair in pairs for part in pair):
            raise _Unfit
        return value
    if typing.get_origin(bare) is not Literal and bare not in _PLAIN:
        if not isinstance(value, bare):
            raise _Unfit
        return value
    try:
        plain = msgspec.convert(value, bare)
    except msgspec.ValidationError:
        raise _Unfit from None
    if meta is not None:
        try:
            msgspec.convert(plain, choices)
        except msgspec.ValidationError:
            raise _Unfit(out_of_range=True) from None
    return plain


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint, False
    (rest,) = (part for part in typing.get_args(hint) if part is not type(None))
    return rest, True


def _bare(hint: Any) -> tuple[Any, msgspec.Meta | None]:
    if typing.get_origin(hint) is not Annotated:
        return hint, None
    bare, *extras = typing.get_args(hint)
    return bare, next((one for one in extras if isinstance(one, msgspec.Meta)), None)


def _wanted(hint: Any) -> str:
    """What an option takes, in words."""
    choices, optional = _without_none(hint)
    bare, meta = _bare(choices)
    if typing.get_origin(bare) is tuple:
        of = typing.get_args(bare)[0]
        words = f"a list of {'strings' if of is str else of.__name__}"
        if meta is not None:
            words += " that is not empty"
    elif typing.get_origin(bare) is collections.abc.Mapping:
        words = "a dict of strings"
    elif typing.get_origin(bare) is Literal:
        *most, last = map(repr, typing.get_args(bare))
        words = f"{', '.join(most)} or {last}"
    elif bare in _PLAIN:
        words = _PLAIN[bare]
        if meta is not None and meta.le is not None:
            words += f" from {meta.ge} to {meta.le}"
        elif meta is not None:
            words += f", {meta.ge} or more"
    else:
        words = f"a {bare.__name__}"
    return f"{words}, or None" if optional else words


def _shown_default(default: object) -> str:
    if default is msgspec.NODEFAULT:
        return ""
    if default is None or isinstance(default, bool | int | float | str | tuple):
        return repr(default)
    return str(getattr(default, "name", "") or type(default).__name__)
