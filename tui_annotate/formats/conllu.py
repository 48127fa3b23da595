"""CoNLL-U: a sentence is a task, its words are the tokens, with their tags.

The text is that of ``# text``, never changed; every word is looked up in it.
A multiword token gives one token for each of its words where their forms make
up its own ("don't"), else one with the tags of all of them (French "au":
``ADP+DET``). Empty nodes have no place in the text.

The lines of a sentence stay in the task, in `conllu`: heads, features, empty nodes, comments and
all. An export changes in them what was decided, and nothing else. Entities are in MISC, as
``NE=B-PER``, which is where spaCy's own converter looks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tui_annotate.formats.conll2003 import entities
from tui_annotate.formats.conllu_lines import entity_tags, fit_sentence
from tui_annotate.formats.conllu_sentence import Broken, Sentence, parsed, token_fields
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields

SUFFIX = ".conllu"


def conllu_rows(lines: Lines) -> Iterator[Row]:
    """Read sentences, each with the line it begins on."""
    block: list[tuple[int, bytes]] = []
    for number, line in enumerate(chain(lines, [b""]), start=1):
        if line.strip():
            block.append((number, line))
        elif block:
            try:
                sentence = parsed(block)
            except Broken as broken:
                yield broken.line, str(broken)
            else:
                if sentence is not None:
                    yield block[0][0], _fields(sentence)
            block = []


def _fields(sentence: Sentence) -> Fields:
    tokens = token_fields(sentence)
    fields: Fields = {"text": sentence.text, "tokens": tokens, "conllu": sentence.lines}
    tags = entity_tags(sentence)
    if any(tags):
        fields["spans"] = [
            {
                "start": tokens[first]["start"],
                "end": tokens[last]["end"],
                "token_start": first,
                "token_end": last,
                "label": label,
            }
            for first, last, label in entities([tag or "O" for tag in tags])
        ]
    return fields | {"meta": sentence.meta} if sentence.meta else fields


def _encode(fields: Fields) -> bytes:
    return "".join(f"{line}\n" for line in [*fields["conllu"], ""]).encode()


def _writer(target: Target) -> Writer:
    return StreamWriter(target, _encode)


CONLLU = Reader("CoNLL-U", conllu_rows)

FORMATS = (
    Format(
        "conllu",
        "CoNLL-U",
        (SUFFIX,),
        Holds(
            frozenset({"conllu", "meta", "spans"}),
            token=frozenset({"lemma", "morph", "multiword", "pos", "tag"}),
            overlaps=False,
            borders=True,
            plain="|",
            fit=fit_sentence,
        ),
        only(CONLLU),
        writer=_writer,
        notes="entities in MISC; heads, features, comments and empty nodes stay as they came",
    ),
)
