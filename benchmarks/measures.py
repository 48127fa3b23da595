"""What is measured: one function for each row of the budgets."""

from __future__ import annotations

import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks import corpus, sound
from benchmarks.programs import MODEL, READY, Programs
from benchmarks.table import Result
from benchmarks.terminal import (
    COLOURS_256,
    DOWN,
    PAGE_DOWN,
    RIGHT,
    TRUECOLOR,
    BenchmarkError,
    Keys,
    Terminal,
)

KINDS = ("right", "down", "label")
EDITABLE = " token 0"
"""What the status line says of the cursor once a task can be edited."""
SUGGESTED = " to check"
"""What it says of suggestions once they are there."""
LABEL_KEYS = (b"1", b"2", b"3", b"4")
SLATE_LABEL_KEYS = (b" a", b" s", b" d", b" v")


class Bench:
    """Measures the programs that are compared.

    Args:
        programs: Starts them.
    """

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    # ── starting ───────────────────────────────────────────────────────────

    def starts(self) -> Iterator[Result]:
        """First paint with its text, the first task to edit, and that with suggestions."""
        source = self.programs.folder / "few.jsonl"
        text = corpus.write_tasks(source, 10, 25)[0]
        times = defaultdict[str, list[float]](list)
        for _ in self._turns(self.programs.sizes.starts, "starting"):
            with self.programs.python("bare.py", f"{READY} {text}") as app:
                times["bare"].append(app.wait_for(READY))
            with self.programs.manual(source) as app:
                times["paint"].append(app.wait_for(corpus.marker(0)))
                times["task"].append(app.wait_for(EDITABLE))
            with self.programs.python("entities.py", MODEL, text) as app:
                times["spacy"].append(app.wait_for("entities found", screen=False))
            with self.programs.correct(source) as app:
                times["suggested"].append(app.wait_for(SUGGESTED))
        ms = {name: median(found) * 1000 for name, found in times.items()}
        bare = "bare Textual app"
        yield Result("first paint, with the text", ms["paint"], "ms", bare, ms["bare"], 1.6)
        yield Result("first task can be edited", ms["task"], "ms", bare, ms["bare"], 3)
        script = "import spacy; load; nlp(text)"
        yield Result("first task with suggestions", ms["suggested"], "ms", script, ms["spacy"], 1.1)

    # ── keys ───────────────────────────────────────────────────────────────

    def keys(self) -> Iterator[Result]:
        """Keys on a long document, against a bare app and against slate."""
        documents = {share: self.programs.folder / f"document-{share}.jsonl" for share in (0, 30)}
        for share, path in documents.items():
            corpus.write_document(path, self.programs.sizes.tokens, share / 100)
        depths = {"truecolor": dict(TRUECOLOR), "256 colours": dict(COLOURS_256)}
        opened = defaultdict[str, list[float]](list)
        pressed = defaultdict[tuple[str, str], list[Keys]](list)
        for _ in self._turns(self.programs.sizes.rounds, "keys on a long document"):
            with ExitStack() as stack:
                bare = stack.enter_context(self.programs.python("bare.py", READY))
                bare.wait_for(READY)
                apps = {"bare": bare}
                for share, path in documents.items():
                    for depth, colours in depths.items():
                        app = self.programs.session("ner.manual", path, colours=colours)
                        apps[f"{share} % labelled, {depth}"] = stack.enter_context(app)
                        self._opened(app, path)
                        opened[f"{share}"].append(app.wait_for(EDITABLE))
                    app = self.programs.slate(path.with_suffix(".txt"))
                    apps[f"slate {share}"] = stack.enter_context(app)
                    opened[f"slate {share}"].append(self._opened(app, path))
                for (where, name), keys in self._walk(apps).items():
                    pressed[where, name].append(keys)
        base = _ms([keys for name in KINDS for keys in pressed["bare", name]])
        for name in KINDS:
            for share in documents:
                for depth in depths:
                    where = f"{share} % labelled, {depth}"
                    yield from _key_results(name, where, pressed[where, name], base)
        for share in documents:
            starts, peer = median(opened[f"{share}"]), median(opened[f"slate {share}"])
            what = f"open the long document, {share} % labelled"
            yield Result(what, starts, "s", "slate", peer)
        for name in KINDS:
            for share in documents:
                ours = pressed[f"{share} % labelled, truecolor", name]
                yield from _peer_results(
                    name, f"{share} % labelled", ours, pressed[f"slate {share}", name]
                )

    @staticmethod
    def _opened(app: Terminal, path: Path) -> float:
        """Wait until a long document can be read; seconds since the start."""
        with path.with_suffix(".txt").open(encoding="utf-8") as file:
            words = file.read(200).split()
        # The first word is under the cursor, and the line may break after a few.
        return app.wait_for(" ".join(words[2:5]))

    def _walk(self, apps: Mapping[str, Terminal]) -> dict[tuple[str, str], Keys]:
        """Go some pages into the documents, then press keys of each kind, in all in turn.

        One key in each, then the next in each: what else the machine does meets all alike.
        """
        found: dict[tuple[str, str], Keys] = {}
        for app in apps.values():
            app.settle()
            for _ in range(20):
                app.press(PAGE_DOWN)
            app.settle()
        for kind, key in (("right", RIGHT), ("down", DOWN)):
            rows = {where: Keys(app) for where, app in apps.items()}
            for _ in range(self.programs.sizes.keys):
                for keys in rows.values():
                    keys.press(key)
            found |= self._ended(kind, rows)
        rows = {where: Keys(app) for where, app in apps.items()}
        for number in range(self.programs.sizes.keys // 2):
            for where, keys in rows.items():
                slate = where.startswith("slate")
                label = SLATE_LABEL_KEYS[number % 4] if slate else LABEL_KEYS[number % 4]
                keys.press(label)
            # An edit has its draft saved within 200 ms; what that sends counts as well.
            time.sleep(0.2)
            for keys in rows.values():
                keys.rest()
                keys.app.press(RIGHT)
                keys.app.settle(0.05)
                keys.skip()
        return found | self._ended("label", rows)

    @staticmethod
    def _ended(kind: str, rows: Mapping[str, Keys]) -> dict[tuple[str, str], Keys]:
        for keys in rows.values():
            keys.app.settle()
            keys.rest()
        return {(where, kind): keys for where, keys in rows.items()}

    # ── deciding ───────────────────────────────────────────────────────────

    def decisions(self) -> Iterator[Result]:
        """Decide, and show the next task."""
        source = self.programs.folder / "paragraphs.jsonl"
        corpus.write_tasks(source, self.programs.sizes.decisions + 30, 200)
        found = defaultdict[str, list[Keys]](list)
        recipes = {"ner.manual": self.programs.manual, "ner.correct": self.programs.correct}
        for _ in self._turns(self.programs.sizes.rounds, "deciding"):
            for recipe, start in recipes.items():
                with start(source) as app:
                    app.wait_for(EDITABLE)
                    if recipe == "ner.correct":
                        app.wait_for(SUGGESTED)
                    app.settle(1.0)
                    keys = Keys(app)
                    for number in range(1, self.programs.sizes.decisions + 1):
                        keys.press(b"a", text=corpus.marker(number), quiet=0.12)
                    found[recipe].append(keys)
                    app.settle()
                    keys.rest()
        for recipe in recipes:
            what = f"decide and show the next task, {recipe}"
            times, sent = _ms(found[recipe]), _bytes(found[recipe])
            yield Result(what, times, "ms", budget=25, note=_extremes_ms(found[recipe]))
            note = _extremes_bytes(found[recipe])
            yield Result(what, sent, "bytes", budget=6000, note=note)

    # ── large files ────────────────────────────────────────────────────────

    def large(self) -> Iterator[Result]:
        """Resume on many answers, and begin on many lines."""
        count = self.programs.sizes.million
        few, many = self.programs.folder / "ten.jsonl", self.programs.folder / "many.jsonl"
        answers = self.programs.folder / "many.answers.jsonl"
        self.programs.tell(f"writing {count:,} tasks and as many answers")
        corpus.write_tasks(few, 10, 12)
        corpus.write_tasks(many, count + corpus.SHAPES, 12)
        corpus.write_answers(many, self._models(many), answers, count)
        yield from self._first_of_many(few, many)
        times = defaultdict[str, list[float]](list)
        for _ in self._turns(self.programs.sizes.rounds, f"resuming on {count:,} answers"):
            with self.programs.python("reading.py", str(many), str(answers)) as app:
                times["read"].append(app.wait_for("lines read", screen=False, timeout=600))
            # The round before left a draft, and its notice would stand where the token does.
            drafts = answers.parent / f".{answers.stem}.session" / "drafts"
            shutil.rmtree(drafts, ignore_errors=True)
            with self.programs.session("ner.manual", many, output=answers) as app:
                app.wait_for(corpus.marker(count), timeout=600)
                times["resume"].append(app.wait_for(EDITABLE))
                app.settle(1.0)
                own, child = app.memory()
                times["memory"].append(own)
                times["child"].append(child)
                app.quit()
        once = "source and answers read once"
        what = f"resume on {count:,} answers"
        seconds = {name: median(values) for name, values in times.items()}
        yield Result(what, seconds["resume"], "s", once, seconds["read"], 3)
        note = f"the suggestion process beside it: {seconds['child']:,.0f} MB"
        yield Result(f"{what}: memory", seconds["memory"], "MB", budget=250, note=note)

    # ── sounds ─────────────────────────────────────────────────────────────

    def sounds(self) -> Iterator[Result]:
        """A long sound: see `sound`."""
        yield from sound.results(self.programs)

    def _models(self, source: Path) -> list[bytes]:
        """Lines that the program itself writes for the first tasks of a source."""
        output = self.programs.folder / "models.jsonl"
        with self.programs.session("ner.manual", source, output=output) as app:
            for number in range(corpus.SHAPES):
                app.wait_for(corpus.marker(number), timeout=60)
                app.wait_for(EDITABLE)
                app.settle(0.1)
                app.press(b"1")
                app.press(b"a", quiet=0.1)
            app.settle()
            app.quit()
        lines = output.read_bytes().splitlines()
        if len(lines) != corpus.SHAPES:
            raise BenchmarkError(f"{len(lines)} of {corpus.SHAPES} decisions were written")
        return lines

    def _first_of_many(self, few: Path, many: Path) -> Iterator[Result]:
        times = defaultdict[Path, list[float]](list)
        for _ in self._turns(self.programs.sizes.starts, "beginning on a long source"):
            for path in (few, many):
                with self.programs.manual(path) as app:
                    times[path].append(app.wait_for(EDITABLE))
        ten, all_of_them = (median(times[path]) * 1000 for path in (few, many))
        what = f"first task from a source of {self.programs.sizes.million:,} lines"
        # What is as quick as from ten is so but for what the machine does besides.
        yield Result(what, all_of_them, "ms", "from ten lines", ten, 1.1)

    def _turns(self, count: int, what: str) -> Iterator[int]:
        for turn in range(count):
            self.programs.tell(f"{what}: {turn + 1} of {count}")
            yield turn


def _ms(found: Sequence[Keys]) -> float:
    return median(press.ms for keys in found for press in keys.presses)


def _bytes(found: Sequence[Keys]) -> float:
    """Bytes a key; exact, so that each round gives the same."""
    return median(keys.bytes_per_key for keys in found)


def _extremes_ms(found: Sequence[Keys]) -> str:
    every = sorted(press.ms for keys in found for press in keys.presses)
    return f"95 % within {every[int(len(every) * 0.95) - 1]:.1f} ms"


def _extremes_bytes(found: Sequence[Keys]) -> str:
    every = [press.sent for keys in found for press in keys.presses]
    return f"median {median(every):,.0f}, at most {max(every):,}"


def _key_results(name: str, where: str, found: Sequence[Keys], base: float) -> Iterator[Result]:
    label = name == "label"
    what = f"{'label key' if label else f'cursor {name}'}, {where}"
    factor = 2 if label else 1.5
    yield Result(what, _ms(found), "ms", "bare Textual app", base, factor, _extremes_ms(found))
    most = 1000 if label else 600 if "truecolor" in where else 400
    yield Result(what, _bytes(found), "bytes", budget=most, note=_extremes_bytes(found))


def _peer_results(
    name: str, where: str, ours: Sequence[Keys], theirs: Sequence[Keys]
) -> Iterator[Result]:
    what = f"{'label key' if name == 'label' else f'cursor {name}'}, {where}"
    yield Result(what, _ms(ours), "ms", "slate", _ms(theirs))
    yield Result(what, _bytes(ours), "bytes", "slate", _bytes(theirs))
