"""Classes to and from the fields of the format: `label`, `options`, `accept`, `cats`, `scores`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tui_annotate.task.incoming import Fault, Fields
from tui_annotate.wording import json_kind, quoted

Style = Literal["binary", "single", "multiple"]
"""One question; one of several; any of several."""

_ANSWERED = ("answer", "priority", "score")
"""Fields of a task that is a question about its own label, as Prodigy's ``textcat.teach`` asks."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen.

    Attributes:
        label: Its name in the session.
        about: What is said about it, or nothing.
        original: It as it came with the task, to be written so; None for one that did not.
    """

    label: str
    about: str = ""
    original: Mapping[str, Any] | None = None

    @property
    def id(self) -> Any:
        """What stands for it in ``accept``."""
        return self.label if self.original is None else self.original["id"]

    def written(self) -> dict[str, Any]:
        """It as the format has it."""
        return (
            {"id": self.label, "text": self.label} if self.original is None else dict(self.original)
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a task asks.

    Attributes:
        style: How many of the options can be chosen.
        options: What there is to choose from; the question alone where the style is binary.
        chosen: What is chosen already.
        scores: How likely some of them are, in [0, 1], where the task says so.
        config: The task's settings, to be written with the style.
    """

    style: Style
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)


def read_choices(
    fields: Mapping[str, Any],
    labels: Sequence[str],
    *,
    named: bool = True,
    multiple: bool = False,
    descriptions: Mapping[str, str] | None = None,
) -> Choices:
    """Understand what a task asks, and what it says about the answer.

    Args:
        fields: The task, or the line that decided it.
        labels: The labels on offer.
        named: Whether they were named; else each task offers what it came with.
        multiple: Whether several can be chosen, where the task does not say.
        descriptions: What is known about the labels.
    """
    original = {str(option["id"]): option for option in _options(fields)}
    about = descriptions or {}
    own = fields.get("label")
    if (
        isinstance(own, str)
        and own
        and not original
        and _is_question(fields, labels, named, multiple)
    ):
        return Choices(
            "binary", (Option(own, about.get(own, "")),), scores=_binary_score(fields, own)
        )
    if len(labels) == 1 and not original and not multiple:
        only = labels[0]
        return Choices(
            "binary", (Option(only, about.get(only, "")),), scores=_binary_score(fields, only)
        )
    chosen = chosen_in(fields)
    # One that is chosen without being on offer was let through: it stays chosen.
    offered = list(dict.fromkeys([*(original if original and not named else labels), *chosen]))
    options = tuple(
        Option(
            label, about.get(label, "") or _text_of(original.get(label), label), original.get(label)
        )
        for label in offered
    )
    config = fields.get("config")
    config = config if isinstance(config, dict) else {}
    several = multiple or config.get("choice_style") == "multiple" or len(chosen) > 1
    return Choices(
        "multiple" if several else "single",
        options,
        tuple(label for label in offered if label in chosen),
        scores_in(fields),
        config,
    )


def _is_question(
    fields: Mapping[str, Any], labels: Sequence[str], named: bool, multiple: bool
) -> bool:
    if named or multiple or "accept" in fields:
        return len(labels) == 1 and not multiple
    return (
        len(labels) <= 1
        or fields.get("_view_id") == "classification"
        or any(name in fields for name in _ANSWERED)
    )


def _options(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    options = fields.get("options")
    for option in options if isinstance(options, list) else ():
        if isinstance(option, dict) and isinstance(option.get("id"), str | int):
            yield option


def _text_of(option: Mapping[str, Any] | None, label: str) -> str:
    text = option.get("text") if option is not None else None
    return text if isinstance(text, str) and text != label else ""


def chosen_in(fields: Mapping[str, Any]) -> list[str]:
    """The labels that a task or line says are chosen."""
    accept, cats, label = fields.get("accept"), fields.get("cats"), fields.get("label")
    if isinstance(accept, list):
        return [str(one) for one in accept if isinstance(one, str | int)]
    if isinstance(cats, dict):
        return [str(name) for name, value in cats.items() if _share(value, 0.0) >= 0.5]
    if fields.get("answer") not in (None, "accept"):
        return []
    if isinstance(label, str) and label:
        return [label]
    # As doccano has them.
    listed = (_listed(one) for one in (label, fields.get("labels"), cats))
    return next((one for one in listed if one), [])


def _listed(value: object) -> list[str]:
    """The names in a list of strings or numbers, or the number that stands for one."""
    given = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int) for one in given):
        return []
    return [str(one) for one in given]


def scores_in(fields: Mapping[str, Any]) -> dict[str, float]:
    """How likely each label is, where a task says so in ``scores`` or in fractions in ``cats``."""
    scores = fields.get("scores")
    if isinstance(scores, list):
        pairs = [(one.get("label"), one.get("score")) for one in scores if isinstance(one, dict)]
    elif isinstance(scores, dict):
        pairs = list(scores.items())
    else:
        cats = fields.get("cats")
        pairs = list(cats.items()) if isinstance(cats, dict) else []
        if all(value in (0, 1) for _, value in pairs):
            return {}
    return {
        str(label): _share(score, 0.0)
        for label, score in pairs
        if label is not None and isinstance(score, int | float)
    }


def _binary_score(fields: Mapping[str, Any], label: str) -> dict[str, float]:
    found = scores_in(fields)
    if label in found:
        return {label: found[label]}
    meta = fields.get("meta")
    for holder in (fields, meta if isinstance(meta, dict) else {}):
        score = holder.get("score")
        if isinstance(score, int | float) and not isinstance(score, bool):
            return {label: _share(score, 0.0)}
    return {}


def _share(value: object, otherwise: float) -> float:
    return min(max(float(value), 0.0), 1.0) if isinstance(value, int | float) else otherwise


class IncomingClasses:
    """The classes of a text: `label`, `options`, `accept`, `cats`, `scores`.

    Attributes:
        several: Whether a task was met of which several can be or are chosen.
        scored: Whether a task was met that says how likely its labels are.
    """

    def __init__(self) -> None:
        self.several = False
        self.scored = False

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels in all of these fields."""
        config = fields.get("config")
        chosen = chosen_in(fields)
        if len(chosen) > 1 or (
            isinstance(config, dict) and config.get("choice_style") == "multiple"
        ):
            self.several = True
        found = [str(option["id"]) for option in _options(fields)]
        cats, label = fields.get("cats"), fields.get("label")
        if isinstance(cats, dict):
            found += map(str, cats)
        if isinstance(label, str) and label:
            found.append(label)
        scores = scores_in(fields)
        self.scored = self.scored or bool(scores or chosen)
        found += [*chosen, *scores]
        return dict.fromkeys(one for one in found if one)

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """Fields of another form, and labels that are chosen without being on offer."""
        found: list[Fault] = []
        for name, form in (("options", list), ("accept", list), ("cats", dict)):
            value = fields.get(name)
            if name == "cats" and _listed(value):
                continue
            if value is not None and not isinstance(value, form):
                what = "a list" if form is list else "an object"
                found.append((f'"{name}" is {json_kind(value)}, not {what}', True))
        label = fields.get("label")
        if not (label is None or label == [] or isinstance(label, str) or _listed(label)):
            found.append((f'"label" is {json_kind(label)}, not a string; it is kept', False))
        options = fields.get("options")
        for number, option in enumerate(options if isinstance(options, list) else (), start=1):
            if not isinstance(option, dict) or not isinstance(option.get("id"), str | int):
                found.append((f'option {number} has no "id" that is a string or a number', True))
        if labels is not None and not keep_labels:
            asked = [label] if isinstance(label, str) and label else []
            for one in dict.fromkeys([*chosen_in(fields), *asked]):
                if one not in labels:
                    found.append(
                        (f"it has the label {quoted(one)}, which is not in the label set", True)
                    )
        return found
