"""How the two ends of a line know each other, without sending the token.

Each proves with a keyed hash (HMAC-SHA256, RFC 2104) over a number from either end
that it knows the token: what listens at the far end of a forward that is gone learns
nothing, and is sent no sound.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
from typing import BinaryIO

import msgspec

from tui_annotate.audio.player.messages import VERSION
from tui_annotate.process.channel import Channel
from tui_annotate.wording import printable

TIMEOUT = 15.0
"""Seconds that either end waits for the other."""

_LONGEST = 1024
"""Bytes of the longest message of somebody who is not known yet."""

_LONGEST_REASON = 80


class Refused(Exception):
    """The other end is not the one, or does not take us for it: why, without a full stop."""


class Challenge(msgspec.Struct, frozen=True, tag=True):
    """The player's first word."""

    version: int
    number: bytes


class Answer(msgspec.Struct, frozen=True, tag=True):
    """The session's proof, and its own number."""

    version: int
    number: bytes
    proof: bytes


class Welcome(msgspec.Struct, frozen=True, tag=True):
    """The player's proof."""

    proof: bytes


class Sorry(msgspec.Struct, frozen=True, tag=True):
    """The player refuses."""

    reason: str


Word = Challenge | Answer | Welcome | Sorry

WORDS: Channel[Word] = Channel(msgspec.msgpack.Decoder(Word), longest=_LONGEST)


def receive(line: socket.socket, stream: BinaryIO, token: str) -> None:
    """Let a session in, at the near end.

    Raises:
        Refused: It does not know the token, or is no session.
        OSError: The line is gone.
    """
    number = secrets.token_bytes(32)
    line.sendall(WORDS.encode(Challenge(VERSION, number)))
    answer = _next(stream)
    if not isinstance(answer, Answer):
        raise Refused("not a session")
    if not hmac.compare_digest(_proof(token, b"session", number, answer.number), answer.proof):
        line.sendall(WORDS.encode(Sorry("the token is wrong")))
        raise Refused("the token is wrong")
    if answer.version != VERSION:
        reason = f"it speaks version {answer.version}, the player version {VERSION}"
        line.sendall(WORDS.encode(Sorry(reason)))
        raise Refused(reason)
    line.sendall(WORDS.encode(Welcome(_proof(token, b"player", number, answer.number))))


def ask(line: socket.socket, stream: BinaryIO, token: str) -> None:
    """Be let in, at the far end.

    Raises:
        Refused: The player refuses, or is none.
        OSError: The line is gone.
    """
    challenge = _next(stream)
    if not isinstance(challenge, Challenge):
        raise Refused("not a player")
    number = secrets.token_bytes(32)
    proof = _proof(token, b"session", challenge.number, number)
    line.sendall(WORDS.encode(Answer(VERSION, number, proof)))
    reply = _next(stream)
    if isinstance(reply, Sorry):
        # Whoever says so may be anybody.
        raise Refused(printable(reply.reason, _LONGEST_REASON))
    expected = _proof(token, b"player", challenge.number, number)
    if not isinstance(reply, Welcome) or not hmac.compare_digest(expected, reply.proof):
        raise Refused("it does not know the token")


def _proof(token: str, who: bytes, theirs: bytes, ours: bytes) -> bytes:
    # The lengths are fixed by the hash of each, so that no two texts run together.
    parts = [hashlib.sha256(part).digest() for part in (who, theirs, ours)]
    return hmac.new(token.encode(), b"".join(parts), hashlib.sha256).digest()


def _next(stream: BinaryIO) -> Word:
    try:
        word = WORDS.read(stream)
    except ValueError:
        raise Refused("neither a player nor a session") from None
    if word is None:
        raise ConnectionResetError("connection lost")
    return word
