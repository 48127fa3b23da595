"""Imports of large libraries without those of their modules that are not used here."""

from __future__ import annotations

import sys
from collections.abc import Collection
from importlib import import_module
from types import ModuleType
from typing import Any


class _StandIn(ModuleType):
    """Has a class of every name that is imported from it; none of them does anything."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        # Modules below it can be stood in for too.
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"the stand-in for {self.__name__!r} has no {name!r}")
        return type(name, (), {})


def import_without(
    name: str, unused: Collection[str] = (), *, missing: Collection[str] = ()
) -> ModuleType:
    """Import a module quickly: what it imports and never needs here is left out.

    What was left out can be imported afterwards; only the module itself keeps the
    stand-ins. Where another version of it cannot do without, all of it is imported.

    Args:
        name: The module.
        unused: Modules that it imports names from, and that have to seem to be there.
        missing: Modules that it can do without, and does where they are not installed.
    """
    known = sys.modules.get(name)
    if known is not None:
        return known
    before = set(sys.modules)
    stand_ins: dict[str, ModuleType | None] = {one: _StandIn(one) for one in unused}
    stand_ins |= dict.fromkeys(missing)
    stand_ins = {one: module for one, module in stand_ins.items() if one not in before}
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None says that it is missing.
    try:
        return import_module(name)
    except Exception:
        package = name.partition(".")[0]
        for one in set(sys.modules) - before:
            if one.partition(".")[0] == package:
                del sys.modules[one]
    finally:
        for one, module in stand_ins.items():
            if one in sys.modules and sys.modules[one] is module:
                del sys.modules[one]
    return import_module(name)
