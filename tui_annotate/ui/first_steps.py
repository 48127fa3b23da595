"""What to press, said until the first decision of a first session."""

from __future__ import annotations

from collections.abc import Mapping

from tui_annotate.keymap.keymap import Keymap, key_name, takes_label
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import visible_width
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Piece

_LABEL = "label"
_TEXT = (("next_span", "next"), (_LABEL, "label"), ("accept", "accept"), ("help", "help"))
_STEPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "tagging": (("next_span", "next"), (_LABEL, "tag"), ("accept", "accept"), ("help", "help")),
    "punctuation": (("next_span", "next"), (_LABEL, "put"), ("accept", "accept"), ("help", "help")),
    "linking": (("next_span", "next"), (_LABEL, "link"), ("accept", "accept"), ("help", "help")),
    "choice": ((_LABEL, "choose"), ("accept", "accept"), ("toggle", "skip"), ("help", "help")),
    "audio_choice": (("play_pause", "play"), (_LABEL, "choose"), ("accept", "accept"),
                     ("help", "help")),
    "regions": (("play_pause", "play"), *_TEXT),
}  # fmt: skip
_CLAIMS = ("help", "play_pause", "accept", "next_span", "toggle", _LABEL)
"""Which of them have room before others: the keys of labels stand beside the labels too."""


def are_due(engine: Engine) -> bool:
    """Whether a task is open, and nothing is decided yet."""
    return engine.current is not None and not engine.pace.tally.all


def first_steps(
    engine: Engine, keymap: Keymap, theme: Theme, room: int, without: str = ""
) -> list[Piece]:
    """The keys to begin with, as many as there is room for; none once a decision is made.

    Args:
        engine: The session.
        keymap: The keys.
        theme: The colours.
        room: The columns there are.
        without: An action that means nothing here.
    """
    if not are_due(engine):
        return []
    texts: dict[str, str] = {}
    for action, does in _STEPS.get(keymap.view, _TEXT):
        keys = _label_keys(keymap) if action == _LABEL else keymap.shown(action)
        if keys and action != without:
            texts[action] = f"{keys} {does}  "
    kept: set[str] = set()
    for action in sorted(texts, key=_CLAIMS.index):
        if visible_width(texts[action]) <= room:
            room -= visible_width(texts[action])
            kept.add(action)
    return [(text, theme.dim) for action, text in texts.items() if action in kept]


def _label_keys(keymap: Keymap) -> str:
    """The keys of labels, or those that choose from a list."""
    if keymap.ranking or keymap.view == "linking":
        keys = [key for entry in keymap.table if takes_label(entry.id)
                for key in keymap.keys(entry.id)[:1]]  # fmt: skip
    else:
        keys = [key for label in keymap.labels if (key := keymap.label_key(label)) is not None]
    if len(keys) > 2 and all(key.isdigit() for key in keys):
        return f"{keys[0]}–{keys[-1]}"
    return " ".join(map(key_name, keys[:3])) + ("…" if len(keys) > 3 else "")
