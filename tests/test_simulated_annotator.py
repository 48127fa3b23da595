"""The simulated annotator: real keys to real editors, and what is written is the gold."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.annotator import classes, count, gold, links, marks, phrases
from benchmarks.annotator.__main__ import WHAT, main
from benchmarks.annotator.desk import Desk
from benchmarks.annotator.tags import Tags
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind, linking, tagging
from tui_annotate.kinds.base import EditorInput
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.suggest.local.words import Words
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import Tokens

LABELS = ("PER", "LOC", "ORG", "MISC")


def plain(text: str) -> gold.Gold:
    pairs = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    return gold.Gold([], text, Tokens.from_pairs(text, pairs), [])


def keys_of(lines: list[str]) -> list[str]:
    return [line.split("  ")[0].rstrip() for line in lines]


def test_keys_by_hand_are_counted_and_never_more_than_needed() -> None:
    said = [[("we", "O"), ("met", "O"), ("Ann", "I-PER"), ("Lee", "I-PER"), ("in", "O"),
             ("Rome", "I-LOC"), (".", "O")]]  # fmt: skip
    document = gold.assemble([said])
    assert document.text == "we met Ann Lee in Rome."
    assert document.entities == [(7, 14, "PER"), (18, 22, "LOC")]
    lines: list[str] = []
    counted = count.entities([document], LABELS, trace=lines.append)
    assert [line.split("  ")[0] for line in lines] == ["tab 1", "2"]
    assert counted.keys == 4
    assert counted.names == {"next_span": 1, "label": 2, "accept": 1}


def test_each_phrase_is_marked_once_and_the_next_one_may_nest_in_it() -> None:
    document = plain("the sign problem of field theories, and field theories again")
    for phrase in ("field theories", "sign problem of field theories"):
        at = document.text.index(phrase)
        document.entities.append((at, at + len(phrase), phrases.LABEL))
    lines: list[str] = []
    counted = phrases.count([document], trace=lines.append)
    first, second = keys_of(lines)
    # A jump that selects, from one end of the phrase to the other; then what nests in it.
    assert re.fullmatch(r"right s[A-Z] 1", first)
    assert re.fullmatch(r"s[a-z] shift\+right 1", second)
    assert (counted.items, counted.keys) == (2, 9)


def test_marks_are_restored_with_the_capitals_that_follow_them() -> None:
    lines: list[str] = []
    counted = marks.count([plain("Well, we go. It is late")], suggest=False, trace=lines.append)
    assert keys_of(lines) == [",", "right right ."]
    assert (counted.items, counted.keys) == (2, 5)


def test_mentions_are_linked_by_digit_by_search_or_not_at_all(tmp_path: Path) -> None:
    build([Row("Q1", "Ann Lee"), Row("Q2", "Ann Poe"), Row("Q3", "Zed")], tmp_path / "kb.sqlite")
    document = plain("Ann met somebody in Rome")
    wanted: dict[tuple[int, int], links.Link] = {
        (0, 3): ("Q2", None, "Ann Poe"),
        (8, 16): ("Q3", None, "Zed"),
        (20, 24): ("NIL", "absent", "Rome"),
    }
    spans = [{"start": a, "end": b, "label": "ENTITY"} for a, b in wanted]
    task = links.Linked(document, {"text": document.text, "spans": spans}, wanted)
    base = KnowledgeBase(tmp_path / "kb.sqlite")
    lines: list[str] = []
    counted = links.count([task], base, trace=lines.append)
    assert keys_of(lines) == ["2", "/Zenter", "00"]
    assert counted.keys == 1 + 3 + 2 + 1
    bare: list[str] = []
    links.count([task], base, candidates=False, trace=bare.append)
    assert keys_of(bare) == ["/Adownenter", "/Zenter", "00"]
    base.close()


@pytest.mark.parametrize(("view", "rows"), [("spans", 16 // 2), ("keyphrases", 8 // 3)])
def test_a_page_is_as_long_as_in_the_real_view(view: str, rows: int) -> None:
    document = plain("\n".join(f"word{number}" for number in range(40)))
    chosen = kind(view)
    options = chosen.options()
    editor = chosen.open(EditorInput(document.task(0), document.tokens, LABELS, options))
    desk = Desk(editor, Keymap(view, LABELS))
    for key, row in (("down", 1), ("pagedown", 1 + rows), ("up", rows)):
        desk.press(key)
        assert document.text[: desk.place[0]].count("\n") == row


def proposed(document: gold.Gold, label: str, scores: Sequence[float]) -> list[Suggestion]:
    pairs = zip(document.tokens.starts, document.tokens.ends, strict=True)
    return [
        Suggestion(start, end, label, "model", score)
        for (start, end), score in zip(pairs, scores, strict=True)
    ]


def desk_of(view: str, options: Any, document: gold.Gold) -> Desk:
    labels = (";",) if view == "punctuation" else ("A", "B")
    task = document.task(0)
    task.fields["spans"] = [{"start": 10, "end": 13, "label": "A"}]
    editor = kind(view).open(EditorInput(task, document.tokens, labels, options))
    if view != "linking":
        editor.suggest(proposed(document, labels[0], [0.5] * len(document.tokens)))
    return Desk(editor, Keymap(view, labels))


def shown(desk: Desk) -> str:
    editor = desk.editor
    return repr((editor.fields(), editor.state(), editor.counts(), desk.place))


@pytest.mark.parametrize("view", ["spans", "tagging", "keyphrases", "linking", "punctuation"])
def test_what_is_tried_on_a_twin_leaves_the_desk_as_it_is(view: str, tmp_path: Path) -> None:
    document = plain("Ann saw a cat . Then Ann left Rome")
    if view == "linking":
        build([Row("Q1", "cat"), Row("Q2", "dog")], tmp_path / "kb.sqlite")
        linker = Linker(KnowledgeBase(tmp_path / "kb.sqlite"))
        desk = desk_of(view, linking.Options(knowledge=linker), document)
    else:
        desk = desk_of(view, kind(view).options(), document)
    desk.press("right")
    before = shown(desk)
    results = set()
    for keys in (["1"], ["tab", "1"], ["tab", "x"], ["1", "u"], ["shift+right", "1"], ["tab"] * 3):
        twin = desk.twin()
        twin.press(*keys)
        results.add(shown(twin))
        assert shown(desk) == before
    assert len(results) >= 4
    if view == "linking":
        linker.base.close()


def tagging_desk(words: str, wanted: Sequence[str], scores: Sequence[float]) -> tuple[Desk, Tags]:
    document = plain(words)
    document.tags[:] = wanted
    options = tagging.Options(tagset=UPOS)
    opening = EditorInput(document.task(0), document.tokens, UPOS.names, options)
    editor = kind("tagging").open(opening)
    editor.suggest(proposed(document, "NOUN", scores))
    return Desk(editor, Keymap("tagging", UPOS.names, label_keys=UPOS.keys)), Tags(document)


def test_every_wrong_tag_costs_a_key_of_its_own() -> None:
    # Tab and an arrow lead to it alike, and what is tried after one of them stays there.
    desk, work = tagging_desk("one two three", ["NOUN", "VERB", "NOUN"], [0.5, 0.5, 0.99])
    lines: list[str] = []
    counted = count.Count()
    count.annotate(desk, work, counted, lines.append)
    assert keys_of(lines) in (["tab v"], ["right v"])
    assert counted.names["label"] == 1
    assert counted.keys == 3


def test_where_tab_led_is_another_place_than_where_an_arrow_did() -> None:
    words = "one two three four"
    led, work = tagging_desk(words, ["VERB", "NOUN", "NOUN", "NOUN"], [0.99, 0.5, 0.99, 0.5])
    walked = led.twin()
    walked.press("left", "right")
    assert walked.place == led.place
    mistake = work.next(led)
    assert mistake is not None
    assert work.place(walked, mistake) != work.place(led, mistake)
    # Only where tab led does the next tag lead on.
    for desk, at in ((led, "four"), (walked, "three")):
        desk.press(UPOS.keys["NOUN"])
        assert words[desk.place[0] :].startswith(at)


def test_a_class_is_chosen_by_its_digit_or_by_the_fewest_letters_of_its_name() -> None:
    labels = [f"{first}_{second}" for first in ("red", "big") for second in "abcdefgh"]
    texts = [("one", "red_b"), ("two", "big_h")]
    counted = classes.count(texts, classes.Classifier(labels, None), learn=False)
    assert counted.names["digit"] == 1
    assert counted.names["label_by_name"] > 2
    random.Random(2).shuffle(texts := [(f"{label} words", label) for label in labels] * 3)
    learned = classes.count(texts, classes.Classifier(labels, Words()), learn=True)
    assert learned.keys < 1.2 * learned.items


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.skipif(find_spec(count.MODEL) is None, reason="the pipeline is not installed")
@pytest.mark.skipif(find_spec("slate") is None, reason="the bench extra is not installed")
def test_every_kind_is_counted_on_a_little_real_data(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["annotator", "--documents", "1"])
    main()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in capsys.readouterr().out.splitlines()[2:]
    ]
    assert len({row[0] for row in rows}) >= len(WHAT)
    counted = [row for row in rows if row[2] != "-"]
    assert all(float(row[4]) > 0 for row in counted)
    assert {row[1] for row in rows if row[2] == "-"} == {"slate"}
    by_hand = {row[0]: float(row[4]) for row in rows if row[1].startswith("without")}
    slate = {row[0]: float(row[4]) for row in counted if row[1] == "slate"}
    assert all(by_hand[what] < keys for what, keys in slate.items() if "classes" not in what)


@pytest.mark.shared_data
def test_entities_of_real_documents_are_within_their_budget(shared_data: Path) -> None:
    documents = gold.wikigold(shared=shared_data)[:3]
    assert all(len(one.tokens) >= 500 for one in documents)
    counted = count.entities(documents, LABELS)
    assert counted.keys <= 4.0 * counted.items


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec(count.MODEL) is None, reason="the pipeline is not installed")
def test_a_pipeline_saves_keys(shared_data: Path) -> None:
    documents = gold.wikigold(shared=shared_data)[:3]
    helped = count.entities(documents, LABELS, count.pipeline(LABELS), lexicon=True)
    assert helped.keys <= 2.0 * helped.items


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec(count.MODEL) is None, reason="the pipeline is not installed")
def test_tags_of_real_sentences_are_within_their_budget(shared_data: Path) -> None:
    sentences = list(gold.ewt(shared=shared_data))[:40]
    assert sentences[0].text == "What if Google Morphed Into GoogleOS?"
    counted = count.tags(sentences, suggest=True)
    assert counted.keys <= 0.25 * counted.tokens


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec("slate") is None, reason="the bench extra is not installed")
def test_slate_needs_more_keys(shared_data: Path) -> None:
    from benchmarks.annotator import slate

    documents = gold.wikigold(shared=shared_data)[:2]
    assert slate.presses(documents).keys > count.entities(documents, LABELS).keys
