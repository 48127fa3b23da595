"""HTML and Markdown as plain text, for reading; nothing in them is followed or run."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape


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

_TAG = re.compile(
    rf"<(?P<slash>/)?(?P<name>{'|'.join(sorted(_KNOWN, key=len, reverse=True))})"
    r"(?P<attributes>\s(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)?(?P<closed>/)?>",
    re.I,
)
_PIECES = re.compile(
    rf"{_TAG.pattern}|<!--(?:(?!<!--|-->).)*+-->|<![^<>]*+>|<\?[^<>]*+>", re.I | re.S
)
_ALT = re.compile(r"""\balt\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)[^`\n]*\n(.*?)(?:^ {0,3}\1[ \t]*$|\Z)", re.M | re.S)
_TARGET = r"\((?:[^()\n]|\([^()\n]*+\))*+\)"
"""Where a link leads, in parentheses, which may hold a pair more."""

_MARKDOWN = re.compile(
    rf"^#{{1,6}}[ \t]+\S|^ {{0,3}}(?:```|~~~)|\[[^\[\]\n]++\]{_TARGET}|\*\*\S[^*\n]*\*\*"
    r"|__\S[^_\n]*__|^[ \t]*[-*+][ \t]+\[[ xX]\]|`[^`\n]++`",
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
        # A tag that hides what it holds and is never closed is no tag but talk of one.
        found = _Reader().read(text)
        text = text if found is None else found
    elif "&" in text:
        text = unescape(text)
    for pattern, replacement in _SIGNS:
        text = pattern.sub(replacement, text)
    return re.sub(r"\n{3,}", "\n\n", text)


def _heading(line: re.Match[str]) -> str:
    """The words of a heading, without the signs that may close it."""
    words = line[1].rstrip(" \t")
    bare = words.rstrip("#")
    return bare.rstrip(" \t") if bare.endswith((" ", "\t")) or not bare else words


# Whatever stands in a text, each of these reads it once: nothing that may repeat is looked for
# again from within itself.
_SIGNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"<!--(?:(?!<!--|-->).)*+-->", re.S), ""),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$", re.M), _heading),
    (re.compile(r"^(?:[ \t]*>)+[ \t]?", re.M), "│ "),
    (re.compile(r"^([ \t]*)[-*+][ \t]+\[ \][ \t]+", re.M), r"\1☐ "),
    (re.compile(r"^([ \t]*)[-*+][ \t]+\[[xX] ?\][ \t]+", re.M), r"\1☒ "),
    (re.compile(r"^ {0,3}(?:[-*_][ \t]*+){3,}+$", re.M), ""),
    (re.compile(r"^([ \t]*)[-*+][ \t]+", re.M), r"\1• "),
    (re.compile(rf"!\[([^\[\]\n]*+)\]{_TARGET}"), r"\1"),
    (re.compile(rf"\[([^\[\]\n]++)\]{_TARGET}"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]++)>"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]{1,200}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,400}+)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,400}+)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"(?<!`)(`++)([^`\n]{1,400}+)\1"), r"\2"),
)


class _Reader:
    """Collects what a reader of the page would see. Each character is looked at once."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._began = False
        self._hidden_by: list[str] = []
        self._preformatted = 0

    def read(self, text: str) -> str | None:
        """The text without its tags; None where one hides all that follows, as no page has it.

        Args:
            text: HTML, or text with some tags in it.
        """
        at = 0
        for piece in _PIECES.finditer(text):
            self._take_text(text[at : piece.start()])
            at = piece.end()
            name = (piece["name"] or "").lower()
            if not name:
                continue
            if piece["slash"]:
                self._end(name)
            else:
                self._start(
                    name,
                    piece["attributes"] or "",
                    closed=bool(piece["closed"]) or (piece["attributes"] or "").endswith("/"),
                )
        self._take_text(text[at:])
        return None if self._hidden_by else "".join(self._parts).strip("\n")

    def _line(self, blank: bool = False) -> None:
        if not self._began:
            return
        tail = "".join(self._parts[-3:])
        if not tail.endswith("\n"):
            self._parts.append("\n")
        if blank and not tail.endswith("\n\n"):
            self._parts.append("\n")

    def _start(self, tag: str, attributes: str, *, closed: bool) -> None:
        if tag in _SILENT:
            # Within a script whatever looks like a tag is text of it.
            if not closed and self._hidden_by[-1:] not in (["script"], ["style"]):
                self._hidden_by.append(tag)
        elif tag == "br":
            self._say("\n")
        elif tag == "img":
            alt = _ALT.search(attributes)
            self._say(unescape(alt[1].strip("\"'")) if alt else "")
        elif tag in _BLOCKS:
            self._line(tag in _PARAGRAPHS)
            if tag == "li":
                self._say("• ")
            self._preformatted += tag == "pre"
        if tag in ("td", "th"):
            self._say("  ")

    def _end(self, tag: str) -> None:
        if tag in _SILENT:
            if tag in self._hidden_by:
                del self._hidden_by[self._hidden_by.index(tag) :]
        elif tag in _BLOCKS and tag not in _VOID:
            if tag not in ("td", "th"):
                self._line(tag in _PARAGRAPHS)
            if tag == "pre":
                self._preformatted = max(self._preformatted - 1, 0)

    def _take_text(self, text: str) -> None:
        text = unescape(text)
        if not self._preformatted:
            # Tags say where lines end, but a text that is half Markdown has line feeds of its own.
            text = re.sub(r"[ \t]+", " ", text)
            if not text.strip() and self._ends_line():
                return
        self._say(text)

    def _ends_line(self) -> bool:
        return not self._parts or self._parts[-1].endswith("\n")

    def _say(self, text: str) -> None:
        if text and not self._hidden_by:
            self._parts.append(text)
            self._began = self._began or not text.isspace()
