"""Packages with suggesters, installed for a test as pip would do it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "plugins.md"

Groups = Mapping[str, Mapping[str, str]]
"""Of each group of entry points the names in it, and what they stand for."""


def example(heading: str) -> tuple[str, Groups]:
    """The module and the entry points that a part of the documentation shows."""
    part = EXAMPLES.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    blocks = dict(re.findall(r"```(\w+)\n(.*?)```", part.partition("\n## ")[0], re.DOTALL))
    return blocks["python"], tomllib.loads(blocks["toml"])["project"]["entry-points"]


def install(folder: Path, patch: pytest.MonkeyPatch, groups: Groups, **modules: str) -> None:
    """Put a package on the path, of this process and of those that it starts.

    Args:
        folder: Where to put it.
        patch: What takes it off the path again.
        groups: Its entry points.
        **modules: The text of each of its modules.
    """
    write(folder, groups, **modules)
    patch.syspath_prepend(folder)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    patch.setenv("PYTHONPATH", os.pathsep.join(paths))


def write(folder: Path, groups: Groups, **modules: str) -> None:
    """Put a package into a folder; see `install`."""
    name = "_".join(modules)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in entries.items())
            for group, entries in groups.items()
        )
    )
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)
