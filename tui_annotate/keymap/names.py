"""How keys are written on the screen."""

from __future__ import annotations

NAMES = {
    "left": "←", "right": "→", "up": "↑", "down": "↓",
    "shift+left": "shift+←", "shift+right": "shift+→",
    "ctrl+left": "ctrl+←", "ctrl+right": "ctrl+→",
    "pageup": "page up", "pagedown": "page down", "escape": "esc",
    **{f"f{n}": f"F{n}" for n in range(1, 13)},
}  # fmt: skip


def key_name(key: str) -> str:
    """How a key is written on screen."""
    return NAMES.get(key, key)
