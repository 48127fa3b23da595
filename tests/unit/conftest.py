"""Fixtures of unit tests: the command line up to the session that it would run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from tui_annotate.recipe import Session
from tui_annotate.session.run_settings import RunSettings, Summary

Err = Callable[[], str]


@dataclass
class Opened:
    """The sessions that were opened, and what the next one tells on leaving."""

    sessions: list[tuple[Session, RunSettings]] = field(default_factory=list)
    exit_code: int = 0

    @property
    def session(self) -> Session:
        return self.sessions[-1][0]

    @property
    def settings(self) -> RunSettings:
        return self.sessions[-1][1]

    def run_session(self, session: Session, settings: RunSettings) -> Summary:
        self.sessions.append((session, settings))
        return Summary(3, 2, 1, 0, settings.output, self.exit_code)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Run in an empty folder, with no settings; sessions are noted instead of run."""
    opened = Opened()
    module = ModuleType("tui_annotate.run")
    module.__dict__["run_session"] = opened.run_session
    monkeypatch.setitem(sys.modules, "tui_annotate.run", module)
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOGNAME", "sam")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return opened


@pytest.fixture
def err(capsys: pytest.CaptureFixture[str]) -> Err:
    return lambda: capsys.readouterr().err
