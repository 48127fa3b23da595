"""HTML and Markdown as plain text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.plain import has_markup, plain_text


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("a<br>b", "a\nb"),
        ("<b>bold</b> and <em>more</em>", "bold and more"),
        ('<a href="http://x.example/">there</a>', "there"),
        ('<p><img src="x.png" alt="a cat"> sits</p>', "a cat sits"),
        ("<script>alert(1)</script><p>text</p>", "text"),
        ("<style>p {color: red}</style>text", "text"),
        ("a <b>b</b> <!-- never --> c", "a b  c"),
        ("<pre>  x = 1\n  y = 2</pre>", "  x = 1\n  y = 2"),
        (
            "# Title\n\nText with **bold**, *more* and `code`.",
            "Title\n\nText with bold, more and code.",
        ),
        ("[a link](http://x.example/y) here", "a link here"),
        ("- [ ] open\n- [x] done", "☐ open\n☒ done"),
        ("# T\n\n* one\n* two", "T\n\n• one\n• two"),
        ("# T\r\n\r\ntext", "T\n\ntext"),
        ("```python\nx = '<b>'\n# no title\n```\nafter", "x = '<b>'\n# no title\nafter"),
        ("**Q**\n> said", "Q\n│ said"),
    ],
)
def test_markup_is_read(came: str, shown: str) -> None:
    assert has_markup(came)
    assert plain_text(came) == shown


@pytest.mark.parametrize(
    "text",
    [
        "List<String> names",
        "if a < b and c > d: pass",
        "2 * 3 * 4 is 24",
        "snake_case_name stays",
        "plain text\n\n- with a dash",
        "a & b &amp; c",
        "",
    ],
)
def test_what_is_no_markup_is_left_as_it_is(text: str) -> None:
    assert not has_markup(text)
    assert plain_text(text) == text


def test_unknown_tags_among_known_ones_are_text() -> None:
    assert plain_text("<p>a List<String> of <x-y>z</x-y></p>") == "a List<String> of <x-y>z</x-y>"


@pytest.mark.parametrize("tag", ["script", "style", "svg"])
def test_talk_of_a_tag_that_hides_loses_no_text(tag: str) -> None:
    assert "and this stays" in plain_text(f"<p>Use the <{tag}> tag, and this stays.</p>")


@given(st.text(alphabet="ab \n<>/*_`#[]()!&;-=pscript|~", max_size=200))
def test_anything_can_be_read_and_words_outside_tags_stay(text: str) -> None:
    shown = plain_text(text)
    assert isinstance(shown, str)
    assert plain_text(f"{text}\n\nzzz").count("zzz") == 1


HOSTILE = (
    *("[a](", "![a", "![", "[", "(", "<!--", "<a ", "<b>", "</b", "`", "``` \n", "~~~\n", "# a #"),
    *(" #", "> ", "- ", "* ", "**a", "__a", "*a", "_a", "<https://", "&", "<script>", "<pre>", "<"),
    *("<!", "<?", "<p x='", '<a "', "<p =", "[a](b(", "**a **b", "<td>", "- - x", "'", '"'),
)


@pytest.mark.parametrize("begins", ["", "<b>x</b> ", "[a](b) ", "# ", '<a "'])
def test_what_repeats_without_an_end_is_read_in_one_go(begins: str) -> None:
    """Each takes milliseconds; read again from every place, it would take minutes or ages."""
    for piece in HOSTILE:
        assert "x" in plain_text(begins + piece * (50_000 // len(piece)) + "x")


@pytest.mark.shared_data
def test_real_issues_and_questions_keep_their_words(shared_data: Path) -> None:
    folder = shared_data / "prodigy-projects"
    for path in [
        *folder.glob("textcat_docs_issues/*.jsonl"),
        *folder.glob("textcat_multi*/*.jsonl"),
    ]:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            text = json.loads(line)["text"]
            shown = plain_text(text)
            assert "<p>" not in shown or "`" in text, text
            assert len(shown) >= 0.2 * len(text) or "](" in text or "<" in text, text
