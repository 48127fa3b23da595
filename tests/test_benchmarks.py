"""The benchmarks run, on small sizes, and a table comes out."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
@pytest.mark.pty
@pytest.mark.skipif(find_spec("slate") is None, reason="the bench extra is not installed")
def test_a_smoke_run_prints_every_row_with_its_budget(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--folder", str(tmp_path / "work")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    rows = [line.strip("| ").split("|") for line in run.stdout.splitlines() if line.startswith("|")]
    whats = [row[0].strip() for row in rows]
    for what in (
        "first paint, with the text",
        "first task with suggestions",
        "cursor right, 30 % labelled, 256 colours",
        "label key, 30 % labelled, truecolor",
        "decide and show the next task, ner.manual",
        "resume on 3,000 answers",
        "resume on 3,000 answers: memory",
        "first task from a source of 3,000 lines",
        "0.2 h of 16 kHz WAV: peaks",
        "0.2 h of 16 kHz WAV: first waveform after first paint",
        "0.2 h of 16 kHz WAV: zoom by a step",
    ):
        assert what in whats
    assert "slate: " in run.stdout
    assert not (tmp_path / "work").exists()
