"""The editor of links: spans that are mentions, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.editors.spans.mentioned import Mentioned
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.entity import NIL, REASONS, Candidate, nil_candidate
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.spans import Link, Span, Spans
from tui_annotate.text.tokens import Tokens

SURE = 0.5
"""The score from which the knowledge base is sure of a candidate."""

KNOWLEDGE = "knowledge"
"""The source of a link that the knowledge base makes likely."""

AGAIN = "again"
"""The source of a link that the same mention was given before."""

OFFERED = 9
"""How many candidates a mention has at most: one for each digit but 0."""


class Candidates(Protocol):
    """What finds the entities that a mention may mean."""

    def candidates(self, text: str, start: int, end: int) -> list[Candidate]:
        """What a mention may be linked to, the likeliest first."""
        ...

    def candidate(self, id_: str) -> Candidate | None:
        """The entity of an id."""
        ...


class LinkEditor(SpanEditor):
    """Labels mentions, and links each to an entity or says why to none.

    Args:
        text: The text.
        tokens: Its tokens.
        labels: The labels of mentions.
        knowledge: Where candidates come from.
        prechoose: Choose the first candidate beforehand where its score is as
            high as this; None to leave every choice to the annotator.
        choices: The candidates that came with the task.
        options: What `SpanEditor` takes.

    Attributes:
        rows: How many candidates are on the screen; only those can be chosen.
        asking: Whether the digits choose a reason for NIL now.
    """

    leads = False  # A mention that was marked wants its link first.

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        labels: Iterable[str] = (),
        *,
        knowledge: Candidates,
        prechoose: float | None = None,
        choices: Choices | None = None,
        **options: Any,
    ) -> None:
        super().__init__(text, tokens, labels, **options)
        self._knowledge = knowledge
        self._prechoose = prechoose
        self._choices = choices
        self._came_with_mentions = bool(self._given)
        self._last_link: Link | None = None
        self._picked: Span | None = None
        self._arrived = self.caret.offset
        self._mentioned_of: Spans | None = None
        self._count_of: Spans | None = None
        self._count: tuple[Mapping[Span, int], int] = {}, 0
        self._linked_of: Spans | None = None
        self.rows = OFFERED
        self.asking = False
        self._choose_beforehand()
        self._go_to_first()

    # ── what can be chosen ─────────────────────────────────────────────────

    @property
    def mention(self) -> Span | None:
        """The mention that the digits link: the one under the cursor, if nothing is selected."""
        return self.active if self.caret.selection is None else None

    def candidates(self) -> list[Candidate]:
        """What the digits choose from now, the first for 1."""
        span = self.mention
        if span is None:
            return []
        if self.asking:
            return [nil_candidate(reason) for reason in REASONS]
        return self._candidates_of(span)

    def _candidates_of(self, span: Span) -> list[Candidate]:
        found = self._knowledge.candidates(self.text, span.start, span.end)
        if self._choices:
            found = self._among_choices(self._choices, found)
        found = self._with_mentioned(span, found)
        here = self._linked_here(span)
        if here is not None:
            first = self._as_candidate(here, again=True)
            found = [first, *(one for one in found if (one.id, one.nil) != (first.id, first.nil))]
        link = span.link
        if link is not None and link.nil is None and all(one.id != link.kb_id for one in found):
            found = [self._as_candidate(link), *found]
        return found[:OFFERED]

    def _with_mentioned(self, span: Span, found: list[Candidate]) -> list[Candidate]:
        """What the knowledge base has, and what the text is about already.

        An entity that the mention names a part of comes after those that the knowledge
        base is sure of; the others come last: a pronoun means one of them.
        """
        if self._mentioned_of is not self.spans:
            self._mentioned_of = self.spans
            self._mentioned = Mentioned(self.text, self.spans, self._name_of)
        named, others = self._mentioned.around(span)
        by_id = {one.id: one for one in found}
        ids = list(by_id)
        sure = {one.id for one in found if one.again or (one.score or 0.0) >= SURE}
        place = next((n for n in range(len(ids), 0, -1) if ids[n - 1] in sure), 0)
        order = dict.fromkeys([*ids[:place], *named, *ids[place:], *others])
        return [by_id.get(id_) or self._as_candidate(Link(id_), here=True) for id_ in order]

    def _name_of(self, id_: str) -> str:
        return self._as_candidate(Link(id_)).name

    def _among_choices(self, choices: Choices, found: list[Candidate]) -> list[Candidate]:
        """First the candidates of the task, the likeliest first, then the others."""
        given = {one.id: one for one in choices.candidates(self._knowledge)}
        likely = [one for one in found if one.id in given or one.again]
        known = {one.id for one in likely}
        others = [one for one in found if one.id not in known]
        return [*likely, *(one for id_, one in given.items() if id_ not in known), *others]

    def _linked_here(self, span: Span) -> Link | None:
        """What an identical mention in this task is linked to."""
        if self._linked_of is not self.spans:
            self._linked_of = self.spans
            self._linked: dict[str, list[Span]] = {}
            for other in self.spans:
                if not _open(other):
                    self._linked.setdefault(self.text[other.start : other.end], []).append(other)
        alike = self._linked.get(self.text[span.start : span.end], ())
        return next((other.link for other in alike if other != span), None)

    def _as_candidate(self, link: Link, *, again: bool = False, here: bool = False) -> Candidate:
        if link.kb_id == NIL:
            return nil_candidate(link.nil or REASONS[0], again=again)
        known = self._knowledge.candidate(link.kb_id)
        name, about = (known.name, known.description) if known else (link.kb_id, "")
        return Candidate(link.kb_id, name, about, link.score, again=again, here=here)

    def name(self, link: Link) -> str:
        """What a link is called on the screen."""
        return self._as_candidate(link).name

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
            self._count = numbers, sum(_open(span) for span in self.spans)
        return self._count

    # ── what the session asks ──────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take mentions in, and choose for them beforehand."""
        outcome = super().suggest(suggestions)
        self._choose_beforehand()
        self._go_to_first()
        return outcome

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them, and `accept` where the task has options."""
        fields = super().fields()
        if self._choices and len(self.spans) == 1:
            link = next(iter(self.spans)).link
            fields["accept"] = self._choices.accepted(
                link.kb_id if link else None, link.nil if link else None
            )
        return fields

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again."""
        super().restore(state)
        self._arrived = -1

    def _choose_beforehand(self) -> None:
        """Link mentions that are clear enough, as suggestions."""
        if self._prechoose is None:
            return
        out, into = [], []
        for span in self.spans:
            if span.link is not None:
                continue
            first = next(iter(self._candidates_of(span)), None)
            if first is None:
                continue
            if first.again or (first.score is not None and first.score >= self._prechoose):
                out.append(span)
                link = Link(first.id, first.nil, first.score, suggested=True)
                into.append(span.linked(link) if not span.suggested else _kept(span, link))
        if out:
            known = set(self._offered)
            self._offered += [one for one in map(_offer, into) if one not in known]
            self._replace(self.spans.exchange(out, into), out, into)

    def _go_to_first(self) -> None:
        """Begin at the first mention that wants a link, unless the annotator is somewhere."""
        if self._touched or self.caret.offset != self._arrived or self.caret.selection is not None:
            return
        spans = list(self.spans)
        span = next((span for span in spans if _open(span)), spans[0] if spans else None)
        if span is not None:
            self._go(span)
            self._arrived = self.caret.offset

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        asked, picked = self.asking, self._picked
        self.asking, self._picked = False, None
        if command.startswith("link_"):
            return self.digit(int(command[5:]), argument, asked=asked)
        match command:
            case "nil":
                return self._ask(asked)
            case "knowledge":
                return self._look_up(argument)
            case "unlink":
                return self._unlink()
            case "label_all":
                return self.link_all(picked)
            case "repeat" if self.mention is not None and self._last_link is not None:
                return self._link(self.mention, self._last_link)
            case "escape" if asked:
                return NOTHING
        outcome = super().do(command, argument)
        if command in ("label", "repeat") and outcome is not None and outcome.edited:
            self._choose_beforehand()
        return outcome

    def digit(self, number: int, label: str | None = None, *, asked: bool = False) -> Outcome:
        """Link the mention to a candidate and go on; label what is selected or no mention.

        Args:
            number: The candidate, from 1.
            label: The label of this number, if there is one.
            asked: The candidates were the reasons for NIL.
        """
        span = self.mention
        if span is None:
            outcome = self.label(label)
            if outcome.edited:
                self._choose_beforehand()
            return outcome
        if asked:
            if number > len(REASONS):
                self.asking = True
                return Outcome(message=f"choose 1 to {len(REASONS)}; esc cancels")
            return self._link(span, Link(NIL, REASONS[number - 1]))
        found = self._candidates_of(span)
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
        made = span.linked(None)
        self._commit(self.spans.exchange([span], [made]), [span], [made])
        return Outcome(True)

    def _link(self, span: Span, link: Link) -> Outcome:
        made = span.linked(link)
        if made != span:
            self._commit(self.spans.exchange([span], [made]), [span], [made])
        self._last_link = link
        self._picked = made
        return self._go_on(made)

    def link_all(self, picked: Span | None = None) -> Outcome:
        """Give all identical mentions in the task the link of this one, or of the last one linked.

        Mentions that were linked by hand otherwise keep their link; what is no
        mention yet becomes one.

        Args:
            picked: The mention that was linked just before.
        """
        span = picked if picked is not None and picked in self.spans else self.mention
        if span is None or span.link is None:
            return self.label_all()
        link = span.seen().link
        wanted = self.text[span.start : span.end]
        out: list[Span] = []
        into: list[Span] = []
        for other in self.spans:
            if self.text[other.start : other.end] == wanted and _open(other):
                out.append(other)
                into.append(other.linked(link))
        spans = self.spans.exchange(out, into)
        at = self.text.find(wanted)
        while at >= 0:
            stop = at + len(wanted)
            fits = self.caret.characters or self.tokens.aligned(at, stop) is not None
            if fits and not spans.overlapping(at, stop):
                fresh = Span(at, stop, span.label, link=link)
                spans = spans.add(fresh)
                into.append(fresh)
            at = self.text.find(wanted, max(stop, at + 1))
        others = sum((one.start, one.end) != (span.start, span.end) for one in into)
        if not into:
            return Outcome(message=f"no other unlinked “{wanted}”")
        self._commit(spans, out, into)
        here = self.mention
        if here is not None and not _open(here):
            self._go_on(here)
        assert link is not None
        return Outcome(True, f"linked {others} more to {self.name(link)}")

    def _go_on(self, span: Span) -> Outcome:
        """Go to the next mention that wants a link, from the beginning again after the last."""
        self.caret.drop()
        wanting = [one for one in self.spans if _open(one)]
        if not wanting:
            return Outcome(True, "every mention is linked")
        after = next((one for one in wanting if one.start >= span.start), None)
        self._go(after or wanting[0])
        return Outcome(True, None if after else "back to the first unlinked mention")

    def _seeks(self, span: Span | None) -> bool:
        # Where mentions came with the task, they are the task.
        return not self._came_with_mentions and super()._seeks(span)


def _open(span: Span) -> bool:
    """Whether a mention wants a decision."""
    return span.link is None or span.link.suggested


def _offer(span: Span) -> Suggestion:
    """What is offered where a link is chosen beforehand, to be told from what is kept of it."""
    link = span.link
    assert link is not None
    source = KNOWLEDGE if link.score is not None else AGAIN
    return Suggestion(
        span.start, span.end, span.label, source, link.score, kb_id=link.kb_id, nil=link.nil
    )


def _kept(span: Span, link: Link) -> Span:
    """A mention that nobody has looked at, with a link."""
    made = span.linked(link)
    return Span(made.start, made.end, made.label, made.source, made.score, True, made.came, link)
