"""Correct the punctuation that a spaCy pipeline suggests."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.recipe import LabelMap, Marks, Model, Session, Stream, Suggest, recipe


@recipe("punct.correct")
def punct_correct(
    stream: Stream,
    model: Model,
    marks: Marks = DEFAULT,
    classes: tuple[str, ...] = (),
    mapping: LabelMap | None = None,
    sources: Suggest = ("punctuation",),
    strip: bool = False,
    capitals: bool = True,
) -> Session:
    """Correct the punctuation marks that a spaCy pipeline suggests.

    Suggestions use words, tags, parse and your earlier decisions; tab goes to those
    to check and to gaps that may lack a mark. Names get capitals in texts that have
    no capitals. Marks that the texts have stay as they are, unless they are hidden.

    Args:
        model: An installed pipeline or a folder; it has a parser, or finds sentences.
        marks: The marks: themselves (',.?!'), a language (en, de, fr, es, el, ar, fa, ur, hi,
            zh, ja, hy, am), or a file with mark, key and description. Without it, the English
            ones and those that come with the first tasks.
        classes: Classes of marks, such as list,clause.
        mapping: Rename marks and classes that come with the tasks: !=?,list=LIST.
        sources: Where suggestions come from: punctuation (of the pipeline), or plug-ins; none for
            no suggestions.
        strip: Hide the marks in the texts, from the pipeline too.
        capitals: Leave capitals as they are (default: add them after a stop).
    """
    return Session(
        stream,
        view="punctuation",
        labels=(*marks.names, *classes),
        mapping=mapping,
        keys=marks.keys,
        descriptions=marks.descriptions,
        suggesters=suggest.chosen(
            sources,
            marks.names,
            punctuation=suggest.punctuation(model, marks, strip=strip),
        ),
        model=model,
        correct=True,
        marks=marks,
        classes=classes,
        strip=strip,
        capitals=capitals,
    )
