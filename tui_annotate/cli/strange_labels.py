"""Labels that come with the tasks under a name that a session does not have for them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from tui_annotate.errors import UsageError
from tui_annotate.recipe import Recipe, Session
from tui_annotate.recipe.parameters import read_labels
from tui_annotate.sources.invalid import InvalidSource
from tui_annotate.wording import did_you_mean, printable

_NAMED = 12
"""How many labels a sentence names at most."""


def say_ways_on(error: InvalidSource, recipe: Recipe[Any], session: Session) -> None:
    """Add to the refusal of a source what can be done about labels that are not on offer."""
    strange = error.strange
    if not strange:
        return
    ways = [_add(recipe, session, strange)] if _can_be_offered(session, strange) else []
    if any("--map" in one.option.flags for one in recipe.parameters):
        ways.append(f"rename with --map {_typed(strange[:1])}=…")
    of = f"{_listed(strange)} {'is' if len(strange) == 1 else 'are'} not in the label set"
    error.do = f"{of}: {', '.join(ways)}, keep with --keep-labels, or skip with --skip-invalid"


def _can_be_offered(session: Session, strange: Sequence[str]) -> bool:
    """Whether the pipeline that finds entities, if there is one, has labels of such names."""
    return all(
        spec.kind != "entities" or not spec.own_labels or {*strange} <= {*spec.own_labels}
        for spec in session.suggesters
    )


def _add(recipe: Recipe[Any], session: Session, strange: Sequence[str]) -> str:
    """How to offer more labels: with the option of the recipe that names them."""
    flags = [one.option.flags[0] for one in recipe.parameters if one.option.read is read_labels]
    if len(flags) > 1:
        return f"add with {' or '.join(flags)}"
    if flags:
        before = _typed(session.labels) if len(session.labels) + len(strange) <= _NAMED else "…"
        return f"add with {flags[0]} {before},{_typed(strange)}"
    known = {flag for one in recipe.parameters for flag in one.option.flags}
    if "--marks" in known and not any(c.isalnum() for label in strange for c in label):
        marks = "".join((*session.options.marks.names, *strange))
        return f"add with --marks {shlex.quote(printable(marks))}"
    for flag in ("--classes", "--tagset"):
        if flag in known:
            return f"add with {flag}"
    return "add to the labels of the recipe"


def check_mapping(session: Session) -> Session:
    """Look for names in ``--map`` that nothing has; the first tasks are read.

    Returns:
        The session, with a notice where a later task may still have them.

    Raises:
        UsageError: The whole source was read, and neither it nor the pipeline has them.
    """
    stream, specs = session.stream, session.suggesters
    pipelines = [spec for spec in specs if "mapping" in spec.options]
    if any(not spec.own_labels for spec in pipelines):
        return session
    own = {label for spec in pipelines for label in spec.own_labels}
    expected = stream.expected
    unknown = [old for old in session.mapping if old not in own | expected.renamed_seen]
    if not unknown:
        return session
    label = f"has the label {_listed(unknown)}"
    if stream.ended:
        which = "neither the pipeline nor any task" if own else "no task"
    else:
        first = f"of the first {stream.known:,} tasks"
        which = f"neither the pipeline nor any {first}" if own else f"none {first}"
    if not stream.ended:
        return session.noticing(f"--map: {which} {label}")
    known = sorted(own | set(expected.labels_seen))
    raise UsageError(
        f"{which} {label}",
        where="--map",
        do=did_you_mean(unknown[0], known, f"there are {_listed(known)}" if known else None),
    )


def _listed(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    return ", ".join(printable(one, 40) for one in labels[:_NAMED]) + more


def _typed(labels: Sequence[str]) -> str:
    """Labels as they are typed on a command line."""
    more = ",…" if len(labels) > _NAMED else ""
    return shlex.quote(",".join(map(printable, labels[:_NAMED]))) + more
