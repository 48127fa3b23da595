"""The editor of punctuation: marks in gaps, and the capitals that follow them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.editors.punctuation.editor import PunctEditor
from tui_annotate.inventory.marks import BUILT_IN, DEFAULT, MarkSet, read_marks
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens, fallback_pairs


def editor(
    text: str, marks: MarkSet = DEFAULT, classes: Sequence[str] = (), **options: Any
) -> PunctEditor:
    """An editor over a text."""
    tokens = Tokens.from_pairs(text, fallback_pairs(text))
    return PunctEditor(text, tokens, marks, classes, **options)


def go(made: PunctEditor, word: str) -> None:
    """Put the cursor on a word."""
    made.move_to(made.text.index(word))


def test_a_marks_key_puts_it_and_takes_it_off() -> None:
    made = editor("well my friends we begin")
    go(made, "friends")
    made.do("label", ",")
    assert made.content.punctuated() == "Well my friends, we begin"
    made.do("label", ",")
    assert made.content.punctuated() == "Well my friends we begin"


def test_another_mark_replaces_the_one_there_and_quotes_stand_beside_it() -> None:
    made = editor("so it was he left", read_marks(['en "']))
    go(made, "was")
    made.do("label", ",")
    made.do("label", ".")
    made.do("label", '"')
    assert made.content.punctuated() == 'So it "was. He left'
    made.do("label", '"')
    go(made, "so")
    made.do("label", '"')
    go(made, "was")
    made.do("label", '"')
    assert made.content.punctuated() == '"So it was." He left'


def test_a_mark_can_be_added_to_the_one_there() -> None:
    made = editor("you did what then")
    go(made, "what")
    for command, label in (("label", "?"), ("add_mark", None), ("label", "!")):
        made.do(command, label)
    assert made.content.punctuated() == "You did what?! Then"


def test_capitals_follow_a_stop_and_go_with_it() -> None:
    made = editor("we begin now it is late")
    go(made, "now")
    made.do("label", ".")
    assert made.content.punctuated() == "We begin now. It is late"
    made.do("label", ",")
    assert made.content.punctuated() == "We begin now, it is late"


def test_a_capital_can_be_toggled_and_is_kept_by_hand() -> None:
    made = editor("we met anna today")
    go(made, "anna")
    made.do("capital")
    assert made.content.punctuated() == "We met Anna today"
    assert made.fields()["caps"] == [0, 2]
    made.do("capital")
    assert made.fields()["caps"] == [0]


def test_a_name_keeps_its_capital_when_the_stop_before_it_goes() -> None:
    made = editor("It is late. Anna left. I saw Anna.")
    go(made, "late")
    made.do("label", ".")
    assert made.content.punctuated() == "It is late Anna left. I saw Anna."
    go(made, "left")
    made.do("label", ".")
    assert made.content.punctuated() == "It is late Anna left I saw Anna."


def test_a_sentences_own_capital_goes_with_the_stop() -> None:
    made = editor("It is late. Then he left.")
    go(made, "late")
    made.do("delete")
    assert made.content.punctuated() == "It is late then he left."
    assert made.fields()["caps"] == [4]


def test_capitals_stay_as_they_are_where_that_is_asked() -> None:
    made = editor("we begin now it is late", capitals=False)
    go(made, "now")
    made.do("label", ".")
    assert made.content.punctuated() == "we begin now. it is late"


def test_marks_inside_words_are_none() -> None:
    made = editor("The U.K. did co-operate, didn't it?", read_marks([",.?-'"]))
    assert made.counts() == {",": 1, "?": 1}
    assert "co-operate" in [made.content.word(n) for n in range(len(made.content.words))]


def test_what_is_there_can_be_moved_replaced_dropped_and_given_a_class() -> None:
    made = editor("red, green and blue, he said; yes.", classes=["list", "clause"])
    go(made, "red")
    made.do("label", "list")
    made.do("move_right")
    assert made.content.punctuated() == "red green, and blue, he said; yes."
    go(made, "said")
    made.do("label", ":")
    go(made, "blue")
    made.do("delete")
    assert made.content.punctuated() == "red green, and blue he said: yes."
    marks = made.fields()["marks"]
    assert {"token": 0, "side": "after", "offset": 3, "mark": None, "was": ","} in marks
    assert {
        "token": 2, "side": "after", "offset": 10, "mark": ",", "was": None, "label": "list",
    } in marks  # fmt: skip
    assert any(one["mark"] == ":" and one["was"] == ";" for one in marks)


def test_spans_bear_the_mark_of_their_token() -> None:
    made = editor("well my friends")
    go(made, "well")
    made.do("label", ",")
    assert made.fields()["spans"] == [
        {"start": 0, "end": 4, "token_start": 0, "token_end": 0, "label": ","}
    ]


def test_a_selection_is_put_between_brackets() -> None:
    made = editor("he came as one does late", read_marks(["en ( )"]))
    go(made, "as")
    made.do("extend_right")
    made.do("extend_right")
    made.do("label", "(")
    assert made.content.punctuated() == "He came (as one does) late"


def test_dashes_take_the_space_of_their_gap_with_them_and_give_it_back() -> None:
    made = editor("free the belief -- that war--seeking is")
    assert made.content.punctuated() == made.text
    go(made, "war")
    made.do("label", "--")
    assert made.content.punctuated() == "free the belief -- that war seeking is"
    go(made, "free")
    made.do("label", "--")
    assert made.content.punctuated() == "free--the belief -- that war seeking is"


@pytest.mark.parametrize(
    ("language", "text", "keys", "result"),
    [
        ("ar", "مرحبا كيف حالك", {0: "،", 2: "؟"}, "مرحبا، كيف حالك؟"),
        ("hi", "वह आया हम गए", {1: "।", 3: "।"}, "वह आया। हम गए।"),
        ("fr", "il vient pourquoi", {1: ";", 2: "?"}, "Il vient\u202f; pourquoi\u202f?"),
        ("es", "qué pasa", {0: "¿", 1: "?"}, "¿Qué pasa?"),
        ("zh", "我来了你呢", {2: "，", 4: "？"}, "我来了，你呢？"),
    ],
)
def test_languages_with_marks_of_their_own(
    language: str, text: str, keys: dict[int, str], result: str
) -> None:
    made = editor(text, BUILT_IN[language])
    for word, mark in keys.items():
        made.move_to(made.content.words[word].start)
        made.do("label", mark)
    assert made.content.punctuated() == result


@pytest.mark.parametrize("inventory", BUILT_IN.values(), ids=BUILT_IN)
def test_every_mark_has_a_key_that_is_on_a_keyboard(inventory: MarkSet) -> None:
    keys = list(inventory.keys.values())
    assert len(keys) == len(inventory.marks) == len(set(keys))
    assert all(key.isascii() and key.isprintable() for key in keys)


def test_suggestions_come_where_nothing_stands_and_can_be_undone_as_one() -> None:
    made = editor("well we begin now it is late")
    offers = [Suggestion(0, 4, ",", "model", 0.7), Suggestion(14, 17, ".", "model", 0.6)]
    made.suggest(offers)
    assert made.content.punctuated() == "Well, we begin now. It is late"
    assert not made.edited
    assert len(made.attention.unsure) == 2
    made.do("next_span")
    assert len(made.attention.unsure) == 1
    # The mark's own key confirms what was suggested, and takes off what is confirmed.
    made.do("label", ".")
    assert made.content.punctuated() == "Well, we begin now. It is late"
    assert made.edited
    assert len(made.attention.unsure) == 0
    go(made, "now")
    made.do("label", ".")
    assert made.content.punctuated() == "Well, we begin now it is late"
    late = editor("well we begin now it is late")
    go(late, "late")
    late.do("label", ".")
    late.suggest(offers)
    late.do("undo")
    assert late.content.punctuated() == "Well we begin now it is late."


def test_a_source_is_withdrawn_but_for_what_was_taken_up() -> None:
    made = editor("well we begin now it is late")
    made.suggest([Suggestion(0, 4, ",", "model"), Suggestion(14, 17, ".", "other")])
    made.withdraw("model")
    assert made.content.punctuated() == "Well we begin now. It is late"


def test_hidden_marks_are_offered_where_asked() -> None:
    made = editor("Well, it is. He left.", strip=True, hints=True)
    assert made.content.punctuated() == "Well, it is. He left."
    assert len(made.attention.unsure) == 3


def test_stripped_tokens_are_those_shown() -> None:
    made = editor("Well, it is.", strip=True)
    assert made.content.punctuated() == "Well it is"
    fields = made.fields()
    assert [token["text"] for token in fields["tokens"]] == ["Well", "it", "is"]
    assert [token["id"] for token in fields["tokens"]] == [0, 1, 2]
    assert [token["ws"] for token in fields["tokens"]] == [True, True, False]
    assert {"token": 0, "side": "after", "offset": 4, "mark": None, "was": ","} in fields["marks"]


_TEXT = st.lists(
    st.sampled_from(
        [
            "well",
            "Anna",
            "it",
            "I",
            "U.K.",
            "co-operate",
            "12.5",
            ",",
            ".",
            '"',
            "?",
            "--",
            "(",
            ")",
        ]
    ),
    min_size=1,
    max_size=14,
).flatmap(
    lambda parts: st.lists(
        st.sampled_from(["", " ", " ", "\n\n"]), min_size=len(parts), max_size=len(parts)
    ).map(lambda gaps: "".join(g + p for g, p in zip(gaps, parts, strict=True)))
)
_FULL = read_marks(['en " ( )'])
_COMMANDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["label", "label", "label", "left", "right", "capital", "delete", "move_left",
             "move_right", "undo", "redo", "add_mark", "next_span", "last"]
        ),
        st.sampled_from([*_FULL.names, "list"]),
    ),
    max_size=14,
)  # fmt: skip


def run(made: PunctEditor, commands: list[tuple[str, str]]) -> None:
    """Carry out commands."""
    for command, argument in commands:
        made.do(command, argument if command == "label" else None)


@given(_TEXT, st.booleans())
def test_what_came_reads_as_it_came(text: str, strip: bool) -> None:
    made = editor(text, _FULL)
    if made.counts():
        assert made.content.punctuated() == text
    assert made.content.punctuated().lower() == text.lower()
    if strip:
        hidden = editor(text, _FULL, strip=True)
        for word in range(len(made.content.words)):
            for side in ("before", "after"):
                for slot in made.content.visible(word, side):
                    assert hidden.content.slots(word, side)[0].original is not None
                    assert slot.mark not in [s.mark for s in hidden.content.visible(word, side)]


@given(_TEXT, st.booleans(), _COMMANDS)
def test_undone_everything_is_as_before(
    text: str, strip: bool, commands: list[tuple[str, str]]
) -> None:
    made = editor(text, _FULL, ["list"], strip=strip)
    before, fields = made.content.punctuated(), made.fields()
    run(made, commands)
    after = made.fields()
    for _ in commands:
        made.do("undo")
    assert made.content.punctuated() == before
    assert made.fields() == fields
    for _ in commands:
        made.do("redo")
    made_again = made.fields()
    if not any(command in ("undo", "redo") for command, _ in commands):
        assert made_again == after


@given(_TEXT, st.booleans(), _COMMANDS)
def test_what_was_written_is_taken_up_again(
    text: str, strip: bool, commands: list[tuple[str, str]]
) -> None:
    made = editor(text, _FULL, ["list"], strip=strip)
    run(made, commands)
    fields = made.fields()
    draft = editor(text, _FULL, ["list"], strip=strip)
    draft.restore(made.state())
    assert draft.fields() == fields
    again = editor(
        text, _FULL, ["list"], strip=strip, initial=fields["marks"], changed=fields["caps"]
    )
    assert again.content.punctuated() == fields["punctuated"]
    assert again.counts() == made.counts()


@given(_TEXT, st.booleans(), _COMMANDS)
def test_counts_and_spans_agree_with_the_marks(
    text: str, strip: bool, commands: list[tuple[str, str]]
) -> None:
    made = editor(text, _FULL, ["list"], strip=strip)
    run(made, commands)
    fields = made.fields()
    standing = [one for one in fields["marks"] if one["mark"] is not None]
    counted = sum(count for label, count in made.counts().items() if label != "list")
    assert counted == len(standing)
    joined = sum(len(_FULL.split(span["label"]) or ()) for span in fields["spans"])
    assert joined == sum(one["side"] == "after" for one in standing)


def gold_of(made: PunctEditor) -> list[tuple[int, str]]:
    """The marks of a text, each with its word."""
    return [
        (number, slot.mark)
        for number in range(len(made.content.words))
        for side in ("before", "after")
        for slot in made.content.visible(number, side)
        if slot.mark is not None
    ]


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["1865-Lincoln.txt", "1961-Kennedy.txt"])
def test_an_inaugural_address_is_restored_mark_by_mark(shared_data: Path, name: str) -> None:
    text = (shared_data / "punctuation-inaugural" / name).read_text(encoding="utf-8")
    marks = read_marks(['en " ...'])
    gold = gold_of(editor(text, marks))
    made = editor(text, marks, strip=True)
    assert not made.counts()
    assert not re.search(r'[;?"]|,(?!\d)', made.content.punctuated())
    for word, mark in gold:
        made.move_to(made.content.words[word].start)
        made.do("label", mark)
    assert made.content.punctuated() == text
    assert made.fields()["caps"] == []
    assert all(one["mark"] == one["was"] for one in made.fields()["marks"])


@pytest.mark.shared_data
def test_an_address_as_a_recogniser_would_give_it_is_restored(shared_data: Path) -> None:
    path = shared_data / "punctuation-inaugural" / "1865-Lincoln.txt"
    text = path.read_text(encoding="utf-8")
    marks = read_marks(['en "'])
    whole = editor(text, marks)
    bare = editor(text, marks, strip=True).content.punctuated()
    made = editor(bare, marks)
    assert len(made.content.words) == len(whole.content.words)
    for word, mark in gold_of(whole):
        made.move_to(made.content.words[word].start)
        made.do("label", mark)
    for number in range(len(made.content.words)):
        if made.content.capital(number) != whole.content.capital(number):
            made.move_to(made.content.words[number].start)
            made.do("capital")
    # The end of the file is no gap that a mark stands in.
    assert made.content.punctuated().rstrip() == text.rstrip()


def offer(made: PunctEditor, *found: tuple[str, str, float, bool]) -> None:
    """Suggest marks: the word, the mark, the score, and whether it is only worth a look."""
    made.suggest(
        [
            Suggestion(at, at + len(word), mark, "m", score, hints_only=look)
            for word, mark, score, look in found
            for at in (made.text.index(word),)
        ]
    )


def test_tab_goes_to_what_is_unsure_and_leaves_the_sure_for_last() -> None:
    made = editor("we began late it was dark nobody came so we left")
    offer(
        made,
        ("late", ".", 0.95, False),
        ("dark", ",", 0.3, True),
        ("came", ".", 0.6, False),
    )
    assert made.content.punctuated() == "We began late. It was dark nobody came. So we left"
    assert [one.label for one in made.offered] == [".", "."]
    made.move_to(0)
    stops = []
    for _ in range(3):
        made.do("next_span")
        stops.append(made.content.word(made.here))
    assert stops == ["dark", "came", "came"]
    made.move_to(0)
    made.do("next_span")
    assert made.content.word(made.here) == "late"


def test_a_place_that_has_its_mark_is_no_longer_one_to_look_at() -> None:
    made = editor("we began late it was dark")
    offer(made, ("late", ",", 0.3, True))
    assert len(made.attention.unsure) == 1
    go(made, "late")
    made.do("label", ".")
    assert len(made.attention.unsure) == 0
    made.do("undo")
    assert len(made.attention.unsure) == 1


def test_places_and_capitals_are_in_the_draft() -> None:
    made = editor("we met obama there it was dark")
    offer(made, ("there", ",", 0.3, True), ("obama", "^", 0.8, False))
    state = made.state()
    again = editor(made.text)
    again.restore(state)
    assert again.content.punctuated() == "We met Obama there it was dark"
    assert list(again.attention.unsure) == [3]


def test_white_space_at_both_ends_stays_around_marks() -> None:
    made = editor("  well we begin \n")
    made.do("last")
    made.do("label", "!")
    assert made.content.punctuated() == "  Well we begin! \n"


@pytest.mark.parametrize(
    ("text", "word", "mark", "without"),
    [
        ("all is well. \n", "well", ".", "all is well \n"),
        ("all is well. \n\nNext one", "well", ".", "all is well \n\nNext one"),
        ("\n « all is well", "all", "«", "\n all is well"),
        ("all is well.  ", "well", ".", "all is well  "),
        ("il dit : « Bonjour »\n", "dit", ":", "il dit « Bonjour »\n"),
        ("il dit : « Bonjour »\n", "Bonjour", "»", "il dit : « Bonjour\n"),
    ],
)
def test_a_mark_that_goes_leaves_the_white_space_around_it(
    text: str, word: str, mark: str, without: str
) -> None:
    made = editor(text, BUILT_IN["fr"], capitals=False)
    go(made, word)
    made.do("label", mark)
    assert made.content.punctuated() == without
    made.do("label", mark)
    assert made.content.punctuated() == text


def test_a_draft_keeps_the_last_mark_for_repeat() -> None:
    made = editor("well we begin now")
    made.do("label", ",")
    again = editor(made.text)
    again.restore(made.state())
    go(again, "begin")
    again.do("repeat")
    assert again.content.punctuated() == "Well, we begin, now"


def test_a_suggested_capital_can_be_taken_off_and_is_written() -> None:
    made = editor("we met obama there")
    offer(made, ("obama", "^", 0.8, False))
    assert made.content.punctuated() == "We met Obama there"
    assert made.fields()["caps"] == [0, 2]
    go(made, "obama")
    made.do("capital")
    assert made.content.punctuated() == "We met obama there"
    made.do("capital")
    made.withdraw("m")
    assert made.content.punctuated() == "We met obama there"


def test_capitals_are_not_suggested_where_they_are_left_alone_or_after_an_edit() -> None:
    made = editor("we met obama there", capitals=False)
    offer(made, ("obama", "^", 0.8, False))
    assert made.content.punctuated() == "we met obama there"
    made = editor("we met obama there")
    made.do("label", ",")
    offer(made, ("obama", "^", 0.8, False))
    assert made.content.punctuated() == "We, met obama there"


def test_turkish_capitals_keep_their_dots() -> None:
    made = editor("geldim istanbul büyük ılık bir yer", read_marks(["tr"]))
    for word in ("geldim", "büyük"):
        go(made, word)
        made.do("label", ".")
    assert made.content.punctuated() == "Geldim. İstanbul büyük. Ilık bir yer"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("שלום לכם היום", "שלום"),
        ("मैं यहाँ हूँ", "मैं"),
        ("eins 2016 war gut", "eins"),
        ("你好 我们", "好"),
    ],
)
def test_words_without_case_have_no_capitals(text: str, word: str) -> None:
    made = editor(text)
    at = text.index(" ") + 1
    made.suggest([Suggestion(at, at + 2, "^", "model", 0.9)])
    assert made.offered == []
    go(made, word)
    made.do("label", ".")
    assert made.fields()["caps"] == ([0] if text[0] == "e" else [])
    # As older versions wrote it.
    again = editor(text, initial=[], changed=[1, 2])
    assert [n for n in again.fields()["caps"] if again.content.has_case(n)] == again.fields()[
        "caps"
    ]


def test_the_same_mark_can_be_added_twice() -> None:
    made = editor("you did what then")
    go(made, "what")
    for command, label in (("label", "?"), ("add_mark", None), ("label", "?")):
        made.do(command, label)
    assert made.content.punctuated() == "You did what?? Then"


PLACES = (("late", ",", 0.3, True), ("dark", ".", 0.4, True), ("came", ".", 0.6, False))
LATE = "we began late it was dark nobody came so we left"


def test_a_mark_where_tab_led_leads_on_to_the_next_place() -> None:
    made = editor(LATE)
    offer(made, *PLACES)
    made.move_to(0)
    made.do("next_span")
    made.do("label", ".")
    assert made.content.word(made.here) == "dark"
    made.do("label", ",")
    assert made.content.word(made.here) == "came"
    made.do("label", ";")
    assert made.content.word(made.here) == "came"
    assert made.content.punctuated() == "We began late. It was dark, nobody came; so we left"
    made.do("undo")
    made.do("undo")
    assert made.content.word(made.here) == "dark"
    made.do("label", ";")
    assert made.content.word(made.here) == "came"


def test_a_mark_does_not_lead_on_from_where_one_went_by_oneself() -> None:
    made = editor(LATE)
    offer(made, *PLACES)
    made.move_to(0)
    made.do("next_span")
    made.do("left")
    made.do("right")
    made.do("label", ".")
    assert made.content.word(made.here) == "late"


def test_marks_beside_each_other_and_pairs_and_classes_keep_the_cursor() -> None:
    made = editor(LATE, read_marks(['en "']))
    offer(made, *PLACES)
    made.move_to(0)
    made.do("next_span")
    made.do("label", '"')
    assert made.content.word(made.here) == "late"
    made.do("add_mark")
    made.do("label", "!")
    assert made.content.word(made.here) == "late"
    classed = editor(LATE, classes=("clause",))
    offer(classed, *PLACES)
    classed.move_to(0)
    classed.do("next_span")
    classed.do("label", ".")
    classed.do("label", "clause")
    assert classed.content.word(classed.here) == "late"


def test_a_draft_keeps_that_one_was_led_to_a_place() -> None:
    made = editor(LATE)
    offer(made, *PLACES)
    made.move_to(0)
    made.do("next_span")
    again = editor(LATE)
    again.restore(made.state())
    again.do("label", ".")
    assert again.content.word(again.here) == "dark"
