"""The editor of links: spans that are mentions, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.spans.drafts import SpanDraft
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.editors.spans.edits import occurrences
from tui_annotate.editors.spans.front import SpanFront
from tui_annotate.editors.spans.link_candidates import (
    MAX_CANDIDATES,
    Knowledge,
    LinkCandidates,
    wants_link,
)
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.entity import NIL, REASONS, Candidate, nil_candidate
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.spans import Link, Span, Spans
from tui_annotate.text.tokens import Tokens

KNOWLEDGE = "knowledge"
"""The source of a link that the knowledge base makes likely."""

AGAIN = "again"
"""The source of a link that the same mention was given before."""


class LinkEditor(SpanFront):
    """Labels mentions, and links each to an entity or says why to none.

    Args:
        text: The text.
        tokens: Its tokens.
        knowledge: Where candidates come from.
        prechoose: Choose the first candidate beforehand where its score is as
            high as this; None to leave every choice to the annotator.
        choices: The candidates that came with the task.
        initial: The mentions that came with the task, as they came; where there are any,
            they are the task.
        options: What `SpanEditor` takes.

    Attributes:
        span_editor: Marks the mentions.
        knowledge: Where candidates come from.
        rows: How many candidates are on the screen; only those can be chosen.
        asking: Whether the digits choose a reason for NIL now.
        picked: The mention that the last command linked.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        *,
        knowledge: Knowledge,
        prechoose: float | None = None,
        choices: Choices | None = None,
        initial: Iterable[Mapping[str, Any]] = (),
        **options: Any,
    ) -> None:
        mentions = list(initial)
        # A mention that was marked wants its link first.
        self.span_editor = SpanEditor(
            text, tokens, initial=mentions, leads=False, candidates=not mentions, **options
        )
        super().__init__(self.span_editor.marking, self.span_editor.cursor)
        self.knowledge = knowledge
        self._candidates = LinkCandidates(self.marking, knowledge, choices)
        self._prechoose = prechoose
        self._choices = choices
        self._last_link: Link | None = None
        self._arrived = self.caret.offset
        self._count_of: Spans | None = None
        self._count: tuple[Mapping[Span, int], int] = {}, 0
        self.picked: Span | None = None
        self.rows = MAX_CANDIDATES
        self.asking = False
        self._choose_beforehand()
        self._go_to_first()

    # ── the mentions ───────────────────────────────────────────────────────

    @property
    def mention(self) -> Span | None:
        """The mention that the digits link: the one under the cursor, if nothing is selected."""
        return self.cursor.unselected

    def candidates(self) -> list[Candidate]:
        """What the digits choose from now, the first for 1."""
        span = self.mention
        if span is None:
            return []
        if self.asking:
            return [nil_candidate(reason) for reason in REASONS]
        return self._candidates.of(span)

    def name(self, link: Link) -> str:
        """What a link is called on the screen."""
        return self._candidates.as_candidate(link).name

    def place(self) -> tuple[int, int, int]:
        """Which mention this is (from 1; 0 if none), of how many, and how many want a link."""
        numbers, wanting = self._counted()
        mention = self.mention
        return (numbers[mention] if mention is not None else 0), len(self.spans), wanting

    def _counted(self) -> tuple[Mapping[Span, int], int]:
        """The number of each mention, and how many want a link; counted once for each state."""
        if self._count_of is not self.spans:
            self._count_of = self.spans
            numbers = {span: number for number, span in enumerate(self.spans, start=1)}
            self._count = numbers, sum(wants_link(span) for span in self.spans)
        return self._count

    # ── what the session asks ──────────────────────────────────────────────

    def doubt(self) -> str | None:
        """How many mentions have no link."""
        bare = sum(span.link is None for span in self.spans)
        return f"{bare} mention{' has' if bare == 1 else 's have'} no link" if bare else None

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take mentions in, and choose for them beforehand."""
        outcome = self.marking.suggest(suggestions)
        self._choose_beforehand()
        self._go_to_first()
        return outcome

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them, and `accept` where the task has options."""
        fields = self.marking.fields()
        if self._choices and len(self.spans) == 1:
            link = next(iter(self.spans)).link
            fields["accept"] = self._choices.accepted(
                link.kb_id if link else None, link.nil if link else None
            )
        return fields

    def state(self) -> dict[str, Any]:
        """Mentions, links, cursor and selection as plain JSON values."""
        return self.marking.draft().encode()

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the task.

        Args:
            state: What `state` gave.
            moved: Where the parts of the text are that it was made of.

        Raises:
            ValueError: It is no draft of spans.
        """
        restored = self.marking.restore(SpanDraft.decode(state), moved)
        self._arrived = -1
        return restored

    def _choose_beforehand(self) -> None:
        """Link mentions that are clear enough, as suggestions."""
        if self._prechoose is None:
            return
        out, into = [], []
        for span in self.spans:
            if span.link is not None:
                continue
            first = next(iter(self._candidates.of(span)), None)
            if first is None:
                continue
            if first.again or (first.score is not None and first.score >= self._prechoose):
                out.append(span)
                link = Link(first.id, first.nil, first.score, suggested=True)
                # Of the mention itself nobody has said anything by that.
                into.append(msgspec.structs.replace(span, link=link))
        if out:
            known = set(self.marking.offered)
            self.marking.offered += [one for one in map(_offer, into) if one not in known]
            self.marking.replace(self.spans.exchange(out, into), out, into)

    def _go_to_first(self) -> None:
        """Begin at the first mention that wants a link, unless the annotator is somewhere."""
        if self.edited or self.caret.offset != self._arrived or self.caret.selection is not None:
            return
        spans = list(self.spans)
        span = next((span for span in spans if wants_link(span)), spans[0] if spans else None)
        if span is not None:
            self.cursor.go(span)
            self._arrived = self.caret.offset

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        asked, picked = self.asking, self.picked
        self.asking, self.picked = False, None
        if command.startswith("link_"):
            return self._digit(int(command[5:]), argument, asked=asked)
        match command:
            case "nil":
                return self._ask(asked)
            case "knowledge":
                return self._look_up(argument)
            case "unlink":
                return self._unlink()
            case "label_all":
                return self._link_all(picked)
            case "repeat" if self.mention is not None and self._last_link is not None:
                return self._link(self.mention, self._last_link)
            case "escape" if asked:
                return NOTHING
        outcome = self.span_editor.do(command, argument)
        if command in ("label", "repeat") and outcome is not None and outcome.edited:
            self._choose_beforehand()
        return outcome

    def _digit(self, number: int, label: str | None, *, asked: bool) -> Outcome:
        """Link the mention to a candidate and go on; label what is selected or no mention.

        Args:
            number: The candidate, from 1.
            label: The label of this number, if there is one.
            asked: The candidates were the reasons for NIL.
        """
        span = self.mention
        if span is None:
            outcome = self.span_editor.edits.label(label)
            if outcome.edited:
                self._choose_beforehand()
            return outcome
        if asked:
            if number > len(REASONS):
                self.asking = True
                return Outcome(message=f"choose 1 to {len(REASONS)}; esc cancels")
            return self._link(span, Link(NIL, REASONS[number - 1]))
        found = self._candidates.of(span)
        if number > min(len(found), self.rows):
            where = "on the screen" if number <= len(found) else "there"
            return Outcome(message=f"candidate {number} is not {where}; / searches for others")
        chosen = found[number - 1]
        return self._link(span, Link(chosen.id, chosen.nil))

    def _ask(self, asked: bool) -> Outcome:
        span = self.mention
        if span is None:
            return Outcome(message="no mention here to link")
        if asked:
            return self._link(span, Link(NIL, REASONS[0]))
        self.asking = True
        return NOTHING

    def _look_up(self, id_: str | None) -> Outcome:
        span = self.mention
        if span is None:
            return Outcome(message="no mention here to link; label one first")
        return self._link(span, Link(id_)) if id_ else NOTHING

    def _unlink(self) -> Outcome:
        span = self.mention
        if span is None or span.link is None:
            return Outcome(message="no link here")
        self.marking.exchange([span], [span.linked(None)])
        return Outcome(True)

    def _link(self, span: Span, link: Link) -> Outcome:
        made = span.linked(link)
        if made != span:
            self.marking.exchange([span], [made])
        self._last_link = link
        self.picked = made
        return self._go_on(made)

    def _link_all(self, picked: Span | None) -> Outcome:
        """Give all identical mentions in the task the link of this one, or of the last one linked.

        Mentions that were linked by hand otherwise keep their link; what is no
        mention yet becomes one.

        Args:
            picked: The mention that was linked just before.
        """
        span = picked if picked is not None and picked in self.spans else self.mention
        if span is None or span.link is None:
            return self.span_editor.edits.label_all()
        link = span.seen().link
        wanted = self.text[span.start : span.end]
        out: list[Span] = []
        into: list[Span] = []
        for other in self.spans:
            if self.text[other.start : other.end] == wanted and wants_link(other):
                out.append(other)
                into.append(other.linked(link))
        spans = self.spans.exchange(out, into)
        for at, stop in occurrences(self.marking, wanted):
            if not spans.overlapping(at, stop):
                fresh = Span(at, stop, span.label, link=link)
                spans = spans.add(fresh)
                into.append(fresh)
        others = sum((one.start, one.end) != (span.start, span.end) for one in into)
        if not into:
            return Outcome(message=f"no other unlinked “{wanted}”")
        self.marking.commit(spans, out, into)
        here = self.mention
        if here is not None and not wants_link(here):
            self._go_on(here)
        assert link is not None
        return Outcome(True, f"linked {others} more to {self.name(link)}")

    def _go_on(self, span: Span) -> Outcome:
        """Go to the next mention that wants a link, from the beginning again after the last."""
        self.caret.drop()
        wanting = [one for one in self.spans if wants_link(one)]
        if not wanting:
            return Outcome(True, "every mention is linked", then="accept")
        after = next((one for one in wanting if one.start >= span.start), None)
        self.cursor.go(after or wanting[0])
        return Outcome(True, None if after else "back to the first unlinked mention")


def _offer(span: Span) -> Suggestion:
    """What is offered where a link is chosen beforehand, to be told from what is kept of it."""
    link = span.link
    assert link is not None
    source = KNOWLEDGE if link.score is not None else AGAIN
    return Suggestion(
        span.start, span.end, span.label, source, link.score, kb_id=link.kb_id, nil=link.nil
    )
