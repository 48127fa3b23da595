"""Keyphrases: labelled spans, and the ranked list of the phrases they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import msgspec

from tui_annotate.editors.base import Editor
from tui_annotate.editors.spans.keyphrases import PhraseEditor
from tui_annotate.kinds import spans
from tui_annotate.kinds.base import EditorInput, Kind
from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.task.incoming import SPANS, Fault, Fields, Incoming, renamed_in
from tui_annotate.wording import quoted


class Options(spans.Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of keyphrases.

    Attributes:
        overlap: Let phrases overlap and nest.
        max_phrases: How many phrases of a text may be chosen; None for any number.
    """

    old_names: ClassVar[Mapping[str, str]] = {"most": "max_phrases"}

    overlap: bool = True
    max_phrases: Annotated[int, msgspec.Meta(ge=1)] | None = None


def _located(phrases: object, text: str, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Where phrases that came without their places stand first in the text.

    Args:
        phrases: What came in ``keyphrases``: strings, or objects with a ``text``.
        text: The text.
        labels: The labels on offer; the first is for phrases that have none.
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
                "label": label if isinstance(label, str) and label else labels[0],
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


class IncomingPhrases(Incoming):
    """Phrases in `spans`, else in `keyphrases`, where those without a place are looked for."""

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels of the spans, else of the phrases."""
        if spans_of(fields):
            return SPANS.labels(fields)
        found = (label for _, label in _phrases(fields.get("keyphrases")))
        return [label for label in found if isinstance(label, str) and label]

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """What is wrong with the spans; phrases that are not in the text."""
        yield from SPANS.faults(fields, labels, keep_labels)
        if spans_of(fields):
            return
        find = _finder(fields["text"])
        lost = [words for words, _ in _phrases(fields.get("keyphrases")) if find(words) < 0]
        if lost:
            more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
            yield f"the keyphrase {quoted(lost[0])}{more} is not in the text", False
        if labels is not None and not keep_labels:
            for label in self.strange(fields, labels):
                told = f"a keyphrase has the label {quoted(label)}, which is not in the label set"
                yield told, True

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with the labels of its phrases as they are called here."""
        fields = super().renamed(fields, mapping)
        return renamed_in(fields, "keyphrases", lambda label: mapping.get(label, label))


def _open(opening: EditorInput[Options]) -> Editor:
    line, options, text = opening.record, opening.options, opening.task.text
    initial = spans_of(line) or ()
    if not initial and opening.decided is None:
        initial = _located(line.get("keyphrases"), text, opening.labels)
    return PhraseEditor(
        text,
        opening.tokens,
        opening.labels,
        max_phrases=options.max_phrases,
        initial=initial,
        offered=opening.offered,
        relations=opening.record.get("relations"),
        overlap=options.overlap,
        characters=options.by_characters(text),
        known=opening.known,
    )


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.text.keyphrases:KeyphraseView",
    view_id=lambda options: "spans_manual",
    overlapping=lambda options: options.overlap,
    incoming=lambda options: IncomingPhrases(),
)
