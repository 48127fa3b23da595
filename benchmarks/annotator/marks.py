"""Punctuation: which marks and capitals are wrong, and the keys that may help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.annotator.count import MODEL, Count, Trace, annotate
from benchmarks.annotator.desk import Desk
from benchmarks.annotator.gold import SHARED, Gold
from benchmarks.annotator.path import Mistake
from tui_annotate.editors.punctuation.editor import PunctEditor
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.punctuation import Options
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.punctuated import SIDES
from tui_annotate.text.tokens import Tokens

EFFORT = 3.0
"""Keys that a mistake costs, about."""

MARKS = DEFAULT.with_marks(['"', "..."])


class Marks:
    """Puts the marks of a text back that were hidden, from the left.

    Args:
        gold: The text.
    """

    def __init__(self, gold: Gold) -> None:
        self.gold = gold
        self.right = PunctEditor(gold.text, gold.tokens, MARKS)
        words = range(len(self.right.content.words))
        self.wanted = [self._marks(self.right, word) for word in words]
        self.words = [self.right.content.word(word) for word in words]

    @staticmethod
    def _marks(editor: Any, word: int) -> tuple[tuple[str, ...], ...]:
        visible = editor.content.visible
        return tuple(tuple(slot.mark for slot in visible(word, side)) for side in SIDES)

    def _fits(self, desk: Desk, word: int) -> bool:
        return self._marks(desk.editor, word) == self.wanted[word]

    def next(self, desk: Desk) -> Mistake | None:
        """The first word with a wrong mark, then the first with a wrong capital."""
        content = desk.editor.content
        words = range(len(self.words))
        wrong = next((word for word in words if not self._fits(desk, word)), None)
        if wrong is None:
            wrong = next((word for word in words if content.word(word) != self.words[word]), None)
            if wrong is None:
                return None
        start, end = content.words[wrong].start, content.words[wrong].end
        goal = " ".join(mark for side in self.wanted[wrong] for mark in side)
        return Mistake(start, end, (start,), (start, end, goal))

    def done(self, desk: Desk, mistake: Mistake) -> bool:
        """Whether a word has its marks; where only its capital was wrong, that too."""
        word = desk.editor.content.gaps.at(mistake.start)
        if not self._fits(desk, word):
            return False
        return bool(self.capital_follows(desk, word))

    def capital_follows(self, desk: Desk, word: int) -> bool:
        """Whether a capital is right, or waits for a mark before it."""
        if desk.editor.content.word(word) == self.words[word]:
            return True
        return any(not self._fits(desk, other) for other in range(len(self.words)))

    def edits(self, desk: Desk, mistake: Mistake, *, whole: bool) -> list[str]:
        """The keys of the marks that are wanted or too many here, and of the capital."""
        editor, keymap = desk.editor, desk.keymap
        word = editor.here
        if editor.content.words[word].start != mistake.start or editor.caret.selection is not None:
            return []
        keys: list[str] = []
        for wanted, there in zip(self.wanted[word], self._marks(editor, word), strict=True):
            if wanted != there:
                keys += [keymap.label_key(mark) or "" for mark in {*wanted, *there}]
        if any(self._marks(editor, word)):
            keys += [*keymap.keys("delete")[:1], *keymap.keys("add_mark")[:1]]
        if self._fits(desk, word):
            keys += keymap.keys("capital")[:1]
        return [key for key in keys if key]

    def spreading(self, desk: Desk) -> list[str]:
        """Nothing."""
        return []

    def left(self, desk: Desk) -> float:
        """About how many keys are wanted still."""
        return EFFORT * sum(not self._fits(desk, word) for word in range(len(self.words)))

    def place(self, desk: Desk, mistake: Mistake) -> Any:
        """The cursor, and the marks of the word."""
        editor = desk.editor
        word = editor.content.gaps.at(mistake.start)
        return (*desk.place, self._marks(editor, word), editor.content.word(word), editor.adding,
                editor.marking.auto_advance, len(editor.attention.unsure))  # fmt: skip

    def written(self, fields: dict[str, Any]) -> bool:
        """Whether the text is restored, character by character."""
        return bool(fields["punctuated"] == self.gold.text)


def documents(limit: int | None = None) -> Iterator[Gold]:
    """Two inaugural addresses."""
    from tui_annotate.suggest.spacy.models import resolve
    from tui_annotate.suggest.spacy.pipelines import Runner

    runner = Runner(resolve("blank:en"))
    for path in sorted((SHARED / "punctuation-inaugural").glob("*.txt"))[:limit]:
        text = path.read_text(encoding="utf-8")
        yield Gold([], text, Tokens.from_pairs(text, runner.tokenise(text)), [])


def count(
    golds: Sequence[Gold], *, suggest: bool, places: bool = False, trace: Trace = None
) -> Count:
    """Restore texts; an item is a mark.

    Args:
        golds: The texts.
        suggest: With suggestions.
        places: Only with the places that `tab` goes to, by words alone, as punct.manual has them.
        trace: Told of every mistake.
    """
    from tui_annotate.suggest import attention_points, punctuation
    from tui_annotate.suggest.protocol import Prepared
    from tui_annotate.suggest.spacy import punctuation as punctuating
    from tui_annotate.suggest.spacy.models import resolve
    from tui_annotate.suggest.spacy.pipelines import Runner

    found = resolve("blank:en" if places else MODEL)
    make = attention_points if places else punctuation
    spec = make("blank:en" if places else MODEL, MARKS, strip=True)
    runner = Runner(found, punctuating.needs(found, spec.options))
    punctuator = punctuating.Punctuator(spec, runner)
    keymap = Keymap("punctuation", MARKS.names, label_keys=MARKS.keys)
    total = Count()
    for number, gold in enumerate(golds):
        options = Options(marks=MARKS, strip=True)
        editor = kind("punctuation").open(
            EditorInput(gold.task(number), gold.tokens, MARKS.names, options)
        )
        if suggest or places:
            pairs = list(zip(gold.tokens.starts, gold.tokens.ends, strict=True))
            prepared = Prepared(gold.text, pairs, runner.doc(gold.text, pairs))
            offered: list[Suggestion] = punctuator.suggest([prepared])[0]
            editor.suggest(offered)
        work = Marks(gold)
        annotate(Desk(editor, keymap), work, total, trace)
        total.items += sum(work.right.counts().values())
    return total
