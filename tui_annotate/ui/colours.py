"""Colours that a recipe gives to labels, made readable on a dark or a light background."""

from __future__ import annotations

from collections.abc import Iterable

_READABLE = 4.5
"""The contrast that text has with its background at least (WCAG 2.2, 1.4.3)."""

_GROUNDS = {True: "#202020", False: "#f5f5f5"}
_TEXTS = {True: "#f4f4f4", False: "#141414"}
"""The backgrounds of dark and light terminals, and the text that stands on a label's own."""

_SHARE = 0.35
"""How much of its colour the ground of a label has, on black or on white."""

_RGB = {
    "red": "#cd0000", "green": "#00a000", "yellow": "#a08000", "blue": "#0000ee",
    "magenta": "#cd00cd", "cyan": "#00a0a0", "bright_red": "#ff5555", "bright_green": "#55ff55",
    "bright_yellow": "#ffff55", "bright_blue": "#6f6fff", "bright_magenta": "#ff55ff",
    "bright_cyan": "#55ffff",
}  # fmt: skip
"""About what terminals show for the colours that have names."""

_Channels = tuple[float, float, float]


def foreground(colour: str, *, dark: bool) -> str:
    """A colour as near as can be read on the terminal's background."""
    return _until_readable(colour, _GROUNDS[dark], lighter=dark)


def background(colour: str, *, dark: bool) -> str:
    """A ground of a colour on which text can be read."""
    pale = _mixed(_channels(colour), _channels("#000000" if dark else "#ffffff"), 1 - _SHARE)
    return _until_readable(_spelled(pale), _TEXTS[dark], lighter=not dark)


def nearest(colour: str, names: Iterable[str]) -> str:
    """The nearest of the colours that have names."""
    own = _channels(colour)
    return min(
        names,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(own, _channels(_RGB[name]), strict=True)),
    )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    light, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (low + 0.05)


def _until_readable(colour: str, beside: str, *, lighter: bool) -> str:
    own, towards = _channels(colour), _channels("#ffffff" if lighter else "#000000")
    mixed = (_spelled(_mixed(own, towards, step / 20)) for step in range(21))
    return next((one for one in mixed if contrast(one, beside) >= _READABLE), _spelled(towards))


def _mixed(one: _Channels, other: _Channels, share: float) -> _Channels:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _channels(colour: str) -> _Channels:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _spelled(channels: _Channels) -> str:
    return "#" + "".join(f"{round(one * 255):02x}" for one in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
