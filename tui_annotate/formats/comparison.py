"""What was written, read back and held against what was to be written."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from tui_annotate.formats.holding import (
    DERIVED,
    OF_SUGGESTION,
    TOKEN_PLACE,
    Holds,
    Losses,
    Tokenise,
    fitted,
)
from tui_annotate.formats.records import Row
from tui_annotate.task.task import Fields

_encode = msgspec.json.Encoder(order="sorted").encode
_NOTHING: tuple[object, ...] = (None, "", [], (), {})


def comparable(fields: Mapping[str, Any], holds: Holds) -> Fields:
    """What has to be the same of a task that was written and read again.

    Args:
        fields: The task as `fitted` left it.
        holds: What the format can hold; of the text its tokens, where the text is not held.
    """
    if holds.everything:
        return dict(fields)
    same: Fields = {
        name: value
        for name, value in fields.items()
        if name not in _APART and value not in _NOTHING and not _aside(name)
    }
    if accept := [*_accepted(fields)]:
        same["classes"] = sorted(accept)
    if holds.field("options") and (offered := [*_offered(fields)]):
        same["classes on offer"] = sorted(offered)
    if holds.field("answer") and fields.get("answer", "accept") != "accept":
        same["answer"] = fields["answer"]
    spans = [dict(span) for span in fields.get("spans") or ()]
    # Where white space is a token differs from one program to the next.
    tokens = [token for token in fields.get("tokens") or () if token["text"].strip()]
    if holds.text:
        same["text"] = fields.get("text")
        if holds.token is not None:
            same["tokens"] = [[token["start"], token["end"], _rest(token)] for token in tokens]
    else:
        same["tokens"] = [[token["text"], _rest(token)] for token in tokens]
        first = {token["start"]: number for number, token in enumerate(tokens)}
        last = {token["end"]: number for number, token in enumerate(tokens)}
        for span in spans:
            span["start"], span["end"] = first[span["start"]], last[span["end"]]
    spans = [
        {
            name: value
            for name, value in span.items()
            if value not in _NOTHING and name not in OF_SUGGESTION | _SPAN_EXTRA
        }
        for span in spans
    ]
    same["spans"] = sorted(spans, key=_encode)
    return same


_SPAN_EXTRA = frozenset({"text", "token_start", "token_end"})

_APART = frozenset({"accept", "answer", "label", "options", "spans", "text", "tokens"})
"""Fields that are compared in a form of their own."""


def _aside(name: str) -> bool:
    """Whether a field is about the session or follows from others."""
    return name.startswith("_") or name in DERIVED


def _accepted(fields: Mapping[str, Any]) -> Iterator[str]:
    """The classes that a task has; a yes to a question is one."""
    if "label" in fields and fields.get("answer", "accept") == "accept":
        yield str(fields["label"])
    yield from map(str, fields.get("accept") or ())


def _offered(fields: Mapping[str, Any]) -> Iterator[str]:
    if "label" in fields:
        yield str(fields["label"])
    for option in fields.get("options") or ():
        yield str(option["id"] if isinstance(option, dict) else option)


def _rest(token: Mapping[str, Any]) -> Fields:
    return {
        name: value
        for name, value in token.items()
        if name not in TOKEN_PLACE and value not in _NOTHING
    }


class Comparison:
    """Notes what is written, eight bytes a task, and compares what is read with it.

    Args:
        holds: What the format can hold.
        tokenise: Cuts a text that is read without tokens.

    Attributes:
        counts: What was compared, by what it is, and how much of it.
        different: The numbers, from 0, of the tasks that did not come back the same.
    """

    def __init__(self, holds: Holds, tokenise: Tokenise) -> None:
        self._holds = holds
        self._tokenise = tokenise
        self._digests = array("Q")
        self.counts: Counter[str] = Counter()
        self.different: list[int] = []

    def note(self, fields: Fields) -> None:
        """Take in a task that is written."""
        same = comparable(fields, self._holds)
        self._digests.append(_digest(same))
        if self._holds.everything:
            self.counts["tasks, every field"] += 1
            return
        self.counts["texts" if self._holds.text else "tokenised texts"] += 1
        for name, value in same.items():
            if name in ("spans", "tokens"):
                self.counts[name] += len(value)
            elif name != "text":
                self.counts[name] += 1

    def check(self, rows: Iterator[Row]) -> None:
        """Read what was written."""
        number = -1
        losses = Losses()
        for number, (_, item) in enumerate(rows):
            fields = item if isinstance(item, dict) else None
            again = fields and fitted(fields, self._holds, losses, self._tokenise)
            digest = _digest(comparable(again, self._holds)) if again else None
            if number >= len(self._digests) or digest != self._digests[number]:
                self.different.append(number)
        self.different.extend(range(number + 1, len(self._digests)))

    def said(self) -> str:
        """What was compared, for a message."""
        return ", ".join(f"{count:,} {_plural(name, count)}" for name, count in self.counts.items())


def _plural(name: str, count: int) -> str:
    return _SINGLE.get(name, name) if count == 1 else name


_SINGLE = {
    "spans": "span",
    "tasks, every field": "task, every field",
    "texts": "text",
    "tokenised texts": "tokenised text",
    "tokens": "token",
}


def _digest(same: Mapping[str, Any]) -> int:
    return int.from_bytes(blake2b(_encode(same), digest_size=8).digest())
