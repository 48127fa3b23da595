"""How often each source has been right."""

from __future__ import annotations

from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.suggest.track_record import WINDOW, Score, TrackRecord


def offered(label: str = "ORG", source: str = "model", start: int = 0) -> Suggestion:
    return Suggestion(start, start + 5, label, source)


def shown(record: TrackRecord, outcomes: str, label: str = "ORG", source: str = "model") -> None:
    """Show one suggestion per task, ``+`` kept and ``-`` not."""
    begin = sum(score.shown for score in record.scores())
    for number, outcome in enumerate(outcomes, begin):
        spans = [(0, 5, label)] if outcome == "+" else []
        record.add(f"{source}-{label}-{number}", [offered(label, source)], spans)


def test_kept_is_the_same_stretch_with_the_same_label() -> None:
    record = TrackRecord()
    record.add(
        "a", [offered(), offered("GPE"), offered("PER", start=7)], [(0, 5, "ORG"), (7, 9, "PER")]
    )
    assert record.scores() == [
        Score("model", "GPE", 0, 1),
        Score("model", "ORG", 1, 1),
        Score("model", "PER", 0, 1),
    ]
    assert record.of("model") == (1, 3)
    assert record.of("another") == (0, 0)


def test_wrong_more_often_than_right_is_told_per_label_the_worst_first() -> None:
    record = TrackRecord()
    shown(record, "+----+-", "ORG")
    shown(record, "------", "GPE")
    shown(record, "+++---", "PER")
    assert [(s.label, s.right, s.shown) for s in record.wrong_more_often()] == [
        ("GPE", 0, 6),
        ("ORG", 2, 7),
    ]


def test_a_few_say_nothing() -> None:
    record = TrackRecord()
    shown(record, "----")
    assert record.wrong_more_often() == []
    shown(record, "-")
    assert [s.label for s in record.wrong_more_often()] == ["ORG"]


def test_only_the_newest_count() -> None:
    record = TrackRecord()
    shown(record, "-" * WINDOW)
    shown(record, "+" * (WINDOW // 2))
    assert record.wrong_more_often() == []
    assert record.of("model") == (WINDOW // 2, WINDOW)


def test_a_task_decided_again_counts_once() -> None:
    record = TrackRecord()
    record.add("a", [offered()], [])
    record.add("a", [offered()], [(0, 5, "ORG")])
    assert record.of("model") == (1, 1)
    record.forget("a")
    assert record.scores() == []


def test_what_is_right_in_nearly_half_is_not_warned_of() -> None:
    record = TrackRecord()
    shown(record, "+-+--+--+-")
    assert record.wrong_more_often() == []
    shown(record, "-" * 9)
    assert [s.label for s in record.wrong_more_often()] == ["ORG"]


def test_suggestions_are_written_as_offered() -> None:
    assert PLAIN.encode(offered()) == {"start": 0, "end": 5, "label": "ORG", "source": "model"}
    scored = Suggestion(0, 5, "ORG", "lexicon", 0.75)
    assert PLAIN.encode(scored)["score"] == 0.75
    assert PLAIN.decode(PLAIN.encode(scored)) == scored
    assert PLAIN.decode(PLAIN.encode(scored), "other") == scored
    assert PLAIN.decode(scored) is scored
    assert PLAIN.decode({"start": 1, "end": 2, "label": "X"}, "given").source == "given"


def test_what_is_right_in_a_third_is_not_warned_of() -> None:
    record = TrackRecord()
    shown(record, "+--+--")
    assert record.wrong_more_often() == []
    shown(record, "-")
    assert [(s.right, s.shown) for s in record.wrong_more_often()] == [(2, 7)]
