"""The table of keys: every action, its keys, and what it does.

Keys are written as a user reads them: a printable key is the character
itself, the others have names (``ctrl+x``, ``shift+left``, ``f1``). The
footer, the help, ``tui-annotate keys`` and the README come from this table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tui_annotate.keymap.action import Action, actions

_TEN = range(1, 11)

TABLE: tuple[Action, ...] = (
    *actions(
        "everywhere",
        "session",
        [
            ("accept", "a enter", "accept as shown, next"),
            ("reject", "x ctrl+x", "reject, next"),
            ("ignore", "space ctrl+k", "skip, next"),
            ("back", "backspace ctrl+o", "undecide: reopen the task you decided last"),
            ("previous", "[ f9", "look at the previous task, without deciding"),
            ("next", "] f10", "look at the next task, without deciding"),
            ("next_undecided", "ctrl+n", "go to the next undecided task"),
            ("undo", "u ctrl+u", "undo", "editor"),
            ("redo", "ctrl+r", "redo", "editor"),
            ("flag", "f ctrl+f", "flag the task, or remove the flag"),
            ("comment", "c f4", "comment on the task", "question"),
            ("guidelines", "i f2", "read the guidelines", "question"),
            ("help", "? f1", "show all keys", "question"),
            ("label_by_name", "; ctrl+t", "find a label by name, or add one", "question"),
            (
                "goto",
                "g ctrl+g",
                "go to a task by number, text, hash or comment; to the next flagged one",
                "question",
            ),
            ("yes", "y ctrl+v", "yes to what the status line proposes; n says no"),
            ("waive", "ctrl+l", "decide without waiting for suggestions"),
            ("compact", "f11", "show or hide the label rows", "screen"),
            ("dark", "f12", "switch between dark and light", "screen"),
            ("palette", "ctrl+p", "find a command by name", "question"),
            ("quit", "q ctrl+q", "save and quit", "screen"),
        ],
    ),
    *actions(
        "text",
        "editor",
        [
            ("left", "left", "previous token"),
            ("right", "right", "next token"),
            ("up", "up", "line above", "view"),
            ("down", "down", "line below", "view"),
            ("left_sentence", "ctrl+left", "previous sentence"),
            ("right_sentence", "ctrl+right", "next sentence"),
            ("line_start", "home", "start of the line", "view"),
            ("line_end", "end", "end of the line", "view"),
            ("first", "ctrl+home", "first token"),
            ("last", "ctrl+end", "last token"),
            ("page_up", "pageup", "page up", "view"),
            ("page_down", "pagedown", "page down", "view"),
            ("extend_left", "shift+left", "move the selection's end left"),
            ("extend_right", "shift+right", "move the selection's end right"),
            ("select", "v f8", "start a selection, then move; again drops it"),
            (
                "jump",
                "s ' f5",
                "type a hint to jump to its token; CAPITALS select up to it",
                "hints",
            ),
            ("search", "/ f7", "find text in the task", "question"),
            ("search_next", "n ctrl+d", "next match"),
            ("search_previous", "N", "previous match"),
            ("characters", "%", "move by character or by token"),
            ("escape", "escape", "drop the selection; close what is open"),
        ],
    ),
    *actions(
        "spans",
        "editor",
        [
            *((f"label_{n}", str(n % 10), f"label {n}; again removes it") for n in range(1, 11)),
            ("next_span", "tab", "next suggestion, span or candidate; labelling it moves on"),
            ("previous_span", "shift+tab", "previous"),
            ("delete", "d delete", "remove the span under the cursor"),
            ("grow", "+ =", "move the right end one token right"),
            ("shrink", "- f3", "move the right end one token left"),
            ("grow_left", "<", "move the left end one token left"),
            ("shrink_left", ">", "move the left end one token right"),
            ("repeat", ". ctrl+y", "repeat the last label here"),
            (
                "label_all",
                "* f6",
                "label all identical occurrences of this, or of the last labelled text",
            ),
            ("cycle", "w ctrl+e", "next of the spans under the cursor"),
            ("sources", "!", "turn suggestion sources on or off", "question"),
        ],
    ),
    *actions(
        "keyphrases",
        "editor",
        [
            ("rank_up", "{ shift+up", "move the phrase one rank up"),
            ("rank_down", "} shift+down", "move the phrase one rank down"),
            ("next_phrase", "p ctrl+down", "next phrase in the list"),
            ("previous_phrase", "P ctrl+up", "previous phrase in the list"),
            ("drop_phrase", "D ctrl+w", "remove the phrase everywhere"),
            ("label_all", "* f6", "label all occurrences of the phrase, in every form"),
        ],
    ),
    *actions(
        "tagging",
        "editor",
        [
            *((f"pick_{n}", str(n), f"take the model's choice {n}, next") for n in range(1, 10)),
            ("next_span", "tab", "next unsure or missing tag"),
            ("previous_span", "shift+tab", "previous"),
            ("join", "+ =", "add a second tag: ADP+DET"),
            ("delete", "delete f3", "remove the tag"),
            ("repeat", ". ctrl+y", "repeat the last tag here"),
            ("label_all", "* f6", "tag all occurrences of this word"),
            ("sources", "!", "turn suggestion sources on or off", "question"),
        ],
    ),
    *actions(
        "choice",
        "editor",
        [
            *((f"label_{n}", str(n % 10), f"option {n}; in a single choice, next") for n in _TEN),
            ("next_option", "tab down right", "next option"),
            ("previous_option", "shift+tab up left", "previous option"),
            ("toggle", "space ctrl+y", "choose the option or not; in a single choice, skip"),
            ("delete", "d delete", "clear the choice"),
            ("sources", "!", "turn suggestion sources on or off", "question"),
        ],
    ),
    *actions(
        "reading",
        "view",
        [
            ("page_down", "pagedown", "page down in the text"),
            ("page_up", "pageup", "page up in the text"),
            ("line_down", "shift+down ctrl+down", "line down in the text"),
            ("line_up", "shift+up ctrl+up", "line up in the text"),
            ("first", "home ctrl+home", "start of the text"),
            ("last", "end ctrl+end", "end of the text"),
            ("search", "/ f7", "find text in the task", "question"),
            ("search_next", "n ctrl+d", "next match"),
            ("search_previous", "N", "previous match"),
            ("markup", "v f8", "show or hide markup"),
        ],
    ),
    *actions(
        "blocks",
        "editor",
        [("block_before", "b ctrl+w", "previous block of this task")],
    ),
    *actions(
        "linking",
        "editor",
        [
            *(
                (f"link_{n}", str(n), f"link to candidate {n}, next; on a selection, label {n}")
                for n in range(1, 10)
            ),
            ("nil", "0", "no candidate fits; again: missing from the knowledge base"),
            ("knowledge", "/", "search the knowledge base", "question"),
            ("unlink", "D ctrl+w", "remove the link, keep the mention"),
            ("next_span", "tab", "next mention"),
            ("previous_span", "shift+tab", "previous"),
            ("label_all", "* f6", "link all identical mentions"),
        ],
    ),
    *actions(
        "punctuation",
        "editor",
        [
            *((f"label_{n}", str(n % 10), f"mark or class {n}; again removes it") for n in _TEN),
            ("capital", "^ shift+up", "capitalise or lower-case the word"),
            ("next_span", "tab", "next suggestion, else next mark"),
            ("previous_span", "shift+tab", "previous mark"),
            ("delete", "d delete", "remove the mark, or those in the selection"),
            ("yes", "y", "yes to what the status line proposes; n says no", "session"),
            ("add_mark", "+ ctrl+v", "add a second mark"),
            ("move_left", "< f3", "move the mark to the previous word"),
            ("move_right", "> f6", "move the mark to the next word"),
            ("repeat", ". ctrl+y", "repeat the last mark here"),
            ("sources", "! ctrl+e", "turn suggestion sources on or off", "question"),
        ],
    ),
    *actions(
        "timeline",
        "editor",
        [
            ("play_pause", "space", "play or pause", "view"),
            (
                "play_region",
                "r ctrl+y",
                "play the region under the cursor, or the selection",
                "view",
            ),
            ("play_edges", "R", "play both edges", "view"),
            ("loop", "o", "loop on or off", "view"),
            ("slower", "- f7", "play slower, at the same pitch", "view"),
            ("faster", "= + f8", "play faster", "view"),
            ("back_step", "b ctrl+w f5", "replay the last second", "view"),
            ("left", "left", "one column left", "view"),
            ("right", "right", "one column right", "view"),
            ("left_second", "shift+left", "one second left", "view"),
            ("right_second", "shift+right f6", "one second right", "view"),
            ("left_edge", "ctrl+left", "previous edge of speech or of a region"),
            ("right_edge", "ctrl+right", "next edge of speech or of a region"),
            ("lane_up", "up", "track above; above the first, all tracks"),
            ("lane_down", "down", "track below"),
            ("page_up", "pageup", "one screen left", "view"),
            ("page_down", "pagedown", "one screen right", "view"),
            ("first", "home ctrl+home", "start of the recording", "view"),
            ("last", "end ctrl+end", "end of the recording", "view"),
            ("cycle", "w ctrl+e", "next of the regions under the cursor"),
            ("mark_in", ",", "start a region here"),
            ("mark_out", ".", "end the region here; a label's key ends and labels it"),
            ("extend", "e", "add a region from the end of the last one to here"),
            ("start_earlier", "h", "start 10 ms earlier"),
            ("start_later", "j", "start 10 ms later"),
            ("end_earlier", "k", "end 10 ms earlier"),
            ("end_later", "l", "end 10 ms later"),
            ("start_here", "<", "move the region's start, or that of the next one, here"),
            ("end_here", ">", "move the region's end, or that of the last one, here"),
            ("split", "s", "split here"),
            ("merge_next", "m", "join with next"),
            ("merge_previous", "M", "join with previous"),
            ("delete", "d delete", "remove the region, or drop the selection"),
            *((f"label_{n}", str(n % 10), f"label or speaker {n}") for n in _TEN),
            ("next_span", "tab", "next region or suggestion; labelling it moves on"),
            ("previous_span", "shift+tab", "previous"),
            ("next_uncovered", "n ctrl+d", "next speech outside regions"),
            ("zoom_in", "z", "zoom in", "view"),
            ("zoom_out", "Z", "zoom out", "view"),
            ("fit", "f3 F", "fit the recording, or the region", "view"),
            ("view", "v", "show waveform, spectrogram or both", "view"),
            ("taller", "y ctrl+up", "draw the waveform taller", "view"),
            ("flatter", "Y ctrl+down", "draw the waveform flatter", "view"),
            ("list_larger", "shift+up", "more rows for the list, fewer for the picture", "view"),
            ("list_smaller", "shift+down", "fewer rows for the list", "view"),
            ("snap", "' /", "snap to the nearest edge of speech or of a region"),
            ("snap_start", "H", "snap the start alone"),
            ("snap_end", "L", "snap the end alone"),
            ("snap_zero", "` %", "snap to zero crossing"),
            ("transcript", "t ctrl+t", "type the region's transcript", "view"),
            ("whole_transcript", "T", "type the whole transcript", "view"),
            ("auto_play", "A", "auto-play on or off", "view"),
            ("volume", "V", "volume", "view"),
            ("rename", "E", "rename a label or speaker", "question"),
            ("sources", "!", "turn suggestion sources on or off", "question"),
            ("escape", "escape", "drop the mark and the selection; stop"),
        ],
    ),
    *actions(
        "listening",
        "view",
        [
            ("play_pause", "space", "play or pause"),
            ("play_region", "r", "play from the start"),
            ("loop", "o", "loop on or off"),
            ("slower", "- f7", "play slower, at the same pitch"),
            ("faster", "= + f8", "play faster"),
            ("back_step", "b ctrl+w f5", "replay the last second"),
            ("left", "left", "one column left"),
            ("right", "right", "one column right"),
            ("left_second", "shift+left", "one second left"),
            ("right_second", "shift+right f6", "one second right"),
            ("page_up", "pageup", "one screen left"),
            ("page_down", "pagedown", "one screen right"),
            ("first", "home ctrl+home", "start of the recording"),
            ("last", "end ctrl+end", "end of the recording"),
            ("zoom_in", "z", "zoom in"),
            ("zoom_out", "Z", "zoom out"),
            ("fit", "f3 F", "fit"),
            ("view", "v", "show waveform, spectrogram or both"),
            ("taller", "y ctrl+up", "draw the waveform taller"),
            ("flatter", "Y ctrl+down", "draw the waveform flatter"),
            ("auto_play", "A", "auto-play on or off"),
            ("volume", "V", "volume"),
            ("escape", "escape", "stop"),
        ],
    ),
    *actions(
        "transcript",
        "field",
        [
            ("field_play", "tab", "play or pause"),
            ("field_replay", "shift+tab", "play the region again"),
            ("field_complete", "f2", "complete the word"),
            ("field_snippets", "f3", "insert a snippet"),
            ("field_back", "f5", "back a second, play on"),
            ("field_forward", "f6", "forward a second"),
            ("field_slower", "f7", "play slower, at the same pitch"),
            ("field_faster", "f8", "play faster"),
            ("field_commit", "enter", "save the text, play the next region"),
            ("field_leave", "escape", "save the text and close the field"),
        ],
    ),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in reversed(TABLE)}
"""The actions by id; one that stands in several groups does the like in each."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "spans": ("everywhere", "text", "spans"),
    "keyphrases": ("everywhere", "text", "spans", "keyphrases"),
    "tagging": ("everywhere", "text", "tagging"),
    "choice": ("everywhere", "choice", "reading"),
    "audio_choice": ("everywhere", "choice", "listening"),
    "linking": ("everywhere", "text", "spans", "linking"),
    "punctuation": ("everywhere", "text", "punctuation"),
    "regions": ("everywhere", "timeline"),
    "transcript": ("transcript",),
    "blocks": ("everywhere", "blocks"),
}
"""The groups of actions that each view has; what a later one needs, an earlier one leaves."""

FIELDS: Mapping[str, tuple[str, ...]] = {"regions": ("transcript",)}
"""The groups of keys that a text field of a view has for itself."""

RANKING = frozenset({"choice", "audio_choice"})
"""The views in which the digits choose from a list ranked for the task, where labels are many."""


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
