"""Make the sound of the demo, and what is known of it: `python docs/demo_sound.py`.

Two people talk, with pauses and an overlap, between a little music and a kettle. The
voices are espeak-ng's (Debian: apt-get install espeak-ng), the rest is computed here.
The sound goes into the samples; who speaks when, which is known to the frame, goes to
the tests, so that nothing beside the sample gives the answer away.
"""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import librosa
import numpy
import soundfile

RATE = 16_000
HERE = Path(__file__).resolve().parent.parent
SAMPLE = HERE / "tui_annotate" / "samples" / "dialogue.flac"
GOLD = HERE / "tests" / "data" / "dialogue"

VOICES = {
    "Anna": ("en-gb+f2", 168, 62),
    "Ben": ("en-us+m3", 158, 36),
}
"""Voice, words a minute and pitch, as espeak-ng counts them."""

SPOKEN = (
    # Who, seconds after the end of what was heard before (an overlap if negative), what.
    ("Anna", 0.7, "Good morning, Ben. Did the ferry come in last night?"),
    ("Ben", 0.6, "It did, but late. The fog was so thick that we rang the bell until eleven."),
    ("Anna", 0.9, "I heard it from the kitchen. And the parcel for the school?"),
    ("Ben", 0.5, "Two parcels, in fact. One is full of atlases, and the other has no name on it."),
    ("Anna", -1.9, "Atlases? At last!"),
    ("Anna", 1.4, "Wait, the kettle."),
    ("", 0.3, "kettle"),
    ("Anna", 0.5, "There. No name at all?"),
    ("Ben", 0.7, "Only a number, forty two, in green ink."),
    ("Anna", 1.2, "Then it is for me."),
    ("Ben", 0.3, "For you? What did you order?"),
    ("Anna", 0.6, "A lantern. For the next time that the fog comes in."),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the sound.

    Attributes:
        start: Its first frame.
        end: The frame after its last one.
        speaker: Who speaks; nobody in music and noise.
        text: What is said, or what else is heard.
    """

    start: int
    end: int
    speaker: str
    text: str


def spoken(speaker: str, text: str) -> Any:
    """Let espeak-ng say something, without the silence around it."""
    voice, speed, pitch = VOICES[speaker]
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    samples, rate = soundfile.read(io.BytesIO(said), dtype="float32")
    samples = librosa.resample(samples, orig_sr=rate, target_sr=RATE)
    loud = numpy.flatnonzero(numpy.abs(samples) > 0.01)
    samples = samples[loud[0] : loud[-1] + 1]
    return samples * (0.5 / numpy.abs(samples).max())


def music(notes: tuple[int, ...], beat: float = 0.42) -> Any:
    """Plucked notes, given as keys of a piano, each ringing on over the next."""
    made = numpy.zeros(round((len(notes) * beat + 1.2) * RATE), numpy.float32)
    for place, key in enumerate(notes):
        clock = numpy.arange(round(1.6 * RATE)) / RATE
        pitch = 440.0 * 2 ** ((key - 49) / 12)
        parts = [
            numpy.sin(2 * numpy.pi * pitch * part * clock) * numpy.exp(-clock * (2 + part)) / part
            for part in (1, 2, 3, 4)
        ]
        tone = numpy.sum(parts, axis=0)
        begins = round(place * beat * RATE)
        room = min(len(tone), len(made) - begins)
        made[begins : begins + room] += 0.16 * tone[:room]
    fade = round(0.4 * RATE)
    made[-fade:] *= numpy.linspace(1, 0, fade)
    return made


def kettle(seconds: float = 2.2) -> Any:
    """Steam: noise that swells, without its low part."""
    noise = numpy.random.default_rng(7).standard_normal(round(seconds * RATE))
    hiss = numpy.diff(noise, prepend=0.0)
    swell = numpy.sin(numpy.linspace(0, numpy.pi, len(hiss))) ** 0.6
    return (0.035 * hiss * swell).astype(numpy.float32)


def compose() -> tuple[Any, list[Part]]:
    """Put it all together."""
    placed: list[tuple[Part, Any]] = []

    def place(start: int, samples: Any, speaker: str, text: str) -> int:
        placed.append((Part(start, start + len(samples), speaker, text), samples))
        return max(part.end for part, _ in placed)

    now = place(round(0.4 * RATE), music((40, 44, 47, 52, 56, 52, 47, 44)), "", "music")
    for speaker, pause, text in SPOKEN:
        samples = spoken(speaker, text) if speaker else kettle()
        now = place(now + round(pause * RATE), samples, speaker, text if speaker else "noise")
    place(now + round(0.8 * RATE), music((52, 47, 44, 40, 45, 40)), "", "music")
    parts = [part for part, _ in placed]
    whole = numpy.zeros(max(part.end for part in parts) + round(0.5 * RATE), numpy.float32)
    for part, samples in placed:
        whole[part.start : part.end] += samples
    # 13 bits are more than these voices need; FLAC leaves out the others.
    return numpy.round(whole * 4096) / 4096, parts


def main() -> None:
    """Write the sound, and what is known of it as RTTM and TextGrid."""
    whole, parts = compose()
    soundfile.write(SAMPLE, whole, RATE, subtype="PCM_16", format="FLAC")
    GOLD.parent.mkdir(exist_ok=True)
    GOLD.with_suffix(".rttm").write_text(rttm(parts), encoding="utf-8")
    GOLD.with_suffix(".TextGrid").write_text(text_grid(parts, len(whole)), encoding="utf-8")
    print(f"{SAMPLE.name}: {len(whole) / RATE:.1f} s, {SAMPLE.stat().st_size / 1000:.0f} kB")


def rttm(parts: list[Part]) -> str:
    """Who speaks when, and what else is heard, in the order of time."""
    lines = []
    for part in sorted(parts, key=lambda one: one.start):
        start, end = round(part.start / RATE, 6), round(part.end / RATE, 6)
        times = f"{start:.6f} {end - start:.6f}"
        if part.speaker:
            lines.append(f"SPEAKER dialogue 1 {times} <NA> <NA> {part.speaker} <NA> <NA>")
        else:
            lines.append(f"NON-SPEECH dialogue 1 {times} <NA> {part.text} <NA> <NA> <NA>")
    return "\n".join(lines) + "\n"


def text_grid(parts: list[Part], frames: int) -> str:
    """A tier for each voice with what it says, and one for what else is heard."""
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', ""]
    tiers = (*VOICES, "")
    lines += ["0", repr(frames / RATE), "<exists>", str(len(tiers))]
    for tier in tiers:
        intervals: list[tuple[int, int, str]] = []
        now = 0
        for part in sorted((one for one in parts if one.speaker == tier), key=lambda o: o.start):
            intervals += [(now, part.start, ""), (part.start, part.end, part.text)]
            now = part.end
        intervals.append((now, frames, ""))
        intervals = [one for one in intervals if one[0] < one[1]]
        lines += ['"IntervalTier"', f'"{tier or "sounds"}"', "0", repr(frames / RATE)]
        lines += [str(len(intervals))]
        for start, end, text in intervals:
            lines += [repr(start / RATE), repr(end / RATE), f'"{text}"']
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
