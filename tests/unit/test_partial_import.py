"""Imports without what is not needed: what stays whole, and what is imported all the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_annotate.partial_import import import_without

LIBRARY = {
    "__init__.py": "",
    "palette.py": "LOADED = True\nclass Provider:\n    pass\n",
    "needy.py": "from library_of_a_test.palette import LOADED\nTOTAL = LOADED + 1\n",
    "app.py": (
        "from library_of_a_test.palette import Provider\n"
        "class Themes(Provider):\n    pass\n"
        "try:\n    import absent_in_a_test\nexcept ImportError:\n    absent_in_a_test = None\n"
    ),
}


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "library_of_a_test"
    folder.mkdir()
    for name, text in LIBRARY.items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "absent_in_a_test.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if "_a_test" in name]:
        del sys.modules[name]


def test_what_is_not_needed_is_not_loaded_but_can_be_later() -> None:
    app = import_without(
        "library_of_a_test.app", ("library_of_a_test.palette",), missing=("absent_in_a_test",)
    )
    assert app.Themes.__mro__[1].__name__ == "Provider"
    assert app.absent_in_a_test is None
    assert "library_of_a_test.palette" not in sys.modules

    import absent_in_a_test  # type: ignore[import-not-found]
    from library_of_a_test.palette import LOADED  # type: ignore[import-not-found]

    assert LOADED
    assert absent_in_a_test.__name__ == "absent_in_a_test"


def test_what_is_needed_after_all_is_loaded() -> None:
    needy = import_without("library_of_a_test.needy", ("library_of_a_test.palette",))
    assert needy.TOTAL == 2


def test_what_is_there_already_is_taken_as_it_is() -> None:
    import library_of_a_test.app  # type: ignore[import-not-found]

    app = import_without("library_of_a_test.app", ("library_of_a_test.palette",))
    assert app is library_of_a_test.app
    assert sys.modules["library_of_a_test.palette"].LOADED


def test_the_interface_starts_without_the_palette_and_ssl() -> None:
    code = (
        "import sys\n"
        "from tui_annotate.run import import_textual\n"
        "import_textual()\n"
        "import tui_annotate.ui.app, tui_annotate.ui.screens.annotation\n"
        "print([name for name in ('ssl', 'textual.command') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
