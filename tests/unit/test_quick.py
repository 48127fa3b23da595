"""The tokeniser that needs no spaCy gives the tokens that spaCy's gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_annotate.suggest.spacy.models import resolve
from tui_annotate.suggest.spacy.pipelines import Runner
from tui_annotate.suggest.spacy.quick import QuickTokeniser, rules_of

PIPELINES = ("blank:xx", "en_core_web_sm", "blank:de", "blank:fr", "blank:hu")

TEXTS = (
    "Angela Merkel met Barack Obama in Berlin, Germany.",
    "  two blanks at first,   three within, some at the end  ",
    "lines\nand\n\nparagraphs\r\nand\ttabs \n mixed\u00a0up",
    "(brackets) [more] {yet more} «guillemets» “quotes” ‘single’ 'straight'",
    "I'm sure they don't, won't and can't; he's John's, it's o'clock, y'all gonna",
    "10-20 well-known state-of-the-art a/b a=b x:y 3+4 1,000.50 a.m. p.m. e.g. i.e. U.S. Ph.D.",
    "20°C. and 5km, 3kg. $5 €6 £7.50 100% #tag @name C++ R&D",
    "https://example.org/a?b=c#d, mail me@example.org. www.example.com/x; 192.168.0.1",
    ":) :-( ;) xD ^_^ (^_^) o.O :)) <3 </3 ¯\\(ツ)/¯ 8-) word:) (:word: )",
    "... …  wait...what?!?! -- — – -word- word-",
    "Ünïcödé naïve straße ß. Ä. İstanbul ΑΒΓ абв. 中文字，日本語。한국어 עברית العربية؟ हिन्दी।",
    "👨‍👩‍👧 🇩🇪 👍🏽! é e\u0301 \ufeff",
    "'",
    "",
    " ",
    "\n",
)

PIECES = [
    *("a", "B", "é", "ß", "中", "1", "23", " ", "  ", "\n", "\t", "\u00a0", "\r\n"),
    *(".", ",", ":", ";", "!", "?", "…", "...", "-", "--", "—", "'", "’s", "'s", '"', "(", ")"),
    *(":)", ":(", " :)", "xD", "^_^", "8-)", "C++", "a.", "U.S.", "e.g.", "don't", "can't"),
    *("km", "$", "€", "%", "+", "=", "/", "<", ">", "#", "°", "°C.", "😀", "http://a.bc/d?e=f"),
]


@cache
def both(name: str) -> tuple[QuickTokeniser, Runner]:
    pipeline = resolve(name)
    rules = rules_of(pipeline)
    assert rules is not None
    return QuickTokeniser(rules), Runner(pipeline)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", PIPELINES)
def test_texts_of_all_kinds_are_cut_as_spacy_cuts_them(name: str, text: str) -> None:
    quick, spacy = both(name)
    assert quick.tokenise(text) == spacy.tokenise(text)


@pytest.mark.parametrize("name", PIPELINES)
@settings(max_examples=40)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_mixture_is_cut_as_spacy_cuts_it(name: str, text: str) -> None:
    quick, spacy = both(name)
    assert quick.tokenise(text) == spacy.tokenise(text)


def test_what_was_cut_before_changes_nothing() -> None:
    quick, _ = both("blank:xx")
    first = quick.tokenise("word:) (word:) :)")
    quick.tokenise("word: ) :")
    assert quick.tokenise("word:) (word:) :)") == first


def test_rules_that_only_spacy_has_are_left_to_it() -> None:
    assert rules_of(resolve("blank:zh")) is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = resolve("en_core_web_sm").path
    assert path is not None
    found = tmp_path / "pipeline"
    found.mkdir()
    for name in ("config.cfg", "meta.json", "tokenizer"):
        shutil.copy(path / name, found / name)
    return found


def test_a_pipeline_with_a_tokeniser_of_its_own_is_left_to_spacy(folder: Path) -> None:
    config = (folder / "config.cfg").read_text(encoding="utf-8")
    assert rules_of(resolve(str(folder))) is not None
    (folder / "config.cfg").write_text(
        config.replace("spacy.Tokenizer.v1", "own.Tokenizer.v1"), encoding="utf-8"
    )
    assert rules_of(resolve(str(folder))) is None


def test_a_tokeniser_that_cannot_be_read_is_left_to_spacy(folder: Path) -> None:
    (folder / "tokenizer").write_bytes(b"\xc1")
    assert rules_of(resolve(str(folder))) is None


def test_the_first_short_texts_are_cut_before_spacy_is_imported() -> None:
    code = (
        "import sys\n"
        "from tui_annotate.suggest.messages import Configure, Document, Submit, Tokenised\n"
        "from tui_annotate.suggest.work_loop import SuggestionLoop\n"
        "told = []\n"
        "loop = SuggestionLoop(Configure([], 'blank:xx'), told.append)\n"
        "loop.take(Submit([Document(0, 'Anna met Bo.'), Document(1, 200_000 * 'x')]))\n"
        "loop.tokenise()\n"
        "print([one.pairs for one in told], {'spacy', 'numpy', 'thinc'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[(0, 4), (5, 8), (9, 11), (11, 12)]] set()"
