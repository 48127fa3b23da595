"""Lines of a source that are no task."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.decoding import NOT_UTF8
from tui_annotate.task.incoming import Medium
from tui_annotate.task.task import Origin

LISTED = 20
OTHER_MEDIUM = ("and this recipe is for text", "and this recipe is for audio")


class InvalidLine(msgspec.Struct, frozen=True):
    """A position of a stream at which there is no task that can be shown.

    Attributes:
        problem: What is wrong, without the place and without a full stop.
        origin: Where.
        position: Its place in the stream, from 0.
    """

    problem: str
    origin: Origin
    position: int

    def __str__(self) -> str:
        return f"{self.origin}: {self.problem}"


class InvalidSource(AnnotateError):
    """Lines of a source that cannot be used, found before the session opens.

    Attributes:
        problems: All of them.
        strange: The labels that they have and that are not on offer.
    """

    def __init__(
        self, problems: Sequence[InvalidLine], where: str, strange: Sequence[str] = ()
    ) -> None:
        self.problems = list(problems)
        self.strange = tuple(strange)
        do = "fix them, or skip them with --skip-invalid"
        if all(one.problem.startswith(NOT_UTF8) for one in problems):
            do = f"name the encoding of the file, such as --encoding cp1252, {do}"
        super().__init__("some lines cannot be used", where=where, do=do)

    def __str__(self) -> str:
        listed = [str(problem) for problem in self.problems[:LISTED]]
        more = len(self.problems) - len(listed)
        if more:
            listed.append(f"and {more:,} more")
        return "\n".join([*listed, f"Nothing was written; {self.do}."])


def refusal(
    problems: Sequence[InvalidLine],
    known: int,
    medium: Medium,
    where: str,
    strange: Sequence[str] = (),
) -> AnnotateError:
    """What to say of a source whose first tasks cannot all be used.

    Args:
        problems: What is wrong with those that cannot.
        known: How many tasks were looked at.
        medium: What they should be made of.
        where: What messages call the source.
        strange: The labels that they have and that are not on offer.
    """
    first = problems[0]
    if len(problems) == known and all(
        one.problem == first.problem and one.problem.endswith(OTHER_MEDIUM) for one in problems
    ):
        fitting = "ner.manual" if medium == "audio" else "audio.regions"
        return AnnotateError(first.problem, where=str(first.origin), do=f"try {fitting}")
    return InvalidSource(problems, where, strange)
