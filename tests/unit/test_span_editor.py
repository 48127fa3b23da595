"""The span editor: every action of the key table for spans."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens, fallback_pairs

Triple = tuple[int, int, str]

TEXT = "Angela Merkel met executives of Siemens in Berlin on Monday. Later Merkel left Berlin."


def editor(text: str = TEXT, **options: Any) -> SpanEditor:
    return SpanEditor(text, Tokens.from_pairs(text, fallback_pairs(text)), **options)


def labelled(one: SpanEditor) -> list[tuple[str, str]]:
    return [(one.text[s.start : s.end], s.label) for s in one.spans]


def go(one: SpanEditor, word: str, occurrence: int = 0) -> None:
    at = -1
    for _ in range(occurrence + 1):
        at = one.text.index(word, at + 1)
    one.move_to(at)


def press(one: SpanEditor, *commands: str) -> None:
    for command in commands:
        name, _, argument = command.partition(" ")
        assert one.do(name, argument or None) is not None, command


def test_a_label_key_labels_the_token_under_the_cursor() -> None:
    one = editor()
    go(one, "Berlin")
    press(one, "label GPE")
    assert labelled(one) == [("Berlin", "GPE")]


def test_the_same_label_again_takes_it_off_and_another_one_replaces_it() -> None:
    one = editor()
    press(one, "label PER", "label ORG")
    assert labelled(one) == [("Angela", "ORG")]
    press(one, "label ORG")
    assert labelled(one) == []


def test_shift_and_arrow_select_from_the_token_under_the_cursor() -> None:
    one = editor()
    press(one, "extend_right", "label PER")
    assert labelled(one) == [("Angela Merkel", "PER")]
    assert one.caret.selection is None


def test_select_then_moves_extend_until_it_is_dropped() -> None:
    one = editor()
    press(one, "select", "right", "right", "right")
    assert one.text[slice(*one.caret.selection or (0, 0))] == "Angela Merkel met executives"
    press(one, "select")
    assert one.caret.selection is None


def test_without_overlap_a_new_span_replaces_what_it_crosses_and_undo_brings_it_back() -> None:
    one = editor()
    press(one, "extend_right", "label PER", "right", "extend_right", "label ORG")
    assert labelled(one) == [("Merkel met", "ORG")]
    press(one, "undo")
    assert labelled(one) == [("Angela Merkel", "PER")]
    press(one, "redo")
    assert labelled(one) == [("Merkel met", "ORG")]


def test_with_overlap_spans_nest_and_cycle_says_which_is_meant() -> None:
    one = editor(overlap=True)
    press(one, "extend_right", "label PER")
    press(one, "right", "select", "label ORG")
    assert labelled(one) == [("Angela Merkel", "PER"), ("Merkel", "ORG")]
    assert one.active is not None
    assert one.active.label == "ORG"
    press(one, "cycle")
    assert one.active.label == "PER"
    press(one, "delete")
    assert labelled(one) == [("Merkel", "ORG")]


def test_grow_and_shrink_move_each_end_by_a_token() -> None:
    one = editor()
    go(one, "executives")
    press(one, "label ORG", "grow", "grow")
    assert labelled(one) == [("executives of Siemens", "ORG")]
    press(one, "shrink", "grow_left")
    assert labelled(one) == [("met executives of", "ORG")]
    press(one, "shrink_left", "shrink_left")
    assert labelled(one) == [("of", "ORG")]
    assert one.do("shrink").message  # type: ignore[union-attr]
    assert labelled(one) == [("of", "ORG")]


def test_label_all_labels_every_other_occurrence_as_one_step() -> None:
    one = editor()
    go(one, "Merkel")
    press(one, "label PER")
    outcome = one.do("label_all")
    assert outcome is not None
    assert outcome.message == "1 labelled PER"
    assert labelled(one) == [("Merkel", "PER"), ("Merkel", "PER")]
    press(one, "undo")
    assert labelled(one) == [("Merkel", "PER")]


def test_label_all_leaves_parts_of_words_alone() -> None:
    one = editor("art and artist and art")
    press(one, "label PER", "label_all")
    assert [(s.start, s.end) for s in one.spans] == [(0, 3), (19, 22)]


def test_label_all_corrects_what_was_suggested_alike_and_leaves_what_was_decided() -> None:
    one = editor("Reading lost. Reading won. Reading left. Reading came back.")
    starts = [at for at in range(len(one.text)) if one.text.startswith("Reading", at)]
    one.suggest([Suggestion(at, at + 7, "PER", "model") for at in starts[:3]])
    one.move_to(starts[1])
    press(one, "label PER", "label GPE")
    one.move_to(starts[0])
    press(one, "label ORG", "label_all")
    assert [span.label for span in one.spans] == ["ORG", "GPE", "ORG", "ORG"]
    press(one, "undo")
    assert [span.label for span in one.spans] == ["ORG", "GPE", "PER"]


def test_what_was_labelled_before_does_not_keep_tab_from_candidates() -> None:
    one = editor("in Rome he met Ann Lee in Oslo")
    one.suggest([Suggestion(26, 30, "GPE", "lexicon")])
    press(one, "next_span", "next_span")
    assert one.text[slice(*one.cursor.target())] == "Ann Lee"
    press(one, "next_span")
    assert one.active is not None
    one = editor("in Rome he met Ann Lee in Oslo")
    one.suggest([Suggestion(26, 30, "GPE", "model")])
    press(one, "next_span")
    assert one.text[slice(*one.cursor.target())] == "Oslo"


def test_tab_selects_strings_of_several_words_that_were_labelled_before() -> None:
    one = editor(
        "they saw red blood cells and Angela's Ashes", known={"red blood", "red blood cells"}
    )
    press(one, "next_span")
    assert one.text[slice(*one.cursor.target())] == "red blood cells"
    press(one, "next_span")
    assert one.text[slice(*one.cursor.target())] == "Angela's Ashes"
    press(one, "previous_span")
    assert one.text[slice(*one.cursor.target())] == "red blood cells"


def test_repeat_gives_the_last_label_here() -> None:
    one = editor()
    press(one, "label PER")
    go(one, "Siemens")
    press(one, "repeat")
    assert labelled(one) == [("Angela", "PER"), ("Siemens", "PER")]


def test_tab_goes_from_suggestion_to_suggestion_and_marks_them_as_seen() -> None:
    one = editor()
    at = TEXT.index("Siemens")
    one.suggest([Suggestion(0, 13, "PER", "m", 0.9), Suggestion(at, at + 7, "ORG", "m")])
    press(one, "next_span")
    assert one.caret.offset == at
    assert [s.suggested for s in one.spans] == [False, True]


def selected(one: SpanEditor) -> str | None:
    return None if one.caret.selection is None else one.text[slice(*one.caret.selection)]


def test_tab_selects_candidates_where_there_is_no_suggestion_and_a_label_there_leads_on() -> None:
    one = editor()
    press(one, "next_span")
    stops = []
    for label in ("PER", "ORG", "GPE"):
        stops.append(selected(one))
        press(one, f"label {label}")
    press(one, "next_span", "repeat")
    assert stops == ["Angela Merkel", "Siemens", "Berlin"]
    assert labelled(one) == [("Angela Merkel", "PER"), ("Siemens", "ORG"), ("Berlin", "GPE"),
                             ("Later Merkel", "GPE")]  # fmt: skip
    assert selected(one) == "Berlin"
    press(one, "label GPE")
    # There is nothing further: the cursor stays, and the same key takes the label off.
    assert selected(one) is None
    press(one, "label GPE")
    assert labelled(one)[3:] == [("Later Merkel", "GPE")]


def test_where_tab_did_not_lead_a_label_stays_and_the_same_key_takes_it_off() -> None:
    for commands in (["extend_right"], ["next_span", "first", "extend_right"]):
        one = editor()
        press(one, *commands, "label PER")
        assert one.active is not None
        assert one.text[one.active.start : one.active.end] == "Angela Merkel"
        press(one, "label PER")
        assert labelled(one) == []


def test_undo_goes_back_to_the_candidate_that_was_labelled() -> None:
    one = editor()
    press(one, "next_span", "label ORG")
    assert selected(one) == "Siemens"
    press(one, "undo")
    assert (labelled(one), selected(one)) == ([], "Angela Merkel")
    press(one, "label PER")
    assert labelled(one) == [("Angela Merkel", "PER")]
    assert selected(one) == "Siemens"
    press(one, "undo", "redo")
    assert (labelled(one), selected(one)) == ([("Angela Merkel", "PER")], "Siemens")


def test_the_border_keys_move_those_of_a_selection_and_a_label_still_leads_on() -> None:
    one = editor()
    press(one, "next_span", "grow", "grow", "shrink", "shrink_left")
    assert selected(one) == "Merkel met"
    press(one, "grow_left", "shrink", "label PER")
    assert labelled(one) == [("Angela Merkel", "PER")]
    assert selected(one) == "Siemens"
    press(one, "escape", "extend_right", "extend_right", "grow", "shrink_left")
    assert selected(one) == "in Berlin on"
    press(one, "extend_left")
    assert selected(one) == "in Berlin"
    one.caret.drop()
    press(one, "last", "extend_left", "extend_left", "grow", "grow", "shrink", "extend_right")
    assert selected(one) == "Berlin"
    assert one.do("shrink").message == "the selection cannot be moved further"  # type: ignore[union-attr]


def test_label_all_straight_after_a_label_that_led_on_is_about_what_was_labelled() -> None:
    one = editor("Anna met Bob. Anna left Bob. Anna met Cyd.")
    press(one, "next_span", "label PER", "label_all")
    assert labelled(one) == [("Anna", "PER")] * 3
    assert selected(one) == "Bob"
    press(one, "label ORG", "label_all")
    assert [label for word, label in labelled(one) if word == "Bob"] == ["ORG", "ORG"]
    assert selected(one) == "Cyd"
    press(one, "undo", "undo")
    assert (labelled(one), selected(one)) == ([("Anna", "PER")] * 3, "Bob")
    press(one, "label ORG", "right", "left", "label_all")
    assert labelled(one)[1] == ("Bob", "ORG")


def test_a_suggestion_that_gets_another_label_leads_on_and_one_decided_does_not() -> None:
    one = editor()
    words = ("Angela", "Siemens", "Berlin", "Monday")
    at = {word: TEXT.index(word) for word in words}
    one.suggest([Suggestion(at[word], at[word] + len(word), "ORG", "model") for word in words])
    press(one, "next_span", "label GPE")
    assert one.caret.offset == at["Berlin"]
    # Undone, or taken up from a draft, it leads to the one suggestion that is left as before.
    press(one, "label GPE", "previous_span", "label PER", "undo", "undo")
    other = editor()
    other.restore(one.state())
    for again in (one, other):
        assert again.caret.offset == at["Berlin"]
        press(again, "label GPE")
        assert again.caret.offset == at["Monday"]


def test_the_key_of_its_own_label_confirms_a_suggestion_and_takes_off_what_is_confirmed() -> None:
    one = editor()
    at = {word: TEXT.index(word) for word in ("Siemens", "Berlin")}
    one.suggest([Suggestion(at[word], at[word] + len(word), "ORG", "m", 0.5) for word in at])
    press(one, "next_span", "label ORG")
    assert labelled(one) == [("Siemens", "ORG"), ("Berlin", "ORG")]
    confirmed, waiting = one.spans
    assert (confirmed.suggested, confirmed.source, waiting.suggested) == (False, "m", True)
    assert one.caret.offset == at["Berlin"]
    assert one.edited
    press(one, "undo")
    assert all(span.suggested for span in one.spans)
    press(one, "redo", "previous_span", "label ORG")
    assert labelled(one) == [("Berlin", "ORG")]


@pytest.mark.parametrize("select", [False, True])
def test_a_suggestion_is_confirmed_wherever_the_cursor_came_from(select: bool) -> None:
    one = editor()
    start = TEXT.index("Siemens")
    one.suggest([Suggestion(start, start + 7, "ORG", "m")])
    one.move_to(start)
    press(one, *(["select"] if select else []), "label ORG")
    assert [(span.label, span.suggested) for span in one.spans] == [("ORG", False)]


def test_repeat_confirms_a_suggestion_that_has_the_last_label() -> None:
    one = editor()
    start = TEXT.index("Siemens")
    one.suggest([Suggestion(start, start + 7, "ORG", "m")])
    one.marking.last_label = "ORG"
    one.move_to(start)
    press(one, "repeat")
    assert [(span.label, span.suggested) for span in one.spans] == [("ORG", False)]
    press(one, "repeat")
    assert labelled(one) == [("Siemens", "ORG")]


def test_suggestions_before_the_first_edit_are_part_of_the_task() -> None:
    one = editor()
    one.suggest([Suggestion(0, 13, "PER", "m", 0.5)])
    assert not one.edited
    assert one.do("undo").message == "nothing to undo"  # type: ignore[union-attr]


def test_suggestions_after_the_first_edit_are_one_step_and_touch_nothing_made_by_hand() -> None:
    one = editor()
    press(one, "label ORG")
    at = TEXT.index("Siemens")
    one.suggest([Suggestion(0, 13, "PER", "m"), Suggestion(at, at + 7, "ORG", "m")])
    assert labelled(one) == [("Angela", "ORG"), ("Siemens", "ORG")]
    press(one, "undo")
    assert labelled(one) == [("Angela", "ORG")]


def test_a_kept_suggestion_keeps_its_source_and_an_edited_one_loses_it() -> None:
    one = editor()
    one.suggest([Suggestion(0, 13, "PER", "m", 0.5)])
    assert one.fields()["spans"] == [
        {
            "start": 0, "end": 13, "token_start": 0, "token_end": 1,
            "label": "PER", "source": "m", "score": 0.5,
        }
    ]  # fmt: skip
    press(one, "shrink")
    assert one.fields()["spans"] == [
        {"start": 0, "end": 6, "token_start": 0, "token_end": 0, "label": "PER"}
    ]


def test_unknown_fields_of_a_span_pass_through_and_an_untouched_one_is_as_it_came() -> None:
    came = {"start": 0, "end": 6, "label": "PER", "note": {"a": 1}, "source": "x", "rank": 0}
    one = editor(initial=[came])
    assert one.fields()["spans"] == [{**came, "token_start": 0, "token_end": 0}]
    press(one, "label ORG")
    assert one.fields()["spans"] == [
        {"start": 0, "end": 6, "label": "ORG", "note": {"a": 1}, "token_start": 0, "token_end": 0}
    ]


def test_spans_that_came_twice_are_there_once() -> None:
    initial = [
        {"start": 0, "end": 13, "label": "PER", "id": 1},
        {"start": 0, "end": 13, "label": "PER", "id": 2},
        {"start": 0, "end": 13, "label": "ORG"},
        {"start": 0, "end": 13, "label": "PER", "note": "x"},
    ]
    one = editor(initial=initial)
    assert Counter(one.counts()) == {"PER": 2, "ORG": 1}
    assert [span.get("note") for span in one.fields()["spans"]] == [None, None, "x"]


@pytest.mark.parametrize(
    ("overlap", "said"),
    [
        (False, ("2 spans overlap others and stay; with --overlap they are shown side by side",)),
        (True, ()),
    ],
)
def test_spans_that_came_overlapping_are_told_where_none_can_be_made(
    overlap: bool, said: tuple[str, ...]
) -> None:
    initial = [
        {"start": start, "end": end, "label": "PER"}
        for start, end in [(0, 13), (0, 6), (7, 20), (20, 30)]
    ]
    assert editor(initial=initial, overlap=overlap).remarks == said


def test_character_mode_labels_parts_of_tokens_without_token_fields() -> None:
    one = editor()
    press(one, "characters", "extend_right", "label PER")
    assert one.fields()["spans"] == [{"start": 0, "end": 2, "label": "PER"}]


def test_search_ignores_capitals_unless_typed_and_goes_round() -> None:
    one = editor()
    press(one, "search berlin")
    assert one.caret.offset == TEXT.index("Berlin")
    press(one, "search_next")
    assert one.caret.offset == TEXT.rindex("Berlin")
    press(one, "search_next")
    assert one.caret.offset == TEXT.index("Berlin")
    outcome = one.do("search", "berliN")
    assert outcome is not None
    assert outcome.message


def test_withdrawing_a_source_takes_out_only_what_nobody_looked_at() -> None:
    one = editor()
    at = TEXT.index("Siemens")
    one.suggest([Suggestion(0, 13, "PER", "m"), Suggestion(at, at + 7, "ORG", "m")])
    press(one, "next_span")
    one.withdraw("m")
    assert labelled(one) == [("Angela Merkel", "PER")]


def test_an_empty_text_takes_every_command_without_harm() -> None:
    one = editor("")
    for command in ("right", "next_span", "label_all", "delete", "grow", "last", "cycle"):
        assert one.do(command) is not None
    assert one.do("label", "PER").message  # type: ignore[union-attr]
    assert one.fields() == {"tokens": [], "spans": []}


def test_sentence_moves_go_to_the_starts_of_sentences() -> None:
    one = editor()
    press(one, "right_sentence")
    assert TEXT[one.caret.offset :].startswith("Later")
    press(one, "right", "left_sentence")
    assert TEXT[one.caret.offset :].startswith("Later")
    press(one, "left_sentence")
    assert one.caret.offset == 0


# ── spans that overlap ─────────────────────────────────────────────────────


def triples(one: SpanEditor) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in one.spans]


def test_two_labels_on_one_stretch_are_told_apart() -> None:
    def with_two() -> SpanEditor:
        one = editor(overlap=True)
        press(one, "label PER", "select", "label ORG", "first")
        assert labelled(one) == [("Angela", "ORG"), ("Angela", "PER")]
        assert one.active is not None
        assert one.active.label == "ORG"
        return one

    one = with_two()
    # A third label replaces that of the one that stands out.
    press(one, "label GPE")
    assert labelled(one) == [("Angela", "GPE"), ("Angela", "PER")]
    one = with_two()
    press(one, "cycle", "label GPE")
    assert labelled(one) == [("Angela", "GPE"), ("Angela", "ORG")]
    # Its own label takes it off and leaves the other.
    one = with_two()
    press(one, "label ORG")
    assert labelled(one) == [("Angela", "PER")]
    one = with_two()
    press(one, "cycle", "label PER")
    assert labelled(one) == [("Angela", "ORG")]
    # The label of the other one: the same label stands on no stretch twice.
    one = with_two()
    press(one, "label PER")
    assert labelled(one) == [("Angela", "PER")]
    assert one.counts() == {"PER": 1}
    press(one, "undo")
    assert labelled(one) == [("Angela", "ORG"), ("Angela", "PER")]
    # With a selection nothing stands out: a label is put or taken off beside the others.
    one = with_two()
    press(one, "select", "label GPE")
    assert labelled(one) == [("Angela", "GPE"), ("Angela", "ORG"), ("Angela", "PER")]
    press(one, "select", "label PER")
    assert labelled(one) == [("Angela", "GPE"), ("Angela", "ORG")]


def test_repeat_on_a_stretch_with_two_labels_puts_the_last_one_only_where_it_is_not() -> None:
    one = editor(overlap=True)
    press(one, "label PER", "select", "label ORG", "cycle")
    outcome = one.do("repeat")
    assert outcome is not None
    assert "already" in (outcome.message or "")
    assert not outcome.edited
    assert labelled(one) == [("Angela", "ORG"), ("Angela", "PER")]


def test_resizing_onto_a_span_with_the_same_label_makes_one_of_the_two() -> None:
    one = editor(overlap=True)
    press(one, "extend_right", "label PER", "first", "select", "label PER")
    assert labelled(one) == [("Angela Merkel", "PER"), ("Angela", "PER")]
    outcome = one.do("grow")
    assert outcome is not None
    assert "1 span" in (outcome.message or "")
    assert labelled(one) == [("Angela Merkel", "PER")]
    assert one.counts() == {"PER": 1}
    press(one, "undo")
    assert labelled(one) == [("Angela Merkel", "PER"), ("Angela", "PER")]
    press(one, "first", "label ORG", "grow")
    # Another label on the same stretch stays.
    assert labelled(one) == [("Angela Merkel", "ORG"), ("Angela Merkel", "PER")]
    assert one.active is not None
    assert one.active.label == "ORG"


def test_label_all_labels_occurrences_that_touch() -> None:
    one = editor("haha ha hah")
    press(one, "characters", "extend_right", "label PER", "label_all")
    assert triples(one) == [(0, 2, "PER"), (2, 4, "PER"), (5, 7, "PER"), (8, 10, "PER")]


def test_label_all_finds_an_occurrence_that_one_it_passes_over_reaches_into() -> None:
    one = editor("no-no no no x no no")
    one.move_to(one.text.rindex("no no"))
    press(one, "extend_right", "label PER", "label_all")
    # That from the middle of the first word on is no run of whole tokens.
    assert triples(one) == [(6, 11, "PER"), (14, 19, "PER")]
    one = editor("aaaaaaa")
    press(one, "characters", "label ORG", "right", "right", "right", "right", "extend_right")
    press(one, "label PER", "label_all")
    assert triples(one) == [(0, 1, "ORG"), (1, 3, "PER"), (4, 6, "PER")]


class Model:
    """What a span editor does, said simply: a set of (start, end, label) and what it was."""

    def __init__(self, text: str, *, overlap: bool) -> None:
        self.words = [match.span() for match in re.finditer(r"\S+", text)]
        self.text = text
        self.overlap = overlap
        self.spans: frozenset[Triple] = frozenset()
        self.last: str | None = None
        self.past: list[frozenset[Triple]] = []
        self.future: list[frozenset[Triple]] = []

    def change(self, out: Iterable[Triple], into: Iterable[Triple]) -> None:
        self.past.append(self.spans)
        self.future.clear()
        self.spans = self.spans.difference(out).union(into)

    def touching(self, start: int, end: int) -> list[Triple]:
        found = [one for one in self.spans if one[0] < end and start < one[1]]
        return sorted(found, key=lambda one: (one[1] - one[0], -one[0], one[2]))

    def under(self, word: int, turns: int) -> Triple | None:
        found = self.touching(*self.words[word])
        return found[turns % len(found)] if found else None

    def label_selection(self, first: int, last: int, label: str) -> None:
        made = (self.words[first][0], self.words[last][1], label)
        if made in self.spans:
            self.change([made], [])
        else:
            self.change([] if self.overlap else self.touching(*made[:2]), [made])
            self.last = label

    def label(self, word: int, turns: int, label: str) -> None:
        active = self.under(word, turns)
        if active is not None and active[2] == label:
            self.change([active], [])
            return
        start, end, _ = active or (*self.words[word], None)
        self.change([active] if active else [], [(start, end, label)])
        self.last = label

    def delete(self, word: int, turns: int) -> None:
        active = self.under(word, turns)
        if active is not None:
            self.change([active], [])

    def resize(self, word: int, turns: int, command: str) -> None:
        active = self.under(word, turns)
        if active is None:
            return
        first = next(n for n, (start, _) in enumerate(self.words) if start == active[0])
        last = next(n for n, (_, end) in enumerate(self.words) if end == active[1])
        match command:
            case "grow":
                last += 1
            case "shrink":
                last -= 1
            case "grow_left":
                first -= 1
            case _:
                first += 1
        if not 0 <= first <= last < len(self.words):
            return
        made = (self.words[first][0], self.words[last][1], active[2])
        self.change([active, *([] if self.overlap else self.touching(*made[:2]))], [made])

    def label_all(self, word: int, turns: int) -> None:
        start, end, label = self.under(word, turns) or (*self.words[word], self.last)
        if label is None:
            return
        wanted = self.text[start:end]
        made: list[Triple] = []
        for (start, _), (_, end) in itertools.product(self.words, self.words):
            free = not self.touching(start, end) and all(end <= a or b <= start for a, b, _ in made)
            if self.text[start:end] == wanted and free:
                made.append((start, end, label))
        if made:
            self.change([], made)

    def undo(self) -> None:
        if self.past:
            self.future.append(self.spans)
            self.spans = self.past.pop()

    def redo(self) -> None:
        if self.future:
            self.past.append(self.spans)
            self.spans = self.future.pop()


WORDS = "ha he ha he ho ha ha"
word = st.integers(0, 6)
turns = st.integers(0, 2)
label = st.sampled_from(["PER", "ORG"])
steps = st.one_of(
    st.tuples(st.just("label_selection"), word, word, label),
    st.tuples(st.just("label"), word, turns, label),
    st.tuples(st.just("delete"), word, turns),
    st.tuples(
        st.just("resize"),
        word,
        turns,
        st.sampled_from(["grow", "shrink", "grow_left", "shrink_left"]),
    ),
    st.tuples(st.just("label_all"), word, turns),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


def carry_out(one: SpanEditor, step: Sequence[Any]) -> None:
    """Do with keys what a step of the model says."""
    starts = [match.start() for match in re.finditer(r"\S+", WORDS)]
    match step:
        case ("label_selection", first, last, label):
            one.move_to(starts[first])
            press(one, "escape", "select")
            one.move_to(starts[last], extend=True)
            press(one, f"label {label}")
        case (name, word, turns, *argument):
            one.move_to(starts[word])
            press(one, "escape", *["cycle"] * turns)
            match name, argument:
                case "label", [label]:
                    press(one, f"label {label}")
                case "resize", [command]:
                    press(one, command)
                case _:
                    press(one, name)
        case (name,):
            press(one, name)


@given(st.lists(steps, max_size=30), st.booleans())
def test_the_editor_does_what_a_set_of_spans_would(
    done: list[tuple[Any, ...]], overlap: bool
) -> None:
    one = editor(WORDS, overlap=overlap)
    model = Model(WORDS, overlap=overlap)
    for step in done:
        if step[0] == "label_selection":
            step = (step[0], min(step[1:3]), max(step[1:3]), step[3])
        carry_out(one, step)
        name, *arguments = step
        getattr(model, name)(*arguments)
        assert triples(one) == sorted(model.spans, key=lambda a: (a[0], -a[1], a[2])), step
        assert one.counts() == Counter(a[2] for a in model.spans)


COMMANDS = st.sampled_from(
    [
        "left", "right", "extend_left", "extend_right", "select", "label PER", "label ORG",
        "label GPE", "delete", "grow", "shrink", "grow_left", "shrink_left", "repeat",
        "label_all", "next_span", "previous_span", "cycle", "characters", "last", "first",
        "undo", "redo", "escape", "left_sentence", "right_sentence",
    ]
)  # fmt: skip


@given(st.lists(COMMANDS, max_size=40), st.booleans())
def test_whatever_is_pressed_the_spans_stay_inside_and_undo_gives_everything_back(
    commands: list[str], overlap: bool
) -> None:
    one = editor(overlap=overlap)
    press(one, *commands)
    spans = list(one.spans)
    assert all(0 <= s.start < s.end <= len(TEXT) for s in spans)
    assert spans == sorted(spans, key=lambda s: (s.start, -s.end, s.label))
    assert len({(s.start, s.end, s.label) for s in spans}) == len(spans)
    if not overlap:
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    while one.do("undo").message is None:  # type: ignore[union-attr]
        pass
    assert list(one.spans) == []
    while one.do("redo").message is None:  # type: ignore[union-attr]
        pass


@given(st.lists(COMMANDS, max_size=25), st.booleans())
def test_a_draft_gives_the_same_editor_back(commands: list[str], overlap: bool) -> None:
    given = [{"start": 32, "end": 39, "label": "ORG", "note": 1}]
    one = editor(overlap=overlap, initial=given)
    one.suggest([Suggestion(0, 13, "PER", "m", 0.5)])
    press(one, *commands)
    other = editor(overlap=overlap, initial=given)
    other.restore(one.state())
    assert other.offered == one.offered
    assert other.state() == one.state()
    assert other.fields() == one.fields()
    assert other.caret.selection == one.caret.selection


def test_a_source_that_is_switched_on_again_brings_back_what_it_took_along_and_no_more() -> None:
    one = editor()
    at = TEXT.index("Siemens")
    found = [Suggestion(0, 13, "PER", "m"), Suggestion(at, at + 7, "ORG", "m")]
    one.suggest(found)
    press(one, "delete")
    one.withdraw("m")
    assert labelled(one) == []
    one.suggest(found)
    assert labelled(one) == [("Siemens", "ORG")]
    assert one.offered == found


def test_a_reopened_task_keeps_what_was_offered_when_it_was_decided() -> None:
    offered = [Suggestion(0, 6, "ORG", "m", 0.4)]
    given = [{"start": 0, "end": 13, "label": "PER"}]
    assert editor(initial=given, offered=offered).offered == offered


def test_suggestions_outside_the_text_are_left_out_one_by_one_and_many_at_once() -> None:
    outside = [Suggestion(0, 1000, "PER", "m"), Suggestion(5, 5, "PER", "m")]
    one = editor()
    one.suggest([*outside, Suggestion(0, 6, "PER", "m")])
    assert labelled(one) == [("Angela", "PER")]
    text = "ab " * 300
    many = [Suggestion(3 * at, 3 * at + 2, "PER", "m") for at in range(300)]
    one = editor(text)
    one.suggest([*many, *outside])
    assert len(labelled(one)) == 300


def test_with_overlap_the_same_is_suggested_once_and_what_lies_across_it_too() -> None:
    one = editor(overlap=True)
    one.suggest([Suggestion(0, 13, "PER", "m"), Suggestion(0, 13, "PER", "n")])
    one.suggest([Suggestion(0, 13, "ORG", "n"), Suggestion(7, 17, "PER", "n")])
    assert triples(one) == [(0, 13, "ORG"), (0, 13, "PER"), (7, 17, "PER")]
    # Once something was edited, nothing comes across what is there.
    one = editor(overlap=True)
    press(one, "extend_right", "label PER")
    one.suggest([Suggestion(7, 17, "PER", "n"), Suggestion(7, 13, "ORG", "n")])
    assert triples(one) == [(0, 13, "PER"), (7, 13, "ORG")]


def test_a_span_grows_onto_what_stands_close_to_it_and_onto_the_first_letter() -> None:
    one = editor("I left (so)")
    one.move_to(2)
    press(one, "label PER", "grow_left")
    assert triples(one) == [(0, 6, "PER")]
    press(one, "grow", "grow", "grow")
    assert labelled(one) == [("I left (so)", "PER")]


def test_what_was_undone_is_gone_after_another_edit() -> None:
    one = editor()
    press(one, "label PER", "undo", "right", "label ORG", "redo")
    assert labelled(one) == [("Merkel", "ORG")]
    press(one, "undo", "redo", "undo")
    assert labelled(one) == []


# ── what a task says of its tokens and spans ───────────────────────────────


def with_fields(text: str, disabled: Sequence[int] = (), **options: Any) -> SpanEditor:
    fields = [
        {"text": text[a:b], "start": a, "end": b, "id": n, "disabled": n in disabled}
        for n, (a, b) in enumerate(fallback_pairs(text))
    ]
    return SpanEditor(text, Tokens.from_fields(text, fields), **options)


def test_disabled_tokens_cannot_be_labelled() -> None:
    made = with_fields("Ann met Ann at Ann", (0, 1))
    assert made.do("label", "PER") == Outcome(
        message="this token is disabled in the source: it cannot be labelled"
    )
    made.suggest([Suggestion(0, 3, "PER", "m"), Suggestion(8, 11, "PER", "m")])
    assert [span.start for span in made.spans] == [8]
    made.move_to(8)
    assert made.do("grow_left") == made.do("grow_left")
    assert [span.start for span in made.spans] == [8]
    made.do("label", "PER")
    made.do("label_all")
    assert [span.start for span in made.spans] == [8, 15]


RELATED = "Google hired Larry Page in Paris"
SPANS = [
    {"start": 0, "end": 6, "label": "ORG", "id": 7},
    {"start": 13, "end": 23, "label": "PER", "id": 8},
    {"start": 27, "end": 32, "label": "GPE", "id": 9},
]


def prodigys(head: int, child: int) -> dict[str, Any]:
    return {
        "head": head,
        "child": child,
        "head_span": SPANS[head],
        "child_span": SPANS[child],
        "label": "x",
    }


@pytest.mark.parametrize(
    "relations",
    [
        [{"from_id": 7, "to_id": 8}, {"from_id": 7, "to_id": 9}, {"from_id": 1, "to_id": 2}],
        [prodigys(0, 1), prodigys(0, 2), {"head": 3, "child": 4, "label": "y"}],
    ],
)
def test_relations_go_and_come_back_with_their_spans(relations: list[dict[str, Any]]) -> None:
    made = with_fields(RELATED, initial=SPANS, relations=relations)
    assert made.fields()["relations"] == relations
    made.move_to(27)
    assert made.do("delete") == Outcome(True, "removed 1 relation; u undoes")
    assert made.fields()["relations"] == [relations[0], relations[2]]
    made.do("undo")
    assert made.fields()["relations"] == relations
    made.move_to(0)
    assert made.do("delete") == Outcome(True, "removed 2 relations; u undoes")
    assert made.fields()["relations"] == [relations[2]]


def test_relations_follow_spans_that_change() -> None:
    made = with_fields(RELATED, initial=SPANS, relations=[prodigys(0, 1)])
    made.move_to(13)
    made.do("shrink")
    made.do("label", "GIVEN")
    (relation,) = made.fields()["relations"]
    assert relation["head_span"] == SPANS[0]
    assert relation["child"] == 2
    assert relation["child_span"] == {
        "start": 13, "end": 18, "label": "GIVEN", "id": 8, "token_start": 2, "token_end": 2
    }  # fmt: skip
    assert "relations" not in with_fields(RELATED, initial=SPANS).fields()
