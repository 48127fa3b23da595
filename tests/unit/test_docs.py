"""README.md and docs/: generated parts are up to date, examples work, links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from docs import generate
from tests.docs import blocks
from tui_annotate import config, formats, kinds
from tui_annotate.cli.program import COMMANDS, program, run
from tui_annotate.keymap import keymap
from tui_annotate.recipe import discovery
from tui_annotate.suggest import registry

ROOT = generate.ROOT
PAGES = {page.relative_to(ROOT).as_posix(): page for page in generate.pages()}
ENTRY_POINTS = {
    discovery.ENTRY_POINTS,
    kinds.ENTRY_POINTS,
    formats.ENTRY_POINTS,
    registry.OLD_GROUP,
    *registry.GROUPS.values(),
}
LONGEST = 40
"""Words that a sentence may have."""

on_every_page = pytest.mark.parametrize("name", PAGES)


def text_of(name: str) -> str:
    return PAGES[name].read_text(encoding="utf-8")


def prose(text: str) -> str:
    """A page without its fenced blocks and comments."""
    return re.sub(r"(?ms)^```.*?^```|<!--.*?-->", "", text)


# What is generated


@on_every_page
def test_generated_parts_are_what_the_program_says(name: str) -> None:
    text = text_of(name)
    assert generate.filled(text, PAGES[name]) == text, "run: make docs"


def test_every_generated_part_has_a_place() -> None:
    placed = {
        part for name in PAGES for part in re.findall(r"<!-- generated: (\S+)", text_of(name))
    }
    assert placed == {*generate.PARTS}


def test_a_part_that_has_changed_is_written_anew() -> None:
    page = ROOT / "docs" / "keys.md"
    text = "Keys\n<!-- generated: keys -->\nold\n<!-- /generated -->\nThe end\n"
    new = generate.filled(text, page)
    assert "old" not in new
    assert "`accept`" in new
    assert new.startswith("Keys\n")
    assert new.endswith("\nThe end\n")


# What can be read


def test_the_readme_is_short() -> None:
    assert len(PAGES["README.md"].read_bytes()) <= 8192


def sentences(text: str) -> Iterator[str]:
    """The sentences of a page; each cell of a table and item of a list stands for itself."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", prose(text))
    text = re.sub(r"(?m)^\s*(?:[-*]|\d+\.|#+) +", "\n\n", text)
    for paragraph in re.split(r"\n\s*\n", text):
        rows = paragraph.strip().splitlines()
        parts = [paragraph]
        if rows and rows[0].startswith("|"):
            parts = [cell for row in rows for cell in re.split(r"(?<!\\)\|", row)]
        for part in parts:
            yield from re.split(r"(?<=[.!?])[*)\"”]*\s+(?=[^a-z])", " ".join(part.split()))


@on_every_page
def test_sentences_are_short(name: str) -> None:
    found = [sentence for sentence in sentences(text_of(name)) if len(sentence.split()) > LONGEST]
    assert found == []


def test_a_long_sentence_is_found() -> None:
    long = " ".join(["word"] * 41) + "."
    found = [*sentences(f"# A page\n\nShort. {long.capitalize()} Short.\n\n- Item.\n- {long}\n")]
    assert [len(one.split()) for one in found if len(one.split()) > LONGEST] == [41, 41]


# Links


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ +(.*)$", prose(text))
    kept = [re.sub(r"[^\w\s-]", "", heading.lower()).strip() for heading in headings]
    return {re.sub(r"\s", "-", heading) for heading in kept}


def links(name: str) -> list[tuple[Path, str]]:
    """The files and anchors that a page links to; links to the web are left out."""
    found = re.findall(r"\]\(([^)\s]+)\)", prose(text_of(name)))
    targets = [link.partition("#") for link in found if "://" not in link]
    page = PAGES[name]
    return [((page.parent / to if to else page).resolve(), anchor) for to, _, anchor in targets]


@on_every_page
def test_links_lead_somewhere(name: str) -> None:
    for target, anchor in links(name):
        assert target.exists(), f"{name} links to {target}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{target}#{anchor}"


def test_the_readme_leads_to_every_page() -> None:
    linked = {target for target, _ in links("README.md")}
    assert {page.resolve() for page in PAGES.values()} <= linked | {PAGES["README.md"].resolve()}


def there_is(name: str) -> bool:
    """Whether there is a module, something in a module, or a group of entry points."""
    package, _, attribute = name.rpartition(".")
    try:
        found = find_spec(name) or hasattr(import_module(package), attribute)
    except ModuleNotFoundError:
        found = False
    return bool(found) or name in ENTRY_POINTS


@on_every_page
def test_modules_that_are_named_exist(name: str) -> None:
    named = re.findall(r"`(tui_annotate(?:\.\w+)+)`", prose(text_of(name)))
    assert [one for one in named if not there_is(one)] == []


# Examples


def command_lines(text: str) -> list[str]:
    """The lines of the blocks that are for a shell; one that ends in a backslash goes on."""
    whole = "\n".join(blocks(text, "sh")).replace("\\\n", " ")
    return [line for line in whole.splitlines() if line.strip() and not line.startswith("#")]


def parse(arguments: list[str]) -> None:
    """Read a command line as the program does, without doing what it says."""
    group: click.Group = program
    context = click.Context(program)
    while True:
        name, command, arguments = group.resolve_command(context, arguments)
        assert command is not None
        try:
            context = command.make_context(name, list(arguments), parent=context)
        except click.exceptions.Exit:
            return  # --help
        if not (isinstance(command, click.Group) and arguments):
            return
        group = command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, without settings, where the recipes of the docs are found."""
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "here"
    (folder / "recipes").mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name in PAGES:
        for number, code in enumerate(blocks(text_of(name), "python")):
            if "@recipe(" in code:
                file = f"{PAGES[name].stem}_{number}.py"
                (folder / "recipes" / file).write_text(code, encoding="utf-8")
    return folder


@on_every_page
def test_command_lines_are_understood(name: str, here: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in command_lines(text_of(name)):
        words = shlex.split(line, comments=True)
        words = [word.replace("RECIPE", "ner.manual") for word in words]
        match words:
            case ["tui-annotate" | ".venv/bin/tui-annotate", "recipes", *rest]:
                assert run(["recipes", *rest]) == 0, line
            case ["tui-annotate" | ".venv/bin/tui-annotate", *rest]:
                parse(rest)
            case ["make", target]:
                assert re.search(rf"(?m)^{target}:", makefile), line
            case [program, *_]:
                assert program in {".venv/bin/pip", "pip", "python", "python3"}, line


def test_command_lines_that_are_wrong_are_not_understood(here: Path) -> None:
    with pytest.raises(click.NoSuchOption):
        parse(["ner.manual", "news.jsonl", "--lable", "PERSON"])
    with pytest.raises(click.NoSuchOption):
        parse(["kb", "build", "entities.csv", "--output-file", "x"])


@cache
def known_options() -> set[str]:
    """Every long option of every recipe and command."""
    found = {"--help"}
    commands: list[click.Command] = [
        program,
        *(command for _, command in generate.recipes_there_are()),
    ]
    commands += filter(None, (program.get_command(click.Context(program), one) for one in COMMANDS))
    for command in commands:
        found.update(flag for param in command.params for flag in param.opts)
        if isinstance(command, click.Group):
            commands += command.commands.values()
    return found


@on_every_page
def test_options_that_are_named_exist(name: str) -> None:
    inline = re.findall(r"`([^`\n]+)`", prose(text_of(name)))
    ours = " ".join(code for code in inline if not code.startswith("pip "))
    named = {flag for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", ours) if flag.islower()}
    assert named <= known_options() | {"--strict"}


@on_every_page
def test_examples_of_data_can_be_read(name: str) -> None:
    for block in blocks(text_of(name), "json"):
        assert all(isinstance(json.loads(line), dict) for line in block.splitlines())


def test_the_example_of_settings_is_valid(tmp_path: Path) -> None:
    (example,) = blocks(text_of("docs/settings.md"), "toml")
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    loaded = config.load(file, actions=[action.id for action in keymap.table()])
    assert loaded.keys["accept"] == ("a", "f6")
    assert loaded.cache_size == 4_000_000_000


def test_every_source_of_suggestions_is_described() -> None:
    described = set(re.findall(r"`([a-z]+)`", text_of("docs/suggestions.md")))
    assert {source.name for source in registry.BUILT_IN} <= described


def test_every_setting_is_described() -> None:
    described = text_of("docs/settings.md")
    settings = set(config.Config.__struct_fields__) - {"path"}
    assert [name for name in settings if name not in described] == []


def test_every_format_is_described() -> None:
    described = (text_of("docs/sources.md") + text_of("docs/formats.md")).casefold()
    suffixes = {suffix for one in formats.formats() for suffix in one.suffixes}
    assert [one for one in suffixes if f"`{one}`" not in described] == []
