"""The view of tags: columns, the row of tags, the legend, keys of one and of two letters."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import Answers, Sitting, Task, sitting
from tui_annotate.editors.tags.editor import TagEditor
from tui_annotate.inventory.tagset import UPOS, XPOS, Tag, TagSet, with_keys
from tui_annotate.suggest.messages import Document, SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.display import visible_width
from tui_annotate.text.tokens import fallback_pairs

TEXT = "President Bush on Tuesday nominated two individuals to replace them ."
BEST = {
    "President": ("PROPN", 0.99),
    "Bush": ("PROPN", 1.0),
    "on": ("ADP", 1.0),
    "Tuesday": ("PROPN", 0.97),
    "nominated": ("VERB", 0.99),
    "two": ("NUM", 1.0),
    "individuals": ("NOUN", 0.98),
    "to": ("PART", 0.93),
    "replace": ("VERB", 0.58),
    "them": ("PRON", 0.8),
    ".": ("PUNCT", 1.0),
}


def guess(document: Document) -> list[Suggestion]:
    """The best tag of each word, and PROPN as the second."""
    found = []
    for start, end in document.pairs or fallback_pairs(document.text):
        label, score = BEST.get(document.text[start:end], ("X", 0.3))
        found.append(Suggestion(start, end, label, "model", score))
        if score < 0.9:
            found.append(Suggestion(start, end, "PROPN", "model", round(0.9 - score, 2)))
    return found


@asynccontextmanager
async def tagging(
    folder: Path,
    *tasks: Task,
    tagset: TagSet = UPOS,
    answers: Answers | None = guess,
    view: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[Sitting]:
    """Sit down at a session of tags."""
    async with sitting(
        folder,
        *tasks,
        labels=tagset.names,
        keys=tagset.keys,
        answers=answers,
        suggesters=[SuggesterSpec("tags", "model")],
        options={"view": "tagging", "tagset": tagset, **(view or {})},
        **options,
    ) as here:
        yield here


def tags(here: Sitting) -> list[str | None]:
    editor = here.item.editor
    assert isinstance(editor, TagEditor)
    return [None if tag is None else tag.label for tag in editor.tags]


def under(here: Sitting) -> str:
    start, end = here.item.editor.caret.unit()
    return str(here.item.editor.text[start:end])


def rows(here: Sitting) -> list[str]:
    return [line for line in here.lines()[3:-3] if line]


async def test_every_token_has_its_tag_under_it(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT) as here:
        assert rows(here) == [
            "   President  Bush   on     Tuesday  nominated  two    individuals  to",
            "   PROPN      PROPN  ADP    PROPN    VERB       NUM    NOUN         PART",
            "   replace  them   .",
            "   VERB?    PRON?  PUNCT",
        ]
        assert here.bar.startswith(" n NOUN v VERB m PROPN j ADJ")
        assert here.status.startswith(
            " replace  token 8  VERB? 0.58  2 PROPN 0.32  tab  2 to check"
        )


WIDE = {
    "太郎": "名詞-固有名詞-人名",
    "は": "助詞-係助詞",
    "東京": "名詞-固有名詞-地名",
    "。": "記号",
}


async def test_tags_of_wide_letters_stand_under_their_words(tmp_path: Path) -> None:
    pairs = [(0, 2), (2, 3), (3, 5), (5, 6)]
    text = "太郎は東京。"
    tokens = [
        {"text": text[a:b], "start": a, "end": b, "id": n, "ws": False}
        for n, (a, b) in enumerate(pairs)
    ]
    spans = [{"start": a, "end": b, "label": WIDE[text[a:b]]} for a, b in pairs]
    tagset = TagSet(with_keys([Tag(tag) for tag in WIDE.values()]))
    task = {"text": text, "tokens": tokens, "spans": spans}
    async with tagging(tmp_path, task, tagset=tagset, answers=None) as here:
        words, below = rows(here)[:2]
        assert below.split() == ["名詞-固有…", "助詞-係助…", "名詞-固有…", "記号"]
        columns = [[visible_width(row[: found.start()]) for found in re.finditer(r"\S+", row)]
                   for row in (words, below)]  # fmt: skip
        assert columns[0] == columns[1]
        assert here.bar.endswith("? help")
        assert visible_width(here.bar) < here.app.size.width


async def test_nothing_moves_when_a_tag_changes(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT) as here:
        before = rows(here)[::2]
        for key in "nmitjs,x":
            await here.press(key, "left")
        await here.press("first", "home")
        assert rows(here)[::2] == before
        here.assert_painted("tags that changed")


async def test_letters_tag_and_lead_on_and_the_line_is_written(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT, correct=True) as here:
        await here.press("m")
        assert under(here) == "them"
        here.assert_painted("led on")
        await here.press("tab")
        await here.press("enter")
        await here.saved()
        (line,) = here.written()
    assert line["_view_id"] == "pos_manual"
    assert [span["label"] for span in line["spans"]] == [
        *(BEST[word][0] for word in TEXT.split()[:8]),
        "PROPN",
        "PRON",
        "PUNCT",
    ]
    assert [span["token_start"] for span in line["spans"]] == list(range(11))
    assert len(line["_suggested"]) == 11
    assert line["_keys"] == 3


async def test_a_run_is_selected_and_tagged(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT) as here:
        await here.press("ctrl+home", "shift+right", "shift+right")
        assert "3 tokens selected" in here.status
        await here.press("n")
        assert tags(here)[:4] == ["NOUN", "NOUN", "NOUN", "PROPN"]
        assert under(here) == "Tuesday"
        here.assert_painted("a run")


async def test_digits_pick_and_other_keys_find_undo_and_jump(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT) as here:
        await here.press("2")
        assert tags(here)[8] == "PROPN"
        await here.press("u")
        assert tags(here)[8] == "VERB"
        assert under(here) == "replace"
        await here.press("/")
        await here.write("two")
        await here.press("enter")
        assert under(here) == "two"
        await here.press("'")
        assert "type a hint" in here.status
        here.assert_painted("hints")
        view: Any = here.app.annotation.view
        hint = next(h for h, at in view.hints.items() if at == 0)
        await here.press(*hint)
        assert under(here) == "President"
        here.assert_painted("after a jump")
        await here.press("'")
        hint = next(h for h, at in view.hints.items() if at == TEXT.index("Tuesday"))
        await here.press(*hint.upper(), "x")
        assert tags(here)[:4] == ["AUX"] * 4


async def test_keys_of_two_letters_are_shown_as_one_types(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT, tagset=XPOS, answers=lambda document: ()) as here:
        assert here.bar.startswith(" nn NN ns NNS")
        assert here.status.endswith("tab  11 without a tag")
        await here.press("m")
        assert here.status.startswith(" m…  m NNP  s NNPS")
        await here.press("m")
        assert tags(here)[0] == "NNP"
        await here.press("i")
        assert tags(here)[1] == "IN"
        await here.press("n", "z")
        assert "no label has the key nz" in here.status
        assert tags(here)[2] is None
        await here.press("n", "escape", "escape", "n", "n")
        assert tags(here)[2] == "NN"
        here.assert_painted("chords")


async def test_a_task_with_tags_shows_them_and_gives_them_back(tmp_path: Path) -> None:
    tokens = [
        {"text": "au", "start": 0, "end": 2, "id": 5, "pos": "ADP+DET"},
        {"text": "parc", "start": 3, "end": 7, "id": 6, "pos": "NOUN"},
        {"text": "¡", "start": 8, "end": 9, "id": 7, "pos": ""},
    ]
    task = {"text": "au parc ¡", "tokens": tokens}
    async with tagging(tmp_path, task, answers=lambda document: ()) as here:
        assert rows(here) == ["   au       parc   ¡", "   ADP+DET  NOUN   ·"]
        await here.press("ctrl+home", "+")
        assert "the next tag is added to this" in here.status
        await here.press("n")
        assert tags(here)[0] == "ADP+DET+NOUN"
        await here.press("u", "a")
        assert "1 token has no tag: accept again" in here.status
        await here.press("a")
        await here.saved()
        (line,) = here.written()
    assert line["tokens"] == tokens
    assert [(s["token_start"], s["label"]) for s in line["spans"]] == [(5, "ADP+DET"), (6, "NOUN")]


async def test_a_draft_brings_tags_and_cursor_back(tmp_path: Path) -> None:
    async with tagging(tmp_path, TEXT) as here:
        await here.press("m", "ctrl+home", "x")
    async with tagging(tmp_path, TEXT) as here:
        assert tags(here)[0] == "AUX"
        assert tags(here)[8] == "PROPN"
        assert under(here) == "Bush"
        assert not here.output.exists() or here.written() == []


@pytest.mark.parametrize("depth", ["true", "256", "16", "mono"])
async def test_unsure_and_changed_tags_stand_out_in_every_depth(tmp_path: Path, depth: Any) -> None:
    async with tagging(tmp_path, TEXT, depth=depth) as here:
        await here.press("ctrl+home", "n")
        sure, unsure, changed = (
            here.style_of(what) for what in ("NUM  ", "VERB?", "NOUN       PROPN")
        )
        assert unsure.bold
        assert changed.bold
        assert not sure.bold
        assert sure.dim or sure.color is not None
        assert here.style_of("Bush").reverse


async def test_a_small_screen_shows_the_tag_whole_in_the_status_line(tmp_path: Path) -> None:
    long = TagSet(with_keys([*UPOS.tags[:2], Tag("ADVERBIAL_CLAUSE_MARKER")]))
    async with tagging(
        tmp_path, "so that works", tagset=long, answers=lambda document: (), size=(60, 15)
    ) as here:
        await here.press("d", "left")
        assert rows(here) == ["   so          that        works", "   ADVERBIAL…  ·           ·"]
        assert "ADVERBIAL_CLAUSE_MARKER" in here.status
        assert max(len(line) for line in here.lines()) <= 60


async def test_moving_by_rows_and_pages_in_a_long_text(tmp_path: Path) -> None:
    async with tagging(tmp_path, " ".join([TEXT] * 40)) as here:
        await here.press("ctrl+home", "right", "down")
        assert under(here) == "them"
        await here.press("up")
        assert under(here) == "Bush"
        await here.press("end", "pagedown", "pageup", "up")
        here.assert_painted("moves")
        await here.press("ctrl+end")
        assert under(here) == "."
        here.assert_painted("the end")
        await here.resize(100, 30)
        assert under(here) == "."
        here.assert_painted("another width")
