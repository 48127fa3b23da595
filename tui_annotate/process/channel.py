"""Messages on a stream of bytes: each in MessagePack, behind its length in four bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import IO, Generic, TypeVar

import msgspec

Message = TypeVar("Message")

_LENGTH = struct.Struct(">I")
_encode = msgspec.msgpack.Encoder().encode


class Channel(Generic[Message]):
    """What goes one way between two processes, or over a line.

    Args:
        decoder: Knows the messages there are.
        longest: Bytes of the longest message that is read; what is longer comes from
            somebody else. None where nobody else can write.
        encodable: What to send instead of a message that cannot be encoded, such as one
            with a lone surrogate; None where there is none.
    """

    def __init__(
        self,
        decoder: msgspec.msgpack.Decoder[Message],
        *,
        longest: int | None = None,
        encodable: Callable[[Message], Message] | None = None,
    ) -> None:
        self._decode = decoder.decode
        self._longest = longest
        self._encodable = encodable

    def encode(self, message: Message) -> bytes:
        """A message as it goes over the stream."""
        try:
            body = _encode(message)
        except UnicodeEncodeError:
            if self._encodable is None:
                raise
            body = _encode(self._encodable(message))
        return _LENGTH.pack(len(body)) + body

    def write(self, stream: IO[bytes], message: Message) -> None:
        """Write one message and flush.

        Raises:
            OSError: The other side is gone.
        """
        stream.write(self.encode(message))
        stream.flush()

    def read(self, stream: IO[bytes]) -> Message | None:
        """The next message; None at the end of the stream.

        Raises:
            OSError: The stream cannot be read.
            ValueError: This is no message of the channel; msgspec's errors are among those.
        """
        head = stream.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        if self._longest is not None and length > self._longest:
            raise ValueError(f"message too long ({length} bytes)")
        body = stream.read(length)
        return self._decode(body) if len(body) == length else None
