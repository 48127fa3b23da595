"""Classes to and from the fields of the format: `label`, `options`, `accept`, `cats`, `scores`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tui_annotate.task.incoming import Fault, Fields, Incoming
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
    decided: bool = False,
) -> Choices:
    """Understand what a task asks, and what it says about the answer.

    Args:
        fields: The task, or the line that decided it.
        labels: The labels on offer.
        named: Whether they were named; else each task offers what it came with.
        multiple: Whether several can be chosen, where the task does not say.
        descriptions: What is known about the labels.
        decided: Whether `fields` is a line that decided the task.
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
    offered = list(original if original and not named else labels)
    # What came without being on offer was let through: it stays.
    offered = list(dict.fromkeys([*offered, *chosen, *(() if decided else original)]))
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


class IncomingClasses(Incoming):
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
            chosen = set(chosen_in(fields))
            for one in self.strange(fields, labels):
                has = "label" if one in chosen or one == label else "option"
                found.append(
                    (f"it has the {has} {quoted(one)}, which is not in the label set", True)
                )
        return found

    def strange(self, fields: Fields, labels: Collection[str]) -> Iterable[str]:
        """What is chosen or asked of a task, or can be chosen, and is not on offer.

        That a label is not so, or how likely it is, may be said of any.
        """
        label = fields.get("label")
        asked = [label] if isinstance(label, str) and label else []
        options = [str(option["id"]) for option in _options(fields)]
        found = dict.fromkeys([*chosen_in(fields), *asked, *options])
        return [one for one in found if one not in labels]

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with its labels and options as they are called here."""
        made = {
            name: _renamed(value, mapping) if name in _WITH_LABELS else value
            for name, value in fields.items()
        }
        return fields if made == fields else made


_WITH_LABELS = frozenset({"label", "labels", "accept", "options", "cats", "scores"})


def _renamed(value: object, mapping: Mapping[str, str]) -> object:
    """The value of a field with its labels as they are called here, each once."""

    def call(label: Any) -> Any:
        return mapping.get(str(label), label) if isinstance(label, str | int) else label

    if isinstance(value, dict):
        likely: dict[str, Any] = {}
        for one, score in value.items():
            # Of two that are one here, the more likely counts.
            label = str(call(one))
            if label not in likely or _share(score, 0.0) > _share(likely[label], 0.0):
                likely[label] = score
        return likely
    if not isinstance(value, list):
        return call(value)
    made: list[Any] = []
    for one in value:
        new = call(one)
        if isinstance(one, dict):
            names = ("id", "label", "text") if one.get("text") == one.get("id") else ("id", "label")
            new = one | {name: call(one[name]) for name in names if name in one}
        if new not in made:
            made.append(new)
    return made
