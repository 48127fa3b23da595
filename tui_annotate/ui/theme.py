"""Colours of labels and states, for every depth of colour a terminal has.

The text stands on the terminal's own background, so that a segment without a
label costs no colour codes. Label colours are after Okabe and Ito (2008) and
Paul Tol (2021), lightened or darkened until their contrast with the
background is at least 4.5:1.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import msgspec
from rich.style import Style

from tui_annotate.text.ordering import Order
from tui_annotate.ui.colours import background, foreground, nearest

Depth = Literal["true", "256", "16", "mono"]

_DARK = (
    ("#56b4e9", "#123a52"), ("#e69f00", "#4d3500"), ("#35c493", "#07402f"),
    ("#f0e442", "#454100"), ("#dd8fbd", "#4b2a3e"), ("#f5875a", "#54240f"),
    ("#a3aeff", "#2b3163"), ("#c0c0c0", "#3a3a3a"), ("#6fdbe8", "#0f4248"),
    ("#d9b98a", "#463317"),
)  # fmt: skip
_LIGHT = (
    ("#0b5c8a", "#c9e6f8"), ("#855400", "#fbe3b3"), ("#00664a", "#bfeedd"),
    ("#635a00", "#f7f2a8"), ("#8e3a6b", "#f4d3e5"), ("#a03c00", "#fbd5c2"),
    ("#3d48b8", "#d8dcff"), ("#4d4d4d", "#dcdcdc"), ("#00626b", "#c3f0f4"),
    ("#6b4a16", "#eedfc6"),
)  # fmt: skip
_ANSI = ("bright_cyan", "bright_yellow", "bright_green", "bright_magenta", "bright_blue",
         "bright_red", "cyan", "yellow", "green", "magenta")  # fmt: skip
_ANSI_LIGHT = ("blue", "red", "green", "magenta", "cyan", "yellow")


FOREIGN = -1
"""The colour slot of labels that are passed through without being on offer."""


class Look(msgspec.Struct, frozen=True):
    """How a stretch of text looks.

    Attributes:
        slot: The colour slot of its label, or None.
        suggested: Whether nobody has looked at it.
        cursor: Whether the cursor is on it.
        selected: Whether it is selected.
        strong: Whether it stands out among the spans under the cursor.
        hint: Whether it is a jump hint.
    """

    slot: int | None = None
    suggested: bool = False
    cursor: bool = False
    selected: bool = False
    strong: bool = False
    hint: bool = False


class Theme:
    """How things look on a terminal: the styles of one depth of colour, on a dark or light ground.

    Args:
        depth: The depth of colour.
        dark: Whether the background is dark.
        own: Colours that a recipe gives, by the slot of their label.
        order: Who orders letters that run from right to left.
    """

    def __init__(
        self,
        depth: Depth,
        *,
        dark: bool = True,
        own: Mapping[int, str] | None = None,
        order: Order = "letters",
    ) -> None:
        self.depth = depth
        self.dark = dark
        self.order = order
        self._own = dict(own or {})
        self.plain = Style()
        self.dim = Style(dim=True) if depth in ("mono", "16") else self._grey()
        self.strong = Style(bold=True)
        self.warning = Style(bold=True) if depth == "mono" else self._warning()
        self.text = lru_cache(maxsize=512)(self._text)
        self.label = lru_cache(maxsize=256)(self._label)

    def _grey(self) -> Style:
        # The same greys as #8a8a8a and #6c6c6c, in half the bytes.
        return Style(color="color(245)" if self.dark else "color(242)")

    def _warning(self) -> Style:
        if self.depth == "16":
            return Style(color="bright_yellow" if self.dark else "red", bold=True)
        return Style(color="#ffb000" if self.dark else "#a03c00", bold=True)

    def _text(self, look: Look) -> Style:
        style = Style()
        if look.hint:
            style = Style(bold=True, reverse=self.depth == "mono")
            if self.depth != "mono":
                style += Style(color="black", bgcolor="bright_yellow" if self.dark else "yellow")
            return style
        if look.slot is not None:
            style = self._labelled(look.slot)
        if look.strong:
            style += Style(bold=True, underline=True)
        if look.selected:
            style += Style(underline=True, bold=True)
        if look.cursor:
            style += Style(reverse=True)
        return style

    def _labelled(self, slot: int) -> Style:
        if slot == FOREIGN:
            return self.dim
        if self.depth == "mono":
            return Style(bold=True)
        if self.depth == "16":
            return Style(color=self._named(slot))
        _, back = self._pair(slot)
        if self.depth == "256":
            # The terminal's own colour of text stands out too, and costs no codes.
            return Style(bgcolor=back)
        return Style(color="#f4f4f4" if self.dark else "#141414", bgcolor=back)

    def ground(self, slot: int) -> Style:
        """The background of what a label covers, where the terminal has colours enough."""
        if self.depth in ("16", "mono"):
            return Style()
        if slot == FOREIGN:
            return Style(bgcolor="color(236)" if self.dark else "color(254)")
        return Style(bgcolor=self._pair(slot)[1])

    def _label(self, slot: int, strong: bool = False) -> Style:
        if slot == FOREIGN:
            return self.dim
        if self.depth == "mono":
            return Style(bold=strong)
        if self.depth == "16":
            return Style(color=self._named(slot), bold=strong or None)
        fore, _ = self._pair(slot)
        return Style(color=fore, bold=strong or None)

    def _pair(self, slot: int) -> tuple[str, str]:
        """The colour of a label's name, and of the ground of what it covers."""
        own = self._own.get(slot)
        if own is None:
            return (_DARK if self.dark else _LIGHT)[slot % len(_DARK)]
        return foreground(own, dark=self.dark), background(own, dark=self.dark)

    def _named(self, slot: int) -> str:
        """The colour of a label where there are sixteen."""
        names = _ANSI if self.dark else _ANSI_LIGHT
        own = self._own.get(slot)
        return names[slot % len(names)] if own is None else nearest(own, names)


def depth_of(color_system: str | None) -> Depth:
    """The depth of a Rich colour system's name."""
    match color_system:
        case "truecolor":
            return "true"
        case "256":
            return "256"
        case "standard" | "windows":
            return "16"
    return "mono"
