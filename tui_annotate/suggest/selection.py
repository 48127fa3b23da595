"""What ``--suggest`` means in a recipe: names of sources, each made into what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from tui_annotate.errors import UsageError
from tui_annotate.suggest import registry
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.registry import Medium
from tui_annotate.suggest.specs import plug_in, there_are
from tui_annotate.task.incoming_regions import WantedRegions

NONE = "none"
"""The name that stands for no source at all."""

_FLAG = "--suggest"

_MISSING = {
    "own": ("no pipeline was named", "name one with --model"),
    "session": ("there is no file of patterns", "name it with --patterns FILE"),
}

Offered = SuggesterSpec | Callable[[], SuggesterSpec] | None
"""A source that a recipe offers, or what makes it; None if something for it was not named."""


def chosen(names: Sequence[str], labels: Sequence[str] = (), **own: Offered) -> list[SuggesterSpec]:
    """The sources for text that ``--suggest`` names, in the same order: the first wins.

    Plug-ins may be named in every recipe. A file of patterns that is there suggests first
    where its place is not named.

    Args:
        names: The names; ``none`` for no suggestions.
        labels: The labels on offer, for plug-ins.
        **own: The sources that the recipe has itself, by name.

    Raises:
        UsageError: There is no source of a name, or it is of no use here.
    """
    return _chosen(names, labels, "text", own)


def _chosen(
    names: Sequence[str], labels: Sequence[str], medium: Medium, own: Mapping[str, Offered]
) -> list[SuggesterSpec]:
    wanted = list(dict.fromkeys(names))
    if own.get("patterns") is not None and "patterns" not in wanted:
        wanted.insert(0, "patterns")
    if NONE in wanted:
        if len(wanted) > 1:
            others = ", ".join(name for name in wanted if name != NONE)
            raise UsageError(f"{NONE} does not go with {others}", where=_FLAG, do="leave one out")
        return []
    return [_one(name, labels, medium, own) for name in wanted]


def sounds(
    names: Sequence[str],
    labels: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    *,
    channels: bool = False,
) -> list[SuggesterSpec]:
    """The sources of regions that ``--suggest`` names: speech, music, speakers, or plug-ins.

    Args:
        names: Their names, the first wins; ``none`` for no suggestions.
        labels: The labels on offer; the default ones, if none is named.
        mapping: What their labels are called in this project: SPEECH, MUSIC and those of
            plug-ins.
        channels: Listen to every channel for itself.

    Raises:
        UsageError: There is no source of a name, or it is of no use here.
    """
    wanted = WantedRegions(labels=tuple(labels), mapping=mapping or {})
    own: dict[str, Offered] = {}
    for name, found in (("speech", "SPEECH"), ("music", "MUSIC"), ("speakers", "SPEECH")):
        label = wanted.on_offer(found) or wanted.renamed(found)
        options = {"label": label, **({"channels": True} if channels else {})}
        own[name] = SuggesterSpec(name, name, options, (label,))
    specs = _chosen(names, labels, "audio", own)
    if not mapping:
        return specs
    return [
        spec if spec.name in own else replace(spec, options={**spec.options, "mapping": mapping})
        for spec in specs
    ]


def with_labels(specs: Sequence[SuggesterSpec], labels: Sequence[str]) -> list[SuggesterSpec]:
    """The same sources, where plug-ins that were told no labels know those of the session."""
    built_in = {one.name for one in registry.BUILT_IN}
    return [
        spec if spec.labels or spec.kind in built_in else replace(spec, labels=tuple(labels))
        for spec in specs
    ]


def _one(
    name: str, labels: Sequence[str], medium: Medium, own: Mapping[str, Offered]
) -> SuggesterSpec:
    if name in own:
        offered = own[name]
        if offered is None:
            built_in = registry.source(name, medium)
            what, do = _MISSING[(built_in and built_in.pipeline) or "own"]
            raise UsageError(what, where=f"{_FLAG} {name}", do=do)
        return offered() if callable(offered) else offered
    known = registry.source(name, medium)
    if known is not None and known.group is not None:
        return plug_in(name, labels, (medium,), {})
    do = there_are(name, [*own, *registry.plugged_names(medium)], NONE)
    if known is not None:
        raise UsageError(f"this recipe has no suggester {name!r}", where=_FLAG, do=do)
    if name == "given":
        what = "given is no longer a suggester: the spans that come with a task are always there"
        raise UsageError(what, where=_FLAG, do="leave it out")
    raise registry.wrong_medium(name, medium, where=_FLAG, do=do) or UsageError(
        f"there is no suggester {name!r}", where=_FLAG, do=do
    )
