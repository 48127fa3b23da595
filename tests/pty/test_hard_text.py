"""Text that could break a screen, or a span."""

from __future__ import annotations

import re

import pytest

from tests.pty.conftest import Desk, arrive, at, spans
from tests.pty.terminal import Terminal

pytestmark = [pytest.mark.pty, pytest.mark.slow]

# What a program may send: text, and the sequences of a terminal that are understood here.
SEQUENCE = re.compile(
    rb"\x1b\[[0-9;?]*[A-Za-z]"  # cursor, colour, modes
    rb"|\x1b\[\?[0-9;]*\$p"  # a question
    rb"|\x1b\]22;[a-z]*\x07"  # the pointer's shape
)

HOSTILE = (
    "Red \x1b[31mAlert\x1b[0m and \x1b]0;owned\x07 title \x1b[2J\x1b[H "
    "bell\x07 back\x08 form\x0c line\x0b car\rriage tab\there "
    "C1\x9b31m\x85\x9d8 bidi \u202eevil\u202c \u2066iso\u2069 zero\u200bwidth "
    "\ufeff del\x7f end Berlin"
)


def assert_only_ours(terminal: Terminal) -> None:
    """No control code of the data, raw or as C1 in UTF-8, is in what was sent."""
    rest = SEQUENCE.sub(b"", terminal.sent_since(0)).decode().replace("\r\n", "")
    # Marks of the program's own keep letters that run from right to left where they are.
    rest = re.sub("(?<=[ \u0590-\u08ff\ufb1d-\ufefc])\u200e", "", rest)
    wrong = re.findall("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", rest)
    assert wrong == []


def label_word(desk: Desk, text: str, word: str, *, find: str | None = None) -> Terminal:
    """Open a text, search a word in it, and label it PER."""
    desk.source(text, "The end.")
    terminal = desk.start().wait_for("1 of 2").wait_for(at(0)).settle()
    terminal.press("/").wait_for("Find:").type((find or word) + "\r")
    terminal.wait_for(lambda t: "Find:" not in t.text)
    terminal.wait_for(at(text.index(word)))
    terminal.press("1").wait_for("PER 1").settle()
    return terminal


def test_control_codes_in_a_text_are_shown_and_never_sent(desk: Desk) -> None:
    desk.source({"text": HOSTILE, "meta": {"by\x1b[1m": "a\x1b]0;b\x07"}}, "The end.")
    terminal = arrive(desk.start(), "Red ␛[31mAlert␛[0m and")
    terminal.press("end", "down", "end", "down", "end").settle()
    for shown in ("␛]0;owned␇", "␛[2J", "bell␇", "back␈", "car␍riage", "tab⇥", "‹U+009B›31m",
                  "‹RLO›evil‹PDF›", "‹LRI›iso‹PDI›", "zero‹ZWSP›width", "del␡"):  # fmt: skip
        assert shown in "".join(row.strip() for row in terminal.lines[3:-3]), shown
    assert "by␛[1m: a␛]0;b␇" in terminal.lines[2]
    # Nothing has moved: lines above and below are where they belong.
    assert terminal.lines[0].startswith(" ner.manual  source.jsonl")
    assert terminal.lines[1] == terminal.lines[-3] == "─" * 80
    assert terminal.lines[-2].startswith(" 1 PER 0")
    terminal.press("ctrl+end", "1").wait_for("PER 1").press("shift+left", "shift+left").settle()
    terminal.press("escape", "c").wait_for("Comment (enter save").press("escape")
    terminal.wait_for(lambda t: "Comment (enter save" not in t.text)
    terminal.press("s").settle().press("escape").settle()
    terminal.press("*", "a").wait_for("The end.").press("q")
    assert terminal.wait_for_end() == 0
    assert_only_ours(terminal)
    assert b"\x1b[31mAlert" not in terminal.sent
    assert b"\x1b[2J\x1b[H " not in terminal.sent
    line = desk.decisions()[0]
    assert line["text"] == HOSTILE
    assert spans(line) == [("Berlin", "PER")]


def test_control_codes_in_labels_errors_and_file_names_are_never_sent(desk: Desk) -> None:
    desk.source({"text": "Berlin", "spans": [{"start": 0, "end": 6, "label": "A\x1b[31mB"}]},
                name="so\x1b[31murce.jsonl")  # fmt: skip
    terminal = arrive(desk.start("so\x1b[31murce.jsonl", "--keep-labels"), "Berlin")
    terminal.wait_for("A␛[31mB").press("q")
    assert terminal.wait_for_end() == 0
    assert_only_ours(terminal)
    terminal = desk.start("so\x1b[31murce.jsonl")
    assert terminal.wait_for_end() != 0
    assert b"\x1b[31m" not in terminal.sent
    assert_only_ours(terminal)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("family 👨‍👩‍👧‍👦 of Cork with 🇩🇪 flag and 👍🏽 thumb in Bergen", "Bergen"),
        ("שלום אנגלה מרקל פגשה את המנהלים בברלין ביום שני", "בברלין"),
        ("安格拉·默克尔在柏林会见了西门子的高管", "柏林"),
        ("นายกรัฐมนตรีเดินทางไปกรุงเทพมหานครเมื่อวันจันทร์", "กรุงเทพมหานคร"),
        ("cafe\u0301 in Mu\u0308nchen and a\u0300\u0301\u0302 end", "Mu\u0308nchen"),
        ("wide ＡＢＣ full 東京 and half ｱｲｳ in Berlin", "東京"),
    ],
    ids=["emoji", "Hebrew", "Chinese", "Thai", "combining", "wide"],
)
def test_text_of_every_script_is_labelled_by_its_code_points(
    desk: Desk, text: str, word: str
) -> None:
    terminal = label_word(desk, text, word)
    for row in terminal.lines[3:-3]:
        assert not row.strip() or row.startswith("   ")
    assert terminal.lines[1] == terminal.lines[-3] == "─" * 80
    assert any("PER" in row for row in terminal.lines[3:-3])
    terminal.press("a").wait_for("The end.").press("q")
    assert terminal.wait_for_end() == 0
    assert_only_ours(terminal)
    line = desk.decisions()[0]
    assert line["text"] == text
    assert spans(line) == [(word, "PER")]
    assert line["spans"][0]["start"] == text.index(word)


def test_an_emoji_family_is_one_step_of_the_cursor(desk: Desk) -> None:
    text = "a 👨‍👩‍👧‍👦 b 🇩🇪🇫🇷 c 👍🏽 d"
    desk.source(text, "The end.")
    terminal = desk.start().wait_for(at(0, "a"))
    terminal.press("%").wait_for("moving by characters").press("right")
    terminal.wait_for(" 2–9").press("right").wait_for(" 10–11")
    terminal.press("right").wait_for(" 12–14").press("right")
    terminal.wait_for(" 14–16").press("2").wait_for("ORG 1")
    terminal.press("right", "right").wait_for(" 19–21").press("3").wait_for("GPE 1")
    terminal.press("a").wait_for("The end.")
    assert spans(desk.decisions()[0]) == [("🇫🇷", "ORG"), ("👍🏽", "GPE")]
    assert_only_ours(terminal)
