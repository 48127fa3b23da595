"""Recipes that transform their stream, from their file to the tasks of the session."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tui_annotate.cli.program import run
from tui_annotate.recipe import Session
from tui_annotate.session.run_settings import RunSettings, Summary
from tui_annotate.task.task import Task

HEAD = """

from tui_annotate.recipe import Labels, Session, Stream, recipe

"""

Opened = Callable[[str], list[Task]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens a session with the body of a recipe, and gives its tasks."""
    sessions: list[Session] = []

    def run_session(session: Session, settings: RunSettings) -> Summary:
        sessions.append(session)
        return Summary(0, 0, 0, 0, settings.output)

    module = ModuleType("tui_annotate.run")
    module.__dict__["run_session"] = run_session
    monkeypatch.setitem(sys.modules, "tui_annotate.run", module)
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text("One banana.\nTwo apples.\nThree bananas and a pear.\n")

    def tasks(recipe: str) -> list[Task]:
        Path("own.py").write_text(HEAD + recipe)
        assert run(["own.one", "in.txt", "-F", "own.py", "-l", "A"]) == 0
        stream = sessions[-1].stream
        found: list[Task] = []
        while isinstance(task := stream.read(len(found)), Task):
            found.append(task)
        return found

    return tasks


def test_a_generator_is_a_stream(opened: Opened) -> None:
    found = opened('''
def prepared(stream):
    for task in stream:
        if "banana" in task["text"]:
            yield {**task, "meta": {"words": len(task["text"].split())}}

@recipe("own.one")
def one(stream: Stream, labels: Labels = ("A",)) -> Session:
    """Label bananas."""
    return Session(prepared(stream), labels=labels)
''')
    assert [(task.text, task.origin.line) for task in found] == [
        ("One banana.", 1),
        ("Three bananas and a pear.", 3),
    ]
    assert found[1].fields["meta"] == {"words": 5}


def test_the_methods_of_a_stream_follow_each_other(opened: Opened) -> None:
    found = opened('''
@recipe("own.one")
def one(stream: Stream, labels: Labels = ("A",)) -> Session:
    """Label the longest first."""
    longest = stream.filter(lambda task: "a" in task["text"]).sort(
        key=lambda task: len(task["text"]), reverse=True
    )
    return Session(longest.take(2), labels=labels)
''')
    assert [task.origin.line for task in found] == [3, 1]


def test_a_sorted_list_of_the_stream_will_do(opened: Opened) -> None:
    found = opened('''
@recipe("own.one")
def one(stream: Stream, labels: Labels = ("A",)) -> Session:
    """Label in the order of the alphabet."""
    return Session(sorted(stream, key=lambda task: task["text"]), labels=labels)
''')
    assert [task.origin.line for task in found] == [1, 3, 2]


@pytest.mark.parametrize(
    ("stream", "said"),
    [("5", "int for a stream"), ("'text'", "str for a stream"), ("None", "NoneType for a stream")],
)
def test_what_is_no_stream_is_refused_with_the_recipes_line(
    stream: str, said: str, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AssertionError):
        opened(f'''
@recipe("own.one")
def one(stream: Stream, labels: Labels = ("A",)) -> Session:
    """Label nothing."""
    return Session({stream}, labels=labels)
''')
    message = capsys.readouterr().err
    assert said in message
    assert "own.py:" in message


def test_a_mistake_in_a_recipes_function_is_one_sentence(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AssertionError):
        opened('''
@recipe("own.one")
def one(stream: Stream, labels: Labels = ("A",)) -> Session:
    """Label what fails."""
    return Session(stream.map(lambda task: {"text": task["txt"]}), labels=labels)
''')
    message = capsys.readouterr().err
    assert "in.txt:1: the recipe failed on it at own.py:9 (KeyError" in message
    assert "Traceback" not in message
