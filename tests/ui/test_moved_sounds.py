"""Sounds that have another path than when they were decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.ui.sounds import beeps, listening
from tui_annotate.audio.content import fingerprint


def four(folder: Path) -> list[str]:
    """Four sounds, each another one."""
    names = [f"{name}.wav" for name in "abcd"]
    for n, name in enumerate(names):
        beeps(folder / name, (n, n + 0.5))
    return names


def answers(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["audio"], line["answer"]) for line in lines]


async def test_a_decided_sound_by_another_path_is_not_asked_again(tmp_path: Path) -> None:
    names = four(tmp_path)
    async with listening(tmp_path, *names) as here:
        await here.press("a", "x", "a")
        await here.saved()
        assert {line["_sound_hash"] for line in here.written()} == {
            fingerprint(str(tmp_path / name)) for name in names[:3]
        }
    (tmp_path / "old").mkdir()
    for name in names:
        (tmp_path / name).rename(tmp_path / "old" / name)
    (tmp_path / "old/c.wav").rename(tmp_path / "old/z.wav")
    moved = ["old/a.wav", "old/b.wav", "old/z.wav", "old/d.wav"]
    async with listening(tmp_path, *moved, size=(120, 30)) as here:
        assert here.item.task.subject == "old/d.wav"
        said = " ".join(here.screen().split())
        assert "3 recordings are decided by other paths; they are not asked again:" in said
        assert "a.wav is now old/a.wav; b.wav is now old/b.wav, and 1 more." in said
        assert "not in this source" not in said
        assert "75 %" in here.lines()[0]
        # The decision is there to look at, and to make again.
        await here.press("backspace")
        assert here.item.task.subject == "old/z.wav"
        await here.press("x")
        await here.saved()
        last = here.written()[-1]
        assert (last["audio"], last["answer"]) == ("old/z.wav", "reject")
    async with listening(tmp_path, *moved) as here:
        assert here.item.task.subject == "old/d.wav"
        assert "other paths" not in here.screen()
        await here.press("a")
        await here.saved()
        assert len({line["_task_id"] for line in here.written()}) == 4
    (tmp_path / "old").rename(tmp_path / "older")
    again = [name.replace("old", "older") for name in moved]
    async with listening(tmp_path, *again) as here:
        assert here.app.engine.stage == "done"
    beeps(tmp_path / "new.wav", (1, 9))
    async with listening(tmp_path, *again, "new.wav") as here:
        said = " ".join(here.screen().split())
        assert "not in this source" not in said
        assert "other paths" not in said


async def test_another_sound_of_the_same_name_and_two_equal_ones_are_asked(tmp_path: Path) -> None:
    four(tmp_path)
    (tmp_path / "e.wav").write_bytes((tmp_path / "a.wav").read_bytes())
    async with listening(tmp_path, "a.wav", "e.wav") as here:
        await here.press("a")
        assert here.item.task.subject == "e.wav"
    beeps(tmp_path / "new.wav", (1, 9))
    (tmp_path / "sub").mkdir()
    (tmp_path / "new.wav").rename(tmp_path / "sub/a.wav")
    async with listening(tmp_path, "sub/a.wav", "e.wav") as here:
        # One of the two that are equal was decided, and it is not in this source.
        assert here.item.task.subject == "sub/a.wav"
        await here.press("a")
        await here.until(lambda: here.app.engine.stage == "done")


async def test_windows_of_a_moved_sound_are_found_each_by_itself(tmp_path: Path) -> None:
    four(tmp_path)

    def windows(name: str) -> list[dict[str, Any]]:
        return [{"audio": name, "chunk": {"start": 5.0 * n, "end": 5.0 * n + 5}} for n in range(2)]

    async with listening(tmp_path, *windows("b.wav")) as here:
        await here.press("a")
        await here.saved()
    (tmp_path / "b.wav").rename(tmp_path / "moved.wav")
    async with listening(tmp_path, *windows("moved.wav")) as here:
        assert here.item.task.fields["chunk"]["start"] == 5
        assert "b.wav is now moved.wav" in " ".join(here.screen().split())
