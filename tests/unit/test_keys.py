"""The key table, the keymap of a session, and keyboards of other layouts."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise

import pytest

from tui_annotate.cli.program import run
from tui_annotate.errors import UsageError
from tui_annotate.keymap.keymap import GROUPS, Keymap, action, key_name, table
from tui_annotate.keymap.layouts import KEYBOARDS, latin, top_row_digit

VIEWS = tuple(GROUPS)
LABELS = ("PER", "ORG", "GPE")

# Letters that multiplexers and terminals take for themselves, or that send what another key does.
TAKEN = "abchijmsz"
NAMED = {
    "enter", "space", "backspace", "delete", "tab", "shift+tab", "escape",
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown",
    *(f"{modifier}+{arrow}" for modifier in ("shift", "ctrl") for arrow in ("left", "right")),
    *(f"{modifier}+{arrow}" for modifier in ("shift", "ctrl") for arrow in ("up", "down")),
    "ctrl+home", "ctrl+end",
    *(f"f{number}" for number in range(1, 13)),
    *(f"ctrl+{chr(code)}" for code in range(ord("a"), ord("z") + 1) if chr(code) not in TAKEN),
}  # fmt: skip


def survives(key: str) -> bool:
    return key in NAMED or bool(re.fullmatch(r"[!-~]", key))


# ── the table ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", VIEWS)
def test_no_key_stands_twice_in_a_view(view: str) -> None:
    keys = Counter(key for entry in table(view) for key in entry.keys)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_action_stands_twice_in_a_view(view: str) -> None:
    names = Counter(entry.id for entry in table(view))
    assert set(names.values()) == {1}


def test_two_keys_for_a_label_are_typed_one_after_the_other() -> None:
    keymap = Keymap(
        "tagging", ["NN", "NNS", "IN"], label_keys={"NN": "n n", "NNS": "n s", "IN": "i"}
    )
    assert keymap.resolve("n") == ("chord", "n")
    assert keymap.resolve("s", "n") == ("label", "NNS")
    assert keymap.resolve("x", "n") is None
    assert keymap.resolve("i") == ("label", "IN")
    assert keymap.resolve("s") == ("jump", None)
    assert keymap.chord("n") == {"n": "NN", "s": "NNS"}
    assert [keymap.label_key(label) for label in ("NN", "NNS", "IN")] == ["nn", "ns", "i"]
    assert keymap.shown("search_next") == "ctrl+d"
    # т and с stand where n and s would not: the letters count by their place.
    assert keymap.resolve("т") == ("chord", "n")
    assert keymap.resolve("ы", "n") == ("label", "NNS")


@pytest.mark.parametrize("wanted", [{"A": "n", "B": "n s"}, {"B": "n s", "A": "n"}])
def test_a_key_that_begins_another_labels_keys_is_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="both want the key 'n'"):
        Keymap("tagging", list(wanted), label_keys=wanted)


@pytest.mark.parametrize("entry", table(), ids=lambda entry: entry.id)
def test_an_action_has_keys_that_pass_ssh_and_tmux_and_says_what_it_does(entry: object) -> None:
    found = action(entry.id)  # type: ignore[attr-defined]
    assert found.keys
    assert [key for key in found.keys if not survives(key)] == []
    assert found.does
    assert found.group


DEAD = {"^", "`", "'"}
CAUGHT = {"f1", "f10", "f11", "f12", "ctrl+p"}


@pytest.mark.parametrize("entry", table(), ids=lambda entry: entry.id)
def test_no_action_has_only_a_key_that_layouts_or_desktops_take(entry: object) -> None:
    found = action(entry.id)  # type: ignore[attr-defined]
    # The switches of the view and the palette are conveniences that the palette and the
    # actions' own keys stand in for.
    if found.id not in {"compact", "dark", "palette"}:
        assert set(found.keys) - DEAD - CAUGHT


def test_what_views_need_a_letter_of_has_a_second_key_that_prints_nothing() -> None:
    for entry in table():
        if entry.group != "everywhere":
            continue
        printing = [key for key in entry.keys if len(key) == 1 or key == "space"]
        assert not printing or set(entry.keys) - set(printing), entry.id


def test_marks_of_punctuation_are_free_to_be_taken() -> None:
    keymap = Keymap("spans", ("A",), label_keys={mark: mark for mark in ",.;?"} | {"dot": ":"})
    for covered in ("repeat", "label_by_name", "help"):
        assert keymap.keys(covered)
        assert not set(keymap.keys(covered)) & set(",.;?")


def test_escape_is_never_the_only_key_but_to_close() -> None:
    with_escape = [entry.id for entry in table() if "escape" in entry.keys]
    assert set(with_escape) == {"escape", "field_leave"}


@pytest.mark.parametrize(
    ("key", "shown"),
    [("left", "←"), ("shift+right", "shift+→"), ("f4", "F4"), ("pageup", "page up"), ("a", "a")],
)
def test_keys_are_written_as_they_stand_on_the_keyboard(key: str, shown: str) -> None:
    assert key_name(key) == shown


def test_an_action_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        action("dance")


# ── a session's keys ───────────────────────────────────────────────────────


@pytest.mark.parametrize("view", VIEWS)
def test_every_key_of_the_table_leads_to_its_action(view: str) -> None:
    keymap = Keymap(view, ())
    for entry in table(view):
        for key in entry.keys:
            found = keymap.resolve(key)
            expected = (
                ("label", None)
                if entry.id.startswith("label_") and entry.id[6:].isdigit()
                else (entry.id, None)
            )
            assert found == expected, key


def test_numbers_give_the_labels_in_their_order() -> None:
    keymap = Keymap("spans", LABELS)
    assert [keymap.resolve(key) for key in "123"] == [("label", name) for name in LABELS]
    assert keymap.resolve("4") == ("label", None)
    assert [keymap.label_key(name) for name in LABELS] == ["1", "2", "3"]
    assert [keymap.label_of(f"label_{n}") for n in range(1, 5)] == [*LABELS, None]


def test_the_tenth_label_has_the_zero_and_the_eleventh_no_key() -> None:
    names = [f"L{number}" for number in range(1, 12)]
    keymap = Keymap("spans", names)
    assert keymap.label_key("L10") == "0"
    assert keymap.resolve("0") == ("label", "L10")
    assert keymap.label_key("L11") is None


def test_a_label_added_gets_the_next_number_and_the_others_keep_theirs() -> None:
    keymap = Keymap("spans", LABELS)
    keymap.set_labels([*LABELS, "LAW"])
    assert [keymap.label_key(name) for name in (*LABELS, "LAW")] == ["1", "2", "3", "4"]


def test_a_label_with_a_key_of_its_own_takes_no_number() -> None:
    keymap = Keymap("spans", LABELS, label_keys={"ORG": "o"})
    assert keymap.resolve("o") == ("label", "ORG")
    assert [keymap.resolve(key) for key in "12"] == [("label", "PER"), ("label", "GPE")]
    assert keymap.label_key("ORG") == "o"


def test_a_label_may_cover_a_key_of_an_action_that_has_another() -> None:
    keymap = Keymap("spans", LABELS, label_keys={"ORG": "a"})
    assert keymap.resolve("a") == ("label", "ORG")
    assert keymap.resolve("enter") == ("accept", None)
    assert keymap.keys("accept") == ("enter",)
    assert keymap.shown("accept") == "enter"


def test_a_label_may_not_cover_the_only_key_of_an_action() -> None:
    with pytest.raises(UsageError) as caught:
        Keymap("spans", LABELS, label_keys={"ORG": "%"})
    assert "'ORG'" in str(caught.value)
    assert "'characters'" in str(caught.value)


def test_two_labels_may_not_cover_both_keys_of_an_action() -> None:
    with pytest.raises(UsageError) as caught:
        Keymap("spans", LABELS, label_keys={"ORG": "a", "PER": "enter"})
    assert "'PER'" in str(caught.value)
    assert "'accept'" in str(caught.value)


def test_two_labels_may_not_want_one_key() -> None:
    with pytest.raises(UsageError, match=r"'ORG' and 'PER' both want the key 'o'"):
        Keymap("spans", LABELS, label_keys={"ORG": "o", "PER": "o"})


def test_the_config_gives_an_action_other_keys() -> None:
    keymap = Keymap("spans", LABELS, overrides={"accept": ["y"]})
    assert keymap.resolve("y") == ("accept", None)
    assert keymap.resolve("a") is None
    assert keymap.shown("accept") == "y"


@pytest.mark.parametrize("thief", ["left", "reject"])
def test_a_key_that_the_config_gives_away_is_taken_from_its_action(thief: str) -> None:
    # Whichever of the two comes first in the table.
    keymap = Keymap("spans", LABELS, overrides={thief: ["f"]})
    assert keymap.resolve("f") == (thief, None)
    assert keymap.keys("flag") == ("ctrl+f",)


def test_the_config_may_not_leave_an_action_without_a_key() -> None:
    with pytest.raises(UsageError, match="'redo'"):
        Keymap("spans", LABELS, overrides={"flag": ["ctrl+r"]})
    with pytest.raises(UsageError, match="'redo'"):
        Keymap("spans", LABELS, overrides={"redo": []})


def test_the_config_may_not_give_one_key_to_two_actions() -> None:
    with pytest.raises(UsageError):
        Keymap("spans", LABELS, overrides={"flag": ["y"], "accept": ["y"]})


def test_a_key_that_the_config_gives_twice_is_refused_though_others_are_left() -> None:
    overrides = {"accept": ["enter", "z"], "flag": ["f", "z"]}
    with pytest.raises(UsageError, match="'z' to 'accept' and to 'flag'"):
        Keymap("spans", LABELS, overrides=overrides)


def test_a_key_of_a_view_may_cover_that_of_all_views() -> None:
    keymap = Keymap("regions", LABELS, overrides={"accept": ["enter", "z"], "zoom_in": ["z"]})
    assert keymap.resolve("z") == ("zoom_in", None)
    assert keymap.keys("accept") == ("enter",)


def test_the_config_names_an_action_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="'acept'"):
        Keymap("spans", LABELS, overrides={"acept": ["y"]})


def test_a_config_for_another_view_does_no_harm() -> None:
    spans_only = next(entry for entry in table("spans") if entry.group == "spans")
    keymap = Keymap("nothing but everywhere", (), overrides={spans_only.id: ["Y"]})
    assert keymap.resolve("Y") is None


def test_who_carries_an_action_out_and_whether_it_only_moves() -> None:
    keymap = Keymap("spans", LABELS)
    names = ("label", "choose", "left", "accept", "quit", "zoom_in")
    assert [keymap.owner(name) for name in names] == [
        "editor", "editor", "editor", "session", "screen", None,
    ]  # fmt: skip
    assert [keymap.moves(name) for name in names] == [False, False, True, False, False, False]


# ── layouts ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ф", "accept"),  # Russian a
        ("ч", "reject"),  # x
        ("α", "accept"),  # Greek a
        ("χ", "reject"),
        ("г", "undo"),
        ("θ", "undo"),
        ("ש", "accept"),  # Hebrew a
        ("ش", "accept"),  # Arabic a
        ("і", "jump"),  # Ukrainian s
        ("Т", "search_previous"),  # N, with shift
    ],
)
def test_letters_of_other_scripts_act_as_the_key_they_sit_on(typed: str, meant: str) -> None:
    assert Keymap("spans", LABELS).resolve(typed) == (meant, None)


def test_a_letter_that_a_label_wants_is_the_labels() -> None:
    keymap = Keymap("spans", LABELS, label_keys={"ORG": "ф"})
    assert keymap.resolve("ф") == ("label", "ORG")


@pytest.mark.parametrize("character", ["é", "漢", "1", "a", "ß", "😀"])
def test_other_characters_are_no_latin_letter_of_a_key(character: str) -> None:
    assert latin(character) is None


def test_the_top_row_of_azerty_gives_digits_without_shift() -> None:
    keymap = Keymap("spans", LABELS, keyboard="azerty")
    assert [keymap.resolve(key) for key in '&é"'] == [("label", name) for name in LABELS]
    assert keymap.resolve("'") == ("label", None)
    assert keymap.keys("jump") == ("s", "f5")
    assert all(keymap.keys(entry.id) for entry in table("spans"))
    assert Keymap("spans", LABELS).resolve("'") == ("jump", None)


def test_keyboards_that_a_config_may_name() -> None:
    assert "azerty" in KEYBOARDS
    assert top_row_digit("&", "azerty") == "1"
    assert top_row_digit("à", "azerty") == "0"
    assert top_row_digit("&", None) is None
    assert top_row_digit("&", "qwerty") is None


@pytest.mark.parametrize(
    ("character", "plain"),
    [("٣", "3"), ("۳", "3"), ("３", "3"), ("३", "3"), ("ａ", "a"), ("ㅁ", "a"), ("ش", "a")],
)
def test_digits_and_letters_of_other_scripts_are_those_on_the_same_key(
    character: str, plain: str
) -> None:
    assert latin(character) == plain
    if plain == "3":
        assert Keymap("spans", LABELS).resolve(character) == ("label", LABELS[2])


def test_the_keys_of_a_recipe_with_blocks_are_those_of_its_blocks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["keys", "ner.textcat", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    groups = [one["group"] for one in listed]
    assert {"everywhere", "spans", "choice", "blocks"} <= set(groups)
    # Each group once, all of it together.
    assert len([1 for a, b in pairwise(groups) if a != b]) + 1 == len(set(groups))
