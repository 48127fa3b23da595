"""A knowledge base of a million names, and linking real gold: `python -m benchmarks.knowledge`.

Times are those of the slowest mention and the slowest key; the budgets are 30 ms
for candidates, 50 ms for a search as one types, and 25 ms for deciding a task of
twenty mentions and opening the next, whose first links are chosen then.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.folding import words
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row, read_rows
from tui_annotate.suggest.messages import Suggested, SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "el-elevant"
Gold = dict[tuple[int, int], tuple[str, str]]
TEXT = (
    "The American philosopher and tennis player travelled through Bavaria with an engineer from "
    "Texas, who wrote about rivers and villages in the Andes while the company painted novels."
)


def listed(text: str) -> list[str]:
    """The parts of a text between its commas."""
    return text.split(",")


SYLLABLES = listed(
    "ma,ri,to,ka,len,sor,vi,bel,an,dro,fi,gu,hel,is,jo,kim,lo,mer,na,os,pe,qui,ro,sa,tu,ul,va,"
    "wen,xa,yo,zi,bran,chri,dam"
)
ABOUT = listed(
    "philosopher,tennis player,footballer,politician,actor,painter,company,village,river,film,"
    "album,species of beetle,engineer,chemist,novel,asteroid"
)
WHERE = listed("in Bavaria,in Texas,from Lyon,of the 19th century,in the Andes,by the sea,")
NATIONS = listed("American,Brazilian,Australian,French,German,Japanese,Swedish,Indian,British")


def names(count: int, seed: int = 7) -> Iterator[Sequence[object]]:
    """Rows of a table of invented people, universities and companies; few names are very common."""
    rng = random.Random(seed)

    def word(most: int) -> str:
        length = rng.randint(1 if most < 3 else 2, most)
        return "".join(rng.choice(SYLLABLES) for _ in range(length)).capitalize()

    first = ["John", "Mary", "Maria", "José", *sorted({word(2) for _ in range(4000)})]
    last = ["Smith", "Müller", "Emerson", "King", *sorted({word(3) for _ in range(60_000)})]
    of_first = list(accumulate(1 / (n + 1) for n in range(len(first))))
    of_last = list(accumulate(1 / (n + 20) ** 0.9 for n in range(len(last))))
    for number in range(count):
        given = rng.choices(first, cum_weights=of_first)[0]
        family = rng.choices(last, cum_weights=of_last)[0]
        kind_of = rng.random()
        aliases = ""
        if kind_of < 0.6:
            name = f"{given} {family}"
            aliases = f"{family}|{given[0]}. {family}" if rng.random() < 0.3 else ""
        elif kind_of < 0.8:
            name = f"University of {family}"
        else:
            name = f"The {family} {rng.choice(['Company', 'River', 'House', 'Act'])}"
        about = f"{rng.choice(NATIONS)} {rng.choice(ABOUT)} {rng.choice(WHERE)}".strip()
        yield f"Q{number}", name, aliases, about, int(rng.paretovariate(0.8))


def write_table(path: Path, count: int) -> None:
    """Write the table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "aliases", "description", "prior"])
        writer.writerows(names(count))


def spent(call: Any, *arguments: Any, times: int = 3) -> float:
    """The least milliseconds of some calls; more only says what else the machine did."""
    least = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        call(*arguments)
        least = min(least, 1000 * (time.perf_counter() - begin))
    return least


def latencies(folder: Path, count: int) -> None:
    """Build a large knowledge base and ask it."""
    table, path = folder / "names.csv", folder / "names.sqlite"
    write_table(table, count)
    begin = time.perf_counter()
    build(read_rows(table), path)
    seconds = time.perf_counter() - begin
    print(f"{count:,} entities in {seconds:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
    base = KnowledgeBase(path)
    near = words(TEXT)
    asked = ["John", "University", "The", "Company", "JOHN EMERSON", "Jose", "Müller", "a", "of"]
    asked += ["University of King", "John Smith of Texas University", "King House Act River"]
    rng = random.Random(1)
    for number in rng.sample(range(count), min(200, count)):
        entity = base.entity(f"Q{number}")
        assert entity is not None
        asked += [entity.name, entity.name.split()[-1]]
    times = {mention: spent(base.candidates, mention, near) for mention in asked}
    print("candidates", summary(times))
    queries = ["university of king", "john smith ph", "emerson tennis", "the company", "m j", "a b"]
    queries += [mention.casefold() for mention in asked[12:60]]
    times = {
        query[:length]: spent(base.search, query[:length])
        for query in queries
        for length in range(1, len(query) + 1)
    }
    print("search as one types", summary(times))
    for waits in (True, False):
        how = "looked up ahead" if waits else "none looked up ahead"
        print(
            f"decide and open the next, {MENTIONS} mentions, {how}", deciding(base, folder, waits)
        )
    base.close()


MENTIONS = 20
TASKS = 12


def deciding(base: KnowledgeBase, folder: Path, waits: bool) -> str:
    """Decide tasks of many mentions, one after the other, as el.correct has them."""
    from tests.unit.engine_bench import Bench, FakeProcess

    rng = random.Random(waits)
    texts, found = [], []
    for _ in range(TASKS):
        text, mentions = "", []
        for number in range(MENTIONS):
            text += " ".join(rng.choices(TEXT.split(), k=8)) + " "
            entity = base.entity(f"Q{rng.randrange(base.size)}")
            assert entity is not None
            name = entity.name if number % 2 else entity.name.split()[-1]
            mentions.append(Suggestion(len(text), len(text) + len(name), "PER", "model"))
            text += f"{name} "
        texts.append(text)
        found.append(mentions)
    source = folder / f"{waits}.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    linker = Linker(base)
    if not waits:
        linker.ahead = lambda text, ranges: None  # type: ignore[method-assign]
    bench = Bench(
        source,
        source.with_suffix(".out.jsonl"),
        labels=("PER",),
        process=FakeProcess(),
        specs=[SuggesterSpec("lexicon", "lexicon"), SuggesterSpec("entities", "model")],
        view="linking",
        correct=True,
        knowledge=linker,
        prechoose=0.7,
        clock=time.monotonic,
    )
    for number, mentions in enumerate(found):
        bench.tokenise(number)
        bench.engine.receive(Suggested(number, mentions))
    while waits and linker.looking:
        time.sleep(0.01)
    first, most = [], []
    for _ in range(TASKS - 1):
        while bench.engine.filling:
            bench.engine.fill_on()
        bench.paint()
        assert bench.journal.wait(5)
        first.append(spent(bench.engine.decide, "accept", times=1))
        steps = [0.0]
        while bench.engine.filling:
            steps.append(spent(bench.engine.fill_on, times=1))
        most.append(max(steps))
    bench.close()
    return (
        f"median {statistics.median(first):.1f} ms, worst {max(first):.1f} ms; then mentions are "
        f"filled in by steps: median of the longest {statistics.median(most):.1f} ms, "
        f"worst {max(most):.1f} ms"
    )


def summary(times: dict[str, float]) -> str:
    """The middle, the highest percent, and the worst of some times."""
    worst = max(times, key=times.__getitem__)
    high = statistics.quantiles(times.values(), n=100)[98]
    middle = statistics.median(times.values())
    return (
        f"({len(times)}): median {middle:.1f} ms, 99 % {high:.1f} ms, "
        f"worst {times[worst]:.1f} ms ({worst!r})"
    )


# ── gold ───────────────────────────────────────────────────────────────────


def mentions(document: dict[str, Any]) -> Gold:
    """The id and the name of every mention of a gold document, by its place."""
    found: Gold = {}
    for label in document["labels"]:
        start, end = label["span"]
        id_ = label["entity_id"] if label["entity_id"].startswith("Q") else "NIL"
        if start < end:
            found.setdefault((start, end), (id_, label["name"]))
    return found


def gold_base(documents: list[dict[str, Any]], distractors: int, folder: Path) -> KnowledgeBase:
    """The entities of the gold by their names, among others that share words with them."""
    rng = random.Random(3)
    entities = {id_: name for d in documents for id_, name in mentions(d).values() if id_ != "NIL"}
    parts = sorted({part for name in entities.values() for part in name.split()})
    invented = [str(row[1]) for row in names(max(distractors, 1))]
    rows = [Row(id_, name) for id_, name in entities.items()]
    for number in range(distractors):
        name = invented[number]
        if number % 5 == 0:
            name = f"{rng.choice(parts)} {name.split()[-1]}"
        rows.append(Row(f"D{number}", name))
    rng.shuffle(rows)
    path = folder / f"gold-{distractors}.sqlite"
    build(rows, path)
    return KnowledgeBase(path)


def gold(name: str, distractors: int, folder: Path) -> None:
    """How often the right entity is the first candidate, and among all of them."""
    with (GOLD / f"{name}.benchmark.jsonl").open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    base = gold_base(documents, distractors, folder)
    known = first = nine = 0
    for document in documents:
        text = document["text"]
        for (start, end), (id_, _) in mentions(document).items():
            if id_ != "NIL":
                ids = [one.id for one in base.candidates(text[start:end], words(text))]
                known += 1
                first += ids[:1] == [id_]
                nine += id_ in ids
    print(
        f"{name}, {base.size:,} entities: recall@1 {first / known:.3f}, @9 {nine / known:.3f}; "
        "what it costs in keys: python -m benchmarks.annotator links"
    )
    base.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=1_000_000)
    count = parser.parse_args().names
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        latencies(folder, count)
        if GOLD.is_dir():
            for name in ("kore50", "oke-2016-eval"):
                for distractors in (0, 10_000, 100_000):
                    gold(name, distractors, folder)


if __name__ == "__main__":
    main()
