"""Keyphrases: which are missing or too many, and the keys that may help."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from benchmarks import keyphrases
from benchmarks.annotator.count import MODEL, Count, Suggest, Trace, annotate
from benchmarks.annotator.desk import Desk
from benchmarks.annotator.gold import Entity, Gold
from benchmarks.annotator.path import Mistake
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.keyphrases import Options
from tui_annotate.text.tokens import Tokens, sentences

EFFORT = 3.5
"""Keys that a mistake costs, about."""

LABEL = "KEYPHRASE"
BORDERS = ("grow", "shrink", "grow_left", "shrink_left")


class Phrases:
    """Marks each phrase of a document once, from the left, and takes off what is none.

    The gold names phrases, not places: a phrase is there if one of its forms is marked
    anywhere. Its first occurrence is what is marked.

    Args:
        gold: The document; its entities are the first occurrences.
        editor: Its editor, which knows the forms of a phrase.
    """

    def __init__(self, gold: Gold, editor: Any) -> None:
        self.gold = gold
        self.wanted = {editor.lemma(start, end): (start, end, LABEL) for start, end, _ in reversed(
            gold.entities
        )}  # fmt: skip

    def _wrong(self, desk: Desk) -> list[tuple[int, int, Entity | None]]:
        editor = desk.editor
        present = {editor.lemma(span.start, span.end): span for span in editor.spans}
        missing = [goal for lemma, goal in self.wanted.items() if lemma not in present]
        wrong: list[tuple[int, int, Entity | None]] = [(*goal[:2], goal) for goal in missing]
        wrong += [
            (span.start, span.end, None)
            for lemma, span in present.items()
            if lemma not in self.wanted
        ]
        return sorted(wrong, key=lambda one: one[:2])

    def next(self, desk: Desk) -> Mistake | None:
        """The first phrase that is missing; before it, what is none and does not become one."""
        wrong = self._wrong(desk)
        if not wrong:
            return None
        start, end, goal = wrong[0]
        if goal is None:
            # What is wrong here may be turned into what is missing.
            goal = next((one[2] for one in wrong if one[2] and one[0] < end), None)
        if goal is not None:
            start, end = min(start, goal[0]), max(end, goal[1])
        units = desk.editor.caret.unit_starts(start, end)
        borders = [] if goal is None else desk.editor.caret.unit_starts(*goal[:2])
        stops = {units[0], units[-1], *borders[:1], *borders[-1:]}
        return Mistake(start, end, tuple(sorted(stops)), goal)

    def done(self, desk: Desk, mistake: Mistake) -> bool:
        """Whether the phrase is marked, or what was none is gone."""
        editor = desk.editor
        if mistake.goal is not None:
            lemma = editor.lemma(*mistake.goal[:2])
            return any(editor.lemma(span.start, span.end) == lemma for span in editor.spans)
        there = editor.spans.overlapping(mistake.start, mistake.end)
        return all(
            editor.lemma(span.start, span.end) in self.wanted
            for span in there
            if (span.start, span.end) == (mistake.start, mistake.end)
        )

    def edits(self, desk: Desk, mistake: Mistake, *, whole: bool) -> list[str]:
        """The label's key on the phrase, deletion, and the moves of a border."""
        editor, keymap = desk.editor, desk.keymap
        start, end = editor.span_editor.cursor.target()
        if start >= mistake.end or end <= mistake.start:
            return []
        keys: list[str] = []
        selected = editor.caret.selection is not None
        if mistake.goal is not None and editor.lemma(start, end) == editor.lemma(*mistake.goal[:2]):
            keys.append(keymap.label_key(LABEL) or "")
        active = None if selected else editor.active
        stray = active is not None and editor.lemma(start, end) not in self.wanted
        if mistake.goal is None and stray:
            keys += keymap.keys("delete")[:1]
        if selected or (stray and mistake.goal is not None and not whole):
            for name in BORDERS:
                keys += keymap.keys(name)[:1]
        if active is not None and len(editor.under_cursor()) > 1:
            keys += keymap.keys("cycle")[:1]
        return [key for key in keys if key]

    def spreading(self, desk: Desk) -> list[str]:
        """Nothing: one occurrence is enough."""
        return []

    def left(self, desk: Desk) -> float:
        """About how many keys are wanted still."""
        return len(self._wrong(desk)) * EFFORT

    def place(self, desk: Desk, mistake: Mistake) -> Any:
        """The cursor, what is meant there, and the spans of the stretch."""
        editor = desk.editor
        there = editor.spans.overlapping(mistake.start, mistake.end)
        spans = tuple((span.start, span.end) for span in there)
        return (
            *desk.place,
            spans,
            editor.span_editor.marking.auto_advance,
            editor.span_editor.marking.depth,
        )

    def written(self, fields: dict[str, Any]) -> bool:
        """Whether the list that is written holds the gold, and nothing else."""
        return {phrase["lemma"] for phrase in fields["keyphrases"]} == set(self.wanted)


def documents(limit: int | None = None) -> Iterator[Gold]:
    """SemEval 2017's texts; of each phrase the first occurrence that is made of whole tokens.

    A few phrases are parts of tokens everywhere, and are left out.
    """
    from tui_annotate.suggest.spacy.models import resolve
    from tui_annotate.suggest.spacy.pipelines import Runner

    runner = Runner(resolve("blank:en"))
    for number, (text, phrases) in enumerate(keyphrases.texts(keyphrases.GOLD)):
        if number == limit:
            return
        pairs = [pair for pair in runner.tokenise(text) if not text[slice(*pair)].isspace()]
        tokens = Tokens.from_pairs(text, pairs)
        found = dict(_places(text, tokens, phrases))
        yield Gold(_lines(text, tokens), text, tokens, [], sorted(found.values()))


def _lines(text: str, tokens: Tokens) -> list[list[str]]:
    """The words of each sentence."""
    words = [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)]
    borders = [*sentences(text, tokens), len(words)]
    return [words[a:b] for a, b in itertools.pairwise(borders)]


def _places(text: str, tokens: Tokens, phrases: Iterable[str]) -> Iterator[tuple[str, Entity]]:
    lower = text.lower() if len(text.lower()) == len(text) else text
    for phrase in phrases:
        wanted = phrase.strip()
        at = lower.find(wanted.lower())
        while at >= 0:
            if tokens.aligned(at, at + len(wanted)) is not None:
                yield wanted.casefold(), (at, at + len(wanted), LABEL)
                break
            at = lower.find(wanted.lower(), at + 1)


def pipeline(model: str = MODEL) -> Suggest:
    """What `keyphrase.correct` suggests, ten for a text."""
    from tui_annotate.suggest import keyphrases
    from tui_annotate.suggest.protocol import Prepared
    from tui_annotate.suggest.spacy import keyphrases as phrasing
    from tui_annotate.suggest.spacy.models import resolve
    from tui_annotate.suggest.spacy.pipelines import Runner

    found = resolve(model)
    runner = Runner(found, phrasing.needs(found, {}))
    source = phrasing.Keyphrases(keyphrases(model, LABEL), runner)

    def suggest(gold: Gold) -> Any:
        pairs = list(zip(gold.tokens.starts, gold.tokens.ends, strict=True))
        return source.suggest([Prepared(gold.text, pairs, runner.doc(gold.text, pairs))])[0]

    return suggest


def count(golds: Sequence[Gold], suggest: Suggest | None = None, trace: Trace = None) -> Count:
    """Mark the phrases of documents in order; an item is a phrase."""
    keymap = Keymap("keyphrases", (LABEL,))
    total = Count()
    for number, gold in enumerate(golds):
        editor = kind("keyphrases").open(
            EditorInput(gold.task(number), gold.tokens, (LABEL,), Options())
        )
        if suggest is not None:
            editor.suggest(suggest(gold))
        work = Phrases(gold, editor)
        annotate(Desk(editor, keymap), work, total, trace)
        total.items += len(work.wanted)
    return total
