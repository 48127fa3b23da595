"""The suggestion process: ``python -m tui_annotate.suggest.worker``.

Requests come on standard input and answers go out on what standard output was
at start; whatever a library prints goes to standard error, which the parent
points to a log. It ends when its input does, whatever it is doing.
"""

from __future__ import annotations

import gc
import queue

from tui_annotate.process.worker_io import run_worker, step_back
from tui_annotate.suggest.messages import MESSAGES, REQUESTS, Configure, Request, Send


def main() -> None:
    """Serve the parent until it is gone."""
    # What loading makes is kept: collecting it would cost a tenth of the time.
    gc.disable()
    run_worker(REQUESTS, MESSAGES, _serve)


def _serve(inbox: queue.SimpleQueue[Request], send: Send) -> None:
    from tui_annotate.suggest.work_loop import SuggestionLoop

    configure = inbox.get()
    if not isinstance(configure, Configure):
        raise TypeError("the first request must be Configure")
    loop = SuggestionLoop(configure, send)

    def poll() -> None:
        while not inbox.empty():
            loop.take(inbox.get())

    # What is waiting already is tokenised, and so shown, before spaCy is imported.
    poll()
    loop.tokenise()
    loop.prepare(poll)
    gc.freeze()
    gc.enable()
    patient = False
    while True:
        if not loop.busy:
            loop.take(inbox.get())
        poll()
        loop.tokenise()
        loop.suggest(poll)
        if not patient:
            patient = True
            step_back()


if __name__ == "__main__":
    main()
