"""The user's settings, and errors in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_annotate import config
from tui_annotate.errors import AnnotateError
from tui_annotate.keymap.keymap import table


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_a_file_nothing_is_set(settings: Path) -> None:
    assert config.load(settings) == config.Config()


def test_everything_is_read(settings: Path) -> None:
    settings.write_text(
        'theme = "light"\nkeyboard = "azerty"\nannotator = "anna"\ncompact = true\n'
        '[keys]\naccept = ["a", "f2"]\nreject = "x"\n',
        encoding="utf-8",
    )
    found = config.load(settings, actions=["accept", "reject"])
    assert found == config.Config(
        theme="light",
        keyboard="azerty",
        annotator="anna",
        compact=True,
        keys={"accept": ("a", "f2"), "reject": ("x",)},
        path=settings,
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('theme = "light"\ncolour = "red"\n', 2, "no setting 'colour'"),
        ('theme = "light"\nkeybord = "azerty"\n', 2, "did you mean 'keyboard'"),
        ('\n\nkeyboard = "azertz"\n', 3, "did you mean 'azerty'"),
        ('theme = "drak"\n', 1, "no theme 'drak'; did you mean 'dark'"),
        ("# name\nannotator = 5\n", 2, "'annotator' is not a string"),
        ('keyboard = "xyz"\n', 1, "no keyboard 'xyz'; use one of azerty"),
        ('annotator = " "\n', 1, "'annotator' is not a string"),
        ('compact = "yes"\n', 1, "must be true or false"),
        ("keys = 3\n", 1, "'keys' is not a table"),
        ('[keys]\naccept = "a"\nacept = "b"\n', 3, "did you mean 'accept'"),
        ('theme = "dark"\n[keys]\nreject = [1]\n', 3, "keys of 'reject' are not strings"),
        ("[keys]\nreject = []\n", 2, "keys of 'reject' are not strings"),
        ('[keys]\naccept = "Ctrl+x"\n', 2, "no key 'Ctrl+x' that every terminal sends; did you"),
        ('[keys]\naccept = ["a", "ctrl+z"]\n', 2, "no key 'ctrl+z'"),
        ('[keys]\naccept = "alt+a"\n', 2, "no key 'alt+a'"),
        ('keys.accept = "a"\nkeys.rject = ""\n', 2, "no action 'rject'"),
        ('theme = "light"\ntheme\n', 2, "not TOML"),
        ('theme = "light', 1, "not TOML"),
    ],
)
def test_errors_name_file_and_line(settings: Path, text: str, line: int, what: str) -> None:
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(AnnotateError) as error:
        config.load(settings, actions=["accept", "reject"])
    assert str(error.value).startswith(f"{settings}:{line}: ")
    assert what in str(error.value)


def test_a_file_that_is_not_text(settings: Path) -> None:
    settings.write_bytes(b"\xff\xfe")
    with pytest.raises(AnnotateError, match="cannot be read"):
        config.load(settings)


def test_the_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_text('annotator = "bo"\n')
    assert config.load().annotator == "bo"


def test_every_key_of_the_program_may_stand_in_the_settings(settings: Path) -> None:
    keys = {action.id: list(action.keys) for action in table()}
    rows = (f"{action} = {json.dumps(given)}" for action, given in keys.items())
    settings.write_text("\n".join(["[keys]", *rows]) + "\n")
    assert {action: list(found) for action, found in config.load(settings).keys.items()} == keys
