"""The shape of the package: objects that can be seen whole, modules that can be read in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import tui_annotate

ROOT = Path(tui_annotate.__file__).parent
MEMBERS = 45
LINES = 400
ROOT_MODULES = 12

LARGE_CLASSES: Mapping[str, int] = {}
"""Classes that are larger, and how large they may be; only ever less."""

LONG_MODULES: Mapping[str, int] = {}
"""Modules that are longer, and how long they may be; only ever less."""


class Classes:
    """The classes of the package as they are written: their members and their bases."""

    def __init__(self) -> None:
        self.members: dict[str, set[str]] = {}
        self.bases: dict[str, list[str]] = {}
        for path in sorted(ROOT.rglob("*.py")):
            module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
            self._read(module.removesuffix(".__init__"), ast.parse(path.read_text()))

    def _read(self, module: str, tree: ast.Module) -> None:
        names = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        names |= {node.name: f"{module}.{node.name}" for node in classes}
        for node in classes:
            name = names[node.name]
            self.members[name] = set(members(node))
            written = [base.value if isinstance(base, ast.Subscript) else base
                       for base in node.bases]  # fmt: skip
            self.bases[name] = [
                names.get(base.id, "") for base in written if isinstance(base, ast.Name)
            ]

    def all_members(self, name: str) -> set[str]:
        """The members of a class and of its bases, as far as these are of the package."""
        found = set(self.members.get(name, ()))
        return found.union(*(self.all_members(base) for base in self.bases.get(name, ())))


def members(node: ast.ClassDef) -> Iterator[str]:
    """What a class defines in its body, private names included."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            yield item.name
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield item.target.id
        elif isinstance(item, ast.Assign):
            yield from (target.id for target in item.targets if isinstance(target, ast.Name))


def grown(sizes: Mapping[str, int], known: Mapping[str, int]) -> dict[str, int]:
    """What is too large and no exception, what is larger than that says, and exceptions to drop."""
    found = {name: size for name, size in sizes.items() if size > known.get(name, 0)}
    return found | dict.fromkeys(known.keys() - sizes.keys(), 0)


def test_no_object_is_larger_than_can_be_kept_in_mind() -> None:
    classes = Classes()
    sizes = {name: len(classes.all_members(name)) for name in classes.members}
    large = {name: size for name, size in sizes.items() if size > MEMBERS}
    assert not grown(large, LARGE_CLASSES)


def test_no_module_is_longer_than_can_be_read_in_one_go() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in ROOT.rglob("*.py")
    }
    long = {name: size for name, size in lengths.items() if size > LINES}
    assert not grown(long, LONG_MODULES)


def test_the_root_of_the_package_has_few_modules() -> None:
    assert len(list(ROOT.glob("*.py"))) <= ROOT_MODULES
