"""What is left when a session does not end as it should, and that it goes on from there."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.pty.conftest import Desk, arrive, assert_restored, at, spans
from tests.pty.terminal import PATIENCE, Terminal

pytestmark = [pytest.mark.pty, pytest.mark.slow]

TEXTS = [
    "Osei left Lyndale for Rotterdam on Friday.",
    "Halvorsen Shipping moves to Bergen.",
    "Angela Merkel met executives of Siemens in Berlin on Monday.",
    "Nothing was decided in Munich.",
    "Ribeiro flew to Ottawa.",
]
ON_BERLIN = at(43, "Berlin")
THREE = [("Angela Merkel", "PER"), ("Siemens", "ORG"), ("Berlin", "GPE")]


def into_an_edit(desk: Desk, **terminal: Any) -> Terminal:
    """Two decisions, then three spans on the third task and the cursor on the third of them."""
    tasks: list[dict[str, Any]] = [{"text": text} for text in TEXTS]
    # Its line is longer than what is left of a block on any disk.
    tasks[2]["meta"] = {"note": "x" * 9000}
    desk.source(*tasks)
    running = arrive(desk.start(**terminal), TEXTS[0])
    running.press("1").wait_for("PER 1")
    arrive(running.press("a"), TEXTS[1])
    arrive(running.press("x"), TEXTS[2])
    running.press("shift+right", "1").wait_for("PER 1")
    running.press(*5 * ["right"], "2", "right", "right", "3")
    return running.wait_for("PER 1  2 ORG 1  3 GPE 1").wait_for(ON_BERLIN)


def three_are_drafted(desk: Desk) -> Any:
    """Whether a draft with the three spans is on the disk."""
    return lambda _: any(len(state["editor"]["state"]["added"]) == 3 for state in desk.drafts())


def assert_it_goes_on(desk: Desk, terminal: Terminal, cursor: Any = ON_BERLIN) -> None:
    """The three spans, the cursor and both decisions are there, and the work goes on."""
    arrive(terminal, TEXTS[2]).wait_for("PER 1  2 ORG 1  3 GPE 1").wait_for("3 of 5  40 %")
    terminal.press("escape").wait_for(cursor)
    assert [line["answer"] for line in desk.decisions()] == ["accept", "reject"]
    assert spans(desk.decisions()[0]) == [("Osei", "PER")]
    arrive(terminal.press("a"), TEXTS[3])
    assert spans(desk.decisions()[2]) == THREE
    assert desk.decisions()[2]["_suggested"] == []


def test_kill_in_the_middle_of_an_edit_loses_nothing(desk: Desk) -> None:
    terminal = into_an_edit(desk).wait_for(three_are_drafted(desk))
    terminal.kill()
    assert_it_goes_on(desk, desk.start())


def test_kill_keeps_where_the_cursor_went_after_the_last_edit(desk: Desk) -> None:
    terminal = into_an_edit(desk).wait_for(three_are_drafted(desk))
    terminal.press("home").wait_for(at(0, "Angela"))
    terminal.wait_for(lambda _: [s["editor"]["state"]["cursor"] for s in desk.drafts()] == [0])
    terminal.press("right", "right").wait_for(at(14, "met"))
    terminal.wait_for(lambda _: [s["editor"]["state"]["cursor"] for s in desk.drafts()] == [14])
    terminal.kill()
    assert_it_goes_on(desk, desk.start(), at(14, "met"))


def test_kill_keeps_an_open_comment_with_its_text(desk: Desk) -> None:
    terminal = into_an_edit(desk)
    terminal.press("c").wait_for("Comment (enter save").type("is it (")
    terminal.wait_for(lambda _: [s["field"] for s in desk.drafts()] == [["comment", "is it (", 7]])
    terminal.kill()
    terminal = arrive(desk.start(), TEXTS[2]).wait_for("is it (")
    terminal.type("a city?)\r").wait_for("comment: is it (a city?)").settle()
    arrive(terminal.press("a"), TEXTS[3])
    assert desk.decisions()[2]["comment"] == "is it (a city?)"
    assert spans(desk.decisions()[2]) == THREE


def test_a_terminal_that_goes_away_ends_everything_and_loses_nothing(desk: Desk) -> None:
    terminal = into_an_edit(desk)
    everything = [psutil.Process(terminal.process.pid), *terminal.children()]
    assert len(everything) == 2
    # At once, so that the draft may not be on the disk yet.
    terminal.hang_up()
    gone, alive = psutil.wait_procs(everything, timeout=PATIENCE)
    assert alive == []
    assert len(gone) == 2
    assert len(desk.drafts()) == 1
    assert_it_goes_on(desk, desk.start())


def test_sigterm_leaves_with_the_terminal_restored(desk: Desk) -> None:
    terminal = into_an_edit(desk)
    children = terminal.children()
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_for_end() == 128 + signal.SIGTERM
    assert_restored(terminal)
    assert "2 decided (1 accepted, 1 rejected): out.jsonl" in terminal.text
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    assert "Traceback" not in terminal.text
    assert_it_goes_on(desk, desk.start())


def test_a_second_session_is_refused(desk: Desk) -> None:
    first = into_an_edit(desk)
    second = desk.start()
    assert second.wait_for_end() == 1
    said = "".join(second.lines)
    assert f"ann (process {first.process.pid} on " in said
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d is annotating into this file", said)
    assert "--take-over" in said
    assert "-o OTHER.jsonl" in said
    assert "Traceback" not in said
    # The first one has noticed nothing.
    arrive(first.press("a"), TEXTS[3])
    assert spans(desk.decisions()[2]) == THREE


def test_take_over_ends_the_first_session_and_goes_on_where_it_stood(desk: Desk) -> None:
    first = into_an_edit(desk)
    children = first.children()
    second = desk.start("source.jsonl", "--take-over")
    first.wait_for_end()
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    assert "Traceback" not in first.text
    assert_it_goes_on(desk, second)


def _decided(desk: Desk, count: int, _: Terminal) -> bool:
    return len(desk.decisions()) == count


def test_without_its_suggestion_process_a_session_goes_on(desk: Desk) -> None:
    desk.source(*[f"Osei left Lyndale, day {n}." for n in range(200)])
    terminal = arrive(desk.start(), "Osei left Lyndale, day 0")
    (child,) = terminal.children()
    child.kill()
    terminal.wait_for("the suggestion process was ended by SIGKILL")
    terminal.press("1").wait_for("PER 1").wait_for("suggestions stopped (process ended)")
    # Far past the tasks that had been made ready before.
    for number in range(1, 60):
        arrive(terminal.press("a"), f"Osei left Lyndale, day {number}.")
        # On a slow disk the next one would come too early.
        terminal.wait_for(partial(_decided, desk, number)).settle()
    assert len(desk.decisions()) == 59
    assert spans(desk.decisions()[0]) == [("Osei", "PER")]
    assert [t["text"] for t in desk.decisions()[50]["tokens"]][:3] == ["Osei", "left", "Lyndale"]
    terminal.press("q")
    assert terminal.wait_for_end() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 kB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or not sys.platform.startswith("linux"):
        pytest.skip("a small tmpfs needs Linux; the test with a limit on file sizes stands in")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=256k", "none", str(place)], capture_output=True
    )
    if done.returncode:
        pytest.skip("this user may not mount a tmpfs; a limit on file sizes stands in")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_on_a_full_disk_the_decision_is_kept_until_there_is_room(
    desk: Desk, small_disk: Path
) -> None:
    desk.output = small_disk / "out.jsonl"
    terminal = into_an_edit(desk).wait_for(three_are_drafted(desk))
    before = desk.output.read_bytes()
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    assert_kept_until_room(desk, terminal, before, filler.unlink)


def test_at_a_limit_of_file_size_the_decision_is_kept_until_there_is_room(desk: Desk) -> None:
    if not hasattr(resource, "prlimit"):
        pytest.skip("the limits of another process can be set on Linux only")
    terminal = into_an_edit(desk).wait_for(three_are_drafted(desk))
    before = desk.output.read_bytes()
    pid = terminal.process.pid
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (len(before) + 10, unlimited[1]))
    assert_kept_until_room(
        desk, terminal, before, lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    )


def assert_kept_until_room(desk: Desk, terminal: Terminal, before: bytes, room: Any) -> None:
    """A decision on a full disk stays in memory, is said, and is saved later."""
    arrive(terminal.press("a"), TEXTS[3]).wait_for("NOT SAVED: ")
    terminal.wait_for(lambda t: "NOT SAVED" in t.lines[0])
    # The next one is not taken, and the message stays whatever is pressed.
    terminal.press("a").press("right").settle()
    assert "NOT SAVED: " in terminal.status
    assert "4 of 5" in terminal.lines[0]
    saved = desk.output.read_bytes()
    assert saved[: len(before)] == before
    room()
    terminal.wait_for(lambda t: "NOT SAVED" not in t.text and "saved" in t.lines[0])
    assert [line["answer"] for line in desk.decisions()] == ["accept", "reject", "accept"]
    assert spans(desk.decisions()[2]) == THREE
    arrive(terminal.press("escape").settle().press("x"), TEXTS[4])
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert [line["text"] for line in desk.decisions()] == TEXTS[:4]
    # Only where one stands has a draft by now.
    assert [state["position"] for state in desk.drafts()] == [4]
