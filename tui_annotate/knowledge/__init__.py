"""Knowledge bases: entities with names, and the search for the one that a text means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_annotate.knowledge.linker import Linker


def open(path: str | Path) -> Linker:
    """Open a knowledge base for a session.

    Args:
        path: A file of `tui-annotate kb build`; a spaCy KnowledgeBase, or a folder with
            one; or a small table of entities (CSV, TSV, JSONL).

    Raises:
        AnnotateError: It is not there, is none of these, or is empty.
    """
    from tui_annotate.knowledge.linker import Linker
    from tui_annotate.knowledge.opening import open_base
    from tui_annotate.progress import Progress

    with Progress() as report:
        return Linker(open_base(Path(path), report=report))
