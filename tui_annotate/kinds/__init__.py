"""The kinds of annotation there are: an editor, a view and a name in the file.

Each is a module of this package with a `KIND`; what is new needs an editor, a
view, a recipe, and its rows in the table of keys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.base import Editor
from tui_annotate.errors import UsageError
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming import SPANS, Incoming, Medium
from tui_annotate.task.task import Task
from tui_annotate.text.rows import TagRow
from tui_annotate.text.tokens import Tokens

if TYPE_CHECKING:
    from tui_annotate.recipe import Session


@dataclass(frozen=True, slots=True)
class EditorInput:
    """What a kind opens an editor with.

    Attributes:
        task: The task.
        matter: What is annotated: the tokens of its text, or the clip of its sound.
        labels: The labels on offer.
        options: The view options of the recipe.
        decided: The line that decided the task before, if it is reopened.
        known: Strings that were labelled before.
        keyed: The labels that have a key of their own.
        named: Whether the labels were named; else they are those that come with the tasks.
        descriptions: What the file of labels says about each.
        blocks: The labels of each block of the session, as they are at any time.
    """

    task: Task
    matter: Tokens | Clip
    labels: Sequence[str]
    options: Mapping[str, Any]
    decided: Mapping[str, Any] | None = None
    known: Container[str] = ()
    keyed: Container[str] = ()
    named: bool = True
    descriptions: Mapping[str, str] = field(default_factory=dict)
    blocks: Sequence[Sequence[str]] = ()

    @property
    def tokens(self) -> Tokens:
        """The tokens of its text."""
        assert isinstance(self.matter, Tokens)
        return self.matter

    @property
    def clip(self) -> Clip:
        """The clip of its sound."""
        assert isinstance(self.matter, Clip)
        return self.matter

    @property
    def offered(self) -> list[Suggestion] | None:
        """What was offered when the task was decided before; None if it never was."""
        if self.decided is None:
            return None
        return [Suggestion.from_span(one, "task") for one in self.decided.get("_suggested") or ()]


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """What the sources of suggestions learn from a decided line.

    Attributes:
        labelled: Start, end and label of what the annotator holds to be so.
        claimed: The suggestions that said something is so; one that only says
            how likely something is claims nothing.
        labels: The labels that were on offer; None for those of the line.
        sources: The sources it is for; None for all.
    """

    labelled: Sequence[tuple[int, int, str]]
    claimed: Sequence[Suggestion]
    labels: Sequence[str] | None = None
    sources: Collection[str] | None = None


def lesson_of_spans(line: Mapping[str, Any]) -> TrainingExample | None:
    """What an accepted line with spans teaches; None for every other."""
    if line.get("answer") != "accept" or "spans" not in line:
        return None
    spans, offered = line["spans"], line.get("_suggested") or ()
    # Of a long text there are many, and a key waits: rows of ours are not asked by name.
    if spans and isinstance(spans[0], TagRow):
        labelled = [(span.start, span.end, span.label) for span in spans]
    else:
        labelled = [(span["start"], span["end"], span["label"]) for span in spans]
    # What is linked to what is no label.
    claimed = [
        one if isinstance(one, Suggestion) else Suggestion.from_span(one, "?")
        for one in offered
        if (one.kb_id is None if isinstance(one, Suggestion) else "kb_id" not in one)
    ]
    return TrainingExample(labelled, claimed)


def _as_it_is(session: Session) -> Session:
    return session


def _nothing_to_do(
    options: Mapping[str, Any], task: Task, suggestions: Sequence[Suggestion]
) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of annotation.

    Attributes:
        open: Makes the editor of a task.
        widget: Where the view is, as ``module:class``; imported by the interface.
        view_id: The ``_view_id`` it writes.
        crossing: Whether its suggestions may overlap, given the view options.
        medium: What its tasks are made of.
        tokens: Whether it works with the tokens of a text.
        carried: Which of a task's fields hold the labels, given the view options.
        borrows: Fields of a task as it came that it reads, though another kind writes them;
            beside such a one, they are this kind's.
        writes: The fields of a line that are this kind's own; two kinds that share
            one cannot be put on the same task.
        unlisted: Labels that suggestions may have without being on offer.
        lesson: What a decided line teaches the sources of suggestions, if anything.
        lessons: The same where it depends on the view options or is more than one.
        remember: Told of every line as it is decided, and at the start of the newest that were;
            with the view options, which may hold what remembers it.
        recall: Told, one by one and the newest first, of the lines decided before those; None
            where they do not matter.
        ahead: Told of every task that comes up, and again of the suggestions for it, with the
            view options; what is slow can be made ready here, in a thread.
        at_once: How many suggestions its editor is given at once, where each takes its time;
            keys are heard in between.
        complete: Adds to a session what its first tasks say; the stream has read them.
    """

    open: Callable[[EditorInput], Editor]
    widget: str
    view_id: Callable[[Mapping[str, Any]], str]
    crossing: Callable[[Mapping[str, Any]], bool] = lambda options: False
    medium: Medium = "text"
    tokens: bool = True
    carried: Callable[[Mapping[str, Any]], Incoming] = lambda options: SPANS
    borrows: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset({"spans"})
    unlisted: frozenset[str] = frozenset()
    lesson: Callable[[Mapping[str, Any]], TrainingExample | None] = lesson_of_spans
    lessons: Callable[[Mapping[str, Any], Mapping[str, Any]], Sequence[TrainingExample]] | None = (
        None
    )
    remember: Callable[[Mapping[str, Any], Mapping[str, Any]], None] = lambda options, line: None
    recall: Callable[[Mapping[str, Any], Mapping[str, Any]], None] | None = None
    ahead: Callable[[Mapping[str, Any], Task, Sequence[Suggestion]], None] = _nothing_to_do
    at_once: int | None = None
    complete: Callable[[Session], Session] = _as_it_is

    def taught(
        self, options: Mapping[str, Any], line: Mapping[str, Any]
    ) -> Sequence[TrainingExample]:
        """All that a decided line teaches, given the view options."""
        if self.lessons is not None:
            return self.lessons(options, line)
        lesson = self.lesson(line)
        return () if lesson is None else (lesson,)


def kind(view: str) -> Kind:
    """The kind of a view: the module of this package that bears its name.

    Raises:
        UsageError: There is no such view.
    """
    names = [found.name for found in iter_modules(__path__)]
    if view not in names:
        raise UsageError(
            f"the recipe wants the view {view!r}", do=f"the views are {', '.join(names)}"
        )
    found = import_module(f"{__name__}.{view}").KIND
    assert isinstance(found, Kind)
    return found
