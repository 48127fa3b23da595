"""Every action of the key table, in every view, has an owner that takes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import finding, sitting
from tests.ui.sounds import SoundSitting, beeps, listening
from tui_annotate.editors.base import innermost
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.keymap.keymap import GROUPS, Keymap, fields_of, is_label, table
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.recipe import Block

TEXT = "Angela Merkel met <b>Siemens</b> in Berlin on Monday. Merkel left Berlin."
Open = Callable[[Path], AbstractAsyncContextManager[Any]]


def text(**options: Any) -> Open:
    def opening(folder: Path) -> AbstractAsyncContextManager[Any]:
        answers = finding(("Angela", "PER"))
        return sitting(folder, TEXT, "Two.", answers=answers, guidelines="# What", **options)

    return opening


def linking(folder: Path) -> AbstractAsyncContextManager[Any]:
    build([Row("Q1", "Angela Merkel")], folder / "kb.sqlite")
    knowledge = Linker(KnowledgeBase(folder / "kb.sqlite"))
    task = {"text": TEXT, "spans": [{"start": 0, "end": 6, "label": "PER"}]}
    return sitting(folder, task, "Two.", options={"view": "linking", "knowledge": knowledge})


def sounds(view: str, **options: Any) -> Open:
    def opening(folder: Path) -> AbstractAsyncContextManager[Any]:
        beeps(folder / "call.wav", (2, 3))
        spans = [{"start": 2.0, "end": 3.0, "label": "ANNA"}] if view == "regions" else []
        task = {"audio": "call.wav", **({"audio_spans": spans} if spans else {})}
        return listening(folder, task, "call.wav", view={"view": view, **options})

    return opening


VIEWS: dict[str, Open] = {
    "spans": text(),
    "keyphrases": text(options={"view": "keyphrases"}),
    "tagging": text(labels=UPOS.names, keys=UPOS.keys, suggesters=(),
                    options={"view": "tagging", "tagset": UPOS}),
    "punctuation": text(labels=DEFAULT.names, keys=DEFAULT.keys, suggesters=(),
                        options={"view": "punctuation", "marks": DEFAULT}),
    "choice": text(suggesters=(), options={"view": "choice", "multiple": True}),
    "blocks": text(labels=(), suggesters=(), options={"view": "blocks", "blocks": [
        Block("spans", title="entities", labels=["PER"]),
        Block("choice", title="class", labels=["a", "b"]),
    ]}),
    "linking": linking,
    "regions": sounds("regions"),
    "audio_choice": sounds("audio_choice", multiple=True),
}  # fmt: skip

OWNED = {"session", "editor", "view", "question", "screen", "hints"}


def test_every_view_is_here() -> None:
    assert {*VIEWS, "transcript"} == set(GROUPS)


@pytest.mark.parametrize("view", VIEWS)
async def test_every_action_is_taken_by_its_owner(tmp_path: Path, view: str) -> None:
    async with VIEWS[view](tmp_path) as opened:
        here = opened.here if isinstance(opened, SoundSitting) else opened
        screen: Any = here.app.annotation
        controller, view_shown = screen.controller, screen.view
        keymap: Keymap = controller.keymap
        names = [entry.id for entry in keymap.table]
        assert {entry.id for entry in table(view)} <= set(names)
        await here.press("1", "left")
        for name in names:
            if name == "quit":
                continue
            owner = "editor" if is_label(name) else keymap.owner(name)
            assert owner in OWNED, name
            # Where the action before has led elsewhere, there is nothing to do it with.
            item = here.engine.current
            assert item is not None
            if innermost(item.editor) is None or controller.keymap is not keymap:
                await here.press("backspace")
            step = controller.act(name)
            screen.draw(step)
            await here.settle()
            assert step.outcome is not None, f"{owner} does not take {name}"
            while here.app.screen_stack[-1] is not screen:
                await here.press("escape")
            if controller.jumping or view_shown.takes_keys:
                await here.press("escape")
            if here.engine.current is None:
                await here.press("backspace")
        await here.press("q")
        await here.until(lambda: here.process.closed)


@pytest.mark.parametrize("entry", fields_of("regions"), ids=lambda entry: entry.id)
async def test_a_field_takes_the_keys_of_its_actions(tmp_path: Path, entry: Any) -> None:
    assert entry.owner == "field"
    async with VIEWS["regions"](tmp_path) as opened:
        here = opened.here
        await here.press("tab", "t")
        view = here.app.annotation.view
        for key in entry.keys:
            assert view.takes_keys
            assert view.take_key(key, None)
            await here.settle()
            while here.app.screen is not here.app.annotation:
                await here.press("escape")


@pytest.mark.parametrize("view", ["spans", "punctuation", "regions"])
async def test_guidelines_open_with_the_section_of_the_label_under_the_cursor(
    tmp_path: Path, view: str
) -> None:
    async with VIEWS[view](tmp_path) as opened:
        here = opened.here if isinstance(opened, SoundSitting) else opened
        here.app.annotation.guidelines = (
            "# All\n\nEvery name.\n\n# PER\n\nPeople.\n\n# ANNA\n\nShe."
        )
        await here.press(*(["tab"] if view == "regions" else []), "i")
        first = here.screen().split()
        named = {"spans": "PER", "regions": "ANNA", "punctuation": "All"}[view]
        assert min((first.index(one), one) for one in ("All", "PER", "ANNA"))[1] == named
