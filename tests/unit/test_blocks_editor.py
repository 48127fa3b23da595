"""Several kinds of annotation on one task: one editor after the other, one line."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine_bench import Bench
from tui_annotate import knowledge
from tui_annotate.editors.base import Staged, innermost, stage
from tui_annotate.editors.blocks import BlocksEditor
from tui_annotate.editors.choice.editor import ChoiceEditor
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.blocks import IncomingBlocks, Options
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.recipe import Block, Session, Stream
from tui_annotate.recipe.completion import completed
from tui_annotate.sources.expected import Expected
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens, fallback_pairs

TEXT = "Angela Merkel met executives of Siemens in Berlin."
STREAM = cast(Stream, SimpleNamespace())


def first_tasks(carried: IncomingBlocks, labels: tuple[str, ...] = ()) -> SimpleNamespace:
    """A stream that has read its first tasks."""
    source = SimpleNamespace(name="news.jsonl")
    return SimpleNamespace(expected=Expected(carried=carried, labels=labels), source=source)


SPANS = Block(
    "spans",
    title="entities",
    labels=["PER", "ORG", "other"],
    suggesters=[SuggesterSpec("patterns", "patterns"), SuggesterSpec("entities", "model")],
)
CLASS = Block(
    "choice",
    title="topic",
    labels=["politics", "sport", "other"],
    suggesters=[SuggesterSpec("words", "words")],
)
TOPICS = CLASS.replace(multiple=True)


def editor(
    *blocks: Block, decided: dict[str, Any] | None = None, fields: dict[str, Any] | None = None
) -> BlocksEditor:
    blocks = blocks or (SPANS, TOPICS)
    task = Task({"text": TEXT, **(fields or {})}, "1", Origin("news.jsonl", 1), 0)
    made = kind("blocks").open(
        EditorInput(
            task,
            Tokens.from_pairs(TEXT, fallback_pairs(TEXT)),
            (),
            Options(blocks=blocks),
            decided,
            blocks=[list(block.labels) for block in blocks],
        )
    )
    assert isinstance(made, BlocksEditor)
    return made


def spans_of(one: BlocksEditor) -> list[tuple[str, str]]:
    inner = one.parts[0].editor
    assert isinstance(inner, SpanEditor)
    return [(TEXT[s.start : s.end], s.label) for s in inner.spans]


def choice_of(one: BlocksEditor) -> ChoiceEditor:
    inner = one.parts[1].editor
    assert isinstance(inner, ChoiceEditor)
    return inner


def test_commands_reach_the_block_one_is_at() -> None:
    one = editor()
    assert isinstance(one, Staged)
    one.do("label", "PER")
    assert (stage(one), one.place, one.counts()) == (0, "1 of 2: entities", {"PER": 1})
    assert one.advance() is not None
    assert one.place == "2 of 2: topic"
    assert innermost(one) is choice_of(one)
    one.do("label", "sport")
    assert one.counts() == {"sport": 1}
    assert one.advance() is None
    assert one.edited


def test_the_label_of_one_block_is_none_of_the_others() -> None:
    one = editor()
    one.advance()
    outcome = one.do("label", "PER")
    assert outcome is not None
    assert outcome.message == "PER is not an option of this task"


def test_each_block_has_an_undo_of_its_own() -> None:
    one = editor()
    one.do("label", "PER")
    one.advance()
    one.do("label", "sport")
    one.do("undo")
    outcome = one.do("undo")
    assert outcome is not None
    assert outcome.message == "nothing to undo"
    assert spans_of(one) == [("Angela", "PER")]
    one.do("block_before")
    one.do("undo")
    assert spans_of(one) == []
    one.do("redo")
    assert spans_of(one) == [("Angela", "PER")]


def test_before_the_first_block_there_is_none() -> None:
    one = editor()
    outcome = one.do("block_before")
    assert outcome is not None
    assert outcome.message == "this is the first block of the task"
    assert one.retreat() is None


def test_a_line_has_the_fields_of_all_blocks() -> None:
    one = editor()
    one.do("label", "PER")
    one.advance()
    one.do("label", "sport")
    fields = one.fields()
    assert [(span["start"], span["label"]) for span in fields["spans"]] == [(0, "PER")]
    assert fields["tokens"][0]["text"] == "Angela"
    assert [option["id"] for option in fields["options"]] == ["politics", "sport", "other"]
    assert fields["accept"] == ["sport"]
    assert fields["config"] == {"choice_style": "multiple"}
    assert fields["_view_id"] == "blocks"


def test_a_decided_line_is_opened_again_as_it_was() -> None:
    one = editor()
    one.suggest([Suggestion(32, 39, "ORG", "model"), Suggestion(0, 50, "sport", "words", 0.9)])
    one.advance()
    one.do("label", "politics")
    line = {
        "text": TEXT,
        **one.fields(),
        "answer": "accept",
        "_suggested": [PLAIN.encode(item) for item in one.offered],
    }
    again = editor(decided=json.loads(msgspec.json.encode(line)))
    assert stage(again) == 0
    assert again.fields() == one.fields()
    assert set(again.offered) == set(one.offered)


def test_suggestions_go_to_the_block_that_asked_for_them() -> None:
    one = editor()
    whole = len(TEXT)
    one.suggest(
        [
            Suggestion(0, whole, "other", "words", 0.8),
            Suggestion(0, 6, "other", "patterns"),
            Suggestion(0, 13, "PER", "model"),
            Suggestion(32, 39, "ORG", "model"),
            Suggestion(43, 49, "sport", "model"),
        ]
    )
    # Where two sources of one block cross, the first one wins; what is a label
    # in another block only is none in this one.
    assert spans_of(one) == [("Angela", "other"), ("Siemens", "ORG")]
    assert choice_of(one).scores == {"other": 0.8}
    outcome = one.withdraw("model")
    assert outcome.edited
    assert spans_of(one) == [("Angela", "other")]
    assert choice_of(one).scores == {"other": 0.8}


def test_a_choice_that_is_wanting_holds_up_an_acceptance_where_it_is_made() -> None:
    one = editor(SPANS, CLASS)
    assert one.refusal("accept") is None
    one.advance()
    assert one.refusal("accept") == "nothing chosen yet"
    assert one.refusal("reject") is None
    outcome = one.do("label", "sport")
    assert outcome is not None
    assert outcome.answer == "accept"
    assert one.refusal("accept") is None
    other = editor(CLASS, SPANS)
    other.advance()
    assert other.refusal("accept") == "topic: nothing chosen yet"


def test_two_blocks_that_write_the_same_field_are_refused() -> None:
    with pytest.raises(AnnotateError, match="'entities' and 'spans' would both write 'spans'"):
        Session(STREAM, view="blocks", blocks=(SPANS, Block("spans", labels=["X"])))
    with pytest.raises(AnnotateError, match="needs the option blocks"):
        Session(STREAM, view="blocks")
    with pytest.raises(AnnotateError, match="list of Block that is not empty"):
        Session(STREAM, view="blocks", blocks=[])


def test_faults_are_those_of_each_blocks_own_labels() -> None:
    carried = IncomingBlocks([SPANS, TOPICS])
    fields = {
        "text": TEXT,
        "spans": [{"start": 0, "end": 6, "label": "sport"}],
        "accept": ["PER"],
    }
    union = [*SPANS.labels, *TOPICS.labels]
    assert [message for message, _ in carried.faults(fields, union, False)] == [
        'span 1 has the label "sport", which is not in the label set',
        'it has the label "PER", which is not in the label set',
    ]
    sound = {"text": TEXT, "spans": [{"start": 0, "end": 6, "label": "PER"}], "accept": ["sport"]}
    assert not list(carried.faults(sound, union, False))
    # One that was added in a session is good in either.
    assert not list(carried.faults(sound | {"accept": ["new"]}, [*union, "new"], False))


def test_each_block_teaches_its_own_sources() -> None:
    one = editor()
    one.do("label", "PER")
    one.advance()
    one.do("label", "sport")
    line = {"text": TEXT, **one.fields(), "answer": "accept", "_suggested": []}
    first, second = kind("blocks").units(Options(blocks=(SPANS, TOPICS)), line)
    assert (first.labelled, first.sources) == ([(0, 6, "PER")], {"patterns", "model"})
    assert (second.labelled, second.sources) == ([(0, len(TEXT), "sport")], {"words"})
    assert second.labels == TOPICS.labels


def test_a_session_has_the_labels_and_sources_of_its_blocks() -> None:
    model = SuggesterSpec("categories", "model")
    session = Session(
        STREAM, view="blocks", blocks=[SPANS, CLASS.replace(suggesters=[model])], correct=True
    )
    assert session.labels == ("PER", "ORG", "other", "politics", "sport")
    # What two blocks would call the same is told apart.
    assert [spec.name for spec in session.suggesters] == ["patterns", "model", "model topic"]
    assert [spec.name for spec in session.blocks[1].suggesters] == ["model topic"]
    again = session.replace(guidelines="# Read this\n")
    assert (again.blocks, again.labels, again.suggesters) == (
        session.blocks,
        session.labels,
        session.suggesters,
    )
    with pytest.raises(AnnotateError, match="list of Block"):
        Session(STREAM, view="blocks", blocks=["spans"])
    with pytest.raises(AnnotateError, match="'B', which is not in the label set"):
        Block("spans", labels=["A"], keys={"B": "b"})


def test_blocks_are_completed_from_the_first_tasks() -> None:
    blocks = [SPANS.replace(labels=()), Block("choice", labels=["a", "b"])]
    carried = IncomingBlocks(blocks)
    list(
        carried.labels(
            {"text": TEXT, "spans": [{"start": 0, "end": 6, "label": "X"}], "accept": ["a", "b"]}
        )
    )
    stream = first_tasks(carried, ("a", "b"))
    session = Session(cast(Stream, stream), view="blocks", blocks=blocks, correct=True)
    done = completed(session)
    assert [block.labels for block in done.blocks] == [("X",), ("a", "b")]
    assert done.blocks[1].options.multiple
    assert (done.labels, done.correct) == (("X", "a", "b"), True)
    assert (stream.expected.carried, stream.expected.labels) == (carried, ("a", "b"))
    carried.seen[0].clear()
    with pytest.raises(UsageError, match="'entities' has no labels"):
        completed(session)


COMMANDS = st.sampled_from(
    [
        ("label", "PER"), ("label", "ORG"), ("label", "sport"), ("label", "politics"),
        ("right", None), ("extend_right", None), ("next_option", None), ("toggle", None),
        ("delete", None), ("undo", None), ("redo", None), ("block_before", None), ("turn", None),
    ]
)  # fmt: skip


@given(st.lists(COMMANDS, max_size=30))
def test_a_draft_has_every_block_and_where_one_was(commands: list[tuple[str, str | None]]) -> None:
    one = editor()
    one.suggest([Suggestion(32, 39, "ORG", "model"), Suggestion(0, 50, "sport", "words", 0.9)])
    for command, argument in commands:
        if command == "turn":
            one.advance()
        else:
            one.do(command, argument)
    again = editor()
    again.restore(msgspec.json.decode(msgspec.json.encode(one.state())))
    assert (again.place, again.fields()) == (one.place, one.fields())
    assert msgspec.to_builtins(again.state()) == msgspec.to_builtins(one.state())
    assert set(again.offered) == set(one.offered)


# ── kinds that read the fields of another ───────────────────────────────────

ROWS = [Row("Q1", "Angela Merkel", "chancellor", prior=9), Row("Q2", "Siemens", "company")]
MENTION = {"start": 0, "end": 13, "label": "PER"}


def linking(folder: Path) -> Block:
    build(ROWS, folder / "kb.sqlite")
    base = Linker(KnowledgeBase(folder / "kb.sqlite"))
    return Block("linking", title="links", labels=["PER", "ORG"], knowledge=base)


def test_mentions_are_linked_then_a_class_is_chosen(tmp_path: Path) -> None:
    blocks = (linking(tmp_path), CLASS)
    made = editor(*blocks, fields={"spans": [MENTION]})
    made.do("link_1")
    made.advance()
    outcome = made.do("label", "sport")
    assert outcome is not None
    assert outcome.answer == "accept"
    fields = made.fields()
    assert [span["kb_id"] for span in fields["spans"]] == ["Q1"]
    assert fields["accept"] == ["sport"]
    again = editor(*blocks, decided={"text": TEXT, **fields}, fields={"spans": [MENTION]})
    assert again.fields()["spans"] == fields["spans"]
    assert again.fields()["accept"] == ["sport"]


def test_options_of_a_task_are_those_of_its_mention_beside_a_class(tmp_path: Path) -> None:
    blocks = (linking(tmp_path), CLASS)
    candidates = [{"id": "Q2", "text": "Siemens"}, {"id": "Q1", "text": "Angela Merkel"}]
    task = {"spans": [MENTION], "options": candidates, "accept": ["Q1"]}
    carried = IncomingBlocks(blocks)
    assert set(carried.labels({"text": TEXT, **task})) == {"PER"}
    assert not list(carried.faults({"text": TEXT, **task}, ["PER", *CLASS.labels], False))
    made = editor(*blocks, fields=task)
    assert made.fields()["spans"][0]["kb_id"] == "Q1"
    made.advance()
    assert made.fields()["accept"] == []
    made.do("label", "politics")
    fields = made.fields()
    assert fields["accept"] == ["politics"]
    assert [option["id"] for option in fields["options"]] == list(CLASS.labels)
    # As the source of another such session the options are the classes.
    came = {**task, **fields}
    assert set(IncomingBlocks(blocks).labels({"text": TEXT, **came})) == {"PER", *CLASS.labels}
    assert editor(*blocks, fields=came).fields()["accept"] == ["politics"]
    assert editor(*blocks, fields=came).fields()["spans"] == fields["spans"]


def test_keyphrases_then_a_class() -> None:
    phrases = Block(
        "keyphrases",
        labels=["KEYPHRASE"],
        suggesters=[SuggesterSpec("keyphrases", "phrases")],
        max_phrases=2,
    )
    blocks = (phrases, CLASS)
    made = editor(*blocks)
    made.suggest(
        [
            Suggestion(21, 31, "KEYPHRASE", "phrases", 0.4, "executive"),
            Suggestion(35, 42, "KEYPHRASE", "phrases", 0.9, "Siemens"),
            Suggestion(0, 50, "sport", "words", 0.9),
        ]
    )
    assert made.refusal("accept") is None
    made.advance()
    made.do("label", "politics")
    fields = made.fields()
    assert [one["rank"] for one in fields["keyphrases"]] == [1, 2]
    assert len(fields["spans"]) == 2
    assert fields["accept"] == ["politics"]
    again = editor(*blocks, decided={"text": TEXT, **fields})
    assert {**again.fields(), "tokens": None} == {**fields, "tokens": None}


def test_a_block_without_labels_says_which_option_names_them() -> None:
    blocks = (SPANS, CLASS.replace(labels=(), flag="--classes"))
    carried = IncomingBlocks(blocks)
    stream = first_tasks(carried)
    session = Session(cast(Stream, stream), view="blocks", blocks=blocks)
    with pytest.raises(UsageError, match="'topic' has no labels") as raised:
        completed(session)
    assert "--classes" in str(raised.value.do)


def test_one_class_beside_another_kind_is_chosen_or_not() -> None:
    blocks = (SPANS, CLASS.replace(labels=("urgent",)))
    stream = first_tasks(IncomingBlocks(blocks))
    done = completed(Session(cast(Stream, stream), view="blocks", blocks=blocks))
    made = editor(*done.blocks)
    made.advance()
    made.do("label", "urgent")
    assert made.fields()["accept"] == ["urgent"]
    assert made.fields()["config"] == {"choice_style": "multiple"}


# ── real data ───────────────────────────────────────────────────────────────


def decide(bench: Bench, label: str) -> None:
    """Accept the first block as it is shown, and choose a class in the second."""
    assert bench.decide() is None
    item = bench.engine.current
    assert item is not None
    assert isinstance(item.editor, BlocksEditor)
    assert item.editor.place.startswith("2 of 2")
    item.editor.do("label", label)
    assert bench.decide() is None


@pytest.mark.shared_data
def test_real_links_and_a_class_come_back(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_annotate.knowledge.opening.cache_folder", lambda: tmp_path)
    folder = shared_data / "prodigy-projects" / "nel_emerson"
    base = knowledge.open(folder / "entities.csv")
    blocks = [
        Block("linking", labels=["ORG", "PERSON", "GPE", "FAC", "PRODUCT"], knowledge=base),
        CLASS,
    ]
    source = folder / "emerson_annotated_text.jsonl"
    bench = Bench(
        source, tmp_path / "out.jsonl", labels=(), keep_labels=True, view="blocks", blocks=blocks
    )
    tasks = [json.loads(row) for row in source.read_text().splitlines()]
    for number in range(len(tasks)):
        decide(bench, CLASS.labels[number % 3])
    written = bench.lines()
    assert len(written) == len(tasks)
    for number, (line, task) in enumerate(zip(written, tasks, strict=True)):
        assert [span["kb_id"] for span in line["spans"]] == task["accept"]
        assert [span["start"] for span in line["spans"]] == [s["start"] for s in task["spans"]]
        assert line["accept"] == [CLASS.labels[number % 3]]
        ours = {"spans", "tokens", "options", "accept", "config", "answer"}
        kept = {name: value for name, value in task.items() if name not in ours and name[0] != "_"}
        assert {name: line[name] for name in kept} == kept


@pytest.mark.shared_data
def test_real_entities_and_a_class_come_back(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "prodigy-recipes" / "example-datasets"
    source = folder / "annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl"
    tasks = [json.loads(row) for row in source.read_text().splitlines()][:120]
    copy = tmp_path / "news.jsonl"
    copy.write_text("".join(json.dumps(task) + "\n" for task in tasks))
    blocks = [
        Block("spans", title="entities", labels=["PERSON", "ORG", "LOCATION"], overlap=True),
        TOPICS,
    ]
    bench = Bench(
        copy, tmp_path / "out.jsonl", labels=(), keep_labels=True, view="blocks", blocks=blocks
    )
    for number in range(len(tasks)):
        decide(bench, CLASS.labels[number % 3])
    for number, (line, task) in enumerate(zip(bench.lines(), tasks, strict=True)):
        mine = [(s["start"], s["end"], s["label"]) for s in line["spans"]]
        theirs = [(s["start"], s["end"], s["label"]) for s in task.get("spans") or ()]
        assert mine == sorted(theirs)
        assert line["accept"] == [CLASS.labels[number % 3]]
        assert line["text"] == task["text"]
