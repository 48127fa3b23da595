"""Recipes: a decorated function whose parameters are options and whose result is a session."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from msgspec.structs import replace as named_anew

from tui_annotate.errors import AnnotateError
from tui_annotate.recipe.parameters import (
    Classes,
    Knowledge,
    LabelMap,
    Labels,
    Marks,
    Model,
    Option,
    Parameter,
    Patterns,
    Suggest,
    Tags,
    Words,
    parameters,
    takes_sounds,
)
from tui_annotate.sources.sounds import Sounds
from tui_annotate.sources.stream import Stream

if TYPE_CHECKING:
    from tui_annotate.suggest.messages import SuggesterSpec

__all__ = [
    "Block",
    "Classes",
    "Knowledge",
    "LabelMap",
    "Labels",
    "Marks",
    "Model",
    "Option",
    "Patterns",
    "Recipe",
    "Session",
    "Sounds",
    "Stream",
    "Suggest",
    "Tags",
    "Words",
    "recipe",
]

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, init=False)
class Block:
    """One of several kinds of annotation that a task gets, one after the other.

    Attributes:
        view: The kind: ``spans``, ``choice``, …
        title: What the status line calls it.
        labels: The labels on offer.
        suggesters: Sources of suggestions; the first wins where two cross.
        keys: Keys of their own for labels.
        descriptions: What is known about the labels.
        flag: The option of the recipe that names its labels.
        options: What else the view knows.
    """

    view: str
    title: str
    labels: tuple[str, ...]
    suggesters: tuple[SuggesterSpec, ...]
    keys: Mapping[str, str]
    descriptions: Mapping[str, str]
    flag: str
    options: Mapping[str, object]

    def __init__(
        self,
        view: str,
        *,
        title: str = "",
        labels: Sequence[str] = (),
        suggesters: Sequence[SuggesterSpec] = (),
        keys: Mapping[str, str] | None = None,
        descriptions: Mapping[str, str] | None = None,
        flag: str = "--label",
        **options: object,
    ) -> None:
        labels = _checked_labels(labels)
        _check_keys(keys or {}, labels)
        for name, value in (
            ("view", view),
            ("title", title or view),
            ("labels", labels),
            ("suggesters", tuple(suggesters)),
            ("keys", MappingProxyType(dict(keys or {}))),
            ("descriptions", MappingProxyType(dict(descriptions or {}))),
            ("flag", flag),
            ("options", MappingProxyType(options)),
        ):
            object.__setattr__(self, name, value)

    def replace(self, **changes: object) -> Block:
        """Return the same block with other attributes; unknown names become options."""
        names = ("view", "title", "labels", "suggesters", "keys", "descriptions", "flag")
        now = {name: getattr(self, name) for name in names}
        return Block(**{**now, **self.options, **changes})


class Session:
    """What a recipe returns: everything that a session is, before it runs. Never changes.

    Args:
        stream: The tasks.
        view: The kind of annotation: ``spans``, …; ``blocks`` for several on one task.
        labels: The labels on offer, in the order of their keys; where there are
            none, those that come with the tasks, or those of the blocks.
        suggesters: Sources of suggestions; the first wins where two cross.
        model: The pipeline that cuts text into tokens; ``blank:xx`` if none.
        correct: A decision waits until the suggestions of its task were shown.
        guidelines: Markdown, or the path of a Markdown file.
        keys: A key of its own for a label, or two with a space between that are typed one
            after the other; the others get digits.
        descriptions: What is known about the labels.
        options: What else the view knows: ``overlap``, ``characters``, …; and ``blocks``,
            the kinds of annotation that a task gets one after the other, as `Block`s.

    Raises:
        AnnotateError: A label is given twice or is empty, or a key is given for
            a label that is not on offer.
    """

    __slots__ = (
        "correct",
        "descriptions",
        "guidelines",
        "keys",
        "labels",
        "model",
        "options",
        "stream",
        "suggesters",
        "view",
    )

    stream: Stream
    view: str
    labels: tuple[str, ...]
    suggesters: tuple[SuggesterSpec, ...]
    model: str | None
    correct: bool
    guidelines: str | Path | None
    keys: Mapping[str, str]
    descriptions: Mapping[str, str]
    options: Mapping[str, object]

    def __init__(
        self,
        stream: Stream,
        *,
        view: str = "spans",
        labels: Sequence[str] = (),
        suggesters: Sequence[SuggesterSpec] = (),
        model: str | None = None,
        correct: bool = False,
        guidelines: str | Path | None = None,
        keys: Mapping[str, str] | None = None,
        descriptions: Mapping[str, str] | None = None,
        **options: object,
    ) -> None:
        self._set("stream", stream)
        self._set("view", view)
        if "blocks" in options:
            blocks = options["blocks"] = _checked_blocks(options["blocks"])
            labels = labels or _all(one.labels for one in blocks)
            suggesters = suggesters or _all(one.suggesters for one in blocks)
            descriptions = {
                **{name: said for one in blocks for name, said in one.descriptions.items()},
                **(descriptions or {}),
            }
        self._set("labels", _checked_labels(labels))
        self._set("suggesters", tuple(suggesters))
        self._set("model", model)
        self._set("correct", correct)
        self._set("guidelines", guidelines)
        self._set("keys", MappingProxyType(dict(keys or {})))
        self._set("descriptions", MappingProxyType(dict(descriptions or {})))
        self._set("options", MappingProxyType(options))
        _check_keys(self.keys, self.labels)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The kinds of annotation that a task gets one after the other; none where it gets one."""
        found = self.options.get("blocks", ())
        assert isinstance(found, tuple)
        return found

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Session never changes: use replace({name}=…)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Session never changes")

    def __repr__(self) -> str:
        return f"Session(view={self.view!r}, labels={self.labels!r}, options={dict(self.options)})"

    def replace(self, **changes: object) -> Session:
        """Return the same session with other attributes; unknown names become options."""
        now: dict[str, object] = {
            name: getattr(self, name) for name in self.__slots__ if name != "options"
        }
        return Session(**{**now, **self.options, **changes})  # type: ignore[arg-type]


def _check_keys(keys: Mapping[str, str], labels: Sequence[str]) -> None:
    unknown = [label for label in keys if labels and label not in labels]
    if unknown:
        raise AnnotateError(f"a key is set for {unknown[0]!r}, which is not in the label set")


def _all(groups: Iterable[Iterable[T]]) -> list[T]:
    """What is in any of some groups, each once."""
    found: list[T] = []
    for group in groups:
        found.extend(one for one in group if one not in found)
    return found


def _checked_blocks(given: object) -> tuple[Block, ...]:
    """Blocks whose sources of suggestions all have names of their own.

    Raises:
        AnnotateError: They are no blocks, or none.
    """
    blocks = list(given) if isinstance(given, list | tuple) else []
    if not blocks or not all(isinstance(one, Block) for one in blocks):
        raise AnnotateError("the blocks of a session are a list of Block(view, labels=…)")
    named: dict[str, SuggesterSpec] = {}
    checked = []
    for block in blocks:
        specs = []
        for spec in block.suggesters:
            if named.setdefault(spec.name, spec) != spec:
                # One pipeline may offer entities in one block and classes in another.
                spec = named_anew(spec, name=f"{spec.name} {block.title}")
                named[spec.name] = spec
            specs.append(spec)
        checked.append(block.replace(suggesters=specs) if block.suggesters else block)
    return tuple(checked)


def _checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    if isinstance(labels, str):
        raise AnnotateError(
            f"labels must be a list, not the string {labels!r}",
            do="give a list or tuple of strings",
        )
    seen: set[str] = set()
    for label in labels:
        if not isinstance(label, str) or not label.strip():
            raise AnnotateError(f"a label is empty or not a string: {label!r}")
        if label in seen:
            raise AnnotateError(f"the label {label!r} is listed twice")
        seen.add(label)
    return tuple(labels)


class Recipe(Generic[P]):
    """A recipe: a function that makes a `Session`, and what the command line says about it.

    Attributes:
        name: What the user types: ``ner.manual``.
        function: The function that was decorated.
    """

    def __init__(self, name: str, function: Callable[P, Session]) -> None:
        self.name = name
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Session:
        """Make the session."""
        session = self.function(*args, **kwargs)
        if not isinstance(session, Session):
            code = inspect.unwrap(self.function).__code__
            raise AnnotateError(
                f"the recipe {self.name} returned {type(session).__name__}, not a Session",
                where=f"{code.co_filename}:{code.co_firstlineno}",
            )
        return session

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0].strip()

    @property
    def description(self) -> str:
        """The docstring up to its ``Args``."""
        return (inspect.getdoc(self.function) or "").partition("\nArgs:")[0].strip()

    @property
    def stream_parameter(self) -> str:
        """The name of the parameter that takes the stream."""
        return parameters(self.function)[0]

    @property
    def takes_sounds(self) -> bool:
        """Whether its tasks are sounds."""
        return takes_sounds(self.function)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that become options."""
        return parameters(self.function)[1]


def recipe(name: str) -> Callable[[Callable[P, Session]], Recipe[P]]:
    """Make a recipe of a function that returns a `Session`.

    Args:
        name: What the user types. It stands in the file as a plain string, because
            recipes are listed by reading their files, without running them.
    """

    def decorate(function: Callable[P, Session]) -> Recipe[P]:
        return Recipe(name, function)

    return decorate
