"""The editor of keyphrases: which spans are one phrase, their ranks, and how many there may be."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.editors.spans.keyphrases import PhraseEditor
from tui_annotate.errors import UsageError
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.keyphrases import Options
from tui_annotate.recipe import Session
from tui_annotate.sources import Stream, open_source
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens, fallback_pairs

K = "KEYPHRASE"
TEXT = "Sensor networks measure soil moisture. A sensor network sleeps; soil moisture maps help."


def tokens(text: str = TEXT) -> Tokens:
    return Tokens.from_pairs(text, fallback_pairs(text))


def editor(**options: Any) -> PhraseEditor:
    return PhraseEditor(TEXT, tokens(), [K], overlap=True, **options)


def offer(words: str, score: float | None = None, lemma: str | None = None) -> Suggestion:
    start = TEXT.index(words)
    return Suggestion(start, start + len(words), K, "model", score, lemma)


OFFERS = [
    offer("Sensor networks", 0.5, "sensor network"),
    offer("soil moisture", 0.9, "soil moisture"),
    offer("soil moisture maps", 0.7, "soil moisture map"),
]


def mark(made: PhraseEditor, words: str, occurrence: int = 0) -> Any:
    at = -1
    for _ in range(occurrence + 1):
        at = TEXT.index(words, at + 1)
    made.caret.select(at, at + len(words))
    return made.do("label", K)


def go(made: PhraseEditor, words: str) -> None:
    made.move_to(TEXT.index(words))


def listed(made: PhraseEditor) -> list[str]:
    return [phrase.lemma for phrase in made.phrases]


def test_suggestions_are_ranked_by_their_scores() -> None:
    made = editor()
    made.suggest(OFFERS)
    assert listed(made) == ["soil moisture", "soil moisture map", "sensor network"]
    assert not made.edited


def test_without_a_label_given_before_the_first_on_offer_is_taken_as_the_session_has_it() -> None:
    labels: list[str] = []
    made = PhraseEditor(TEXT, tokens(), labels, overlap=True)
    go(made, "moisture")
    made.do("label_all")
    assert not made.phrases
    labels.append("TOPIC")
    made.do("label_all")
    assert [(phrase.lemma, phrase.label) for phrase in made.phrases] == [("moisture", "TOPIC")]


def test_the_key_of_its_own_label_confirms_a_phrase_and_leads_on() -> None:
    made = editor()
    made.suggest(OFFERS)
    made.do("next_span")
    first = made.active
    assert first is not None
    assert first.suggested
    made.do("label", first.label)
    assert listed(made) == ["soil moisture", "soil moisture map", "sensor network"]
    confirmed = next(span for span in made.spans if span.start == first.start)
    assert not confirmed.suggested
    assert made.active is not None
    assert made.active.start > first.start
    assert made.edited
    made.move_to(first.start)
    made.do("label", first.label)
    assert len(made.spans) == 2


def test_forms_of_one_lemma_are_one_phrase() -> None:
    made = editor()
    made.suggest(OFFERS)
    mark(made, "sensor network")
    assert listed(made) == ["soil moisture", "soil moisture map", "sensor network"]
    assert [len(phrase.spans) for phrase in made.phrases] == [1, 1, 2]


def test_without_lemmas_case_alone_makes_no_difference() -> None:
    made = editor()
    mark(made, "Sensor")
    mark(made, "sensor")
    mark(made, "networks")
    mark(made, "network ".strip(), 1)
    assert listed(made) == ["sensor", "networks", "network"]


def test_what_is_marked_comes_after_what_is_there_and_a_rank_can_be_changed() -> None:
    made = editor()
    made.suggest(OFFERS)
    mark(made, "help")
    assert listed(made)[-1] == "help"
    made.do("rank_up")
    made.do("rank_up")
    assert listed(made) == ["soil moisture", "help", "soil moisture map", "sensor network"]
    made.do("rank_down")
    assert listed(made) == ["soil moisture", "soil moisture map", "help", "sensor network"]


def test_ranks_are_undone_and_done_again() -> None:
    made = editor()
    made.suggest(OFFERS)
    before = listed(made)
    go(made, "Sensor")
    made.do("rank_up")
    after = listed(made)
    assert after != before
    made.do("undo")
    assert listed(made) == before
    made.do("redo")
    assert listed(made) == after


def test_the_ends_of_the_list_and_no_phrase_are_said() -> None:
    made = editor()
    for command in ("rank_up", "drop_phrase", "next_phrase"):
        outcome = made.do(command)
        assert outcome is not None
        assert outcome.message
    made.suggest(OFFERS)
    go(made, "soil")
    assert made.do("rank_up").message == "already the first"  # type: ignore[union-attr]
    assert not made.edited


def test_a_phrase_that_grows_keeps_its_rank() -> None:
    made = editor()
    made.suggest(OFFERS)
    go(made, "soil moisture maps")
    while made.active is not None and made.active.end - made.active.start < 18:
        made.do("cycle")
    made.do("grow")
    assert listed(made) == ["soil moisture", "soil moisture map help", "sensor network"]


def test_a_phrase_taken_off_and_undone_is_where_it_was() -> None:
    made = editor()
    made.suggest(OFFERS)
    before = listed(made)
    go(made, "soil")
    made.do("drop_phrase")
    assert listed(made) == before[1:]
    made.do("undo")
    assert listed(made) == before


def test_after_a_phrase_is_taken_off_the_next_in_the_list_is_meant() -> None:
    made = editor()
    made.suggest(OFFERS)
    names = listed(made)
    go(made, "soil")
    assert made.phrase is not None
    assert made.phrases.index(made.phrase) == 0
    for left in range(len(names) - 1, 0, -1):
        made.do("drop_phrase")
        assert made.phrase is not None
        assert listed(made) == names[-left:]
        assert made.phrases.index(made.phrase) == 0


def test_all_occurrences_are_labelled_in_all_their_forms_and_inside_longer_phrases() -> None:
    made = editor()
    made.suggest(OFFERS)
    go(made, "Sensor")
    outcome = made.do("label_all")
    assert outcome is not None
    assert outcome.message == f"1 labelled {K}"
    go(made, "soil")
    made.do("label_all")
    places = [TEXT[s.start : s.end] for p in made.phrases for s in p.spans]
    assert sorted(places) == [
        "Sensor networks",
        "sensor network",
        "soil moisture",
        "soil moisture",
        "soil moisture maps",
    ]
    made.do("drop_phrase")
    assert [len(phrase.spans) for phrase in made.phrases] == [1, 2]


def test_at_the_limit_suggestions_give_way_from_the_last_until_all_were_looked_at() -> None:
    made = editor(max_phrases=2)
    made.suggest(OFFERS)
    assert listed(made) == ["soil moisture", "soil moisture map"]
    outcome = mark(made, "help")
    assert outcome.edited
    assert "replaced 'soil moisture maps'" in outcome.message
    assert listed(made) == ["soil moisture", "help"]
    assert [one["text"] for one in made.fields()["keyphrases"]] == ["soil moisture", "help"]
    assert len(made.offered) == 2
    assert made.do("undo").edited  # type: ignore[union-attr]
    assert listed(made) == ["soil moisture", "soil moisture map"]
    made.do("redo")
    assert mark(made, "Sensor").edited
    assert listed(made) == ["help", "sensor"]
    outcome = mark(made, "maps")
    assert not outcome.edited
    assert "all 2 phrases" in outcome.message


def test_at_the_limit_what_was_looked_at_stays_and_one_phrase_may_stand_more_often() -> None:
    made = editor(max_phrases=2)
    made.suggest(OFFERS)
    for _ in range(3):
        made.do("next_span")
    assert not mark(made, "help").edited
    assert len(made.spans) == 2
    made.caret.drop()
    assert mark(made, "soil moisture", 1).edited
    go(made, "soil")
    made.do("drop_phrase")
    assert mark(made, "help").edited


def test_a_phrase_that_came_and_is_not_in_the_text_is_said_with_its_line(tmp_path: Any) -> None:
    source = tmp_path / "a.jsonl"
    rows = [
        {"text": TEXT, "keyphrases": ["Soil Moisture", "rain", {"text": "snow"}]},
        {"text": TEXT, "keyphrases": ["maps"]},
        {"text": TEXT, "keyphrases": ["hail"], "spans": [{"start": 0, "end": 6, "label": K}]},
    ]
    source.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows) + b"\n")
    incoming = kind("keyphrases").incoming(Options())
    stream = Stream(open_source(str(source)), labels=[K], carried=incoming)
    for position in range(3):
        assert isinstance(stream.read(position), Task)
    assert stream.warnings == [f'{source}:1: the keyphrase "rain" (and 1 more) is not in the text']


def test_more_than_the_limit_that_came_stays() -> None:
    spans = [{"start": 0, "end": 6, "label": K}, {"start": 7, "end": 15, "label": K}]
    made = editor(max_phrases=1, initial=spans)
    assert len(made.phrases) == 2
    assert made.do("rank_down").edited  # type: ignore[union-attr]
    assert not mark(made, "help").edited


def test_tab_passes_phrases_that_begin_at_one_place() -> None:
    made = editor()
    made.suggest([*OFFERS, offer("Sensor", 0.3, "sensor")])
    found = []
    for _ in range(4):
        assert made.active is not None
        found.append(TEXT[made.active.start : made.active.end])
        made.do("next_span")
    assert found == ["Sensor", "Sensor networks", "soil moisture", "soil moisture maps"]
    assert not any(span.suggested for span in made.spans)


def test_the_list_can_be_walked_by_rank() -> None:
    made = editor()
    made.suggest(OFFERS)
    go(made, "measure")
    found = []
    for _ in range(3):
        made.do("next_phrase")
        assert made.phrase is not None
        found.append(made.phrase.lemma)
    assert found == listed(made)
    made.do("previous_phrase")
    assert made.phrase is not None
    assert made.phrase.lemma == found[1]


def test_ranks_are_written_and_read_again() -> None:
    made = editor()
    made.suggest(OFFERS)
    go(made, "Sensor")
    made.do("label_all")
    made.do("rank_up")
    made.do("rank_up")
    fields = made.fields()
    assert [span["rank"] for span in fields["spans"]] == [1, 2, 1, 3]
    assert fields["keyphrases"][0] == {
        "text": "Sensor networks",
        "lemma": "sensor network",
        "label": K,
        "rank": 1,
        "count": 2,
    }
    line = {**fields, "_suggested": [PLAIN.encode(one) for one in made.offered]}
    task = Task({"text": TEXT}, "1", Origin("a.jsonl", 1), 0)
    again = kind("keyphrases").open(EditorInput(task, tokens(), [K], Options(), line))
    assert again.fields()["keyphrases"] == fields["keyphrases"]
    assert kind("keyphrases").view_id(Options()) == "spans_manual"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    *("rank_up", "rank_down", "next_phrase", "previous_phrase", "drop_phrase"),
                    *("label_all", "next_span", "previous_span", "delete", "grow", "shrink"),
                    *("undo", "redo", "left", "right", "extend_right", "repeat", "cycle"),
                ]
            ),
            st.just("label"),
        ),
        max_size=30,
    ),
    st.sampled_from([None, 3, 4]),
)
def test_whatever_is_done_ranks_and_drafts_hold(commands: list[str], most: int | None) -> None:
    made = editor(max_phrases=most)
    made.suggest(OFFERS)
    for command in commands:
        made.do(command, K if command == "label" else None)
        phrases = made.phrases
        assert sum(len(phrase.spans) for phrase in phrases) == len(made.spans)
        assert len({(phrase.lemma, phrase.label) for phrase in phrases}) == len(phrases)
        assert most is None or len(phrases) <= most
        ranks = {span["rank"] for span in made.fields()["spans"]}
        assert ranks == set(range(1, len(phrases) + 1))
    again = editor(max_phrases=most)
    again.restore(msgspec.json.decode(msgspec.json.encode(made.state())))
    assert again.fields() == made.fields()
    while made.do("undo").edited:  # type: ignore[union-attr]
        pass
    assert listed(made) == ["soil moisture", "soil moisture map", "sensor network"]


def test_a_limit_of_none_is_refused(tmp_path: Any) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "one"}\n')
    stream = Stream(open_source(str(source)), labels=(K,))
    with pytest.raises(
        UsageError, match=r"max_phrases of .* must be a whole number, 1 or more, or None, not 0"
    ):
        Session(stream, view="keyphrases", labels=[K], max_phrases=0)
