"""Labels that are likely to be wrong, the likeliest first.

For classes a model that has not seen a record says how likely its label is: TF-IDF of words and
pairs of words, logistic regression, in three folds that a hash of the input draws. For spans the
other occurrences of the same string say it. Both are the out-of-fold idea of confident learning
(Northcutt, Jiang and Chuang, 2021).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from tui_annotate.records.reading import Line
from tui_annotate.task.parts import place_of
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

FOLDS = 3
ENOUGH = 30
"""Labelled records that a model needs."""
MOST_LABELS = 300

NO = "not "
"""Before a question that was answered with no."""


class Suspect(NamedTuple):
    """A label that is likely to be wrong.

    Attributes:
        place: The file as the user named it, and the line.
        what: What is labelled, for a message.
        label: The label it has.
        other: The label that is likelier.
        doubt: How unlikely the label is, from 0 to 1: what the order goes by.
        sure: Whether the other label is as likely as it usually is where it is right.
    """

    place: tuple[str, int]
    what: str
    label: str
    other: str
    doubt: float
    sure: bool

    def said(self) -> str:
        """What is in doubt, without the place."""
        return f"{self.what} is {self.label}; {self.other} is likelier"


def suspects(lines: Iterable[Line], tell: Callable[[str], None]) -> list[Suspect]:
    """The labels in doubt, the most doubtful first.

    Args:
        lines: Records; their texts and labels are held in memory.
        tell: Takes a sentence on what could not be looked at.
    """
    classes: list[tuple[tuple[str, int], Fields, str]] = []
    strings: defaultdict[str, list[tuple[tuple[str, int], str]]] = defaultdict(list)
    several = 0
    for file, number, _, fields in lines:
        text = fields.get("text")
        if not isinstance(text, str) or fields.get("answer", "accept") == "ignore":
            continue
        label = class_of(fields)
        if label is None and len(fields.get("accept") or ()) > 1:
            several += 1
        if label is not None:
            classes.append(((file, number), fields, label))
        if fields.get("answer", "accept") == "accept":
            for span in fields.get("spans") or ():
                if isinstance(span, dict) and isinstance(span.get("label"), str):
                    string = " ".join(text[span.get("start", 0) : span.get("end", 0)].split())
                    strings[string].append(((file, number), span["label"]))
    if several:
        tell(f"{several:,} records with several classes were not looked at")
    found = [*_of_classes(classes, tell), *_of_strings(strings)]
    return sorted(found, key=lambda one: -one.doubt)


def class_of(fields: Fields) -> str | None:
    """The one class of a record; None where it has none, or several."""
    accept, label = fields.get("accept"), fields.get("label")
    answer = fields.get("answer", "accept")
    if isinstance(accept, list) and answer == "accept":
        return str(accept[0]) if len(accept) == 1 else None
    if isinstance(label, str) and label and "spans" not in fields:
        return label if answer == "accept" else NO + label
    return None


def _of_classes(
    classes: Sequence[tuple[tuple[str, int], Fields, str]], tell: Callable[[str], None]
) -> list[Suspect]:
    counts = Counter(label for *_, label in classes)
    known = {label for label, count in counts.items() if count >= FOLDS}
    usable = [one for one in classes if one[2] in known]
    if not classes:
        return []
    if len(usable) < ENOUGH or not 1 < len(known) <= MOST_LABELS:
        tell(
            f"the classes were not looked at: that takes {ENOUGH} records, of two classes at least"
        )
        return []
    if rare := len(classes) - len(usable):
        tell(f"{rare:,} records of classes with fewer than {FOLDS} records were not looked at")
    labels = [label for *_, label in usable]
    folds = [int(place_of(fields, "suspects") * FOLDS) for _, fields, _ in usable]
    chances, names = _out_of_fold([fields["text"] for _, fields, _ in usable], labels, folds)
    own = np.array([chances[row][names.index(label)] for row, label in enumerate(labels)])
    best = np.argmax(chances, axis=1)
    usual = _usual_chances(own, labels, names)
    found = []
    for row, (place, fields, label) in enumerate(usable):
        other = int(best[row])
        if names[other] != label:
            sure = bool(chances[row][other] >= usual[other])
            doubt = 1.0 - float(own[row])
            found.append(Suspect(place, quoted(fields["text"]), label, names[other], doubt, sure))
    return found


def _usual_chances(
    own: np.ndarray[Any, Any], labels: Sequence[str], names: Sequence[str]
) -> list[float]:
    """How likely a class usually is for records that have it: the thresholds of the paper."""
    given = np.array(labels)
    return [float(own[given == name].mean()) for name in names]


def _out_of_fold(
    texts: Sequence[str], labels: Sequence[str], folds: Sequence[int]
) -> tuple[np.ndarray[Any, Any], list[str]]:
    """How likely each class is for each text, by a model that has not seen it."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    names = sorted(set(labels))
    chances = np.zeros((len(texts), len(names)))
    for fold in range(FOLDS):
        held = [row for row, own in enumerate(folds) if own == fold]
        seen = [row for row, own in enumerate(folds) if own != fold]
        if not held or len({labels[row] for row in seen}) < 2:
            continue
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\S+"),
            LogisticRegression(C=10.0, max_iter=300),
        )
        model.fit([texts[row] for row in seen], [labels[row] for row in seen])
        columns = [names.index(name) for name in model.classes_]
        found = model.predict_proba([texts[row] for row in held])
        for row, of_row in zip(held, found, strict=True):
            chances[row, columns] = of_row
    return chances, names


def _of_strings(strings: dict[str, list[tuple[tuple[str, int], str]]]) -> list[Suspect]:
    found = []
    for string, places in strings.items():
        counts = Counter(label for _, label in places)
        if len(counts) < 2:
            continue
        total = len(places)
        for place, label in places:
            other, often = max(
                ((name, count) for name, count in counts.items() if name != label),
                key=lambda pair: pair[1],
            )
            # Without the occurrence itself, and with one of each label in reserve.
            alike = counts[label] - 1
            if often > alike + 1:
                doubt = 1.0 - (alike + 1) / (total - 1 + len(counts))
                sure = often > (total - 1) / 2
                found.append(Suspect(place, quoted(string), label, other, doubt, sure))
    return found


def expected_wrong(found: Sequence[Suspect], first: int) -> int:
    """How many of the first so many are expected to be wrong."""
    return sum(one.sure for one in found[:first])
