"""The user's settings: one TOML file in the config folder of the platform."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate import sizes
from tui_annotate.errors import AnnotateError
from tui_annotate.keymap.layouts import KEYBOARDS
from tui_annotate.text.ordering import ORDERS, Order
from tui_annotate.wording import reason

THEMES = ("dark", "light")
_KEYBOARDS = ("qwerty", *KEYBOARDS)

_ARROWS = ("left", "right", "up", "down", "home", "end")
# a and b are prefixes of terminal multiplexers; c, s and z stop programs or
# their output; h, i, j and m are backspace, tab and enter.
_NAMED_KEYS = frozenset(
    [
        *("enter", "space", "tab", "shift+tab", "backspace", "delete", "escape"),
        *("pageup", "pagedown", *_ARROWS),
        *(f"{modifier}+{arrow}" for modifier in ("ctrl", "shift") for arrow in _ARROWS),
        *(f"f{number}" for number in range(1, 13)),
        *(f"ctrl+{letter}" for letter in "defgklnopqrtuvwxy"),
    ]
)


def _is_key(key: str) -> bool:
    return key in _NAMED_KEYS or (len(key) == 1 and key.isprintable() and not key.isspace())


class Config(msgspec.Struct, frozen=True):
    """What a user has settled once and for all.

    Attributes:
        theme: One of `THEMES`; the interface's own choice if none.
        keyboard: ``azerty`` if the top row gives digits only with shift.
        annotator: The name that decisions are written under.
        right_to_left: One of `ORDERS`: who orders letters that run from right to left.
        compact: Leave the label rows out where colour tells enough.
        cache_size: The bytes that what is computed from sounds may take.
        keys: Keys by action id, instead of those that the program brings.
        path: The file; none if it is not there.
    """

    theme: str | None = None
    keyboard: str | None = None
    annotator: str | None = None
    right_to_left: Order | None = None
    compact: bool | None = None
    cache_size: int | None = None
    keys: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    path: Path | None = None


def config_folder() -> Path:
    """The folder of settings and of the user's own recipes; it may not be there."""
    import platformdirs

    if named := os.environ.get("TUI_ANNOTATE_CONFIG"):
        return Path(named)
    return platformdirs.user_config_path("tui-annotate", appauthor=False)


def cache_folder() -> Path:
    """The folder of what can be computed again; it may not be there."""
    import platformdirs

    return platformdirs.user_cache_path("tui-annotate", appauthor=False)


def log_folder() -> Path:
    """The folder of log files; it may not be there."""
    import platformdirs

    return platformdirs.user_log_path("tui-annotate", appauthor=False)


def load(path: Path | None = None, *, actions: Collection[str] | None = None) -> Config:
    """Read the settings.

    Args:
        path: The file; by default ``config.toml`` in the config folder.
        actions: The ids that may stand under ``[keys]``; any, if none are given.

    Returns:
        The settings; all of them unset where there is no file.

    Raises:
        AnnotateError: The file cannot be read, or a setting in it is unknown or
            of the wrong type; the error names the file and the line.
    """
    path = path or config_folder() / "config.toml"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotateError(
            f"the settings cannot be read ({reason(error)})", where=str(path)
        ) from error
    import tomllib

    try:
        settings = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise AnnotateError(
            "this is not TOML",
            where=f"{path}:{_broken_line(text)}",
            do="write a setting as: theme = 'light'",
        ) from error
    return _Reader(path, text, actions).config(settings)


def _broken_line(text: str) -> int:
    """The line where the first setting begins that cannot be read.

    Python's reader tells the place only inside a sentence; so the lines before are tried.
    """
    import tomllib

    lines = text.splitlines(keepends=True)
    for after in range(len(lines) - 1, 0, -1):
        try:
            tomllib.loads("".join(lines[:after]))
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        return after + 1
    return 1


class _Reader(msgspec.Struct, frozen=True):
    path: Path
    text: str
    actions: Collection[str] | None

    def config(self, settings: dict[str, Any]) -> Config:
        known = {"theme", "keyboard", "annotator", "compact", "cache_size", "keys", "right_to_left"}
        for name in settings:
            if name not in known:
                raise self.error(
                    f"there is no setting {name!r}", name, do=_choices(name, sorted(known))
                )
        compact = settings.get("compact")
        if compact is not None and not isinstance(compact, bool):
            raise self.error("'compact' must be true or false", "compact")
        return Config(
            theme=self.one_of(settings, "theme", THEMES),
            keyboard=self.one_of(settings, "keyboard", _KEYBOARDS),
            annotator=self.string(settings, "annotator"),
            right_to_left=self.order(settings),
            compact=compact,
            cache_size=self.size(settings, "cache_size"),
            keys=self.keys(settings.get("keys", {})),
            path=self.path,
        )

    def string(self, settings: dict[str, Any], name: str) -> str | None:
        value = settings.get(name)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        raise self.error(f"{name!r} is not a string with something in it", name)

    def order(self, settings: dict[str, Any]) -> Order | None:
        found = self.one_of(settings, "right_to_left", ORDERS)
        return next((one for one in ORDERS if one == found), None)

    def size(self, settings: dict[str, Any], name: str) -> int | None:
        text = self.string(settings, name)
        if text is None:
            return None
        size = sizes.size_of(text)
        if size is None:
            raise self.error(f"{text!r} is not a valid size", name, do="write it as 4 GB or 500 MB")
        return size

    def one_of(self, settings: dict[str, Any], name: str, choices: Collection[str]) -> str | None:
        value = self.string(settings, name)
        if value is None or value in choices:
            return value
        raise self.error(f"there is no {name} {value!r}", name, do=_choices(value, choices))

    def keys(self, table: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(table, dict):
            raise self.error(
                "'keys' is not a table", "keys", do="write [keys] and below it: accept = ['a']"
            )
        keys: dict[str, tuple[str, ...]] = {}
        for action, value in table.items():
            if self.actions is not None and action not in self.actions:
                raise self.error(
                    f"there is no action {action!r}",
                    action,
                    do=_choices(action, self.actions, "tui-annotate keys lists them"),
                )
            given = [value] if isinstance(value, str) else value
            if not (
                isinstance(given, list) and given and all(isinstance(k, str) and k for k in given)
            ):
                raise self.error(f"the keys of {action!r} are not strings", action)
            for key in given:
                if not _is_key(key):
                    raise self.error(
                        f"there is no key {key!r} that every terminal sends",
                        action,
                        do=_choices(key, _NAMED_KEYS, "write a character, f1 to f12, or ctrl+x"),
                    )
            keys[action] = tuple(given)
        return keys

    def error(self, what: str, name: str, *, do: str | None = None) -> AnnotateError:
        return AnnotateError(what, where=f"{self.path}:{self.line_of(name)}", do=do)

    def line_of(self, name: str) -> int:
        """TOML as Python reads it has no places: the line is the first that sets the name."""
        sets = re.compile(
            rf"""\s*(?:\[+\s*)?(?:keys\s*\.\s*)?["']?{re.escape(name)}["']?\s*[=\].]"""
        )
        for number, line in enumerate(self.text.splitlines(), 1):
            if sets.match(line):
                return number
        return 1


def _choices(name: str, known: Collection[str], otherwise: str | None = None) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return otherwise or "use one of " + ", ".join(sorted(known))
