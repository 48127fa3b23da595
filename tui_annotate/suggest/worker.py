"""The suggestion process: ``python -m tui_annotate.suggest.worker``.

Requests come on standard input and answers go out on what standard output was
at start; whatever a library prints goes to standard error, which the parent
points to a log. It ends when its input does, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import traceback

from tui_annotate.process.messages import Failed
from tui_annotate.process.worker_io import receive, take_pipes
from tui_annotate.suggest import messages
from tui_annotate.suggest.messages import Configure, Message, Request

_NICE = 5
"""How much it steps back behind the interface, once the first suggestions are there."""


def main() -> None:
    """Serve the parent until it is gone."""
    requests, descriptor = take_pipes()
    answers = os.fdopen(descriptor, "wb")
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    arguments = (requests, messages.read_request, inbox)
    threading.Thread(target=receive, args=arguments, daemon=True).start()

    def send(message: Message) -> None:
        try:
            messages.write(answers, message)
        except OSError:
            os._exit(0)

    try:
        _serve(inbox, send)
    except Exception as error:
        from tui_annotate.suggest.work_loop import sentence

        traceback.print_exc()
        send(Failed(sentence(error)))
        sys.stderr.flush()
        os._exit(1)


def _serve(inbox: queue.SimpleQueue[Request], send: messages.Send) -> None:
    from tui_annotate.suggest.work_loop import Engine

    configure = inbox.get()
    if not isinstance(configure, Configure):
        raise TypeError("the first request must be Configure")
    engine = Engine(configure, send)

    def poll() -> None:
        while not inbox.empty():
            engine.take(inbox.get())

    # What is waiting already is tokenised, and so shown, before suggesters are loaded.
    poll()
    engine.tokenise()
    engine.prepare()
    patient = False
    while True:
        if not engine.busy:
            engine.take(inbox.get())
        poll()
        engine.tokenise()
        engine.suggest(poll)
        if not patient:
            patient = True
            _step_back()


def _step_back() -> None:
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_NICE)


if __name__ == "__main__":
    main()
