"""Several kinds of annotation on one task, one after the other, written as one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import msgspec
from msgspec.structs import replace

from tui_annotate.editors.base import Editor
from tui_annotate.editors.blocks import BlocksEditor, Part
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput, FirstTasks, Kind, Offer, Record, TrainingExample
from tui_annotate.kinds.block import Block
from tui_annotate.kinds.options import ViewOptions, as_given
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.merge import merge
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming import Fault, Fields, Incoming
from tui_annotate.task.task import Task


class Options(ViewOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of several kinds of annotation.

    Attributes:
        blocks: The kinds of annotation that a task gets, one after the other.
    """

    examples: ClassVar[Mapping[str, str]] = {
        "blocks": 'blocks=[Block("spans", …), Block("choice", …)]'
    }

    blocks: Annotated[tuple[Block, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse blocks that would write the same field.

        Raises:
            AnnotateError: Two would.
        """
        taken: dict[str, str] = {}
        for block in self.blocks:
            for name in sorted(kind(block.view).writes):
                if name in taken:
                    raise AnnotateError(
                        f"the blocks {taken[name]!r} and {block.title!r} would both write "
                        f"{name!r}, and a line has it once",
                        do="combine kinds that write different fields, such as spans and choice",
                    )
                taken[name] = block.title


def _hidden(blocks: Sequence[Block], task: Fields) -> list[frozenset[str]]:
    """Of the fields of a task as it came, those that each block leaves to another one."""
    kinds = [kind(block.view) for block in blocks]
    if task.get("_view_id") == "blocks":
        # Such a session has written it: each field is whose it would be now.
        return [
            frozenset(one.shares_fields & frozenset().union(*(each.writes for each in kinds)))
            for one in kinds
        ]
    return [
        frozenset().union(*(other.shares_fields for other in kinds if other is not one))
        for one in kinds
    ]


def _seen(fields: Fields, hidden: frozenset[str]) -> Fields:
    """The fields of a task that a block sees."""
    if hidden.isdisjoint(fields):
        return fields
    return {name: value for name, value in fields.items() if name not in hidden}


def _share(
    blocks: Sequence[Block],
    labels: Sequence[Collection[str]],
    suggestions: Sequence[Suggestion],
) -> list[list[Suggestion]]:
    """Of some suggestions, those for each block: by their source, then by their label."""
    sources = [{spec.name for spec in block.suggesters} for block in blocks]
    shares: list[list[Suggestion]] = [[] for _ in blocks]
    for one in suggestions:
        homes = [n for n, names in enumerate(sources) if one.source in names]
        homes = homes or list(range(len(blocks)))
        for number in [n for n in homes if one.label in labels[n]] or homes[:1]:
            shares[number].append(one)
    return shares


def _merged(block: Block, suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """Suggestions for a block without crossing, where they may not cross in it."""
    if kind(block.view).overlapping(block.options):
        return list(suggestions)
    by_source: dict[str, list[Suggestion]] = {spec.name: [] for spec in block.suggesters}
    for one in suggestions:
        by_source.setdefault(one.source, []).append(one)
    return merge(by_source.values())


def _open(opening: EditorInput[Options]) -> Editor:
    blocks, labels = opening.options.blocks, opening.blocks
    lines: Sequence[Record | None] = [None] * len(blocks)
    if opening.decided is not None:
        lines = _lines(blocks, labels, opening.decided)
    task = opening.task
    parts = [
        Part(
            block.title,
            kind(block.view).open(
                replace(
                    opening,
                    task=replace(task, fields=_seen(task.fields, hidden)),
                    labels=names,
                    options=block.options,
                    decided=line,
                    keyed=block.keys,
                    named=True,
                    blocks=(),
                )
            ),
            _others(blocks, block),
        )
        for block, names, line, hidden in zip(
            blocks, labels, lines, _hidden(blocks, task.fields), strict=True
        )
    ]

    def share(suggestions: Sequence[Suggestion]) -> list[list[Suggestion]]:
        shares = _share(blocks, labels, suggestions)
        # What a source offers beyond its block's labels may be on offer in another one only.
        return [
            _merged(block, [one for one in own if one.label in names])
            for block, names, own in zip(blocks, labels, shares, strict=True)
        ]

    return BlocksEditor(parts, share)


def _others(blocks: Sequence[Block], own: Block) -> frozenset[str]:
    """The fields that other blocks write."""
    return frozenset().union(*(kind(one.view).writes for one in blocks if one is not own))


def _lines(
    blocks: Sequence[Block], labels: Sequence[Collection[str]], line: Record
) -> list[Record]:
    """A decided line as each block would have written it."""
    shares = _share(blocks, labels, PLAIN.decode_all(line.get("_suggested")))
    return [
        {
            **line,
            "_view_id": kind(block.view).view_id(block.options),
            "_suggested": [PLAIN.encode(one) for one in own],
        }
        for block, own in zip(blocks, shares, strict=True)
    ]


def _units(options: Options, record: Record) -> list[TrainingExample]:
    """What each block teaches its own sources."""
    blocks = options.blocks
    found = []
    lines = _lines(blocks, [block.labels for block in blocks], record)
    for block, own in zip(blocks, lines, strict=True):
        for unit in kind(block.view).units(block.options, own):
            sources = frozenset(spec.name for spec in block.suggesters)
            found.append(replace(unit, sources=sources, labels=block.labels))
    return found


def _remember(options: Options, record: Record) -> None:
    for block in options.blocks:
        kind(block.view).remember(block.options, record)


def _replay(options: Options, record: Record) -> None:
    for block in options.blocks:
        tell = kind(block.view).replay
        if tell is not None:
            tell(block.options, record)


def _prefetch(options: Options, task: Task, suggestions: Sequence[Suggestion]) -> None:
    blocks = options.blocks
    shares = _share(blocks, [block.labels for block in blocks], suggestions)
    for block, own in zip(blocks, shares, strict=True):
        kind(block.view).prefetch(block.options, task, own)


class IncomingBlocks(Incoming):
    """What a task carries of each block.

    Args:
        blocks: The blocks.

    Attributes:
        parts: What says it for each block.
        seen: The labels that were met for each, in order of first sight.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self.parts = [kind(block.view).incoming(block.options) for block in blocks]
        self.seen: list[dict[str, None]] = [{} for _ in blocks]

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels of all blocks."""
        found: dict[str, None] = {}
        hidden = _hidden(self._blocks, fields)
        for part, seen, none in zip(self.parts, self.seen, hidden, strict=True):
            own = dict.fromkeys(part.labels(_seen(fields, none)))
            seen.update(own)
            found.update(own)
        return found

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """What is wrong with the annotation of any block."""
        found: list[Fault] = []
        for part, seen, own in self._parts(fields, labels):
            found.extend(part.faults(seen, own, keep_labels))
        return found

    def strange(self, fields: Fields, labels: Collection[str]) -> Iterable[str]:
        """The labels of any block that are not on offer there."""
        found: dict[str, None] = {}
        for part, seen, own in self._parts(fields, labels):
            if own is not None:
                found.update(dict.fromkeys(part.strange(seen, own)))
        return found

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with the labels of every block as they are called here."""
        for part, hidden in zip(self.parts, _hidden(self._blocks, fields), strict=True):
            seen = _seen(fields, hidden)
            called = part.renamed(seen, mapping)
            fields = fields if called is seen else {**fields, **called}
        return fields

    def _parts(
        self, fields: Fields, labels: Collection[str] | None
    ) -> Iterator[tuple[Incoming, Fields, Collection[str] | None]]:
        """What reads each block, what the block sees of a task, and the labels on offer there."""
        named = {label for block in self._blocks for label in block.labels}
        # Those of no block were added in a session.
        added = [label for label in labels or () if label not in named]
        hidden = _hidden(self._blocks, fields)
        for block, part, none in zip(self._blocks, self.parts, hidden, strict=True):
            known = labels is not None and block.labels
            yield part, _seen(fields, none), [*block.labels, *added] if known else None


def _complete(offer: Offer[Options], first: FirstTasks) -> Offer[Options]:
    """Let every block be completed as a session of its kind would be.

    Raises:
        UsageError: A block has no labels.
    """
    incoming = first.incoming
    assert isinstance(incoming, IncomingBlocks)
    completed = []
    for block, part, seen in zip(offer.options.blocks, incoming.parts, incoming.seen, strict=True):
        alone = kind(block.view).complete(
            Offer(block.labels, block.keys, block.suggesters, block.options),
            # Not `correct`: what there is to correct may be another block's.
            FirstTasks(part, tuple(seen), first.source, alone=False),
        )
        names = alone.labels or tuple(seen)
        if not names:
            raise UsageError(
                f"the block {block.title!r} has no labels: none were named, "
                "and the first tasks have none",
                do=f"name labels with {block.flag} A,B",
            )
        completed.append(
            block.replace(
                labels=names,
                suggesters=alone.suggesters,
                keys=alone.keys,
                **as_given(alone.options),
            )
        )
    # Labels and sources are those of the blocks as they are now.
    return Offer((), offer.keys, (), Options(blocks=tuple(completed)))


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.blocks:BlocksView",
    view_id=lambda options: "blocks",
    # Whether those for one block may cross is the block's own affair.
    overlapping=lambda options: True,
    incoming=lambda options: IncomingBlocks(options.blocks),
    units=_units,
    remember=_remember,
    replay=_replay,
    prefetch=_prefetch,
    complete=_complete,
)
