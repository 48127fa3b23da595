"""Where suggestions come from: what a recipe names, each source with what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tui_annotate.errors import UsageError
from tui_annotate.inventory.marks import MarkSet
from tui_annotate.inventory.tagset import UPOS, XPOS, TagSet
from tui_annotate.suggest import registry
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import AudioSuggester, TextSuggester
from tui_annotate.suggest.registry import Medium
from tui_annotate.suggest.spacy import models
from tui_annotate.suggest.spacy.fitness import unfit


def entities(
    model: str, labels: Sequence[str] = (), mapping: Mapping[str, str] | None = None
) -> SuggesterSpec:
    """The entities that a spaCy pipeline finds.

    Args:
        model: An installed pipeline or a folder.
        labels: The labels to offer, as they are after the mapping; all, if none is named.
        mapping: From a pipeline's label to the project's.

    Raises:
        UsageError: If there is no such pipeline, or it lacks a label.
        UsageError: If it finds no entities at all.
    """
    pipeline = models.resolve(model)
    if not pipeline.finders:
        raise unfit(model, pipeline, "finds no entities", "ner", "ner.manual")
    mapping = dict(mapping or {})
    has = pipeline.entity_labels
    offered = tuple(dict.fromkeys(mapping.get(label, label) for label in has))
    absent = [label for label in labels if offered and label not in offered]
    if absent:
        raise _lacking("--label", model, absent, offered)
    wanted = tuple(dict.fromkeys(labels)) or offered
    return SuggesterSpec(
        kind="entities",
        name=pipeline.source,
        options={"model": pipeline.target, "labels": list(labels), "mapping": mapping},
        own_labels=tuple(has),
        labels=wanted,
        notices=(pipeline.notice,) if pipeline.notice else (),
    )


def tags(model: str, tagset: TagSet, mapping: Mapping[str, str] | None = None) -> SuggesterSpec:
    """The tags that a spaCy pipeline gives to every token.

    Args:
        model: An installed pipeline or a folder.
        tagset: The tags to offer, as they are after the mapping; of `XPOS` whatever the
            pipeline has.
        mapping: From a pipeline's tag to the project's.

    Raises:
        UsageError: If there is no such pipeline, or it has none of the tags.
        UsageError: If it tags nothing.
    """
    pipeline = models.resolve(model)
    mapping = dict(mapping or {})
    universal = tagset.column == "pos"
    if mapping:
        universal = all(tag in UPOS.names for tag in mapping)
    made_by = set(pipeline.factories.values())
    if not ("tagger" in made_by or (universal and "morphologizer" in made_by)):
        raise unfit(model, pipeline, "tags no words", "a tagger or a morphologizer", "pos.manual")
    has = UPOS.names if universal else pipeline.tags
    offered = tuple(dict.fromkeys(mapping.get(tag, tag) for tag in has))
    own = tagset.name == XPOS.name
    shared = tuple(name for name in offered if own or name in tagset.names)
    if offered and not shared:
        raise _lacking("--tagset", model, tagset.names[:3], offered)
    return SuggesterSpec(
        kind="tags",
        name=pipeline.source,
        options={
            "model": pipeline.target,
            "column": "pos" if universal else "tag",
            "labels": list(shared or tagset.names),
            "mapping": mapping,
        },
        own_labels=tuple(has),
        labels=shared or tagset.names,
        notices=(pipeline.notice,) if pipeline.notice else (),
    )


def categories(
    model: str, labels: Sequence[str] = (), mapping: Mapping[str, str] | None = None
) -> SuggesterSpec:
    """The classes that a spaCy pipeline gives to whole texts, each with its score.

    Args:
        model: An installed pipeline or a folder.
        labels: The labels to offer, as they are after the mapping; all, if none is named.
            One that the pipeline lacks gets no score, as long as it has any of them.
        mapping: From a pipeline's label to the project's.

    Raises:
        UsageError: If there is no such pipeline, or it has none of the labels.
        UsageError: If it classifies no texts.
    """
    pipeline = models.resolve(model)
    if not pipeline.classifiers:
        raise unfit(
            model,
            pipeline,
            "classifies no texts",
            "textcat or textcat_multilabel",
            "textcat.manual",
        )
    mapping = dict(mapping or {})
    has = pipeline.categories
    offered = tuple(dict.fromkeys(mapping.get(label, label) for label in has))
    if labels and offered and not any(label in offered for label in labels):
        raise _lacking("--label", model, labels, offered)
    return SuggesterSpec(
        kind="categories",
        name=pipeline.source,
        options={"model": pipeline.target, "labels": list(labels), "mapping": mapping},
        own_labels=tuple(has),
        labels=tuple(dict.fromkeys(labels)) or offered,
        notices=(pipeline.notice,) if pipeline.notice else (),
    )


def punctuation(model: str, marks: MarkSet, *, strip: bool = False) -> SuggesterSpec:
    """The marks that are likely by the words and the parse of a spaCy pipeline; it learns.

    Args:
        model: An installed pipeline or a folder.
        marks: The marks on offer.
        strip: Whether the marks that a text has are hidden, from the pipeline too.

    Raises:
        UsageError: If there is no such pipeline.
        UsageError: If it neither parses nor finds sentences.
    """
    pipeline = models.resolve(model)
    made_by = set(pipeline.factories.values())
    if not made_by & {"parser", "senter", "sentencizer"}:
        raise unfit(model, pipeline, "finds no sentences", "a parser or a senter", "punct.manual")
    return _gaps(pipeline, pipeline.source, marks, strip, hints_only=False)


def attention_points(model: str, marks: MarkSet, *, strip: bool = False) -> SuggesterSpec:
    """The gaps between words that may lack a mark, without putting one into any; it learns.

    Args:
        model: An installed pipeline, a folder, or ``blank:xx``, which goes by words alone.
        marks: The marks on offer.
        strip: Whether the marks that a text has are hidden.

    Raises:
        UsageError: If there is no such pipeline.
    """
    return _gaps(models.resolve(model), "gaps", marks, strip, hints_only=True)


def _gaps(
    pipeline: models.Pipeline, name: str, marks: MarkSet, strip: bool, *, hints_only: bool
) -> SuggesterSpec:
    trained = bool(pipeline.components)
    return SuggesterSpec(
        kind="punctuation",
        name=name,
        options={
            "model": pipeline.target,
            "marks": list(marks.names),
            "strip": strip,
            "hints_only": hints_only,
            "language": pipeline.language if trained else marks.language,
        },
        labels=marks.names,
        notices=(pipeline.notice,) if pipeline.notice else (),
    )


def keyphrases(model: str, label: str = "KEYPHRASE", count: int = 10) -> SuggesterSpec:
    """The likeliest keyphrases of a text: noun chunks, or what comes next to them.

    Args:
        model: An installed pipeline, a folder, or ``blank:xx``; one that parses knows noun
            chunks, one that tags parts of speech, and without either words are counted.
        label: The label to offer.
        count: How many to offer for a text (for each 2,000 tokens of a long one).

    Raises:
        UsageError: If there is no such pipeline, or the count is none.
    """
    pipeline = models.resolve(model)
    if count < 1:
        raise UsageError(f"{count} is too few suggestions", do="must be 1 or more")
    return SuggesterSpec(
        kind="keyphrases",
        name=pipeline.source if pipeline.components else "phrases",
        options={"model": pipeline.target, "label": label, "count": count},
        labels=(label,),
        notices=(pipeline.notice,) if pipeline.notice else (),
    )


def _lacking(option: str, model: str, absent: Sequence[str], has: Sequence[str]) -> UsageError:
    import difflib

    close = difflib.get_close_matches(absent[0], has, n=1, cutoff=0.6)
    if not close:
        close = [label for label in has if label.casefold() == absent[0].casefold()]
    hint = f"did you mean {close[0]}? It" if close else "it"
    return UsageError(
        f"{model} has no label {', '.join(absent)}", where=option, do=f"{hint} has {', '.join(has)}"
    )


def patterns(path: str | Path, labels: Sequence[str] = ()) -> SuggesterSpec:
    """What the patterns of a file match.

    Args:
        path: JSONL of Prodigy or spaCy's EntityRuler.
        labels: The labels to offer; all, if none is named.

    Raises:
        AnnotateError: If the file cannot be read, or a line is wrong.
        UsageError: If none of the labels is in the file.
    """
    from tui_annotate.suggest.spacy.patterns import PatternFile

    file = PatternFile.read(Path(path))
    if labels and not any(label in file.labels for label in labels):
        have = ", ".join(file.labels)
        raise UsageError(
            f"none of {', '.join(labels)} has a pattern in it", where=str(path), do=f"it has {have}"
        )
    return SuggesterSpec(
        kind="patterns",
        name="patterns",
        options={"path": str(Path(path).resolve()), "shown": str(path), "labels": list(labels)},
        labels=tuple(label for label in file.labels if not labels or label in labels),
    )


def lexicon() -> SuggesterSpec:
    """What this annotator has labelled the same string as before; see `lexicon.Lexicon`."""
    return SuggesterSpec(kind="lexicon", name="lexicon")


def words() -> SuggesterSpec:
    """How likely each class is, from the words of texts decided before; see `words.Words`."""
    return SuggesterSpec(kind="words", name="words")


def plugged(name: str, labels: Sequence[str] = (), **options: Any) -> SuggesterSpec:
    """A suggester that another package offers by entry point.

    Args:
        name: The entry point's name in the group ``tui_annotate.text_suggesters`` or
            ``tui_annotate.audio_suggesters``.
        labels: The labels it is to offer; those of the session, if none is named.
        **options: What else it gets: strings, numbers, lists and objects of them.

    Raises:
        UsageError: If no installed package offers it.
        TypeError: If an option cannot cross to another process.
    """
    return plug_in(name, labels, ("text", "audio"), options)


def own(
    suggester: type[TextSuggester | AudioSuggester],
    labels: Sequence[str] = (),
    *,
    name: str | None = None,
    **options: Any,
) -> SuggesterSpec:
    """A suggester that is written in the recipe's own file.

    Args:
        suggester: Its class, at the top level of the file, derived from `TextSuggester` or
            `AudioSuggester`.
        labels: The labels it is to offer; those of the session, if none is named.
        name: What the status line calls it; the name of the class, if not given.
        **options: What else it gets: strings, numbers, lists and objects of them.

    Raises:
        UsageError: It is no such class, or stands within a function.
        TypeError: If an option cannot cross to another process.
    """
    msgspec.msgpack.encode(options)
    is_class = isinstance(suggester, type)
    if is_class and issubclass(suggester, TextSuggester):
        medium: Medium = "text"
    elif is_class and issubclass(suggester, AudioSuggester):
        medium = "audio"
    else:
        raise UsageError(
            f"{suggester!r} is not a suggester",
            do="give a class derived from suggest.TextSuggester or suggest.AudioSuggester",
        )
    if "<locals>" in suggester.__qualname__:
        raise UsageError(
            f"the suggester {suggester.__name__} stands within a function",
            do="move it to the top level of the file, where the other process finds it",
        )
    return SuggesterSpec(
        kind=registry.own_kind(suggester, medium),
        name=name or suggester.__name__,
        options=options,
        labels=tuple(labels),
    )


def plug_in(
    name: str, labels: Sequence[str], media: Sequence[Medium], options: Mapping[str, Any]
) -> SuggesterSpec:
    """The same for some media only; see `plugged`."""
    msgspec.msgpack.encode(options)
    found = next((one for each in media if (one := registry.source(name, each))), None)
    if found is None or found.group is None:
        known = dict.fromkeys(one.name for one in registry.BUILT_IN if one.medium in media)
        known |= dict.fromkeys(one for each in media for one in registry.plugged_names(each))
        raise UsageError(f"there is no suggester {name!r}", do=there_are(name, list(known)))
    notices: tuple[str, ...] = ()
    if found.group == registry.OLD_GROUP:
        groups = " or ".join(registry.GROUPS[each] for each in media)
        notices = (
            f"{name} is offered in the entry-point group {registry.OLD_GROUP}, "
            f"which is called {groups} now",
        )
    return SuggesterSpec(name, name, dict(options), tuple(labels), notices)


def there_are(name: str, known: Sequence[str], *besides: str) -> str:
    """What to do about a wrong name: the nearest of those there are, and all of them.

    Args:
        name: What was named.
        known: What could have been meant.
        *besides: What there is besides, and was hardly meant.
    """
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    *others, last = *known, *besides
    listed = " and ".join(filter(None, [", ".join(others), last]))
    return f"did you mean {close[0]}? There are {listed}" if close else f"there are {listed}"
