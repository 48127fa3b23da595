"""The first task stands on the screen with its text, whatever comes in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from tests.ui.harness import Sitting, finding, sitting
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.suggest.messages import SuggesterSpec, Tokenised

TEXT = "The mayor opened a new tram line in Lyndale on Tuesday"
SIZES = ((60, 15), (80, 24), (200, 60))
HARD = (
    "今天天气很好，我们出去玩。你好吗？" * 12
    + "\n\nSee https://www.example.org/a/very/long/address/that/fits/no/row?and=so&it=is-cut "
    + "and don't cannot, U.K.\n"
    + "สวัสดีครับ" * 20
    + "\nか\u3099 e\u0301 👩\u200d👩\u200d👧 end"
)


def session(view: str, folder: Path) -> dict[str, Any]:
    """What differs in a session of a view."""
    match view:
        case "linking":
            build([Row("Q1", "Lyndale", "town")], folder / "kb.sqlite")
            base = Linker(KnowledgeBase(folder / "kb.sqlite"))
            return {"labels": ("GPE",), "options": {"view": "linking", "knowledge": base}}
        case "tagging":
            return {
                "labels": UPOS.names,
                "keys": UPOS.keys,
                "suggesters": [SuggesterSpec("tags", "model")],
                "options": {"view": "tagging", "tagset": UPOS},
            }
        case "punctuation":
            marks = {"view": "punctuation", "marks": DEFAULT}
            return {"labels": DEFAULT.names, "keys": DEFAULT.keys, "options": marks}
        case "keyphrases":
            return {"labels": ("KEYPHRASE",), "options": {"view": view, "overlap": True}}
        case "choice":
            return {"labels": ("transport", "sport"), "suggesters": (), "options": {"view": view}}
    return {}


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    "view", ["spans", "linking", "tagging", "punctuation", "keyphrases", "choice"]
)
async def test_a_view_whose_place_is_asked_for_early_shows_its_text(
    tmp_path: Path, view: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for a widget's place builds the compositor's map, and no Resize follows then."""
    lay_out = Screen._refresh_layout

    def early(self: Screen[Any], *args: Any, **options: Any) -> None:
        compositor = self._compositor
        if compositor.root is not None:
            compositor.update_widgets(set(self.query("*")))
            assert compositor.full_map is not None
        lay_out(self, *args, **options)

    monkeypatch.setattr(Screen, "_refresh_layout", early)
    async with sitting(
        tmp_path, TEXT, size=size, answers=None, tokenises=False, **session(view, tmp_path)
    ) as here:
        for document in here.process.documents:
            here.process.tokenise(document)
        await here.until(lambda: here.item.editor is not None, "the editor")
        await here.settle()
        shown = here.screen().replace("▕", " ")
        assert "The mayor" in " ".join(shown.split())


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("text", [TEXT * 30, HARD], ids=["English", "hard"])
@pytest.mark.parametrize("view", ["spans", "linking", "keyphrases"])
async def test_the_text_stands_before_its_tokens_come_and_nothing_moves_it(
    tmp_path: Path, view: str, text: str, size: tuple[int, int]
) -> None:
    async with sitting(
        tmp_path, text, size=size, answers=None, tokenises=False, **session(view, tmp_path)
    ) as here:
        document = here.process.documents[0]
        first = _letters(here)
        assert text[:3] in "".join(first)
        # Tokens of quite another kind than the text itself suggests.
        pairs = [(n, min(n + 7, len(text))) for n in range(0, len(text), 7)]
        here.process.tell(Tokenised(document.number, pairs))
        await here.until(lambda: here.item.editor is not None, "the editor")
        await here.settle()
        assert _letters(here) == first
        here.process.suggest(
            document,
            finding((text[8:10], here.app.annotation.controller.keymap.labels[0]))(document),
        )
        await here.settle()
        assert here.item.suggested
        assert _letters(here) == first


def _letters(here: Sitting) -> list[str]:
    """The rows of the document, without those for labels: every other one."""
    view = here.app.annotation.view
    place = getattr(view, "document", view).region
    # A blank row stands above the text, and what is beside it is far off.
    return [
        line[:3] + line[3:].partition("     ")[0].rstrip()
        for line in here.lines()[place.y + 1 : place.bottom : 2]
    ]


async def test_keys_typed_ahead_of_the_tokens_act_in_order(tmp_path: Path) -> None:
    keys = ("right", "shift+right", "1", "right", "2", "c", *"ok", "enter", "right", "f", "3", "u")
    for folder in ("later", "ahead"):
        (tmp_path / folder).mkdir()
    async with sitting(tmp_path / "later", TEXT, "Two.", answers=None) as here:
        await here.press(*keys)
        expected = here.spans, here.item.comment, here.item.flagged, here.editor.caret.unit()
    async with sitting(tmp_path / "ahead", TEXT, "Two.", answers=None, tokenises=False) as here:
        await here.press(*keys, "a")
        assert f"{len(keys) + 1} keys wait for the tokens" in here.status
        here.process.tokenise(here.process.documents[0])
        await here.until(lambda: here.item.editor is not None, "the editor")
        await here.settle()
        found = here.spans, here.item.comment, here.item.flagged, here.editor.caret.unit()
        assert found == expected
        # What was pressed before there was anything to decide on decides nothing.
        assert here.written() == []
        assert "the task was not on screen yet" in here.status


async def test_what_needs_no_tokens_does_not_wait(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.", answers=None, tokenises=False) as here:
        await here.press("]")
        assert "Two." in here.screen()
        await here.press("[", "?")
        assert here.app.screen is not here.app.annotation
        await here.press("escape", "q")
        await here.until(lambda: here.process.closed)


async def test_escape_drops_keys_that_wait(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, answers=None, tokenises=False) as here:
        await here.press("1", "q", "escape")
        assert "keys dropped" in here.status
        here.process.tokenise(here.process.documents[0])
        await here.until(lambda: here.item.editor is not None, "the editor")
        await here.settle()
        assert here.spans == []


async def test_a_draft_stands_where_it_was_left(tmp_path: Path) -> None:
    text = "\n".join(f"Line {number} of a long text." for number in range(200))
    async with sitting(tmp_path, text) as here:
        await here.go("Line 150")
        await here.press("1")
        await here.saved()
    async with sitting(tmp_path, text, answers=None, tokenises=False) as here:
        first = [line for line in here.lines() if "Line" in line]
        assert any("Line 150" in line for line in first)
        here.process.tokenise(here.process.documents[0])
        await here.until(lambda: here.item.editor is not None, "the editor")
        await here.settle()
        assert [line for line in here.lines() if "Line" in line] == first
