"""An export: what a format can hold of some tasks is written, read back and put in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.comparison import Comparison
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Losses, fitted
from tui_annotate.formats.records import Row
from tui_annotate.formats.writing import DEV, TRAIN, OnOffer, Target
from tui_annotate.store.atomic import AtomicFiles
from tui_annotate.task.parts import place_of
from tui_annotate.task.task import Fields
from tui_annotate.text.tokens import fallback_pairs
from tui_annotate.wording import reason, shown_path

_EVERY = 256
_NAMED = 5
"""Tasks that are named where they do not come back the same."""


class Job(msgspec.Struct, frozen=True):
    """What is to be exported where.

    Attributes:
        format: The format.
        output: The file, or the folder.
        options: The format's options.
        offered: The labels that were on offer.
        place: Where a task, by its number from 0, stands in its source.
        split: How much of the tasks goes into a second part; None for none.
        lossy: Write what the format can hold where it cannot hold all.
        force: Replace files that are there.
    """

    format: Format
    output: Path
    options: Mapping[str, Any]
    offered: OnOffer
    place: Callable[[int], object]
    split: float | None = None
    lossy: bool = False
    force: bool = False


class Exported(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        files: The files.
        tasks: How many tasks each part has.
        losses: What was not.
        compared: What was read back and compared; None where nothing reads the format.
        remarks: What else is to be said, one sentence each.
    """

    files: list[Path]
    tasks: Counter[str]
    losses: Losses
    compared: str | None
    remarks: list[str]


class Lossy(AnnotateError):
    """The format cannot hold all there is."""

    def __init__(self, fmt: Format, losses: Losses) -> None:
        self.losses = losses
        super().__init__(f"{fmt.title} cannot hold all there is")
        self._title = fmt.title

    def __str__(self) -> str:
        rows = [f"{self._title} cannot hold:", *self.losses.rows()]
        return "\n".join([*rows, "Nothing was written; --lossy writes without it."])


def part_of(fields: Mapping[str, Any], share: float | None) -> str:
    """The part that a task belongs to: by its input, so that it is the same each time."""
    if share is None:
        return ""
    return DEV if place_of(fields) < share else TRAIN


def export(
    job: Job, tasks: Iterable[Fields], report: Callable[[str, int, int | None], None]
) -> Exported:
    """Write tasks in a format.

    Args:
        job: What is to be written where.
        tasks: The tasks.
        report: Takes how far it is.

    Raises:
        Lossy: The format cannot hold all; nothing was written.
        UsageError: The output cannot be such a file, or is there already.
        AnnotateError: It cannot be written, or does not read back as it was.
    """
    folder, stem, suffix = _place(job)
    try:
        with AtomicFiles(folder, force=job.force) as files:
            target = Target(
                files,
                stem,
                suffix,
                job.options,
                job.offered,
                split=job.split is not None,
                folder=folder,
            )
            return _written(job, target, tasks, report)
    except OSError as error:
        raise AnnotateError(
            f"the output cannot be written ({reason(error)})", where=shown_path(job.output)
        ) from error


def _place(job: Job) -> tuple[Path, str, str]:
    """The folder, the stem and the suffix of the output."""
    out, fmt = job.output, job.format
    suffix = fmt.suffixes[0] if fmt.suffixes else ""
    is_folder = out.is_dir() or fmt.folder or (fmt.many and not out.suffix)
    if is_folder and out.exists() and not out.is_dir():
        raise UsageError(
            f"{fmt.title} is written as a folder of files",
            where=shown_path(out),
            do="name a folder with -o",
        )
    if is_folder and not (fmt.folder or fmt.many) and job.split is None:
        raise UsageError("the output is a folder", where=shown_path(out), do="name a file with -o")
    there = out if is_folder else out.parent
    made = is_folder and (fmt.folder or fmt.many)
    if not (there.is_dir() or (made and there.parent.is_dir())):
        raise UsageError(
            "there is no such folder", where=shown_path(out.parent), do="create it first"
        )
    if is_folder:
        return out, "", suffix
    return there, out.stem if out.suffix else out.name, out.suffix or suffix


def _written(
    job: Job,
    target: Target,
    tasks: Iterable[Fields],
    report: Callable[[str, int, int | None], None],
) -> Exported:
    fmt = job.format
    assert fmt.writer is not None
    tokenise = fmt.tokeniser(job.options) if fmt.tokeniser else fallback_pairs
    losses = Losses()
    compared = {part: Comparison(fmt.holds, tokenise) for part in target.parts}
    numbers: dict[str, list[int]] = {part: [] for part in target.parts}
    writer = fmt.writer(target)
    total = len(tasks) if isinstance(tasks, Sized) else None
    for number, fields in enumerate(tasks):
        if number % _EVERY == 0:
            report("writing", number, total)
        losses.begin(lambda number=number: job.place(number))  # type: ignore[misc]
        held = fitted(fields, fmt.holds, losses, tokenise)
        if held is None:
            continue
        part = part_of(fields, job.split)
        writer.add(held, part)
        compared[part].note(held)
        numbers[part].append(number)
    if losses.lost and not job.lossy:
        raise Lossy(fmt, losses)
    if not any(numbers.values()):
        raise AnnotateError(f"nothing is left that {fmt.title} can hold; nothing was written")
    names = writer.close()
    counts = Counter({part: len(found) for part, found in numbers.items()})
    said = writer.compared or _read_back(job, target, names, compared, numbers)
    return Exported(target.files.commit(), counts, losses, said, writer.remarks)


def _rows_of(job: Job, target: Target, names: Sequence[str]) -> Iterator[Row]:
    assert job.format.reader is not None
    for name in names:
        path = target.files.path(name)
        reader = job.format.reader(Place(name, path, job.options))
        with path.open("rb") as stream:
            yield from reader.rows(stream)


def _read_back(
    job: Job,
    target: Target,
    names: Mapping[str, str | Sequence[str]],
    compared: Mapping[str, Comparison],
    numbers: Mapping[str, list[int]],
) -> str | None:
    """Read what was written and compare it; what was compared.

    Raises:
        AnnotateError: Something is not the same.
    """
    if job.format.reader is None:
        return None
    counts: Counter[str] = Counter()
    for part, of_part in names.items():
        comparison = compared[part]
        comparison.check(_rows_of(job, target, [of_part] if isinstance(of_part, str) else of_part))
        counts += comparison.counts
        if wrong := comparison.different:
            known = [number for number in wrong if number < len(numbers[part])]
            places = [str(job.place(numbers[part][number])) for number in known[:_NAMED]]
            named = ", ".join([*places, *["…"][: len(wrong) > len(places)]])
            tasks = f"{len(wrong):,} task{'s' * (len(wrong) != 1)}: {named}"
            raise AnnotateError(
                f"what was written as {job.format.title} does not read back as it was ({tasks}); "
                "nothing was written",
                do="export the other tasks, and report this one",
            )
    total = Comparison(job.format.holds, fallback_pairs)
    total.counts = counts
    return total.said()
