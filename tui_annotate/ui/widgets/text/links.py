"""The view of links: the document with its mentions, and under it what one of them may mean."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import ModalScreen

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.spans.link_candidates import MAX_CANDIDATES
from tui_annotate.editors.spans.links import LinkEditor
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds.linking import Options
from tui_annotate.knowledge.entity import NIL, Candidate
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import filled, safe, visible_width
from tui_annotate.text.spans import Link, Span
from tui_annotate.ui import status
from tui_annotate.ui.first_steps import first_steps
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Line, Piece, Rule
from tui_annotate.ui.widgets.text.host import HostView
from tui_annotate.ui.widgets.text.spans import SpanView
from tui_annotate.wording import counted

_FEWEST = 3
_REASONS = {
    "absent": "missing from the knowledge base",
    "ambiguous": "ambiguous in this text",
    "not_an_entity": "not an entity",
}
_HINTS = (
    ("help", "help"),
    ("next_span", "next mention"),
    ("label_all", "label all"),
    ("jump", "jump"),
)


class MentionView(SpanView):
    """The document; under a mention stands what it is linked to."""

    editor: LinkEditor | None

    def _title(self, span: Span, row_start: int) -> str:
        title = super()._title(span, row_start)
        if span.link is None or self.editor is None:
            return title
        return f"{title} {safe(self.editor.name(span.link), 40)}"


class LinkView(HostView):
    """Draws a `LinkEditor`.

    As many rows as a third of the screen hold the candidates, whether there are
    any or not, so that nothing moves.
    """

    DEFAULT_CSS = """
    LinkView { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(id="linking")
        self.theme = theme
        self.linker = options.knowledge
        self.document = MentionView(theme, options)
        self.rows = [Line(id=f"candidate-{n}") for n in range(1, MAX_CANDIDATES + 1)]
        self.editor: LinkEditor | None = None

    def compose(self) -> ComposeResult:
        """The document, a line, the candidates."""
        yield self.document
        yield Rule()
        yield from self.rows

    # ── what the desk sets ─────────────────────────────────────────────────

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self.document.set_theme(theme)
        self._show_candidates()

    def set_editor(self, editor: LinkEditor | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        self._share_rows()
        self.document.set_editor(editor)
        self._show_candidates()

    def fit(self) -> None:
        """Give a third of the rows to the candidates."""
        self._share_rows()
        self._show_candidates()

    def _share_rows(self) -> None:
        if not self.in_sight:
            return
        count = min(max(self.size.height // 3, _FEWEST), MAX_CANDIDATES)
        for number, row in enumerate(self.rows):
            row.display = number < count
        if self.editor is not None:
            self.editor.rows = count

    # ── what the desk asks ─────────────────────────────────────────────────

    def sync(self) -> None:
        """Draw what a command has changed."""
        self.document.sync()
        self._show_candidates()

    def ask(self, command: str) -> ModalScreen[str | None] | Outcome | None:
        """Open the search of the knowledge base."""
        editor = self.editor
        if command != "knowledge" or editor is None:
            return None
        mention = editor.mention
        if mention is None:
            return Outcome(message="no mention here to link; label one first")
        from tui_annotate.ui.screens.picker import Picker

        found: dict[str, Candidate] = {}

        def find(query: str) -> list[str]:
            entities = self.linker.search(query) if query else editor.candidates()
            found.update((one.id, one) for one in entities if one.nil is None)
            return [one.id for one in entities if one.nil is None]

        return Picker(
            f"Link “{safe(editor.text[mention.start : mention.end], 40)}” to "
            f"(name or id, {counted(self.linker.size, 'entity', 'entities')}):",
            (),
            find=find,
            title=lambda id_: found[id_].name,
            describe=lambda id_: _beside(found[id_]),
        )

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """On a mention what else can be chosen; else the labels with their keys and counts."""
        editor = self.editor
        if editor is None or editor.mention is None:
            return status.label_bar(engine, keymap, self.theme, self.app.size.width)
        plain, dim = self.theme.plain, self.theme.dim
        if editor.asking:
            return [
                (f" {keymap.shown('nil')} ", plain),
                ("absent", dim),
                ("   esc cancels", dim),
            ], []
        pieces = [
            (f" {keymap.shown('nil')} ", plain),
            ("no candidate fits…", dim),
            (f"   {keymap.shown('knowledge')} ", plain),
            (f"search {counted(self.linker.size, 'entity', 'entities')}   ", dim),
        ]
        room = self.app.size.width - sum(visible_width(text) for text, _ in pieces) - 3
        first = first_steps(engine, keymap, self.theme, room)
        if first:
            return pieces, first
        hints: list[Piece] = []
        for action, does in _HINTS:
            text = f"{keymap.shown(action)} {does}  "
            room -= visible_width(text)
            if room < 0:
                break
            hints.append((text, dim))
        return pieces, hints[1:] + hints[:1]

    def under_cursor(self) -> list[Piece]:
        """The mention, which it is of how many, and its link; else what the cursor is on."""
        editor = self.editor
        if editor is None:
            return []
        mention = editor.mention
        number, count, wanting = editor.place()
        if mention is None:
            pieces = status.under_cursor(editor, self.theme)
            if wanting:
                pieces.append(
                    (f"  {wanting} of {counted(count, 'mention')} to check", self.theme.dim)
                )
            return pieces
        theme = self.theme
        pieces = [
            (f" {safe(editor.text[mention.start : mention.end], 24)}", theme.strong),
            (f"  {safe(mention.label, 16)}", theme.plain),
        ]
        if mention.suggested and mention.source is not None:
            pieces.append((f"? {safe(mention.source, 20)}", theme.dim))
        pieces.append((f"  mention {number} of {count}", theme.plain))
        if mention.link is not None:
            pieces.append((f"  {_linked(mention.link)}", theme.plain))
        if wanting:
            pieces.append((f"  {wanting} to check", theme.dim))
        return pieces

    # ── the candidates ─────────────────────────────────────────────────────

    def _show_candidates(self) -> None:
        editor = self.editor
        found = editor.candidates() if editor is not None else []
        link = editor.mention.link if editor is not None and editor.mention is not None else None
        for number, row in enumerate(self.rows):
            if number < len(found):
                row.show(self._candidate(number + 1, found[number], link))
            elif number == 0 and editor is not None and editor.mention is not None:
                nothing = self.linker.problem or "no match"
                row.show([(f"    {safe(nothing)}", self.theme.dim)])
            else:
                row.show([])

    def _candidate(self, number: int, one: Candidate, link: Link | None) -> list[Piece]:
        """A row: key, name, description, id and score, each in its columns."""
        theme, width = self.theme, max(self.app.size.width, 40)
        chosen = link is not None and (link.kb_id, link.nil) == (one.id, one.nil)
        mark = " " if not chosen or link is None else "?" if link.suggested else "●"
        id_width = 11 if width < 100 else 16
        name_width = max((width - id_width - 12) * 2 // 5, 12)
        about_width = max(width - id_width - name_width - 14, 0)
        about, id_ = one.description, one.id
        if one.nil is not None:
            about, id_ = _REASONS.get(one.nil, ""), NIL
        if one.nil is not None and not one.again:
            # A reason, with the whole row for what it means.
            reason = one.nil.replace("_", " ")
            about = _REASONS.get(one.nil, "")
            style = theme.strong if chosen else theme.plain
            return [
                (f" {number} {mark} ", style),
                (filled(reason, 16), style),
                (about, theme.dim),
            ]
        score = "" if one.score is None else f"{one.score:.2f}"
        score = "again" if one.again else "here" if one.here else score
        name = one.name if one.nil is None else one.nil.replace("_", " ")
        return [
            (f" {number} ", theme.plain),
            (mark + " ", theme.strong),
            (filled(safe(name), name_width) + " ", theme.strong if chosen else theme.plain),
            (filled(safe(about), about_width) + " ", theme.dim),
            (filled(safe(id_), id_width) + " ", theme.plain),
            (score.rjust(5), theme.dim),
        ]


def _beside(one: Candidate) -> str:
    return "  ".join(part for part in (safe(one.id, 24), safe(one.description, 80)) if part)


def _linked(link: Link) -> str:
    mark = "?" if link.suggested else ""
    if link.nil is not None:
        return f"{link.kb_id} {link.nil.replace('_', ' ')}{mark}"
    return f"{safe(link.kb_id, 20)}{mark}"
