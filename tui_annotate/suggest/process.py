"""The suggestion process, seen from the interface."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from tui_annotate.process.worker_process import WorkerProcess
from tui_annotate.suggest import messages
from tui_annotate.suggest.messages import (
    Configure,
    Decided,
    Document,
    Message,
    Request,
    Submit,
    SuggesterSpec,
    Switch,
)
from tui_annotate.suggest.registry import tokeniser


class SuggestionProcess(WorkerProcess[Request, Message]):
    """Tokens and suggestions, made in another process.

    Args:
        specs: The suggesters, in order of priority; the local ones are passed over.
        model: The pipeline whose tokeniser to use; see `source.tokeniser`.
        language: The language to tokenise as, where no pipeline is named.
        on_message: Called with each message, from another thread.
        log: The file that takes what libraries print.

    Raises:
        AnnotateError: If the pipeline that tokenises cannot be had; `suggest.check` says more.
    """

    def __init__(
        self,
        specs: Sequence[SuggesterSpec],
        *,
        model: str | None = None,
        language: str = "xx",
        on_message: Callable[[Message], None],
        log: Path,
    ) -> None:
        super().__init__(
            "tui_annotate.suggest.worker",
            "the suggestion process",
            Configure(list(specs), tokeniser(specs, model, language).target),
            requests=messages.REQUESTS,
            messages=messages.MESSAGES,
            on_message=on_message,
            log=log,
        )

    def submit(self, documents: Iterable[Document]) -> None:
        """Ask for tokens and suggestions.

        Each document without tokens is answered by one `Tokenised`, and each by
        one `Suggested` after that, in the order of submission.
        """
        self.send(Submit(list(documents)))

    def switch(self, source: str, on: bool) -> None:
        """Leave a source out, or run it again, from the next text on."""
        self.send(Switch(source, on))

    def feedback(
        self,
        text: str,
        spans: Iterable[tuple[int, int, str]],
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell sources that learn, or some of them, how a text was decided."""
        named = None if sources is None else sorted(sources)
        self.send(Decided(text, list(spans), named))
