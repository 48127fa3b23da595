"""The cache of what is computed from sounds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.audio.cache import Cache, configured_limit
from tui_annotate.audio.header import Stamp
from tui_annotate.cli.program import program
from tui_annotate.errors import AnnotateError
from tui_annotate.sizes import size_of, size_text

HOURS = 3600


def put(cache: Cache, name: str, size: int, hours_ago: float = 2) -> Path:
    path = cache.path(name, Stamp(1, 2), "peaks")
    part = cache.begin(path)
    part.write_bytes(bytes(size))
    cache.finish(part, path)
    used = time.time() - hours_ago * HOURS
    os.utime(path, (used, used))
    return path


def test_what_was_used_least_recently_goes_when_there_is_too_much(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=250)
    old = put(cache, "old", 100, 5)
    older = put(cache, "older", 100, 6)
    assert cache.find("older", Stamp(1, 2), "peaks") == older  # and so it counts as used now
    new = put(cache, "new", 100)
    assert not old.exists()
    assert older.exists()
    assert new.exists()


def test_what_a_session_may_be_at_work_on_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=10)
    recent = put(cache, "recent", 100, 0.5)
    new = put(cache, "new", 100)
    assert recent.exists()
    assert new.exists()


def test_a_sound_that_changed_has_other_files(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    paths = {
        cache.path(name, stamp, kind)
        for name in ("a.wav", "b.wav", "caf\udce9.wav")
        for stamp in (Stamp(1, 2), Stamp(1, 3), Stamp(2, 2))
        for kind in ("peaks", "flac")
    }
    assert len(paths) == 18
    assert cache.path(str(tmp_path / ".." / "a"), Stamp(1, 2), "peaks") == cache.path(
        str(tmp_path.parent / "a"), Stamp(1, 2), "peaks"
    )


def test_what_a_killed_process_was_writing_is_removed_and_is_never_taken(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    path = cache.path("a.wav", Stamp(1, 2), "peaks")
    mine = cache.begin(path)
    mine.write_bytes(b"half")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    theirs = mine.with_name(mine.name.replace(f"-{os.getpid()}.", f"-{ended.pid}."))
    theirs.write_bytes(b"half")
    assert cache.find("a.wav", Stamp(1, 2), "peaks") is None
    cache.trim()
    assert mine.exists()
    assert not theirs.exists()


def test_what_is_being_written_stays_when_all_is_cleared(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    path = cache.path("a.wav", Stamp(1, 2), "flac")
    put(cache, "b.wav", 10)
    part, twin = cache.begin(path), cache.begin(path)
    assert part != twin
    part.write_bytes(b"half")
    assert cache.clear().files == 1
    part.write_bytes(b"whole")
    cache.finish(part, path)
    assert path.read_bytes() == b"whole"


def test_only_its_owner_may_look_into_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "new")
    cache.begin(cache.path("a", Stamp(1, 2), "peaks"))
    assert cache.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "cache")
    with pytest.raises(AnnotateError, match="the cache cannot be written") as raised:
        cache.begin(cache.path("a", Stamp(1, 2), "peaks"))
    assert "XDG_CACHE_HOME" in str(raised.value)


def test_the_limit_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path))
    monkeypatch.delenv("TUI_ANNOTATE_CACHE_SIZE", raising=False)
    assert configured_limit() == 4_000_000_000
    (tmp_path / "config.toml").write_text('cache_size = "500 MB"\n')
    assert configured_limit() == 500_000_000
    monkeypatch.setenv("TUI_ANNOTATE_CACHE_SIZE", "2g")
    assert configured_limit() == 2_000_000_000
    monkeypatch.setenv("TUI_ANNOTATE_CACHE_SIZE", "a lot")
    with pytest.raises(AnnotateError, match="'a lot' is not a valid size"):
        configured_limit()
    monkeypatch.delenv("TUI_ANNOTATE_CACHE_SIZE")
    (tmp_path / "config.toml").write_text('\ncache_size = "much"\n')
    with pytest.raises(AnnotateError) as raised:
        configured_limit()
    assert raised.value.where == f"{tmp_path / 'config.toml'}:2"


@given(st.integers(0, 10**15))
def test_a_size_is_read_back_to_the_figures_that_are_shown(size: int) -> None:
    read = size_of(size_text(size).replace("bytes", ""))
    assert read == pytest.approx(size, rel=0.06)


def test_the_command_shows_and_clears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path))
    monkeypatch.setenv("TUI_ANNOTATE_CACHE_SIZE", "1 GB")
    put(Cache(), "a", 2500)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(program, ["cache", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    assert "in all  1 file, 2.5 kB\n" in run("info")
    assert "limit   1.0 GB (" in run()
    assert run("clear") == "removed 1 file, 2.5 kB\n"
    assert "in all  0 files, 0 bytes\n" in run("info")
