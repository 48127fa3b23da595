"""A sample of `make fuzz-readers`: damaged files of every format are read, or refused."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests import fuzz_readers
from tui_annotate.formats import formats
from tui_annotate.formats.format import Format

READ = [one for one in formats() if one.reader is not None or one.timed is not None]


@pytest.mark.parametrize("one", READ, ids=lambda one: one.name)
def test_damaged_files_are_read_or_refused(
    one: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of real files there may be none here; a reader has to stand the same everywhere.
    monkeypatch.setattr(fuzz_readers, "SHARED", tmp_path / "none")
    assert fuzz_readers.seeds(one.name), "add a small file of the format to OWN"
    before = signal.signal(signal.SIGALRM, fuzz_readers.stop)
    try:
        assert list(fuzz_readers.tried(one, 60, tmp_path)) == []
    finally:
        signal.signal(signal.SIGALRM, before)
