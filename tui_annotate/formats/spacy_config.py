"""A configuration for ``spacy train``, for the documents of an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_annotate.formats.writing import DEV, TRAIN

if TYPE_CHECKING:
    from tui_annotate.formats.spacy_docs import Contents

_LONGEST = 12
"""Tokens of the longest spans that are suggested to a span categoriser: each costs memory."""


def config(language: str, contents: Contents, paths: Mapping[str, str]) -> str:
    """Write a configuration.

    Args:
        language: The language's code.
        contents: What the documents have: each gets a component that learns it.
        paths: The files, by the part that they hold.
    """
    from spacy.cli.init_config import init_config

    from tui_annotate.formats.spacy_docs import NEGATIVE, SPANS_KEY

    pipeline = [
        name
        for name, wanted in (
            ("tagger", contents.tags),
            ("morphologizer", contents.pos),
            ("ner", contents.entities),
            ("spancat", contents.longest),
            ("textcat" if contents.single else "textcat_multilabel", contents.classes),
        )
        if wanted
    ]
    made = init_config(lang=language, pipeline=pipeline, optimize="efficiency", gpu=False)
    made["paths"]["train"] = paths.get(TRAIN) or paths.get("")
    made["paths"]["dev"] = paths.get(DEV)
    if "ner" in pipeline and contents.negative:
        made["components"]["ner"]["incorrect_spans_key"] = NEGATIVE
    if "spancat" in pipeline:
        spancat = made["components"]["spancat"]
        spancat["spans_key"] = contents.spans_key
        spancat["suggester"] = {
            "@misc": "spacy.ngram_range_suggester.v1",
            "min_size": 1,
            "max_size": min(contents.longest, _LONGEST),
        }
        weights = made["training"]["score_weights"]
        made["training"]["score_weights"] = {
            name.replace(f"spans_{SPANS_KEY}_", f"spans_{contents.spans_key}_"): weight
            for name, weight in weights.items()
        }
    text: str = made.to_str()
    return text
