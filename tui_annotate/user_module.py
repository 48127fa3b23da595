"""Python files of the user's, such as recipes, run under a name of their own."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).resolve().parent

_PREFIX = "tui_annotate_recipe_"
"""`recipes` alone may be a package of the user's."""


def run_file(path: Path) -> ModuleType:
    """Run a file, anew each time.

    Raises:
        ImportError: It is no Python file.
        Exception: Whatever the file raises.
    """
    name = _PREFIX + path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    before = sys.dont_write_bytecode
    # A folder of the user's, or of a package nobody may write to, stays as it is.
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    finally:
        sys.dont_write_bytecode = before
    return module


def place_of(made: type) -> str:
    """Where another process finds a class: a file, or a module that it can import."""
    module = sys.modules[made.__module__]
    if made.__module__.startswith(_PREFIX) or made.__module__ == "__main__":
        return str(Path(str(module.__file__)).resolve())
    return made.__module__


def failed_at(error: BaseException) -> str | None:
    """The file and line of the user's at which an error came about; None if it did in none."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if _PACKAGE not in Path(frame.filename).parents
    ]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else None
