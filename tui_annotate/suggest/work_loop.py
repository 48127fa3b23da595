"""The work of the suggestion process: tokens first, then suggestions, in small steps."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from msgspec.structs import replace

from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Failed, Ready, sentence
from tui_annotate.suggest.messages import (
    Configure,
    Decided,
    Document,
    Message,
    Request,
    Submit,
    Suggested,
    SuggesterSpec,
    Switch,
    Tokenised,
)
from tui_annotate.suggest.plugins import text_suggester
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.registry import Source, is_local, source, source_of
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy.pipelines import PIECE, Needs, Runner, lacking_components, pieces
from tui_annotate.suggest.spacy.quick import QuickTokeniser, rules_of
from tui_annotate.suggest.suggestion import Suggestion

_BATCH_DOCUMENTS = 8
_BATCH_TOKENS = 2 * PIECE
_EAGER_CHARACTERS = 200_000
"""How much text is tokenised ahead before suggestions get their turn."""

_QUICK_CHARACTERS = 20_000
"""How much text is tokenised before spaCy is imported."""

_QUICK_TEXT = 100_000
"""A longer text waits for spaCy: a task that begins with it would not open sooner."""

Pairs = list[tuple[int, int]]


class SuggestionLoop:
    """Tokenises what is submitted, then finds suggestions for it.

    Made, it can tokenise short texts, if the tokeniser's rules can be had without spaCy.
    `prepare` loads the tokeniser, and the suggesters after it.

    Args:
        configure: What to load.
        send: Where answers go.
    """

    def __init__(self, configure: Configure, send: Callable[[Message], None]) -> None:
        self._send = send
        self._specs = [spec for spec in configure.specs if not is_local(spec)]
        self._untokenised: deque[Document] = deque()
        self._waiting: deque[tuple[int, str, Pairs]] = deque()
        self._off: set[str] = set()
        self._failed: set[str] = set()
        self._suggesters: list[TextSuggester] = []
        self._began = False
        self._model = configure.model
        self._quick = _quick_tokeniser(configure.model)
        self._loaded: Runner | None = None

    def prepare(self, poll: Callable[[], None] = lambda: None) -> None:
        """Load the tokeniser, tokenise what waits for it, load the suggesters and say so.

        Args:
            poll: Called in between, to take new requests.
        """
        self._loaded = self._tokeniser(self._model)
        poll()
        self.tokenise()
        for spec in self._specs:
            try:
                self._suggesters.append(self._make(spec))
            except Exception as error:
                why = self._why(spec, error)
                self._fail(spec.name, f"{spec.name} cannot be used: {why}")
        notices = [notice for spec in self._specs for notice in spec.notices]
        labels = {s.name: list(s.labels) for s in self._specs if s.name not in self._failed}
        self._send(Ready(labels, notices))

    def take(self, request: Request) -> None:
        """Note what a request asks for."""
        match request:
            case Submit(documents):
                self._untokenised.extend(documents)
            case Switch(source, on):
                (self._off.discard if on else self._off.add)(source)
            case Decided(text, spans, sources):
                for suggester in self._suggesters:
                    if suggester.name not in self._failed and (
                        sources is None or suggester.name in sources
                    ):
                        self._guard(suggester.name, partial(suggester.feedback, text, spans))
            case Configure():
                raise ValueError("configured twice")

    @property
    def busy(self) -> bool:
        """Whether there is anything left to do."""
        return bool(self._untokenised or self._waiting)

    def tokenise(self) -> None:
        """Tokenise what waits for it, up to some amount of text."""
        characters = 0
        limit = _EAGER_CHARACTERS if self._loaded else _QUICK_CHARACTERS
        while self._untokenised and characters < limit:
            if self._loaded is None and not self._at_once(self._untokenised[0]):
                break
            document = self._untokenised.popleft()
            characters += len(document.text)
            pairs = document.pairs
            if pairs is None:
                pairs = self._tokens(document.text)
                self._send(Tokenised(document.number, pairs))
            self._waiting.append((document.number, document.text, pairs))

    def _at_once(self, document: Document) -> bool:
        """Whether a document can be tokenised before spaCy is imported."""
        if document.pairs is not None:
            return True
        return self._quick is not None and len(document.text) <= _QUICK_TEXT

    def suggest(self, poll: Callable[[], None]) -> None:
        """Find suggestions for the next texts: the very first alone, then several at once.

        Args:
            poll: Called between the pieces of a long text, to take new requests.
        """
        batch: list[tuple[int, str, Pairs]] = []
        tokens = 0
        while self._waiting and len(batch) < (_BATCH_DOCUMENTS if self._began else 1):
            tokens += len(self._waiting[0][2])
            if batch and tokens > _BATCH_TOKENS:
                break
            batch.append(self._waiting.popleft())
        self._began = True
        found: list[list[list[Suggestion]]] = [[[] for _ in self._suggesters] for _ in batch]
        parts: deque[_Part] = deque()
        for index, (_, text, pairs) in enumerate(batch):
            parts.extend(_Part.cut(index, text, pairs))
        while parts:
            now = [parts.popleft()]
            tokens = len(now[0].pairs)
            while parts and tokens + len(parts[0].pairs) <= _BATCH_TOKENS:
                tokens += len(parts[0].pairs)
                now.append(parts.popleft())
            prepared = [part.prepared(self._runner) for part in now]
            for place, suggester in enumerate(self._suggesters):
                if suggester.name in self._off or suggester.name in self._failed:
                    continue
                for part, offered in zip(now, self._ask(suggester, prepared), strict=True):
                    found[part.index][place].extend(part.back(offered))
            if parts:
                poll()
                self.tokenise()
        for (number, _, _), sources in zip(batch, found, strict=True):
            self._send(Suggested(number, [s for source in sources for s in source]))

    def _ask(
        self, suggester: TextSuggester, prepared: list[Prepared]
    ) -> Sequence[Iterable[Suggestion]]:
        offered = self._guard(
            suggester.name, lambda: [list(x) for x in suggester.suggest(prepared)]
        )
        return offered if offered is not None else [()] * len(prepared)

    def _why(self, spec: SuggesterSpec, error: Exception) -> str:
        """Why a source cannot be used; what a library says is in the log."""
        found = source(spec.kind, "text")
        if found is None or found.pipeline != "own":
            # It is about what the user gave.
            return sentence(error)
        return _why_not_loaded(spec.options.get("model") or self._runner.target, error)

    def _guard(self, source: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            self._fail(source, f"{source} has failed: {sentence(error)}")
            return None

    def _fail(self, source: str, message: str) -> None:
        traceback.print_exc()
        self._failed.add(source)
        self._send(Failed(message, source))

    @property
    def _runner(self) -> Runner:
        """The tokeniser's pipeline."""
        assert self._loaded is not None, "prepare comes first"
        return self._loaded

    def _tokeniser(self, model: str) -> Runner:
        try:
            pipeline = models.resolve(model)
            needs = Needs()
            for spec in self._specs:
                found = source(spec.kind, "text")
                if found is not None and _reads(found, spec, model):
                    needs |= found.load_needs()(pipeline, spec.options)
            return Runner(pipeline, needs)
        except Exception as error:
            if model == "blank:xx":
                raise
            traceback.print_exc()
            self._send(
                Failed(
                    f"{model} cannot be loaded; using blank:xx for tokens: "
                    f"{_why_not_loaded(model, error)}"
                )
            )
            return Runner(models.resolve("blank:xx"))

    def _tokens(self, text: str) -> Pairs:
        from tui_annotate.text.tokens import Tokens, fallback_pairs

        tokeniser = self._loaded or self._quick
        assert tokeniser is not None
        try:
            pairs = tokeniser.tokenise(text)
        except Exception as error:
            traceback.print_exc()
            name = self._loaded.name if self._loaded else self._model
            self._send(Failed(f"{name} could not tokenise a text: {sentence(error)}"))
            pairs = fallback_pairs(text)
        if text.isascii() and "\r" not in text:
            return pairs
        tokens = Tokens.from_pairs(text, pairs)
        return list(zip(tokens.starts, tokens.ends, strict=True))

    def _make(self, spec: SuggesterSpec) -> TextSuggester:
        found = source_of(spec, "text")
        if found.group is not None:
            return text_suggester(found, spec)
        runner = self._runner
        if not _reads(found, spec, runner.target):
            pipeline = models.resolve(spec.options["model"])
            runner = Runner(pipeline, found.load_needs()(pipeline, spec.options))
        made: TextSuggester = found.load()(spec, runner)
        return made


def _why_not_loaded(model: str, error: Exception) -> str:
    """Why a pipeline cannot be loaded, in words of our own."""
    if isinstance(error, AnnotateError):
        return sentence(error)
    with suppress(Exception):
        if lacking := lacking_components(models.resolve(model)):
            what = "component" if len(lacking) == 1 else "components"
            return (
                f"nothing that is installed brings its {what} {', '.join(lacking)}; "
                "install the package that does"
            )
    return f"spaCy cannot load it ({type(error).__name__}); suggestions.log has the details"


def _quick_tokeniser(model: str) -> QuickTokeniser | None:
    """The tokeniser of a pipeline without spaCy, where that can be had."""
    try:
        rules = rules_of(models.resolve(model))
        return QuickTokeniser(rules) if rules is not None else None
    except Exception:
        # Loading the pipeline fails too, and says why.
        return None


def _reads(found: Source, spec: SuggesterSpec, model: str) -> bool:
    """Whether a source reads the pipeline that makes the session's tokens."""
    return found.pipeline == "session" or (
        found.pipeline == "own" and spec.options["model"] == model
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of tokens of one text, as a text of its own."""

    index: int
    offset: int
    text: str
    pairs: Pairs

    @classmethod
    def cut(cls, index: int, text: str, pairs: Pairs) -> Iterator[_Part]:
        for piece in pieces(text, pairs):
            offset = pairs[piece.start][0] if piece.start else 0
            end = pairs[piece.stop][0] if piece.stop < len(pairs) else len(text)
            inside = [(s - offset, e - offset) for s, e in pairs[piece.start : piece.stop]]
            yield cls(index, offset, text[offset:end], inside)

    def prepared(self, runner: Runner) -> Prepared:
        return Prepared(self.text, self.pairs, runner.doc(self.text, self.pairs))

    def back(self, offered: Iterable[Suggestion]) -> Iterable[Suggestion]:
        if not self.offset:
            return offered
        return [replace(s, start=s.start + self.offset, end=s.end + self.offset) for s in offered]
