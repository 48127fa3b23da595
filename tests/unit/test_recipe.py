"""Recipes: what a signature becomes, and what a session refuses."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Annotated, Any, Literal, cast

import pytest

from tui_annotate.cli.options import recipe_value
from tui_annotate.docstrings import section
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.recipe import (
    LabelMap,
    Labels,
    Model,
    Option,
    Patterns,
    Recipe,
    Session,
    Stream,
    Suggest,
    recipe,
)
from tui_annotate.recipe.parameters import (
    Parameter,
    describe_labels,
    read_file,
    read_labels,
    read_mapping,
    split_names,
)
from tui_annotate.sources import open_source
from tui_annotate.user_module import run_file

STREAM = cast(Stream, SimpleNamespace())


@recipe("test.everything")
def everything(
    stream: Stream,
    model: Model,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    patterns: Patterns | None = None,
    sources: Suggest = (),
    overlap: bool = False,
    lower: bool = True,
    limit: int = 3,
    share: float | None = None,
    out_dir: Path | None = None,
    order: Literal["random", "given"] = "given",
    words: tuple[str, ...] = (),
    window: Annotated[str, Option("-w", "--window", metavar="SIZE")] = "small",
) -> Session:
    """Take everything.

    More about it.

    Args:
        model: A pipeline, which may
            be far away.
        order: The order.
    """
    return Session(stream, labels=labels)


def parameter(name: str) -> Parameter:
    return {p.name: p for p in everything.parameters}[name]


def test_the_docstring_is_the_help() -> None:
    assert everything.summary == "Take everything."
    assert everything.description == "Take everything.\n\nMore about it."
    assert parameter("model").help == "A pipeline, which may be far away."
    assert parameter("order").help == "The order."
    assert parameter("limit").help == ""


def test_the_stream_is_no_option() -> None:
    assert everything.stream_parameter == "stream"
    assert "stream" not in [p.name for p in everything.parameters]


def test_common_types_are_common_options() -> None:
    assert parameter("model").option.flags == ("-m", "--model")
    assert parameter("labels").option.flags == ("-l", "--label")
    assert parameter("mapping").option.flags == ("--map",)
    assert parameter("patterns").option.flags == ("--patterns",)
    assert parameter("sources").option.flags == ("--suggest",)
    assert parameter("window").option.flags == ("-w", "--window")


def test_names_become_flags() -> None:
    assert parameter("out_dir").option.flags == ("--out-dir",)
    assert parameter("overlap").option.flags == ("--overlap",)
    assert parameter("lower").option.flags == ("--no-lower",)


def test_a_parameter_without_default_is_required() -> None:
    assert [p.name for p in everything.parameters if p.required] == ["model"]


def test_plain_types_read_their_values() -> None:
    assert parameter("limit").option.read(["1", "7"]) == 7
    assert parameter("share").option.read(["0.5"]) == 0.5
    assert parameter("out_dir").option.read(["a/b"]) == Path("a/b")
    assert parameter("words").option.read(["a,b", "c"]) == ("a", "b", "c")
    assert parameter("order").choices == ("random", "given")
    with pytest.raises(UsageError, match="--limit: 'many' is not a number"):
        parameter("limit").option.read(["many"])


def test_a_type_that_cannot_be_an_option_is_named_with_its_place() -> None:
    @recipe("test.wrong")
    def wrong(stream: Stream, when: complex = 0j) -> Session:
        return Session(stream)

    with pytest.raises(AnnotateError, match=r"test_recipe\.py:\d+: the parameter 'when'"):
        _ = wrong.parameters


def test_a_recipe_without_a_stream_is_refused() -> None:
    @recipe("test.dry")
    def dry(labels: Labels = ()) -> Session:
        return Session(STREAM)

    with pytest.raises(AnnotateError, match="no parameter of the type Stream"):
        _ = dry.stream_parameter


def test_a_recipe_must_return_a_session() -> None:
    broken: Recipe[Any] = Recipe("test.dict", cast(Any, lambda stream: {"view_id": "ner"}))
    with pytest.raises(AnnotateError, match=r"test\.dict returned dict, not a Session"):
        broken(STREAM)


def test_names_come_with_commas_or_repeated_and_each_once() -> None:
    assert split_names(["PER, ORG", "ORG", " GPE ,,"]) == ("PER", "ORG", "GPE")


def test_labels_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("\ufeffPER\tPeople, real or not\n\nWORK OF ART\n", encoding="utf-8")
    assert read_labels([str(path), "ORG,PER"]) == ("PER", "WORK OF ART", "ORG")
    assert describe_labels([str(path), "ORG"]) == {"PER": "People, real or not"}


def test_labels_from_a_pipe_are_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "fd"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=("PER\ta person\nORG\n",))
    writer.start()
    assert read_labels([str(pipe)]) == ("PER", "ORG")
    writer.join()
    assert describe_labels([str(pipe)]) == {"PER": "a person"}


def test_a_label_is_not_taken_for_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "PER").write_text("something else")
    assert read_labels(["PER"]) == ("PER",)


def test_a_missing_file_of_labels_is_no_label(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such label file"):
        read_labels([str(tmp_path / "labels.txt")])


def test_an_empty_file_of_labels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("\n\n")
    with pytest.raises(UsageError, match="this file has no labels"):
        read_labels([str(path)])


def test_mappings() -> None:
    assert read_mapping(["GPE=LOC,PERSON=PER", "NORP = GROUP"]) == {
        "GPE": "LOC",
        "PERSON": "PER",
        "NORP": "GROUP",
    }


@pytest.mark.parametrize("pair", ["GPE", "=LOC", "GPE="])
def test_half_a_mapping_is_refused(pair: str) -> None:
    with pytest.raises(UsageError, match="not a pair of labels"):
        read_mapping([pair])


def test_a_file_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_file([str(tmp_path / "none.jsonl")])
    with pytest.raises(UsageError, match="is a folder"):
        read_file([str(tmp_path)])


def test_help_of_arguments_ends_where_the_section_ends() -> None:
    arguments = "Args:\n    one: First.\n    two (int): Second\n        goes on.\n"
    doc = f"Do.\n\n{arguments}\nReturns:\n    x: y"
    assert section(doc, "Args") == {"one": "First.", "two": "Second goes on."}
    assert section("Do.", "Args") == {}


def test_a_session_never_changes_but_can_be_replaced() -> None:
    session = Session(STREAM, labels=["A", "B"], overlap=True)
    with pytest.raises(AttributeError):
        session.view = "pos"
    other = session.replace(labels=("C",), guidelines="# Read", characters=True)
    assert (session.labels, session.guidelines) == (("A", "B"), None)
    assert (other.labels, other.guidelines) == (("C",), "# Read")
    assert (other.options.overlap, other.options.characters) == (True, True)


def test_what_a_session_holds_cannot_be_changed_either() -> None:
    session = Session(STREAM, labels=["A"], keys={"A": "p"}, overlap=True)
    with pytest.raises(AttributeError):
        session.options.overlap = False
    with pytest.raises(TypeError):
        cast(Any, session.keys)["A"] = "q"


@pytest.mark.parametrize("labels", [["A", "A"], [""], [1], "PERSON"])
def test_labels_that_make_no_sense_are_refused(labels: Any) -> None:
    with pytest.raises(AnnotateError):
        Session(STREAM, labels=labels)


def test_a_key_for_a_label_that_is_not_on_offer_is_refused() -> None:
    with pytest.raises(AnnotateError, match="'B', which is not in the label set"):
        Session(STREAM, labels=["A"], keys={"B": "b"})


def test_an_option_with_choices_gives_the_one_that_was_named() -> None:
    order = parameter("order")
    assert recipe_value(order, ("random",)) == "random"
    assert recipe_value(order, ()) == "given"
    with pytest.raises(UsageError, match="rando"):
        recipe_value(order, ("rando",))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"descriptions": {"PRSON": "x"}}, 'a description is given for "PRSON"'),
        ({"colours": {"PRSON": "#ffffff"}}, 'a colour is given for "PRSON"'),
    ],
)
def test_what_is_said_of_a_label_that_is_not_on_offer_is_refused(
    given: dict[str, Any], said: str
) -> None:
    @recipe("people")
    def people(stream: Stream) -> Session:
        return Session(stream, labels=["PERSON"], **given)

    with pytest.raises(AnnotateError, match="did you mean PERSON") as refused:
        people(STREAM)
    assert said in str(refused.value)
    assert "test_recipe.py:" in str(refused.value)


def test_guidelines_stand_beside_the_recipe_or_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "recipes").mkdir()
    file = tmp_path / "recipes" / "mine.py"
    file.write_text(
        "from tui_annotate.recipe import Session, Stream, recipe\n\n\n"
        "@recipe('mine')\ndef mine(stream: Stream) -> Session:\n"
        "    return Session(stream, labels=['A'], guidelines='guide.md')\n"
    )
    made = run_file(file).mine
    monkeypatch.chdir(tmp_path)
    stream = Stream(open_source(str(file)))
    assert made(stream).guidelines == "guide.md"
    (tmp_path / "recipes" / "guide.md").write_text("# Read")
    assert made(stream).guidelines == tmp_path / "recipes" / "guide.md"
    (tmp_path / "guide.md").write_text("# Read")
    assert made(stream).guidelines == "guide.md"
