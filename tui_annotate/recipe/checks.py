"""Checks of a task, made when it is accepted: those of a recipe's own, and some that are there.

A check is a function. It gets the task as it would be written, as a dict, and returns what is
wrong in one sentence, or None. (True says that nothing is, False that something is.) The
annotator reads the sentence and may accept all the same, by accepting again; what `required`
makes of a check lets nothing pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from tui_annotate.user_module import failed_at
from tui_annotate.wording import quoted

Check = Callable[[Mapping[str, Any]], str | bool | None]


class Required(msgspec.Struct, frozen=True):
    """A check that lets nothing pass.

    Attributes:
        check: The check.
    """

    check: Check

    def __call__(self, task: Mapping[str, Any]) -> str | bool | None:
        """Make the check."""
        return self.check(task)


def required(check: Check) -> Required:
    """Make of a check one that lets nothing pass: a task can be rejected or skipped, no more."""
    return Required(check)


def at_least_one_label(task: Mapping[str, Any]) -> str | None:
    """Something is labelled or chosen: a span, a region, a mark, a class."""
    fields = ("spans", "audio_spans", "marks", "accept")
    found = [task[name] for name in fields if isinstance(task.get(name), list)]
    return "nothing is labelled" if found and not any(found) else None


def no_crossing(task: Mapping[str, Any]) -> str | None:
    """No span begins within another one and ends behind it; it may lie in it."""
    text, spans = str(task.get("text", "")), sorted(task.get("spans") or (), key=_place)
    for number, one in enumerate(spans):
        for other in spans[number + 1 :]:
            if other["start"] >= one["end"]:
                break
            if one["start"] < other["start"] and other["end"] > one["end"]:
                first, second = (quoted(text[s["start"] : s["end"]]) for s in (one, other))
                return f"{first} and {second} cross each other"
    return None


def every_token_labelled(task: Mapping[str, Any]) -> str | None:
    """Every token lies in a span, as one with a tag does; white space does not count."""
    text = str(task.get("text", ""))
    spans = sorted(task.get("spans") or (), key=_place)
    bare, reached, at = [], 0, 0
    for token in task.get("tokens") or ():
        while at < len(spans) and spans[at]["start"] <= token["start"]:
            reached, at = max(reached, spans[at]["end"]), at + 1
        word = text[token["start"] : token["end"]]
        if token["end"] > reached and word.strip():
            bare.append(word)
    if not bare:
        return None
    have = "token has" if len(bare) == 1 else "tokens have"
    return f"{len(bare)} {have} no label, such as {quoted(bare[0])}"


def _place(span: Mapping[str, Any]) -> tuple[int, int]:
    return span["start"], -span["end"]


def made(checks: Sequence[Check], task: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Make the checks of a task.

    Args:
        checks: The checks.
        task: The task as it would be written.

    Returns:
        What is wrong and may be accepted all the same, and what may not; a sentence each.
    """
    doubts: list[str] = []
    faults: list[str] = []
    for check in checks:
        try:
            said = check(task)
        except Exception as error:
            at = failed_at(error)
            place = f" at {at}" if at else ""
            doubts.append(f"the check {name_of(check)} failed{place} ({type(error).__name__})")
            continue
        if said is None or said is True:
            continue
        sentence = said.strip().rstrip(".") if isinstance(said, str) else ""
        sentence = sentence or f"the check {name_of(check)} does not hold"
        (faults if isinstance(check, Required) else doubts).append(sentence)
    return doubts, faults


def name_of(check: object) -> str:
    """What a check is called in messages."""
    function = check.check if isinstance(check, Required) else check
    return str(getattr(function, "__name__", type(function).__name__))
