"""What a mention may be linked to."""

from __future__ import annotations

from typing import Protocol

from tui_annotate.editors.spans.mentioned import Mentioned
from tui_annotate.editors.spans.state import SpanState
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.entity import NIL, REASONS, Candidate, nil_candidate
from tui_annotate.text.spans import Link, Span, Spans

SURE = 0.5
"""The score from which the knowledge base is sure of a candidate."""

MAX_CANDIDATES = 9
"""How many candidates a mention has at most: one for each digit but 0."""


class Knowledge(Protocol):
    """What finds the entities that a mention may mean."""

    def candidates(self, text: str, start: int, end: int) -> list[Candidate]:
        """What a mention may be linked to, the likeliest first."""
        ...

    def candidate(self, id_: str) -> Candidate | None:
        """The entity of an id."""
        ...


class LinkCandidates:
    """Collects what the digits choose from: of the task, the knowledge base and the text.

    Args:
        state: The mentions.
        knowledge: Where candidates come from.
        choices: The candidates that came with the task.
    """

    def __init__(self, state: SpanState, knowledge: Knowledge, choices: Choices | None) -> None:
        self._state = state
        self._knowledge = knowledge
        self._choices = choices
        self._mentioned_of: Spans | None = None
        self._linked_of: Spans | None = None

    def of(self, span: Span) -> list[Candidate]:
        """What a mention may be linked to, the likeliest first."""
        found = self._knowledge.candidates(self._state.text, span.start, span.end)
        if self._choices:
            found = self._among_choices(self._choices, found)
        found = self._with_mentioned(span, found)
        here = self._linked_here(span)
        if here is not None:
            first = self.as_candidate(here, again=True)
            found = [first, *(one for one in found if (one.id, one.nil) != (first.id, first.nil))]
        link = span.link
        if link is not None and link.nil is None and all(one.id != link.kb_id for one in found):
            found = [self.as_candidate(link), *found]
        return found[:MAX_CANDIDATES]

    def _with_mentioned(self, span: Span, found: list[Candidate]) -> list[Candidate]:
        """What the knowledge base has, and what the text is about already.

        An entity that the mention names a part of comes after those that the knowledge
        base is sure of; the others come last: a pronoun means one of them.
        """
        spans = self._state.spans
        if self._mentioned_of is not spans:
            self._mentioned_of = spans
            self._mentioned = Mentioned(self._state.text, spans, self._name_of)
        named, others = self._mentioned.around(span)
        by_id = {one.id: one for one in found}
        ids = list(by_id)
        sure = {one.id for one in found if one.again or (one.score or 0.0) >= SURE}
        place = next((n for n in range(len(ids), 0, -1) if ids[n - 1] in sure), 0)
        order = dict.fromkeys([*ids[:place], *named, *ids[place:], *others])
        return [by_id.get(id_) or self.as_candidate(Link(id_), here=True) for id_ in order]

    def _name_of(self, id_: str) -> str:
        return self.as_candidate(Link(id_)).name

    def _among_choices(self, choices: Choices, found: list[Candidate]) -> list[Candidate]:
        """First the candidates of the task, the likeliest first, then the others."""
        of_task = {one.id: one for one in choices.candidates(self._knowledge)}
        likely = [one for one in found if one.id in of_task or one.again]
        known = {one.id for one in likely}
        others = [one for one in found if one.id not in known]
        return [*likely, *(one for id_, one in of_task.items() if id_ not in known), *others]

    def _linked_here(self, span: Span) -> Link | None:
        """What an identical mention in this task is linked to."""
        text, spans = self._state.text, self._state.spans
        if self._linked_of is not spans:
            self._linked_of = spans
            self._linked: dict[str, list[Span]] = {}
            for other in spans:
                if not wants_link(other):
                    self._linked.setdefault(text[other.start : other.end], []).append(other)
        alike = self._linked.get(text[span.start : span.end], ())
        return next((other.link for other in alike if other != span), None)

    def as_candidate(self, link: Link, *, again: bool = False, here: bool = False) -> Candidate:
        """The candidate that a link would come from.

        Args:
            link: The link.
            again: Whether the same mention has it.
            here: Whether another mention in the text has it.
        """
        if link.kb_id == NIL:
            return nil_candidate(link.nil or REASONS[0], again=again)
        known = self._knowledge.candidate(link.kb_id)
        name, about = (known.name, known.description) if known else (link.kb_id, "")
        return Candidate(link.kb_id, name, about, link.score, again=again, here=here)


def wants_link(span: Span) -> bool:
    """Whether a mention wants a decision."""
    return span.link is None or span.link.suggested
