"""What the sections of a Google-style docstring say, name by name."""

from __future__ import annotations

import re
import textwrap


def section(docstring: str, heading: str) -> dict[str, str]:
    """Return what a section such as ``Args`` or ``Attributes`` says about each name.

    Args:
        docstring: The docstring, cleaned of its indentation.
        heading: The section.
    """
    match = re.search(rf"^{heading}:\n((?:[ \t]+.*\n?|\n)+)", docstring, re.MULTILINE)
    if not match:
        return {}
    found: dict[str, str] = {}
    name = ""
    for line in textwrap.dedent(match[1]).splitlines():
        if head := re.match(r"\*{0,2}(\w+)(?:\s*\([^)]*\))?:\s*(.*)", line):
            name = head[1]
            found[name] = head[2].strip()
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found
