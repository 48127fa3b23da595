"""Setting up: the versions that are installed, and what `make` says."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r'[a-z0-9-]+==[\w.!+]+( ; python_version == "3\.\d+"( or .+)?)?')


@pytest.fixture(scope="module")
def constraints() -> ModuleType:
    spec = importlib.util.spec_from_file_location("constraints", ROOT / ".ci" / "constraints.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_constraints_are_names_and_versions_and_name_all_that_is_needed() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["bench"], "hatchling"]
    names = {re.split(r"[^A-Za-z0-9-]", one, maxsplit=1)[0].lower() for one in wanted}
    assert names - {line.partition("==")[0] for line in lines} == set()


def test_a_version_that_differs_between_pythons_has_a_marker(constraints: ModuleType) -> None:
    text = constraints.merged("", "3.13", {"a": "1", "b": "2", "c": "1"})
    assert text.splitlines()[-3:] == ["a==1", "b==2", "c==1"]
    text = constraints.merged(text, "3.9", {"a": "1", "b": "1.5", "only-here": "3"})
    assert "# Pythons: 3.9 3.13" in text
    assert text.splitlines()[-5:] == [
        "a==1",
        'b==1.5 ; python_version == "3.9"',
        'b==2 ; python_version == "3.13"',
        'c==1 ; python_version == "3.13"',
        'only-here==3 ; python_version == "3.9"',
    ]
    # What one Python no longer has goes; what the others have stays.
    text = constraints.merged(text, "3.13", {"a": "2", "b": "1.5"})
    assert text.splitlines()[-4:] == [
        'a==1 ; python_version == "3.9"',
        'a==2 ; python_version == "3.13"',
        "b==1.5",
        'only-here==3 ; python_version == "3.9"',
    ]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("target", ["demo", "demo-audio"])
def test_a_demo_without_a_terminal_is_one_sentence(tmp_path: Path, target: str) -> None:
    program = tmp_path / "bin" / "tui-annotate"
    program.parent.mkdir()
    (program.parent / "python").touch()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui_annotate "$@"\n')
    program.chmod(0o755)
    (tmp_path / ".installed-tested").touch()
    # The tests may themselves run in a make, which this one is no part of.
    environment = {k: v for k, v in os.environ.items() if not re.match("M(AKE|FLAGS)", k)}
    made = subprocess.run(
        ["make", target, f"VENV={tmp_path}", "NEWEST="],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.stdout == ""
    assert re.fullmatch(r"tui-annotate: .*terminal.*\n", made.stderr)
    assert made.returncode == 0
