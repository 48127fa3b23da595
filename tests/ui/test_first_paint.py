"""The first task stands on the screen with its text, whatever comes in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from tests.ui.harness import sitting
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.suggest.messages import SuggesterSpec

TEXT = "The mayor opened a new tram line in Lyndale on Tuesday"
SIZES = ((60, 15), (80, 24), (200, 60))


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
