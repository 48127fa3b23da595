"""Correct the tags that a spaCy pipeline gives."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.recipe import LabelMap, Model, Session, Stream, Suggest, Tags, recipe


@recipe("pos.correct")
def pos_correct(
    stream: Stream,
    model: Model,
    tagset: Tags = UPOS,
    mapping: LabelMap | None = None,
    sources: Suggest = ("tags",),
    threshold: float = 0.9,
) -> Session:
    """Correct the tag that a spaCy pipeline gives to every token.

    Args:
        model: An installed pipeline or a folder; it has a tagger or a morphologizer.
        tagset: upos (the universal 17), xpos (those of the pipeline), or a file with tag,
            key and description (TSV or JSON).
        mapping: Rename tags of the pipeline and of the tasks: NNP=NAME.
        sources: Where suggestions come from: tags (of the pipeline), or plug-ins; none for no
            suggestions.
        threshold: The probability below which a tag is one to check with tab.
    """
    tags = suggest.tags(model, tagset, mapping)
    if tagset.name == "xpos":
        tagset = tagset.only(tags.labels)
    return Session(
        stream,
        view="tagging",
        labels=tagset.names,
        mapping=mapping,
        keys=tagset.keys,
        descriptions=tagset.descriptions,
        suggesters=suggest.chosen(sources, tagset.names, tags=tags),
        model=model,
        correct=True,
        tagset=tagset,
        threshold=threshold,
    )
