"""The editor of classes: one question, one of several, or any of several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.choice.fields import Choices, Option
from tui_annotate.editors.choice.fitting import fitted
from tui_annotate.editors.choice.hierarchy import closed, lowest, with_ancestors
from tui_annotate.editors.drafts import moved_suggestions, read_suggestions
from tui_annotate.editors.history import History
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment

DIGITS = 10
"""How many options have a digit."""

_Snapshot = tuple[frozenset[str], frozenset[str], bool]

RANKING = "words"
"""The source whose scores only say where to look first."""


class ChoiceEditor:
    """Chooses among labels for a whole text.

    Up to ten options without a key of their own keep their order; more are
    ranked, once, by how likely they are.

    Args:
        text: The text.
        choices: What the task asks.
        keyed: The labels that have a key of their own.
        implied: Whether an option implies those above it, where several can be chosen.
        preselect: Whether what a source holds to be so is chosen beforehand.
        threshold: The score from which a suggestion is chosen beforehand, where several can be.
        decided: What was offered when the task was decided before.
    """

    def __init__(
        self,
        text: str,
        choices: Choices,
        *,
        keyed: Collection[str] = (),
        implied: bool = False,
        preselect: bool = True,
        threshold: float = 0.5,
        decided: Sequence[Suggestion] | None = None,
    ) -> None:
        self.text = text
        self.style = choices.style
        self.options: dict[str, Option] = {option.label: option for option in choices.options}
        if implied and choices.style == "multiple":
            # What a choice implies can be chosen, too.
            wanted = with_ancestors(self.options)
            self.options = {label: self.options.get(label, Option(label)) for label in wanted}
        self._config = dict(choices.config)
        self._keyed = frozenset(keyed)
        self._implied = implied
        self._preselect = preselect
        self._threshold = threshold
        chosen = frozenset(choices.chosen)
        self.chosen = frozenset(lowest(chosen)) if self.implies else chosen
        self._suggested: frozenset[str] = frozenset()
        self._edited = False
        self._history: History[_Snapshot] = History()
        self.scores: dict[str, float] = {}
        self.sources: dict[str, str] = {}
        self._offered: list[Suggestion] = []
        unkeyed = [label for label in self.options if label not in self._keyed]
        self.ranked = self.style != "binary" and len(unkeyed) > DIGITS
        self.order: tuple[str, ...] = tuple(self.options)
        self.at: int | None = 0 if self.style == "multiple" else None
        initial = [
            Suggestion(0, len(text), label, "task", score)
            for label, score in choices.scores.items()
            if label in self.options
        ]
        if decided is not None:
            self._take(decided)
            self._rank()
        else:
            self.suggest(initial)
        if self.style == "single" and self.chosen:
            self._stand_on_chosen()

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self._edited

    @property
    def offered(self) -> Sequence[Suggestion]:
        """The suggestions that were offered, the likeliest first."""
        return self._offered

    @property
    def implies(self) -> bool:
        """Whether an option brings those above it."""
        return self._implied and self.style == "multiple"

    @property
    def accepted(self) -> frozenset[str]:
        """What is chosen, and what that implies."""
        return frozenset(closed(self.chosen, self.options)) if self.implies else self.chosen

    @property
    def question(self) -> Option:
        """The only option."""
        return next(iter(self.options.values()))

    @property
    def here(self) -> str | None:
        """The option that the mark stands on."""
        return None if self.at is None else self.order[self.at]

    def is_suggested(self, label: str) -> bool:
        """Whether a source chose an option and nobody has touched it."""
        return label in self._suggested

    @property
    def places(self) -> tuple[str, ...]:
        """The options that the digits choose."""
        free = (label for label in self.order if label not in self._keyed)
        return tuple(label for label, _ in zip(free, range(DIGITS), strict=False))

    def counts(self) -> Mapping[str, int]:
        """Each label that is chosen, once."""
        return dict.fromkeys(self.accepted, 1)

    def add_label(self, label: str) -> None:
        """Add an option below the others; a question becomes one of two options."""
        if label in self.options:
            return
        self.options[label] = Option(label)
        self.order = (*self.order, label)
        if self.style == "binary":
            self.style = "single"

    def refusal(self, answer: str) -> str | None:
        """Why a single choice cannot be accepted: nothing is chosen."""
        if answer == "accept" and self.style == "single" and not self.chosen:
            return "nothing chosen yet"
        return None

    def fields(self) -> dict[str, Any]:
        """The question, or the options and what is chosen of them."""
        if self.style == "binary":
            return {"label": self.question.label, "_view_id": "classification"}
        accepted = self.accepted
        return {
            "options": [option.written() for option in self.options.values()],
            "accept": [option.id for label, option in self.options.items() if label in accepted],
            "config": {**self._config, "choice_style": self.style},
            "_view_id": "choice",
        }

    def state(self) -> dict[str, Any]:
        """What is chosen, the mark and the order of the options as plain JSON values."""
        return {
            "style": self.style,
            "chosen": sorted(self.chosen),
            "suggested": sorted(self._suggested),
            "order": list(self.order),
            "at": self.at,
            "touched": self._edited,
            "offered": [PLAIN.encode(one) for one in self._offered],
        }

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as its options are on offer.

        Args:
            state: What `state` gave.
            moved: What has changed in the text, which does not matter here.

        Raises:
            ValueError: It is no draft of classes.
        """
        found = fitted(state, self.style, self.options)
        self.chosen = found.chosen
        self._suggested = frozenset(state["suggested"]) & self.chosen
        self._edited = bool(state["touched"])
        self.order = found.order
        self.at = found.at
        self._take(moved_suggestions(read_suggestions(state["offered"]), moved))
        return found.restored

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in; the options are ranked by them unless one was touched already.

        Where a source says what is so, that is chosen, as long as nothing
        else is: the likeliest, or where several can be chosen, all that are
        likely enough. What came chosen with the task stays.
        """
        whole = self._whole(suggestions)
        self._take(whole)
        if self._edited:
            return NOTHING
        self._rank()
        if self._preselect and (not self.chosen or self._suggested):
            likely = [s for s in whole if s.source != RANKING and s.label in self.options]
            if self.style == "single":
                best = max((s.score or 0.0 for s in likely), default=0.0)
                likely = [s for s in likely if s.score == best][:1]
            else:
                likely = [s for s in likely if (s.score or 0.0) >= self._threshold]
            if likely and self.style != "binary":
                labels = {s.label for s in likely}
                self.chosen = frozenset(lowest(labels) if self.implies else labels)
                self._suggested = self.chosen
                self._stand_on_chosen()
        return Outcome(edited=bool(whole))

    def _whole(self, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """One suggestion for each label and source: a long text comes in pieces."""
        pieces: dict[tuple[str, str], list[Suggestion]] = {}
        for item in suggestions:
            pieces.setdefault((item.label, item.source), []).append(item)
        found = []
        for (label, source), items in pieces.items():
            length = sum(item.end - item.start for item in items) or 1
            score = sum((item.score or 0.0) * (item.end - item.start) for item in items) / length
            scored = any(item.score is not None for item in items)
            found.append(
                Suggestion(0, len(self.text), label, source, round(score, 4) if scored else None)
            )
        return found

    def _take(self, suggestions: Iterable[Suggestion]) -> None:
        for item in suggestions:
            if item.label not in self.options or item.label in self.scores:
                continue
            self._offered.append(item)
            self.sources[item.label] = item.source
            if item.score is not None:
                self.scores[item.label] = item.score
        self._offered.sort(key=lambda item: -(item.score or 0.0))
        if self.ranked:
            # The others were not in sight: what is offered is what has a digit.
            del self._offered[2 * DIGITS :]

    def _rank(self) -> None:
        if not self.ranked:
            return
        place = {label: number for number, label in enumerate(self.options)}
        self.order = tuple(
            sorted(self.options, key=lambda label: (-self.scores.get(label, 0.0), place[label]))
        )

    def _stand_on_chosen(self) -> None:
        if self.style == "single":
            self.at = next((n for n, one in enumerate(self.order) if one in self.chosen), None)

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source chose and nobody has touched; the order stays."""
        gone = frozenset(one for one in self._suggested if self.sources.get(one) == source)
        for label in [label for label, name in self.sources.items() if name == source]:
            del self.sources[label]
            self.scores.pop(label, None)
        if not gone:
            return NOTHING
        self._history.push(self._snapshot())
        self.chosen -= gone
        self._suggested -= gone
        return Outcome(True, f"removed {len(gone)} suggestion{'s' * (len(gone) != 1)} by {source}")

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        match command:
            case "label":
                return self.label(argument)
            case "choose":
                places, number = self.places, int(argument or 0)
                return self.label(places[number - 1] if 0 < number <= len(places) else None)
            case "next_option":
                return self.move(1)
            case "previous_option":
                return self.move(-1)
            case "toggle":
                if self.style != "multiple":
                    return Outcome(answer="ignore")
                return self.label(self.here, confirms=False)
            case "delete":
                if not self.chosen:
                    return Outcome(message="nothing chosen")
                self._choose(frozenset())
                return Outcome(True)
            case "undo":
                return self._travel(self._history.undo(self._snapshot()), "nothing to undo")
            case "redo":
                return self._travel(self._history.redo(self._snapshot()), "nothing to redo")
        return None

    def label(self, label: str | None, *, confirms: bool = True) -> Outcome:
        """Choose an option; where one can be chosen that decides, else again takes it off.

        Args:
            label: The option.
            confirms: Whether a suggestion that nobody has looked at is confirmed instead.
        """
        if label is None:
            return Outcome(message="no option has this key")
        if label not in self.options:
            return Outcome(message=f"{label} is not an option of this task")
        if self.style == "binary":
            return Outcome(message=f"the question is {label}: accept or reject")
        if self.style == "single":
            changed = self.chosen != {label}
            if changed:
                self._choose(frozenset({label}))
                self._stand_on_chosen()
            return Outcome(changed, answer="accept")
        if not self.ranked or label in self.places:
            # The list stays where it is for one that was found by its name.
            self.at = self.order.index(label)
        if label in self.chosen:
            confirmed = confirms and label in self._suggested
            self._choose(self.chosen if confirmed else self.chosen - {label})
        elif label in self.accepted:
            lower = next(one for one in self.chosen if one.startswith(label + "/"))
            return Outcome(message=f"{lower}, chosen below it, includes it")
        else:
            chosen = self.chosen | {label}
            self._choose(frozenset(lowest(chosen)) if self.implies else chosen)
        return Outcome(True)

    def move(self, by: int) -> Outcome:
        """Move the mark; where one can be chosen, what it stands on is."""
        if self.style == "binary":
            return NOTHING
        last = len(self.order) - 1
        if self.at is None:
            self.at = 0 if by > 0 else last
        elif 0 <= self.at + by <= last:
            self.at += by
        elif self.style == "multiple" or self.chosen:
            return NOTHING
        if self.style == "multiple":
            return NOTHING
        self._choose(frozenset({self.order[self.at]}))
        return Outcome(True)

    def _choose(self, chosen: frozenset[str]) -> None:
        self._history.push(self._snapshot())
        self._edited = True
        # What was in sight while others were changed has been looked at.
        self._suggested = frozenset()
        self.chosen = chosen

    def _snapshot(self) -> _Snapshot:
        return self.chosen, self._suggested, self._edited

    def _travel(self, snapshot: _Snapshot | None, refusal: str) -> Outcome:
        if snapshot is None:
            return Outcome(message=refusal)
        # Once everything is undone, suggestions that come later are welcome again.
        self.chosen, self._suggested, self._edited = snapshot
        self._stand_on_chosen()
        return Outcome(True)
