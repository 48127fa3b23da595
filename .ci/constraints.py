"""Writes the versions that are installed into constraints.txt.

Run by `make upgrade`, with the Python whose versions they are: the lines of the other
Pythons stay as they are, and a version that differs between Pythons gets a marker.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from importlib.metadata import distributions
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "constraints.txt"
HEADER = """\
# The versions that the tests were run with. `make demo` and `make test` install these;
# `NEWEST=1 make test` tries the newest, and `make upgrade` writes this file anew.
# Pythons: {pythons}
"""
_LEFT_OUT = {"pip", "tui-annotate"}
_LINE = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; (?P<marker>.+))?")

Versions = dict[str, dict[str, str]]
"""By name, then by Python."""


def read(text: str) -> tuple[list[str], Versions]:
    """The Pythons that a file of constraints is for, and the versions in it."""
    found = re.search(r"^# Pythons: (.*)$", text, re.MULTILINE)
    pythons = found[1].split() if found else []
    versions: Versions = defaultdict(dict)
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            named = re.findall(r'"([\d.]+)"', match["marker"] or "")
            for python in named or pythons:
                versions[match["name"]][python] = match["version"]
    return pythons, versions


def written(pythons: list[str], versions: Versions) -> str:
    """The text of a file of constraints."""
    lines = []
    for name, by_python in sorted(versions.items()):
        for version in dict.fromkeys(
            by_python[python] for python in pythons if python in by_python
        ):
            where = [python for python in pythons if by_python.get(python) == version]
            marker = " or ".join(f'python_version == "{python}"' for python in where)
            lines.append(f"{name}=={version}" + ("" if where == pythons else f" ; {marker}"))
    return HEADER.format(pythons=" ".join(pythons)) + "".join(f"{line}\n" for line in lines)


def installed() -> dict[str, str]:
    """What is installed for this Python, by name."""
    found = {re.sub(r"[-_.]+", "-", d.name).lower(): d.version for d in distributions()}
    return {name: version for name, version in found.items() if name not in _LEFT_OUT}


def merged(text: str, python: str, now: dict[str, str]) -> str:
    """A file of constraints with the versions of one Python replaced."""
    pythons, versions = read(text)
    for by_python in versions.values():
        by_python.pop(python, None)
    for name, version in now.items():
        versions[name][python] = version
    pythons = sorted({*pythons, python}, key=lambda one: [int(part) for part in one.split(".")])
    return written(pythons, {name: one for name, one in versions.items() if one})


def main() -> None:
    """Bring the file up to date with what is installed."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    python = ".".join(map(str, sys.version_info[:2]))
    FILE.write_text(merged(text, python, installed()), encoding="utf-8")


if __name__ == "__main__":
    main()
