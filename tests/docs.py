"""What tests of the docs share: their pages, the blocks on them, and packages made of these."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

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
    part = page("plugins.md").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    (code,), (project,) = blocks(part, "python"), blocks(part, "toml")
    packages = folder / "packages"
    info = packages / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    groups = tomllib.loads(project)["project"]["entry-points"]
    (info / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in entries.items())
            for group, entries in groups.items()
        )
    )
    (packages / f"{module}.py").write_text(code, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join(map(str, (CHECKOUT, packages)))}
