"""Puts small faults into modules, one at a time, and tells which of them no test catches.

    make mutants MODULES="text/spans editors/history"
    make mutants MODULES="text/spans:tests/unit/test_spans.py" COUNT=20

It works in a copy of the tree, never in place. Without tests named behind a colon it takes
those that import the module, or else those that import what imports it. Of the faults that
can be put into a module it takes a sample, the same one each time. What survives is either
without effect or wants a test; which it is takes somebody to look.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "tui_annotate"
COPIED = (PACKAGE, "tests", "recipes", "docs", "benchmarks")
COUNT = 10
SECONDS = 60.0
"""A run that takes longer has caught the fault: something waits for ever."""
TEST_FILES = 4
"""How many test files are taken at the most, where none are named."""

# What was found is enough: the smallest example of it is not wanted.
QUICKLY = """
from hypothesis import Phase, settings
settings.register_profile(
    "mutants", phases=[Phase.explicit, Phase.generate], database=None, deadline=None,
    derandomize=True,
    print_blob=False,
)
settings.load_profile("mutants")
"""

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
OTHER_NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any",
    "bisect_left": "bisect_right", "bisect_right": "bisect_left",
    "startswith": "endswith", "endswith": "startswith",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One small change of a module.

    Attributes:
        line: Where.
        change: What was there, and what stands there now.
        source: The whole module with it.
    """

    line: int
    change: str
    source: str


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may wrongly stand in the place of a node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield _with(node, ops=[SWAPPED[type(op)]()])
        case ast.BoolOp(op=op):
            yield _with(node, op=SWAPPED[type(op)]())
        case ast.BinOp(op=op, right=ast.Constant(value=1)) if type(op) in SWAPPED:
            yield node.left
            yield _with(node, op=SWAPPED[type(op)]())
        case ast.BinOp(op=op, left=left) if type(op) in SWAPPED and not _is_text(left):
            yield _with(node, op=SWAPPED[type(op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float() as value):
            yield ast.Constant(value * 2 + 1)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Name(id=name, ctx=ast.Load()) if name in OTHER_NAMES:
            yield _with(node, id=OTHER_NAMES[name])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in OTHER_NAMES:
            yield _with(node, attr=OTHER_NAMES[name])
        case ast.IfExp(body=body, orelse=orelse):
            yield _with(node, body=orelse, orelse=body)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def faults(source: str) -> list[Fault]:
    """Every fault that can be put into a module."""
    tree = ast.parse(source)
    found: list[Fault] = []
    for parent, name, at, node in _places(tree):
        for changed in changes(node):
            _put(parent, name, at, changed)
            made = ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, name, at, node)
            line = getattr(node, "lineno", 0)
            found.append(Fault(line, f"{_shown(node)}  →  {_shown(changed)}", made))
    return found


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node that does something, with where it hangs: annotations and the like do not."""
    if isinstance(node, ast.FunctionDef) and node.name == "__repr__":
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        if isinstance(node, ast.Subscript) and name == "slice" and _is_type(node):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield node, name, at, child
                yield from _places(child)


def _is_type(node: ast.Subscript) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("list", "dict", "set", "tuple")


def _put(parent: ast.AST, name: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[at] = node


def _shown(node: ast.AST) -> str:
    text = re.sub(r"\s+", " ", ast.unparse(node))
    return text if len(text) <= 60 else f"{text[:57]}…"


# ── which tests ────────────────────────────────────────────────────────────


def imports(path: Path) -> set[str]:
    """The modules that a file imports, by their full names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def tests_of(module: str) -> list[str]:
    """Test files that import a module, or else what imports it, and so on."""
    of_file = {
        path: imports(path)
        for folder in (PACKAGE, "tests/unit")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    wanted, met = {f"{PACKAGE}.{module.replace('/', '.')}"}, set[str]()
    while wanted:
        users = [path for path, names in of_file.items() if names & wanted]
        if tests := [path for path in users if path.name.startswith("test_")]:
            # What imports little besides is about the module.
            tests.sort(key=lambda path: sum(name.startswith(PACKAGE) for name in of_file[path]))
            return [str(path.relative_to(ROOT)) for path in tests[:TEST_FILES]]
        met |= wanted
        wanted = {
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for path in users
        } - met
    return []


# ── the runs ───────────────────────────────────────────────────────────────


class Copy:
    """A copy of the tree to put faults into."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self._made = folder / "made"
        self.tree.mkdir()
        unwanted = shutil.ignore_patterns("__pycache__", "work", ".*")
        for name in COPIED:
            shutil.copytree(ROOT / name, self.tree / name, ignore=unwanted)
        for path in ROOT.glob("*.*"):
            if path.is_file():
                shutil.copy(path, self.tree)
        with (self.tree / "tests" / "conftest.py").open("a") as conftest:
            conftest.write(QUICKLY)

    def run(self, *arguments: str, keep: bool = False) -> tuple[bool | None, str]:
        """Run tests; whether they passed, None where they took too long, and what was said."""
        environment = {**os.environ, "PYTHONPATH": str(self.tree)}
        if not keep:
            # The time stamps of two faults may be the same: nothing is to be taken up again.
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-p", "no:xdist", "--basetemp", str(self._made), *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=self.tree,
                env=environment,
                capture_output=True,
                text=True,
                timeout=SECONDS * (10 if keep else 1),
            )
        except subprocess.TimeoutExpired:
            return None, ""
        return done.returncode == 0, done.stdout

    def try_module(self, module: str, tests: list[str], count: int, seed: str) -> tuple[int, int]:
        """Put faults into a module, one at a time; how many were caught, and how many not."""
        path = self.tree / PACKAGE / f"{module}.py"
        source = path.read_text()
        possible = faults(source)
        chosen = random.Random(f"{seed} {module}").sample(possible, min(count, len(possible)))
        print(f"{module}: {len(chosen)} of {len(possible)}, by {' '.join(tests)}", flush=True)
        passed, said = self.run(*tests, keep=True)
        failing = re.findall(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
        if not passed:
            print(f"  without any fault, {len(failing)} tests fail: they are left out")
            if not failing:
                return 0, 0
        left_out = [argument for test in failing for argument in ("--deselect", test)]
        caught = 0
        for fault in sorted(chosen, key=lambda one: one.line):
            path.write_text(fault.source)
            for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
                compiled.unlink()
            passed, _ = self.run("-x", *left_out, *tests)
            caught += not passed
            what = "survived" if passed else "caught  "
            print(f"  {what} {PACKAGE}/{module}.py:{fault.line}  {fault.change}", flush=True)
        path.write_text(source)
        return caught, len(chosen) - caught


def main() -> None:
    """Try the modules that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("modules", nargs="+", metavar="MODULE[:TEST,TEST]")
    parser.add_argument("--count", type=int, default=COUNT, help="faults for each module")
    parser.add_argument("--seed", default="0")
    options = parser.parse_args()
    total = [0, 0]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Copy(Path(folder))
        for named in options.modules:
            module, _, tests = named.partition(":")
            module = module.removeprefix(f"{PACKAGE}/").removesuffix(".py")
            if not (ROOT / PACKAGE / f"{module}.py").is_file():
                print(f"{module}: there is no such module")
                continue
            chosen = tests.split(",") if tests else tests_of(module)
            if not chosen:
                print(f"{module}: no test imports it, or what imports it")
                continue
            for at, number in enumerate(
                tree.try_module(module, chosen, options.count, options.seed)
            ):
                total[at] += number
    print(f"{sum(total)} faults: {total[0]} caught, {total[1]} survived")


if __name__ == "__main__":
    main()
