"""A draft keeps what was made by hand, whatever has become of the task on the source's side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import test_blocks_editor as blocks
from tests.unit import test_choice_editor as choice
from tests.unit import test_punct_editor as punctuation
from tests.unit import test_region_editor as regions
from tests.unit import test_span_editor as spans
from tests.unit import test_tag_editor as tags
from tui_annotate.audio.clip import Clip
from tui_annotate.editors.base import Editor
from tui_annotate.editors.choice.audio import SoundChoiceEditor
from tui_annotate.editors.choice.editor import ChoiceEditor
from tui_annotate.editors.choice.fields import Choices, Option
from tui_annotate.editors.regions.drafts import Typing
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.tags.editor import TagEditor
from tui_annotate.text.alignment import Alignment, likeness
from tui_annotate.text.tokens import Tokens


def state(one: Editor) -> Mapping[str, Any]:
    """A draft as it is read from its file."""
    found: Mapping[str, Any] = msgspec.json.decode(msgspec.json.encode(one.state()))
    return found


# ── texts ──────────────────────────────────────────────────────────────────

BEFORE = "Barack Obama visitd Berlin in Germany."
AFTER = "Yesterday Barack Obama visited Berlin, in the Germany of 2013."


@pytest.mark.parametrize("word", ["Barack Obama", "Berlin", "Germany"])
def test_what_stands_in_both_texts_is_found_where_it_is_now(word: str) -> None:
    at = BEFORE.index(word)
    place = Alignment(BEFORE, AFTER).stretch(at, at + len(word))
    assert place == (AFTER.index(word), AFTER.index(word) + len(word))


def test_a_word_with_a_typo_is_the_word_that_is_mended_and_one_that_is_gone_is_none() -> None:
    aligned = Alignment(BEFORE, AFTER)
    first, last = aligned.stretch(13, 19) or (0, 0)
    assert AFTER[first:last] == "visited"
    assert Alignment("He left Berlin.", "He left.").stretch(8, 14) is None
    assert Alignment("He left Berlin.", "He left Tokyo.").stretch(8, 14) is None


@given(st.text("ab .", max_size=12), st.text("ab .", max_size=12), st.data())
def test_every_place_of_a_text_is_one_of_the_other(before: str, after: str, data: Any) -> None:
    aligned = Alignment(before, after)
    assert "".join(after[one.to : one.until] for one in aligned.parts) in (after, "")
    assert "".join(before[one.start : one.end] for one in aligned.parts) in (before, "")
    offset = data.draw(st.integers(0, len(before)))
    assert 0 <= aligned.place(offset) <= max(len(after), offset if aligned.same else 0)
    assert 0.0 <= likeness(before, after) <= 1.0
    assert likeness(before, before) == 1.0


def test_spans_stay_with_their_words_where_the_text_has_changed() -> None:
    one = spans.editor()
    spans.go(one, "Siemens")
    spans.press(one, "label ORG")
    spans.go(one, "Monday")
    spans.press(one, "label DATE")
    text = "On Friday " + spans.TEXT.replace("on Monday", "").replace("executives", "managers")
    again = spans.editor(text)
    restored = again.restore(state(one), Alignment(spans.TEXT, text))
    assert spans.labelled(again) == [("Siemens", "ORG")]
    assert restored.left_out == ("a span does not fit the text any more: DATE “Monday”",)


def test_spans_made_by_hand_stay_where_other_spans_come_with_the_task() -> None:
    came = [{"start": 0, "end": 13, "label": "PER"}, {"start": 43, "end": 49, "label": "GPE"}]
    one = spans.editor(initial=came)
    spans.go(one, "Siemens")
    spans.press(one, "label ORG")
    spans.go(one, "Angela")
    spans.press(one, "label ORG")
    # Of those that came one was relabelled; now it is shorter, and one lies over the new span.
    now = [{"start": 7, "end": 13, "label": "PER"}, {"start": 32, "end": 42, "label": "X"}]
    again = spans.editor(initial=[*now, came[1]])
    restored = again.restore(state(one))
    assert spans.labelled(again) == [
        ("Angela Merkel", "ORG"), ("Siemens", "ORG"), ("Berlin", "GPE"),
    ]  # fmt: skip
    assert not restored.left_out
    assert restored.adapted == (
        "other spans come with this task now; what you did is kept",
        "2 spans that came gave way to yours",
    )


def test_a_span_that_was_removed_does_not_come_back_with_others() -> None:
    came = [{"start": 0, "end": 13, "label": "PER", "id": 7}]
    one = spans.editor(initial=came)
    spans.press(one, "delete")
    again = spans.editor(initial=[{"start": 43, "end": 49, "label": "GPE"}, *came])
    again.restore(state(one))
    assert spans.labelled(again) == [("Berlin", "GPE")]


def test_nothing_is_said_of_a_draft_that_fits() -> None:
    came = [{"start": 0, "end": 13, "label": "PER"}]
    one = spans.editor(initial=came)
    spans.press(one, "delete", "last", "label X")
    restored = spans.editor(initial=came).restore(state(one))
    assert not restored.adapted
    assert not restored.left_out


def test_tags_stay_with_their_words_where_the_tokens_are_others() -> None:
    one = tags.helped()
    tags.press(one, "right", "right", "label VERB", "last", "left", "label VERB")
    # The first word is two tokens now: every number is another one.
    pairs = [(0, 1), (1, 3), *tags.pairs()[1:]]
    again = TagEditor(tags.TEXT, Tokens.from_pairs(tags.TEXT, pairs), tags.LABELS)
    restored = again.restore(state(one))
    manual = [tags.TEXT[again.table.starts[n] : again.table.ends[n]]
              for n, tag in enumerate(again.tags) if tag is not None and tag.manual]  # fmt: skip
    assert manual == ["leaves", "waits"]
    assert restored.adapted == ("the tokens have changed; your tags are kept",)
    assert restored.ask_again


def test_a_tag_of_a_token_that_is_cut_is_told_of() -> None:
    one = tags.editor()
    tags.press(one, "label DET")
    pairs = [(0, 1), (1, 3), *tags.pairs()[1:]]
    again = TagEditor(tags.TEXT, Tokens.from_pairs(tags.TEXT, pairs), tags.LABELS)
    restored = again.restore(state(one))
    assert not any(again.tags)
    assert restored.left_out == ("a tag is of tokens that are not there any more: The DET",)


def test_tags_stay_with_their_words_in_another_text() -> None:
    one = tags.editor()
    tags.press(one, "right", "right", "label NOUN")
    text = "Well, " + tags.TEXT
    again = tags.editor(text)
    again.restore(state(one), Alignment(tags.TEXT, text))
    tagged = [again.table.word(n) for n, tag in enumerate(again.tags) if tag is not None]
    assert tagged == ["ferry"]
    assert again.table.word(again.here) == "leaves"


def test_marks_stay_with_their_words() -> None:
    text, now = "well my friends we begin", "now then my friends we begin it"
    one = punctuation.editor(text)
    for word, mark in (("well", ","), ("friends", ",")):
        punctuation.go(one, word)
        one.do("label", mark)
    punctuation.go(one, "begin")
    one.do("capital")
    again = punctuation.editor(now)
    restored = again.restore(state(one), Alignment(text, now))
    assert again.content.punctuated() == "Now then my friends, we Begin it"
    assert restored.left_out == ("a mark has no place any more: , well",)


def test_what_is_chosen_stays_where_the_options_are_others() -> None:
    one = choice.editor(choice.FEW, "multiple")
    choice.press(one, "label billing", "label repair")
    again = choice.editor(("repair", "price", "delivery"), "multiple")
    restored = again.restore(state(one))
    assert again.chosen == {"repair"}
    assert set(again.order) == {"repair", "price", "delivery"}
    assert again.here == "repair"
    assert restored.left_out == ("billing, chosen before, is not an option of this task any more",)


def test_new_options_come_after_those_that_were_there() -> None:
    one = choice.editor()
    again = choice.editor(("price", *choice.FEW))
    restored = again.restore(state(one))
    assert again.order == (*choice.FEW, "price")
    assert restored.adapted == ("the options have changed; what you chose is kept",)


def test_of_several_that_were_chosen_none_is_taken_where_only_one_can_be() -> None:
    one = choice.editor(choice.FEW, "multiple")
    choice.press(one, "label billing", "label repair")
    again = choice.editor()
    assert again.restore(state(one)).left_out
    assert not again.chosen


def test_the_block_that_is_still_there_is_taken_up() -> None:
    one = blocks.editor()
    one.do("label", "PER")
    one.advance()
    one.do("label", "sport")
    again = blocks.editor(blocks.TOPICS, blocks.SPANS.replace(title="names"))
    restored = again.restore(state(one))
    assert isinstance(again.inner, ChoiceEditor)
    assert again.inner.chosen == {"sport"}
    assert restored.left_out == ("there is no block entities any more",)
    with pytest.raises(ValueError, match="none of the blocks"):
        blocks.editor(blocks.SPANS.replace(title="names")).restore(state(one))


# ── sounds ─────────────────────────────────────────────────────────────────


def of_sound(frames: int = 10_000, rate: int = 1000, came: Any = (), of: int = 1) -> RegionEditor:
    sound = Clip(b"a.wav", b"a.wav", rate, of, 0, frames)
    return RegionEditor(sound, ("ANNA", "BEN"), initial=came)


def came(*stretches: tuple[float, float, str]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end, "label": label} for start, end, label in stretches]


def marked(**options: Any) -> RegionEditor:
    """An editor with a region of a second and one up to the end, and the cursor at 3 s."""
    one = of_sound(**options)
    regions.do(one, 1000, "mark_in", 2000, "label=BEN", 8000, "mark_in", 10_000, "label=ANNA", 3000)
    return one


def test_a_sound_with_a_frame_more_or_less_keeps_its_regions() -> None:
    for frames in (9_999, 10_001):
        again = of_sound(frames)
        restored = again.restore(state(marked()))
        assert regions.there(again) == [
            (1000, 2000, "BEN"), (8000, min(frames, 10_000), "ANNA"),
        ]  # fmt: skip
        assert again.cursor.here == 3000
        assert again.edited
        assert not restored.left_out
        assert len(restored.adapted) == 1


def test_regions_keep_their_times_where_the_sound_has_another_rate() -> None:
    again = of_sound(20_000, 2000)
    restored = again.restore(state(marked()))
    assert regions.there(again) == [(2000, 4000, "BEN"), (16_000, 20_000, "ANNA")]
    assert again.cursor.here == 6000
    assert restored.adapted == ("the recording has 2,000 frames a second now, not 1,000",)


def test_regions_are_cut_at_the_end_of_a_shorter_sound_and_those_past_it_told_of() -> None:
    again = of_sound(9_000)
    restored = again.restore(state(marked()))
    assert regions.there(again) == [(1000, 2000, "BEN"), (8000, 9000, "ANNA")]
    assert restored.adapted == ("the recording is 9.000 s long now, not 10.000 s",)
    assert restored.left_out == ("a region was cut at the end of the recording",)
    again = of_sound(5_000)
    assert again.restore(state(marked())).left_out == (
        "a region lies past the end of the recording: ANNA",
    )
    assert regions.there(again) == [(1000, 2000, "BEN")]


def test_what_was_done_to_regions_that_came_is_done_to_those_that_come_now() -> None:
    one = of_sound(came=came((1, 2, "ANNA"), (3, 4, "ANNA"), (5, 6, "BEN")))
    regions.do(one, 1500, "delete", 3500, "label=BEN", 7000, "mark_in", 8000, "label=ANNA")
    # One more comes at the front, so that all have other names; one edge is elsewhere.
    now = came((0, 0.5, "ANNA"), (1, 2, "ANNA"), (3, 4.1, "ANNA"), (5, 6, "BEN"))
    again = of_sound(came=now)
    restored = again.restore(state(one))
    assert regions.there(again) == [
        (0, 500, "ANNA"), (3000, 4000, "BEN"), (5000, 6000, "BEN"), (7000, 8000, "ANNA"),
    ]  # fmt: skip
    assert len({region.id for region in again.regions}) == 4
    assert restored.adapted == ("other regions come with this recording now; what you did is kept",)


def test_what_is_being_typed_stays_with_its_region() -> None:
    one = of_sound(came=came((1, 2, "ANNA"), (3, 4, "ANNA")))
    one.cursor.focus, one.typing = "r2", Typing("transcript", "so", 2)
    again = of_sound(came=came((0, 0.5, "ANNA"), (1, 2, "ANNA"), (3, 4, "ANNA")))
    again.restore(state(one))
    assert again.cursor.focus == "r3"
    assert again.typing == Typing("transcript", "so", 2)
    # Of a region that is not there it goes to no other one.
    again = of_sound(came=came((0, 0.5, "ANNA"), (1, 2, "ANNA")))
    restored = again.restore(state(one))
    assert again.cursor.focus is None
    assert again.typing is None
    assert restored.left_out == ("what was being typed is of a region that is not there now: “so”",)


def test_what_was_made_by_hand_is_not_there_twice_where_it_comes_now_too() -> None:
    one = of_sound()
    regions.do(one, 1000, "mark_in", 2000, "label=BEN")
    again = of_sound(came=came((1.05, 2, "BEN"), (5, 6, "ANNA")))
    again.restore(state(one))
    assert regions.there(again) == [(1000, 2000, "BEN"), (5000, 6000, "ANNA")]


def test_a_transcript_that_comes_anew_is_taken_unless_one_was_typed() -> None:
    def editor(transcript: str) -> RegionEditor:
        sound = Clip(b"a.wav", b"a.wav", 1000, 1, 0, 10_000)
        return RegionEditor(sound, ("ANNA",), transcript=transcript)

    untouched, again = editor("so"), editor("so it was")
    again.restore(state(untouched))
    assert again.transcript == "so it was"
    typed, again = editor("so"), editor("so it was")
    regions.do(typed, "whole_transcript=so be it")
    again.restore(state(typed))
    assert again.transcript == "so be it"


def test_a_region_of_a_channel_that_is_gone_is_kept_for_all_of_them() -> None:
    one = of_sound(of=2)
    one.region_set.regions = Regions([Region(1000, 2000, "BEN", "r1", channel=1)])
    again = of_sound(of=1)
    restored = again.restore(state(one))
    assert [(region.label, region.channel) for region in again.regions] == [("BEN", None)]
    assert restored.adapted == (
        "a region is of a channel that is gone, and counts for all of them",
    )


def test_the_cursor_of_a_sound_with_classes_stays_where_it_was_in_time() -> None:
    def editor(frames: int, rate: int) -> SoundChoiceEditor:
        sound = Clip(b"a.wav", b"a.wav", rate, 1, 0, frames)
        return SoundChoiceEditor(sound, Choices("single", (Option("a"), Option("b"))))

    one, again = editor(10_000, 1000), editor(20_000, 2000)
    one.move_to(4000)
    again.restore(state(one))
    assert again.cursor == 8000
