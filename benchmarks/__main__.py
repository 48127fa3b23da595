"""Measure everything, and print the table: `python -m benchmarks [--quick]`."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measures import Bench
from benchmarks.programs import QUICK, Programs, Sizes
from benchmarks.table import Result, table
from benchmarks.terminal import BenchmarkError

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
WORK = HERE / "made"
GROUPS = ("starts", "keys", "decisions", "large", "sounds")


def measure(bench: Bench, groups: list[str]) -> Iterator[Result]:
    """Measure the groups asked for, in order."""
    for group in groups:
        yield from getattr(bench, group)()


def machine() -> str:
    """The machine and the versions, in general words."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [
        f"{cores} cores, {platform.machine()}, {platform.system()}",
        f"Python {platform.python_version()}",
        *(f"{name} {_version(name)}" for name in ("textual", "spacy", "msgspec", "slate-nlp")),
    ]
    return ", ".join(parts)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def report(results: list[Result], sizes: Sizes, seconds: float) -> str:
    """What is printed, and recorded."""
    budgets = [r for r in results if r.against != "slate"]
    peer = [r for r in results if r.against == "slate"]
    missed = sum(r.met is False for r in results)
    parts = [
        f"Measured on {datetime.date.today():%Y-%m-%d}: {machine()}.",
        f"A long document has {sizes.tokens:,} tokens; {seconds / 60:.0f} minutes in all. "
        f"Load at the end: {os.getloadavg()[0]:.1f}; above 1.5, others were at work meanwhile, "
        "and bytes and memory are right, but times only roughly.",
        "",
        table(budgets),
        "",
        f"{sum(r.met is True for r in results)} budgets met, {missed} missed.",
    ]
    if peer:
        parts += ["", "Beside slate-nlp, a curses program, on the same document:", "", table(peer)]
    return "\n".join(parts)


def main() -> int:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, once each")
    parser.add_argument("--record", action="store_true", help=f"write {RESULTS.name} too")
    parser.add_argument("--keep", action="store_true", help="leave the data in benchmarks/made/")
    parser.add_argument("--folder", type=Path, default=WORK, help="where to put the data")
    parser.add_argument("--tokens", type=int, help="tokens of the long document")
    parser.add_argument("--million", type=int, help="answers to resume on, lines to begin on")
    parser.add_argument("--rounds", type=int, help="how often each is repeated")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"only {', '.join(GROUPS)}")
    options = parser.parse_args()
    for group in options.groups:
        if group not in GROUPS:
            parser.error(f"there is no group {group!r}, only {', '.join(GROUPS)}")
    sizes = sizes_of(options)

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    began = time.perf_counter()
    bench = Bench(Programs(options.folder, sizes, tell))
    results: list[Result] = []
    failed = False
    try:
        results.extend(measure(bench, options.groups or list(GROUPS)))
    except BenchmarkError as error:
        tell(f"The benchmark failed, and what follows was not measured: {error}")
        failed = True
    finally:
        if not options.keep:
            shutil.rmtree(options.folder, ignore_errors=True)
    text = report(results, sizes, time.perf_counter() - began)
    print(text)
    if options.record and not failed:
        RESULTS.write_text(f"# Results of `python -m benchmarks`\n\n{text}\n", encoding="utf-8")
    return int(failed)


def sizes_of(options: argparse.Namespace) -> Sizes:
    """The sizes that were asked for."""
    usual = QUICK if options.quick else Sizes()
    return Sizes(
        tokens=options.tokens or usual.tokens,
        million=options.million or usual.million,
        starts=options.rounds or usual.starts,
        rounds=options.rounds or usual.rounds,
        keys=usual.keys,
        decisions=usual.decisions,
        hours=usual.hours,
    )


if __name__ == "__main__":
    sys.exit(main())
