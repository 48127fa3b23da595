"""The player at the near end: ``python -m tui_annotate.audio.remote.server``.

It gets a line with the token and the port on standard input, and says on what
standard output was at start which port it took; then a line for everything that
happens. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from tui_annotate.audio.player import messages
from tui_annotate.audio.player.deck import Deck
from tui_annotate.audio.player.messages import Ping, Pong, Report
from tui_annotate.audio.player.outputs import choice
from tui_annotate.audio.remote.handshake import TIMEOUT, Refused, receive
from tui_annotate.process.worker_io import take_pipes
from tui_annotate.wording import reason

_MOST = 8
"""Sessions at a time, those that are not known yet among them."""


class Order(msgspec.Struct, frozen=True):
    """What the server is told at start."""

    token: str
    port: int = 0


class Event(msgspec.Struct, frozen=True):
    """What has happened.

    Attributes:
        what: ``listening``, ``failed``, ``session``, ``refused`` or ``gone``.
        port: The port, where it is the first.
        reason: Why, where there is something to say.
    """

    what: str
    port: int = 0
    reason: str = ""


def main() -> None:
    """Serve until the parent is gone."""
    orders, events = take_pipes()
    sys.setswitchinterval(0.001)

    def say(event: Event) -> None:
        with contextlib.suppress(OSError):
            os.write(events, msgspec.json.encode(event) + b"\n")

    order = msgspec.json.decode(orders.readline(), type=Order)
    try:
        listener = listen(order.port)
    except OSError as error:
        say(Event("failed", reason=reason(error).lower()))
        os._exit(1)
    say(Event("listening", listener.getsockname()[1]))
    threading.Thread(target=serve, args=(listener, order.token, say), daemon=True).start()
    orders.read()
    os._exit(0)


def listen(port: int = 0) -> socket.socket:
    """A port of the loopback, which nobody from outside reaches.

    Raises:
        OSError: It is taken.
    """
    return socket.create_server(("127.0.0.1", port), backlog=_MOST)


def serve(listener: socket.socket, token: str, say: Callable[[Event], None]) -> None:
    """Let sessions in, each on a thread of its own."""
    room = threading.BoundedSemaphore(_MOST)
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        if not room.acquire(blocking=False):
            line.close()
            continue

        def attend(line: socket.socket = line) -> None:
            try:
                _attend(line, token, say)
            finally:
                with contextlib.suppress(OSError):
                    line.close()
                room.release()

        threading.Thread(target=attend, name="session", daemon=True).start()


def _attend(line: socket.socket, token: str, say: Callable[[Event], None]) -> None:
    line.settimeout(TIMEOUT)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream: Any = line.makefile("rb")
    # A byte now and then would else keep one of few places for hours.
    late = threading.Timer(TIMEOUT, _hang_up, [line])
    late.daemon = True
    late.start()
    try:
        receive(line, stream, token)
    except Refused as error:
        say(Event("refused", reason=str(error)))
        return
    except OSError as error:
        say(Event("refused", reason=reason(error)))
        return
    finally:
        late.cancel()
    line.settimeout(None)
    say(Event("session"))
    lock = threading.Lock()

    def send(report: Report) -> None:
        with contextlib.suppress(OSError), lock:
            line.sendall(messages.REPORTS.encode(report))

    outputs = choice(os.environ)
    # A device that runs faster than time waits on every line.
    deck = Deck(send, outputs, lean=not outputs.fast)
    ended = ""
    try:
        while (command := messages.COMMANDS.read(stream)) is not None:
            if isinstance(command, Ping):
                send(Pong())
            else:
                deck.take(command)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        ended = reason(error)
    finally:
        # A report that cannot be sent must not hold the deck up.
        _hang_up(line)
        deck.close()
    say(Event("gone", reason=ended))


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    main()
