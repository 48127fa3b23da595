"""What crosses the border between the interface and the suggestion process.

Each message is a tagged struct. Offsets are code points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from tui_annotate.process.channel import Channel
from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest.suggestion import Suggestion


class SuggesterSpec(msgspec.Struct, frozen=True):
    """What a suggester is, in values that can cross to another process.

    Attributes:
        kind: Which source it is, as `registry.source` finds it: ``entities``,
            ``patterns``, …, or the name of a plug-in.
        name: What the status line and ``_suggested`` call it.
        options: What it is built from.
        labels: The labels it can offer, after mapping and filtering; empty
            where that is not known beforehand.
        notices: What to tell the user about it at start.
        own_labels: What a pipeline itself calls its labels, where that is known.
    """

    kind: str
    name: str
    options: dict[str, Any] = {}
    labels: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    own_labels: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A text on its way to the suggestion process.

    Attributes:
        number: The caller's own number; the answers carry it.
        text: The text.
        pairs: Start and end of each token, where the task came with tokens.
    """

    number: int
    text: str
    pairs: list[tuple[int, int]] | None = None


class Configure(msgspec.Struct, frozen=True, tag=True):
    """The first message: what to load.

    Attributes:
        specs: The suggesters, in order of priority.
        model: The pipeline that tokenises, as `models.resolve` understands it.
    """

    specs: list[SuggesterSpec]
    model: str


class Submit(msgspec.Struct, frozen=True, tag=True):
    """Texts to tokenise and to find suggestions for."""

    documents: list[Document]


class Switch(msgspec.Struct, frozen=True, tag=True):
    """Run a source, or leave it out, from the next text on."""

    source: str
    on: bool


class Decided(msgspec.Struct, frozen=True, tag=True):
    """How a text was decided, for suggesters that learn.

    Attributes:
        text: The text.
        spans: Start, end and label of what the annotator holds to be so.
        sources: The sources it is for; None for all.
    """

    text: str
    spans: list[tuple[int, int, str]]
    sources: list[str] | None = None


class Tokenised(msgspec.Struct, frozen=True, tag=True):
    """The tokens of a text that came without."""

    number: int
    pairs: list[tuple[int, int]]


class Suggested(msgspec.Struct, frozen=True, tag=True):
    """Everything that all sources offer for a text; may be nothing.

    Sources keep the order of their priority; they may cross each other
    (`merge.merge` resolves that).
    """

    number: int
    suggestions: list[Suggestion]


Request = Configure | Submit | Switch | Decided
Message = Ready | Tokenised | Suggested | Failed | Gone
Send = Callable[[Message], None]


def _encodable(request: Request) -> Request:
    """The same with a question mark for each lone surrogate, so that offsets stay."""

    def clean(text: str) -> str:
        return text.encode("utf-8", "replace").decode("utf-8")

    match request:
        case Submit(documents):
            return Submit([replace(d, text=clean(d.text)) for d in documents])
        case Decided(text, spans):
            return replace(
                request,
                text=clean(text),
                spans=[(start, end, clean(label)) for start, end, label in spans],
            )
        case _:
            return request


REQUESTS: Channel[Request] = Channel(msgspec.msgpack.Decoder(Request), encodable=_encodable)
MESSAGES: Channel[Message] = Channel(msgspec.msgpack.Decoder(Message))
