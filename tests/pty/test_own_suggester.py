"""The suggester for text that the documentation shows, plugged into recipes of different kinds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.plugins import example, write
from tests.pty.conftest import Desk, arrive, spans

pytestmark = [pytest.mark.pty, pytest.mark.slow]

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where a package with it is installed."""
    module, groups = example("A suggester for text")
    write(tmp_path / "packages", groups, my_suggester=module)
    return {"PYTHONPATH": os.pathsep.join(map(str, (CHECKOUT, tmp_path / "packages")))}


def test_what_it_finds_is_accepted_with_one_key(desk: Desk, environment: dict[str, str]) -> None:
    source = desk.source("Ada paid 1,250 in 1999.")
    terminal = desk.start(source, "--suggest", "numbers", labels="DATE", environment=environment)
    arrive(terminal, "Ada paid").wait_for("DATE?").settle().press("a").wait_for(
        "All tasks are decided."
    ).press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    assert spans(line) == [("1,250", "DATE"), ("1999", "DATE")]
    assert {one["source"] for one in line["_suggested"]} == {"numbers"}


def test_the_same_one_ranks_the_classes_of_whole_texts(
    desk: Desk, environment: dict[str, str]
) -> None:
    terminal = desk.start(
        desk.source("Ada paid 12."), "--suggest", "numbers",
        recipe="textcat.manual", labels="AMOUNT,OTHER", environment=environment,
    )  # fmt: skip
    arrive(terminal, "Ada paid").wait_for("0.90").settle().press("1").wait_for(
        "All tasks are decided."
    ).press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    assert line["accept"] == ["AMOUNT"]
    assert [one["source"] for one in line["_suggested"]] == ["numbers"]
