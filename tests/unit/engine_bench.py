"""A session without a terminal: an engine over real files and a process that tests speak for."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from tui_annotate.editors.base import stage
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.recipe import Session
from tui_annotate.session.assembly import Surroundings, open_session, with_stream_of_view
from tui_annotate.session.decisions import Answer
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.sources import Stream, open_source
from tui_annotate.store.disk import Disk
from tui_annotate.suggest.messages import Document, Suggested, SuggesterSpec, Tokenised
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import fallback_pairs


class QuickDisk(Disk):
    """A disk that tests of thousands of decisions do not have to wait for."""

    def fsync(self, fd: int) -> None:
        """Believe it."""


class FakeProcess:
    """Notes what it is asked; tests answer for it."""

    def __init__(self) -> None:
        self.documents: dict[int, str] = {}
        self.sent: list[str] = []
        self.switched: list[tuple[str, bool]] = []
        self.told: list[tuple[str, list[tuple[int, int, str]]]] = []
        self.closed = False

    def submit(self, documents: Sequence[Document]) -> None:
        """Note them."""
        self.sent.extend(document.text for document in documents)
        self.documents.update({document.number: document.text for document in documents})

    def switch(self, source: str, on: bool) -> None:
        """Note it."""
        self.switched.append((source, on))

    def feedback(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        sources: Collection[str] | None = None,
    ) -> None:
        """Note it."""
        self.told.append((text, list(spans)))

    def close(self) -> None:
        """Note it."""
        self.closed = True


class Bench:
    """One session on a source and an output.

    Args:
        source: The file with the tasks.
        output: Where decisions go.
        labels: The labels on offer; those of the tasks, if none are named.
        process: What makes tokens and suggestions; the fallback if none.
        specs: The suggesters.
        correct: Whether decisions wait for suggestions.
        settings: What else the settings say.
        locked: Lock the output against other sessions.
        clock: Monotonic seconds; by default those of the attribute `clock`, which a test moves.
        options: Of the view.
    """

    def __init__(
        self,
        source: Path,
        output: Path,
        *,
        labels: Sequence[str] = ("PER", "ORG", "GPE"),
        process: FakeProcess | None = None,
        specs: Sequence[SuggesterSpec] = (),
        correct: bool = False,
        keep_labels: bool = False,
        skip_invalid: bool = False,
        quick: bool = False,
        settings: dict[str, Any] | None = None,
        clock: Callable[[], float] | None = None,
        locked: bool = False,
        **options: object,
    ) -> None:
        stream = Stream(
            open_source(str(source)),
            labels=labels,
            keep_labels=keep_labels,
            skip_invalid=skip_invalid,
        )
        description = Session(
            stream,
            labels=labels,
            suggesters=specs,
            correct=correct,
            **options,  # type: ignore[arg-type]
        )
        description = with_stream_of_view(description)
        if not description.labels:
            # They come with the first tasks, as they do in the program.
            description.stream.check_head()
        self.process = process
        self.lost = False
        self.clock = 0.0
        self.engine = open_session(
            description,
            RunSettings("ner.manual", source.name, output, "ann", **(settings or {})),
            Surroundings(
                texts=lambda session, on_message, log: process,
                lost=None if locked else lambda: self.lost,
                disk=QuickDisk() if quick else Disk(),
                clock=clock or (lambda: self.clock),
                now=lambda: 1_700_000_000.0,
            ),
        )
        self.journal = self.engine.journal
        self.drafts = self.engine.context.drafts
        self.output = output
        self.started = self.engine.start()

    # ── what there is ──────────────────────────────────────────────────────

    @property
    def text(self) -> str | None:
        """The text of the current task."""
        item = self.engine.current
        return None if item is None else item.task.text

    @property
    def remarks(self) -> list[str]:
        """What there is to say of the current task."""
        item = self.engine.current
        return [] if item is None else list(item.remarks)

    @property
    def editor(self) -> SpanEditor:
        """The editor of the current task."""
        item = self.engine.current
        assert item is not None
        assert isinstance(item.editor, SpanEditor)
        return item.editor

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The labelled strings of the current task."""
        editor = self.editor
        return [(editor.text[span.start : span.end], span.label) for span in editor.spans]

    def lines(self) -> list[dict[str, Any]]:
        """The decided lines."""
        assert self.journal.wait(5)
        return [json.loads(line) for line in self.output.read_bytes().splitlines()]

    @property
    def stage(self) -> str:
        """What is on the desk."""
        return self.engine.stage

    # ── what is done ───────────────────────────────────────────────────────

    def goto(self, query: str) -> bool:
        """Go to a task by number, text or hash; whether there is one."""
        position = self.engine.queue.find(query)
        if position is not None:
            self.engine.goto(position)
        return position is not None

    def label(self, word: str, label: str) -> None:
        """Label the first occurrence of a word."""
        self.editor.move_to(self.editor.text.index(word))
        outcome = self.engine.edit("label", label)
        assert outcome is not None
        assert outcome.edited

    def paint(self, at: float | None = None) -> None:
        """Have the current task painted as it is, now or at a time."""
        item = self.engine.current
        if item is not None:
            self.engine.painted(
                item,
                self.clock if at is None else at,
                with_suggestions=item.suggested,
                at_stage=stage(item.editor),
            )

    def decide(self, answer: Answer = "accept") -> str | None:
        """Decide the current task, painted as it is; what was said, if anything."""
        self.paint()
        said = self.engine.decide(answer).message
        assert self.journal.wait(5)
        self.engine.saved()
        return said

    def tokenise(self, position: int) -> bool:
        """Have the process send the tokens of a task."""
        assert self.process is not None
        pairs = list(fallback_pairs(self.process.documents[position]))
        return self.engine.receive(Tokenised(position, pairs))

    def suggest(self, position: int, *found: tuple[str, str, str]) -> bool:
        """Have the process suggest words of a task: each with its label and source."""
        assert self.process is not None
        text = self.process.documents[position]
        offered = [
            Suggestion(text.index(word), text.index(word) + len(word), label, source)
            for word, label, source in found
        ]
        return self.engine.receive(Suggested(position, offered))

    def close(self, *, compact: bool = False) -> None:
        """Leave as `q` does."""
        assert self.engine.close(compact=compact) is None

    def die(self) -> None:
        """Leave as a power cut does, what was on the disk apart."""
        self.journal.close()
