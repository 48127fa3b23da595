"""The README's picture is what the program draws."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "picture.py"


@pytest.mark.pty
def test_the_picture_of_a_session_is_what_the_demo_shows() -> None:
    script = runpy.run_path(str(PICTURE))
    drawn = script["drawn"](script["session_screen"]())
    shown = (PICTURE.parent / "session.svg").read_text(encoding="utf-8")
    assert drawn == shown, "run `make readme` and look at docs/session.svg"
