"""What a recipe's parameters mean on the command line.

A recipe says each thing once: the type of a parameter says which option it is
and how its value is read, its default whether it is required, and the line of
the docstring's ``Args`` what its help says.
"""

from __future__ import annotations

import inspect
import os
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from tui_annotate.docstrings import section
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.inventory.marks import MarkSet, read_marks
from tui_annotate.inventory.tagset import TagSet, read_tagset
from tui_annotate.inventory.vocabulary import Vocabulary, read_vocabulary
from tui_annotate.sources.sounds import Sounds
from tui_annotate.sources.stream import Stream
from tui_annotate.wording import reason


def split_names(values: Sequence[str]) -> tuple[str, ...]:
    """Read names that are separated by commas, repeated, or both; each once, in their order."""
    names = (name.strip() for value in values for name in value.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def read_labels(values: Sequence[str]) -> tuple[str, ...]:
    """Read labels: names as in `split_names`, or files with one label per line.

    A value counts as a file if it has a folder or a suffix in it and the file is
    there, so that a label is never taken for a file that happens to have its name.
    What follows a tab in a line of the file describes the label (`describe_labels`).

    Raises:
        UsageError: A file of labels is not there, is not UTF-8, or holds none.
    """
    names: list[str] = []
    for value in values:
        if path := _labels_file(value):
            names.extend(name for name, _ in _labels_in(path))
        else:
            names.extend(split_names([value]))
    return tuple(dict.fromkeys(names))


def describe_labels(values: Sequence[str]) -> dict[str, str]:
    """Return what the files of labels among `values` say about each label."""
    paths = filter(None, map(_labels_file, values))
    return {name: about for path in paths for name, about in _labels_in(path) if about}


def read_mapping(values: Sequence[str]) -> dict[str, str]:
    """Read ``FROM=TO`` pairs that are separated by commas, repeated, or both.

    Raises:
        UsageError: A pair has no ``=``, or nothing on one of its sides.
    """
    mapping: dict[str, str] = {}
    for pair in split_names(values):
        old, equals, new = (part.strip() for part in pair.partition("="))
        if not (old and equals and new):
            raise UsageError(
                f"{pair!r} is not a pair of labels",
                where="--map",
                do="write it as FROM=TO, several with commas: GPE=LOC,PERSON=PER",
            )
        mapping[old] = new
    return mapping


def read_file(values: Sequence[str]) -> Path:
    """Read the path of a file that has to be there.

    Raises:
        UsageError: It is not there, or is a folder.
    """
    path = Path(values[-1])
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "there is no such file"
        raise UsageError(what, where=str(path))
    return path


def read_path(values: Sequence[str]) -> Path:
    """Read the path of a file or a folder; whether it is there is found out by who opens it."""
    return Path(values[-1])


def _labels_file(value: str) -> Path | None:
    path = Path(value)
    looks_like_one = "," not in value and bool(path.suffix or len(path.parts) > 1)
    if looks_like_one and os.path.exists(path) and (path.is_file() or path.is_fifo()):
        return path
    if looks_like_one and path.suffix in {".txt", ".tsv", ".labels"}:
        raise UsageError("no such label file", where=value)
    return None


_PIPED: dict[Path, str] = {}
"""What came through a pipe, as of ``--label <(…)``: it can be read once."""


def _text_of(path: Path) -> str:
    if not path.is_fifo():
        return path.read_text(encoding="utf-8-sig")
    if path not in _PIPED:
        _PIPED[path] = path.read_text(encoding="utf-8-sig")
    return _PIPED[path]


def _labels_in(path: Path) -> list[tuple[str, str]]:
    try:
        lines = _text_of(path).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the labels cannot be read ({reason(error)})", where=str(path)) from error
    parts = (line.partition("\t") for line in lines if line.strip())
    labels = [(name.strip(), about.strip()) for name, _, about in parts]
    if not labels:
        raise UsageError("this file has no labels", where=str(path), do="write one per line")
    return labels


@dataclass(frozen=True, slots=True, init=False)
class Option:
    """How a parameter is given on the command line: the metadata of an ``Annotated`` type.

    Attributes:
        flags: ``-l``, ``--label``, …; from the parameter's name, if none is given.
        metavar: What stands for the value in the help.
        many: May be given several times.
        read: Makes the value of all the strings given, in their order.
    """

    flags: tuple[str, ...]
    metavar: str
    many: bool
    read: Callable[[Sequence[str]], object]

    def __init__(
        self,
        *flags: str,
        metavar: str = "TEXT",
        many: bool = False,
        read: Callable[[Sequence[str]], object] = lambda values: values[-1],
    ) -> None:
        object.__setattr__(self, "flags", flags)
        object.__setattr__(self, "metavar", metavar)
        object.__setattr__(self, "many", many)
        object.__setattr__(self, "read", read)


# What these mean is the same in every recipe that has such a parameter.
Model = Annotated[str, Option("-m", "--model", metavar="NAME")]
"""A spaCy pipeline: an installed package, a folder, or ``blank:xx``."""

Labels = Annotated[
    tuple[str, ...], Option("-l", "--label", metavar="LABELS", many=True, read=read_labels)
]
"""The labels on offer: with commas, repeated, or a file with one per line."""

Classes = Annotated[
    tuple[str, ...], Option("--classes", metavar="LABELS", many=True, read=read_labels)
]
"""The classes of whole texts, where ``--label`` names the labels of parts of them."""

Patterns = Annotated[Path, Option("--patterns", metavar="FILE", read=read_file)]
"""A file of patterns: JSONL as Prodigy and spaCy's EntityRuler have it."""

Knowledge = Annotated[Path, Option("--kb", metavar="KB", read=read_path)]
"""A knowledge base: a file of ``kb build``, a folder of spaCy's, or a small table."""

LabelMap = Annotated[
    Mapping[str, str], Option("--map", metavar="FROM=TO", many=True, read=read_mapping)
]
"""Names of labels of tasks and of pipelines, and what they are called in this project."""

Tags = Annotated[
    TagSet,
    Option("--tagset", metavar="upos|xpos|FILE", read=lambda values: read_tagset(values[-1])),
]
"""A set of tags with their keys."""

Marks = Annotated[MarkSet, Option("--marks", metavar="MARKS|LANGUAGE|FILE", read=read_marks)]
"""An inventory of punctuation marks with their keys."""

Suggest = Annotated[
    tuple[str, ...], Option("--suggest", metavar="SOURCES", many=True, read=split_names)
]
"""Sources of suggestions, first the one that wins where two cross."""

Words = Annotated[Vocabulary, Option("--words", metavar="FILE", read=read_vocabulary)]
"""A file of words that typing is completed with, one a line."""


class Parameter(msgspec.Struct, frozen=True):
    """One parameter of a recipe, as the command line needs it.

    Attributes:
        name: The name in the signature.
        help: What the docstring says about it, in one line.
        option: How it is given.
        required: Has no default.
        default: The value where the option is not given.
        flag: A switch without a value; `default` says what it is without.
        choices: The values that a ``Literal`` allows.
    """

    name: str
    help: str
    option: Option
    required: bool
    default: object
    flag: bool = False
    choices: tuple[str, ...] = ()


def parameters(function: Callable[..., object]) -> tuple[str, tuple[Parameter, ...]]:
    """Read a recipe's signature.

    Returns:
        The name of the parameter that takes the stream, and the others.

    Raises:
        AnnotateError: A type cannot be an option, or no parameter is a `Stream` or `Sounds`.
    """
    where = _place(function)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError, AttributeError) as error:
        name = getattr(error, "name", None)
        raise AnnotateError(
            f"a type in the recipe's signature is unknown{f': {name}' if name else ''}", where=where
        ) from error
    helps = section(inspect.getdoc(function) or "", "Args")
    stream: str | None = None
    found: list[Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        if hint is None or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise AnnotateError(
                f"the parameter {name!r} has no type that can become an option",
                where=where,
                do="use one of those in tui_annotate.recipe, or str, int, float, bool, Path",
            )
        if isinstance(hint, type) and issubclass(hint, Stream):
            stream = name
            continue
        found.append(_parameter(name, hint, parameter.default, helps.get(name, ""), where))
    if stream is None:
        raise AnnotateError(
            "the recipe has no parameter of the type Stream", where=where, do="add 'stream: Stream'"
        )
    return stream, tuple(found)


def takes_sounds(function: Callable[..., object]) -> bool:
    """Whether what a recipe's stream gives are sounds: its type is `Sounds`."""
    hint = typing.get_type_hints(function, include_extras=True)[parameters(function)[0]]
    return issubclass(hint, Sounds)


def _parameter(name: str, hint: Any, default: object, help: str, where: str) -> Parameter:
    required = default is inspect.Parameter.empty
    value = None if required else default
    plain = _without_none(hint)
    flags = ("--" + name.rstrip("_").replace("_", "-"),)
    if typing.get_origin(plain) is Annotated:
        for option in typing.get_args(plain)[1:]:
            if isinstance(option, Option):
                named = option.flags or flags
                option = Option(*named, metavar=option.metavar, many=option.many, read=option.read)
                return Parameter(name, help, option, required, value)
        plain = _without_none(typing.get_args(plain)[0])
    if plain is bool:
        if value is True:
            flags = ("--no-" + flags[0][2:],)
        return Parameter(name, help, Option(*flags), False, bool(value), flag=True)
    if typing.get_origin(plain) is Literal:
        choices = tuple(map(str, typing.get_args(plain)))
        option = Option(*flags, metavar="|".join(choices))
        return Parameter(name, help, option, required, value, choices=choices)
    if typing.get_origin(plain) in (tuple, list) and typing.get_args(plain)[0] is str:
        option = Option(*flags, metavar="NAMES", many=True, read=split_names)
        return Parameter(name, help, option, required, value)
    if plain in _PLAIN:
        metavar, read = _PLAIN[plain]
        return Parameter(
            name, help, Option(*flags, metavar=metavar, read=_last(read, flags[0])), required, value
        )
    raise AnnotateError(
        f"the parameter {name!r} has a type that cannot become an option",
        where=where,
        do="use one of those in tui_annotate.recipe, or str, int, float, bool, Path",
    )


_PLAIN: dict[type, tuple[str, Callable[[str], object]]] = {
    str: ("TEXT", str),
    int: ("NUMBER", int),
    float: ("NUMBER", float),
    Path: ("PATH", Path),
}


def _last(read: Callable[[str], object], flag: str) -> Callable[[Sequence[str]], object]:
    def last(values: Sequence[str]) -> object:
        try:
            return read(values[-1])
        except ValueError:
            raise UsageError(f"{values[-1]!r} is not a number", where=flag) from None

    return last


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(rest) == 1:
            return rest[0]
    return hint


def _place(function: Callable[..., object]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}:{code.co_firstlineno}"
