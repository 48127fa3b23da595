"""What crosses the border between the interface and the suggestion process.

Each message is a tagged struct in MessagePack, behind its length in four
bytes. Offsets are code points.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import IO, Any

import msgspec

from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest.suggestion import Suggestion

_LENGTH = struct.Struct(">I")

LOCAL = frozenset({"lexicon", "words"})
"""The kinds of suggesters that work in the interface's own process."""


class SuggesterSpec(msgspec.Struct, frozen=True):
    """What a suggester is, in values that can cross to another process.

    Attributes:
        kind: ``entities``, ``patterns``, …, one of `LOCAL`, or the name of
            an entry point of the group ``tui_annotate.suggesters``.
        name: What the status line and ``_suggested`` call it.
        options: What it is built from.
        labels: The labels it can offer, after mapping and filtering; empty
            where that is not known beforehand.
        notices: What to tell the user about it at start.
    """

    kind: str
    name: str
    options: dict[str, Any] = {}
    labels: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def local(self) -> bool:
        """Whether it works in the interface's own process."""
        return self.kind in LOCAL


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


class Feedback(msgspec.Struct, frozen=True, tag=True):
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


Request = Configure | Submit | Switch | Feedback
Message = Ready | Tokenised | Suggested | Failed | Gone
Send = Callable[[Message], None]

_encode = msgspec.msgpack.Encoder().encode
_decode_request: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_decode_message: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def write(stream: IO[bytes], message: Request | Message) -> None:
    """Write one message and flush.

    Raises:
        OSError: If the other side is gone.
    """
    write_body(stream, _encode(message))


def read_request(stream: IO[bytes]) -> Request | None:
    """The next request; None at the end of the stream."""
    body = read_body(stream)
    return None if body is None else _decode_request.decode(body)


def read_message(stream: IO[bytes]) -> Message | None:
    """The next message; None at the end of the stream."""
    body = read_body(stream)
    return None if body is None else _decode_message.decode(body)


def write_body(stream: IO[bytes], body: bytes) -> None:
    """Write the bytes of a message behind their length, and flush.

    Raises:
        OSError: If the other side is gone.
    """
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def read_body(stream: IO[bytes]) -> bytes | None:
    """The bytes of the next message; None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None
