"""The suggestion process: ``python -m tui_annotate.suggest.worker``.

Messages come on standard input and go out on what standard output was at
start; whatever a library prints goes to standard error, which the parent
points to a log. It ends when its input does, whatever it is doing.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from tui_annotate.errors import AnnotateError
from tui_annotate.suggest import messages, models, patterns
from tui_annotate.suggest.messages import (
    Configure,
    Document,
    Failed,
    Feedback,
    Message,
    Ready,
    Request,
    Submit,
    SuggesterSpec,
    Suggested,
    Switch,
    Tokenised,
)
from tui_annotate.suggest.pipelines import PIECE, Entities, Runner, pieces
from tui_annotate.suggest.source import GROUP, Prepared, Suggester
from tui_annotate.suggest.suggestion import Suggestion

_BATCH_DOCUMENTS = 8
_BATCH_TOKENS = 2 * PIECE
_EAGER_CHARACTERS = 200_000
"""How much text is tokenised ahead before suggestions get their turn."""


class Worker:
    """Tokenises what is submitted, then finds suggestions for it.

    Args:
        configure: What to load.
        send: Where answers go.
    """

    def __init__(self, configure: Configure, send: Callable[[Message], None]) -> None:
        self._send = send
        self._untokenised: deque[Document] = deque()
        self._waiting: deque[tuple[int, str, list[tuple[int, int]]]] = deque()
        self._off: set[str] = set()
        self._failed: set[str] = set()
        self._suggesters: list[Suggester] = []
        self._began = False
        specs = [spec for spec in configure.specs if not spec.local]
        self._runner = self._tokeniser(configure.model, specs)
        for spec in specs:
            try:
                self._suggesters.append(self._make(spec))
            except Exception as error:
                self._fail(spec.name, f"{spec.name} cannot be used: {_sentence(error)}")
        notices = [notice for spec in specs for notice in spec.notices]
        send(Ready({spec.name: list(spec.labels) for spec in specs}, notices))

    def take(self, request: Request) -> None:
        """Note what a request asks for."""
        match request:
            case Submit(documents):
                self._untokenised.extend(documents)
            case Switch(source, on):
                (self._off.discard if on else self._off.add)(source)
            case Feedback(text, spans):
                for suggester in self._suggesters:
                    if suggester.name not in self._failed:
                        suggester.feedback(text, spans)
            case Configure():
                raise ValueError("configured twice")

    @property
    def busy(self) -> bool:
        """Whether there is anything left to do."""
        return bool(self._untokenised or self._waiting)

    def step(self, poll: Callable[[], None]) -> None:
        """Do a small part of the work.

        Args:
            poll: Called between the pieces of a long text, to take new requests.
        """
        self._tokenise_some()
        if not self._waiting:
            return
        batch = [self._waiting.popleft()]
        tokens = len(batch[0][2])
        while (
            self._began
            and self._waiting
            and len(batch) < _BATCH_DOCUMENTS
            and tokens + len(self._waiting[0][2]) <= _BATCH_TOKENS
        ):
            tokens += len(self._waiting[0][2])
            batch.append(self._waiting.popleft())
        self._suggest(batch, poll)
        self._began = True

    def _tokenise_some(self) -> None:
        characters = 0
        while self._untokenised and characters < _EAGER_CHARACTERS:
            document = self._untokenised.popleft()
            characters += len(document.text)
            pairs = document.pairs
            if pairs is None:
                pairs = self._tokens(document.text)
                self._send(Tokenised(document.number, pairs))
            self._waiting.append((document.number, document.text, pairs))

    def _tokens(self, text: str) -> list[tuple[int, int]]:
        from tui_annotate.text.tokens import Tokens

        try:
            pairs = self._runner.tokenise(text)
        except Exception as error:
            name = self._runner.name
            self._send(Failed(f"{name} cannot cut this text into tokens: {_sentence(error)}"))
            pairs = Runner(models.resolve("blank:xx")).tokenise(text)
        if text.isascii():
            return pairs
        tokens = Tokens.from_pairs(text, pairs)
        return list(zip(tokens.starts, tokens.ends, strict=True))

    def _suggest(
        self, batch: list[tuple[int, str, list[tuple[int, int]]]], poll: Callable[[], None]
    ) -> None:
        found: dict[int, list[list[Suggestion]]] = {}
        parts: deque[_Part] = deque()
        for index, (_, text, pairs) in enumerate(batch):
            found[index] = [[] for _ in self._suggesters]
            parts.extend(_Part.cut(index, text, pairs, self._runner))
        while parts:
            now = [parts.popleft()]
            tokens = len(now[0].prepared.pairs)
            while parts and tokens + len(parts[0].prepared.pairs) <= _BATCH_TOKENS:
                tokens += len(parts[0].prepared.pairs)
                now.append(parts.popleft())
            prepared = [part.prepared for part in now]
            for place, suggester in enumerate(self._suggesters):
                if suggester.name in self._off or suggester.name in self._failed:
                    continue
                for part, offered in zip(now, self._ask(suggester, prepared), strict=False):
                    found[part.index][place].extend(part.back(offered))
            if parts:
                poll()
                self._tokenise_some()
        for index, (number, _, _) in enumerate(batch):
            self._send(Suggested(number, [s for source in found[index] for s in source]))

    def _ask(
        self, suggester: Suggester, prepared: list[Prepared]
    ) -> Iterable[Sequence[Suggestion]]:
        try:
            return list(suggester.suggest(prepared))
        except Exception as error:
            self._fail(suggester.name, f"{suggester.name} has failed: {_sentence(error)}")
            return []

    def _fail(self, source: str, message: str) -> None:
        traceback.print_exc()
        self._failed.add(source)
        self._send(Failed(message, source))

    def _tokeniser(self, model: str, specs: list[SuggesterSpec]) -> Runner:
        try:
            pipeline = models.resolve(model)
            entities = any(s.kind == "entities" and s.options["model"] == model for s in specs)
            needs: frozenset[str] = frozenset()
            for spec in specs:
                if spec.kind == "patterns":
                    file = patterns.read(Path(spec.options["path"]), shown=spec.options["shown"])
                    needs |= file.needs
            return Runner(pipeline, entities=entities, needs=needs)
        except Exception as error:
            traceback.print_exc()
            self._send(Failed(f"{model} cannot be loaded: {_sentence(error)}"))
            return Runner(models.resolve("blank:xx"))

    def _make(self, spec: SuggesterSpec) -> Suggester:
        if spec.kind == "entities":
            model = spec.options["model"]
            runner = self._runner
            if runner.name != model:
                runner = Runner(models.resolve(model), entities=True)
            return Entities(spec.name, runner, spec.options)
        if spec.kind == "patterns":
            from tui_annotate.suggest.matching import PatternMatcher

            return PatternMatcher(spec.name, self._runner, spec.options)
        for entry in entry_points(group=GROUP, name=spec.kind):
            suggester: Suggester = entry.load()(**spec.options)
            return suggester
        raise AnnotateError(f"no installed package offers a suggester {spec.kind!r}")


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of tokens of one document, as a text of its own."""

    index: int
    offset: int
    prepared: Prepared

    @classmethod
    def cut(
        cls, index: int, text: str, pairs: list[tuple[int, int]], runner: Runner
    ) -> Iterator[_Part]:
        for piece in pieces(text, pairs):
            offset = pairs[piece.start][0] if piece.start else 0
            end = pairs[piece.stop][0] if piece.stop < len(pairs) else len(text)
            own = text[offset:end]
            inside = [(s - offset, e - offset) for s, e in pairs[piece.start : piece.stop]]
            yield cls(index, offset, Prepared(own, inside, runner.doc(own, inside)))

    def back(self, offered: Sequence[Suggestion]) -> Iterable[Suggestion]:
        if not self.offset:
            return offered
        return [replace(s, start=s.start + self.offset, end=s.end + self.offset) for s in offered]


def _sentence(error: BaseException) -> str:
    """An error in one line; ours already are."""
    if isinstance(error, AnnotateError):
        return str(error).removesuffix(".")
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else f"{text[:300]}…"


def main() -> None:
    """Serve the parent until it is gone."""
    answers, requests = _take_streams()
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()

    def send(message: Message) -> None:
        try:
            messages.write(answers, message)
        except OSError:
            os._exit(0)

    configure = inbox.get()
    assert isinstance(configure, Configure)
    worker = Worker(configure, send)

    def poll() -> None:
        while not inbox.empty():
            worker.take(inbox.get())

    while True:
        if not worker.busy:
            worker.take(inbox.get())
        poll()
        worker.step(poll)


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    answers = os.fdopen(os.dup(1), "wb")
    requests = os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return answers, requests


def _listen(requests: BinaryIO, inbox: queue.SimpleQueue[Request]) -> None:
    while (request := messages.read_request(requests)) is not None:
        inbox.put(request)
    # The parent is gone: nothing here is worth finishing.
    os._exit(0)


if __name__ == "__main__":
    main()
