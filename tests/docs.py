"""What tests of the docs share: their pages, the blocks on them, and packages made of these."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.plugins import example, write

CHECKOUT = Path(__file__).resolve().parents[1]


def page(name: str) -> str:
    """A page of docs/."""
    return (CHECKOUT / "docs" / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", text)


def installed(folder: Path, heading: str, module: str) -> dict[str, str]:
    """Install the package that a part of plugins.md shows.

    Args:
        folder: Where a folder of packages is made.
        heading: The heading of the part.
        module: What its Python file is called.

    Returns:
        The environment in which it is found.
    """
    code, groups = example(heading)
    packages = folder / "packages"
    write(packages, groups, **{module: code})
    return {"PYTHONPATH": os.pathsep.join(map(str, (CHECKOUT, packages)))}
