"""The decisions of some files that a command is about: the last of each task and annotator."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.writing import OnOffer
from tui_annotate.sources.invalid import LISTED
from tui_annotate.sources.source import Invalid, Record, Source
from tui_annotate.store.keys import KeyTable, key_of
from tui_annotate.task.decision import annotator_of, identity
from tui_annotate.task.task import Fields, Origin
from tui_annotate.wording import printable

ANSWERS = ("accept", "reject", "ignore")
_EVERY = 1024
"""Lines between two looks at the progress."""

Report = Callable[[str, int, int | None], None]


class Wanted(msgspec.Struct, frozen=True):
    """Which decisions are wanted.

    Attributes:
        answers: The answers. A task without one counts as accepted.
        questions: A rejected yes-or-no question is wanted too: to say no is to decide it.
        annotator: Whose they are; None for anybody's.
        labels: The labels of spans, classes and questions; None for all.
        where: Tells of the fields of a task whether it is wanted; None where all are.
        skip_invalid: Leave out lines that are no task, and count them.
    """

    answers: frozenset[str] = frozenset({"accept"})
    questions: bool = True
    annotator: str | None = None
    labels: frozenset[str] | None = None
    where: Callable[[Fields], bool] | None = None
    skip_invalid: bool = False


class BrokenLines(AnnotateError):
    """Lines that are no task."""

    def __init__(self, problems: Sequence[str], count: int) -> None:
        self.problems = list(problems)
        self.count = count
        super().__init__("some lines cannot be used")

    def __str__(self) -> str:
        listed = self.problems[:LISTED]
        if more := self.count - len(listed):
            listed.append(f"and {more:,} more")
        do = "fix them, or skip them with --skip-invalid"
        return "\n".join([*listed, f"Nothing was written; {do}."])


class Selection:
    """Reads some files once to know which lines count, and then those lines, in their order.

    It costs some 50 bytes a line.

    Args:
        sources: The files.
        wanted: Which of their decisions are wanted.
        report: Takes how far the reading is.

    Attributes:
        lines: How many tasks there are.
        invalid: How many lines are none.
        superseded: How many have a later line of the same task and annotator.
        left_out: How many are not wanted, by why.
        annotators: How many tasks each annotator decided; the empty name for nobody's.
        contested: How many tasks several annotators decided.

    Raises:
        BrokenLines: Some are no tasks, and are not to be skipped.
    """

    def __init__(
        self, sources: Sequence[Source], wanted: Wanted, report: Report | None = None
    ) -> None:
        self.lines = 0
        self.invalid = 0
        self.superseded = 0
        self.left_out: Counter[str] = Counter()
        self.annotators: Counter[str] = Counter()
        self.contested = 0
        self._sources = sources
        self._wanted = wanted
        self._spans: dict[str, None] = {}
        self._classes: dict[str, None] = {}
        self._locators = array("q")
        self._places = array("q")
        self._files = array("I")
        self._paths: dict[str, int] = {}
        self._begins: list[int] = []
        self._read(report)

    def _read(self, report: Report | None) -> None:
        decided, tasks = KeyTable(), KeyTable()
        last, first_by = array("q"), array("q")
        reason = array("b")
        why = _Reasons()
        names: dict[str, int] = {}
        contested: set[int] = set()
        problems: list[str] = []
        totals = [source.total() for source in self._sources]
        total = None if None in totals else sum(filter(None, totals))
        for source in self._sources:
            self._begins.append(len(self._locators))
            for item in source.records():
                place = Origin(item.path, item.line)
                if isinstance(item, Invalid):
                    self.invalid += 1
                    if len(problems) < LISTED:
                        problems.append(f"{place}: {item.message}")
                    continue
                row = len(self._locators)
                if report is not None and row % _EVERY == 0:
                    report("reading", row, total)
                self._append(item)
                fields = item.fields
                who = annotator_of(fields)
                reason.append(why.of(fields, who, self._wanted))
                key = identity(fields)
                if key is None:
                    continue
                number = decided.number(key_of(f"{key}\0{who}"))
                if number == len(last):
                    last.append(row)
                else:
                    reason[last[number]] = _SUPERSEDED
                    last[number] = row
                if self._wanted.annotator in (None, who):
                    by = names.setdefault(who, len(names))
                    task = tasks.number(key_of(key))
                    if task == len(first_by):
                        first_by.append(by)
                    elif first_by[task] != by:
                        contested.add(task)
        if problems and not self._wanted.skip_invalid:
            raise BrokenLines(problems, self.invalid)
        self.lines = len(self._locators)
        self._rows = array("q", (row for row, code in enumerate(reason) if code == _WANTED))
        counts = Counter(reason)
        self.superseded = counts.pop(_SUPERSEDED, 0)
        self.left_out.update({why.names[code]: n for code, n in counts.items() if code > _WANTED})
        self.contested = len(contested)
        self._look_over(why)

    def _look_over(self, why: _Reasons) -> None:
        self._spans, self._classes = why.spans, why.classes
        self._overlapping = why.overlapping
        self.annotators = why.annotators

    def _append(self, record: Record) -> None:
        self._locators.append(record.locator)
        self._places.append(0 if record.line is None else record.line)
        self._files.append(self._paths.setdefault(record.path, len(self._paths)))

    def __len__(self) -> int:
        """How many decisions are wanted."""
        return len(self._rows)

    @property
    def offered(self) -> OnOffer:
        """The labels that were on offer in any of the tasks."""
        labels = self._wanted.labels
        spans = tuple(one for one in self._spans if labels is None or one in labels)
        classes = tuple(one for one in self._classes if labels is None or one in labels)
        return OnOffer(spans, classes, self._overlapping)

    def place(self, number: int) -> Origin:
        """Where a decision stands, for messages; counted from 0."""
        row = self._rows[number]
        path = next(path for path, file in self._paths.items() if file == self._files[row])
        return Origin(path, self._places[row] or None)

    def __iter__(self) -> Iterator[Fields]:
        """The tasks that are wanted, with the wanted labels, in the order of the files."""
        at = 0
        for row in self._rows:
            while at + 1 < len(self._begins) and row >= self._begins[at + 1]:
                at += 1
            item = self._sources[at].reread(self._locators[row])
            if isinstance(item, Invalid):
                raise AnnotateError(item.message, where=item.path)
            yield self._labelled(item.fields)

    def _labelled(self, fields: Fields) -> Fields:
        wanted = self._wanted.labels
        if wanted is None:
            return fields
        fields = dict(fields)
        for name in ("spans", "audio_spans"):
            if isinstance(spans := fields.get(name), list):
                fields[name] = [
                    one
                    for one in spans
                    if isinstance(one, dict) and str(one.get("label")) in wanted
                ]
        for name in ("accept", "_labels"):
            if isinstance(named := fields.get(name), list):
                fields[name] = [one for one in named if str(one) in wanted]
        if isinstance(options := fields.get("options"), list):
            fields["options"] = [
                one for one in options if isinstance(one, dict) and str(one.get("id")) in wanted
            ]
        return fields


_SUPERSEDED, _WANTED = -1, 0


class _Reasons:
    """Why decisions are wanted or not, and what is seen on the way."""

    def __init__(self) -> None:
        self.names = [""]
        self.spans: dict[str, None] = {}
        self.classes: dict[str, None] = {}
        self.annotators: Counter[str] = Counter()
        self.overlapping = False

    def of(self, fields: Fields, who: str, wanted: Wanted) -> int:
        """A code for the decision: `_WANTED`, or that of a name in `names`."""
        if wanted.annotator is not None and who != wanted.annotator:
            return self._code("by other annotators")
        self.annotators[who] += 1
        answer = fields.get("answer", "accept")
        if not isinstance(answer, str):
            return self._code("with an unknown answer")
        no = answer == "reject" and "label" in fields
        if answer not in wanted.answers and not (no and wanted.questions):
            return self._code(_ANSWERED.get(answer, "with an unknown answer"))
        asked = "label" in fields
        if wanted.labels is not None and asked and str(fields["label"]) not in wanted.labels:
            return self._code("about other labels")
        if wanted.where is not None and not wanted.where(fields):
            return self._code("not as --where says")
        self._see(fields)
        return _WANTED

    def _code(self, name: str) -> int:
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def _see(self, fields: Fields) -> None:
        of_classes = fields.get("_view_id") in ("choice", "classification")
        labels = fields.get("_labels")
        if isinstance(labels, list) and labels and not of_classes:
            self.spans.update(dict.fromkeys(map(str, labels)))
        spans = fields.get("spans") or fields.get("audio_spans")
        for span in spans if isinstance(spans, list) else ():
            if isinstance(span, dict) and isinstance(span.get("label"), str):
                self.spans[span["label"]] = None
        if not self.overlapping:
            self.overlapping = fields.get("_view_id") == "spans_manual" or _overlap(spans)
        options = fields.get("options")
        for option in options if isinstance(options, list) else ():
            if isinstance(option, dict) and "id" in option:
                self.classes[str(option["id"])] = None
        if "options" not in fields and isinstance(accept := fields.get("accept"), list):
            self.classes.update(dict.fromkeys(map(str, accept)))
        if isinstance(label := fields.get("label"), str):
            self.classes[label] = None


def _overlap(spans: object) -> bool:
    """Whether some of the spans of a task have a part of the text in common."""
    if not isinstance(spans, list) or len(spans) < 2:
        return False
    places: list[tuple[int, int]] = []
    for one in spans:
        start, end = (one.get("start"), one.get("end")) if isinstance(one, dict) else (None, None)
        if type(start) is int and type(end) is int:
            places.append((start, end))
    return any(before[1] > after[0] for before, after in pairwise(sorted(places)))


_ANSWERED = {"accept": "accepted", "reject": "rejected", "ignore": "skipped"}


def several(selection: Selection) -> AnnotateError | None:
    """What to say where several annotators decided the same tasks."""
    if not selection.contested:
        return None
    names = [printable(name, 40) or "nobody" for name in selection.annotators]
    tasks = "task was" if selection.contested == 1 else "tasks were"
    return AnnotateError(
        f"{selection.contested:,} {tasks} decided by several annotators ({', '.join(names)})",
        do="choose one with --annotator, or make one decision of theirs with consensus first",
    )
