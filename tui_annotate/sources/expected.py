"""What a session expects the tasks of a source to come with, and what they came with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from tui_annotate.sources.source import Invalid, Record
from tui_annotate.task.incoming import SPANS, Fault, Incoming, Medium
from tui_annotate.task.task import Fields, faults, input_hash, task_hash


class Expected(msgspec.Struct, kw_only=True):
    """What tasks are made of, and the labels that they may come with.

    Attributes:
        carried: Which of a task's fields hold the labels.
        medium: What tasks are made of.
        labels: The labels on offer; none where any will do. May be set anew at any time.
        keep_labels: Let labels pass that are not on offer.
        mapping: What labels are called here, by their own name.
        labels_seen: The labels of all tasks so far, as they are called here, in the order they
            were met.
        renamed_seen: Those of them that have another name here, by their own.
    """

    carried: Incoming = SPANS
    medium: Medium = "text"
    labels: tuple[str, ...] = ()
    keep_labels: bool = False
    mapping: Mapping[str, str] = {}
    labels_seen: dict[str, None] = {}
    renamed_seen: set[str] = set()

    def anew(
        self,
        carried: Incoming | None = None,
        medium: Medium | None = None,
        labels: Sequence[str] = (),
        mapping: Mapping[str, str] | None = None,
    ) -> Expected:
        """The same of a source of which nothing was read yet, with what is said otherwise."""
        return Expected(
            carried=carried or self.carried,
            medium=medium or self.medium,
            labels=tuple(labels) or self.labels,
            keep_labels=self.keep_labels,
            mapping=mapping or self.mapping,
        )

    def accept(self, label: str) -> None:
        """From now on tasks may come with a label, where the labels are named."""
        if self.labels and label not in self.labels:
            self.labels = (*self.labels, label)

    def renamed(self, record: Record) -> Record:
        """A task with its labels as they are called here; its hashes are those it came with."""
        if not self.mapping:
            return record
        before = record.fields
        fields = self.carried.renamed(before, self.mapping)
        if fields is before:
            return record
        if len(self.renamed_seen) < len(self.mapping):
            own = {*self.carried.labels(before), *self.carried.strange(before, ())}
            self.renamed_seen |= self.mapping.keys() & own
        hashes = {"_input_hash": input_hash(before), "_task_hash": task_hash(before)}
        return replace(record, fields=fields | hashes)

    def faults(self, fields: Fields) -> Sequence[Fault]:
        """What is wrong with a task: each message, and whether it is fatal."""
        return faults(fields, self.labels or None, self.keep_labels, self.carried, self.medium)

    def strange(self, record: Record | Invalid) -> Iterable[str]:
        """The labels for which a task cannot be used."""
        if self.keep_labels or isinstance(record, Invalid):
            return ()
        return self.carried.strange(record.fields, self.labels)

    def take_in(self, fields: Fields) -> None:
        """Note the labels that a task comes with."""
        for label in self.carried.labels(fields):
            self.labels_seen[label] = None
