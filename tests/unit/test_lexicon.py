"""What the annotator labels a string as."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.suggest.local.lexicon import Lexicon
from tui_annotate.text.tokens import Tokens


def tokens(text: str) -> Tokens:
    return Tokens.from_pairs(text, [m.span() for m in re.finditer(r"\w+|[^\w\s]|\s+", text)])


def spans(text: str, **labels: str) -> list[tuple[int, int, str]]:
    """Every occurrence of each name (``_`` for a space) with its label."""
    return [
        (match.start(), match.end(), label)
        for name, label in labels.items()
        for match in re.finditer(re.escape(name.replace("_", " ")), text)
    ]


def offered(lexicon: Lexicon, text: str, *labels: str) -> list[tuple[str, str]]:
    found = lexicon.suggest(text, tokens(text), labels)
    return [(text[s.start : s.end], s.label) for s in found]


def learn(lexicon: Lexicon, text: str, **labels: str) -> None:
    lexicon.learn(text, spans(text, **labels), tokens=tokens(text))


def test_a_string_is_offered_in_later_texts() -> None:
    lexicon = Lexicon()
    learn(lexicon, "Siemens in Berlin", Siemens="ORG", Berlin="GPE")
    assert offered(lexicon, "Berlin: Siemens wins") == [("Berlin", "GPE"), ("Siemens", "ORG")]
    assert len(lexicon) == 2


def test_case_and_token_borders_matter() -> None:
    lexicon = Lexicon()
    learn(lexicon, "a plant in US", US="GPE")
    assert offered(lexicon, "tell us, USA, US") == [("US", "GPE")]


def test_the_longest_string_wins() -> None:
    lexicon = Lexicon()
    learn(lexicon, "York", York="GPE")
    learn(lexicon, "New York Times", New_York_Times="ORG")
    learn(lexicon, "New York", New_York="GPE")
    text = "the New York Times of New York and York"
    assert offered(lexicon, text) == [
        ("New York Times", "ORG"),
        ("New York", "GPE"),
        ("York", "GPE"),
    ]


def test_the_majority_label_is_offered_and_only_if_it_is_on_offer() -> None:
    lexicon = Lexicon()
    for label in ("PER", "PER", "GPE"):
        learn(lexicon, "Washington", Washington=label)
    assert offered(lexicon, "Washington") == [("Washington", "PER")]
    assert offered(lexicon, "Washington", "GPE", "PER") == [("Washington", "PER")]
    assert offered(lexicon, "Washington", "GPE") == []


def test_what_is_mostly_left_alone_is_forgotten_and_can_come_back() -> None:
    lexicon = Lexicon()
    learn(lexicon, "Apple", Apple="ORG")
    learn(lexicon, "Apple pie and Apple juice")
    assert offered(lexicon, "Apple") == []
    assert "Apple" in lexicon
    assert "pie" not in lexicon
    learn(lexicon, "Apple", Apple="ORG")
    assert offered(lexicon, "Apple") == [("Apple", "ORG")]


def test_what_lies_in_a_longer_span_was_not_left_alone() -> None:
    lexicon = Lexicon()
    learn(lexicon, "York", York="GPE")
    learn(lexicon, "New York Times", New_York_Times="ORG")
    learn(lexicon, "New York Times", New_York_Times="ORG")
    assert offered(lexicon, "York") == [("York", "GPE")]


def test_a_label_that_was_not_asked_for_was_not_left_out() -> None:
    lexicon = Lexicon()
    learn(lexicon, "Berlin", Berlin="GPE")
    text = "Berlin"
    lexicon.learn(text, [], ["PER"], tokens=tokens(text))
    lexicon.learn(text, [], ["PER"], tokens=tokens(text))
    assert offered(lexicon, "Berlin") == [("Berlin", "GPE")]


def test_what_was_dropped_counts_without_tokens() -> None:
    lexicon = Lexicon()
    lexicon.learn("#tag", [(0, 4, "TAG")])
    lexicon.learn("#tag", [], dropped=[(0, 4)])
    assert offered(lexicon, "#tag") == []


def test_what_is_new_weighs_more() -> None:
    lexicon = Lexicon()
    for _ in range(200):
        learn(lexicon, "Turkey", Turkey="GPE")
    for _ in range(20):
        learn(lexicon, "Turkey", Turkey="FOOD")
    assert offered(lexicon, "Turkey") == [("Turkey", "FOOD")]


def test_the_score_is_the_share_that_was_right() -> None:
    lexicon = Lexicon()
    for _ in range(3):
        learn(lexicon, "Rio", Rio="GPE")
    learn(lexicon, "Rio")
    (suggestion,) = lexicon.suggest("Rio", tokens("Rio"))
    assert (suggestion.source, suggestion.score) == ("lexicon", 0.75)


def test_scripts_without_spaces_match_between_graphemes() -> None:
    lexicon = Lexicon()
    text = "ประเทศไทยสวย"
    lexicon.learn(text, [(6, 9, "GPE")])
    later = "ไปไทยกัน"
    whole = Tokens.from_pairs(later, [(0, len(later))])
    assert lexicon.suggest(later, whole) == []
    (suggestion,) = lexicon.suggest(later, whole, characters=True)
    assert later[suggestion.start : suggestion.end] == "ไทย"
    # Not where it would cut a grapheme: the vowel sign belongs to the last letter.
    assert lexicon.suggest("ไทยี", whole, characters=True) == []


def test_single_letters_and_ends_of_texts() -> None:
    lexicon = Lexicon()
    learn(lexicon, "X", X="ORG")
    learn(lexicon, "X Corp", X_Corp="ORG")
    assert offered(lexicon, "X, X Corp, X C X") == [
        ("X", "ORG"),
        ("X Corp", "ORG"),
        ("X", "ORG"),
        ("X", "ORG"),
    ]


words = st.lists(st.sampled_from(["New", "York", "US", "a", "Al", "-", "x"]), min_size=1)


@given(st.lists(words), words)
def test_offers_are_token_aligned_known_strings_that_never_overlap(
    earlier: list[list[str]], last: list[str]
) -> None:
    lexicon = Lexicon()
    for number, parts in enumerate(earlier):
        text = " ".join(parts)
        end = len(" ".join(parts[: number % 3 + 1]))
        lexicon.learn(text, [(0, end, "AB"[number % 2])], tokens=tokens(text))
    text = " ".join(last)
    found = lexicon.suggest(text, tokens(text))
    known = {
        " ".join(parts)[: len(" ".join(parts[: n % 3 + 1]))] for n, parts in enumerate(earlier)
    }
    assert all(tokens(text).aligned(s.start, s.end) for s in found)
    assert all(text[s.start : s.end] in known for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
