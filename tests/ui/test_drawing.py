"""What the document looks like: text, labels, suggestions, selection, hints."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.color import Color

from tests.ui.harness import LABELS, Sitting, finding, sitting
from tui_annotate.text.display import visible_width
from tui_annotate.text.ordering import MARK
from tui_annotate.ui.theme import Depth

TEXT = "Angela Merkel met executives of Siemens in Berlin on Monday."
LONG = " ".join(
    f"Word{n} Müller met the executives of Firm{n} in the old city of Berlin." for n in range(12)
)
PARAGRAPH = LONG[: LONG.index("Word6")].strip()
DEPTHS: tuple[Depth, ...] = ("true", "256", "16", "mono")


def text_rows(here: Sitting) -> list[str]:
    """The rows that hold text."""
    view: Any = here.app.annotation.view
    top, lines = 3 - view.scroll_offset.y, here.lines()
    return [lines[top + y] if 3 <= top + y < len(lines) - 3 else "" for y in view.rows.tops[:-1]]


def label_rows(here: Sitting, text: str, rows: int = 1) -> list[str]:
    """The rows for labels under the row where a text stands."""
    y, _ = here.find(text)
    return here.lines()[y + 1 : y + 1 + rows]


# ── nothing moves ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize("text", [TEXT, LONG, f"{TEXT}\n\n\n{TEXT}\n"])
@pytest.mark.parametrize("depth", ["true", "mono"])
async def test_the_text_never_moves(tmp_path: Path, text: str, overlap: bool, depth: Depth) -> None:
    async with sitting(
        tmp_path, text, options={"overlap": overlap}, depth=depth, answers=None
    ) as here:
        before = text_rows(here)
        assert before[0].strip()
        here.process.suggest(
            here.process.documents[0], finding(("Berlin", "GPE"))(here.process.documents[0])
        )
        await here.settle()
        assert text_rows(here) == before
        keys = "1 shift+right 2 + + right right 3 * tab d u v down 2 w . % 1 c escape"
        for key in keys.split():
            await here.press(key)
            assert text_rows(here) == before, key
        assert here.spans


WALK = """
left right up down 1 2 3 4 shift+left shift+right tab shift+tab d u ctrl+r + - < > . * w v f
left right up down 1 2 3 4 pageup pagedown end home ctrl+end ctrl+home % escape ] [ a x backspace
f11 f12 s,escape s,a s,f ;,escape ;,down,enter ?,escape c,o,backspace,escape /,r,enter n N !,escape
"""


@pytest.mark.slow
@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize("seed", range(2))
async def test_all_that_changes_is_sent_to_the_terminal(
    tmp_path: Path, seed: int, overlap: bool
) -> None:
    # Edits and moves send parts of rows only. What is on the glass must be what a full
    # repaint would show, after whatever keys.
    choose = random.Random(seed).choice
    labels = ("PERSON", "O", "GEOPOLITICAL", "LAW")
    found = finding(("Berlin", "LAW"), ("Firm1", "PERSON"))
    texts = [f"{n}. {LONG}" for n in range(4)]
    async with sitting(
        tmp_path, *texts, labels=labels, answers=found, options={"overlap": overlap}
    ) as here:
        here.assert_painted("the start")
        pressed = []
        for _ in range(80):
            for key in choose(WALK.split()).split(","):
                pressed.append(key)
                await here.press(key)
                here.assert_painted(" ".join(pressed[-6:]))


# ── labels ─────────────────────────────────────────────────────────────────


async def test_a_label_stands_under_its_span_with_a_line_as_wide(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("shift+right", "1")
        y, x = here.find("Angela Merkel")
        assert here.lines()[y + 1] == " " * x + "PER" + "─" * 10


async def test_the_bar_has_the_labels_with_keys_and_counts(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, keys={"GPE": "o"}) as here:
        assert here.bar.startswith(" 1 PER 0  2 ORG 0  o GPE 0")
        await here.press("1", "right", "o")
        assert here.bar.startswith(" 1 PER 1  2 ORG 0  o GPE 1")
        await here.press("d", "right", "1")
        assert here.bar.startswith(" 1 PER 2  2 ORG 0  o GPE 0")


async def test_a_bar_too_narrow_for_all_labels_says_how_many_more(tmp_path: Path) -> None:
    labels = [f"LABEL{n:02}" for n in range(1, 21)]
    async with sitting(tmp_path, TEXT, labels=labels) as here:
        shown = [name for name in labels if name in here.bar]
        assert shown == labels[: len(shown)]
        assert f"+{20 - len(shown)} ;" in here.bar


async def test_a_bar_of_wide_labels_leaves_the_help_its_place(tmp_path: Path) -> None:
    labels = ["人名", "場所", "組織名前", "とても長いラベル名です", "日付と時刻", "金額と通貨"]
    async with sitting(tmp_path, TEXT, labels=labels) as here:
        assert here.bar.endswith("? help")
        assert visible_width(here.bar) < 80


async def test_wide_names_stand_under_their_spans(tmp_path: Path) -> None:
    async with sitting(tmp_path, "Ab cd ef gh ij kl.", labels=("場所", "組織名")) as here:
        await here.press("1", "right", "right", "2")
        y, x = here.find("Ab cd")
        below = here.lines()[y + 1]
        assert [visible_width(below[: below.index(name)]) for name in ("場所", "組織名")] == [
            x,
            x + 6,
        ]


async def test_a_name_longer_than_its_span_runs_on_to_the_right(tmp_path: Path) -> None:
    async with sitting(tmp_path, "It is in Ur now.", labels=("SETTLEMENT",)) as here:
        await here.go("Ur")
        await here.press("1")
        row = label_rows(here, "It is in Ur")[0]
        assert row == " " * (3 + 9) + "SETTLEMENT"


async def test_a_name_is_cut_where_the_next_one_begins_and_the_status_has_it_whole(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, "Ur Uruk Kish and so on.", labels=("SETTLEMENT",)) as here:
        await here.press("1", "right", "1", "right", "1")
        row = label_rows(here, "Ur Uruk")[0]
        assert row == "   SE SETT SETTLEMENT"
        await here.press("left")
        assert "SETTLEMENT" in here.status


async def test_a_name_is_cut_at_the_edge_of_the_screen(tmp_path: Path) -> None:
    text = "word " * 14 + "Ur"
    async with sitting(tmp_path, text, labels=("SETTLEMENT" * 2,), size=(60, 15)) as here:
        await here.press("ctrl+end", "1")
        assert all(cell_len(line) <= 60 for line in here.lines())
        assert label_rows(here, "Ur")[0].strip().startswith("SETTLEMENT")


async def test_a_span_over_two_rows_is_labelled_in_both(tmp_path: Path) -> None:
    async with sitting(tmp_path, LONG) as here:
        first = here.lines()[4].split()[-1]
        await here.go(first)
        await here.press("shift+right", "2")
        rows = here.lines()
        assert rows[5].strip() == ("ORG" + "─" * (len(first) - 3))[: max(len(first), 3)]
        assert rows[7].startswith("   …OR")


# ── suggestions ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["1", "2", "d", "tab", "+"])
async def test_suggestions_are_counted_down_whatever_becomes_of_them(
    tmp_path: Path, key: str
) -> None:
    found = finding(("Siemens", "ORG"), ("Berlin", "GPE"))
    async with sitting(tmp_path, TEXT, answers=found) as here:
        assert here.status.endswith("2 to check")
        await here.press("tab", key)
        assert here.status.endswith("1 to check")
        here.assert_painted(f"{key} at a suggestion")
        if key != "tab":
            await here.press("u")
            assert here.status.endswith("2 to check")


async def test_a_suggestion_is_dotted_with_a_question_mark_until_tab_passes_it(
    tmp_path: Path,
) -> None:
    found = finding(("Siemens", "ORG"), ("Berlin", "GPE"), score=0.75)
    async with sitting(tmp_path, TEXT, answers=found) as here:
        assert label_rows(here, "Angela")[0].split() == ["ORG┄┄┄?", "GPE┄┄?"]
        assert "2 to check" in here.status
        await here.press("tab")
        assert here.under == "Siemens"
        assert "model 0.75" in here.status
        await here.press("tab")
        assert label_rows(here, "Angela")[0].split() == ["ORG────", "GPE┄┄?"]
        assert "1 to check" in here.status


async def test_a_suggestion_loses_its_mark_when_it_is_changed(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, answers=finding(("Siemens", "ORG"))) as here:
        await here.go("Siemens")
        assert label_rows(here, "Angela")[0].split() == ["ORG┄┄┄?"]
        await here.press("3")
        assert label_rows(here, "Angela")[0].split() == ["GPE────"]
        await here.press("u")
        assert label_rows(here, "Angela")[0].split() == ["ORG┄┄┄?"]


async def test_accepting_takes_the_suggestions_that_are_shown(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.", answers=finding(("Siemens", "ORG"))) as here:
        await here.press("a")
        (line,) = here.written()
        assert [(s["label"], s["source"]) for s in line["spans"]] == [("ORG", "model")]
        assert [(s["label"], s["source"]) for s in line["_suggested"]] == [("ORG", "model")]


async def test_suggestions_after_the_first_edit_cross_nothing_and_are_one_step(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, TEXT, answers=None) as here:
        assert "suggestions loading" in here.status
        await here.go("executives")
        await here.press("shift+right", "shift+right", "1")
        assert here.spans == [("executives of Siemens", "PER")]
        found = finding(("Siemens", "ORG"), ("Berlin", "GPE"), ("Monday", "ORG"))
        here.process.suggest(here.process.documents[0], found(here.process.documents[0]))
        await here.settle()
        assert [label for _, label in here.spans] == ["PER", "GPE", "ORG"]
        await here.press("u")
        assert here.spans == [("executives of Siemens", "PER")]


# ── overlapping and nested ─────────────────────────────────────────────────

NESTED = "the University of California , Berkeley campus"


async def nest(here: Sitting) -> None:
    """Label the sketch of nested spans, and a third one inside."""
    await here.go("University")
    await here.press(*["shift+right"] * 4, "2")
    await here.go("California")
    here.editor.caret.select(NESTED.index("California"), NESTED.index("California") + 10)
    await here.press("3")


async def test_nested_spans_stand_in_rows_of_their_own(tmp_path: Path) -> None:
    async with sitting(tmp_path, NESTED, options={"overlap": True}) as here:
        await nest(here)
        outer, inner = label_rows(here, NESTED, 2)
        assert outer == "       ORG" + "─" * (len("University of California , Berkeley") - 3)
        assert inner == " " * 21 + "GPE" + "─" * 7


async def test_crossing_spans_stand_in_rows_of_their_own(tmp_path: Path) -> None:
    async with sitting(tmp_path, NESTED, options={"overlap": True}) as here:
        await here.press("shift+right", "shift+right", "1")
        here.editor.caret.select(NESTED.index("of"), NESTED.index("Berkeley") + 8)
        await here.press("2")
        first, second = label_rows(here, NESTED, 2)
        assert first == "   PER" + "─" * (len("the University of") - 3)
        assert second.strip() == "ORG" + "─" * (len("of California , Berkeley") - 3)
        # Whichever of them is meant, each stays where it is.
        for key in ("w", "w", "left", "left", "right"):
            await here.press(key)
            assert label_rows(here, NESTED, 2) == [first, second]


async def test_deeper_nesting_is_counted_and_w_shows_each(tmp_path: Path) -> None:
    async with sitting(tmp_path, NESTED, options={"overlap": True}) as here:
        await nest(here)
        here.editor.caret.select(NESTED.index("California"), len(NESTED))
        await here.press("1")
        here.editor.caret.select(NESTED.index("of"), NESTED.index("California") + 10)
        await here.press("1")
        assert len(here.spans) == 4
        await here.go("California")
        assert any("+2" in row for row in label_rows(here, NESTED, 2))
        seen = []
        for _ in range(4):
            active = here.editor.active
            assert active is not None
            seen.append((active.start, active.end))
            assert f"({len(seen)} of 4" in here.status
            # The one that is meant stands out, and its name is drawn with it.
            y, x = here.find(NESTED)
            style = here.style(y, x + active.start)
            assert style.bold
            assert style.underline
            assert any(active.label in row for row in label_rows(here, NESTED, 2))
            await here.press("w")
        assert len(set(seen)) == 4


async def test_every_action_is_on_the_span_that_w_chose(tmp_path: Path) -> None:
    async with sitting(tmp_path, NESTED, options={"overlap": True}) as here:
        await nest(here)
        await here.go("California")
        await here.press("w")
        assert here.editor.active is not None
        assert here.editor.active.label == "ORG"
        await here.press("d")
        assert here.spans == [("California", "GPE")]


async def test_without_overlap_a_new_span_replaces_what_it_crosses(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("1", "right", "2", "ctrl+home", "shift+right", "shift+right", "3")
        assert here.spans == [("Angela Merkel met", "GPE")]
        assert "replaced 2 spans; u undoes" in here.status
        await here.press("u")
        assert here.spans == [("Angela", "PER"), ("Merkel", "ORG")]


# ── cursor, selection, hints ───────────────────────────────────────────────


@pytest.mark.parametrize("depth", DEPTHS)
async def test_cursor_and_selection_are_seen_in_every_depth_of_colour(
    tmp_path: Path, depth: Depth
) -> None:
    async with sitting(tmp_path, TEXT, depth=depth) as here:
        assert here.style_of("Angela").reverse
        assert not here.style_of("Merkel").reverse
        await here.press("shift+right")
        assert here.style_of("Angela").underline
        assert here.style_of("Merkel").underline
        assert here.style_of("Merkel").reverse
        assert not here.style_of("met").underline
        assert "selected  0–13" in here.status


async def test_hints_stand_over_every_token_near_ones_with_one_letter(tmp_path: Path) -> None:
    async with sitting(tmp_path, PARAGRAPH) as here:
        before = here.lines()
        await here.press("s")
        view: Any = here.app.annotation.view
        hints = dict(view.hints)
        near = here.editor.text.index("Müller")
        assert len(next(hint for hint, at in hints.items() if at == near)) == 1
        assert {len(hint) for hint in hints} == {1, 2}
        assert not any(a != b and b.startswith(a) for a, b in combinations(sorted(hints), 2))
        shown = here.lines()[4]
        assert len(shown) == len(before[4])
        assert shown != before[4]
        far = max(hints.values())
        await here.press(*next(hint for hint, at in hints.items() if at == far))
        assert here.editor.caret.offset == far
        assert text_rows(here)[0] == before[4]


async def test_a_hint_in_capitals_selects_up_to_its_token(tmp_path: Path) -> None:
    async with sitting(tmp_path, PARAGRAPH) as here:
        view: Any = here.app.annotation.view
        text = here.editor.text

        async def jump_to(at: int, *, select: bool) -> None:
            await here.press("s")
            hint = next(hint for hint, there in view.hints.items() if there == at)
            await here.press(*(hint.upper() if select else hint))

        starts = here.editor.caret.unit_starts(0, len(text))
        await jump_to(starts[3], select=False)
        assert here.selected is None
        await jump_to(starts[40], select=True)
        here.assert_painted("a jump that selects")
        assert here.selected == text[starts[3] : here.editor.caret.unit(starts[40])[1]]
        await jump_to(starts[1], select=True)
        assert here.selected == text[starts[1] : here.editor.caret.unit(starts[3])[1]]
        await here.press("1")
        assert len(here.spans) == 1


async def test_hints_go_away_with_escape_or_a_letter_that_is_none(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        before = here.lines()[4]
        for key in ("escape", "Q"):
            await here.press("s")
            assert here.lines()[4] != before
            await here.press(key)
            assert here.lines()[4] == before
            assert here.editor.caret.offset == 0


# ── colours ────────────────────────────────────────────────────────────────


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours after WCAG 2."""

    def luminance(color: Color) -> float:
        parts = [part / 255 for part in color.get_truecolor()]
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [True, False])
async def test_labels_have_contrast_and_colours_of_their_own(tmp_path: Path, dark: bool) -> None:
    labels = [f"L{n}" for n in range(10)]
    text = " ".join(f"word{n}" for n in range(10)) + " end"
    async with sitting(tmp_path, text, labels=labels, dark=dark, size=(100, 24)) as here:
        for n in range(10):
            await here.press(str((n + 1) % 10), "right")
        behind, names = set(), set()
        ground = Color.parse("#000000" if dark else "#ffffff")
        for n in range(10):
            style = here.style_of(f"word{n}")
            assert style.color is not None
            assert style.bgcolor is not None
            assert contrast(style.color, style.bgcolor) >= 4.5
            behind.add(style.bgcolor)
            y, x = here.find(f"word{n}")
            name = here.style(y + 1, x)
            assert name.color is not None
            assert contrast(name.color, ground) >= 4.5
            names.add(name.color)
        assert len(behind) == len(names) == 10


@pytest.mark.parametrize("depth", ["16", "mono"])
@pytest.mark.parametrize("dark", [True, False])
async def test_no_rgb_in_16_colours_and_no_colour_in_mono(
    tmp_path: Path, depth: Depth, dark: bool
) -> None:
    async with sitting(tmp_path, TEXT, depth=depth, dark=dark) as here:
        await here.press("1", "right", "2", "s")
        for strip in here.strips():
            for segment in strip:
                for color in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    if color is not None and not color.is_default:
                        assert depth == "16"
                        assert color.number is not None
                        assert color.number < 16


@pytest.mark.parametrize("depth", DEPTHS)
async def test_every_label_is_told_apart_by_its_name(tmp_path: Path, depth: Depth) -> None:
    async with sitting(tmp_path, TEXT, depth=depth) as here:
        await here.press("1", "right", "2", "right", "3")
        assert label_rows(here, "Angela")[0].split() == ["PER───", "ORG───", "GPE"]
        assert here.style_of("Angela") != here.style_of("executives")


async def test_a_colour_stays_with_its_label_when_others_come_and_go(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, labels=("PER", "ORG", "GPE")) as here:
        await here.press("3", "right")
        before = here.style_of("Angela")
        await here.press("left", "d")
    async with sitting(tmp_path, TEXT, labels=("LAW", "GPE")) as here:
        await here.press("d", "2", "right")
        assert here.spans == [("Angela", "GPE")]
        assert here.style_of("Angela") == before


async def test_foreign_labels_are_dim_and_pass_through(tmp_path: Path) -> None:
    span = {"start": 0, "end": 6, "label": "TITLE", "token_start": 0, "token_end": 0, "own": [1]}
    task = {"text": TEXT, "spans": [span]}
    async with sitting(tmp_path, task, keep_labels=True) as here:
        await here.press("right", "1")
        assert label_rows(here, "Angela")[0].split() == ["TITLE─", "PER───"]
        y, x = here.find("Angela")
        assert here.style(y + 1, x) == here.app.colours.dim or here.style(y + 1, x).dim
        assert here.style(y + 1, x) != here.style(y + 1, x + 7)
        assert "TITLE 1" in here.bar
        await here.press("a")
        (line,) = here.written()
        assert line["spans"][0] == span
        assert line["_labels"] == list(LABELS)


# ── compact ────────────────────────────────────────────────────────────────


async def test_compact_leaves_the_label_rows_out(tmp_path: Path) -> None:
    async with sitting(tmp_path, PARAGRAPH) as here:
        rows = [line for line in here.lines()[4:-3] if line.strip()]
        await here.press("f11")
        assert "label rows hidden" in here.status
        await here.press("1")
        compact = here.lines()[4:-3]
        assert [line for line in compact if line.strip()] == rows
        assert "PER" not in "\n".join(compact)
        assert here.style_of("Word0").bgcolor is not None
        await here.press("f11")
        assert label_rows(here, "Word0")[0].strip().startswith("PER")


async def test_compact_is_not_offered_without_colour(tmp_path: Path) -> None:
    async with sitting(tmp_path, LONG, depth="mono", compact=True) as here:
        before = text_rows(here)
        assert before[0].strip()
        assert before[1].strip()
        await here.press("f11")
        assert text_rows(here) == before
        assert "without colour" in here.status


# ── scripts ────────────────────────────────────────────────────────────────

HARD = {
    "hebrew": "אנגלה מרקל נפגשה עם מנהלי סימנס בברלין ביום שני.",
    "arabic": "التقت ميركل مديري سيمنز في برلين يوم الاثنين.",
    "emoji": "👩‍👩‍👧‍👦 met 👍🏽 in 🇩🇪 on Monday ❤️ .",
    "chinese": "默克尔星期一在柏林会见了西门子的高管。",
    "thai": "แมร์เคิลพบผู้บริหารซีเมนส์ในเบอร์ลิน",
    "combining": "Zoe\u0308 a\u0301nd é\u0323 went to Ko\u0308ln.",
    "controls": "a \x1b[31mred\x1b[0m bell \x07 and \x9b and \u202eright\u202c end\ttab",
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("width", [60, 80])
async def test_hard_text_keeps_to_the_screen_and_to_its_offsets(
    tmp_path: Path, name: str, width: int
) -> None:
    text = HARD[name] + " " + HARD[name]
    onward = "left" if name in ("hebrew", "arabic") else "right"
    async with sitting(tmp_path, text, size=(width, 20)) as here:
        before = text_rows(here)
        steps = 0
        while True:
            strips = here.strips()
            assert all(strip.cell_length == cell_len(strip.text) == width for strip in strips)
            assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for s in strips for c in s.text)
            assert text_rows(here) == before
            offset = here.editor.caret.offset
            await here.press("1", onward)
            steps += 1
            if here.editor.caret.offset == offset:
                break
        assert text_rows(here) == before
        assert steps > 2
        await here.press("a")
        (line,) = here.written()
        assert line["text"] == text
        for span in line["spans"]:
            assert text[span["start"] : span["end"]].strip()


async def test_the_token_and_its_offsets_are_in_the_status_line(tmp_path: Path) -> None:
    async with sitting(tmp_path, HARD["hebrew"]) as here:
        await here.press("left")
        assert "מרקל"[::-1] in here.status.replace(MARK, "")
        assert "token 1  6–10" in here.status


async def test_text_is_never_markup(tmp_path: Path) -> None:
    task = {"text": "[bold]No[/bold] [red]markup", "meta": {"[b]k": "[/x]"}, "comment": "[i]c"}
    async with sitting(tmp_path, task, labels=("[red]X",), recipe="[bold]r") as here:
        here.find("[bold]No[/bold] [red]markup")
        here.find("[b]k: [/x]")
        await here.press("1")
        assert "[red]X" in here.bar
        await here.press(";")
        here.find("[red]X")
        await here.press("escape", "?")
        await here.press("end")
        here.find("[red]X")


async def test_hints_are_whole_or_not_there(tmp_path: Path) -> None:
    text = "ab cd ef gh ij kl mn op qr st uv wx a.b,c;d:e!f?g(h)i[j]k{l}m"
    async with sitting(tmp_path, text) as here:
        (y,) = (n for n, row in enumerate(here.lines()) if row == f"   {text}")
        await here.press("s")
        hints = dict(here.app.annotation.view.hints)  # type: ignore[attr-defined]
        row = here.lines()[y]
        assert max(map(len, hints)) == 2
        for hint, offset in hints.items():
            assert row[3 + offset :].startswith(hint)
        # Of letters without room between them, every second one has its hint.
        assert len([at for at in hints.values() if at >= text.index("a.b")]) > 8
