"""Tags: parts of speech and whatever else every token has one of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from tui_annotate.editors.base import Editor
from tui_annotate.editors.tags.editor import THRESHOLD, TagEditor
from tui_annotate.inventory.tagset import JOINT, OnOffer, TagSet
from tui_annotate.kinds.base import EditorInput, FirstTasks, Kind, Offer
from tui_annotate.kinds.options import ViewOptions
from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.task.incoming import SPANS, Fault, Fields, Incoming, IncomingSpans, renamed_in
from tui_annotate.wording import QUOTED_LENGTH, printable

_TOLD = 8
"""How many tags that are not on offer are named of one task."""


class Options(ViewOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of tags.

    Attributes:
        tagset: The set of tags, with their keys; None for the labels as they are.
        threshold: The probability below which a tag counts as unsure, for tab to lead to.
        open: Whether tags that come with the tasks are on offer, too.
    """

    tagset: TagSet | None = None
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] = THRESHOLD
    open: bool = False

    @property
    def column(self) -> str:
        """The field of a token that holds its tag."""
        return "pos" if self.tagset is None else self.tagset.column


_TAGS = IncomingSpans(of_tokens=True)


class IncomingTags(Incoming):
    """Tags in `spans`, else in the tokens, where CoNLL-U and spaCy have them.

    Args:
        column: The field of a token that holds its tag: ``pos`` or ``tag``.
        any: Whether any tag may come.
    """

    def __init__(self, column: str, *, any: bool) -> None:
        self._column = column
        self._any = any

    def labels(self, fields: Fields) -> Iterable[str]:
        """The tags, those of tokens with several apart."""
        found = SPANS.labels(fields) if spans_of(fields) else self._of_tokens(fields)
        return [part for label in found for part in label.split(JOINT)]

    def _of_tokens(self, fields: Fields) -> list[str]:
        tokens = fields.get("tokens")
        tags = [
            token.get(self._column)
            for token in (tokens if isinstance(tokens, list) else ())
            if isinstance(token, dict)
        ]
        return [tag for tag in tags if isinstance(tag, str) and tag]

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """What is wrong with the spans, and how many tags are not on offer.

        In a sentence with other tags each token has one: they are told together.
        """
        yield from _TAGS.faults(fields, None, keep_labels)
        if labels is None or self._any or keep_labels:
            return
        found = SPANS.labels(fields) if spans_of(fields) else self._of_tokens(fields)
        offered = OnOffer(labels)
        strange = Counter(tag for tag in found if tag not in offered)
        if strange:
            count = strange.total()
            tags = "tag" if count == 1 else "tags"
            told = [
                f"{printable(tag, QUOTED_LENGTH)} ({n})" for tag, n in strange.most_common(_TOLD)
            ]
            more = f" and {len(strange) - _TOLD} others" if len(strange) > _TOLD else ""
            yield f"{count} {tags} not in the tag set: {', '.join(told)}{more}", True

    def strange(self, fields: Fields, labels: Collection[str]) -> Iterable[str]:
        """The tags that are not on offer."""
        return () if self._any else super().strange(fields, labels)

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with its tags as they are called here, those that words share as well."""

        def call(tag: str) -> str:
            joined = JOINT.join(mapping.get(part, part) for part in tag.split(JOINT))
            return mapping.get(tag, joined)

        fields = renamed_in(fields, "spans", call)
        return renamed_in(fields, "tokens", call, (self._column,))


def _open(opening: EditorInput[Options]) -> Editor:
    initial: Sequence[Mapping[str, Any]] = spans_of(opening.record) or ()
    if not initial and opening.decided is None:
        initial = _from_tokens(opening)
    return TagEditor(
        opening.task.text,
        opening.tokens,
        opening.labels,
        initial=initial,
        threshold=opening.options.threshold,
    )


def _from_tokens(opening: EditorInput[Options]) -> list[Mapping[str, Any]]:
    column = opening.options.column
    return [
        {"start": token["start"], "end": token["end"], "label": token[column]}
        for token in opening.task.tokens or ()
        if isinstance(token.get(column), str) and token[column]
    ]


def _complete(offer: Offer[Options], first: FirstTasks) -> Offer[Options]:
    """Offer the tags that come with the first tasks, where the tag set is open.

    Of a language's own tags those that come are the set: English ones are of no use to Thai.
    """
    known, seen = offer.options.tagset, first.labels
    if known is None or not offer.options.open:
        return offer
    strange = [tag for tag in seen if tag not in known.names]
    if not strange:
        return offer
    mostly_known = 2 * len(strange) < len(seen)
    own = known.only([*known.names, *strange] if mostly_known else seen)
    options = replace(offer.options, tagset=own)
    return replace(offer, labels=own.names, keys=own.keys, options=options)


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.text.tags:TagView",
    view_id=lambda options: "pos_manual",
    overlapping=lambda options: True,
    incoming=lambda options: IncomingTags(options.column, any=options.open),
    complete=_complete,
)
