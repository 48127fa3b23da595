"""One of several kinds of annotation on a task; and what a session and its blocks have alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

from msgspec.structs import replace as named_anew

from tui_annotate.errors import AnnotateError
from tui_annotate.kinds import current_name, kind
from tui_annotate.kinds.options import ViewOptions, as_given, changed, read_options
from tui_annotate.suggest.messages import SuggesterSpec


class Described:
    """A view with its labels, suggesters, keys and options, as a recipe gives them. Never changes.

    Attributes:
        view: The kind of annotation.
        labels: The labels on offer.
        suggesters: Sources of suggestions; the first wins where two cross.
        keys: Keys of their own for labels.
        descriptions: What is known about the labels.
        options: The options of the view.
        notices: What to tell the user of names that are of old.
    """

    __slots__ = (
        "descriptions",
        "keys",
        "labels",
        "notices",
        "options",
        "suggesters",
        "view",
    )

    view: str
    labels: tuple[str, ...]
    suggesters: tuple[SuggesterSpec, ...]
    keys: Mapping[str, str]
    descriptions: Mapping[str, str]
    # Each view has its own; who reads them knows which view it is.
    options: Any
    notices: tuple[str, ...]

    def _describe(
        self,
        view: str,
        labels: Sequence[str],
        suggesters: Sequence[SuggesterSpec],
        keys: Mapping[str, str] | None,
        descriptions: Mapping[str, str] | None,
        options: ViewOptions,
        notices: Iterable[str],
    ) -> None:
        self._set("view", view)
        self._set("labels", _checked_labels(labels))
        self._set("suggesters", tuple(suggesters))
        self._set("keys", MappingProxyType(dict(keys or {})))
        self._set("descriptions", MappingProxyType(dict(descriptions or {})))
        self._set("options", options)
        self._set("notices", tuple(dict.fromkeys(notices)))
        unknown = [label for label in self.keys if self.labels and label not in self.labels]
        if unknown:
            raise AnnotateError(f"a key is set for {unknown[0]!r}, which is not in the label set")

    def noticing(self, *notices: str) -> Self:
        """Return the same with something more to tell the user."""
        made = self.replace()
        made._set("notices", tuple(dict.fromkeys((*made.notices, *notices))))
        return made

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} never changes: use replace({name}=…)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} never changes")

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}(view={self.view!r}, labels={self.labels!r}, options={self.options!r})"

    def _attributes(self) -> dict[str, Any]:
        """What its maker takes, but for the options of the view."""
        raise NotImplementedError

    def replace(self, **changes: Any) -> Self:
        """Return the same with other attributes, or other options of the view."""
        same = current_name(changes.get("view", self.view)) == self.view
        # Another view has options of its own: only what was chosen goes over to it.
        options = as_given(self.options) if same else changed(self.options)
        made = type(self)(**{**self._attributes(), **options, **changes})
        made._set("notices", tuple(dict.fromkeys((*self.notices, *made.notices))))
        return made


class Block(Described):
    """One of several kinds of annotation that a task gets, one after the other. Never changes.

    Args:
        view: The kind: ``spans``, ``choice``, …
        title: What the status line calls it; the view's name, if none is given.
        labels: The labels on offer.
        suggesters: Sources of suggestions; the first wins where two cross.
        keys: Keys of their own for labels.
        descriptions: What is known about the labels.
        flag: The option of the recipe that names its labels.
        options: The options of the view.

    Raises:
        AnnotateError: A label is given twice or is empty, a key is given for a label that is not
            on offer, or the view has no such option.
    """

    __slots__ = ("flag", "title")

    title: str
    flag: str

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
        view, chosen, notices = read_view(view, options)
        self._set("title", title or view)
        self._set("flag", flag)
        self._describe(view, labels, suggesters, keys, descriptions, chosen, notices)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Block)
            and self._attributes() == other._attributes()
            and self.options == other.options
        )

    __hash__ = None  # type: ignore[assignment]

    def _attributes(self) -> dict[str, Any]:
        names = ("view", "title", "labels", "suggesters", "keys", "descriptions", "flag")
        return {name: getattr(self, name) for name in names}


def read_view(view: str, options: Mapping[str, object]) -> tuple[str, ViewOptions, tuple[str, ...]]:
    """Read the view that a recipe names, and the options that it gives.

    Returns:
        What the view is called now, its options, and notices of names that are of old.

    Raises:
        AnnotateError: There is no such view, or an option is unknown, missing or wrong.
    """
    now = current_name(view)
    read, notices = read_options(now, kind(now).options, options)
    if now != view:
        notices = (f"the view {view!r} is called {now!r} now", *notices)
    return now, read, notices


def told_apart(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks whose suggesters all have names of their own.

    One pipeline may offer entities in one block and classes in another.
    """
    named: dict[str, SuggesterSpec] = {}
    apart = []
    for block in blocks:
        specs = []
        for spec in block.suggesters:
            if named.setdefault(spec.name, spec) != spec:
                spec = named_anew(spec, name=f"{spec.name} {block.title}")
                named[spec.name] = spec
            specs.append(spec)
        apart.append(block.replace(suggesters=specs) if block.suggesters else block)
    return tuple(apart)


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
