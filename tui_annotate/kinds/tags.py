"""Tags: parts of speech and whatever else every token has one of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_annotate.editors.base import Editor
from tui_annotate.editors.tags.editor import THRESHOLD, TagEditor
from tui_annotate.errors import UsageError
from tui_annotate.inventory.tagset import JOINT, OnOffer, TagSet
from tui_annotate.kinds import EditorInput, Kind
from tui_annotate.task.incoming import SPANS, Fault, Fields

if TYPE_CHECKING:
    from tui_annotate.recipe import Session


class IncomingTags:
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
        found = SPANS.labels(fields) if fields.get("spans") else self._of_tokens(fields)
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
        """What is wrong with the spans; a token's tag that is not on offer is no tag."""
        offered = None if labels is None or self._any else OnOffer(labels)
        return SPANS.faults(fields, offered, keep_labels)


def _open(opening: EditorInput) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    given: Sequence[Mapping[str, Any]] = line.get("spans") or ()
    if not given and opening.decided is None:
        given = _from_tokens(opening)
    threshold = opening.options.get("threshold")
    return TagEditor(
        opening.task.text,
        opening.tokens,
        opening.labels,
        given=given,
        threshold=THRESHOLD if threshold is None else float(threshold),
    )


def _column(options: Mapping[str, Any]) -> str:
    tagset = options.get("tagset")
    return tagset.column if isinstance(tagset, TagSet) else "pos"


def _from_tokens(opening: EditorInput) -> list[Mapping[str, Any]]:
    column = _column(opening.options)
    offered = OnOffer(opening.labels)
    return [
        {"start": token["start"], "end": token["end"], "label": token[column]}
        for token in opening.task.tokens or ()
        if isinstance(token.get(column), str) and token[column] and token[column] in offered
    ]


def _complete(session: Session) -> Session:
    """Offer the tags that come with the first tasks, where the tag set is open.

    Of a language's own tags those that come are the set: English ones are of no use to Thai.
    """
    threshold = session.options.get("threshold")
    if isinstance(threshold, int | float) and not 0 <= threshold <= 1:
        raise UsageError(
            f"{threshold} is not a probability", where="--threshold", do="use a number from 0 to 1"
        )
    known = session.options.get("tagset")
    if not isinstance(known, TagSet) or not session.options.get("open"):
        return session
    seen = list(session.stream.labels_seen)
    strange = [tag for tag in seen if tag not in known.names]
    if not strange:
        return session
    mostly_known = 2 * len(strange) < len(seen)
    own = known.only([*known.names, *strange] if mostly_known else seen)
    return session.replace(labels=own.names, keys=own.keys, tagset=own)


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.text.tags:TagView",
    view_id=lambda options: "pos_manual",
    crossing=lambda options: True,
    carried=lambda options: IncomingTags(_column(options), any=bool(options.get("open"))),
    complete=_complete,
)
