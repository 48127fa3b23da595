from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.graphemes import boundaries
from tui_annotate.text.tokens import Tokens, fallback_pairs, needs_characters, sentences

PIECES = (
    *"ab .,!\r\n\té中ไทย\u0301\u200d\ufe0f\u0600",
    "👩\u200d👩\u200d👧",
    "👍🏽",
    "🇺🇸",
    "Word ",
    "e\u0301",
    " \u0301",
)
hard_text = st.lists(st.sampled_from(PIECES), max_size=24).map("".join) | st.text(max_size=24)
FAMILY = "a 👩\u200d👩\u200d👧 b"


@st.composite
def texts_with_pairs(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(hard_text)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    pairs = [pair for pair in pairwise(cuts) if draw(st.booleans())]
    return text, pairs


def pieces(text: str, tokens: Tokens) -> list[str]:
    return [text[s:e] for s, e in zip(tokens.starts, tokens.ends, strict=True)]


@given(texts_with_pairs())
def test_no_token_cuts_a_grapheme_and_none_is_lost(made: tuple[str, list[tuple[int, int]]]) -> None:
    text, pairs = made
    tokens = Tokens.from_pairs(text, pairs)
    whole = boundaries(text)
    assert whole.issuperset(tokens.starts)
    assert whole.issuperset(tokens.ends)
    assert all(s < e for s, e in zip(tokens.starts, tokens.ends, strict=True))
    assert all(e <= s for e, s in zip(tokens.ends, tokens.starts[1:], strict=False))
    for start, end in pairs:
        covering = tokens.covering(start, end)
        assert covering is not None
        assert covering[0] == covering[1]
    if whole.issuperset(offset for pair in pairs for offset in pair):
        assert list(zip(tokens.starts, tokens.ends, strict=True)) == pairs


@given(texts_with_pairs(), st.integers(0, 24), st.integers(0, 24))
def test_the_ways_from_offsets_to_tokens_agree(
    made: tuple[str, list[tuple[int, int]]], start: int, end: int
) -> None:
    text, pairs = made
    tokens = Tokens.from_pairs(text, pairs)
    ours = list(zip(tokens.starts, tokens.ends, strict=True))
    holding = [i for i, (s, e) in enumerate(ours) if s <= start < e]
    assert tokens.at(start) == (holding[0] if holding else None)
    if start < end:
        touched = [i for i, (s, e) in enumerate(ours) if s < end and e > start]
        assert tokens.covering(start, end) == ((touched[0], touched[-1]) if touched else None)
        exact = start in tokens.starts and end in tokens.ends
        assert tokens.aligned(start, end) == ((touched[0], touched[-1]) if exact else None)


@given(texts_with_pairs())
def test_the_cursor_stops_at_every_token_but_white_space(
    made: tuple[str, list[tuple[int, int]]],
) -> None:
    text, pairs = made
    tokens = Tokens.from_pairs(text, pairs)
    wanted = [i for i, piece in enumerate(pieces(text, tokens)) if not piece.isspace()]
    assert list(tokens.stops) == wanted


@given(texts_with_pairs())
def test_our_tokens_read_back_as_they_are(made: tuple[str, list[tuple[int, int]]]) -> None:
    text, pairs = made
    tokens = Tokens.from_pairs(text, pairs)
    fields = tokens.to_fields(text)
    assert [field["id"] for field in fields] == list(range(len(tokens)))
    if not fields and text.strip():
        return
    again = Tokens.from_fields(text, fields)
    assert (again.starts, again.ends, again.stops) == (tokens.starts, tokens.ends, tokens.stops)
    assert again.to_fields(text) == fields


def test_our_tokens_are_written_in_the_shape_of_prodigy() -> None:
    tokens = Tokens.from_pairs("Hi you!", [(0, 2), (3, 6), (6, 7)])
    assert [dict(token) for token in tokens.to_fields("Hi you!")] == [
        {"text": "Hi", "start": 0, "end": 2, "id": 0, "ws": True},
        {"text": "you", "start": 3, "end": 6, "id": 1, "ws": False},
        {"text": "!", "start": 6, "end": 7, "id": 2, "ws": False},
    ]


def test_tokens_within_a_family_are_one() -> None:
    pairs = [(0, 1), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (8, 9)]
    tokens = Tokens.from_pairs(FAMILY, pairs)
    assert pieces(FAMILY, tokens) == ["a", "👩\u200d👩\u200d👧", "b"]


def family_fields() -> list[dict[str, Any]]:
    borders = [(0, 1), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (8, 9)]
    return [
        {"text": FAMILY[s:e], "start": s, "end": e, "id": i, "ws": i in (0, 5), "extra": {"pos": i}}
        for i, (s, e) in enumerate(borders)
    ]


def test_tokens_that_came_are_written_back_though_some_are_one_for_the_cursor() -> None:
    fields = family_fields()
    tokens = Tokens.from_fields(FAMILY, fields)
    assert len(tokens) == 3
    assert tokens.to_fields(FAMILY) == family_fields()
    assert tokens.aligned(2, 9) == (1, 2)
    assert tokens.span_fields(2, 7) == (1, 5)
    assert tokens.span_fields(2, 9) == (1, 6)
    assert tokens.span_fields(8, 9) == (6, 6)
    assert tokens.span_fields(2, 4) is None


def test_spans_name_tokens_by_the_ids_they_came_with() -> None:
    fields = [{"start": 0, "end": 1, "id": 7}, {"start": 2, "end": 3, "id": 9}]
    assert Tokens.from_fields("a b", fields).span_fields(0, 3) == (7, 9)
    for field in fields:
        del field["id"]
    assert Tokens.from_fields("a b", fields).span_fields(0, 3) == (0, 1)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"start": 0}, "not a list"),
        ("ab", "not a list"),
        ([], "empty"),
        ([5], "token 0 is a number, not an object"),
        ([{"start": 0}], "token 0 has no start and end"),
        ([{"start": 0.0, "end": 1}], "token 0 has no start and end"),
        ([{"start": False, "end": True}], "token 0 has no start and end"),
        ([{"start": 0, "end": 1}, {"start": 1, "end": 1}], "token 1 .* is empty or reversed"),
        ([{"start": 3, "end": 1}], "token 0 .* is empty or reversed"),
        ([{"start": -1, "end": 1}], "outside the text"),
        ([{"start": 0, "end": 6}], r"outside the text \(0 to 5\)"),
        ([{"start": 0, "end": 3}, {"start": 2, "end": 4}], "token 1 .* overlaps"),
        ([{"start": 3, "end": 4}, {"start": 0, "end": 1}], "token 1 .* overlaps"),
        ([{"start": 0, "end": 2, "text": "xx"}], '"xx", but "ab" stands there'),
    ],
)
def test_tokens_that_do_not_fit_the_text_are_refused(fields: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Tokens.from_fields("ab cd", fields)


def test_a_text_without_tokens() -> None:
    tokens = Tokens.from_fields("", [])
    assert (len(tokens), tokens.at(0), tokens.stops) == (0, None, ())
    assert tokens.aligned(0, 1) is None
    assert tokens.covering(0, 1) is None
    assert sentences("", tokens) == ()


@pytest.mark.parametrize(
    ("text", "first_words"),
    [
        ("One two. Three four! Five? Six… Seven", ["One", "Three", "Five", "Six", "Seven"]),
        ("He said “No.” Then he left. (So.) End", ["He", "Then", "(", "End"]),
        ("J. S. Bach wrote it. It lasts", ["J", "It"]),
        ("about 3.5 km, e.g. by car. Or not", ["about", "Or"]),
        ("Title\n\nFirst line\nsecond", ["Title", "First", "second"]),
        ("今天下雨。明天呢？好！", ["今天下雨", "明天呢", "好"]),
        ("एक। दो", ["एक", "दो"]),
        ("  . a B", ["."]),
        ("\n \n", []),
    ],
)
def test_sentences_by_rule_of_thumb(text: str, first_words: list[str]) -> None:
    tokens = Tokens.from_pairs(text, fallback_pairs(text))
    found = sentences(text, tokens)
    assert [pieces(text, tokens)[number] for number in found] == first_words


@given(texts_with_pairs())
def test_sentences_begin_at_stops_in_order(made: tuple[str, list[tuple[int, int]]]) -> None:
    text, pairs = made
    tokens = Tokens.from_pairs(text, pairs)
    found = sentences(text, tokens)
    assert list(found) == sorted(set(found))
    assert set(found) <= set(tokens.stops)
    assert found[:1] == tokens.stops[:1]


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("", False),
        ("Plain English", False),
        ("1,234 …", False),
        ("ภาษาไทยเขียนติดกัน", True),
        ("今天天气很好 with some", True),
        ("an English sentence with 中文 in it", False),
        ("ひらがなとカタカナ", True),
        ("한국어는 띄어 쓴다", False),
        ("שלום עולם", False),
        ("हिन्दी में", False),
        ("ພາສາລາວ", True),
        ("ភាសាខ្មែរ", True),
        ("မြန်မာဘာသာ", True),
    ],
)
def test_scripts_without_spaces_begin_in_characters(text: str, needed: bool) -> None:
    assert needs_characters(text) is needed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop, co-op!", ["Don't", "stop", ",", "co-op", "!"]),
        ("It cost 3,500.50 (net).", ["It", "cost", "3,500.50", "(", "net", ")", "."]),
        ("हिन्दी है।", ["हिन्दी", "है", "।"]),
        ("mail a_b@c.de", ["mail", "a", "_", "b", "@", "c", ".", "de"]),
        ("naïve cafe\u0301", ["naïve", "cafe\u0301"]),
        ("好，是", ["好", "，", "是"]),
        (" \n ", []),
    ],
)
def test_the_fallback_tokens(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in fallback_pairs(text)] == expected


@given(hard_text)
def test_the_fallback_leaves_out_nothing_but_white_space(text: str) -> None:
    end = 0
    for first, last in fallback_pairs(text):
        assert first < last
        assert not text[end:first].strip()
        end = last
    assert not text[end:].strip()


@pytest.mark.shared_data
def test_tokens_of_real_files_are_written_back_as_they_came(shared_data: Path) -> None:
    read = 0
    for path in sorted(shared_data.glob("prodigy-*/**/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            task = json.loads(line)
            if not isinstance(task.get("tokens"), list) or "text" not in task:
                continue
            tokens = Tokens.from_fields(task["text"], task["tokens"])
            assert tokens.to_fields(task["text"]) == task["tokens"]
            for span in task.get("spans", []):
                wanted = (span["token_start"], span["token_end"]) if "token_start" in span else None
                if wanted is not None:
                    assert tokens.span_fields(span["start"], span["end"]) == wanted, (path, span)
            read += 1
    assert read > 500
