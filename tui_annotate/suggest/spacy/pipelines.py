"""spaCy pipelines in the suggestion process: what of them to load, and how to run them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui_annotate.partial_import import import_without
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy.models import Pipeline

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIECE = 2_000
"""Tokens that are run at once; a longer text is cut, which bounds memory and waiting."""

_CHANGE_TOKENS = {"merge_entities", "merge_noun_chunks", "merge_subtokens", "token_splitter"}
_LINGUISTIC = {
    "tagger",
    "morphologizer",
    "parser",
    "senter",
    "sentencizer",
    "attribute_ruler",
    "lemmatizer",
    "trainable_lemmatizer",
}
_UNUSED = {"textcat", "textcat_multilabel", "entity_linker", "doc_cleaner"}
_VECTORS = {"tok2vec", "transformer", "curated_transformer"}
_SENTENCE_ENDS = frozenset(".!?…。！？")


def import_spacy() -> Any:
    """Import spaCy without its command line, which is a third of the import and unused here."""
    return import_without("spacy", ("spacy.cli", "spacy.cli.info"))


def excluded(
    pipeline: Pipeline,
    *,
    entities: bool,
    needs: frozenset[str],
    wanted: frozenset[str] = frozenset(),
) -> list[str]:
    """The components that need not be loaded.

    Args:
        pipeline: The pipeline.
        entities: Whether its entities are wanted.
        needs: The token attributes that patterns ask for.
        wanted: Components that are wanted for themselves.
    """
    made_by = pipeline.factories
    rulers = {made_by[c] for c in pipeline.finders} & {"entity_ruler", "span_ruler"}
    # The rules of a ruler may ask for anything, as patterns may.
    whole = bool(needs) or (entities and bool(rulers))
    if whole or entities:
        dropped = _CHANGE_TOKENS | _UNUSED | (set() if whole else _LINGUISTIC)
        dropped -= {"entity_linker"} if "ENT_KB_ID" in needs else set()
        kept = {c for c in pipeline.components if made_by[c] not in dropped}
    else:
        kept = set()
    readers = {c for c in kept if made_by[c] not in _VECTORS}
    known = {c for c in readers if made_by[c] in _LINGUISTIC} | set(pipeline.finders)
    if not readers & pipeline.listeners and readers <= known:
        kept = readers
    kept |= wanted
    if wanted & pipeline.listeners:
        kept |= {c for c in pipeline.components if made_by[c] in _VECTORS}
    return [c for c in pipeline.components if c not in kept]


@dataclass(frozen=True, slots=True)
class Needs:
    """What suggesters need of a pipeline; ``|`` is what both need.

    Attributes:
        entities: Whether its entities are wanted.
        attributes: The token attributes that patterns ask for.
        components: Components that are wanted for themselves.
    """

    entities: bool = False
    attributes: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()

    def __or__(self, other: Needs) -> Needs:
        return Needs(
            self.entities or other.entities,
            self.attributes | other.attributes,
            self.components | other.components,
        )


_NOTHING = Needs()


def lacking_components(pipeline: Pipeline) -> list[str]:
    """The components of a pipeline that nothing installed can make."""
    language = import_spacy().util.get_lang_class(pipeline.language)
    return [
        name
        for name in pipeline.components
        if (made_by := pipeline.factories.get(name)) and not language.has_factory(made_by)
    ]


class Runner:
    """A loaded pipeline: makes ``Doc`` objects and annotates them.

    Args:
        pipeline: What to load.
        needs: What is needed of it.

    Raises:
        Exception: Whatever spaCy raises when a pipeline cannot be loaded.
    """

    def __init__(self, pipeline: Pipeline, needs: Needs = _NOTHING) -> None:
        spacy = import_spacy()
        self.target = pipeline.target
        self.name = pipeline.name
        self.nlp: Language
        if pipeline.path is None:
            self.nlp = spacy.blank(pipeline.language)
        else:
            exclude = excluded(
                pipeline,
                entities=needs.entities,
                needs=needs.attributes,
                wanted=needs.components,
            )
            # A package may do more in its load() than read its folder.
            self.nlp = spacy.load(pipeline.target, exclude=exclude)

    def tokenise(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token, white space among them."""
        return _borders(self._cut(text))

    def doc(self, text: str, pairs: Sequence[tuple[int, int]]) -> Doc:
        """A ``Doc`` of exactly these tokens."""
        from spacy.tokens import Doc

        own = self._cut(text)
        borders = _borders(own)
        if borders == list(pairs):
            return own
        words = [text[start:end] for start, end in pairs]
        spaces = [
            text[end : end + 1] == " " and end < following
            for (_, end), following in zip(
                pairs, [start for start, _ in pairs[1:]] + [len(text)], strict=True
            )
        ]
        doc = Doc(self.nlp.vocab, words=words, spaces=spaces)
        # A tokeniser's exceptions set norms ("'m" is "am"), which trained components read.
        places = {pair: number for number, pair in enumerate(borders)}
        for number, pair in enumerate(pairs):
            place = places.get(pair)
            if place is not None and doc[number].norm != own[place].norm:
                doc[number].norm_ = own[place].norm_
        return doc

    def _cut(self, text: str) -> Doc:
        doc = self.nlp.tokenizer(text)
        if doc.text != text:
            raise ValueError("its tokeniser changes the text")
        return doc

    def docs(self, documents: Sequence[Prepared]) -> list[Doc]:
        """Their docs, made anew where another pipeline's vocabulary made them."""
        return [
            document.doc
            if document.doc.vocab is self.nlp.vocab
            else self.doc(document.text, document.pairs)
            for document in documents
        ]

    def annotated(self, documents: Sequence[Prepared]) -> list[Doc]:
        """Their docs, with what the components make of them."""
        docs = self.docs(documents)
        self.annotate(docs)
        return docs

    def annotate(self, docs: Sequence[Doc]) -> None:
        """Run the components on docs of its own that they have not seen."""
        fresh = [doc for doc in docs if not doc.user_data.get(__name__)]
        if not self.nlp.pipe_names:
            return
        for doc in self.nlp.pipe(fresh, batch_size=max(1, len(fresh))):
            doc.user_data[__name__] = True


def _borders(doc: Doc) -> list[tuple[int, int]]:
    return [(token.idx, token.idx + len(token)) for token in doc]


def pieces(text: str, pairs: Sequence[tuple[int, int]], limit: int = PIECE) -> Iterator[range]:
    """Cut a long text into runs of tokens, at ends of lines or sentences where there are any."""
    first = 0
    while len(pairs) - first > limit:
        cut = _border(text, pairs, first + limit // 2, first + limit)
        yield range(first, cut)
        first = cut
    if first < len(pairs):
        yield range(first, len(pairs))


def _border(text: str, pairs: Sequence[tuple[int, int]], low: int, high: int) -> int:
    def last(is_end: Callable[[int], bool]) -> int | None:
        return next((index for index in range(high, low, -1) if is_end(index - 1)), None)

    def ends_line(index: int) -> bool:
        start, _ = pairs[index]
        following = pairs[index + 1][0] if index + 1 < len(pairs) else len(text)
        return "\n" in text[start:following]

    def ends_sentence(index: int) -> bool:
        start, end = pairs[index]
        return text[start:end] in _SENTENCE_ENDS

    return last(ends_line) or last(ends_sentence) or high
