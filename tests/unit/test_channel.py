"""Messages on a stream of bytes."""

from __future__ import annotations

import io

import msgspec
import pytest

from tui_annotate.process.channel import Channel
from tui_annotate.suggest.messages import REQUESTS, Decided, Document, Submit, Switch


class Word(msgspec.Struct, frozen=True, tag=True):
    """A message."""

    text: str


WORDS: Channel[Word] = Channel(msgspec.msgpack.Decoder(Word), longest=100)


def test_messages_come_out_as_they_went_in() -> None:
    stream = io.BytesIO()
    for text in ("", "a", "ä" * 20):
        WORDS.write(stream, Word(text))
    stream.seek(0)
    assert list(iter(lambda: WORDS.read(stream), None)) == [Word(""), Word("a"), Word("ä" * 20)]


def test_a_stream_that_ends_within_a_message_has_ended() -> None:
    data = WORDS.encode(Word("all of it"))
    for length in range(len(data)):
        assert WORDS.read(io.BytesIO(data[:length])) is None


@pytest.mark.parametrize(
    "data", [b"\xff" * 40, b"\x00\x00\x00\x02\xc1\xc1", WORDS.encode(Word("x" * 200))]
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|MessagePack"):
        WORDS.read(io.BytesIO(data))


def test_a_lone_surrogate_goes_as_a_question_mark_so_that_offsets_stay() -> None:
    stream = io.BytesIO()
    REQUESTS.write(stream, Submit([Document(1, "a\ud800b")]))
    REQUESTS.write(stream, Decided("\udfff", [(0, 1, "\udc00")], ["model"]))
    REQUESTS.write(stream, Switch("model", on=True))
    stream.seek(0)
    assert REQUESTS.read(stream) == Submit([Document(1, "a?b")])
    assert REQUESTS.read(stream) == Decided("?", [(0, 1, "?")], ["model"])
    assert REQUESTS.read(stream) == Switch("model", on=True)


def test_what_cannot_be_encoded_and_has_no_substitute_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        WORDS.encode(Word("\ud800"))
