"""Linking: which mentions lack their link, and the keys that may help."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import knowledge
from benchmarks.annotator.count import Count, Trace, annotate
from benchmarks.annotator.desk import CANDIDATES, Desk
from benchmarks.annotator.gold import SHARED, Gold
from benchmarks.annotator.path import Keys, Mistake
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.linking import Options
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.entity import NIL, REASONS
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import read_rows
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens, fallback_pairs

EFFORT = 1.5
"""Keys that a mistake costs, about."""

SEEN = 10
"""The rows of a search that are on the screen."""

Link = tuple[str, str | None, str]
"""An id, the reason where there is none, and the name to search for."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A document whose mentions come with it, and what they mean.

    Attributes:
        gold: The document.
        fields: The task.
        links: What each mention means.
        accept: What `accept` is to be, where the task brings options.
    """

    gold: Gold
    fields: Mapping[str, Any]
    links: Mapping[tuple[int, int], Link]
    accept: list[str] | None = None


class Links:
    """Links the mentions of a document, from the left.

    Args:
        document: The document.
        linker: The knowledge base.
        candidates: Whether what is offered is taken; else every mention is searched for.
    """

    def __init__(self, document: Linked, linker: Linker, *, candidates: bool) -> None:
        self.gold = document.gold
        self._document = document
        self._linker = linker
        self._candidates = candidates

    def _right(self, span: Any) -> bool:
        id_, nil, _ = self._document.links[span.start, span.end]
        return span.link is not None and (span.link.kb_id, span.link.nil) == (id_, nil)

    def next(self, desk: Desk) -> Mistake | None:
        """The mention under the cursor if it lacks its link, else the first one."""
        here = desk.editor.mention
        wrong = [span for span in desk.editor.spans if not self._right(span)]
        if not wrong:
            return None
        span = here if here in wrong else wrong[0]
        goal = self._document.links[span.start, span.end]
        return Mistake(span.start, span.end, (desk.editor.caret.unit(span.start)[0],),
                       (span.start, span.end, goal[0]))  # fmt: skip

    def done(self, desk: Desk, mistake: Mistake) -> bool:
        """Whether the mention has its link."""
        return any(
            self._right(span)
            for span in desk.editor.spans.overlapping(mistake.start, mistake.end)
            if (span.start, span.end) == (mistake.start, mistake.end)
        )

    def edits(self, desk: Desk, mistake: Mistake, *, whole: bool) -> Sequence[str | Keys]:
        """The digit of the candidate, the reason for NIL, or a search by name."""
        editor, keymap = desk.editor, desk.keymap
        mention = editor.mention
        if mention is None:
            return []
        if (mention.start, mention.end) != (mistake.start, mistake.end):
            nested = mention.start < mistake.end and mistake.start < mention.end
            return keymap.keys("cycle")[:1] if nested else []
        id_, nil, name = self._document.links[mention.start, mention.end]
        keys: list[str | Keys] = []
        if self._candidates:
            shown = editor.candidates()[: editor.rows]
            keys += [
                keymap.keys(f"link_{place}")[0]
                for place, one in enumerate(shown, start=1)
                if (one.id, one.nil) == (id_, nil)
            ]
        none = keymap.keys("nil")[0]
        if nil is not None:
            reason = keymap.keys(f"link_{REASONS.index(nil) + 1}")[0]
            keys.append((none, none) if nil == REASONS[0] else (none, reason))
        elif not keys:
            keys.append((keymap.keys("knowledge")[0], *typed(self._linker, id_, name), "enter"))
        return keys

    def spreading(self, desk: Desk) -> list[str]:
        """The key that gives all alike the same link, where several are open."""
        picked = desk.editor.picked
        if picked is None:
            return []
        text = desk.editor.text
        wanted = text[picked.start : picked.end]
        # What is no mention would become one.
        alike = sum(text[span.start : span.end] == wanted for span in desk.editor.spans)
        several = 1 < alike == text.count(wanted)
        return list(desk.keymap.keys("label_all")[:1]) if several else []

    def left(self, desk: Desk) -> float:
        """About how many keys are wanted still."""
        return EFFORT * sum(not self._right(span) for span in desk.editor.spans)

    def place(self, desk: Desk, mistake: Mistake) -> Any:
        """The cursor, the mention that is meant, and its link."""
        editor = desk.editor
        return (*desk.place, editor.mention, editor.asking, self.done(desk, mistake))

    def written(self, fields: dict[str, Any]) -> bool:
        """Whether the links that are written are those of the gold."""
        written = {
            (span["start"], span["end"]): (span.get("kb_id"), span.get("nil"))
            for span in fields["spans"]
        }
        wanted = {place: link[:2] for place, link in self._document.links.items()}
        accept = self._document.accept
        return written == wanted and (accept is None or fields["accept"] == accept)


def typed(linker: Linker, id_: str, name: str) -> Keys:
    """The fewest keys by which the search finds an entity, if its name is typed from its start."""
    best: Keys | None = None
    for length in range(1, len(name) + 1):
        if best is not None and length >= len(best):
            break
        found = [one.id for one in linker.search(name[:length])][:SEEN]
        if id_ in found:
            keys = (*name[:length], *["down"] * found.index(id_))
            best = keys if best is None or len(keys) < len(best) else best
    if best is None:
        raise LookupError(f"{name} is not found by its name")
    return best


def elevant(
    name: str, distractors: int, folder: Path, limit: int | None
) -> tuple[list[Linked], KnowledgeBase]:
    """Documents of a benchmark of linking, and a base of their entities among others.

    Args:
        name: The benchmark.
        distractors: How many invented entities share the base.
        folder: Where to put it.
        limit: How many documents.
    """
    with (knowledge.GOLD / f"{name}.benchmark.jsonl").open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    base = knowledge.gold_base(documents, distractors, folder)
    made = []
    for document in documents[:limit]:
        wanted = knowledge.mentions(document)
        links: dict[tuple[int, int], Link] = {
            place: (id_, REASONS[0] if id_ == NIL else None, entity)
            for place, (id_, entity) in wanted.items()
        }
        spans = [{"start": a, "end": b, "label": "ENTITY"} for a, b in sorted(wanted)]
        made.append(Linked(_gold(document["text"]), {"text": document["text"], "spans": spans},
                           links))  # fmt: skip
    return made, base


def emerson(folder: Path, limit: int | None) -> tuple[list[Linked], KnowledgeBase]:
    """Tasks of Prodigy with their options and one mention each, and the base they are about."""
    data = SHARED / "prodigy-projects" / "nel_emerson"
    path = folder / "emerson.sqlite"
    build(read_rows(data / "entities.csv"), path)
    base = KnowledgeBase(path)
    made = []
    with (data / "emerson_annotated_text.jsonl").open(encoding="utf-8") as lines:
        tasks = [json.loads(line) for line in lines]
    for task in tasks[:limit]:
        if task["answer"] != "accept":
            continue
        preset = Choices(task).preset(task)
        (span,) = task["spans"]
        known = base.entity(preset["kb_id"])
        link = preset["kb_id"], preset.get("nil"), known.name if known else ""
        fields = {k: v for k, v in task.items() if k not in ("accept", "answer")}
        links = {(span["start"], span["end"]): link}
        made.append(Linked(_gold(task["text"]), fields, links, task["accept"]))
    return made, base


def _gold(text: str) -> Gold:
    return Gold([], text, Tokens.from_pairs(text, fallback_pairs(text)), [])


def count(
    documents: Sequence[Linked],
    base: KnowledgeBase,
    *,
    candidates: bool = True,
    prechoose: float | None = None,
    trace: Trace = None,
) -> Count:
    """Link the mentions of documents in order, as one session; an item is a mention.

    Args:
        documents: The documents.
        base: The knowledge base.
        candidates: Whether what is offered is taken; else every mention is searched for.
        prechoose: The score from which the first candidate is chosen beforehand.
        trace: Told of all keys.
    """
    linker = Linker(base)
    labels = ("ENTITY", "ORG", "PER")
    keymap = Keymap("linking", labels)
    options = Options(knowledge=linker, overlap=True, prechoose=prechoose)
    total = Count()
    for number, document in enumerate(documents):
        task = Task(dict(document.fields), f"{number:016x}", Origin("gold", number + 1), number)
        editor: Any = kind("linking").open(EditorInput(task, document.gold.tokens, labels, options))
        editor.rows = CANDIDATES
        desk = Desk(editor, keymap)
        desk = annotate(desk, Links(document, linker, candidates=candidates), total, trace)
        total.items += len(document.links)
        if candidates:
            line = {"text": task.text, "answer": "accept", **desk.editor.fields()}
            kind("linking").remember(options, line)
    return total


def iterate(folder: Path, limit: int | None) -> Iterator[tuple[str, list[Linked], KnowledgeBase]]:
    """Each corpus: its name, its documents and its knowledge base."""
    for name, title in (("kore50", "KORE50"), ("oke-2016-eval", "OKE 2016")):
        yield (title, *elevant(name, 10_000, folder, limit))
    yield ("nel_emerson", *emerson(folder, limit))
