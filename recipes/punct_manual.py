"""Put punctuation marks into texts by hand."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.recipe import LabelMap, Marks, Model, Session, Stream, Suggest, recipe


@recipe("punct.manual")
def punct_manual(
    stream: Stream,
    marks: Marks = DEFAULT,
    classes: tuple[str, ...] = (),
    mapping: LabelMap | None = None,
    model: Model = "blank:xx",
    sources: Suggest = ("gaps",),
    strip: bool = False,
    hints: bool = False,
    capitals: bool = True,
) -> Session:
    """Put punctuation marks into texts by hand, or move and fix those that are there.

    No mark is added for you, but tab goes to the next gap that is likely to need one, by
    its words (in English from the start, in any language from your earlier decisions).

    Args:
        marks: The marks: themselves (',.?!'), a language (en, de, fr, es, el, ar, fa, ur, hi,
            zh, ja, hy, am), or a file with mark, key and description. Without it, the English
            ones and those that come with the first tasks.
        classes: Classes of marks, such as list,clause.
        mapping: Rename marks and classes that come with the tasks: !=?,list=LIST.
        model: Tokeniser: an installed pipeline, a folder, or blank:xx.
        sources: Where suggestions come from: gaps (those that are likely to need a mark), or
            plug-ins; none for no suggestions.
        strip: Hide the marks in the texts.
        hints: With --strip, offer the hidden marks as suggestions.
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
            gaps=suggest.attention_points(model, marks, strip=strip),
        ),
        model=model,
        marks=marks,
        classes=classes,
        strip=strip,
        hints=hints,
        capitals=capitals,
    )
