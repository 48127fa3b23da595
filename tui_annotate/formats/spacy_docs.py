"""spaCy's ``.spacy``: a `DocBin` of documents, as ``spacy train`` reads it.

What spaCy has a place for stands there: entities, overlapping spans in ``doc.spans``, classes in
``doc.cats``, tags, ids in a knowledge base. The rest of a task is in ``doc.user_data``, where
spaCy leaves it alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.errors import UsageError
from tui_annotate.formats.format import Format, Option, Place
from tui_annotate.formats.holding import OTHERS, Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.spacy_tokens import attributes, token_fields, words_and_spaces
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SPANS_KEY = "sc"
"""The key under which spaCy's span categoriser looks, unless it is told otherwise."""

NEGATIVE = "incorrect_spans"
"""The key under which an entity recogniser looks for spans that are wrong, if it is told so."""

OURS = "tui_annotate"
"""The key of `doc.user_data` that holds what spaCy has no place for."""

LARGEST = 1 << 32
"""Bytes that a file may have when it is unpacked."""

_NATIVE = frozenset({"text", "spans", "tokens", "label", "accept", "options", "config", "answer"})
_SPAN = frozenset({"start", "end", "label", "kb_id", "text", "token_start", "token_end"})


@cache
def language(name: str) -> Language:
    """An empty pipeline.

    Raises:
        UsageError: spaCy has no such language, or cannot load it.
    """
    import spacy

    try:
        return spacy.blank(name)
    except ImportError:
        known = spacy.util.LANGUAGES if hasattr(spacy.util, "LANGUAGES") else ()
        do = did_you_mean(name, known, "use a code that spaCy has: xx, en, de, fr, …")
        raise UsageError(
            f"spaCy has no language {quoted(name)}, or it needs a package more",
            where="--lang",
            do=do,
        ) from None


def _tokeniser(options: Mapping[str, Any]) -> Callable[[str], Iterable[tuple[int, int]]]:
    tokenizer = language(options["lang"]).tokenizer

    def tokenise(text: str) -> Iterable[tuple[int, int]]:
        return [(token.idx, token.idx + len(token)) for token in tokenizer(text)]

    return tokenise


class DocWriter(Writer):
    """Gathers documents, and writes them at the end.

    Args:
        target: Where to.
    """

    def __init__(self, target: Target) -> None:
        from spacy.tokens import DocBin

        super().__init__(target)
        self._vocab = language(target.options["lang"]).vocab
        self._bins = {part: DocBin(store_user_data=True) for part in target.parts}
        self._contents = Contents(target.options["spans_key"])
        for part in target.parts:
            target.files.take(target.name(part))
        if target.options["config"]:
            target.files.take(target.name(suffix=".cfg") if target.stem else "config.cfg")

    def add(self, fields: Fields, part: str) -> None:
        """Take the next task."""
        doc = self._doc(fields)
        self._contents.add(doc, fields)
        self._bins[part].add(doc)

    def close(self) -> Mapping[str, str]:
        """Write the documents, and the configuration."""
        names = {part: self.target.name(part) for part in self.target.parts}
        for part, docs in self._bins.items():
            self.target.files.write(names[part], docs.to_bytes())
        if self.target.options["config"]:
            from tui_annotate.formats.spacy_config import config

            name = self.target.name(suffix=".cfg") if self.target.stem else "config.cfg"
            paths = {part: str(self.target.folder / file) for part, file in names.items()}
            text = config(self.target.options["lang"], self._contents, paths)
            self.target.files.write(name, text.encode())
        return names

    def _doc(self, fields: Fields) -> Doc:
        from spacy.tokens import Doc

        text, tokens = fields["text"], fields["tokens"]
        words, spaces, numbers = words_and_spaces(text, tokens)
        native, aside = attributes(tokens, numbers, len(words))
        doc = Doc(self._vocab, words=words, spaces=spaces, **native)
        rest: Fields = {name: value for name, value in fields.items() if name not in _NATIVE}
        rest = {name: value for name, value in rest.items() if not name.startswith("_")}
        if aside:
            rest["tokens"] = aside
        answer = fields.get("answer", "accept")
        if answer != "accept":
            rest["answer"] = answer
        if (spans := self._spans(doc, fields, answer)) and any(spans):
            rest["spans"] = spans
        if "config" in fields:
            rest["config"] = fields["config"]
        if answer != "accept" or "accept" not in fields:
            # What was not accepted is no class of the text, but still what was there.
            rest |= {name: fields[name] for name in ("accept", "options") if name in fields}
        doc.cats = self._cats(fields, answer)
        if "label" in fields:
            rest["label"] = fields["label"]
        if rest:
            doc.user_data[OURS] = rest
        return doc

    def _spans(self, doc: Doc, fields: Fields, answer: str) -> list[Fields]:
        """Put the spans into a document; what it has no place for, for each of them."""
        from spacy.tokens import Span

        found = fields.get("spans")
        if found is None and not (decided_empty(fields) and self.target.offered.spans):
            return []
        spans = []
        for span in found or ():
            made = doc.char_span(span["start"], span["end"])
            assert made is not None
            kb_id = span.get("kb_id") or ""
            label = span.get("label") or ""
            spans.append(Span(doc, made.start, made.end, label=label, kb_id=str(kb_id)))
        if "label" in fields:
            # They are about the question, and nobody decided on them.
            doc.spans[OURS] = spans
        elif answer == "reject":
            doc.spans[NEGATIVE] = spans
        elif answer == "accept" and self.target.offered.overlapping:
            doc.spans[self.target.options["spans_key"]] = spans
        elif answer == "accept":
            doc.set_ents(spans, default="missing" if self._partial(fields) else "outside")
        else:
            doc.spans[OURS] = spans
        return [
            {name: value for name, value in span.items() if name not in _SPAN and _content(name)}
            for span in found or ()
        ]

    def _partial(self, fields: Mapping[str, Any]) -> bool:
        """Whether what is not marked was not asked for either."""
        if any("answer" in span for span in fields.get("spans") or ()):
            # A suggestion was confirmed, and nothing said about the others.
            return True
        if "answer" not in fields and not fields.get("spans"):
            return True
        labels = fields.get("_labels")
        return isinstance(labels, list) and not {*labels} >= {*self.target.offered.spans}

    def _cats(self, fields: Mapping[str, Any], answer: str) -> dict[str, float]:
        if "label" in fields:
            return {str(fields["label"]): float(answer == "accept")} if answer != "ignore" else {}
        accept = fields.get("accept")
        if accept is None or answer != "accept":
            return {}
        chosen = {str(one) for one in accept}
        options = fields.get("options") or [{"id": one} for one in fields.get("_labels") or ()]
        offered = [str(one["id"]) for one in options if isinstance(one, dict) and "id" in one]
        return {name: float(name in chosen) for name in dict.fromkeys([*offered, *chosen])}


def decided_empty(fields: Mapping[str, Any]) -> bool:
    """Whether a task was decided to have no spans: Prodigy writes none then."""
    if fields.get("_view_id") not in (None, "ner_manual", "spans_manual", "entity_linking"):
        return False
    return "answer" in fields and "label" not in fields and "accept" not in fields


def _content(name: str) -> bool:
    return name not in ("answer", "source", "score")


class Contents:
    """What some documents have, for a configuration that trains with them.

    Args:
        spans_key: The key of their overlapping spans.

    Attributes:
        entities: Some have entities.
        longest: The tokens of the longest overlapping span; 0 where there are none.
        tags: Some have tags.
        pos: Some have universal parts of speech.
        classes: Some have classes.
        single: All have one class.
        negative: Some have spans that are wrong.
        linked: Some have ids in a knowledge base.
    """

    def __init__(self, spans_key: str) -> None:
        self.spans_key = spans_key
        self.entities = self.tags = self.pos = self.classes = self.negative = False
        self.linked = False
        self.single = True
        self.longest = 0

    def add(self, doc: Doc, fields: Mapping[str, Any]) -> None:
        """Take in a document and the task that it is made of."""
        self.entities |= bool(doc.ents)
        self.linked |= any(ent.kb_id for ent in doc.ents)
        self.tags |= doc.has_annotation("TAG")
        self.pos |= doc.has_annotation("POS")
        self.negative |= NEGATIVE in doc.spans
        if self.spans_key in doc.spans:
            self.longest = max([self.longest, *map(len, doc.spans[self.spans_key])])
        self.classes |= bool(doc.cats)
        style = (fields.get("config") or {}).get("choice_style")
        one = sum(doc.cats.values()) == 1 and style != "multiple"
        self.single &= one and "label" not in fields


def rows(data: bytes, place: Place) -> Iterator[Row]:
    """Read documents, each with its number as a negative line."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    key = place.options.get("spans_key") or SPANS_KEY
    try:
        _refuse_huge(data)
        docs = DocBin(store_user_data=True).from_bytes(data).get_docs(Vocab())
        for number, doc in enumerate(docs, start=1):
            yield -number, fields_of(doc, key)
    except Exception:
        # Whatever: the bytes go through four libraries, each with errors of its own.
        yield None, "the file is not a DocBin that this spaCy can read, or it is damaged"


def _refuse_huge(data: bytes) -> None:
    unpacker = zlib.decompressobj()
    size, rest = 0, data
    while rest and size <= LARGEST:
        size += len(unpacker.decompress(rest, 1 << 24))
        rest = unpacker.unconsumed_tail
    if size > LARGEST:
        raise ValueError


def fields_of(doc: Doc, key: str) -> Fields:
    """The task that a document is."""
    ours = doc.user_data.get(OURS)
    # Its lists have become tuples.
    ours = msgspec.json.decode(msgspec.json.encode(ours))
    rest: Fields = ours if isinstance(ours, dict) else {}
    aside = rest.pop("tokens", None) or {}
    fields: Fields = {"text": doc.text, "tokens": token_fields(doc, aside)}
    extras: Sequence[Mapping[str, Any]] = rest.pop("spans", None) or ()
    groups = [name for name in (OURS, NEGATIVE, key) if name in doc.spans]
    spans = [*doc.spans[groups[0]]] if groups else [*doc.ents]
    if groups or doc.has_annotation("ENT_IOB"):
        fields["spans"] = [
            _span_fields(span) | dict(extras[number] if number < len(extras) else {})
            for number, span in enumerate(spans)
        ]
    question = rest.pop("label", None)
    if question is not None:
        fields["label"] = question
    elif doc.cats:
        fields["options"] = [{"id": name, "text": name} for name in doc.cats]
        fields["accept"] = [name for name, value in doc.cats.items() if value >= 0.5]
        fields["config"] = {"choice_style": "multiple"}
    return fields | rest


def _span_fields(span: Any) -> Fields:
    made: Fields = {
        "start": span.start_char,
        "end": span.end_char,
        "token_start": span.start,
        "token_end": span.end - 1,
        "label": span.label_,
    }
    return made | {"kb_id": span.kb_id_} if span.kb_id_ else made


def _fit(fields: Fields, losses: Losses) -> None:
    """Leave out spans without a label, which are no entities, and numbers that are too large."""
    for name in [*fields]:
        try:
            msgspec.msgpack.encode(fields[name])
        except (OverflowError, ValueError):
            losses.lose(f"{name} with a number that is too large")
            del fields[name]
    if "spans" in fields:
        for _ in (span for span in fields["spans"] if not span["label"]):
            losses.lose("spans without a label")
        fields["spans"] = [span for span in fields["spans"] if span["label"]]


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        return rows(b"".join(lines), place)

    return Reader("spaCy", read)


_KEY = "Key of overlapping spans in doc.spans (default: sc)."

FORMATS = (
    Format(
        "spacy",
        "spaCy",
        (".spacy",),
        Holds(
            frozenset(
                {"spans", "accept", "label", "options", "config", "answer"}
                | {"_labels", "_view_id", OTHERS}
            ),
            span=frozenset({"answer", OTHERS}),
            token=frozenset({OTHERS}),
            borders=True,
            fit=_fit,
        ),
        _reader,
        writer=DocWriter,
        options=(
            Option(
                "--lang", "Language of the tokeniser and of the config (default: xx).", "CODE", "xx"
            ),
            Option("--spans-key", _KEY, "KEY", SPANS_KEY),
            Option(
                "--negatives",
                "Add rejected spans as negative examples.",
                default=False,
                answers=frozenset({"reject"}),
            ),
            Option("--config", "Write a config.cfg that spacy train takes, too.", default=False),
        ),
        tokeniser=_tokeniser,
        binary=True,
        notes="entities, or doc.spans where spans overlap; the rest of a task in doc.user_data",
    ),
)
