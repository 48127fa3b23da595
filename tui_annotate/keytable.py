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
    """

    id: str
    keys: tuple[str, ...]
    does: str
    group: str


def _actions(group: str, rows: Iterable[tuple[str, str, str]]) -> list[Action]:
    return [Action(name, tuple(keys.split()), does, group) for name, keys, does in rows]


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
            ("jump", "s ' f5", "type a hint to go to its token, in capitals to select up to it"),
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
            ("toggle", "space ctrl+y", "choose the option or not; where one decides, skip"),
            ("delete", "d delete", "choose nothing"),
            ("sources", "!", "suggestion sources, to switch off or on"),
        ],
    ),
    *_actions(
        "reading",
        [
            ("page_down", "pagedown", "a page of the text on"),
            ("page_up", "pageup", "a page back"),
            ("line_down", "shift+down ctrl+down", "a line of the text on"),
            ("line_up", "shift+up ctrl+up", "a line back"),
            ("first", "home ctrl+home", "the start of the text"),
            ("last", "end ctrl+end", "the end of the text"),
            ("search", "/ f7", "find text in the task"),
            ("search_next", "n ctrl+d", "the next find"),
            ("search_previous", "N", "the find before"),
            ("markup", "v f8", "HTML and Markdown as plain text, or as they came"),
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
            ("unlink", "D ctrl+w", "take the link off, and keep the mention"),
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
    *_actions(
        "timeline",
        [
            ("play_pause", "space", "play, or pause"),
            ("play_region", "r ctrl+y", "play the region under the cursor, or the selection"),
            ("play_edges", "R", "play its two edges"),
            ("loop", "o", "again and again, or once"),
            ("slower", "-", "play slower, at the same pitch"),
            ("faster", "= +", "play faster"),
            ("back_step", "b ctrl+w", "a step back, to hear it again"),
            ("left", "left", "a column of the screen back"),
            ("right", "right", "a column on"),
            ("left_second", "shift+left", "a second back"),
            ("right_second", "shift+right", "a second on"),
            ("left_edge", "ctrl+left", "the edge of speech or of a region before"),
            ("right_edge", "ctrl+right", "the next edge"),
            ("lane_up", "up", "the lane above; above the first one, all of them"),
            ("lane_down", "down", "the lane below"),
            ("page_up", "pageup", "a window back"),
            ("page_down", "pagedown", "a window on"),
            ("first", "home ctrl+home", "the start of the sound"),
            ("last", "end ctrl+end", "its end"),
            ("cycle", "w ctrl+e", "the next of the regions under the cursor"),
            ("mark_in", ",", "a region begins here"),
            ("mark_out", ".", "it ends here; a label's key does so and labels it"),
            ("extend", "e", "a region from the last one's end to here"),
            ("start_earlier", "h", "the start of the region or selection, 10 ms earlier"),
            ("start_later", "j", "10 ms later"),
            ("end_earlier", "k", "its end, 10 ms earlier"),
            ("end_later", "l", "10 ms later"),
            ("split", "s", "cut the region in two here"),
            ("merge_next", "m", "one region of this and the next one of its label"),
            ("merge_previous", "M", "one region of this and the one before"),
            ("delete", "d delete", "take the region off, or drop the selection"),
            *((f"label_{n}", str(n % 10), f"label or speaker {n}") for n in _TEN),
            ("next_span", "tab", "the next region or suggestion; a label then leads on"),
            ("previous_span", "shift+tab", "the one before"),
            ("next_uncovered", "n ctrl+d", "the next speech that no region covers"),
            ("zoom_in", "z", "see less of the sound, and closer"),
            ("zoom_out", "Z", "see more of it"),
            ("fit", "f3 F", "see all of it, or the region"),
            ("view", "v f8", "waveform, spectrogram, or both"),
            ("snap", "' / f5", "both edges to the nearest edge of speech or of a neighbour"),
            ("snap_zero", "` % f6", "both edges to where the sound crosses zero"),
            ("transcript", "t f7", "type what is said in the region"),
            ("whole_transcript", "T", "type what is said in the whole sound"),
            ("auto_play", "A", "play a region on arriving at it, or not"),
            ("volume", "V", "louder or softer"),
            ("rename", "E", "give a label or speaker another name"),
            ("sources", "!", "suggestion sources, to switch off or on"),
            ("escape", "escape", "drop the mark and the selection, stop"),
        ],
    ),
    *_actions(
        "listening",
        [
            ("play_pause", "space", "play, or pause"),
            ("play_region", "r", "play it from the start"),
            ("loop", "o", "again and again, or once"),
            ("slower", "-", "play slower, at the same pitch"),
            ("faster", "= +", "play faster"),
            ("back_step", "b ctrl+w", "a step back, to hear it again"),
            ("left", "left", "a column of the screen back"),
            ("right", "right", "a column on"),
            ("left_second", "shift+left", "a second back"),
            ("right_second", "shift+right", "a second on"),
            ("page_up", "pageup", "a window back"),
            ("page_down", "pagedown", "a window on"),
            ("first", "home ctrl+home", "the start of the sound"),
            ("last", "end ctrl+end", "its end"),
            ("zoom_in", "z", "see less of the sound, and closer"),
            ("zoom_out", "Z", "see more of it"),
            ("fit", "f3 F", "see all of it"),
            ("view", "v f8", "waveform, spectrogram, or both"),
            ("auto_play", "A", "play a sound on arriving at it, or not"),
            ("volume", "V", "louder or softer"),
            ("escape", "escape", "stop"),
        ],
    ),
    *_actions(
        "transcript",
        [
            ("field_play", "tab", "play, or pause"),
            ("field_replay", "shift+tab", "play the region again"),
            ("field_complete", "f2", "complete the word"),
            ("field_snippets", "f3", "put a snippet in"),
            ("field_back", "f5", "a step back, and play on"),
            ("field_forward", "f6", "a step forward"),
            ("field_slower", "f7", "slower, at the same pitch"),
            ("field_faster", "f8", "faster"),
            ("field_commit", "enter", "keep the text, go to the next region and play it"),
            ("field_leave", "escape", "keep the text and leave the field"),
        ],
    ),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in reversed(TABLE)}
"""The actions by id; one that stands in several groups does the like in each."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "spans": ("everywhere", "text", "spans"),
    "keyphrases": ("everywhere", "text", "spans", "keyphrases"),
    "tags": ("everywhere", "text", "tags"),
    "choice": ("everywhere", "choice", "reading"),
    "sounds": ("everywhere", "choice", "listening"),
    "links": ("everywhere", "text", "spans", "links"),
    "punct": ("everywhere", "text", "punct"),
    "regions": ("everywhere", "timeline"),
    "transcript": ("transcript",),
    "blocks": ("everywhere", "blocks"),
}
"""The groups of actions that each view has; what a later one needs, an earlier one leaves."""

FIELDS: Mapping[str, tuple[str, ...]] = {"regions": ("transcript",)}
"""The groups of keys that a text field of a view has for itself."""

RANKING = frozenset({"choice", "sounds"})
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


def fields_of(view: str | None) -> tuple[Action, ...]:
    """The actions of the text fields of a view, whose keys are their own."""
    groups = FIELDS.get(view or "", ())
    return tuple(entry for entry in TABLE if entry.group in groups)
