"""What a kind of annotation is, and what it is given and gives back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.base import Editor
from tui_annotate.kinds.options import ViewOptions
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming import SPANS, Incoming, Medium
from tui_annotate.task.task import Task
from tui_annotate.text.rows import TagRow
from tui_annotate.text.tokens import Tokens

OptionsT = TypeVar("OptionsT", bound=ViewOptions)
Record = Mapping[str, Any]
"""A line of the output: a task with its annotation."""


class EditorInput(msgspec.Struct, Generic[OptionsT], frozen=True):
    """What a kind opens an editor with.

    Attributes:
        task: The task.
        content: What is annotated: the tokens of its text, or the clip of its sound.
        labels: The labels on offer.
        options: The view options of the recipe.
        decided: The line that decided the task before, if it is reopened.
        known: Strings that were labelled before.
        keyed: The labels that have a key of their own.
        named: Whether the labels were named; else they are those that come with the tasks.
        descriptions: What the file of labels says about each.
        blocks: The labels of each block of the session, as they are at any time.
        names: What those are called by now who were renamed in other windows of the recording.
    """

    task: Task
    content: Tokens | Clip
    labels: Sequence[str]
    options: OptionsT
    decided: Record | None = None
    known: Container[str] = ()
    keyed: Container[str] = ()
    named: bool = True
    descriptions: Mapping[str, str] = msgspec.field(default_factory=dict)
    blocks: Sequence[Sequence[str]] = ()
    names: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def tokens(self) -> Tokens:
        """The tokens of its text."""
        assert isinstance(self.content, Tokens)
        return self.content

    @property
    def clip(self) -> Clip:
        """The clip of its sound."""
        assert isinstance(self.content, Clip)
        return self.content

    @property
    def record(self) -> Record:
        """The line that decided the task before, else the task as it came."""
        return self.task.fields if self.decided is None else self.decided

    @property
    def offered(self) -> list[Suggestion] | None:
        """What was offered when the task was decided before; None if it never was."""
        if self.decided is None:
            return None
        return PLAIN.decode_all(self.decided.get("_suggested"))


class TrainingExample(msgspec.Struct, frozen=True):
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


class Offer(msgspec.Struct, Generic[OptionsT], frozen=True):
    """What a recipe puts on offer, as far as its first tasks may change that.

    Attributes:
        labels: The labels; none where those of the tasks are to be taken.
        keys: Keys of their own for labels.
        suggesters: Sources of suggestions.
        options: The view options.
        notices: What to tell the user about it before the session opens.
    """

    labels: tuple[str, ...]
    keys: Mapping[str, str]
    suggesters: tuple[SuggesterSpec, ...]
    options: OptionsT
    notices: tuple[str, ...] = ()


class FirstTasks(msgspec.Struct, frozen=True):
    """What is known of a source when its first tasks were read.

    Attributes:
        incoming: What read the annotation that they came with.
        labels: The labels that they came with, in the order they were met.
        source: The name of the source.
        correct: Whether what they and the suggesters say is to be corrected.
        alone: Whether the kind has the tasks to itself; else it is one of several blocks.
    """

    incoming: Incoming
    labels: tuple[str, ...]
    source: str
    correct: bool = False
    alone: bool = True


def units_of_spans(options: object, record: Record) -> Sequence[TrainingExample]:
    """What an accepted line with spans teaches; nothing for every other."""
    if record.get("answer") != "accept" or "spans" not in record:
        return ()
    spans = record["spans"]
    # Of a long text there are many, and a key waits: rows of ours are not asked by name.
    if spans and isinstance(spans[0], TagRow):
        labelled = [(span.start, span.end, span.label) for span in spans]
    else:
        labelled = [(span["start"], span["end"], span["label"]) for span in spans]
    # What is linked to what is no label.
    offered = PLAIN.decode_all(record.get("_suggested"), "?")
    claimed = [one for one in offered if one.kb_id is None]
    return (TrainingExample(labelled, claimed),)


def _as_it_is(offer: Offer[OptionsT], first: FirstTasks) -> Offer[OptionsT]:
    return offer


def _ignored(options: object, record: Record) -> None:
    pass


def _silent(options: object, record: Record) -> Sequence[tuple[float, float, str]]:
    return ()


def _nothing_to_do(options: object, task: Task, suggestions: Sequence[Suggestion]) -> None:
    pass


class Kind(msgspec.Struct, Generic[OptionsT], frozen=True):
    """One kind of annotation.

    Attributes:
        options: The options of its view.
        open: Makes the editor of a task.
        widget: Where the view is, as ``module:class``; imported by the interface.
        view_id: The ``_view_id`` it writes.
        view_ids: Every ``_view_id`` that lines of its own may have; only what `view_id` says,
            if none are named.
        overlapping: Whether its suggestions may overlap, given the view options.
        medium: What its tasks are made of.
        tokens: Whether it works with the tokens of a text.
        incoming: Which of a task's fields hold the labels, given the view options.
        shares_fields: Fields of a task as it came that it reads, though another kind writes them;
            beside such a one, they are this kind's.
        writes: The fields of a line that are this kind's own; two kinds that share
            one cannot be put on the same task.
        hidden_labels: Labels that suggestions may have without being on offer.
        units: What a decided line teaches the sources of suggestions, if anything.
        remember: Told of every line as it is decided, and at the start of the newest that were;
            with the view options, which may hold what remembers it.
        replay: Told, one by one and the newest first, of the lines decided before those; None
            where they do not matter.
        prefetch: Told of every task that comes up, and again of the suggestions for it, with the
            view options; what is slow can be made ready here, in a thread.
        batch_size: How many suggestions its editor is given at once, where each takes its time;
            keys are heard in between.
        complete: Adds to what is on offer what the first tasks say.
        voices: Who is named to speak where in a decided line: start and end in seconds of the task,
            and the name; nothing where nobody is to be told apart.
        key_groups: Groups of keys of its view, for a view that the table of keys does not know
            because another package brings it.
    """

    options: type[OptionsT]
    open: Callable[[EditorInput[OptionsT]], Editor]
    widget: str
    view_id: Callable[[OptionsT], str]
    overlapping: Callable[[OptionsT], bool] = lambda options: False
    view_ids: frozenset[str] = frozenset()
    medium: Medium = "text"
    tokens: bool = True
    incoming: Callable[[OptionsT], Incoming] = lambda options: SPANS
    shares_fields: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset({"spans"})
    hidden_labels: frozenset[str] = frozenset()
    units: Callable[[OptionsT, Record], Sequence[TrainingExample]] = units_of_spans
    remember: Callable[[OptionsT, Record], None] = _ignored
    replay: Callable[[OptionsT, Record], None] | None = None
    prefetch: Callable[[OptionsT, Task, Sequence[Suggestion]], None] = _nothing_to_do
    batch_size: int | None = None
    complete: Callable[[Offer[OptionsT], FirstTasks], Offer[OptionsT]] = _as_it_is
    voices: Callable[[OptionsT, Record], Sequence[tuple[float, float, str]]] = _silent
    key_groups: tuple[str, ...] = ()
