"""The ranking of classes that learns from decisions."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.suggest.local.words import Words, words_of
from tui_annotate.text.tokens import Tokens

LABELS = ("card_arrival", "lost_or_stolen_card", "exchange_rate")


def ranked(words: Words, text: str, labels: tuple[str, ...] = LABELS) -> list[str]:
    return [s.label for s in words.suggest(text, Tokens.from_pairs(text, ()), labels)]


def learn(words: Words, text: str, *labels: str) -> None:
    words.learn(text, [(0, len(text), label) for label in labels], LABELS)


def test_names_rank_before_anything_is_decided() -> None:
    words = Words()
    assert ranked(words, "My card was stolen.")[0] == "lost_or_stolen_card"
    assert ranked(words, "What are your exchange rates?")[0] == "exchange_rate"


def test_descriptions_rank_too() -> None:
    words = Words({"exchange_rate": "what a euro costs in dollars"})
    assert ranked(words, "How many dollars do I get?")[0] == "exchange_rate"


def test_of_what_it_knows_nothing_it_says_nothing() -> None:
    assert ranked(Words(), "Hello there") == []
    assert ranked(Words(), "") == []
    assert ranked(Words(), "My card was stolen.", ("card",)) == []


def test_decisions_overrule_names() -> None:
    words = Words()
    for _ in range(3):
        learn(words, "Where is my parcel with the card?", "card_arrival")
        learn(words, "A man took my wallet", "lost_or_stolen_card")
    assert ranked(words, "The parcel is late")[0] == "card_arrival"
    assert ranked(words, "my wallet!")[0] == "lost_or_stolen_card"


def test_a_text_with_several_labels_counts_for_each() -> None:
    words = Words()
    learn(words, "parcel wallet", "card_arrival", "lost_or_stolen_card")
    learn(words, "dollars", "exchange_rate")
    assert set(ranked(words, "parcel")[:2]) == {"card_arrival", "lost_or_stolen_card"}


def test_unspaced_scripts_are_ranked_by_pairs_of_signs() -> None:
    assert words_of("银行卡丢了") == ["银行", "行卡", "卡丢", "丢了"]
    words = Words()
    learn(words, "我的银行卡丢了", "lost_or_stolen_card")
    learn(words, "今天的汇率是多少", "exchange_rate")
    assert ranked(words, "汇率怎么样")[0] == "exchange_rate"


def test_endings_do_not_count() -> None:
    assert words_of("Cards, carded: the rates") == ["card", "the", "rat"]


@given(st.lists(st.tuples(st.text(max_size=40), st.sampled_from(LABELS)), max_size=12), st.text())
def test_scores_are_shares_in_order(decided: list[tuple[str, str]], text: str) -> None:
    words = Words()
    for before, label in decided:
        learn(words, before, label)
    found = words.suggest(text, Tokens.from_pairs(text, ()), LABELS)
    scores = [s.score or 0.0 for s in found]
    assert scores == sorted(scores, reverse=True)
    assert not found or {s.label for s in found} == set(LABELS)
    assert not found or sum(scores) == pytest.approx(1, abs=0.001)


def test_a_long_text_is_ranked_by_its_beginning() -> None:
    assert len(words_of(" ".join(f"w{n}x" for n in range(100_000)))) <= 300


@pytest.mark.shared_data
def test_of_77_intents_the_right_one_has_a_digit_nine_times_in_ten(shared_data: Path) -> None:
    folder = shared_data / "textcat-banking77"
    labels = tuple(json.loads((folder / "categories.json").read_text(encoding="utf-8")))
    with (folder / "train.csv").open(encoding="utf-8", newline="") as table:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(table)]
    random.Random(0).shuffle(rows)
    words = Words()
    for text, label in rows[:500]:
        words.learn(text, [(0, len(text), label)], labels)
    found = [label in ranked(words, text, labels)[:9] for text, label in rows[500:1000]]
    assert sum(found) >= 0.9 * len(found)
