"""Options: those of every session, and those that a recipe's signature gives."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click
import msgspec

from tui_annotate.config import THEMES
from tui_annotate.errors import UsageError
from tui_annotate.recipe.parameters import Parameter, read_file, split_names
from tui_annotate.session.run_settings import ExcludeBy
from tui_annotate.wording import did_you_mean

if TYPE_CHECKING:
    from tui_annotate.records.condition import Condition

Split = Literal["line", "paragraph", "file"]


class Common(msgspec.Struct, frozen=True):
    """The options that mean the same in every recipe, as they were given."""

    output: str | None
    annotator: str | None
    guidelines: Path | None
    split: Split | None
    source_format: str | None
    text_column: str | None
    encoding: str
    where: Condition | None
    skip_invalid: bool
    keep_labels: bool
    exclude_by: ExcludeBy | None
    take_over: bool
    context: int
    theme: str | None
    debug: bool


class SoundOptions(msgspec.Struct, frozen=True):
    """The options that mean the same in every recipe for sound, as they were given.

    Attributes:
        window: Seconds of each task; None for whole sounds.
        hop: Seconds from the start of one window to that of the next.
        split_channels: Every channel is a task of its own.
        regions: A file or folder to take regions from.
        tiers: The tiers to take of it.
        near: Look for files beside the sounds, too.
    """

    window: float | None = None
    hop: float | None = None
    split_channels: bool = False
    regions: Path | None = None
    tiers: tuple[str, ...] = ()
    near: bool = True


def sound_options() -> list[click.Option]:
    """The options of every session with sounds."""
    return [
        click.Option(
            ["--window"],
            metavar="SECONDS",
            help="Window length in seconds; each window is a task, the files stay whole.",
        ),
        click.Option(
            ["--hop"],
            metavar="SECONDS",
            help="Step between windows in seconds (default: the window length, so that they do not "
            "overlap).",
        ),
        click.Option(
            ["--split-channels"], is_flag=True, help="Make a separate task of each channel."
        ),
        click.Option(
            ["--from", "regions_from"],
            metavar="FILE|FOLDER",
            help="Read existing regions from this file or folder: TextGrid, EAF, RTTM, STM, "
            "CTM, WebVTT, SRT or Audacity labels.",
        ),
        click.Option(
            ["--tiers"],
            multiple=True,
            metavar="NAMES",
            help="Tiers of a TextGrid or EAF to read (default: all independent tiers).",
        ),
        click.Option(
            ["--no-sidecar"],
            is_flag=True,
            help="Ignore region files beside a recording that have its name.",
        ),
        # The name it had before stays readable in scripts.
        click.Option(["--no-beside"], is_flag=True, hidden=True),
    ]


def read_sound_options(values: Mapping[str, Any]) -> SoundOptions:
    """Check the options of every session with sounds.

    Raises:
        UsageError: A value is no number of seconds.
    """
    given = values["regions_from"]
    return SoundOptions(
        window=_seconds("--window", values["window"]),
        hop=_seconds("--hop", values["hop"]),
        split_channels=values["split_channels"],
        regions=Path(given) if given is not None else None,
        tiers=split_names(values["tiers"]),
        near=not (values["no_sidecar"] or values["no_beside"]),
    )


def _seconds(option: str, value: str | None) -> float | None:
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e9:
        raise UsageError(f"{value!r} is not a number of seconds", where=option)
    return seconds


def common_options(*, sounds: bool = False) -> list[click.Option]:
    """The options of every session.

    Args:
        sounds: Leave out what is for text alone.
    """
    return [option for option in _all_options() if not (sounds and option.name in _FOR_TEXT)]


_FOR_TEXT = ("split", "source_format")


def _all_options() -> list[click.Option]:
    return [
        click.Option(
            ["-o", "--output"],
            metavar="OUT.jsonl",
            help="Where to save decisions; a folder gets one file per annotator "
            "(default: SOURCE.RECIPE.jsonl in the current folder).",
        ),
        click.Option(
            ["--annotator"],
            metavar="NAME",
            help="Annotator name (default: settings, then login).",
        ),
        click.Option(
            ["--guidelines"],
            metavar="FILE.md",
            help="Guidelines to read during the session (Markdown).",
        ),
        click.Option(
            ["--split"],
            metavar="line|paragraph|file",
            help="How plain text is split into tasks.",
        ),
        click.Option(
            ["--from", "source_format"],
            metavar="FORMAT",
            help="The source's format (default: by name and content; tui-annotate formats lists "
            "them).",
        ),
        click.Option(
            ["--text-column"],
            metavar="NAME",
            help="Column of a CSV or TSV that holds the text or the names of the recordings.",
        ),
        click.Option(
            ["--encoding"], default="utf-8", metavar="NAME", help="The source's encoding."
        ),
        click.Option(
            ["--where"],
            metavar="CONDITION",
            help="Only the tasks of the source that fulfil a condition, such as "
            "'meta.year > 1999 and \"war\" in text'.",
        ),
        click.Option(
            ["--skip-invalid"], is_flag=True, help="Skip invalid lines and report how many."
        ),
        click.Option(
            ["--keep-labels"],
            is_flag=True,
            help="Keep labels outside the label set (shown dim).",
        ),
        click.Option(
            ["--exclude-by"],
            metavar="task|input",
            help="When to treat a task as already done: same task, or same input. "
            "Without it you are asked at the first of several equal tasks.",
        ),
        click.Option(
            ["--take-over"],
            is_flag=True,
            help="Take over from the session that has this output open.",
        ),
        click.Option(
            ["--context"],
            default="0",
            metavar="N",
            help="Show N tasks before and after this, dim.",
        ),
        click.Option(["--theme"], metavar="dark|light", help="Colour theme."),
        click.Option(
            ["-F", "--recipe-file", "files"],
            multiple=True,
            expose_value=False,
            metavar="FILE",
            help="A file with your own recipes.",
        ),
        click.Option(["--debug"], is_flag=True, help="Show tracebacks."),
    ]


def read_common(values: Mapping[str, Any]) -> Common:
    """Check the options of every session.

    Raises:
        UsageError: A value is not one of those there are, or a file is missing.
    """
    guidelines = values["guidelines"]
    return Common(
        output=values["output"],
        annotator=values["annotator"],
        guidelines=read_file([guidelines]) if guidelines is not None else None,
        split=cast("Split | None", one_of("--split", values.get("split"), _SPLITS)),
        source_format=values.get("source_format"),
        text_column=values["text_column"],
        encoding=_encoding(values["encoding"]),
        where=condition_of(values["where"]),
        skip_invalid=values["skip_invalid"],
        keep_labels=values["keep_labels"],
        exclude_by=cast("ExcludeBy | None", one_of("--exclude-by", values["exclude_by"], _EXCLUDE)),
        take_over=values["take_over"],
        context=_digit("--context", values["context"]),
        theme=one_of("--theme", values["theme"], THEMES),
        debug=values["debug"],
    )


_SPLITS = ("line", "paragraph", "file")
_EXCLUDE = ("task", "input")


def condition_of(text: str | None) -> Condition | None:
    """Read a condition on tasks or records, if there is one.

    Raises:
        UsageError: It is none.
    """
    if text is None:
        return None
    from tui_annotate.records.condition import Condition

    return Condition(text)


def one_of(option: str, value: str | None, choices: Sequence[str]) -> str | None:
    """Return the value if it is one of the choices.

    Raises:
        UsageError: It is not.
    """
    if value is None or value in choices:
        return value
    do = did_you_mean(value, choices, "take " + " or ".join(choices))
    raise UsageError(f"{value!r} is not a valid value", where=option, do=do)


def _digit(option: str, value: str) -> int:
    if value.isascii() and value.isdigit() and len(value) == 1:
        return int(value)
    raise UsageError(f"{value!r} is not a number from 0 to 9", where=option)


def _encoding(name: str) -> str:
    import codecs

    try:
        return codecs.lookup(name).name
    except LookupError:
        raise UsageError(
            f"there is no encoding {name!r}",
            where="--encoding",
            do="use an encoding that Python knows: utf-8, latin-1, cp1252, …",
        ) from None


def annotator_name(given: str | None, settled: str | None) -> str:
    """Return who decides: as given, else as in the settings, else the login name.

    Raises:
        UsageError: The name cannot be part of a file name.
    """
    name = given if given is not None else settled
    if name is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):
            raise UsageError(
                "this login has no name", do="name the annotator with --annotator"
            ) from None
    fits = name == name.strip() and name.isprintable() and 0 < len(name) <= 100
    if not fits or name.startswith(".") or set("/\\") & set(name):
        raise UsageError(
            f"{name!r} cannot be an annotator's name: it becomes part of file names",
            where="--annotator",
            do="use letters and digits",
        )
    return name


def recipe_option(parameter: Parameter) -> click.Option:
    """Make the option of a recipe's parameter."""
    flags = [*parameter.option.flags, parameter.name]
    if parameter.flag:
        return click.Option(
            flags,
            is_flag=True,
            help=parameter.help,
            default=False,
        )
    return click.Option(
        flags,
        # One value after the other, so that all are there in their order: the last
        # one counts, or all of them.
        multiple=True,
        metavar=parameter.option.metavar,
        help=parameter.help + _default(parameter),
    )


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "  [required]"
    if isinstance(parameter.default, (str, int, float)) and parameter.default != "":
        return f"  [default: {parameter.default}]"
    return ""


def recipe_value(parameter: Parameter, given: Any) -> object:
    """Return the value that a recipe's function gets.

    Raises:
        UsageError: The option is missing, given too often, or its value is wrong.
    """
    option = parameter.option
    flag = max(option.flags, key=len)
    if parameter.flag:
        return bool(given) != bool(parameter.default)
    if not given:
        if parameter.required:
            raise UsageError(
                f"{'/'.join(option.flags)} is missing", do=f"add {flag} {option.metavar}"
            )
        return parameter.default
    if len(given) > 1 and not option.many:
        raise UsageError("this option was given twice", where=flag)
    if parameter.choices:
        return one_of(flag, given[-1], parameter.choices)
    return option.read(given)
