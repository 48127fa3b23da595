"""Other formats: one module for each.

A module has its formats in `FORMATS`: each is a `Format` (see `tui_annotate.formats.format`),
read and written in the same place. Another package brings one with an entry point of the group
``tui_annotate.formats`` that leads to its `Format`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from tui_annotate.errors import AnnotateError, UsageError

if TYPE_CHECKING:
    from tui_annotate.formats.format import Format

ENTRY_POINTS = "tui_annotate.formats"

_FIRST = ("json_tasks", "plain_text", "table", "conllu")
"""The modules of what most sources are: a session imports no others to find its source's format."""

_HINT = re.compile(
    rb"""(?mx)
    "(?:labels?|entities)"\s*:\s*\[\s*[\[{"]  # spans or classes in a list, as doccano has them
    | "(?:annotations|completions)"\s*:      # Label Studio
    | [ \t](?:O|[BIESLU]-\S+)\r?$            # a column of entities
    | "ner_tags"\s*:                         # Hugging Face
    | ^__label__\S                           # fastText
    | ^\#FORMAT=                             # WebAnno TSV
    | \A-DOCSTART-\ \(                       # AIDA-YAGO2
    | <xmi:XMI                               # UIMA
    """
)
"""Whether it is worth while to ask every format: a session should not import them all."""


def formats() -> tuple[Format, ...]:
    """All formats, by their names; those of other packages last."""
    built_in = sorted(
        (one for module in _modules() for one in _of(module)), key=lambda one: one.name
    )
    names = {one.name for one in built_in}
    return (*built_in, *(one for one in _plugged() if one.name not in names))


def format_named(name: str, where: str) -> Format:
    """The format of a name.

    Args:
        name: As ``--to`` and ``--from`` have it.
        where: The option, for the message.

    Raises:
        UsageError: There is none.
        AnnotateError: Another package brings it, and it cannot be loaded or is none.
    """
    from tui_annotate.wording import did_you_mean, printable

    known = {one.name: one for one in formats()}
    wanted = name.strip().lower()
    if wanted not in known:
        there = f"the formats are {', '.join(known)}"
        do = did_you_mean(wanted, known, there)
        raise UsageError(f"there is no format {printable(name, 40)!r}", where=where, do=do)
    return known[wanted]


def by_suffix(suffix: str) -> Format | None:
    """The format of tasks whose files' names end so; of several, one that needs no look inside."""
    if not suffix:
        return None
    shared: Format | None = None
    for one in _lazily():
        if suffix in one.suffixes and one.reader is not None:
            if one.sniff is None:
                return one
            shared = shared or one
    return shared


def by_content(head: bytes) -> Format | None:
    """The format that files which begin so are in, if one says so."""
    if not _HINT.search(head):
        return None
    return next((one for one in formats() if one.sniff is not None and one.sniff(head)), None)


def _lazily() -> Iterator[Format]:
    for module in _modules():
        yield from _of(module)
    yield from _plugged()


@cache
def _modules() -> tuple[str, ...]:
    return tuple(dict.fromkeys([*_FIRST, *(found.name for found in iter_modules(__path__))]))


def _of(module: str) -> tuple[Format, ...]:
    """The formats of a module; none where it only helps others."""
    found: tuple[Format, ...] = getattr(import_module(f"{__name__}.{module}"), "FORMATS", ())
    return found


def _plugged() -> Iterator[Format]:
    """The formats of other packages."""
    from importlib.metadata import entry_points

    from tui_annotate.formats.format import Format

    for point in entry_points(group=ENTRY_POINTS):
        try:
            made = point.load()
        except (ImportError, AttributeError) as error:
            raise AnnotateError(
                f"the format {point.name!r} cannot be loaded ({type(error).__name__})",
                where=point.value,
                do="reinstall the package that brings it",
            ) from error
        if not isinstance(made, Format):
            raise AnnotateError(
                f"the entry point for the format {point.name!r} is not a Format but "
                f"{type(made).__name__}",
                where=point.value,
            )
        yield made
