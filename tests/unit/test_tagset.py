"""Sets of tags: the built-in ones, files of one's own, and keys for those without."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.errors import UsageError
from tui_annotate.inventory.tagset import UPOS, XPOS, OnOffer, Tag, TagSet, read_tagset, with_keys
from tui_annotate.keymap.keymap import Keymap


def beginning(keys: list[str]) -> list[tuple[str, str]]:
    """The keys of which one begins the other."""
    return [(a, b) for a in keys for b in keys if a is not b and b.startswith(a)]


@pytest.mark.parametrize("name", ["upos", "xpos", "UPOS"])
def test_built_in_sets_have_a_key_for_every_tag_that_the_table_of_keys_allows(name: str) -> None:
    tagset = read_tagset(name)
    keys = [tag.key for tag in tagset.tags]
    assert beginning(keys) == []
    assert all(tag.description for tag in tagset.tags)
    keymap = Keymap("tagging", tagset.names, label_keys=tagset.keys)
    for tag in tagset.tags:
        assert keymap.label_key(tag.name) == tag.key
    # What ends or leaves a task keeps its key.
    assert keymap.resolve("a") == ("accept", None)
    assert keymap.resolve("u") == ("undo", None)
    assert keymap.resolve("q") == ("quit", None)


def test_universal_tags_are_those_of_ud_and_need_one_key_each() -> None:
    assert len(UPOS.tags) == 17
    assert {len(tag.key) for tag in UPOS.tags} == {1}
    assert UPOS.keys["NOUN"] == "n"
    assert XPOS.keys["NNS"] == "n s"


def test_a_file_of_tab_separated_tags(tmp_path: Path) -> None:
    path = tmp_path / "tags.tsv"
    path.write_text("tag\tkey\tdescription\nN\tn\ta noun\nV\t\ta verb\n\nO\n")
    tagset = read_tagset(str(path))
    assert tagset.names == ("N", "V", "O")
    assert tagset.keys == {"N": "n", "V": "v", "O": "o"}
    assert tagset.descriptions == {"N": "a noun", "V": "a verb"}
    assert tagset.column == "tag"


@pytest.mark.parametrize(
    "text",
    [
        '[{"tag": "NOUN", "key": "n", "description": "a noun"}, {"tag": "VERB"}]',
        '{"NOUN": {"key": "n", "description": "a noun"}, "VERB": {}}',
    ],
)
def test_a_file_of_tags_as_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tags.json"
    path.write_text(text)
    tagset = read_tagset(str(path))
    assert tagset.keys == {"NOUN": "n", "VERB": "v"}
    assert tagset.descriptions == {"NOUN": "a noun"}
    # They are universal ones, so that is where they are looked for in tokens.
    assert tagset.column == "pos"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no tag"),
        ("N\tn\nN\tm\n", "'N' is listed twice"),
        ("N\tn\nM\tn\n", "want the keys 'n' and 'n'"),
        ("N\tn\nM\tnm\n", "but one is the beginning of the other"),
        ("N\tnoun\n", "the key 'noun'"),
        ("\tn\n", "no name"),
        ('[{"key": "n"}]', "entry 1 has no tag"),
        ('{"N": ', "not JSON"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "tags.tsv"
    path.write_text(text)
    with pytest.raises(UsageError, match=message) as caught:
        read_tagset(str(path))
    assert "tags.tsv" in str(caught.value)


def test_a_set_that_is_not_there_is_said() -> None:
    with pytest.raises(UsageError, match="no tag set 'upso'"):
        read_tagset("upso")


def test_tags_of_another_language_get_keys_beside_the_known_ones() -> None:
    own = XPOS.only(["VV", "NN", "AS", "..."])
    assert own.names == ("NN", "VV", "AS", "...")
    assert own.keys["NN"] == "n n"
    assert beginning([tag.key for tag in own.tags]) == []
    assert all(own.keys.values())


names = st.lists(
    st.text("ABNXYZ$.:-", min_size=1, max_size=5), unique=True, min_size=1, max_size=120
)


@given(names)
def test_tags_without_keys_get_some_of_which_none_begins_another(wanted: list[str]) -> None:
    tags = with_keys([Tag(name) for name in wanted])
    keys = [tag.key for tag in tags]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert beginning(keys) == []
    assert {len(key) for key in keys} == ({1} if len(wanted) <= 23 else {2})
    Keymap("tagging", wanted, label_keys=TagSet(tags).keys)


def test_tags_of_several_words_are_on_offer_where_their_parts_are() -> None:
    offered = OnOffer(["ADP", "DET"])
    assert "ADP" in offered
    assert "ADP+DET" in offered
    assert "ADP+NOUN" not in offered
    assert "ADP+" not in offered
