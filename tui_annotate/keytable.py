"""The table of keys: every action, its keys, and what it does.

Keys are written as a user reads them: a printable key is the character
itself, the others have names (``ctrl+x``, ``shift+left``, ``f1``). The
footer, the help, ``tui-annotate keys`` and the README come from this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Action:
    """Something a key does.

    Attributes:
        id: Its name in the user's config and in the command palette.
        keys: The keys that do it, the one to show first.
        does: What it does, as the help shows it.
        group: The part of the interface it belongs to.
        decides: Whether it ends a task, so that it must not act on a task unseen.
    """

    id: str
    keys: tuple[str, ...]
    does: str
    group: str
    decides: bool = False


def _actions(group: str, rows: Iterable[tuple[str, str, str]]) -> list[Action]:
    deciding = {"accept", "reject", "ignore"}
    return [
        Action(name, tuple(keys.split()), does, group, name in deciding)
        for name, keys, does in rows
    ]


_TEN = range(1, 11)

TABLE: tuple[Action, ...] = (
    *_actions(
        "everywhere",
        [
            ("accept", "a enter", "accept as shown, next"),
            ("reject", "x ctrl+x", "reject, next"),
            ("ignore", "space ctrl+k", "skip, next"),
            ("back", "backspace ctrl+o", "reopen the task decided before this one"),
            ("previous", "[ f9", "look at the task before, without deciding"),
            ("next", "] f10", "look at the next task, without deciding"),
            ("next_undecided", "ctrl+n", "go to the next undecided task"),
            ("undo", "u ctrl+u", "take the last edit back"),
            ("redo", "ctrl+r", "do it again"),
            ("flag", "f ctrl+f", "flag the task, or take the flag off"),
            ("comment", "c f4", "write a comment on the task"),
            ("guidelines", "i f2", "read the guidelines"),
            ("help", "? f1", "all keys"),
            ("label_by_name", "; ctrl+t", "find a label by name, or add one"),
            ("goto", "g ctrl+g", "go to a task by number, text or hash"),
            ("waive", "ctrl+l", "decide without waiting for suggestions"),
            ("compact", "f11", "leave the label rows out, or show them"),
            ("dark", "f12", "dark or light"),
            ("palette", "ctrl+p", "every action by name"),
            ("quit", "q ctrl+q", "save and leave"),
        ],
    ),
    *_actions(
        "text",
        [
            ("left", "left", "the token before"),
            ("right", "right", "the next token"),
            ("up", "up", "the line above"),
            ("down", "down", "the line below"),
            ("left_sentence", "ctrl+left", "the sentence before"),
            ("right_sentence", "ctrl+right", "the next sentence"),
            ("line_start", "home", "the start of the line"),
            ("line_end", "end", "the end of the line"),
            ("first", "ctrl+home", "the first token"),
            ("last", "ctrl+end", "the last token"),
            ("page_up", "pageup", "a page up"),
            ("page_down", "pagedown", "a page down"),
            ("extend_left", "shift+left", "move the selection's end left"),
            ("extend_right", "shift+right", "move the selection's end right"),
            ("select", "v f8", "start a selection, then move; again to drop it"),
            ("jump", "s ' f5", "type a hint to go to its token"),
            ("search", "/ f7", "find text in the task"),
            ("search_next", "n ctrl+d", "the next find"),
            ("search_previous", "N", "the find before"),
            ("characters", "%", "move by character, or by token again"),
            ("escape", "escape", "drop the selection, close what is open"),
        ],
    ),
    *_actions(
        "spans",
        [
            *((f"label_{n}", str(n % 10), f"label {n}; again takes it off") for n in range(1, 11)),
            ("next_span", "tab", "the next suggestion, span or candidate; a label then leads on"),
            ("previous_span", "shift+tab", "the one before"),
            ("delete", "d delete", "take the span under the cursor off"),
            ("grow", "+ =", "the right end of the span or selection, a token on"),
            ("shrink", "- f3", "its right end, a token back"),
            ("grow_left", "<", "its left end, a token back"),
            ("shrink_left", ">", "its left end, a token on"),
            ("repeat", ". ctrl+y", "the last label again, here"),
            (
                "label_all",
                "* f6",
                "label every identical occurrence of this, or of what was just labelled",
            ),
            ("cycle", "w ctrl+e", "the next of the spans under the cursor"),
            ("sources", "!", "suggestion sources, to switch off or on"),
        ],
    ),
    *_actions(
        "keyphrases",
        [
            ("rank_up", "{ shift+up", "the phrase under the cursor, a rank higher"),
            ("rank_down", "} shift+down", "a rank lower"),
            ("next_phrase", "p ctrl+down", "the next phrase of the list"),
            ("previous_phrase", "P ctrl+up", "the one before"),
            ("drop_phrase", "D ctrl+w", "take the phrase off wherever it stands"),
            ("label_all", "* f6", "label every occurrence of the phrase, in all its forms"),
        ],
    ),
    *_actions(
        "tags",
        [
            *((f"pick_{n}", str(n), f"the model's choice {n}, next") for n in range(1, 10)),
            ("next_span", "tab", "the next tag the model was unsure of, or that is missing"),
            ("previous_span", "shift+tab", "the one before"),
            ("join", "+ =", "the next tag is added to the one there: ADP+DET"),
            ("delete", "delete f3", "take the tag off"),
            ("repeat", ". ctrl+y", "the last tag again, here"),
            ("label_all", "* f6", "this tag for the same word everywhere"),
            ("sources", "!", "suggestion sources, to switch off or on"),
        ],
    ),
    *_actions(
        "choice",
        [
            *((f"label_{n}", str(n % 10), f"option {n}; in a single choice, next") for n in _TEN),
            ("next_option", "tab down right", "the next option"),
            ("previous_option", "shift+tab up left", "the option before"),
            ("toggle", "space", "choose the option or not; where one decides, skip"),
            ("delete", "d delete", "choose nothing"),
            ("page_down", "pagedown", "a page of the text on"),
            ("page_up", "pageup", "a page back"),
            ("line_down", "shift+down ctrl+down", "a line of the text on"),
            ("line_up", "shift+up ctrl+up", "a line back"),
            ("first", "home ctrl+home", "the start of the text"),
            ("last", "end ctrl+end", "the end of the text"),
            ("markup", "v f8", "HTML and Markdown as plain text, or as they came"),
            ("sources", "!", "suggestion sources, to switch off or on"),
        ],
    ),
    *_actions(
        "blocks",
        [("block_before", "b ctrl+w", "the block before, of the same task")],
    ),
    *_actions(
        "links",
        [
            *(
                (f"link_{n}", str(n), f"candidate {n}, next; with a selection label {n}")
                for n in range(1, 10)
            ),
            ("nil", "0", "none of the candidates: why; again, it is absent"),
            ("knowledge", "/", "search the knowledge base"),
            ("next_span", "tab", "the next mention"),
            ("previous_span", "shift+tab", "the one before"),
            ("label_all", "* f6", "the same link for all identical mentions"),
        ],
    ),
    *_actions(
        "punct",
        [
            *((f"label_{n}", str(n % 10), f"mark or class {n}; again takes it off") for n in _TEN),
            ("capital", "^ shift+up", "a capital for the word, or none"),
            ("next_span", "tab", "the next suggestion, else the next mark"),
            ("previous_span", "shift+tab", "the mark before"),
            ("delete", "d delete", "take the mark off, or those of the selection"),
            ("add_mark", "+ ctrl+v", "the next mark is added to the one there"),
            ("move_left", "< f3", "move the mark to the word before"),
            ("move_right", "> f6", "move the mark to the next word"),
            ("repeat", ". ctrl+y", "the last mark again, here"),
            ("sources", "! ctrl+e", "suggestion sources, to switch off or on"),
        ],
    ),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in reversed(TABLE)}
"""The actions by id; one that stands in several groups does the like in each."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "spans": ("everywhere", "text", "spans"),
    "keyphrases": ("everywhere", "text", "spans", "keyphrases"),
    "tags": ("everywhere", "text", "tags"),
    "choice": ("everywhere", "choice"),
    "links": ("everywhere", "text", "spans", "links"),
    "punct": ("everywhere", "text", "punct"),
    "blocks": ("everywhere", "blocks"),
}
"""The groups of actions that each view has; what a later one needs, an earlier one leaves."""

RANKING = frozenset({"choice"})
"""The views in which the digits choose from a list ranked for the task, where labels are many."""

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


def action(name: str) -> Action:
    """The action of an id.

    Raises:
        KeyError: There is none.
    """
    return BY_ID[name]


def is_label(name: str) -> bool:
    """Whether an action is one of ``label_1`` to ``label_10``."""
    return name.startswith("label_") and name[6:].isdigit()


def takes_label(name: str) -> bool:
    """Whether an action labels with the label of its number, if only at times."""
    return is_label(name) or (name.startswith("link_") and name[5:].isdigit())


def table(view: str | None = None, more: Sequence[str] = ()) -> tuple[Action, ...]:
    """The actions of a view, or all of them.

    Args:
        view: The view; None for all actions.
        more: Groups that it has here beside its own.
    """
    if view is None:
        return TABLE
    groups = (*GROUPS.get(view, ("everywhere",)), *more)
    entries = [entry for entry in TABLE if entry.group in groups]
    taken: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: groups.index(entry.group)):
        taken.update(dict.fromkeys(entry.keys, entry.group))
    kept = (
        replace(entry, keys=tuple(key for key in entry.keys if taken[key] == entry.group))
        for entry in entries
    )
    return tuple(entry for entry in kept if entry.keys)
