"""Rules for the fields that every record has; see the page on the output format."""

from __future__ import annotations

from collections.abc import Iterator

from tui_annotate.quality.problem import CheckedRecord, Problem, objects, wrong_type
from tui_annotate.task.incoming import IncomingSpans
from tui_annotate.task.incoming_regions import IncomingRegions
from tui_annotate.task.task import Fields, faults
from tui_annotate.wording import json_kind, quoted

ANSWERS = ("accept", "reject", "ignore")

_TYPES: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
    ("_input_hash", int, "a whole number"),
    ("_task_hash", int, "a whole number"),
    ("_task_id", str, "a string"),
    ("_view_id", str, "a string"),
    ("_session_id", str, "a string"),
    ("_annotator_id", str, "a string"),
    ("_timestamp", int, "a whole number of seconds"),
    ("_recipe", str, "a string"),
    ("_labels", list, "a list"),
    ("_suggested", list, "a list"),
    ("_seconds", (int, float), "a number"),
    ("_keys", int, "a whole number"),
    ("flagged", bool, "true or false"),
    ("comment", str, "a string"),
    ("meta", dict, "an object"),
    ("transcript", str, "a string"),
)


def input_problems(fields: Fields) -> Iterator[Problem]:
    """What keeps the text or the sound, and what is marked in it, from being used."""
    if "audio" in fields or "audio_spans" in fields:
        incoming = IncomingRegions(mode="speakers")
        for message, _ in faults(fields, None, True, incoming, "audio"):
            if not message.startswith("meta"):
                yield Problem("region" if message.startswith("region") else "input", message)
    elif "text" in fields:
        for message, fatal in faults(fields, None, False, IncomingSpans(), "text"):
            if message.startswith(("span", '"spans"')):
                # What a session does not mind has a rule of its own.
                if fatal:
                    yield Problem("span", message)
            elif message.startswith("meta"):
                continue
            else:
                rule = "tokens" if "tokens" in message else "input"
                yield Problem(rule, message.partition("; the tokens")[0])
    elif not ("options" in fields or "html" in fields or "image" in fields):
        yield Problem("input", "there is neither a text nor a recording")


def field_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Fields of another type than the format gives them."""
    fields = record.fields
    for name, types, wanted in _TYPES:
        if wrong := wrong_type(fields, name, types, wanted):
            yield Problem("field", wrong)
    for name in ("_seconds", "_keys"):
        value = fields.get(name)
        if isinstance(value, int | float) and value < 0:
            yield Problem("field", f'"{name}" is below 0')
    answer = fields.get("answer")
    if "answer" in fields and answer not in ANSWERS:
        said = quoted(answer) if isinstance(answer, str) else json_kind(answer)
        yield Problem("answer", f'"answer" is {said}, not accept, reject or ignore')


def label_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Labels that were not on offer."""
    fields = record.fields
    offered = fields.get("_labels")
    if not isinstance(offered, list) or not offered or fields.get("answer") == "ignore":
        return
    names = {name for name in offered if isinstance(name, str)}
    for what, name in (("span", "spans"), ("region", "audio_spans")):
        if what == "region" and "speaker" not in str(fields.get("_recipe")):
            continue
        if fields.get("_view_id") == "punctuation":
            continue
        for number, item in objects(fields.get(name)):
            label = item.get("label")
            if isinstance(label, str) and label and label not in names:
                yield Problem(
                    "label",
                    f"{what} {number} has the label {quoted(label)}, which was not on offer",
                )


def choice_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Choices that are not among the options, or several where one is to be chosen."""
    fields = record.fields
    chosen = fields.get("accept")
    if chosen is None:
        return
    if not isinstance(chosen, list):
        yield Problem("choice", f'"accept" is {json_kind(chosen)}, not a list')
        return
    options = fields.get("options")
    ids = {item.get("id") for _, item in objects(options)}
    for value in chosen:
        if isinstance(value, list | dict):
            yield Problem("choice", f'"accept" holds {json_kind(value)}, not an id')
        elif isinstance(options, list) and value not in ids:
            yield Problem("choice", f"{quoted(value)} was chosen and is not among the options")
    config = fields.get("config")
    style = config.get("choice_style") if isinstance(config, dict) else None
    if style == "single" and len(chosen) > 1:
        yield Problem("choice", f"{len(chosen)} options were chosen where one was to be")
