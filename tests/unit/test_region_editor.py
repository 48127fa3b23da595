"""The editor of regions: its commands, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.base import Outcome, Refusing
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.suggest.suggestion import Suggestion

RATE = 1000
"""Frames per second: a frame is a millisecond."""


def clip(frames: int = 10_000, rate: int = RATE, channels: int = 1) -> Clip:
    return Clip(b"a.wav", b"a.wav", rate, channels, 0, frames)


def editor(*labels: str, **options: Any) -> RegionEditor:
    sound = clip(options.pop("frames", 10_000), channels=options.pop("of", 1))
    regions = [
        {"start": start / RATE, "end": end / RATE, "label": label, **more}
        for start, end, label, more in (
            (*one, {}) if len(one) == 3 else one for one in options.pop("regions", ())
        )
    ]
    return RegionEditor(sound, labels or ("ANNA", "BEN"), initial=regions, **options)


def do(one: RegionEditor, *keys: str | int) -> Outcome:
    """Commands after each other; a number goes to that frame, ``label=X`` labels."""
    found = Outcome()
    for key in keys:
        if isinstance(key, int):
            one.cursor.move_to(key)
            continue
        command, _, argument = key.partition("=")
        outcome = one.do(command, argument or None)
        assert outcome is not None, f"the editor knows no {command}"
        found = outcome
    return found


def there(one: RegionEditor) -> list[tuple[int, int, str]]:
    return [(region.start, region.end, region.label) for region in one.regions]


def unseen(one: RegionEditor) -> list[tuple[int, int, str]]:
    return [(r.start, r.end, r.label) for r in one.regions if r.suggested]


def speech(*stretches: tuple[int, int], label: str = "SPEECH") -> list[Suggestion]:
    return [Suggestion(start, end, label, "speech") for start, end in stretches]


def active(one: RegionEditor) -> tuple[int, int, str] | None:
    region = one.cursor.active
    return None if region is None else (region.start, region.end, region.label)


# ── making regions ─────────────────────────────────────────────────────────


def test_a_label_closes_what_was_marked() -> None:
    one = editor()
    do(one, 1000, "mark_in", 2500, "label=BEN")
    assert there(one) == [(1000, 2500, "BEN")]
    assert active(one) == (1000, 2500, "BEN")
    assert one.cursor.mark_in is None


def test_a_mark_that_is_set_behind_is_as_good() -> None:
    one = editor()
    do(one, 2500, "mark_in", 1000, "label=BEN")
    assert there(one) == [(1000, 2500, "BEN")]


def test_an_end_makes_a_selection_and_its_label_the_region() -> None:
    one = editor()
    assert do(one, 1000, "mark_in", 2500, "mark_out").message == "which label?"
    assert (one.cursor.selection, there(one)) == ((1000, 2500), [])
    do(one, 8000, "label=ANNA")
    assert (one.cursor.selection, there(one)) == (None, [(1000, 2500, "ANNA")])


def test_with_one_label_the_end_makes_the_region() -> None:
    one = editor("SPEECH")
    do(one, 1000, "mark_in", 2500, "mark_out")
    assert there(one) == [(1000, 2500, "SPEECH")]


def test_an_end_without_a_start_and_a_region_without_length() -> None:
    one = editor()
    assert "first" in (do(one, "mark_out").message or "")
    assert "short" in (do(one, 1000, "mark_in", 1004, "label=ANNA").message or "")
    assert there(one) == []
    assert one.cursor.mark_in == 1000


def test_marks_while_it_plays_are_set_where_one_listens() -> None:
    one = editor()
    one.cursor.playhead = 1200
    do(one, "mark_in")
    one.cursor.playhead = 3400
    do(one, "label=BEN")
    assert there(one) == [(1200, 3400, "BEN")]
    assert one.cursor.frame == 3400


def test_a_region_from_the_end_of_the_last_one_takes_its_label() -> None:
    one = editor()
    do(one, 1000, "mark_in", 2000, "label=BEN", 3000, "extend", 4500, "extend")
    assert there(one) == [(1000, 2000, "BEN"), (2000, 3000, "BEN"), (3000, 4500, "BEN")]
    first = editor("SPEECH")
    do(first, 700, "extend")
    assert there(first) == [(0, 700, "SPEECH")]


def test_the_label_used_last_is_the_one_that_extends() -> None:
    one = editor(regions=[(0, 1000, "BEN")])
    do(one, 2000, "mark_in", 3000, "label=ANNA", 4000, "extend")
    assert there(one)[-1] == (3000, 4000, "ANNA")
    other = editor(regions=[(0, 1000, "BEN")])
    do(other, 1500, "extend")
    assert there(other)[-1] == (1000, 1500, "BEN")


def test_speakers_may_overlap_but_nobody_speaks_twice() -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    do(one, 2000, "mark_in", 4000, "label=BEN")
    assert there(one) == [(1000, 3000, "ANNA"), (2000, 4000, "BEN")]
    do(one, 2500, "mark_in", 5000, "label=ANNA")
    assert there(one)[-1] == (3000, 5000, "ANNA")
    do(one, 500, "mark_in", 1500, "label=ANNA")
    assert there(one)[0] == (500, 1000, "ANNA")


def test_a_region_within_one_of_its_label_is_refused_and_one_around_it_takes_it_in() -> None:
    one = editor(regions=[(1000, 3000, "ANNA", {"text": "so"})])
    refused = do(one, 1500, "mark_in", 2000, "label=ANNA")
    assert refused.message == "there is already ANNA, 1.000–3.000 s"
    assert one.cursor.mark_in == 1500
    done = do(one, "escape", 500, "mark_in", 4000, "label=ANNA")
    assert there(one) == [(500, 4000, "ANNA")]
    assert one.regions[0].text == "so"
    assert done.message == "joined 2 regions of ANNA; u undoes"
    do(one, "undo")
    assert there(one) == [(1000, 3000, "ANNA")]


def test_where_overlap_is_allowed_one_label_may_stand_on_itself() -> None:
    one = editor("NOISE", regions=[(1000, 3000, "NOISE")], overlap=True)
    do(one, 2000, "mark_in", 4000, "mark_out")
    assert there(one) == [(1000, 3000, "NOISE"), (2000, 4000, "NOISE")]


def test_the_last_one_is_one_that_was_looked_at() -> None:
    one = editor("ANNA", "BEN", mode="speakers")
    one.suggest(speech((2500, 3000), (4000, 5000)))
    do(one, 3200, "extend")
    assert there(one)[1:] == [(3000, 3200, "ANNA"), (4000, 5000, "SPEECH")]
    do(one, "undo", 1000, "mark_in", 2000, "label=BEN", 3500, "extend")
    assert there(one) == [(1000, 2000, "BEN"), (2000, 3500, "BEN"), (4000, 5000, "SPEECH")]


# ── labels ─────────────────────────────────────────────────────────────────


def test_a_breath_between_two_turns_is_no_suggestion() -> None:
    turns = [(1000, 2000, "A"), (2700, 4000, "B"), (5000, 6000, "A")]
    one = editor("A", "B", mode="speakers", regions=turns)
    one.suggest(speech((400, 6300)))
    assert unseen(one) == [(400, 1000, "SPEECH"), (4000, 5000, "SPEECH")]


def test_a_label_for_the_region_under_the_cursor() -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    do(one, 2000, "label=BEN")
    assert there(one) == [(1000, 3000, "BEN")]
    assert "already" in (do(one, "label=BEN").message or "")
    assert "no region" in (do(one, 5000, "label=BEN").message or "")


def test_while_it_plays_the_region_that_has_just_ended_is_still_meant() -> None:
    one = editor(regions=[(1000, 3000, "ANNA"), (6000, 7000, "ANNA")])
    one.cursor.playhead = 3400
    do(one, "label=BEN")
    assert there(one)[0] == (1000, 3000, "BEN")
    one.cursor.playhead = 4200
    assert "no region" in (do(one, "label=ANNA").message or "")


def test_a_digit_without_a_speaker_is_a_new_one() -> None:
    one = editor("SPEAKER_1", mode="speakers")
    done = do(one, 1000, "mark_in", 2000, "label")
    assert done.added == "SPEAKER_2"
    assert one.labels == ["SPEAKER_1", "SPEAKER_2"]
    assert there(one) == [(1000, 2000, "SPEAKER_2")]
    assert do(editor("A"), "label").message == "no label has this key"


def test_nobody_is_added_where_there_is_nothing_to_label() -> None:
    one = editor("SPEAKER_1", mode="speakers")
    assert do(one, "label").added is None
    assert one.labels == ["SPEAKER_1"]


def test_a_name_is_changed_wherever_it_stands() -> None:
    one = editor("SPEAKER_1", "BEN", regions=[(0, 1000, "SPEAKER_1"), (2000, 3000, "SPEAKER_1")])
    done = do(one, "rename=SPEAKER_1\tANNA")
    assert there(one) == [(0, 1000, "ANNA"), (2000, 3000, "ANNA")]
    assert (one.labels, done.renamed) == (["ANNA", "BEN"], ("SPEAKER_1", "ANNA"))
    back = do(one, "undo")
    assert (one.labels, back.renamed) == (["SPEAKER_1", "BEN"], ("ANNA", "SPEAKER_1"))
    assert do(one, "redo").renamed == ("SPEAKER_1", "ANNA")


def test_two_speakers_turn_out_to_be_one() -> None:
    one = editor(regions=[(0, 2000, "ANNA", {"text": "one"}), (1000, 3000, "BEN", {"text": "two"}),
                          (4000, 5000, "BEN")])  # fmt: skip
    do(one, "rename=BEN\tANNA")
    assert there(one) == [(0, 3000, "ANNA"), (4000, 5000, "ANNA")]
    assert one.regions[0].text == "one two"
    assert one.labels == ["ANNA"]
    assert do(one, "undo").added == "BEN"
    assert there(one) == [(0, 2000, "ANNA"), (1000, 3000, "BEN"), (4000, 5000, "BEN")]


def test_a_name_that_only_a_suggestion_bears_may_be_given() -> None:
    one = editor("ANNA", regions=[(0, 1000, "ANNA")], mode="regions")
    do(one, "rename=ANNA\tCLARA")
    one.suggest([Suggestion(500, 1500, "ANNA", "speech")])
    do(one, "rename=CLARA\tANNA")
    assert there(one) == [(0, 1500, "ANNA")]


def test_a_speaker_beside_a_class_of_sound_is_renamed_too() -> None:
    one = editor("SPEECH", regions=[(0, 1000, "SPEECH", {"speaker": "A"})])
    do(one, "rename=A\tANNA")
    assert (one.regions[0].speaker, one.labels) == ("ANNA", ["SPEECH"])


@pytest.mark.parametrize("name", [" ANNA", "AN\tNA", "\x1b[1mANNA"])
def test_a_name_that_came_with_any_characters_is_changed_everywhere(name: str) -> None:
    one = editor(name, "BEN", mode="speakers", regions=[(0, 1000, name), (2000, 3000, name)])
    done = one.do("rename", f"{name}\tCLARA")
    assert there(one) == [(0, 1000, "CLARA"), (2000, 3000, "CLARA")]
    assert done is not None
    assert (one.labels, done.renamed) == (["CLARA", "BEN"], (name, "CLARA"))


def test_who_speaks_is_the_name_also_where_it_stands_beside_a_class_of_sound() -> None:
    one = editor("ANNA", mode="speakers", regions=[(0, 1000, "SPEECH", {"speaker": "ANNA", "x": 1}),
                                                   (2000, 3000, "SPEECH")])  # fmt: skip
    assert there(one) == [(0, 1000, "ANNA"), (2000, 3000, "SPEECH")]
    assert one.refusal("accept") == "a region has no speaker: tab to visit, d to remove it"
    first, _ = one.fields()["audio_spans"]
    assert first == {"id": "r1", "start": 0.0, "end": 1.0, "label": "ANNA", "x": 1}
    beside = editor("SPEECH", regions=[(0, 1000, "SPEECH", {"speaker": "ANNA"})])
    assert beside.fields()["audio_spans"][0]["speaker"] == "ANNA"


# ── edges ──────────────────────────────────────────────────────────────────


def test_edges_are_moved_by_ten_milliseconds_and_heard() -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    do(one, 2000, "start_earlier")
    assert (there(one), one.cursor.heard) == ([(990, 3000, "ANNA")], (990, 1590))
    do(one, "start_later=5")
    assert there(one) == [(1040, 3000, "ANNA")]
    do(one, "end_later")
    assert (there(one), one.cursor.heard) == ([(1040, 3010, "ANNA")], (2410, 3010))
    do(one, "end_earlier=3")
    assert there(one) == [(1040, 2980, "ANNA")]


def test_edges_never_cross_and_stop_at_a_neighbour_and_at_the_ends() -> None:
    one = editor(regions=[(100, 200, "ANNA"), (300, 400, "ANNA"), (9900, 10_000, "BEN")])
    do(one, 150, "start_later=50")
    assert there(one)[0] == (190, 200, "ANNA")
    do(one, "end_later=500")
    assert there(one)[0] == (190, 300, "ANNA")
    assert "cannot" in (do(one, "end_later").message or "")
    do(one, "start_earlier=500")
    assert there(one)[0] == (0, 300, "ANNA")
    assert "cannot" in (do(one, "start_earlier").message or "")
    assert "cannot" in (do(one, 9950, "end_later").message or "")


@pytest.mark.parametrize("times", ["0", "-3", "x"])
def test_an_edge_moves_at_least_one_step(times: str) -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    do(one, 2000, f"end_later={times}")
    assert there(one) == [(1000, 3010, "ANNA")]


def test_a_step_is_a_frame_at_least() -> None:
    one = RegionEditor(
        clip(400, rate=40), ("ANNA",), initial=[{"start": 1, "end": 3, "label": "ANNA"}]
    )
    do(one, 60, "start_later", "end_earlier")
    assert there(one) == [(41, 119, "ANNA")]


def test_a_region_that_came_too_short_grows_up_to_its_neighbour_and_never_shrinks() -> None:
    came = [(1000, 1005, "ANNA"), (1007, 2000, "ANNA")]
    one = editor(regions=came)
    for command in ("start_later", "end_earlier"):
        assert "cannot" in (do(one, 1002, command).message or "")
    assert there(one) == came
    do(one, 1002, "end_later")
    assert there(one)[0] == (1000, 1007, "ANNA")
    do(one, 1002, "start_earlier")
    assert there(one)[0] == (990, 1007, "ANNA")
    do(one, 1002, "start_later=9", "end_earlier=9")
    assert there(one)[0] == (997, 1007, "ANNA")


def test_what_is_heard_of_a_moved_edge_keeps_within_the_region() -> None:
    one = editor(regions=[(1000, 1300, "ANNA")])
    do(one, 1100, "start_earlier")
    assert one.cursor.heard == (990, 1300)
    do(one, "end_later")
    assert one.cursor.heard == (990, 1310)


@pytest.mark.parametrize("command", ["start_earlier", "end_later", "snap", "snap_zero=5 9"])
def test_where_nothing_is_meant_no_edge_moves(command: str) -> None:
    one = editor(regions=[(4000, 5000, "ANNA")])
    assert do(one, 500, command).message == "no region here"
    assert there(one) == [(4000, 5000, "ANNA")]


def test_a_held_key_is_taken_back_at_once() -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    do(one, 2000, "end_later", "end_later", "end_later=4")
    do(one, "start_later")
    do(one, "undo")
    assert there(one) == [(1000, 3060, "ANNA")]
    do(one, "undo")
    assert there(one) == [(1000, 3000, "ANNA")]


def test_the_edges_of_a_selection_move_too() -> None:
    one = editor()
    do(one, 1000, "mark_in", 2500, "mark_out", "end_later", "start_later")
    assert (one.cursor.selection, one.edited) == ((1010, 2510), False)


def test_edges_snap_to_speech_and_to_neighbours() -> None:
    one = editor(regions=[(1000, 3000, "ANNA"), (3300, 5000, "BEN")], mode="speakers")
    one.suggest(speech((1100, 2900)))
    do(one, 2000, "snap")
    assert there(one)[0] == (1100, 2900, "ANNA")
    assert one.cursor.heard == (1100, 2900)
    other = editor(regions=[(1000, 3000, "ANNA"), (3300, 5000, "BEN")])
    do(other, 2000, "snap")
    assert there(other)[0] == (1000, 3300, "ANNA")
    assert "nothing closer" in (do(editor(regions=[(1000, 3000, "A")]), 2000, "snap").message or "")


@pytest.mark.parametrize("far", [500, 501])
@pytest.mark.parametrize("to", ["speech", "neighbours"])
def test_an_edge_snaps_over_half_a_second_and_no_further(to: str, far: int) -> None:
    if to == "speech":
        one = editor(regions=[(1000, 3000, "ANNA")], mode="speakers")
        one.suggest(speech((1000 + far, 3000 - far)))
        snapped = (1500, 2500, "ANNA")
    else:
        before, behind = (100, 1000 - far, "BEN"), (3000 + far, 4000, "BEN")
        one = editor(regions=[before, (1000, 3000, "ANNA"), behind], mode="speakers")
        snapped = (500, 3500, "ANNA")
    do(one, 2000, "snap")
    assert (snapped if far == 500 else (1000, 3000, "ANNA")) in there(one)


@pytest.mark.parametrize(("end", "message"), [(1209, "region would be empty"), (1210, None)])
def test_edges_that_snap_leave_a_region(end: int, message: str | None) -> None:
    one = editor(regions=[(1000, 1400, "ANNA")], mode="speakers")
    one.suggest(speech((1200, end)))
    assert do(one, 1100, "snap").message == message
    assert there(one)[0] == ((1000, 1400, "ANNA") if message else (1200, end, "ANNA"))


@pytest.mark.parametrize(("channel", "snapped"), [(0, (1000, 3000)), (1, (1100, 2900))])
def test_an_edge_snaps_to_speech_of_its_own_channel(channel: int, snapped: tuple[int, int]) -> None:
    came = [(1000, 3000, "ANNA", {"channel": channel})]
    one = editor("ANNA", of=2, channels=True, regions=came, mode="speakers")
    one.suggest([Suggestion(1100, 2900, "SPEECH", "speech", channel=1)])
    do(one, 2000, "snap")
    (region,) = [region for region in one.regions if region.label == "ANNA"]
    assert (region.start, region.end, region.channel) == (*snapped, channel)


def test_one_edge_snaps_and_the_other_stays() -> None:
    for command, edges in (("snap_start", (1100, 3000)), ("snap_end", (1000, 2900))):
        one = editor(regions=[(1000, 3000, "ANNA")], mode="speakers")
        one.suggest(speech((1100, 2900)))
        do(one, 2000, command)
        assert there(one) == [(*edges, "ANNA")]
        assert one.cursor.heard == ((1100, 1700) if command == "snap_start" else (2300, 2900))
        do(one, "undo")
        assert there(one) == [(1000, 3000, "ANNA")]
        assert "nothing closer" in (do(editor(regions=[(0, 900, "A")]), 500, command).message or "")


def test_one_edge_goes_to_the_cursor() -> None:
    one = editor(regions=[(1000, 3000, "ANNA"), (6000, 7000, "BEN")])
    do(one, 1500, "start_here")
    assert (there(one)[0], one.cursor.heard) == ((1500, 3000, "ANNA"), (1500, 2100))
    do(one, 2000, "end_here")
    assert there(one)[0] == (1500, 2000, "ANNA")
    # Between regions it is the last one that ends here, and the next one that begins here.
    do(one, 4000, "end_here")
    assert there(one) == [(1500, 4000, "ANNA"), (6000, 7000, "BEN")]
    do(one, 5000, "start_here")
    assert there(one) == [(1500, 4000, "ANNA"), (5000, 7000, "BEN")]
    do(one, "undo", "undo", "undo", "undo")
    assert there(one) == [(1000, 3000, "ANNA"), (6000, 7000, "BEN")]


def test_one_edge_goes_to_what_is_heard_and_in_the_focused_lane() -> None:
    one = editor(regions=[(1000, 2000, "ANNA"), (1500, 2500, "BEN")], mode="speakers")
    one.cursor.playhead = 2800
    do(one, "lane_down", "end_here")
    assert there(one) == [(1000, 2800, "ANNA"), (1500, 2500, "BEN")]
    assert one.cursor.heard is None


def test_there_is_no_edge_to_put_here() -> None:
    one = editor(regions=[(1000, 3000, "ANNA"), (4000, 5000, "ANNA")])
    for frame, command, message in (
        (500, "end_here", "no region here or before"),
        (6000, "start_here", "no region here or after"),
        (1000, "start_here", "this edge is here already"),
        (1000, "end_here", "region would be empty"),
        (1009, "end_here", "region would be empty"),
        (2991, "start_here", "region would be empty"),
    ):
        assert do(one, frame, command).message == message
    other = editor()
    do(other, 1000, "mark_in", 2500, "mark_out")
    other.cursor.move_within_stretch(2000)
    assert (other.do("end_here"), other.cursor.selection) == (Outcome(), (1000, 2000))


def test_edges_go_to_zero_crossings() -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    do(one, 2000, "snap_zero=1003 2996")
    assert there(one) == [(1003, 2996, "ANNA")]
    do(one, "snap_zero=3001")
    assert there(one) == [(1003, 3001, "ANNA")]
    assert "still loading" in (do(one, "snap_zero").message or "")
    # As near to both, it is the start; what lies outside is cut off.
    do(one, "snap_zero=2002")
    assert there(one) == [(2002, 3001, "ANNA")]
    do(one, "snap_zero=-7 20000")
    assert there(one) == [(0, 10_000, "ANNA")]
    assert "at a zero crossing" in (do(one, "snap_zero=0 10000").message or "")
    assert do(one, "snap_zero=5000 5009").message == "region would be empty"
    do(one, "snap_zero=5000 5010")
    assert there(one) == [(5000, 5010, "ANNA")]


# ── splitting and merging ──────────────────────────────────────────────────


def test_a_region_is_cut_in_two_and_its_text_at_a_word() -> None:
    one = editor(regions=[(0, 4000, "ANNA", {"text": "so what did you do", "id": "x"})])
    do(one, 1000, "split")
    assert there(one) == [(0, 1000, "ANNA"), (1000, 4000, "ANNA")]
    assert [region.text for region in one.regions] == ["so", "what did you do"]
    assert one.regions[0].id == "x"
    do(one, "label=BEN")
    assert there(one) == [(0, 1000, "ANNA"), (1000, 4000, "BEN")]


def test_a_text_without_spaces_stays_with_the_first_part() -> None:
    one = editor(regions=[(0, 4000, "ANNA", {"text": "そうですね"})])
    do(one, 2000, "split")
    assert [region.text for region in one.regions] == ["そうですね", ""]


def test_there_is_nothing_to_cut_at_an_edge() -> None:
    one = editor(regions=[(1000, 3000, "ANNA")])
    assert not do(one, 1000, "split").edited
    assert not do(one, 2995, "split").edited


def test_who_speaks_in_one_of_two_regions_speaks_in_both_joined() -> None:
    one = editor(
        "SPEECH",
        regions=[(1000, 2000, "SPEECH", {}), (2500, 3000, "SPEECH", {"speaker": "ANNA"})],
    )
    do(one, 1500, "merge_next")
    assert one.fields()["audio_spans"][0]["speaker"] == "ANNA"


def test_regions_of_one_label_are_joined_with_their_texts() -> None:
    given = [(0, 1000, "ANNA", {"text": "so"}), (500, 1500, "BEN"),
             (2000, 3000, "ANNA", {"text": "what"})]  # fmt: skip
    one = editor(regions=given)
    do(one, 100, "merge_next")
    assert there(one) == [(0, 3000, "ANNA"), (500, 1500, "BEN")]
    assert one.regions[0].text == "so what"
    other = editor(regions=given)
    do(other, 2500, "merge_previous")
    assert there(other) == there(one)
    assert "no BEN region after" in (do(editor(regions=given), 700, "merge_next").message or "")


def test_delete_takes_off_what_is_meant() -> None:
    one = editor(regions=[(0, 1000, "ANNA"), (0, 500, "BEN")])
    do(one, 100, "delete")
    assert there(one) == [(0, 1000, "ANNA")]
    do(one, 3000, "mark_in", 4000, "mark_out", "delete")
    assert (one.cursor.selection, there(one)) == (None, [(0, 1000, "ANNA")])


# ── going about ────────────────────────────────────────────────────────────


def test_the_innermost_is_meant_and_cycle_means_the_next() -> None:
    one = editor(regions=[(0, 4000, "ANNA"), (1000, 2000, "BEN")])
    one.cursor.move_to(1500)
    assert active(one) == (1000, 2000, "BEN")
    do(one, "cycle")
    assert active(one) == (0, 4000, "ANNA")
    do(one, "cycle")
    assert active(one) == (1000, 2000, "BEN")


def test_a_lane_that_is_focused_is_meant_first_and_named_by_an_end() -> None:
    one = editor(regions=[(0, 4000, "ANNA"), (1000, 2000, "BEN")])
    assert [lane.name for lane in one.cursor.tracks] == ["ANNA", "BEN"]
    do(one, 1500, "lane_down")
    assert (one.cursor.track_index, active(one)) == (0, (0, 4000, "ANNA"))
    do(one, 5000, "mark_in", 6000, "mark_out")
    assert there(one)[-1] == (5000, 6000, "ANNA")
    do(one, "lane_up")
    assert one.cursor.track_index is None


def test_tab_goes_from_region_to_region_and_to_the_other_side_of_an_overlap() -> None:
    one = editor(regions=[(0, 4000, "ANNA"), (1000, 2000, "BEN"), (1000, 3000, "ANNA")])
    one.cursor.move_to(0)
    seen = []
    for _ in range(3):
        do(one, "next_span")
        seen.append(active(one))
    assert seen == [(1000, 2000, "BEN"), (1000, 3000, "ANNA"), (1000, 3000, "ANNA")]
    do(one, "previous_span")
    assert active(one) == (1000, 2000, "BEN")
    assert one.cursor.frame == 1000


def test_arriving_at_a_region_it_is_heard_where_that_is_wanted() -> None:
    one = editor(regions=[(1000, 2000, "BEN")])
    do(one, "next_span")
    assert one.cursor.heard is None
    one.cursor.auto_play = True
    do(one, 0, "next_span")
    assert one.cursor.heard == (1000, 2000)


def test_edges_of_speech_and_of_regions_are_gone_to() -> None:
    one = editor(regions=[(1000, 2000, "BEN")])
    one.suggest(speech((4000, 5000)))
    stops = []
    for _ in range(6):
        do(one, "right_edge")
        stops.append(one.cursor.frame)
    assert stops == [1000, 2000, 4000, 5000, 10_000, 10_000]
    do(one, "left_edge")
    assert one.cursor.frame == 5000


# ── suggestions ────────────────────────────────────────────────────────────


def test_suggestions_are_shown_and_looked_at_with_tab() -> None:
    one = editor("SPEECH")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    assert unseen(one) == [(1000, 2000, "SPEECH"), (3000, 4000, "SPEECH")]
    assert not one.edited
    do(one, "next_span")
    assert active(one) == (1000, 2000, "SPEECH")
    assert do(one, "next_span").edited
    assert unseen(one) == [(3000, 4000, "SPEECH")]
    assert (one.placement.coverage(), one.placement.unseen()) == (0.5, 1)
    assert do(one, 0, "previous_span").message == "no region before this"


def test_tab_comes_round_to_what_waits_and_stays_where_nothing_does() -> None:
    one = editor("ANNA", mode="speakers", regions=[(7000, 8000, "ANNA")])
    one.suggest(speech((1000, 2000)))
    found = do(one, 7500, "next_span")
    assert active(one) == (1000, 2000, "SPEECH")
    assert found.message == "back to the first region to check"
    do(one, "label=ANNA", 7500)
    assert do(one, "next_span").message == "no more regions"
    assert active(one) == (7000, 8000, "ANNA")


def test_where_tab_led_a_label_leads_on() -> None:
    one = editor("ANNA", "BEN", mode="speakers")
    one.suggest(speech((1000, 2000), (3000, 4000), (5000, 6000)))
    do(one, "next_span", "label=ANNA", "label=BEN", "label=ANNA")
    assert there(one) == [(1000, 2000, "ANNA"), (3000, 4000, "BEN"), (5000, 6000, "ANNA")]
    do(one, "undo")
    assert active(one) == (5000, 6000, "SPEECH")
    do(one, "label=BEN")
    assert there(one)[-1] == (5000, 6000, "BEN")


def test_a_region_that_waits_for_a_name_is_led_to_as_well() -> None:
    one = editor("ANNA", mode="speakers")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    do(one, "next_span", "next_span", "next_span")
    assert unseen(one) == []
    assert active(one) == (1000, 2000, "SPEECH")
    do(one, "label=ANNA", "label=ANNA")
    assert there(one) == [(1000, 2000, "ANNA"), (3000, 4000, "ANNA")]


def test_an_edge_may_be_moved_before_the_label_leads_on() -> None:
    one = editor("SPEECH")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    do(one, "next_span", "end_later", "label=SPEECH")
    assert active(one) == (3000, 4000, "SPEECH")
    do(one, "delete")
    assert there(one) == [(1000, 2010, "SPEECH")]


def test_suggestions_cross_nothing_that_was_made_by_hand() -> None:
    one = editor("SPEECH", "MUSIC")
    do(one, 1500, "mark_in", 2500, "label=SPEECH", 5000, "mark_in", 6000, "label=MUSIC")
    one.suggest(speech((1000, 3000), (5500, 7000)))
    assert unseen(one) == [(1000, 1500, "SPEECH"), (2500, 3000, "SPEECH"), (5500, 7000, "SPEECH")]


def test_the_key_of_its_own_label_confirms_a_suggested_region_and_goes_on() -> None:
    one = editor("SPEECH", "MUSIC")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    do(one, "next_span", "label=SPEECH")
    assert unseen(one) == [(3000, 4000, "SPEECH")]
    assert active(one) == (3000, 4000, "SPEECH")
    assert one.edited
    # What is confirmed stays; a region is taken away by another key.
    do(one, 1500, "label=SPEECH")
    assert len(there(one)) == 2


def test_a_voice_that_has_a_name_is_not_suggested_once_more() -> None:
    one = editor("ANNA", mode="speakers")
    do(one, 1000, "mark_in", 3000, "mark_out")
    one.suggest(speech((900, 3100), (2000, 5000)))
    assert unseen(one) == [(3000, 5000, "SPEECH")]


def test_what_is_made_by_hand_cuts_suggestions() -> None:
    one = editor("SPEECH")
    one.suggest(speech((1000, 5000)))
    do(one, 900, "mark_in", 3000, "mark_out")
    assert there(one) == [(900, 3000, "SPEECH"), (3000, 5000, "SPEECH")]
    assert unseen(one) == [(3000, 5000, "SPEECH")]
    do(one, 4000, "mark_in", 4900, "mark_out")
    assert unseen(one) == [(3000, 4000, "SPEECH")]


def test_who_is_likely_to_speak_takes_the_place_of_somebody() -> None:
    one = editor("ANNA", "BEN", mode="speakers")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    assert one.refusal("accept") is not None
    one.suggest([Suggestion(3000, 4000, "BEN", "speakers", 0.7)])
    one.suggest([Suggestion(3000, 4000, "ANNA", "speakers", 0.8)])
    assert unseen(one) == [(1000, 2000, "SPEECH"), (3000, 4000, "ANNA")]
    do(one, 1500, "label=BEN")
    one.suggest([Suggestion(1000, 2000, "ANNA", "speakers", 0.8)])
    assert there(one) == [(1000, 2000, "BEN"), (3000, 4000, "ANNA")]
    assert isinstance(one, Refusing)
    assert one.refusal("accept") is None


def test_undo_takes_back_what_was_done_and_leaves_what_came_meanwhile() -> None:
    one = editor("SPEECH")
    one.suggest(speech((1000, 2000)))
    do(one, 5000, "mark_in", 6000, "mark_out")
    one.suggest(speech((5500, 7000), (8000, 9000)))
    assert there(one) == [
        (1000, 2000, "SPEECH"), (5000, 6000, "SPEECH"), (6000, 7000, "SPEECH"),
        (8000, 9000, "SPEECH"),
    ]  # fmt: skip
    do(one, "undo")
    assert unseen(one) == [(1000, 2000, "SPEECH"), (5500, 7000, "SPEECH"), (8000, 9000, "SPEECH")]
    do(one, "redo")
    assert (5000, 6000, "SPEECH") in there(one)
    assert do(one, "undo", "undo").message == "nothing to undo"


def test_a_source_that_is_switched_off_takes_along_what_nobody_looked_at() -> None:
    one = editor("SPEECH")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    do(one, 1500, "end_later")
    one.withdraw("speech")
    assert there(one) == [(1000, 2010, "SPEECH")]
    one.suggest(speech((1000, 2000), (3000, 4000)))
    assert unseen(one) == [(3000, 4000, "SPEECH")]


def test_what_was_deleted_does_not_come_back() -> None:
    one = editor("SPEECH")
    one.suggest(speech((1000, 2000), (3000, 4000)))
    do(one, 1500, "delete")
    one.suggest(speech((900, 2100)))
    assert there(one) == [(3000, 4000, "SPEECH")]
    assert do(one, 0, "next_uncovered").message is not None
    do(one, "undo")
    assert (1000, 2000, "SPEECH") in there(one)


def test_speech_without_a_region_is_found_and_labelled_with_a_key() -> None:
    one = editor("ANNA", "BEN", regions=[(0, 1000, "ANNA"), (1500, 4000, "BEN")])
    one.suggest(speech((0, 5000), (7000, 8000)))
    one.withdraw("speech")
    assert one.placement.coverage() == pytest.approx(3500 / 6000)
    do(one, 0, "next_uncovered")
    assert one.cursor.selection == (1000, 1500)
    do(one, "label=ANNA")
    assert one.cursor.selection == (4000, 5000)
    do(one, "label=BEN", "label=BEN")
    assert one.cursor.selection is None
    assert one.placement.coverage() == 1.0
    assert do(one, "next_uncovered").message == "all speech is covered"


def test_without_speech_there_is_no_share_of_it() -> None:
    one = editor()
    assert one.placement.coverage() is None
    assert do(one, "next_uncovered").message == "no speech found yet"


def test_what_a_recogniser_heard_is_the_text_of_its_region() -> None:
    one = editor("SPEECH", mode="transcribe")
    one.suggest([Suggestion(1000, 2000, "SPEECH", "asr", 0.5, text="so what")])
    assert one.regions[0].text == "so what"
    do(one, 1500, "transcript=so what")
    assert unseen(one) == []
    assert one.fields()["_suggested"] == [
        {"start": 1.0, "end": 2.0, "label": "SPEECH", "source": "asr", "score": 0.5,
         "text": "so what"}
    ]  # fmt: skip


def test_what_was_heard_in_a_region_made_by_hand_is_offered_for_its_text() -> None:
    one = editor("SPEECH", mode="transcribe")
    do(one, 1000, "mark_in", 3000, "mark_out")
    one.suggest(
        [
            Suggestion(2100, 2900, "SPEECH", "asr", text="you do"),
            Suggestion(1000, 2000, "SPEECH", "asr", text="so what did"),
            Suggestion(2900, 3900, "SPEECH", "asr", text="nothing"),
        ]
    )
    assert one.regions[0].text is None
    assert one.placement.heard_text(one.regions[0]) == "so what did you do"
    do(one, 1500, "transcript=So, what did you do?")
    assert one.placement.heard_text(one.regions[0]) == "So, what did you do?"


# ── texts ──────────────────────────────────────────────────────────────────


def test_texts_of_regions_and_of_the_whole() -> None:
    one = editor(regions=[(1000, 2000, "ANNA")], transcript="hello")
    do(one, 1500, "transcript= I went to the ", "whole_transcript=hello there")
    fields = one.fields()
    assert fields["audio_spans"][0]["text"] == "I went to the"
    assert fields["transcript"] == "hello there"
    do(one, "undo", "undo")
    fields = one.fields()
    assert "text" not in fields["audio_spans"][0]
    assert fields["transcript"] == "hello"


def test_a_text_in_which_nothing_was_typed_stays_as_it_came() -> None:
    one = editor(regions=[(1000, 2000, "ANNA", {"text": " so\nwhat "})], transcript=" so\nwhat ")
    one.cursor.move_to(1500)
    for command in ("transcript", "whole_transcript"):
        done = one.do(command, " so\nwhat ")
        assert done is not None
        assert not done.edited
    fields = one.fields()
    assert (fields["audio_spans"][0]["text"], fields["transcript"]) == (" so\nwhat ", " so\nwhat ")


def test_a_region_that_is_held_is_meant_whatever_comes_meanwhile() -> None:
    one = editor(mode="speakers")
    one.suggest([Suggestion(1000, 3000, "BEN", "asr")])
    one.cursor.move_to(1500)
    region = one.cursor.active
    assert region is not None
    one.cursor.hold(region)
    one.suggest([Suggestion(1200, 1800, "ANNA", "asr")])
    do(one, "transcript=hello")
    assert [(r.start, r.end, r.label, r.text) for r in one.regions if r.text] == [
        (1000, 3000, "BEN", "hello")
    ]


def test_channels_have_lanes_of_their_own() -> None:
    one = editor("SPEECH", of=2, channels=True)
    assert [lane.name for lane in one.cursor.tracks] == ["L", "R"]
    do(one, "lane_down", "lane_down", 1000, "mark_in", 2000, "mark_out")
    do(one, "lane_up", 1000, "mark_in", 2000, "label=SPEECH")
    assert [(r.channel, r.start, r.end) for r in one.regions] == [(1, 1000, 2000), (0, 1000, 2000)]
    assert [lane.name for lane in one.cursor.tracks] == ["L SPEECH", "R SPEECH"]


def test_while_it_plays_what_is_heard_is_meant_before_what_was_gone_to() -> None:
    one = editor(regions=[(1000, 2000, "ANNA"), (2100, 3000, "ANNA")])
    do(one, 0, "next_span")
    one.cursor.playhead = 2050
    assert active(one) == (1000, 2000, "ANNA")
    one.cursor.playhead = 2200
    assert active(one) == (2100, 3000, "ANNA")


def test_who_is_said_to_speak_takes_the_place_of_somebody() -> None:
    one = editor("ANNA", "BEN", mode="speakers")
    one.suggest(speech((1000, 5000)))
    do(one, 900, "mark_in", 3000, "label=ANNA", 2500, "mark_in", 3500, "label=BEN")
    assert there(one) == [(900, 3000, "ANNA"), (2500, 3500, "BEN"), (3500, 5000, "SPEECH")]


def test_while_it_plays_the_edges_of_what_was_just_made_are_moved() -> None:
    one = editor("ANNA", "BEN", mode="speakers")
    one.suggest(speech((1000, 5000)))
    one.cursor.playhead = 1000
    do(one, "mark_in")
    one.cursor.playhead = 3000
    do(one, "label=ANNA")
    one.cursor.playhead = 3300
    assert active(one) == (3000, 5000, "SPEECH")
    do(one, "end_later")
    assert there(one)[0] == (1000, 3010, "ANNA")
    one.cursor.playhead = 4500
    do(one, "end_later")
    assert there(one)[-1] == (3010, 5010, "SPEECH")


def test_speech_that_came_with_the_task_is_nobodys_name() -> None:
    one = editor("ANNA", mode="speakers", regions=[(0, 1000, "SPEECH"), (2000, 3000, "CARL")])
    assert one.refusal("accept") is not None
    do(one, 500, "label=ANNA")
    assert one.refusal("accept") is None
    assert one.refusal("reject") is None


def test_a_sound_of_one_channel_has_no_lanes_for_channels() -> None:
    assert editor("SPEECH", of=1, channels=True).cursor.tracks == ()


# ── channels, and figures that steer ───────────────────────────────────────


def test_suggestions_of_a_channel_stand_in_its_lane_and_are_counted_there() -> None:
    one = editor("SPEECH", "MUSIC", of=2, channels=True)
    one.suggest(
        [Suggestion(1000, 3000, "SPEECH", "speech", channel=side) for side in (0, 1)]
        + [Suggestion(5000, 9000, "SPEECH", "speech", channel=1)]
    )
    assert [(region.start, region.channel) for region in one.regions] == [
        (1000, 0),
        (1000, 1),
        (5000, 1),
    ]
    do(one, "next_span")
    do(one, "label=SPEECH")
    assert one.placement.coverage() == pytest.approx(0.25)
    one = editor("SPEECH", of=2, channels=True)
    one.suggest([Suggestion(1000, 3000, "SPEECH", "speech", channel=side) for side in (0, 1)])
    for _ in one.regions:
        one.cursor.focus = one.regions[0].id
        do(one, "delete")
    assert one.placement.coverage() is None


def test_uncovered_speech_is_found_in_each_channel_and_labelled_there() -> None:
    one = editor("ANNA", "BEN", of=2, channels=True)
    found = [Suggestion(1000, 3000, "SPEECH", "speech", channel=side) for side in (0, 1)]
    one.placement.speech.add(found)
    do(one, "next_uncovered", "label=ANNA", "label=BEN")
    assert [(region.label, region.channel) for region in one.regions] == [("ANNA", 0), ("BEN", 1)]
    assert one.placement.coverage() == 1.0


def test_all_speech_is_covered_where_the_percentage_says_so() -> None:
    one = editor("SPEECH", "MUSIC")
    one.suggest(
        [Suggestion(1000, 3000, "SPEECH", "speech"), Suggestion(4000, 9000, "SPEECH", "speech")]
    )
    do(one, "next_span", "label=SPEECH", "label=SPEECH")
    assert one.placement.coverage() == 1.0
    do(one, "end_earlier=20")
    assert one.placement.uncovered() == []
    assert one.placement.coverage() == 1.0
    do(one, "delete")
    assert (one.placement.uncovered() == []) == (one.placement.coverage() == 1.0)


def test_where_names_are_asked_for_speech_without_one_is_unassigned() -> None:
    one = editor(
        "DIANE", "SHEILA", mode="transcribe", regions=[(0, 1000, "SPEECH", {"text": "hi"})]
    )
    assert one.refusal("accept")
    do(one, 500, "label=DIANE")
    assert there(one) == [(0, 1000, "DIANE")]
    assert one.regions[0].text == "hi"
    assert one.refusal("accept") is None


def test_line_breaks_of_a_text_stay_when_it_is_edited() -> None:
    one = editor("ANNA", regions=[(0, 1000, "ANNA", {"text": "- so what\n- nothing"})])
    do(one, 500, "transcript=- so what?\n- nothing\n")
    assert one.regions[0].text == "- so what?\n- nothing"


def test_what_a_recogniser_wrote_and_nobody_read_is_marked_and_doubted() -> None:
    one = editor("SPEECH", mode="transcribe")
    one.suggest([
        Suggestion(at, at + 900, "SPEECH", "parrot", text="polly") for at in (1000, 3000)
    ])  # fmt: skip
    do(one, "next_span", "label=SPEECH")
    assert [span.get("_seen") for span in one.fields()["audio_spans"]] == [None, False]
    assert one.doubt() == "1 suggested transcript unchecked"
    assert one.refusal("accept") is None
    again = RegionEditor(
        clip(), ["SPEECH"], initial=one.fields()["audio_spans"], mode="transcribe", offered=()
    )
    assert [region.suggested for region in again.regions] == [False, True]
    do(again, "next_span", "next_span", "next_span")
    assert [span.get("_seen") for span in again.fields()["audio_spans"]] == [None, None]
    assert again.doubt() is None


def test_regions_without_text_are_doubted_unless_the_whole_sound_has_one() -> None:
    spans = [{"start": 0.1, "end": 0.2, "label": "SPEECH"}]
    one = RegionEditor(clip(), ["SPEECH"], initial=spans, mode="transcribe")
    assert one.doubt() == "1 region has no text"
    whole = RegionEditor(clip(), ["SPEECH"], initial=spans, mode="transcribe", transcript="so")
    assert whole.doubt() is None
    assert RegionEditor(clip(), ["SPEECH"], initial=spans).doubt() is None
