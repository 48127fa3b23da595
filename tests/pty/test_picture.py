"""The README's pictures are what the program draws."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCRIPT = runpy.run_path(str(DOCS / "picture.py"))


@pytest.mark.pty
@pytest.mark.parametrize("picture", SCRIPT["PICTURES"], ids=lambda one: str(one.name))
def test_a_picture_of_a_session_is_what_the_program_shows(picture: Any) -> None:
    drawn = SCRIPT["drawn"](SCRIPT["screen_of"](picture))
    shown = (DOCS / picture.name).read_text(encoding="utf-8")
    assert drawn == shown, f"run `make docs` and look at docs/{picture.name}"


def test_the_readme_shows_them_all() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"(docs/{one.name})" in readme for one in SCRIPT["PICTURES"])
