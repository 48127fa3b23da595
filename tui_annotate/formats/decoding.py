"""One line of JSON to the fields of a task, or to the reason why not."""

from __future__ import annotations

import re
from collections.abc import Container

import msgspec

from tui_annotate import lenient_json
from tui_annotate.task.task import USED_FIELDS, Fields
from tui_annotate.wording import quoted

NOT_UTF8 = "not valid UTF-8"
"""What a sentence about bytes in another encoding begins with."""

_decode = msgspec.json.Decoder().decode
_MARK = "\ufeff".encode()
_endless_string = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*\\?', re.DOTALL)


def decode_fields(
    raw: bytes, what: str = "a task", used: Container[str] = USED_FIELDS
) -> Fields | str:
    """Decode one JSON object, losing nothing: key order and whole numbers of any size.

    What JSON does not have, such as NaN, passes as a string in fields that nothing is done with.

    Args:
        raw: UTF-8 bytes.
        what: What the object is, for the sentence.
        used: The fields that have to be right.

    Returns:
        The object, or a sentence without full stop on what is wrong.
    """
    # Where files were joined, each brings its own.
    raw = raw.removeprefix(_MARK)
    try:
        fields = _decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _leniently(raw, used) or explain(raw, error, what, used)
    if type(fields) is dict:
        return fields
    return f"{what} is an object, {{…}}, and this is {_kind(fields)}"


def _leniently(raw: bytes, used: Container[str]) -> Fields | None:
    """The object in bytes that a strict reader refuses, where no field that is used is wrong."""
    try:
        fields, odd = lenient_json.decode(raw)
    except (ValueError, RecursionError):
        return None
    wrong = not odd or any(name in used for name in odd)
    return None if wrong or not isinstance(fields, dict) else fields


def decode_text(raw: bytes) -> str | UnicodeDecodeError:
    """Decode UTF-8 bytes, or give back the error for `invalid_bytes` to word."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        return error


def invalid_bytes(error: UnicodeDecodeError) -> str:
    """Word what is wrong with bytes that are not UTF-8."""
    bad = error.object[error.start]
    at = len(error.object[: error.start].decode(errors="replace"))
    return f"{NOT_UTF8}: byte 0x{bad:02x} at character {at}"


def explain(raw: bytes, error: Exception, what: str, used: Container[str]) -> str:
    """Word why a line is no JSON that can be used."""
    if isinstance(error, RecursionError):
        return "the JSON is nested too deeply"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "the file seems to be UTF-16, not UTF-8"
    text = decode_text(raw.rstrip())
    if isinstance(text, UnicodeDecodeError):
        return invalid_bytes(text)
    if "\0" in text:
        return f"the line has a NUL at character {text.index(chr(0))}"
    import json

    try:
        value, odd = lenient_json.decode(raw.rstrip())
    except json.JSONDecodeError as broken:
        return broken_json(text, broken.pos, broken.pos)
    except RecursionError:
        return "the JSON is nested too deeply"
    except ValueError:
        return "a number has too many digits"
    name = next((one for one in odd if one in used), None)
    if name is not None:
        return f"{odd[name]}, in the field {quoted(name)}"
    if isinstance(value, dict):
        return "a number is too large"
    return f"{what} is an object, {{…}}, and this is {_kind(value)}"


def broken_json(text: str, place: int, at: int) -> str:
    """Word what is wrong with a text that is no JSON.

    The sentence is made of the text alone: what the parser says differs from one
    version of Python to the next.

    Args:
        text: All of it.
        place: The character where it stops being JSON.
        at: What to call that place, such as the character of its line.
    """
    rest = text[place:]
    if not rest.strip():
        what = "it ends too early"
    elif _endless_string.fullmatch(rest):
        what = "a string is opened but not closed"
    elif rest[0] == "\ufeff":
        what = "a byte order mark is not expected"
    elif rest[0] == "'":
        what = "a single quote stands where JSON has double quotes"
    elif rest[0] == "\\":
        what = "a backslash begins no escape that JSON has"
    elif not rest[0].isprintable():
        what = "a control character stands unescaped"
    else:
        what = f"{quoted(rest[0])} is not expected"
    return f"broken JSON: {what} at character {at}"


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a string"
    return "null" if value is None else "a number or a truth value"
