"""Where recipes are found: by reading files; running them is a step of its own."""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.kinds import current_name
from tui_annotate.user_module import run_file
from tui_annotate.wording import reason

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from tui_annotate.recipe import Recipe

ENTRY_POINTS = "tui_annotate.recipes"


class Found(msgspec.Struct, frozen=True):
    """A recipe that was found, and not loaded.

    Attributes:
        name: What the user types.
        summary: The first line of its docstring.
        path: Its file; for a recipe of a package that cannot be located, none.
        line: Where the function begins, from 1.
        origin: ``-F``, ``built-in``, ``package …``, ``your recipes``, ``./recipes``.
        view: The view it opens, as far as its file tells.
        blocks: The views of its blocks, where it has any.
        entry_point: How it is loaded where a package brings it.
    """

    name: str
    summary: str
    path: Path | None
    line: int
    origin: str
    view: str = "spans"
    blocks: tuple[str, ...] = ()
    entry_point: EntryPoint | None = None

    @property
    def place(self) -> str:
        """``file:line``, or the package's reference."""
        if self.path is None:
            return self.entry_point.value if self.entry_point else self.origin
        return f"{self.path}:{self.line}"


class Broken(msgspec.Struct, frozen=True):
    """A file in a folder of recipes that cannot be read as one.

    Attributes:
        path: The file.
        line: Where it is broken, from 1.
        problem: What is wrong.
    """

    path: Path
    line: int
    problem: str


class Catalogue(msgspec.Struct, frozen=True):
    """All recipes that were found, in the order in which they are looked up.

    Attributes:
        recipes: The recipes that can be run, each name once.
        hidden: Recipes whose name another one has that is looked up before.
        broken: Files that could not be read.
    """

    recipes: tuple[Found, ...] = ()
    hidden: tuple[Found, ...] = ()
    broken: tuple[Broken, ...] = msgspec.field(default=())

    def get(self, name: str) -> Found | None:
        """Return the recipe of that name."""
        return next((found for found in self.recipes if found.name == name), None)

    def names(self) -> list[str]:
        """The names of all recipes, in their order."""
        return [found.name for found in self.recipes]


def builtin_folder() -> Path:
    """The folder of the built-in recipes: in the wheel, else beside the package."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_recipes"
    return inside if inside.is_dir() else package.parent / "recipes"


def user_folder() -> Path:
    """The folder for recipes in the user's config folder; it may not be there."""
    from tui_annotate.config import config_folder

    return config_folder() / "recipes"


def find(files: Sequence[Path] = (), *, here: Path | None = None) -> Catalogue:
    """Look for recipes in every place there is.

    The order is: `files` (``-F``), built-ins, packages, the user's config folder,
    ``./recipes``. So a folder one happens to stand in never shadows a built-in.

    Args:
        files: Files named on the command line.
        here: The current folder.

    Raises:
        UsageError: One of `files` is not there or holds no recipe.
        AnnotateError: One of `files` is broken.
    """
    every: list[Found] = []
    broken: list[Broken] = []
    for file in files:
        every.extend(_named_file(file))
    local = (here or Path.cwd()) / "recipes"
    _scan_folder(builtin_folder(), "built-in", every, broken)
    every.extend(_packaged())
    _scan_folder(user_folder(), "your recipes", every, broken)
    if not _same(local, builtin_folder()):
        _scan_folder(local, "./recipes", every, broken)
    first: dict[str, Found] = {}
    hidden: list[Found] = []
    for found in every:
        if first.setdefault(found.name, found) is not found:
            hidden.append(found)
    return Catalogue(tuple(first.values()), tuple(hidden), tuple(broken))


def builtin(name: str) -> Found:
    """Return a built-in recipe, whatever else has its name.

    Raises:
        KeyError: There is none of that name.
    """
    every: list[Found] = []
    _scan_folder(builtin_folder(), "built-in", every, [])
    return {found.name: found for found in every}[name]


def builtin_by_file(name: str) -> Found | None:
    """Return the built-in recipe in the file that its name leads to, reading no other."""
    path = builtin_folder() / f"{name.replace('.', '_')}.py"
    if not name.replace(".", "_").isidentifier() or not path.is_file():
        return None
    result = scan(path, "built-in")
    if isinstance(result, Broken):
        return None
    return next((found for found in result if found.name == name), None)


def _named_file(file: Path) -> list[Found]:
    if not file.is_file():
        raise UsageError("no such recipe file", where=str(file))
    result = scan(file, "-F")
    if isinstance(result, Broken):
        raise AnnotateError(result.problem, where=f"{file}:{result.line}")
    if not result:
        raise UsageError(
            "no recipe in this file",
            where=str(file),
            do="decorate a function with @recipe('a.name')",
        )
    return result


def _scan_folder(folder: Path, origin: str, every: list[Found], broken: list[Broken]) -> None:
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith(("_", ".")):
            continue
        result = scan(path, origin)
        if isinstance(result, Broken):
            broken.append(result)
        else:
            every.extend(result)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def scan(path: Path, origin: str) -> list[Found] | Broken:
    """Find the recipes in a file by reading it."""
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        return Broken(path, error.lineno or 1, f"the recipe file is not Python: {error.msg}")
    except (OSError, ValueError) as error:
        return Broken(path, 1, f"the recipe file cannot be read ({reason(error)})")
    return [
        Found(
            str(name.value),
            _summary(function),
            path,
            function.lineno,
            origin,
            _view(function),
            _blocks(function),
        )
        for function, name in _decorated(tree)
    ]


def _decorated(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, ast.Constant]]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Call) and decorator.args):
                continue
            called = decorator.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            first = decorator.args[0]
            if (
                name == "recipe"
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                yield node, first


def _summary(function: ast.FunctionDef) -> str:
    return (ast.get_docstring(function) or "").partition("\n")[0].strip()


def _view(function: ast.FunctionDef) -> str:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Session":
            for keyword in node.keywords:
                if keyword.arg == "view" and isinstance(keyword.value, ast.Constant):
                    return current_name(str(keyword.value.value))
    return "spans"


def _blocks(function: ast.FunctionDef) -> tuple[str, ...]:
    """The views of the blocks in a recipe, each once."""
    views = dict[str, None]()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Block":
            named = [one.value for one in node.keywords if one.arg == "view"]
            for first in (*node.args[:1], *named):
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    views[current_name(first.value)] = None
    return tuple(views)


def _packaged() -> Iterator[Found]:
    from importlib.metadata import entry_points

    for point in entry_points(group=ENTRY_POINTS):
        package = point.dist.name if point.dist else point.module
        origin = f"package {package}"
        path = _module_file(point.module)
        found = Found(point.name, "", path, 1, origin)
        result = scan(path, origin) if path else []
        for recipe in [] if isinstance(result, Broken) else result:
            if recipe.name == point.name:
                found = recipe
        yield replace(found, entry_point=point)


def _module_file(module: str) -> Path | None:
    """Locate a module without importing the packages around it, as find_spec would."""
    relative = Path(*module.split("."))
    for entry in sys.path:
        for candidate in (relative.with_suffix(".py"), relative / "__init__.py"):
            path = Path(entry or ".") / candidate
            if path.is_file():
                return path
    return None


def load(found: Found) -> Recipe[Any]:
    """Run the recipe's file and return the recipe.

    Raises:
        AnnotateError: The file fails, with the line in it; or the recipe is not
            in it after all.
    """
    from tui_annotate.recipe import Recipe

    if found.entry_point:
        loaded = _guarded(found.entry_point.load, found)
        if isinstance(loaded, Recipe):
            return loaded
        raise AnnotateError(
            f"the package's entry point is not a recipe but {type(loaded).__name__}",
            where=found.place,
        )
    path = found.path
    assert path is not None
    module = _guarded(lambda: run_file(path), found)
    for value in vars(module).values():
        if isinstance(value, Recipe) and value.name == found.name:
            return value
    raise AnnotateError(f"the file no longer defines the recipe {found.name}", where=found.place)


def _guarded(load: Any, found: Found) -> Any:
    try:
        return load()
    except AnnotateError:
        raise
    except Exception as error:
        line = found.line
        if isinstance(error, SyntaxError):
            line = error.lineno or line
        for frame in traceback.extract_tb(error.__traceback__):
            if found.path and Path(frame.filename) == found.path:
                line = frame.lineno or line
        raise AnnotateError(
            f"the recipe cannot be loaded: {type(error).__name__}: {error}",
            where=f"{found.path}:{line}" if found.path else found.place,
            do="fix the file; --debug shows where it came from",
        ) from error


def renamed(source: str, old: str, new: str) -> str:
    """Return the text of a recipe file with its recipe under another name."""
    tree = ast.parse(source)
    lines = source.encode("utf-8").splitlines(keepends=True)
    for _, name in _decorated(tree):
        if name.value == old and name.end_col_offset is not None:
            line = lines[name.lineno - 1]
            quoted = f'"{new}"'.encode()
            lines[name.lineno - 1] = line[: name.col_offset] + quoted + line[name.end_col_offset :]
    return b"".join(lines).decode("utf-8")
