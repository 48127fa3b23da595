"""The tokens of a task and those of a spaCy document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_annotate.formats.holding import TOKEN_PLACE
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.task.task import Fields

if TYPE_CHECKING:
    from spacy.tokens import Doc

_UNIVERSAL = frozenset(UPOS.names)
_NATIVE = ("pos", "tag", "lemma", "morph")


def words_and_spaces(
    text: str, tokens: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[bool], list[int]]:
    """The words of a document with just this text, and the number of each token among them.

    White space that is more than one space is a word of its own, as in all documents of spaCy.
    """
    words: list[str] = []
    spaces: list[bool] = []
    numbers: list[int] = []
    at = 0
    for token in tokens:
        _gap(text[at : token["start"]], words, spaces)
        numbers.append(len(words))
        words.append(text[token["start"] : token["end"]])
        spaces.append(False)
        at = token["end"]
    _gap(text[at:], words, spaces)
    return words, spaces, numbers


def _gap(between: str, words: list[str], spaces: list[bool]) -> None:
    if between.startswith(" ") and words:
        spaces[-1] = True
        between = between[1:]
    if between:
        words.append(between)
        spaces.append(False)


def attributes(
    tokens: Sequence[Mapping[str, Any]], numbers: Sequence[int], count: int
) -> tuple[dict[str, Any], dict[str, Fields]]:
    """What tokens say, as a document has it, and what it has no place for.

    Args:
        tokens: The tokens.
        numbers: The number of each among the words of the document.
        count: How many words there are.

    Returns:
        The arguments for `Doc`, and for the number of a word what is to be kept aside.
    """
    columns: dict[str, list[str]] = {}
    aside: dict[str, Fields] = {}
    for token, number in zip(tokens, numbers, strict=True):
        for name, value in token.items():
            if name in TOKEN_PLACE or value is None or value == "":
                continue
            fits = name in ("tag", "lemma") and isinstance(value, str)
            if fits or (name == "pos" and value in _UNIVERSAL):
                columns.setdefault(name, [""] * count)[number] = value
            else:
                aside.setdefault(str(number), {})[name] = value
    native = {"tag": "tags", "lemma": "lemmas", "pos": "pos"}
    return {native[name]: column for name, column in columns.items()}, aside


def token_fields(doc: Doc, aside: Mapping[str, Any]) -> list[Fields]:
    """The tokens of a document; white space that is a word is a token, too."""
    tokens: list[Fields] = []
    for token in doc:
        fields: Fields = {
            "text": token.text,
            "start": token.idx,
            "end": token.idx + len(token),
            "id": token.i,
            "ws": bool(token.whitespace_),
        }
        for name, value in (("pos", token.pos_), ("tag", token.tag_), ("lemma", token.lemma_)):
            if value:
                fields[name] = value
        more = aside.get(str(token.i))
        tokens.append(fields | more if isinstance(more, dict) else fields)
    return tokens
