"""The sources of suggestions: what each is for, where it runs and how it is made.

This is the only table of them. Those that other packages offer are found by their
entry points, in the groups `TEXT_GROUP` and `AUDIO_GROUP`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from functools import cache, reduce
from pathlib import Path
from typing import Any, Literal

import msgspec

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.spacy import models
from tui_annotate.user_module import place_of, run_file

Medium = Literal["text", "audio"]
Process = Literal["interface", "suggestions", "sound"]

TEXT_GROUP = "tui_annotate.text_suggesters"
AUDIO_GROUP = "tui_annotate.audio_suggesters"
GROUPS: dict[Medium, str] = {"text": TEXT_GROUP, "audio": AUDIO_GROUP}
"""The entry points by which other packages offer suggesters."""

OLD_GROUP = "tui_annotate.suggesters"
"""Where packages named suggesters of both media before; they still can."""

OWN_GROUP = "own"
"""Stands for the group of a suggester that a recipe names by its class; see `own_kind`."""


_PROCESS: dict[Medium, Process] = {"text": "suggestions", "audio": "sound"}


class Source(msgspec.Struct, frozen=True):
    """A source of suggestions.

    Attributes:
        name: What `SuggesterSpec.kind` and ``--suggest`` call it.
        medium: Whether it suggests something for texts or for sounds.
        process: Where it runs: in the interface's own process, in the suggestion
            process or in the sound process.
        factory: What makes it, as ``module:attribute``. It is imported when it is first
            needed, in the process where it runs. Those of the interface take the
            descriptions of the labels, those of the suggestion process their spec and the
            pipeline's `Runner`, those of the sound process the clip, the open file and
            their spec.
        pipeline: The spaCy pipeline that it reads: ``own`` is the one that its option
            ``model`` names, ``session`` is the session's, which makes the tokens.
        needs: What says which parts of that pipeline have to be loaded, as
            ``module:attribute``: from the pipeline and the options to `Needs`.
        group: The group of the entry point that offers it; None if it is built in.
    """

    name: str
    medium: Medium
    process: Process
    factory: str
    pipeline: Literal["own", "session"] | None = None
    needs: str | None = None
    group: str | None = None

    def load(self) -> Any:
        """Import what makes it."""
        return _imported(self.factory)

    def load_needs(self) -> Any:
        """Import what says what it needs of its pipeline."""
        assert self.needs is not None
        return _imported(self.needs)


def _local(name: str, factory: str) -> Source:
    return Source(name, "text", "interface", f"tui_annotate.suggest.local.{factory}")


def _piped(name: str, factory: str, pipeline: Literal["own", "session"] = "own") -> Source:
    module = f"tui_annotate.suggest.spacy.{factory.partition(':')[0]}"
    return Source(
        name,
        "text",
        "suggestions",
        f"tui_annotate.suggest.spacy.{factory}",
        pipeline,
        f"{module}:needs",
    )


def _heard(name: str, factory: str) -> Source:
    return Source(name, "audio", "sound", f"tui_annotate.audio.detect.{factory}")


BUILT_IN = (
    _piped("entities", "entities:Entities"),
    _piped("patterns", "matcher:PatternMatcher", "session"),
    _local("lexicon", "lexicon:Lexicon"),
    _local("words", "words:Words"),
    _piped("tags", "tags:TagSuggester"),
    _piped("categories", "classes:Categories"),
    _piped("keyphrases", "keyphrases:Keyphrases"),
    _piped("punctuation", "punctuation:Punctuator"),
    _heard("speech", "speech:SpeechSuggester"),
    _heard("music", "music:MusicSuggester"),
    _heard("speakers", "speakers:SpeakerSuggester"),
)
"""The sources that come with the program."""

_BUILT_IN = {(source.medium, source.name): source for source in BUILT_IN}


def source(name: str, medium: Medium) -> Source | None:
    """The source of a name; None if there is none for this medium.

    Args:
        name: What it is called.
        medium: What it has to suggest something for.
    """
    if found := _BUILT_IN.get((medium, name)):
        return found
    if name.startswith(f"{medium}:"):
        factory = name.partition(":")[2]
        return Source(name, medium, _PROCESS[medium], factory, group=OWN_GROUP)
    return next((one for one in _plugged(medium, name)), None)


def own_kind(suggester: type, medium: Medium) -> str:
    """What `SuggesterSpec.kind` calls a class of a recipe's own, so that any process finds it.

    Args:
        suggester: A class at the top level of a file or of a module that can be imported.
        medium: What it makes suggestions for.
    """
    return f"{medium}:{place_of(suggester)}:{suggester.__qualname__}"


def source_of(spec: SuggesterSpec, medium: Medium) -> Source:
    """The source that a spec names.

    Raises:
        AnnotateError: There is none.
    """
    found = source(spec.kind, medium)
    if found is None:
        raise AnnotateError(f"no installed package offers a suggester {spec.kind!r}")
    return found


def plugged_names(medium: Medium) -> list[str]:
    """The names of the sources that other packages offer for a medium."""
    return sorted({one.name for one in _plugged(medium)})


def is_local(spec: SuggesterSpec) -> bool:
    """Whether a source works in the interface's own process."""
    found = _BUILT_IN.get(("text", spec.kind))
    return found is not None and found.process == "interface"


def tokeniser(
    specs: Sequence[SuggesterSpec], model: str | None, language: str = "xx"
) -> models.Pipeline:
    """The pipeline whose tokeniser a session uses.

    The model that was named, else that of the first suggester that has one,
    so that tokens are those its pipeline was trained on; else the language's.

    Raises:
        AnnotateError: If it cannot be had.
    """
    known = ((_BUILT_IN.get(("text", spec.kind)), spec) for spec in specs)
    own = (str(spec.options["model"]) for found, spec in known if found and found.pipeline == "own")
    return models.resolve(model or next(own, f"blank:{language}"))


def check(
    specs: Sequence[SuggesterSpec],
    model: str | None,
    language: str = "xx",
    *,
    medium: Medium = "text",
) -> None:
    """Fail before a session opens rather than in it.

    Args:
        specs: The suggesters of a session.
        model: The pipeline that makes the tokens of its texts.
        language: The language to tokenise as, where no pipeline is named.
        medium: Whether the session is about texts or about sounds.

    Raises:
        AnnotateError: If a suggester is for the other medium, if the tokeniser cannot be
            had, or if patterns ask for what its pipeline does not know (parts of speech,
            lemmas, custom attributes).
    """
    for spec in specs:
        if source(spec.kind, medium) is None:
            raise wrong_medium(spec.kind, medium) or UsageError(
                f"there is no suggester {spec.kind!r}", do="install the package that offers it"
            )
    if medium == "audio":
        return
    pipeline = tokeniser(specs, model, language)
    for spec in specs:
        if spec.kind == "patterns":
            from tui_annotate.suggest.spacy.patterns import pattern_file

            pattern_file(spec.options).check(pipeline, spec.options["labels"])


def wrong_medium(
    name: str, medium: Medium, *, where: str | None = None, do: str = "remove it"
) -> UsageError | None:
    """What to say of a source that is there, but for the other medium; None if it is not there.

    Args:
        name: What it is called.
        medium: What the session is about.
        where: Where it was named.
        do: What to do instead.
    """
    other: Medium = "audio" if medium == "text" else "text"
    if source(name, other) is None:
        return None
    what = (
        "audio, and this recipe labels text"
        if medium == "text"
        else ("text, and this recipe labels audio")
    )
    return UsageError(f"{name} makes suggestions for {what}", where=where, do=do)


def _plugged(medium: Medium, name: str | None = None) -> Iterator[Source]:
    """What other packages offer, those in the medium's own group first."""
    from importlib.metadata import entry_points

    process = _PROCESS[medium]
    for group in (GROUPS[medium], OLD_GROUP):
        for entry in entry_points(group=group):
            if name is None or entry.name == name:
                factory = f"{entry.module}:{entry.attr}"
                yield Source(entry.name, medium, process, factory, group=group)


_run_once = cache(run_file)
"""Each clip asks for its suggester; the file that holds it is run once in a process."""


def _imported(path: str) -> Any:
    module, _, attribute = path.rpartition(":")
    names = attribute.split(".") if attribute else []
    found = _run_once(Path(module)) if module.endswith(".py") else importlib.import_module(module)
    return reduce(getattr, names, found)
