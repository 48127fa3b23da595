"""What a format can hold of a task, and what is lost where it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec

from tui_annotate.task.task import Fields
from tui_annotate.wording import json_kind, printable, quoted

ANY = "*"
"""Among the names of fields: whatever there is."""

OTHERS = "+"
"""Among the names of fields: whatever the source gave beside what has a meaning here."""

DERIVED = frozenset(
    {
        "sessions",
        "versions",
        "view_id",
        "config",
        "duration",
        "keyphrases",
        "options",
        "path",
        "punctuated",
    }
    | {"sample_rate", "channels"}
)
"""Fields that follow from others, or are about the question: no loss where they are not held."""

MEANT = frozenset({"accept", "answer", "audio", "audio_spans", "label", "no", "spans"})
"""Fields that a format holds only if it says so."""

SPAN_PLACE = frozenset({"start", "end", "label", "text", "token_start", "token_end"})
OF_SUGGESTION = frozenset({"source", "score", "answer", "input_hash", "model"})
"""What a span may say of where it came from."""

TOKEN_PLACE = frozenset({"text", "start", "end", "id", "ws", "disabled", "style"})

UNUSED = frozenset({"_", "-X-"})
"""What stands in a column where there is nothing."""

LISTED = 5
"""Places that are named of each kind of loss."""


class Holds(msgspec.Struct, frozen=True):
    """What a format can hold of a task.

    Attributes:
        fields: The fields beside the text: ``spans``, ``accept``, ``meta``, … `ANY` for all,
            `OTHERS` for those that have no meaning here. ``answer`` stands for any answer;
            ``no`` for a rejected yes-or-no question.
        span: The fields of a span beside its place and label.
        token: The fields of a token beside its place; None where tokens are not held.
        overlaps: Spans may overlap.
        borders: Spans have to begin and end where tokens do.
        plain: The characters that labels cannot have, beside white space; what is said of tokens
            is without white space, too, and `UNUSED` stands for nothing. None where anything
            goes.
        text: The text is held as it is; else its tokens are, without the space between them.
        region: The fields of a region of a sound beside its place and label.
        fit: Takes out of a task's fields what else the format cannot hold, and counts it; false
            where nothing is left to write. It finds nothing to do in what was read back.
    """

    fields: frozenset[str] = frozenset()
    span: frozenset[str] = frozenset()
    token: frozenset[str] | None = None
    overlaps: bool = True
    borders: bool = False
    plain: str | None = None
    text: bool = True
    region: frozenset[str] = frozenset()
    fit: Callable[[Fields, Losses], bool | None] | None = None

    def field(self, name: str) -> bool:
        """Whether a field of the task is held."""
        return _among(name, self.fields)

    def span_field(self, name: str) -> bool:
        """Whether a field of a span is held."""
        return self.field("spans") and _among(name, self.span)

    def token_field(self, name: str) -> bool:
        """Whether a field of a token is held."""
        return _among(name, self.token or ())

    @property
    def everything(self) -> bool:
        """Whether a task passes as it is."""
        return ANY in self.fields and ANY in self.span


def _among(name: str, held: Collection[str]) -> bool:
    if name in held or ANY in held:
        return True
    return OTHERS in held and not (name.startswith("_") or name in DERIVED | MEANT)


class Lost(msgspec.Struct):
    """One kind of thing that a format cannot hold.

    Attributes:
        items: How many there are.
        tasks: In how many tasks.
        places: The first of them, each with its file and line.
    """

    items: int = 0
    tasks: int = 0
    places: list[str] = msgspec.field(default_factory=list)


class Losses:
    """What a format could not hold of the tasks seen so far.

    Attributes:
        lost: By what it is: what somebody entered, or what came with the task.
        omitted: What the program notes for itself, and what follows from other fields.
        inherent: What no file of this format has: of how many tasks.
    """

    def __init__(self) -> None:
        self.lost: dict[str, Lost] = {}
        self.omitted: Counter[str] = Counter()
        self.inherent: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._where: Callable[[], object] = str

    def begin(self, where: Callable[[], object]) -> None:
        """Go on to another task; `where` gives its place for messages."""
        self._where = where
        self._seen.clear()

    def lose(self, what: str, example: str = "") -> None:
        """Count something that is lost of this task."""
        entry = self.lost.setdefault(what, Lost())
        entry.items += 1
        if what not in self._seen:
            self._seen.add(what)
            entry.tasks += 1
        if len(entry.places) < (LISTED if example else 1):
            entry.places.append(f"{self._where()}: {example}" if example else f"{self._where()}")

    def rows(self) -> list[str]:
        """What is lost, a line each, with how many and where."""
        found = []
        for what, entry in sorted(self.lost.items()):
            tasks = f"{entry.tasks:,} task{'s' * (entry.tasks != 1)}"
            count = tasks if entry.items == entry.tasks else f"{entry.items:,} in {tasks}"
            more = ["…"] if entry.items > len(entry.places) else []
            if len(entry.places) == 1:
                first = "first in " if more else ""
                found.append(f"  {printable(what)}: {count} ({first}{entry.places[0]})")
            else:
                found.append(f"  {printable(what)}: {count}")
                found += [f"    {place}" for place in [*entry.places, *more]]
        return found


Tokenise = Callable[[str], Iterable[tuple[int, int]]]


def fitted(fields: Fields, holds: Holds, losses: Losses, tokenise: Tokenise) -> Fields | None:
    """What a format can hold of a task; what it cannot is counted.

    Spans are sorted. Where the format has tokens there are some, whatever came. The tags of a
    task of parts of speech stand in its tokens.

    Args:
        fields: The task.
        holds: What the format can hold.
        losses: Counts what it cannot.
        tokenise: Cuts a text that came without tokens.

    Returns:
        None where nothing of the task can be written.
    """
    if holds.everything:
        return fields
    text = fields.get("text")
    if not isinstance(text, str) and "audio" not in fields:
        losses.lose("tasks without text or recording")
        return None
    if not isinstance(text, str) and not holds.field("audio"):
        losses.lose("recordings")
        return None
    if "audio" not in fields and holds.field("audio_spans") and not holds.field("spans"):
        losses.lose("tasks without a recording")
        return None
    if not _answer_fits(fields, holds, losses):
        return None
    kept: Fields = {}
    fields = _well_formed(fields, losses)
    for name, value in fields.items():
        if name == "text" or (name == "audio" and holds.field(name)):
            kept[name] = value
        elif name not in ("spans", "audio_spans", "tokens", "answer"):
            if holds.field(name):
                kept[name] = value
            elif name.startswith("_") or name in DERIVED:
                losses.omitted[name] += 1
            elif value or type(value) in (int, float):
                losses.lose(name)
    if holds.field("answer") or (holds.field("no") and "label" in fields):
        kept |= {"answer": fields["answer"]} if "answer" in fields else {}
    if isinstance(text, str):
        from tui_annotate.formats.fitting import fit_text

        if not fit_text(fields, kept, holds, losses, tokenise):
            return None
    if "audio" in fields:
        from tui_annotate.formats.fitting_regions import fit_regions

        fit_regions(fields, kept, holds, losses)
    if holds.fit is not None and holds.fit(kept, losses) is False:
        return None
    return kept


def _well_formed(fields: Fields, losses: Losses) -> Fields:
    """The task without what is not of the type that a field has."""
    wrong = [
        name
        for name, kind in _TYPES.items()
        if fields.get(name) is not None and not isinstance(fields[name], kind)
    ]
    for name in wrong:
        losses.lose(f"{name} that is {json_kind(fields[name])}")
    fields = {name: value for name, value in fields.items() if name not in wrong}
    for name in ("accept", "options"):
        if name in fields:
            found = fields[name] or []
            ids = [one.get("id") if isinstance(one, dict) else one for one in found]
            fits = [type(one) in (str, int, float) for one in ids]
            fields[name] = [one for one, good in zip(found, fits, strict=True) if good]
            for one in (one for one, good in zip(found, fits, strict=True) if not good):
                losses.lose(f"{name} without an id", quoted(one))
    if "_labels" in fields:
        fields["_labels"] = [one for one in fields["_labels"] or () if isinstance(one, str)]
    return fields


_TYPES: Mapping[str, type] = {
    "_labels": list,
    "accept": list,
    "config": dict,
    "label": str,
    "meta": dict,
    "options": list,
    "spans": list,
    "tokens": list,
}


def _answer_fits(fields: Mapping[str, Any], holds: Holds, losses: Losses) -> bool:
    answer = fields.get("answer", "accept")
    if answer == "accept" or holds.field("answer"):
        return True
    if answer == "reject" and "label" in fields:
        if holds.field("no"):
            return True
        losses.lose("questions answered no", quoted(fields["label"]))
        return False
    losses.lose(f"tasks answered {quoted(answer)}")
    return False
