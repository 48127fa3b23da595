"""Where recipes are found, which one wins, and what a broken one does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.recipe import discovery

RECIPE = '''
from tui_annotate.recipe import Session, Stream, recipe

@recipe("{name}")
def run(stream: Stream) -> Session:
    """{summary}

    More.
    """
    {body}
    return Session(stream, view="{view}")
'''


def write(
    folder: Path, name: str, *, summary: str = "Do it.", body: str = "pass", view: str = "spans"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace('.', '_')}.py"
    path.write_text(RECIPE.format(name=name, summary=summary, body=body, view=view))
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's config folder, with nothing in it."""
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_built_ins_are_found_and_load(here: Path) -> None:
    catalogue = discovery.find()
    assert {"ner.manual", "ner.correct"} <= set(catalogue.names())
    for found in catalogue.recipes:
        if found.origin == "built-in":
            assert discovery.load(found).name == found.name
            assert found.summary


def test_a_built_in_is_between_20_and_60_lines() -> None:
    for path in discovery.builtin_folder().glob("*.py"):
        assert 20 <= len(path.read_text().splitlines()) <= 60, path.name


def test_every_place_is_looked_into_in_order(here: Path, home: Path, tmp_path: Path) -> None:
    named = write(tmp_path / "elsewhere", "of.file")
    write(home / "recipes", "of.user", summary="Mine.")
    write(here / "recipes", "of.folder")
    catalogue = discovery.find([named])
    names = catalogue.names()
    order = [names.index(n) for n in ("of.file", "ner.manual", "of.user", "of.folder")]
    assert order == sorted(order)
    user = catalogue.get("of.user")
    assert user is not None
    assert (user.summary, user.origin) == ("Mine.", "your recipes")
    assert user.place == f"{home / 'recipes' / 'of_user.py'}:5"


def test_a_folder_never_shadows_a_built_in(here: Path, home: Path) -> None:
    write(here / "recipes", "ner.manual", body="raise SystemExit")
    write(home / "recipes", "ner.correct")
    catalogue = discovery.find()
    for name in ("ner.manual", "ner.correct"):
        found = catalogue.get(name)
        assert found is not None
        assert found.origin == "built-in"
    assert sorted(found.name for found in catalogue.hidden) == ["ner.correct", "ner.manual"]


def test_a_named_file_wins(here: Path, tmp_path: Path) -> None:
    named = write(tmp_path, "ner.manual", summary="Another.")
    found = discovery.find([named]).get("ner.manual")
    assert found is not None
    assert found.summary == "Another."


def test_a_built_in_is_itself_whatever_is_named(here: Path) -> None:
    write(here / "recipes", "ner.manual")
    assert discovery.builtin("ner.manual").origin == "built-in"


def test_listing_runs_nothing(here: Path) -> None:
    path = write(here / "recipes", "loud.one")
    path.write_text(path.read_text() + "\nraise SystemExit('it ran')\n")
    assert discovery.find().get("loud.one") is not None


def test_a_broken_file_is_told_and_breaks_no_other(here: Path) -> None:
    write(here / "recipes", "good.one")
    broken = here / "recipes" / "broken.py"
    broken.write_text("x = 1\ndef (:\n")
    catalogue = discovery.find()
    assert catalogue.get("good.one") is not None
    assert [(b.path.name, b.line) for b in catalogue.broken] == [("broken.py", 2)]


@pytest.mark.parametrize(
    ("body", "what"),
    [("import no_such_module", "ModuleNotFoundError"), ("1 / 0", "ZeroDivisionError")],
)
def test_a_recipe_that_fails_names_file_and_line(here: Path, body: str, what: str) -> None:
    path = write(here / "recipes", "bad.one")
    path.write_text(path.read_text() + f"\n{body}\n")
    found = discovery.find().get("bad.one")
    assert found is not None
    with pytest.raises(AnnotateError, match=what) as error:
        discovery.load(found)
    line = path.read_text().splitlines().index(body) + 1
    assert error.value.where == f"{path}:{line}"


def test_a_named_file_has_to_hold_a_recipe(here: Path) -> None:
    (here / "empty.py").write_text("x = 1\n")
    (here / "wrong.py").write_text("def\n")
    with pytest.raises(UsageError, match="no recipe in this file"):
        discovery.find([here / "empty.py"])
    with pytest.raises(UsageError, match="no such recipe file"):
        discovery.find([here / "none.py"])
    with pytest.raises(AnnotateError, match=r"wrong\.py:1: the recipe file is not Python"):
        discovery.find([here / "wrong.py"])


def test_loading_writes_nothing_beside_the_file(here: Path) -> None:
    path = write(here / "recipes", "clean.one")
    found = discovery.find().get("clean.one")
    assert found is not None
    discovery.load(found)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_view_is_read_too(here: Path) -> None:
    for view in ("tagging", "tags"):
        write(here / "recipes", "of.tags", view=view)
        found = discovery.find().get("of.tags")
        assert found is not None
        assert found.view == "tagging"


@pytest.fixture
def package(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with a recipe, whose own `__init__` must not run for a list."""
    site = tmp_path / "site"
    inside = site / "corpus_tools"
    file = write(inside, "corpus.clean", summary="From a package.")
    (inside / "__init__.py").write_text("import sys\nsys.corpus_tools_ran = True\n")
    info = site / "corpus_tools-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: corpus-tools\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[tui_annotate.recipes]\ncorpus.clean = corpus_tools.corpus_clean:run\n"
        "corpus.gone = corpus_tools.nowhere:run\n"
    )
    monkeypatch.syspath_prepend(str(site))
    return file


def test_packages_bring_recipes(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = discovery.find()
    found = catalogue.get("corpus.clean")
    assert found is not None
    assert (found.summary, found.origin) == ("From a package.", "package corpus-tools")
    assert found.path == package
    assert "corpus_tools" not in sys.modules
    assert discovery.load(found).name == "corpus.clean"
    monkeypatch.delitem(sys.modules, "corpus_tools")


def test_a_package_whose_module_is_gone_breaks_no_other(package: Path) -> None:
    found = discovery.find().get("corpus.gone")
    assert found is not None
    with pytest.raises(
        AnnotateError, match=r"corpus_tools\.nowhere:run: the recipe cannot be load"
    ):
        discovery.load(found)


def test_a_copy_gets_its_new_name_and_nothing_else() -> None:
    source = '# é\n@other("a.b")\n@recipe("a.b")  # keep\ndef f(stream): "a.b"\n'
    copy = discovery.renamed(source, "a.b", "my.a.b")
    assert copy == '# é\n@other("a.b")\n@recipe("my.a.b")  # keep\ndef f(stream): "a.b"\n'
