"""The tag editor: every action of the key table for tags."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.editors.tags.editor import TagEditor
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens, fallback_pairs

TEXT = "The old ferry leaves early, but the ferry waits."
WORDS = ["The", "old", "ferry", "leaves", "early", ",", "but", "the", "ferry", "waits", "."]
LABELS = ["NOUN", "VERB", "DET", "ADJ", "ADV", "ADP", "CCONJ", "PUNCT"]
BEST = ["DET", "ADJ", "NOUN", "VERB", "ADV", "PUNCT", "CCONJ", "DET", "NOUN", "NOUN", "PUNCT"]
SURE = [0.99, 0.5, 0.95, 0.7, 0.99, 1.0, 0.99, 0.99, 0.95, 0.6, 1.0]


def pairs(text: str = TEXT) -> list[tuple[int, int]]:
    return fallback_pairs(text)


def editor(text: str = TEXT, **options: Any) -> TagEditor:
    return TagEditor(text, Tokens.from_pairs(text, pairs(text)), LABELS, **options)


def guesses(source: str = "model") -> list[Suggestion]:
    """A best tag for each word, and VERB as the second."""
    found = []
    for (start, end), label, score in zip(pairs(), BEST, SURE, strict=True):
        found.append(Suggestion(start, end, "VERB" if label != "VERB" else "NOUN", source, 0.01))
        found.append(Suggestion(start, end, label, source, score))
    return found


def helped(**options: Any) -> TagEditor:
    one = editor(**options)
    one.suggest(guesses())
    return one


def press(one: TagEditor, *commands: str) -> None:
    for command in commands:
        name, _, argument = command.partition(" ")
        assert one.do(name, argument or None) is not None, command


def tags(one: TagEditor) -> list[str | None]:
    return [None if tag is None else tag.label for tag in one.tags]


def word(one: TagEditor) -> str:
    start, end = one.caret.unit()
    return one.text[start:end]


def test_a_tag_tags_the_token_and_moves_on() -> None:
    one = editor()
    press(one, "label DET", "label ADJ")
    assert tags(one)[:3] == ["DET", "ADJ", None]
    assert word(one) == "ferry"
    assert one.edited
    assert one.counts() == {"DET": 1, "ADJ": 1}


def test_the_key_of_its_own_tag_confirms_a_suggestion_and_goes_on() -> None:
    one = helped()
    press(one, "first", "next_span")
    here = one.here
    own = one.tags[here]
    assert own is not None
    assert own.suggested
    press(one, f"label {own.label}")
    confirmed = one.tags[here]
    assert confirmed is not None
    assert (confirmed.label, confirmed.suggested) == (own.label, False)
    assert one.here > here
    assert one.edited
    one.move_to(one.table.starts[here])
    press(one, f"label {own.label}")
    assert one.tags[here] == confirmed


def test_a_run_is_tagged_at_once_and_left() -> None:
    one = editor()
    press(one, "right", "extend_right", "extend_right", "label NOUN")
    assert tags(one)[:5] == [None, "NOUN", "NOUN", "NOUN", None]
    assert word(one) == "early"
    assert one.caret.selection is None
    press(one, "undo")
    assert tags(one) == [None] * 11


def test_a_selection_that_was_begun_with_a_key_ends_with_the_tag() -> None:
    one = editor()
    press(one, "select", "right", "label NOUN", "right")
    assert one.caret.selection is None
    press(one, "label VERB")
    assert tags(one)[:4] == ["NOUN", "NOUN", None, "VERB"]


def test_the_last_token_can_be_tagged_and_is_not_left() -> None:
    one = editor()
    press(one, "last", "label PUNCT", "label PUNCT")
    assert tags(one)[-2:] == [None, "PUNCT"]


def test_suggestions_are_there_from_the_start_and_the_cursor_is_on_the_first_unsure_one() -> None:
    one = helped()
    assert tags(one) == BEST
    assert not one.edited
    assert word(one) == "old"
    assert one.unsure_left == 3
    assert [row.label for row in one.ranked(1)] == ["ADJ", "VERB"]
    assert [(one.text[s.start : s.end], s.label) for s in one.offered] == list(
        zip(WORDS, BEST, strict=True)
    )


def test_a_cursor_that_was_moved_stays_where_it_is() -> None:
    one = editor()
    press(one, "right", "right")
    one.suggest(guesses())
    assert word(one) == "ferry"


def test_tab_leads_from_one_unsure_tag_to_the_next_and_says_where_there_is_none() -> None:
    one = helped()
    seen = [word(one)]
    for _ in range(2):
        press(one, "next_span")
        seen.append(word(one))
    assert seen == ["old", "leaves", "waits"]
    assert not one.unsure(1)
    assert one.unsure(9)
    outcome = one.do("next_span")
    assert outcome is not None
    assert outcome.message is not None
    assert word(one) == "waits"
    assert one.unsure_left == 0
    press(one, "previous_span", "previous_span")
    assert word(one) == "old"
    assert tags(one) == BEST
    assert not one.edited


def test_where_tab_led_a_tag_leads_on_to_the_next_unsure_one() -> None:
    one = helped()
    press(one, "label NOUN")
    assert word(one) == "leaves"
    press(one, "right", "label NOUN")
    assert word(one) == ","
    assert tags(one)[1:5] == ["NOUN", "NOUN", "VERB", "NOUN"]


@pytest.mark.parametrize(("threshold", "unsure"), [(0.0, 0), (0.55, 1), (0.65, 2), (0.96, 5)])
def test_the_threshold_says_what_is_unsure(threshold: float, unsure: int) -> None:
    assert helped(threshold=threshold).unsure_left == unsure


def test_tab_leads_to_tokens_without_a_tag() -> None:
    one = editor()
    press(one, "label DET", "right", "label NOUN", "first", "next_span")
    assert word(one) == "old"


def test_digits_pick_from_the_ranked_choices() -> None:
    one = helped()
    press(one, "pick_2")
    assert tags(one)[1] == "VERB"
    assert word(one) == "leaves"
    outcome = one.do("pick_3")
    assert outcome is not None
    assert not outcome.edited
    assert outcome.message == "only 2 suggestions here"


def test_what_was_written_down_goes_before_what_a_model_holds_likely() -> None:
    one = editor()
    start, end = pairs()[2]
    one.suggest([*guesses(), Suggestion(start, end, "ADP", "patterns")])
    assert tags(one)[2] == "ADP"
    assert [row.label for row in one.ranked(2)] == ["ADP", "NOUN", "VERB"]


def test_a_suggestion_over_several_tokens_is_one_of_each() -> None:
    one = editor()
    one.suggest([Suggestion(pairs()[1][0], pairs()[2][1], "NOUN", "patterns")])
    assert tags(one)[:4] == [None, "NOUN", "NOUN", None]


def test_suggestions_after_the_first_edit_are_one_step_and_change_nothing_made_by_hand() -> None:
    one = editor()
    press(one, "label ADV")
    outcome = one.suggest(guesses())
    assert outcome.edited
    assert tags(one) == ["ADV", *BEST[1:]]
    press(one, "undo")
    assert tags(one) == ["ADV"] + [None] * 10


def test_a_source_that_is_switched_off_takes_its_tags_along() -> None:
    one = helped()
    press(one, "label NOUN")
    one.withdraw("model")
    assert tags(one) == [None, "NOUN"] + [None] * 9
    assert not one.ranked(3)
    press(one, "undo")
    assert tags(one) == [BEST[0], "NOUN", *BEST[2:]]


def test_label_all_tags_the_same_word_everywhere_but_not_what_was_set_by_hand() -> None:
    one = helped()
    press(one, "first", "right", "right", "label VERB", "left")
    outcome = one.do("label_all")
    assert outcome is not None
    assert outcome.message == "1 tagged VERB"
    assert [tags(one)[2], tags(one)[8]] == ["VERB", "VERB"]
    press(one, "undo")
    assert [tags(one)[2], tags(one)[8]] == ["VERB", "NOUN"]
    # The and the are two words.
    press(one, "first", "label ADV", "left", "label_all")
    assert tags(one)[7] == "DET"


def test_repeat_delete_and_join() -> None:
    one = editor()
    press(one, "label DET", "repeat", "left", "delete")
    assert tags(one)[:2] == ["DET", None]
    press(one, "label ADP", "left", "join", "label DET", "join", "label NOUN")
    assert tags(one)[1] == "ADP+DET+NOUN"
    assert word(one) == "old"
    press(one, "undo", "undo", "undo")
    assert tags(one)[1] is None


def test_joining_can_be_given_up() -> None:
    one = editor()
    press(one, "label DET", "left", "join", "escape", "label ADJ")
    assert tags(one)[0] == "ADJ"


def test_search_jumps_and_sentences_are_those_of_every_text() -> None:
    one = helped()
    press(one, "search ferry")
    assert one.caret.index() == 2
    press(one, "search_next")
    assert one.caret.index() == 8
    one.move_to(TEXT.index("leaves"))
    assert word(one) == "leaves"
    assert one.do("characters").message  # type: ignore[union-attr]
    assert one.do("grow") is None


def test_tags_that_came_stay_and_are_written_as_they_came() -> None:
    (a, b), (c, d) = pairs()[:2]
    came = [
        {"start": a, "end": b, "label": "DET", "id": "x1", "note": {"by": "kim"}},
        {"start": c, "end": d, "label": "NOUN", "source": "old", "score": 0.4, "id": "x2"},
    ]
    one = editor(initial=came)
    one.suggest(guesses())
    assert tags(one)[:2] == ["DET", "NOUN"]
    # The one is what the model says; of the other the old source was unsure.
    assert [one.unsure(0), one.unsure(1)] == [False, True]
    written = one.fields()["spans"][:2]
    assert written[0] == {**came[0], "token_start": 0, "token_end": 0}
    assert written[1] == {**came[1], "token_start": 1, "token_end": 1}
    press(one, "label ADJ")
    assert one.fields()["spans"][1] == {
        "start": c,
        "end": d,
        "token_start": 1,
        "token_end": 1,
        "label": "ADJ",
        "id": "x2",
    }


def test_a_tag_that_came_and_that_the_model_doubts_is_to_be_looked_at() -> None:
    start, end = pairs()[2]
    one = editor(initial=[{"start": start, "end": end, "label": "PUNCT"}])
    one.suggest(guesses())
    assert one.unsure(2)
    assert tags(one)[2] == "PUNCT"
    assert [row.label for row in one.ranked(2)] == ["NOUN", "VERB"]


def test_spans_that_are_no_tokens_tag_pass_through() -> None:
    phrase = {"start": 4, "end": 13, "label": "NP", "id": 7}
    one = editor(initial=[phrase])
    assert tags(one) == [None] * 11
    press(one, "label DET", "label ADJ")
    spans = one.fields()["spans"]
    assert [span["label"] for span in spans] == ["DET", "NP", "ADJ"]
    assert spans[1] == {**phrase, "token_start": 1, "token_end": 2}


def test_tokens_that_cut_a_grapheme_keep_a_tag_each() -> None:
    text = "👩‍🌾 digs"
    fields = [
        {"text": "👩", "start": 0, "end": 1, "id": 0},
        {"text": "\u200d", "start": 1, "end": 2, "id": 1},
        {"text": "🌾", "start": 2, "end": 3, "id": 2},
        {"text": "digs", "start": 4, "end": 8, "id": 3},
    ]
    came = [
        {"start": 0, "end": 1, "label": "NOUN"},
        {"start": 1, "end": 2, "label": "PUNCT"},
        {"start": 2, "end": 3, "label": "NOUN"},
        {"start": 4, "end": 8, "label": "VERB"},
    ]
    one = TagEditor(text, Tokens.from_fields(text, fields), LABELS, initial=came)
    assert tags(one) == ["NOUN+PUNCT+NOUN", "VERB"]
    places = [(span["start"], span["end"], span["label"]) for span in one.fields()["spans"]]
    assert places == [(0, 1, "NOUN"), (1, 2, "PUNCT"), (2, 3, "NOUN"), (4, 8, "VERB")]
    press(one, "first", "label NOUN")
    assert dict(one.fields()["spans"][0]) == {
        "start": 0,
        "end": 3,
        "token_start": 0,
        "token_end": 2,
        "label": "NOUN",
    }


def test_what_is_written_has_one_span_a_token_with_its_source_unless_set_by_hand() -> None:
    one = helped()
    press(one, "label NOUN")
    written = one.fields()
    assert [span["label"] for span in written["spans"]] == ["DET", "NOUN", *BEST[2:]]
    assert written["spans"][0]["source"] == "model"
    assert written["spans"][0]["score"] == 0.99
    assert "source" not in written["spans"][1]
    assert [token["id"] for token in written["tokens"]] == [
        span["token_start"] for span in written["spans"]
    ]


def test_a_text_without_a_word_has_nothing_to_tag() -> None:
    for text in ("", "  \n "):
        one = editor(text)
        one.suggest([])
        press(one, "next_span", "previous_span", "delete", "label_all", "right", "pick_1")
        outcome = one.do("label", "NOUN")
        assert outcome is not None
        assert not outcome.edited
        assert one.fields()["spans"] == []


COMMANDS = st.sampled_from(
    [
        *(f"label {label}" for label in LABELS),
        *("right", "left", "first", "last", "extend_right", "extend_left", "select", "escape"),
        *("next_span", "previous_span", "pick_1", "pick_2", "repeat", "label_all", "delete"),
        *("join", "undo", "redo", "search the", "search_next", "left_sentence", "right_sentence"),
    ]
)


def snapshot(one: TagEditor) -> Any:
    return list(one.tags)


@given(st.lists(COMMANDS, max_size=30), st.booleans(), st.integers(0, 30))
def test_whatever_is_done_can_be_undone_and_done_again(
    commands: list[str], suggested: bool, late: int
) -> None:
    one = helped() if suggested else editor()
    begin = snapshot(one)
    for number, command in enumerate(commands):
        if number == late and not suggested:
            one.suggest(guesses())
        press(one, command)
        assert one.counts() == {
            label: tags(one).count(label) for label in set(tags(one)) if label is not None
        }
        expected = [n for n in range(len(one)) if one.table.is_unsure(n)]
        assert one.table.unsure == expected
    while one.do("redo").edited:  # type: ignore[union-attr]
        pass
    states = [snapshot(one)]
    while one.do("undo").edited:  # type: ignore[union-attr]
        states.append(snapshot(one))
    if suggested or late >= len(commands):
        assert states[-1] == begin
    for state in reversed(states):
        assert snapshot(one) == state
        one.do("redo")


@given(st.lists(COMMANDS, max_size=20), st.booleans())
def test_a_draft_brings_everything_back(commands: list[str], suggested: bool) -> None:
    one = helped() if suggested else editor()
    press(one, *commands)
    kept = msgspec.json.decode(msgspec.json.encode(one.state()))
    other = editor()
    other.restore(kept)
    assert snapshot(other) == snapshot(one)
    assert other.fields() == one.fields()
    assert list(other.offered) == list(one.offered)
    assert (word(other), other.caret.selection) == (word(one), one.caret.selection)
    assert [other.unsure(n) for n in range(11)] == [one.unsure(n) for n in range(11)]
    for number in range(11):
        if one.unsure(number):
            assert other.ranked(number) == one.ranked(number)
    press(one, "label NOUN", "next_span")
    press(other, "label NOUN", "next_span")
    assert snapshot(other) == snapshot(one)
    assert word(other) == word(one)


def test_a_draft_keeps_the_last_tag_for_repeat() -> None:
    one = editor()
    press(one, "label NOUN")
    other = editor()
    other.restore(one.state())
    press(other, "last", "repeat")
    assert tags(other)[-1] == "NOUN"


def test_disabled_tokens_are_not_tagged() -> None:
    fields = [
        {"text": word, "start": start, "end": end, "id": n, "disabled": n in (0, 2)}
        for n, (word, (start, end)) in enumerate(zip(WORDS, pairs(), strict=True))
    ]
    one = TagEditor(TEXT, Tokens.from_fields(TEXT, fields), LABELS)
    assert one.unsure_left == len(WORDS) - 2
    outcome = one.do("label", "DET")
    assert outcome is not None
    assert outcome.message == "this token is disabled in the source: it cannot be tagged"
    one.suggest(guesses())
    assert tags(one) == [None, "ADJ", None, *BEST[3:]]
    one.move_to(TEXT.rindex("ferry"))
    one.do("label", "VERB")
    one.move_to(TEXT.rindex("ferry"))
    one.do("label_all")
    assert tags(one)[2] is None
