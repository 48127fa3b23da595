"""Drafts that earlier versions have written are taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit import test_choice_editor as choice
from tests.unit import test_link_editor as links
from tests.unit import test_phrase_editor as phrases
from tests.unit import test_punct_editor as punctuation
from tests.unit import test_span_editor as spans
from tests.unit import test_tag_editor as tags

FOUND = json.loads(
    (Path(__file__).parents[1] / "data" / "drafts" / "text-2026-12.json").read_text("utf-8")
)
"""For each kind the state of a draft, and what was written of it then."""

MADE: Mapping[str, tuple[Callable[[], Any], str]] = {
    "spans": (spans.editor, "spans"),
    "links": (links.editor, "spans"),
    "phrases": (phrases.editor, "keyphrases"),
    "tags": (tags.editor, "spans"),
    "choice": (lambda: choice.editor(style="multiple"), "accept"),
    "punctuation": (lambda: punctuation.editor("well we begin now it is late"), "punctuated"),
}


def plain(value: Any) -> Any:
    """A value as it is read from JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


def restored(kind: str) -> tuple[Any, Mapping[str, Any]]:
    found = FOUND[kind]
    made = MADE[kind][0]()
    made.restore(found["state"])
    return made, found


@pytest.mark.parametrize("kind", sorted(MADE))
def test_what_was_annotated_is_there(kind: str) -> None:
    made, found = restored(kind)
    assert made.edited
    assert plain(made.fields()[MADE[kind][1]]) == found["fields"]


@pytest.mark.parametrize("kind", sorted(MADE))
def test_what_was_offered_and_where_one_was_is_there(kind: str) -> None:
    made, found = restored(kind)
    old = found["state"]
    if kind != "choice":
        assert made.caret.offset == old["cursor"]
        assert made.caret.anchor == old["anchor"]
    assert {one.label for one in made.offered} >= {
        row[2] if isinstance(row[0], int) and len(row) > 2 else row[1][0] for row in old["offered"]
    }


@pytest.mark.parametrize("kind", sorted(MADE))
def test_as_it_is_written_now_it_comes_to_the_same(kind: str) -> None:
    made, _ = restored(kind)
    again = MADE[kind][0]()
    again.restore(plain(made.state()))
    assert plain(again.fields()) == plain(made.fields())
    assert list(again.offered) == list(made.offered)
    assert plain(again.state()) == plain(made.state())
