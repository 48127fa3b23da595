"""Tag every token by hand."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.recipe import LabelMap, Model, Patterns, Session, Stream, Suggest, Tags, recipe


@recipe("pos.manual")
def pos_manual(
    stream: Stream,
    tagset: Tags = UPOS,
    mapping: LabelMap | None = None,
    model: Model = "blank:xx",
    patterns: Patterns | None = None,
    sources: Suggest = (),
) -> Session:
    """Tag every token by hand, such as with its part of speech.

    Args:
        tagset: upos (the universal 17), xpos (English ones, or those that come with the tasks),
            or a file with tag, key and description (TSV or JSON).
        mapping: Rename tags that come with the tasks: NNP=NAME.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        patterns: A file of patterns (JSONL) that suggest tags.
        sources: Where suggestions come from: patterns, lexicon (what you tagged before), or
            plug-ins.
    """
    return Session(
        stream,
        view="tagging",
        labels=tagset.names,
        mapping=mapping,
        keys=tagset.keys,
        descriptions=tagset.descriptions,
        suggesters=suggest.chosen(
            sources,
            tagset.names,
            patterns=suggest.patterns(patterns, tagset.names) if patterns else None,
            lexicon=suggest.lexicon(),
        ),
        model=model,
        tagset=tagset,
        open=tagset.name == "xpos",
    )
