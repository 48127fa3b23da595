"""HTML and Markdown as plain text, for reading; nothing in them is followed or run."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_BLOCKS = _names(
    "address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody "
    "td tfoot th thead title tr ul"
)
_PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 ul ol dl pre table blockquote hr")
_INLINE = _names(
    "a abbr b bdi bdo big br center cite code del dfn em font i img input ins kbd label mark q s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_SILENT = _names("head iframe noscript object script style svg template")
_KNOWN = _BLOCKS | _INLINE | _SILENT
_LONGEST = 500_000
"""A longer text is shown as it came: reading it would keep the annotator waiting."""

_VOID = frozenset({"br", "hr", "img", "input", "wbr"})

_TAG = re.compile(rf"</?({'|'.join(sorted(_KNOWN, key=len, reverse=True))})(\s[^<>]*)?/?>", re.I)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)[^`\n]*\n(.*?)(?:^ {0,3}\1[ \t]*$|\Z)", re.M | re.S)
_MARKDOWN = re.compile(
    r"^#{1,6}[ \t]+\S|^ {0,3}(?:```|~~~)|\[[^\]\n]+\]\([^)\s]+[^)\n]*\)|\*\*\S[^*\n]*\*\*"
    r"|__\S[^_\n]*__|^[ \t]*[-*+][ \t]+\[[ xX]\]|`[^`\n]+`",
    re.M,
)


def has_markup(text: str) -> bool:
    """Whether a text looks as if it came in HTML or Markdown."""
    return _TAG.search(text) is not None or _MARKDOWN.search(text) is not None


def plain_text(text: str) -> str:
    """A text without its HTML tags and Markdown signs, in paragraphs as they were meant.

    Only known tags are tags: of ``List<String>`` nothing is lost. Code in
    fences stays as it is, and a text without markup is returned unchanged.
    """
    if len(text) > _LONGEST or not has_markup(text):
        return text
    text = text.replace("\r\n", "\n")
    parts: list[str] = []
    at = 0
    for fence in _FENCE.finditer(text):
        parts += [_prose(text[at : fence.start()]), fence.group(2)]
        at = fence.end()
    parts.append(_prose(text[at:]))
    joined = "\n".join(part.strip("\n") for part in parts if part.strip())
    return joined or text


def _prose(text: str) -> str:
    if _TAG.search(text) is not None:
        reader = _Reader()
        reader.feed(text)
        reader.close()
        # A tag that hides what it holds and is never closed is no tag but talk of one.
        text = text if reader.hiding else reader.text()
    elif "&" in text:
        text = unescape(text)
    for pattern, replacement in _SIGNS:
        text = pattern.sub(replacement, text)
    return re.sub(r"\n{3,}", "\n\n", text)


_SIGNS = (
    (re.compile(r"<!--.{0,4000}?-->", re.S), ""),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.M), r"\1"),
    (re.compile(r"^(?:[ \t]*>)+[ \t]?", re.M), "│ "),
    (re.compile(r"^([ \t]*)[-*+][ \t]+\[ \][ \t]+", re.M), r"\1☐ "),
    (re.compile(r"^([ \t]*)[-*+][ \t]+\[[xX] ?\][ \t]+", re.M), r"\1☒ "),
    (re.compile(r"^ {0,3}(?:[-*_][ \t]*){3,}$", re.M), ""),
    (re.compile(r"^([ \t]*)[-*+][ \t]+", re.M), r"\1• "),
    (re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\([^)\s]+[^)\n]*\)"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]{1,400}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,400}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,400}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"(`+)([^`\n]{1,400})\1"), r"\2"),
)


class _Reader(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._began = False
        self._silent = 0
        self._preformatted = 0

    @property
    def hiding(self) -> bool:
        """Whether something that is not shown goes on at this place."""
        return self._silent > 0

    def text(self) -> str:
        """What was collected."""
        return "".join(self._parts).strip("\n")

    def _line(self, blank: bool = False) -> None:
        if not self._began:
            return
        tail = "".join(self._parts[-3:])
        if not tail.endswith("\n"):
            self._parts.append("\n")
        if blank and not tail.endswith("\n\n"):
            self._parts.append("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _KNOWN:
            self._say(self.get_starttag_text() or "")
            return
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._say("\n")
        elif tag == "img":
            self._say(dict(attrs).get("alt") or "")
        elif tag in _BLOCKS:
            self._line(tag in _PARAGRAPHS)
            if tag == "li":
                self._say("• ")
            self._preformatted += tag == "pre"
        if tag in ("td", "th"):
            self._say("  ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _SILENT:
            self._silent -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _KNOWN:
            self._say(f"</{tag}>")
        elif tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _BLOCKS and tag not in _VOID:
            if tag not in ("td", "th"):
                self._line(tag in _PARAGRAPHS)
            if tag == "pre":
                self._preformatted = max(self._preformatted - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._preformatted:
            # Tags say where lines end, but a text that is half Markdown has line feeds of its own.
            data = re.sub(r"[ \t]+", " ", data)
            if not data.strip() and self._ends_line():
                return
        self._say(data)

    def _ends_line(self) -> bool:
        return not self._parts or self._parts[-1].endswith("\n")

    def _say(self, text: str) -> None:
        if text and not self._silent:
            self._parts.append(text)
            self._began = self._began or not text.isspace()
