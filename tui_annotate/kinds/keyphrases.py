"""Keyphrases: labelled spans, and the ranked list of the phrases they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_annotate.editors.base import Editor
from tui_annotate.editors.spans.keyphrases import PhraseEditor
from tui_annotate.errors import UsageError
from tui_annotate.kinds import EditorInput, Kind
from tui_annotate.task.incoming import SPANS, Fault, Fields
from tui_annotate.text.tokens import needs_characters
from tui_annotate.wording import quoted

if TYPE_CHECKING:
    from tui_annotate.recipe import Session


def _overlap(options: Mapping[str, Any]) -> bool:
    return options.get("overlap") is not False


def _located(phrases: object, text: str, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Where phrases that came without their places stand first in the text.

    Args:
        phrases: What came in ``keyphrases``: strings, or objects with a ``text``.
        text: The text.
        labels: The labels on offer; the first is for phrases that have none of them.
    """
    find = _finder(text)
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for words, label in _phrases(phrases) if labels else ():
        at = find(words)
        if at < 0:
            continue
        place = at, at + len(words)
        found.setdefault(
            place,
            {
                "start": place[0],
                "end": place[1],
                "label": label if label in labels else labels[0],
                "rank": len(found) + 1,
            },
        )
    return list(found.values())


def _phrases(phrases: object) -> Iterator[tuple[str, object]]:
    """The words of each phrase that came, and its label or what stands for one."""
    for one in phrases if isinstance(phrases, list) else ():
        fields = one if isinstance(one, dict) else {"text": one}
        words = fields.get("text")
        if isinstance(words, str) and words.strip():
            yield words.strip(), fields.get("label")


def _finder(text: str) -> Callable[[str], int]:
    """What says where words stand first, as they are written or else in other capitals."""
    folded = text.lower() if len(text.lower()) == len(text) else text

    def find(words: str) -> int:
        at = text.find(words)
        return at if at >= 0 else folded.find(words.lower())

    return find


class IncomingPhrases:
    """Phrases in `spans`, else in `keyphrases`, where those without a place are looked for."""

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels of the spans."""
        return SPANS.labels(fields)

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """What is wrong with the spans; phrases that are not in the text."""
        yield from SPANS.faults(fields, labels, keep_labels)
        if fields.get("spans"):
            return
        find = _finder(fields["text"])
        lost = [words for words, _ in _phrases(fields.get("keyphrases")) if find(words) < 0]
        if lost:
            more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
            yield f"the keyphrase {quoted(lost[0])}{more} is not in the text", False


def _open(opening: EditorInput) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    options, text = opening.options, opening.task.text
    characters, most = options.get("characters"), options.get("most")
    given = line.get("spans") or ()
    if not given and opening.decided is None:
        given = _located(line.get("keyphrases"), text, opening.labels)
    return PhraseEditor(
        text,
        opening.tokens,
        opening.labels,
        most=most if isinstance(most, int) else None,
        given=given,
        offered=opening.offered,
        overlap=_overlap(options),
        characters=needs_characters(text) if characters is None else bool(characters),
        known=opening.known,
    )


def _complete(session: Session) -> Session:
    """Refuse a limit that allows nothing.

    Raises:
        UsageError: The limit is not a number from 1 on.
    """
    most = session.options.get("most")
    if isinstance(most, int) and most < 1:
        raise UsageError(f"{most} is too few phrases", where="--max", do="must be 1 or more")
    return session.replace(overlap=_overlap(session.options))


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.text.keyphrases:KeyphraseView",
    view_id=lambda options: "spans_manual",
    crossing=_overlap,
    carried=lambda options: IncomingPhrases(),
    complete=_complete,
)
