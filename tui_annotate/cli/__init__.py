"""The command line: one module per family of commands."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `tui-annotate` and end the process with its exit code."""
    # What starting up makes is kept: collecting it would cost a quarter of the start.
    gc.disable()
    from tui_annotate.cli.program import run

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
