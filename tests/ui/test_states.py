"""States of a session: waiting, empty, done, broken; each says what it is and the way on."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.ui.harness import FakeProcess, GlassApp, Sitting, engine_over, finding, sitting
from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.store.disk import Disk
from tui_annotate.ui.screens.prompt import Prompt
from tui_annotate.ui.theme import depth_of

TEXT = "Angela Merkel met executives of Siemens in Berlin on Monday."


# ── beginning and end ──────────────────────────────────────────────────────


async def test_an_empty_source_says_so_and_can_be_left(tmp_path: Path) -> None:
    async with sitting(tmp_path) as here:
        assert "There are no tasks in news.jsonl." in here.screen()
        for key in ("a", "x", "space", "1", "u", "f", "c", "backspace", "]", "[", "tab", "s", ";"):
            await here.press(key, "escape")
        assert here.written() == []
        await here.press("q")
        await here.until(lambda: here.process.closed)


async def test_everything_done_is_summed_up_and_backspace_still_goes_back(tmp_path: Path) -> None:
    async with sitting(tmp_path, *"abcd") as here:
        await here.press("a", "a", "x", "space")
        screen = here.screen()
        assert "All tasks are decided" in screen
        for part in ("4 decided", "2 accepted", "1 rejected", "1 skipped"):
            assert part in screen
        # However long, and wherever it is cut into rows.
        assert str(here.output) in "".join(line.strip() for line in here.lines())
        await here.press("a", "1", "x")
        assert len(here.written()) == 4
        await here.press("backspace")
        assert here.item.position == 3
        assert "skipped" in here.top
        await here.press("a")
        assert here.answers() == ["accept", "accept", "reject", "ignore", "accept"]
        assert "All tasks are decided" in here.screen()


async def test_back_without_limit_and_on_again(tmp_path: Path) -> None:
    async with sitting(tmp_path, *"abcdef") as here:
        await here.press("a", "x", "a", "space")
        for position in (3, 2, 1, 0):
            await here.press("backspace")
            assert here.item.position == position
        await here.press("backspace")
        assert here.item.position == 0
        assert "no earlier decision" in here.status
        await here.press("x")
        assert here.item.position == 4
        assert here.answers()[-1] == "reject"


async def test_a_session_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.", "Three.") as here:
        await here.press("a", "1", "right")
    async with sitting(tmp_path, TEXT, "Two.", "Three.") as here:
        assert here.item.position == 1
        assert here.spans == [("Two", "PER")]
        assert here.under == "."
        assert "2 of 3" in here.top
        assert "33 %" in here.top


async def test_progress_in_the_top_line(tmp_path: Path) -> None:
    async with sitting(tmp_path, *"abcd") as here:
        assert "ner.manual  news.jsonl" in here.top
        assert "1 of 4  0 %" in here.top
        await here.press("a")
        await here.saved()
        assert "2 of 4  25 %  saved  ann" in here.top


# ── suggestions ────────────────────────────────────────────────────────────


async def test_while_the_pipeline_loads_nothing_is_decided(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, answers=None, tokenises=False) as here:
        assert "loading" in here.status
        await here.press("a")
        assert "the task is loading; key ignored" in here.status
        await here.press("1", "x", "space", "right")
        assert "4 keys wait for the tokens; esc drops them" in here.status
        assert here.written() == []
        assert "Angela" in here.screen()
        here.process.tell(Ready({}))
        for document in here.process.documents:
            here.process.tokenise(document)
        await here.settle()
        assert here.spans == [("Angela", "PER")]
        assert here.editor.text[slice(*here.editor.caret.unit())] == "Merkel"
        assert here.written() == []
        await here.press("a")
        assert len(here.written()) == 1


async def test_a_correction_waits_for_suggestions(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.", answers=None, correct=True) as here:
        await here.press("a")
        assert here.written() == []
        assert "suggestions are loading; ctrl+l decides without them" in here.status
        here.process.suggest(
            here.process.documents[0], finding(("Siemens", "ORG"))(here.process.documents[0])
        )
        await here.settle()
        await here.press("a")
        assert [s["label"] for s in here.written()[0]["spans"]] == ["ORG"]


async def test_without_the_suggestion_process_annotation_goes_on(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.", answers=None, tokenises=False, correct=True) as here:
        here.process.tell(Gone("the suggestion process was ended by SIGKILL"))
        await here.settle()
        assert "the suggestion process was ended by SIGKILL" in here.status
        await here.press("1")
        assert "suggestions stopped (process ended)" in here.status
        assert here.spans == [("Angela", "PER")]
        await here.press("a")
        assert here.answers() == ["accept"]
        assert "Two." in here.screen()


async def test_a_source_that_fails_is_named(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        here.process.tell(Failed("the patterns cannot be used", "patterns"))
        await here.settle()
        assert "the patterns cannot be used" in here.status


async def test_what_a_failed_source_would_suggest_is_waived_before_a_decision(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, TEXT, "Two.", correct=True) as here:
        here.process.tell(Failed("model has failed", "model"))
        await here.settle()
        await here.press("a")
        assert "model suggests nothing any more; ctrl+l goes on without it" in here.status
        await here.press("ctrl+l")
        assert "going on without suggestions of model" in here.status
        await here.press("a")
        assert "Two." in here.screen()
        await here.press("a")
        assert here.answers() == ["accept", "accept"]


async def test_that_nothing_is_left_names_the_next_key(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("ctrl+end", "tab")
        assert "nothing left to check; ctrl+home goes to the start; a accepts" in here.status
        await here.press("ش", "क")
        assert "no key for “क” here; switch to a Latin layout" in here.status


async def test_f11_says_that_there_are_no_label_rows(tmp_path: Path) -> None:
    options = {"view": "choice"}
    async with sitting(tmp_path, TEXT, labels=["A", "B"], options=options) as here:
        await here.press("f11")
        assert "this view has no label rows to hide" in here.status


# ── saving ─────────────────────────────────────────────────────────────────


class FullDisk(Disk):
    """Has no room while it is full."""

    full = False

    def write(self, fd: int, data: bytes) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(fd, data)


async def test_a_full_disk_keeps_the_message_and_the_decision(tmp_path: Path) -> None:
    disk = FullDisk()
    async with sitting(tmp_path, TEXT, "Two.", "Three.", disk=disk) as here:
        await here.press("a")
        await here.saved()
        disk.full = True
        await here.press("1", "x")
        await here.until(lambda: here.engine.journal.state == "failed")
        await here.settle()
        assert here.answers() == ["accept"]
        assert "NOT SAVED" in here.top
        assert "No space left on device" in here.status
        # The message stays, and the decision is in the way of the next one.
        for key in ("right", "1", "escape", "f"):
            await here.press(key)
            assert "No space left on device" in here.status
        await here.press("a")
        assert here.item.position == 2
        assert here.answers() == ["accept"]
        # Leaving now would lose it: that has to be said twice.
        await here.press("q")
        assert not here.process.closed
        assert "not saved" in "\n".join(here.lines()[-2:]).lower()
        disk.full = False
        await here.saved()
        assert here.answers() == ["accept", "reject"]
        assert [s["label"] for s in here.written()[1]["spans"]] == ["PER"]
        # What was pressed meanwhile is a draft, which the full disk has kept waiting too.
        await here.until(lambda: "NOT SAVED" not in here.screen())
        await here.press("a")
        assert here.answers() == ["accept", "reject", "accept"]


async def test_leaving_with_an_unsaved_decision_has_to_be_said_twice_each_time(
    tmp_path: Path,
) -> None:
    disk = FullDisk()
    async with sitting(tmp_path, *"abcd", disk=disk) as here:
        for decided in (1, 2):
            disk.full = True
            await here.press("a")
            await here.until(lambda: here.engine.journal.state == "failed")
            await here.press("q")
            assert not here.process.closed
            disk.full = False
            await here.saved()
            assert len(here.answers()) == decided
        disk.full = True
        await here.press("a")
        await here.until(lambda: here.engine.journal.state == "failed")
        await here.press("q", "q")
        await here.until(lambda: here.process.closed)


async def test_a_session_that_was_taken_over_decides_nothing_more(tmp_path: Path) -> None:
    lost = False
    async with sitting(tmp_path, TEXT, lost=lambda: lost) as here:
        lost = True
        await here.press("a")
        assert here.written() == []
        assert "another session has taken over" in here.status


async def test_a_draft_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        here.engine.context.writer.error = "No space left on device"
        await here.press("1")
        assert "DRAFT NOT SAVED" in here.top


# ── lines that are no task ─────────────────────────────────────────────────


async def test_a_broken_line_reached_later_is_shown_with_the_offer_to_skip_it(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, "One.", b'{"text": 5}', "Three.") as here:
        await here.press("a")
        whole = "".join(line.strip() for line in here.lines())
        assert f"{tmp_path / 'news.jsonl'}:2" in whole
        assert '"text" is a number' in here.screen().replace("\n  ", "")
        assert "space skip" in here.screen()
        await here.press("a", "x", "1", "u", "f", "s", "tab")
        assert here.answers() == ["accept"]
        assert "This task cannot be shown." in here.screen()
        await here.press("space")
        assert "Three." in here.screen()
        await here.press("a")
        assert here.answers() == ["accept", "accept"]
        assert "All tasks are decided" in here.screen()
        await here.press("backspace", "backspace")
        assert here.item.position == 0


async def test_skip_invalid_passes_over_it(tmp_path: Path) -> None:
    async with sitting(tmp_path, "One.", b"{broken", "Three.", skip_invalid=True) as here:
        await here.press("a")
        assert "Three." in here.screen()


# ── the terminal ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (20, 3)])
async def test_too_small_a_terminal_says_so_and_goes_on_when_it_grows(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("shift+right")
        before = here.lines()
        await here.resize(*size)
        assert f"{size[0]}×{size[1]}" in here.screen()
        assert "Angela" not in here.screen()
        await here.press("1", "a", "c")
        assert here.written() == []
        assert here.spans == []
        await here.resize(80, 24)
        assert here.lines() == before
        assert here.selected == "Angela Merkel"


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (200, 60)])
async def test_every_size_from_the_smallest_holds_text_labels_and_status(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with sitting(tmp_path, TEXT, size=size) as here:
        await here.press("1")
        lines = here.lines()
        assert len(lines) == size[1]
        assert "Angela Merkel met" in lines[4]
        assert "PER───" in lines[5]
        assert "1 PER 1" in here.bar
        assert "? help" in here.bar
        assert "Angela  token 0" in here.status
        assert "saved" in here.top


async def test_a_resize_keeps_task_cursor_and_selection(tmp_path: Path) -> None:
    text = " ".join(f"word{n}" for n in range(400))
    async with sitting(tmp_path, "One.", text) as here:
        await here.press("a")
        await here.go("word300")
        await here.press("shift+right", "shift+right")
        for size in ((100, 30), (60, 15), (73, 40), (80, 24)):
            await here.resize(*size)
            assert here.item.position == 1
            assert here.selected == "word300 word301 word302"
            assert here.style_of("word302").reverse
            assert here.style_of("word300").underline
            here.assert_painted(f"resize to {size}")


async def test_a_resize_under_a_field_keeps_its_text(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("c")
        await here.write("half")
        await here.resize(100, 30)
        assert isinstance(here.app.screen, Prompt)
        assert "half" in here.lines()[-1]
        assert "Angela" in here.screen()
        await here.press("enter")
        assert here.item.comment == "half"


@pytest.mark.parametrize(
    ("system", "depth"),
    [("truecolor", "true"), ("256", "256"), ("standard", "16"), ("windows", "16"), (None, "mono")],
)
def test_the_depth_of_colour_of_a_terminal(system: str | None, depth: str) -> None:
    assert depth_of(system) == depth


async def test_no_color_means_mono(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with engine_over(tmp_path, [TEXT], FakeProcess()) as engine:
        app = GlassApp(engine, leave=lambda compact: None)
        assert app.depth == "mono"


# ── around the task ────────────────────────────────────────────────────────


async def test_meta_stands_in_a_dim_row(tmp_path: Path) -> None:
    task = {"text": TEXT, "meta": {"source": "Reuters\x1b[31m", "id": 7}}
    async with sitting(tmp_path, task) as here:
        row = here.lines()[2]
        assert "source: Reuters␛[31m" in row
        assert "id: 7" in row
        assert here.style(2, 4) == here.app.colours.dim


async def test_context_shows_the_tasks_before_and_after_dim(tmp_path: Path) -> None:
    texts = ["First one.", "Second one.", "Third one.", "Fourth one.", "Fifth one."]
    async with sitting(tmp_path, *texts, context=2) as here:
        await here.press("]", "]")
        order = [here.find(text)[0] for text in texts]
        assert order == sorted(order)
        assert here.style_of("Second one.") == here.app.colours.dim
        assert here.style_of("Fourth one.") == here.app.colours.dim
        assert here.style_of("Third one.", 6) != here.app.colours.dim
        await here.press("]", "]")
        assert "Fourth one." in here.screen()
        assert "Second one." not in here.screen()


async def test_labels_of_the_tasks_are_the_set_where_none_is_named(tmp_path: Path) -> None:
    def task(text: str, label: str) -> dict[str, object]:
        return {"text": text, "spans": [{"start": 0, "end": 3, "label": label}]}

    async with sitting(tmp_path, task("Ann.", "A"), task("Bob.", "B"), labels=()) as here:
        assert "1 A 1" in here.bar
        await here.press("a")
        assert "2 B 1" in here.bar
        await here.press("u", "2")
        assert here.spans == []


async def test_light_and_dark_are_switched_and_everything_follows(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("1", "right", "f12")
        here.assert_painted("light")
        light = here.style_of("Angela")
        await here.press("f12")
        here.assert_painted("dark")
        assert here.style_of("Angela") != light


async def decide_all(here: Sitting, count: int) -> None:
    for _ in range(count):
        await here.press("a")
        await here.saved()


async def test_pace_and_time_left_change_only_with_a_decision(tmp_path: Path) -> None:
    async with sitting(tmp_path, *(f"Text {n} here." for n in range(9))) as here:
        assert "/min" not in here.status
        await decide_all(here, 4)
        pace = here.status[here.status.index("/min") - 6 :]
        await here.press("right", "1", "left", "2")
        assert here.status.endswith(pace.rstrip()[-5:])
        assert pace.split()[0] in here.status
