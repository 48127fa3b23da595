"""All rules over all records of files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tui_annotate.formats.decoding import decode_fields
from tui_annotate.quality.problem import CheckedRecord, Problem, Rule
from tui_annotate.quality.record_rules import (
    choice_problems,
    field_problems,
    input_problems,
    label_problems,
)
from tui_annotate.quality.region_rules import region_problems, transcript_problems, word_problems
from tui_annotate.quality.span_rules import (
    link_problems,
    order_problems,
    place_problems,
    placed,
    tag_problems,
)
from tui_annotate.records.latest import decision_of
from tui_annotate.records.reading import Report, read_raw
from tui_annotate.store.keys import key_of
from tui_annotate.task.decision import annotator_of
from tui_annotate.task.task import Fields, input_hash

_RULES: Sequence[Rule] = (
    field_problems,
    label_problems,
    choice_problems,
    place_problems,
    order_problems,
    tag_problems,
    link_problems,
    region_problems,
    word_problems,
    transcript_problems,
)


class Finding(NamedTuple):
    """A problem with its place.

    Attributes:
        file: The file as the user named it.
        line: Its line, from 1.
        rule: The rule that is broken.
        message: What is wrong.
    """

    file: str
    line: int
    rule: str
    message: str


class Validation:
    """Goes through files, line by line, and finds what is wrong.

    It remembers about 200 bytes of each decision, to find those made twice.

    Args:
        ignore: Rules that do not count.

    Attributes:
        records: How many records there were so far.
    """

    def __init__(self, ignore: Collection[str] = ()) -> None:
        self._ignore = frozenset(ignore)
        self._decided: dict[int, tuple[str, int]] = {}
        self._inputs: dict[int, tuple[int, str, int]] = {}
        self.records = 0

    def findings(self, files: Sequence[str], report: Report | None = None) -> Iterator[Finding]:
        """What is wrong, in the order of files and lines.

        Raises:
            AnnotateError: A file cannot be read.
        """
        for file in files:
            for line, raw in read_raw(file, report):
                self.records += 1
                fields = decode_fields(raw, "a record")
                if isinstance(fields, str):
                    problems = iter([Problem("json", fields)])
                else:
                    problems = self._problems(fields, file, line)
                for rule, message in problems:
                    if rule not in self._ignore:
                        yield Finding(file, line, rule, message)

    def _problems(self, fields: Fields, file: str, line: int) -> Iterator[Problem]:
        yield from problems_of(fields)
        yield from self._doubled(fields, file, line)

    def _doubled(self, fields: Fields, file: str, line: int) -> Iterator[Problem]:
        decision = decision_of(fields)
        if decision is None:
            yield from self._same_input(fields, "", file, line)
            return
        before = self._decided.get(decision)
        self._decided[decision] = file, line
        if before is not None:
            place = _place(before, file)
            yield Problem("decided-again", f"the task was decided before {place}; this one counts")
            return
        yield from self._same_input(fields, annotator_of(fields), file, line)

    def _same_input(
        self, fields: Fields, annotator: str, file: str, line: int
    ) -> Iterator[Problem]:
        if fields.get("_repeat") is True or not ("text" in fields or "audio" in fields):
            return
        # Windows of one sound, and questions about one text, are tasks of their own.
        parts = [fields.get(name) for name in ("chunk", "channel", "label", "options")]
        key = key_of(repr((input_hash(fields), annotator, parts, fields.get("_view_id"))))
        before = self._inputs.setdefault(key, (self.records, file, line))
        if before[0] != self.records:
            yield Problem("same-input", f"the input is the same as {_place(before[1:], file)}")


def problems_of(fields: Fields) -> Iterator[Problem]:
    """What is wrong with one record."""
    text, tokens = fields.get("text"), fields.get("tokens")
    usable = isinstance(tokens, list) and bool(tokens) and "audio" not in fields
    for problem in input_problems(fields):
        # Tokens are only looked at where the text can be used.
        usable &= problem.rule not in ("input", "tokens")
        yield problem
    record = CheckedRecord(
        fields,
        text if isinstance(text, str) else "",
        placed(fields),
        tokens if usable else None,
    )
    for rule in _RULES:
        yield from rule(record)


def _place(place: tuple[str, int], file: str) -> str:
    return f"in line {place[1]}" if place[0] == file else f"in {place[0]}:{place[1]}"
