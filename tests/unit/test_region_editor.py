"""The editor of regions."""

from __future__ import annotations

from typing import Any

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.editor import Outcome
from tui_annotate.editors.regions import RegionEditor

RATE = 1000
"""Frames per second: a frame is a millisecond."""


def clip(frames: int = 10_000, rate: int = RATE, channels: int = 1) -> Clip:
    return Clip(b"a.wav", b"a.wav", rate, channels, 0, frames)


def editor(*labels: str, **options: Any) -> RegionEditor:
    return RegionEditor(clip(options.pop("frames", 10_000)), labels or ("ANNA", "BEN"), **options)


def do(one: RegionEditor, *keys: str | int) -> Outcome | None:
    """Commands after each other; a number goes to that frame, ``label=X`` labels."""
    found: Outcome | None = None
    for key in keys:
        if isinstance(key, int):
            one.move_to(key)
        else:
            command, _, argument = key.partition("=")
            found = one.do(command, argument or None)
            assert found is not None, f"the editor knows no {command}"
    return found


def there(one: RegionEditor) -> list[tuple[int, int, str]]:
    return [(region.start, region.end, region.label) for region in one.regions]


def test_a_label_closes_what_was_marked() -> None:
    one = editor()
    do(one, 1000, "mark_in", 2500, "label=BEN")
    assert there(one) == [(1000, 2500, "BEN")]
    assert one.active is not None
    assert one.mark_in is None
