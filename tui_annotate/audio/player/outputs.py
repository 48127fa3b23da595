"""What the sound comes out of: a device, nothing, or a file that a test reads."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from tui_annotate.audio.player.output import Fill, NullOutput, Output, OutputError

VARIABLE = "TUI_ANNOTATE_AUDIO"
"""Names the output: portaudio, miniaudio, none, or null[:fast][:LOG] for tests."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which outputs to try, one after the other, and what a test wants written down.

    Attributes:
        names: Of ``portaudio``, ``miniaudio``, ``none`` and ``null``.
        fast: For ``null``, as fast as it can.
        log: For ``null``, the file that takes down what was played.
    """

    names: tuple[str, ...]
    fast: bool = False
    log: str | None = None


def choice(environment: Mapping[str, str]) -> Choice:
    """What the environment says."""
    value = environment.get(VARIABLE, "")
    name, _, rest = value.partition(":")
    if name == "null":
        fast = rest == "fast" or rest.startswith("fast:")
        log = rest.removeprefix("fast").removeprefix(":") if fast else rest
        return Choice(("null",), fast, log or None)
    if name in {"none", "off"}:
        return Choice(())
    if name in {"portaudio", "miniaudio"}:
        return Choice((name,))
    return Choice(("portaudio", "miniaudio"))


def open_output(choice: Choice, fill: Fill, rate: int) -> tuple[Output, str | None]:
    """The first output that can be had, else silence; and what to say about it.

    Args:
        choice: Which to try.
        fill: What gives the frames.
        rate: Frames per second of the file; the output may want another number.
    """
    reasons: list[str] = []
    for name in choice.names:
        try:
            return _open(name, choice, fill, rate), None
        except OutputError as error:
            reasons.append(str(error))
        except Exception as error:  # no library for sound may end the player
            traceback.print_exc()
            reasons.append(f"{name} has failed ({type(error).__name__})")
    why = "; ".join(dict.fromkeys(reasons)) or f"{VARIABLE} says so"
    return NullOutput(fill, rate), f"No sound: {why}."


def _open(name: str, choice: Choice, fill: Fill, rate: int) -> Output:
    if name == "null":
        return NullOutput(fill, rate, fast=choice.fast, name="null")
    if name == "portaudio":
        from tui_annotate.audio.player.portaudio_output import PortAudioOutput

        return PortAudioOutput(fill, rate)
    from tui_annotate.audio.player.miniaudio_output import MiniOutput

    return MiniOutput(fill, rate)
