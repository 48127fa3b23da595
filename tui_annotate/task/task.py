"""Tasks: what one is, how it is told from the others, and whether it can be used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from tui_annotate.store.digest import blake2b
from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.task.incoming import SPANS, Fault, Incoming, Medium
from tui_annotate.task.incoming_regions import sound_faults
from tui_annotate.text.tokens import wrong_tokens
from tui_annotate.wording import json_kind

Fields = dict[str, Any]

OWN_FIELDS = frozenset({"text", "audio", "chunk", "channel", "spans", "label", "options"})
"""The fields that make a task what it is; `own_id` hashes these and no others."""

USED_FIELDS = OWN_FIELDS | {
    *("tokens", "accept", "answer", "cats", "config", "keyphrases", "priority", "score", "scores"),
    *("marks", "caps", "audio_spans", "channels", "duration", "path", "sample_rate", "transcript"),
    *("_input_hash", "_task_hash", "_task_id", "_view_id"),
}
"""The fields that some kind of annotation reads; what is in others only passes through."""

HASHED_INPUTS = ("text", "audio")
HASHED_ANNOTATIONS = ("spans", "label", "options")
UNHASHED_IN_SPANS = frozenset({"score", "rank", "model", "source"})

PROBLEMS_PER_TASK = 20

_canonical = msgspec.json.Encoder(order="sorted").encode
_from_bytes = int.from_bytes


class Origin(msgspec.Struct, frozen=True):
    """Where a task comes from, as messages name it.

    Attributes:
        path: The file as the user named it.
        line: Its line there, from 1; None where lines mean nothing. Where a list of
            tasks is in one line, its item, negative: -3 is the third.
    """

    path: str
    line: int | None

    def __str__(self) -> str:
        if self.line is None:
            return self.path
        return f"{self.path}:{self.line}" if self.line > 0 else f"{self.path}: item {-self.line}"


class Task(msgspec.Struct, frozen=True):
    """One thing to decide on.

    Attributes:
        fields: The task as it came; never changed.
        id: Its `_task_id`, the one identity that resuming goes by.
        origin: Where it comes from.
        position: Its place in the stream, from 0.
        tokens: The tokens that came with it, where they agree with the text.
    """

    fields: Fields
    id: str
    origin: Origin
    position: int
    tokens: list[Fields] | None = None

    @property
    def text(self) -> str:
        """The text to annotate; empty where there is none."""
        text: str = self.fields.get("text") or ""
        return text

    @property
    def subject(self) -> str:
        """What the task is about, as it came: its sound, else its text."""
        return str(self.fields.get("audio") or self.text)

    @property
    def meta(self) -> Fields:
        """What the source tells about the task; empty where it tells nothing."""
        meta = self.fields.get("meta")
        return meta if isinstance(meta, dict) else {}

    @property
    def spans(self) -> list[Fields]:
        """The spans that came with the task."""
        return spans_of(self.fields) or []

    @property
    def input_hash(self) -> int:
        """The `_input_hash`: the one that came, else Prodigy's rule."""
        return input_hash(self.fields)

    @property
    def task_hash(self) -> int:
        """The `_task_hash`: the one that came, else Prodigy's rule."""
        return task_hash(self.fields)


def own_id(fields: Mapping[str, Any]) -> int:
    """Hash what makes a task what it is, in 64 bits; never 0.

    The order of keys does not count, nor does any field that is not in
    `OWN_FIELDS`, so that models, suggestions and decisions cannot change it.
    """
    if not OWN_FIELDS.issuperset(fields):
        fields = {name: value for name, value in fields.items() if name in OWN_FIELDS}
    return _from_bytes(blake2b(_canonical(fields), digest_size=8).digest(), "big") or 1


def earlier_id(fields: Mapping[str, Any], line: Mapping[str, Any] | None = None) -> int:
    """The `own_id` that versions before December 2026 gave, which counted `meta` in.

    Args:
        fields: The task.
        line: What has the `meta` of then, if that is not the task.
    """
    own = {name: value for name, value in fields.items() if name in OWN_FIELDS}
    holder = fields if line is None else line
    if "meta" in holder:
        own["meta"] = holder["meta"]
    return _from_bytes(blake2b(_canonical(own), digest_size=8).digest(), "big") or 1


def input_id(fields: Mapping[str, Any]) -> str:
    """Hash what is annotated, whatever came with it: a text, or a sound or a part of one."""
    names = ("audio", "chunk", "channel") if "audio" in fields else ("text",)
    own = {name: fields[name] for name in names if name in fields}
    return blake2b(_canonical(own), digest_size=8).hexdigest()


def task_id(own: int, occurrence: int = 1) -> str:
    """Spell an `own_id` as a `_task_id`.

    Args:
        own: The 64-bit hash.
        occurrence: 1 for the first task of that hash in the source, 2 for the second, …
    """
    return "%016x" % own if occurrence == 1 else f"{own:016x}-{occurrence}"  # noqa: UP031


def input_hash(fields: Mapping[str, Any]) -> int:
    """Hash the input as Prodigy does; an incoming `_input_hash` is kept."""
    known = fields.get("_input_hash")
    if type(known) is int:
        return known
    import json

    named = (f"{name}={json.dumps(fields[name])}" for name in HASHED_INPUTS if name in fields)
    return _murmur("".join(named))


def task_hash(fields: Mapping[str, Any]) -> int:
    """Hash input and question as Prodigy does; an incoming `_task_hash` is kept."""
    known = fields.get("_task_hash")
    if type(known) is int:
        return known
    of_input = input_hash(fields)
    named = "".join(
        f"{name}={_compact(_without_suggestion(fields[name]))}"
        for name in HASHED_ANNOTATIONS
        if name in fields
    )
    if not named:
        shown = {name: value for name, value in fields.items() if not name.startswith("_")}
        named = _compact(shown | {"_input_hash": of_input})
    return _murmur(f"{of_input}{named}")


def _murmur(text: str) -> int:
    # Imported when a task is decided: the first one is shown without its hashes.
    from murmurhash import hash as murmurhash

    return int(murmurhash(text))


def _without_suggestion(value: object) -> object:
    """Leave out of spans what only says where a suggestion came from."""
    if not isinstance(value, list):
        return value
    return [
        {key: inner for key, inner in item.items() if key not in UNHASHED_IN_SPANS}
        if isinstance(item, dict)
        else item
        for item in value
    ]


def _compact(value: object) -> str:
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def faults(
    fields: Fields,
    labels: Collection[str] | None = None,
    keep_labels: bool = False,
    carried: Incoming = SPANS,
    medium: Medium = "text",
) -> Sequence[Fault]:
    """Say what is wrong with a task: each message, and whether it is fatal."""
    found: list[Fault] = []
    if medium == "audio":
        if wrong_sound := sound_faults(fields):
            return wrong_sound
    elif wrong_text := _wrong_text(fields, found):
        return [(wrong_text, True)]
    if wrong := carried.faults(fields, labels, keep_labels):
        found.extend(islice(wrong, PROBLEMS_PER_TASK))
    if medium == "text" and fields.get("tokens") is not None:
        reason = wrong_tokens(fields["tokens"], fields["text"])
        if reason:
            found.append((f"{reason}; the tokens that came with the task are not used", False))
    meta = fields.get("meta")
    if meta is not None and type(meta) is not dict:
        found.append(
            (f"meta is {json_kind(meta)}, not an object; it is kept, but not shown", False)
        )
    return found


def _wrong_text(fields: Fields, found: list[Fault]) -> str | None:
    """Why there is no text; what is wrong with one that is there goes to what was found."""
    text = fields.get("text")
    if type(text) is str:
        if "\0" in text:
            found.append((f"the text has a NUL at character {text.index(chr(0))}", True))
        if not text.isascii() and (at := _surrogate_in(text)) is not None:
            what = f"the text has a lone surrogate (\\u{ord(text[at]):04x}) at character {at}"
            found.append((what, True))
        return None
    if "text" in fields:
        return f'"text" is {json_kind(text)}, not a string'
    if "audio" in fields:
        return 'the task has no "text" but "audio", and this recipe is for text'
    return 'the task has no "text"'


def _surrogate_in(text: str) -> int | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return error.start
    return None
