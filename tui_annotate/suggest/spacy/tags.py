"""The suggester of tags, in the suggestion process: a tagger with its second thoughts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, OrderedDict, deque
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import Prepared, TextSuggester
from tui_annotate.suggest.spacy.models import Pipeline
from tui_annotate.suggest.spacy.pipelines import PIECE, Needs, Runner, pieces
from tui_annotate.suggest.suggestion import Suggestion

_LEAST = 0.01
_MOST = 5
_REMEMBERED = 64
_AT_ONCE = 4
_RULES = {"attribute_ruler"}
_PRIOR = 1.0
"""How many decisions the model's own opinion of a word counts as."""

Pairs = Sequence[tuple[int, int]]


def needs(pipeline: Pipeline, options: Mapping[str, Any]) -> Needs:
    """The components of a pipeline that tagging needs.

    The universal tags of many pipelines come from rules that read the parse.
    """
    wanted = {"tagger"} if options["column"] == "tag" else {"morphologizer"}
    made_by = pipeline.factories
    if options["column"] == "pos" and "morphologizer" not in made_by.values():
        wanted = {"tagger", "parser"} | _RULES
    return Needs(
        components=frozenset(name for name in pipeline.components if made_by[name] in wanted)
    )


class TagSuggester(TextSuggester):
    """Offers each token's likeliest tags with their probabilities, and learns from decisions.

    A universal tag has the probability of all the language's own tags that
    lead to it. What the annotator made of a word that the model tagged alike
    counts against the model's opinion of it, so that the same mistake need not
    be mended for ever, and a word that is now this, now that becomes unsure.

    Args:
        spec: Its name, and the options of `suggest.tags`.
        runner: The pipeline.
    """

    def __init__(self, spec: SuggesterSpec, runner: Runner) -> None:
        super().__init__(spec)
        options = spec.options
        self._runner = runner
        self._wanted = frozenset(options["labels"])
        self._mapping: Mapping[str, str] = options["mapping"]
        pipes = {runner.nlp.get_pipe_meta(n).factory: p for n, p in runner.nlp.pipeline}
        self._universal = options["column"] == "pos"
        scorer = pipes.get("morphologizer") if self._universal else None
        self._scorer: Any = scorer if scorer is not None else pipes["tagger"]
        self._ruler: Any = pipes.get("attribute_ruler")
        self._meaning = self._meanings(morphology=scorer is not None)
        self._decided: dict[tuple[str, str], Counter[str]] = {}
        self._guessed: OrderedDict[str, dict[tuple[int, int], str]] = OrderedDict()
        self._backlog: deque[tuple[str, list[tuple[int, int, str]]]] = deque(maxlen=200)

    def _meanings(self, *, morphology: bool) -> list[str]:
        """What tag each of the scorer's labels stands for."""
        labels = [str(label) for label in self._scorer.labels]
        if morphology:
            parts = [dict(p.partition("=")[::2] for p in label.split("|")) for label in labels]
            return [part.get("POS", "") for part in parts]
        if not self._universal:
            return labels
        from spacy.tokens import Doc

        # The rules say it best themselves, of a word that none of them knows.
        doc = Doc(self._runner.nlp.vocab, words=["blorp"] * len(labels))
        for token, label in zip(doc, labels, strict=True):
            token.tag_ = label
        if self._ruler is not None:
            doc = self._ruler(doc)
        return [token.pos_ or token.tag_ for token in doc]

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """The likeliest tags of each token, the best first."""
        for _ in range(min(len(self._backlog), _AT_ONCE)):
            self._catch_up(*self._backlog.popleft())
        docs = self._runner.docs(documents)
        found = []
        for document, rows in zip(documents, self._distributions(docs), strict=True):
            guessed: dict[tuple[int, int], str] = {}
            suggestions: list[Suggestion] = []
            for (start, end), chances in zip(document.pairs, rows, strict=True):
                if chances:
                    guessed[start, end] = _best(chances)
                    word = document.text[start:end]
                    suggestions += self._offered(start, end, self._corrected(word, chances))
            self._remember(document.text, guessed)
            found.append(suggestions)
        return found

    def _offered(self, start: int, end: int, chances: Mapping[str, float]) -> list[Suggestion]:
        ranked = sorted(chances.items(), key=lambda item: -item[1])[:_MOST]
        return [
            Suggestion(start, end, label, self.name, round(chance, 4))
            for place, (label, chance) in enumerate(ranked)
            if place == 0 or chance >= _LEAST
        ]

    def _distributions(self, docs: Sequence[Any]) -> list[list[dict[str, float]]]:
        """For each token of each doc the chances of its tags; nothing for white space."""
        import numpy as np

        self._runner.annotate(docs)
        filled = [doc for doc in docs if len(doc)]
        scored = iter(self._scorer.model.predict(filled) if filled else ())
        result: list[list[dict[str, float]]] = []
        for doc in docs:
            if not len(doc):
                result.append([])
                continue
            scores = np.asarray(_on_cpu(next(scored)), dtype="float64")
            chances = np.exp(scores - scores.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
            result.append([self._of_token(doc[i], row) for i, row in enumerate(chances)])
        return result

    def _of_token(self, token: Any, row: Any) -> dict[str, float]:
        if token.is_space:
            return {}
        best = int(row.argmax())
        chances: dict[str, float] = {}
        for place in (row >= _LEAST / 10).nonzero()[0]:
            tag = self._meaning[place]
            if place == best and self._universal:
                tag = token.pos_ or tag
            tag = self._mapping.get(tag, tag)
            if tag and (not self._wanted or tag in self._wanted):
                chances[tag] = chances.get(tag, 0.0) + float(row[place])
        return chances

    # ── learning ───────────────────────────────────────────────────────────

    def _corrected(self, word: str, chances: dict[str, float]) -> dict[str, float]:
        decided = self._decided.get((word.lower(), _best(chances)))
        if decided is None:
            return chances
        total = decided.total() + _PRIOR
        return {
            label: (_PRIOR * chances.get(label, 0.0) + decided[label]) / total
            for label in chances | decided
        }

    def _remember(self, text: str, guessed: dict[tuple[int, int], str]) -> None:
        self._guessed[text] = guessed
        self._guessed.move_to_end(text)
        while len(self._guessed) > _REMEMBERED:
            self._guessed.popitem(last=False)

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """Learn how the words of a text were decided."""
        guessed = self._guessed.pop(text, None)
        if guessed is not None:
            self._learn(text, guessed, spans)
        elif not self._learn_pieces(text, spans):
            # Decided in an earlier session: what the model says of it is found out later.
            pairs = [(start, end) for start, end, _ in spans]
            for piece in pieces(text, pairs):
                inside = spans[piece.start : piece.stop]
                first, last = inside[0][0], max(end for _, end, _ in inside)
                own = [(start - first, end - first, label) for start, end, label in inside]
                self._backlog.append((text[first:last], own))

    def _learn_pieces(self, text: str, spans: Sequence[tuple[int, int, str]]) -> bool:
        """Learn from a text that was tagged in pieces; whether any of them is remembered."""
        if len(spans) < PIECE // 2:
            return False
        starts = [start for start, _, _ in spans]
        found = False
        for piece in list(self._guessed):
            at = text.find(piece)
            if at < 0:
                continue
            inside = spans[bisect_left(starts, at) : bisect_left(starts, at + len(piece))]
            own = [(start - at, end - at, label) for start, end, label in inside]
            self._learn(piece, self._guessed.pop(piece), own)
            found = True
        return found

    def _catch_up(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        pairs = sorted({(start, end) for start, end, _ in spans})
        if any(first[1] > second[0] for first, second in pairwise(pairs)):
            return
        (rows,) = self._distributions([self._runner.doc(text, pairs)])
        guessed = {pair: _best(row) for pair, row in zip(pairs, rows, strict=True) if row}
        self._learn(text, guessed, spans)

    def _learn(
        self,
        text: str,
        guessed: Mapping[tuple[int, int], str],
        spans: Sequence[tuple[int, int, str]],
    ) -> None:
        for start, end, label in spans:
            guess = guessed.get((start, end))
            if guess is not None:
                word = text[start:end].lower()
                self._decided.setdefault((word, guess), Counter())[label] += 1


def _best(chances: Mapping[str, float]) -> str:
    return max(chances, key=lambda label: chances[label])


def _on_cpu(scores: Any) -> Any:
    return scores.get() if hasattr(scores, "get") else scores
