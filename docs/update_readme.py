"""Write the tables of keys in README.md anew, from the table in the program."""

from __future__ import annotations

import re
from pathlib import Path

from tui_annotate.cli.keys import tables
from tui_annotate.keymap.keymap import table

README = Path(__file__).resolve().parent.parent / "README.md"


def updated(readme: str) -> str:
    """Return the README with the tables as they are now."""
    keys = tables((action, action.keys) for action in table())
    return re.sub(
        r"(?s)(<!-- keys -->\n).*?(<!-- /keys -->)", lambda m: f"{m[1]}{keys}{m[2]}", readme
    )


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
