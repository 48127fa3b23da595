"""``python -m tui_annotate`` is ``tui-annotate``."""

from __future__ import annotations

from tui_annotate.cli import main

main()
