"""Several kinds of annotation on one task, one after the other, written as one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.editors.base import Editor
from tui_annotate.editors.blocks import BlocksEditor, Part
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.kinds import EditorInput, Kind, TrainingExample, kind
from tui_annotate.suggest.merge import merge
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming import Fault, Fields
from tui_annotate.task.task import Task

if TYPE_CHECKING:
    from tui_annotate.recipe import Block, Session


def _blocks(options: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks among the view options.

    Raises:
        AnnotateError: There are none, or two would write the same field.
    """
    blocks: tuple[Block, ...] = options.get("blocks") or ()
    if not blocks:
        raise AnnotateError(
            "the recipe gives the view no blocks",
            do='return Session(…, view="blocks", blocks=[Block("spans", …), Block("choice", …)])',
        )
    taken: dict[str, str] = {}
    for block in blocks:
        for name in sorted(kind(block.view).writes):
            if name in taken:
                raise AnnotateError(
                    f"the blocks {taken[name]!r} and {block.title!r} would both write {name!r}, "
                    "and a line has it once",
                    do="combine kinds that write different fields, such as spans and choice",
                )
            taken[name] = block.title
    return blocks


def _hidden(blocks: Sequence[Block], task: Fields) -> list[frozenset[str]]:
    """Of the fields of a task as it came, those that each block leaves to another one."""
    kinds = [kind(block.view) for block in blocks]
    if task.get("_view_id") == "blocks":
        # Such a session has written it: each field is whose it would be now.
        return [
            frozenset(one.borrows & frozenset().union(*(each.writes for each in kinds)))
            for one in kinds
        ]
    return [
        frozenset().union(*(other.borrows for other in kinds if other is not one)) for one in kinds
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
    if kind(block.view).crossing(block.options):
        return list(suggestions)
    by_source: dict[str, list[Suggestion]] = {spec.name: [] for spec in block.suggesters}
    for one in suggestions:
        by_source.setdefault(one.source, []).append(one)
    return merge(by_source.values())


def _open(opening: EditorInput) -> Editor:
    blocks, labels = _blocks(opening.options), opening.blocks
    lines: Sequence[Mapping[str, Any] | None] = [None] * len(blocks)
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
    blocks: Sequence[Block], labels: Sequence[Collection[str]], line: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """A decided line as each block would have written it."""
    try:
        offered = msgspec.convert(line.get("_suggested") or [], list[Suggestion])
    except msgspec.ValidationError:
        offered = []
    shares = _share(blocks, labels, offered)
    return [
        {
            **line,
            "_view_id": kind(block.view).view_id(block.options),
            "_suggested": [one.fields() for one in own],
        }
        for block, own in zip(blocks, shares, strict=True)
    ]


def _lessons(options: Mapping[str, Any], line: Mapping[str, Any]) -> list[TrainingExample]:
    """What each block teaches its own sources."""
    blocks = _blocks(options)
    found = []
    lines = _lines(blocks, [block.labels for block in blocks], line)
    for block, own in zip(blocks, lines, strict=True):
        for lesson in kind(block.view).taught(block.options, own):
            sources = frozenset(spec.name for spec in block.suggesters)
            found.append(replace(lesson, sources=sources, labels=block.labels))
    return found


def _remember(options: Mapping[str, Any], line: Mapping[str, Any]) -> None:
    for block in _blocks(options):
        kind(block.view).remember(block.options, line)


def _ahead(options: Mapping[str, Any], task: Task, suggestions: Sequence[Suggestion]) -> None:
    blocks = _blocks(options)
    shares = _share(blocks, [block.labels for block in blocks], suggestions)
    for block, own in zip(blocks, shares, strict=True):
        kind(block.view).ahead(block.options, task, own)


class IncomingBlocks:
    """What a task carries of each block.

    Args:
        blocks: The blocks.

    Attributes:
        parts: What says it for each block.
        seen: The labels that were met for each, in order of first sight.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self.parts = [kind(block.view).carried(block.options) for block in blocks]
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
        named = {label for block in self._blocks for label in block.labels}
        # Those of no block were added in a session.
        added = [label for label in labels or () if label not in named]
        found: list[Fault] = []
        hidden = _hidden(self._blocks, fields)
        for block, part, none in zip(self._blocks, self.parts, hidden, strict=True):
            known = labels is not None and block.labels
            own = [*block.labels, *added] if known else None
            found.extend(part.faults(_seen(fields, none), own, keep_labels))
        return found


def _complete(session: Session) -> Session:
    """Let every block be completed as a session of its kind would be.

    Raises:
        UsageError: A block has no labels.
    """
    from tui_annotate.recipe import Session

    stream = session.stream
    carried, labels = stream.carried, stream.labels
    assert isinstance(carried, IncomingBlocks)
    completed = []
    for block, part, seen in zip(session.blocks, carried.parts, carried.seen, strict=True):
        # Not `correct`: what there is to correct may be another block's.
        alone = Session(
            stream,
            view=block.view,
            labels=block.labels,
            suggesters=block.suggesters,
            model=session.model,
            keys=block.keys,
            **block.options,  # type: ignore[arg-type]
        )
        stream.carried = part
        try:
            alone = kind(block.view).complete(alone)
        finally:
            stream.carried, stream.labels = carried, labels
        names = alone.labels or tuple(seen)
        if not names:
            raise UsageError(
                f"the block {block.title!r} has no labels: none were named, "
                "and the first tasks have none",
                do=f"name labels with {block.flag} A,B",
            )
        changed: dict[str, object] = {
            "labels": names,
            "suggesters": alone.suggesters,
            "keys": alone.keys,
        }
        if block.view == "choice" and len(names) == 1:
            # One class is chosen or not: the answer is the whole task's.
            changed["multiple"] = True
        completed.append(block.replace(**{**alone.options, **changed}))
    # Labels and sources are those of the blocks as they are now.
    return session.replace(blocks=completed, labels=(), suggesters=())


def _recall(options: Mapping[str, Any], line: Mapping[str, Any]) -> None:
    for block in _blocks(options):
        tell = kind(block.view).recall
        if tell is not None:
            tell(block.options, line)


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.blocks:BlocksView",
    view_id=lambda options: "blocks",
    # Whether those for one block may cross is the block's own affair.
    crossing=lambda options: True,
    carried=lambda options: IncomingBlocks(_blocks(options)),
    lessons=_lessons,
    remember=_remember,
    recall=_recall,
    ahead=_ahead,
    complete=_complete,
)
