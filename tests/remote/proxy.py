"""A line that can be slow, held up or cut."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class Proxy:
    """Passes bytes on to a port of this host.

    Args:
        port: The port.
        rate: Bytes per second towards it; None for as fast as they come.
    """

    def __init__(self, port: int, rate: float | None = None) -> None:
        self._target = port
        self._rate = rate
        self._open = threading.Event()
        self._open.set()
        self._lines: list[socket.socket] = []
        self.passed = 0
        """Bytes that went towards the port."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def hold(self) -> None:
        """Let nothing through, as a line that hangs."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def cut(self) -> None:
        """Break every line."""
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def close(self) -> None:
        self.release()
        # A thread that waits for a connection holds the port until it gets one.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            if self._rate is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            try:
                onward = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                line.close()
                continue
            self._lines += [line, onward]
            threading.Thread(target=self._pass, args=(line, onward, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(onward, line, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, there: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1024 if self._rate else 65536):
                self._open.wait()
                if there:
                    self.passed += len(data)
                    if self._rate is not None:
                        time.sleep(len(data) / self._rate)
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
