"""The editor of links, without a terminal and without a knowledge base on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tui_annotate import knowledge
from tui_annotate.editors.base import Outcome
from tui_annotate.editors.spans.links import LinkEditor
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.linking import Options
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.entity import Candidate
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens, fallback_pairs

TEXT = "Emerson met Nature in Boston . Emerson left Boston . Nature stayed ."
NAMES = {
    "Emerson": [("Q1", 0.8), ("Q2", 0.15), ("Q3", 0.01)],
    "Boston": [("B1", 0.6), ("B2", 0.3)],
}


class Known:
    """Stands for a knowledge base."""

    def candidates(self, text: str, start: int, end: int) -> list[Candidate]:
        return [
            Candidate(id_, f"name of {id_}", score=score)
            for id_, score in NAMES.get(text[start:end], ())
        ]

    def candidate(self, id_: str) -> Candidate | None:
        known = {id_ for found in NAMES.values() for id_, _ in found}
        return Candidate(id_, f"name of {id_}") if id_ in known else None


def mention(word: str, occurrence: int = 0, **fields: Any) -> dict[str, Any]:
    at = -1
    for _ in range(occurrence + 1):
        at = TEXT.index(word, at + 1)
    return {"start": at, "end": at + len(word), "label": "PER", **fields}


MENTIONS = (mention("Emerson"), mention("Boston"), mention("Emerson", 1), mention("Boston", 1))


def editor(spans: Sequence[Mapping[str, Any]] = MENTIONS, **options: Any) -> LinkEditor:
    tokens = Tokens.from_pairs(TEXT, fallback_pairs(TEXT))
    return LinkEditor(TEXT, tokens, ["PER", "LOC"], knowledge=Known(), initial=spans, **options)


def done(outcome: Outcome | None) -> Outcome:
    assert outcome is not None
    return outcome


def links(of: LinkEditor) -> list[str | None]:
    """What each mention is linked to, as it is written."""
    return [span.get("nil") or span.get("kb_id") for span in of.fields()["spans"]]


def under(of: LinkEditor) -> tuple[int, str]:
    found = of.mention
    assert found is not None
    return of.place()[0], TEXT[found.start : found.end]


def test_it_begins_at_the_first_mention_and_a_digit_links_and_goes_on() -> None:
    edit = editor()
    assert under(edit) == (1, "Emerson")
    assert [one.id for one in edit.candidates()] == ["Q1", "Q2", "Q3"]
    done(edit.do("link_2", "LOC"))
    assert under(edit) == (2, "Boston")
    done(edit.do("link_1", "PER"))
    assert links(edit) == ["Q2", "B1", None, None]
    assert [span["label"] for span in edit.fields()["spans"]] == ["PER"] * 4


def test_after_the_last_mention_it_goes_back_to_what_was_left_out() -> None:
    edit = editor()
    done(edit.do("next_span"))
    for _ in range(2):
        done(edit.do("link_1"))
    assert done(edit.do("link_1")).message == "back to the first unlinked mention"
    assert under(edit) == (1, "Emerson")
    assert done(edit.do("link_1")).message == "every mention is linked"


def test_a_number_without_a_candidate_links_nothing() -> None:
    edit = editor()
    assert "9" in (done(edit.do("link_9")).message or "")
    edit.rows = 2
    assert "not on the screen" in (done(edit.do("link_3")).message or "")
    assert not edit.edited


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (["nil", "link_1"], "absent"),
        (["nil", "link_2"], "ambiguous"),
        (["nil", "link_3"], "not_an_entity"),
        (["nil", "nil"], "absent"),
    ],
)
def test_the_reasons_for_nil(keys: list[str], reason: str) -> None:
    edit = editor()
    for key in keys:
        done(edit.do(key, "PER"))
    assert edit.fields()["spans"][0] == {
        **MENTIONS[0],
        "token_start": 0,
        "token_end": 0,
        "kb_id": "NIL",
        "nil": reason,
    }
    assert under(edit) == (2, "Boston")
    done(edit.do("undo"))
    assert "nil" not in edit.fields()["spans"][0]


def test_asking_for_a_reason_ends_with_any_other_key() -> None:
    edit = editor()
    for leave in ("escape", "right", "undo"):
        edit.do("first")
        done(edit.do("nil"))
        assert [one.nil for one in edit.candidates()] == ["absent", "ambiguous", "not_an_entity"]
        edit.do(leave)
        assert not edit.asking
    edit.do("first")
    edit.do("nil")
    assert done(edit.do("link_7")).message
    assert edit.asking
    assert links(edit) == [None] * 4


def test_with_a_selection_digits_label_a_mention() -> None:
    edit = editor()
    edit.move_to(TEXT.index("Nature"))
    assert edit.candidates() == []
    done(edit.do("select"))
    done(edit.do("link_2", "LOC"))
    assert under(edit) == (2, "Nature")
    assert edit.fields()["spans"][1]["label"] == "LOC"
    assert done(edit.do("link_1")).message == "candidate 1 is not there; / searches for others"
    edit.do("select")
    assert done(edit.do("link_4", None)).message == "no label has this key"


def test_where_there_is_no_mention_a_digit_labels_the_token() -> None:
    edit = editor(())
    assert edit.do("nil") == Outcome(message="no mention here to link")
    done(edit.do("link_1", "PER"))
    done(edit.do("link_1", "PER"))
    assert links(edit) == ["Q1"]


def test_a_search_links_to_what_is_in_no_list() -> None:
    edit = editor()
    done(edit.do("knowledge", "Z9"))
    edit.do("first")
    first = edit.candidates()[0]
    assert (first.id, first.name) == ("Z9", "Z9")
    assert links(edit)[0] == "Z9"
    assert edit.do("knowledge", "") == Outcome()


def test_all_identical_mentions_at_once() -> None:
    edit = editor((mention("Emerson"), mention("Boston"), mention("Emerson", 1)))
    done(edit.do("link_2"))
    outcome = done(edit.do("label_all"))
    assert outcome == Outcome(True, "linked 1 more to name of Q2")
    assert links(edit) == ["Q2", None, "Q2"]
    assert under(edit) == (2, "Boston")
    done(edit.do("link_1"))
    done(edit.do("label_all"))
    # What was no mention yet becomes one.
    assert links(edit) == ["Q2", "B1", "Q2", "B1"]
    done(edit.do("undo"))
    assert links(edit) == ["Q2", "B1", "Q2"]


def test_all_identical_mentions_but_those_decided_otherwise() -> None:
    edit = editor()
    done(edit.do("link_1"))
    edit.move_to(MENTIONS[2]["start"])
    done(edit.do("link_2"))
    edit.do("first")
    assert done(edit.do("label_all")).message == "no other unlinked “Emerson”"
    assert links(edit)[::2] == ["Q1", "Q2"]


def test_the_last_link_again() -> None:
    edit = editor()
    done(edit.do("nil"))
    done(edit.do("link_2"))
    done(edit.do("repeat"))
    assert links(edit) == ["ambiguous", "ambiguous", None, None]


def test_what_an_identical_mention_has_is_offered_first() -> None:
    edit = editor()
    done(edit.do("link_2"))
    edit.do("next_span")
    assert [(c.id, c.again) for c in edit.candidates()] == [
        ("Q2", True),
        ("Q1", False),
        ("Q3", False),
    ]
    done(edit.do("link_1"))
    assert links(edit) == ["Q2", None, "Q2", None]


def test_what_the_text_is_about_already_is_offered_after_the_knowledge_base() -> None:
    edit = editor([mention("Emerson"), mention("Boston"), mention("Emerson", 1), mention("Nature")])
    # Nature stands second: nothing has its name, and nothing is linked yet.
    done(edit.do("next_span"))
    assert [one.id for one in edit.candidates()] == []
    done(edit.do("previous_span"))
    edit.do("link_3")
    done(edit.do("next_span"))
    assert edit.candidates()[0].id == "B1"
    assert [one.id for one in edit.candidates()] == ["B1", "B2", "Q3"]
    edit.do("link_1")
    edit.do("link_2")
    edit.move_to(TEXT.index("Nature"))
    # The nearest before it first, then those after it.
    assert [one.id for one in edit.candidates() if one.here] == ["Q3", "B1", "Q1"]
    edit.do("link_1")
    assert links(edit) == ["Q3", "Q3", "B1", "Q1"]


def test_a_part_of_a_name_comes_after_what_the_knowledge_base_is_sure_of() -> None:
    class Peoples(Known):
        def candidates(self, text: str, start: int, end: int) -> list[Candidate]:
            known = {"Boston": "Boston", "Emerson": "Emerson Boston"}
            name = text[start:end]
            scores = {"Nature": 0.2}
            return [Candidate(f"{name}-{n}", known.get(name, ""), score=scores.get(name, 0.9) / n)
                    for n in (1, 2)]  # fmt: skip

        def candidate(self, id_: str) -> Candidate | None:
            known = {"Emerson-1": "Emerson of Boston", "Boston-2": "Nature Park"}
            return Candidate(id_, known.get(id_, id_))

    tokens = Tokens.from_pairs(TEXT, fallback_pairs(TEXT))
    spans = [mention("Emerson"), mention("Boston"), mention("Nature")]
    edit = LinkEditor(TEXT, tokens, ["PER"], knowledge=Peoples(), initial=spans)
    edit.do("link_1")
    assert under(edit) == (2, "Nature")
    done(edit.do("next_span"))
    assert [one.id for one in edit.candidates()] == ["Boston-1", "Emerson-1", "Boston-2"]
    edit.do("link_3")
    assert under(edit) == (2, "Nature")
    ids = [one.id for one in edit.candidates()]
    assert ids == ["Boston-2", "Nature-1", "Nature-2", "Emerson-1"]


def test_links_are_chosen_beforehand_where_they_are_likely() -> None:
    edit = editor(prechoose=0.7)
    assert links(edit) == ["Q1", None, "Q1", None]
    assert not edit.edited
    # They want a look: a digit goes from one to the next, so does tab, which takes them.
    assert under(edit) == (1, "Emerson")
    assert edit.place() == (1, 4, 4)
    edit.do("next_span")
    assert edit.place() == (2, 4, 3)
    done(edit.do("link_2"))
    assert under(edit) == (3, "Emerson")


def test_mentions_of_a_pipeline_are_linked_as_they_come() -> None:
    edit = editor((), prechoose=0.5)
    edit.suggest([Suggestion(0, 7, "PER", "model")])
    assert under(edit) == (1, "Emerson")
    written = edit.fields()["spans"][0]
    assert (written["source"], written["kb_id"]) == ("model", "Q1")
    done(edit.do("right"))
    done(edit.do("link_2", "LOC"))
    boston = TEXT.index("Boston")
    outcome = edit.suggest([Suggestion(boston, boston + 6, "LOC", "model")])
    assert outcome.edited
    assert links(edit)[-1] == "B1"
    done(edit.do("undo"))
    assert len(links(edit)) == 2


def test_tab_goes_from_mention_to_mention_only() -> None:
    edit = editor()
    seen = [under(edit)[0]]
    while done(edit.do("next_span")).message is None:
        seen.append(under(edit)[0])
    assert seen == [1, 2, 3, 4]


def test_a_link_stays_while_its_mention_is_moved_and_relabelled() -> None:
    edit = editor()
    done(edit.do("link_2"))
    edit.do("first")
    done(edit.do("grow"))
    done(edit.do("label", "LOC"))
    written = edit.fields()["spans"][0]
    assert (written["end"], written["label"], written["kb_id"]) == (11, "LOC", "Q2")


def test_unknown_fields_stay_and_links_that_come_are_read() -> None:
    came = [
        mention("Emerson", kb_id="Q7", colour="red"),
        mention("Boston", kb_id="NIL", nil="absent", note=1),
        mention("Emerson", 1, kb_id=""),
        mention("Boston", 1, kb_id=None, nil=4),
    ]
    edit = editor(came)
    assert edit.place()[2] == 2
    written = edit.fields()["spans"]
    assert [{k: v for k, v in w.items() if "token" not in k} for w in written] == came
    edit.do("first")
    done(edit.do("nil"))
    done(edit.do("nil"))
    done(edit.do("next_span"))
    edit.move_to(came[1]["start"])
    done(edit.do("link_2"))
    first, second, *_ = edit.fields()["spans"]
    assert (first["kb_id"], first["nil"], first["colour"]) == ("NIL", "absent", "red")
    assert (second["kb_id"], second["note"], "nil" in second) == ("B2", 1, False)


def test_options_of_the_task_come_first_and_accept_follows() -> None:
    options = [{"id": "X1", "text": "another"}, {"id": "Q2"}, {"id": "NIL_absent"}]
    task = {"options": options, "accept": ["Q3"], "spans": [mention("Emerson")]}
    edit = editor(task["spans"], choices=Choices(task))  # type: ignore[arg-type]
    assert [one.id for one in edit.candidates()] == ["Q2", "X1", "Q1", "Q3"]
    assert edit.fields()["accept"] == []
    done(edit.do("link_2"))
    assert edit.fields()["accept"] == ["X1"]
    done(edit.do("nil"))
    done(edit.do("link_1"))
    assert edit.fields()["accept"] == ["NIL_absent"]


COMMANDS = st.sampled_from(
    [
        *(f"link_{n}" for n in range(1, 5)), "nil", "label_all", "repeat", "delete", "grow",
        "shrink", "next_span", "previous_span", "right", "left", "select", "escape", "cycle",
        "first", "last", "extend_right", "grow_left", "undo", "redo",
    ]
)  # fmt: skip


def press(edit: LinkEditor, commands: Sequence[str]) -> None:
    labels = {"link_1": "PER", "link_2": "LOC"}
    for command in commands:
        edit.do(command, labels.get(command))


@given(st.lists(COMMANDS, max_size=40), st.booleans(), st.sampled_from([None, 0.5, 0.0]))
@examples(60)
def test_undo_takes_everything_back_and_redo_brings_it_again(
    commands: list[str], overlap: bool, prechoose: float | None
) -> None:
    edit = editor(overlap=overlap, prechoose=prechoose)
    before = edit.spans
    press(edit, commands)
    after = edit.spans
    steps = 0
    while done(edit.do("undo")).edited:
        steps += 1
    # Passing over a suggestion is no edit, and is kept.
    assert [span.seen() for span in edit.spans] == [span.seen() for span in before]
    for _ in range(steps):
        assert done(edit.do("redo")).edited
    if "undo" not in commands:
        assert [span.seen() for span in edit.spans] == [span.seen() for span in after]


@given(st.lists(COMMANDS, max_size=30), st.sampled_from([None, 0.5]))
@examples(60)
def test_a_draft_brings_back_links_and_what_is_written(
    commands: list[str], prechoose: float | None
) -> None:
    import msgspec

    edit = editor(prechoose=prechoose)
    press(edit, commands)
    state = json.loads(msgspec.json.encode(edit.state()))
    other = editor(prechoose=prechoose)
    other.restore(state)
    assert other.spans == edit.spans
    assert other.fields() == edit.fields()
    assert other.caret.offset == edit.caret.offset


@given(st.lists(COMMANDS, max_size=40), st.booleans())
@examples(60)
def test_what_is_written_is_sound(commands: list[str], overlap: bool) -> None:
    edit = editor(overlap=overlap, prechoose=0.5)
    press(edit, commands)
    for span in edit.fields()["spans"]:
        assert ("nil" in span) == (span.get("kb_id") == "NIL")
        assert span.get("nil", "absent") in ("absent", "ambiguous", "not_an_entity")
        assert 0 <= span["start"] < span["end"] <= len(TEXT)
    number, count, wanting = edit.place()
    assert 0 <= number <= count
    assert 0 <= wanting <= count


# ── the kind, and real tasks ───────────────────────────────────────────────


def opened(fields: dict[str, Any], **options: Any) -> LinkEditor:
    text = fields["text"]
    task = Task(fields, "1", Origin("x.jsonl", 1), 0)
    made = kind("linking").open(
        EditorInput(
            task,
            Tokens.from_pairs(text, fallback_pairs(text)),
            ("ORG", "PERSON"),
            Options(**options),
        )
    )
    assert isinstance(made, LinkEditor)
    return made


@pytest.mark.shared_data
def test_prodigys_emersons_give_the_same_choices_back(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_annotate.knowledge.opening.cache_folder", lambda: tmp_path)
    folder = shared_data / "prodigy-projects" / "nel_emerson"
    linker = knowledge.open(folder / "entities.csv")
    rows = (folder / "emerson_annotated_text.jsonl").read_text().splitlines()
    assert len(rows) == 30
    for row in rows:
        task = json.loads(row)
        given_back = opened(task, knowledge=linker).fields()
        assert [span["kb_id"] for span in given_back["spans"]] == task["accept"]
        assert given_back["accept"] == task["accept"]
        # The same by hand, from the task without its answer.
        bare = {name: value for name, value in task.items() if name != "accept"}
        edit = opened(bare, knowledge=linker)
        place = [one.id for one in edit.candidates()].index(task["accept"][0])
        done(edit.do(f"link_{place + 1}"))
        fields = edit.fields()
        assert (fields["accept"], fields["spans"][0]["kb_id"]) == (task["accept"], *task["accept"])
        # As a decided line it comes back once more.
        again = opened({**bare, **fields}, knowledge=linker)
        assert again.fields()["spans"] == fields["spans"]


@pytest.mark.parametrize("prechoose", [None, 0.5])
def test_the_key_of_its_own_label_confirms_a_suggested_mention(prechoose: float | None) -> None:
    edit = editor((), prechoose=prechoose)
    edit.suggest([Suggestion(0, 7, "PER", "model", 0.8)])
    edit.move_to(0)
    assert done(edit.do("label", "PER")).edited
    (span,) = edit.spans
    assert (span.label, span.suggested) == ("PER", False)
    # What it is linked to is another question.
    assert (span.link is not None and span.link.suggested) == (prechoose is not None)
    edit.do("label", "PER")
    assert not list(edit.spans)


def test_a_link_chosen_beforehand_is_among_what_was_suggested() -> None:
    made = editor(prechoose=0.7)
    offered = [one for one in made.offered if one.kb_id is not None]
    assert {(one.start, one.kb_id, one.score, one.source) for one in offered} == {
        (0, "Q1", 0.8, "knowledge"),
        (31, "Q1", 0.8, "knowledge"),
    }
    written = PLAIN.encode(offered[0])
    assert PLAIN.decode(written) == offered[0]
    # Linked to something else, what was suggested still says what it was.
    done(made.do("link_2"))
    assert [one for one in made.offered if one.kb_id is not None] == offered


def test_a_draft_keeps_what_was_suggested() -> None:
    made = editor(prechoose=0.7)
    done(made.do("link_2"))
    again = editor(prechoose=None)
    again.restore(msgspec.json.decode(msgspec.json.encode(made.state())))
    assert [one for one in again.offered if one.kb_id] == [o for o in made.offered if o.kb_id]


def test_a_link_is_taken_off_and_its_mention_stays() -> None:
    made = editor()
    done(made.do("link_1"))
    made.move_to(0)
    assert made.mention is not None
    assert made.mention.link is not None
    assert done(made.do("unlink")).edited
    assert made.mention is not None
    assert made.mention.link is None
    assert done(made.do("unlink")).message == "no link here"
    done(made.do("undo"))
    made.move_to(0)
    assert made.mention.link is not None
