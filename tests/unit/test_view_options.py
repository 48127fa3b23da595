"""The options of views: what a recipe may give, what is refused, and what is read of old."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from tui_annotate import kinds
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.kinds import kind
from tui_annotate.kinds import spans as spans_kind
from tui_annotate.kinds.options import ViewOptions
from tui_annotate.recipe import Block, Recipe, Session, Stream
from tui_annotate.session.keymaps import keymaps
from tui_annotate.session.labels import LabelSet
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.labels import LabelBook

STREAM = cast(Stream, object())
SETTINGS = RunSettings("of.mine", "news.jsonl", Path("out.jsonl"), "ann")


def session(view: str, **options: Any) -> Session:
    return Session(STREAM, view=view, labels=["A", "B"], **options)


def block(view: str, **options: Any) -> Block:
    return Block(view, labels=["A", "B"], **options)


def refused(made: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(AnnotateError) as raised:
        made(*args, **options)
    return str(raised.value)


@pytest.mark.parametrize("made", [session, block])
def test_an_unknown_option_is_refused_with_the_nearest_and_all_there_are(made: Any) -> None:
    said = refused(made, "spans", overlaps=True)
    assert said == (
        "the view 'spans' has no option 'overlaps': it has overlap, characters; "
        "did you mean overlap?"
    )


def test_where_none_is_near_the_options_there_are_stand_alone() -> None:
    said = refused(session, "spans", title="people")
    assert said == "the view 'spans' has no option 'title'; it has overlap, characters."


def test_an_unknown_view_is_refused_with_the_nearest() -> None:
    said = refused(session, "span")
    assert said.endswith("did you mean spans?")
    assert "punctuation" in said


@pytest.mark.parametrize("made", [session, block])
@pytest.mark.parametrize(
    ("view", "options", "wanted"),
    [
        ("spans", {"overlap": "yes"}, "True or False, not 'yes'"),
        ("spans", {"overlap": 1}, "True or False, not 1"),
        ("spans", {"characters": 0}, "True or False, or None, not 0"),
        ("choice", {"threshold": "high"}, "a number from 0 to 1, not 'high'"),
        ("choice", {"threshold": True}, "a number from 0 to 1, not True"),
        ("keyphrases", {"max_phrases": 1.5}, "a whole number, 1 or more, or None, not 1.5"),
        ("regions", {"mode": "talk"}, "'regions', 'speakers' or 'transcribe', not 'talk'"),
        ("regions", {"snippets": "[laugh]"}, "a list of strings, not '[laugh]'"),
        ("regions", {"snippets": [1]}, "a list of strings, not [1]"),
        ("tagging", {"tagset": "upos"}, "a TagSet, or None, not 'upos'"),
        ("punctuation", {"marks": ",.?"}, "a MarkSet, not ',.?'"),
        ("linking", {"knowledge": "kb.sqlite"}, "a Linker, not 'kb.sqlite'"),
    ],
)
def test_a_value_of_another_type_is_refused_in_our_own_words(
    made: Any, view: str, options: dict[str, Any], wanted: str
) -> None:
    (name,) = options
    said = refused(made, view, **options)
    assert said == f"the option {name} of the view '{view}' must be {wanted}."


def test_a_number_out_of_its_range_is_a_wrong_value_on_the_command_line() -> None:
    with pytest.raises(UsageError, match="must be a number from 0 to 1, not 2") as raised:
        session("tagging", threshold=2)
    assert raised.value.exit_code == 2


def test_a_value_from_data_reaches_the_message_escaped_and_cut() -> None:
    said = refused(session, "regions", mode="\x1b[31m" + "x" * 1000)
    assert "\x1b" not in said
    assert len(said) < 200


def test_values_are_as_their_type_has_them() -> None:
    assert session("regions", snippets=["[laugh]"]).options.snippets == ("[laugh]",)
    threshold = session("choice", threshold=1).options.threshold
    assert (threshold, type(threshold)) == (1.0, float)
    assert session("tagging", tagset=UPOS).options.tagset is UPOS


def test_what_has_to_be_given_is_asked_for_with_an_example() -> None:
    said = refused(session, "linking")
    assert "needs the option knowledge" in said
    assert "knowledge=knowledge.open(kb)" in said


@pytest.mark.parametrize(
    ("old", "now"),
    [("tags", "tagging"), ("punct", "punctuation"), ("sounds", "audio_choice")],
)
def test_a_view_of_old_is_the_one_of_today_with_a_notice(old: str, now: str) -> None:
    for made in (session(old), block(old)):
        assert made.view == now
        assert made.notices == (f"the view '{old}' is called '{now}' now",)
    assert kinds.current_name("links") == "linking"


@pytest.mark.parametrize(
    ("view", "old", "now", "value"),
    [
        ("choice", "claim", "preselect", True),
        ("audio_choice", "claim", "preselect", False),
        ("keyphrases", "most", "max_phrases", 3),
        ("regions", "usual", "default_labels", ("SPEECH",)),
    ],
)
def test_an_option_of_old_is_the_one_of_today_with_a_notice(
    view: str, old: str, now: str, value: Any
) -> None:
    for made in (session(view, **{old: value}), block(view, **{old: value})):
        assert getattr(made.options, now) == value
        assert made.notices == (f"the option {old} of the view '{view}' is called {now} now",)
    assert "given twice" in refused(session, view, **{old: value, now: value})


def test_notices_of_blocks_are_told_and_outlive_a_change() -> None:
    made = Session(STREAM, view="blocks", blocks=[block("spans"), block("choice", claim=True)])
    expected = ("the option claim of the view 'choice' is called preselect now",)
    assert made.notices == expected
    assert made.replace(guidelines="# Read").notices == expected
    assert session("tags").replace(labels=["C"]).notices == (
        "the view 'tags' is called 'tagging' now",
    )


def test_another_view_takes_over_what_was_chosen_only() -> None:
    made = session("spans", overlap=True).replace(view="keyphrases")
    assert (made.view, made.options.overlap, made.options.max_phrases) == ("keyphrases", True, None)
    assert session("spans").replace(view="choice").options.multiple is False
    assert "no option 'overlap'" in refused(session("spans", overlap=True).replace, view="choice")


def test_a_recipe_is_told_the_line_that_gives_the_option() -> None:
    def wrong(stream: Stream) -> Session:
        return Session(stream, overlaps=True)

    said = refused(Recipe("of.mine", wrong), STREAM)
    place = f"{__file__}:{wrong.__code__.co_firstlineno + 1}: "
    assert said.startswith(f"{place}the view 'spans' has no option 'overlaps'")


def test_every_option_of_every_view_is_documented() -> None:
    rows = kinds.describe()
    assert {row.view for row in rows} == set(kinds.names())
    assert [row for row in rows if not row.doc] == []
    by_name = {(row.view, row.option): row for row in rows}
    threshold = by_name["choice", "threshold"]
    assert (threshold.type, threshold.default) == ("a number from 0 to 1", "0.5")
    assert by_name["keyphrases", "overlap"].default == "True"
    assert by_name["keyphrases", "characters"].doc == by_name["spans", "characters"].doc
    assert by_name["linking", "knowledge"].default == ""


@pytest.mark.parametrize("view", kinds.names())
def test_options_never_change_and_know_no_other_names(view: str) -> None:
    made_of = kind(view).options
    assert issubclass(made_of, ViewOptions)
    config = made_of.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields) == (True, True)


class Plugged:
    """A kind of another package."""

    KIND = replace(spans_kind.KIND, key_groups=("text", "spans"))
    NOTHING = "nothing"


def test_another_package_brings_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = SessionFolder(tmp_path / "out.jsonl")
    folder.create()
    group = kinds.ENTRY_POINTS
    points = [
        EntryPoint("ruby", f"{__name__}:Plugged.KIND", group),
        EntryPoint("broken", f"{__name__}:Plugged.NOTHING", group),
        EntryPoint("missing", "no.such.module:KIND", group),
        EntryPoint("spans", f"{__name__}:Plugged.NOTHING", group),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    kind.cache_clear()
    try:
        assert kinds.names()[-3:] == ("ruby", "broken", "missing")
        made = session("ruby", overlap=True)
        assert made.options.overlap
        (keymap,) = keymaps(made, LabelSet(made.labels, LabelBook(folder)), SETTINGS)
        assert keymap.resolve("tab") == ("next_span", None)
        assert "is not a Kind but str" in refused(kind, "broken")
        assert "the view 'missing' cannot be loaded" in refused(kind, "missing")
        # What is built in cannot be taken away.
        assert kind("spans") is spans_kind.KIND
    finally:
        kind.cache_clear()


@pytest.mark.parametrize(
    "code",
    [
        "import tui_annotate",
        "import tui_annotate.recipe",
        "from tui_annotate import kinds; kinds.describe()",
        "from tui_annotate.cli import main; main(['--help'])",
        "from tui_annotate.cli import main; main(['recipes'])",
    ],
)
def test_nothing_heavy_is_loaded_before_a_session(code: str) -> None:
    heavy = "{'textual', 'spacy', 'numpy', 'soundfile', 'av', 'sounddevice', 'miniaudio'}"
    script = (
        "import sys\n"
        "try:\n"
        f"    {code}\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print('loaded:', *sorted({heavy} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1].strip() == "loaded:"
