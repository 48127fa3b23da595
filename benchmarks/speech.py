"""How well speech and speakers are suggested: ``python -m benchmarks.speech``.

On two excerpts of AMI meetings with gold RTTM (../shared/data, not shipped). Frame error is
the share of 10 ms frames that are called speech and are not, or the other way; as in
DESIGN.md, the mean of both excerpts. Speakers: regions of a second and more, in order,
once two speakers have a name.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tui_annotate.audio.detect.detection import Detector, Finder
from tui_annotate.audio.detect.speakers import VoiceComparison
from tui_annotate.audio.detect.speech import Loudness, Silero
from tui_annotate.audio.detect.voices import Cepstrum, Encoder, Ge2e

DATA = Path(__file__).resolve().parents[2] / "shared/data/audio/pyannote-ami-debug"
EXCERPTS = (
    ("dev00.wav", "debug.development.rttm", "dev00"),
    ("trñ00.wav", "debug.train.rttm", "trn00"),
)
FRAME = 0.01


def main() -> int:
    if not DATA.is_dir():
        print("The excerpts are not there; nothing to measure.", file=sys.stderr)
        return 1
    excerpts = [(*_read(name), _turns(rttm, uri)) for name, rttm, uri in EXCERPTS]
    print(f"{'speech':24} {'frame error':>12} {'missed':>8} {'false':>8} {'x real time':>12}")
    for detector in (Silero(), Loudness()):
        print(f"{detector.name:24} {_speech(detector, excerpts)}")
    print(f"\n{'speakers':24} {'right':>12}")
    for make in (Ge2e, Cepstrum):
        try:
            encoder: Encoder = make()
        except LookupError as error:
            print(f"{make.__name__.lower():24} {error}")
            continue
        right, asked = _speakers(encoder, excerpts)
        print(f"{encoder.name:24} {right:>5} of {asked:>3}")
    return 0


def _read(name: str) -> tuple[Any, int]:
    import soundfile

    samples, rate = soundfile.read(DATA / name, dtype="float32")
    return samples, int(rate)


def _turns(rttm: str, uri: str) -> list[tuple[float, float, str]]:
    lines = (line.split() for line in (DATA / rttm).read_text(encoding="utf-8").splitlines())
    return [
        (float(fields[3]), float(fields[3]) + float(fields[4]), fields[7])
        for fields in lines
        if len(fields) > 7 and fields[1] == uri
    ]


def _speech(detector: Detector, excerpts: list[Any]) -> str:
    import numpy

    errors, missed, false = [], [], []
    seconds = heard_seconds = 0.0
    for samples, rate, turns in excerpts:
        began = time.perf_counter()
        finder = Finder(_stretch(samples), len(samples), rate, detector)
        told = [one for step in _steps(finder) for one in step]
        heard_seconds += time.perf_counter() - began
        seconds += len(samples) / rate
        frames = round(len(samples) / rate / FRAME)
        said, heard = numpy.zeros(frames, bool), numpy.zeros(frames, bool)
        for start, end, _ in turns:
            said[round(start / FRAME) : round(end / FRAME)] = True
        for one in told:
            heard[round(one.start / rate / FRAME) : round(one.end / rate / FRAME)] = True
        errors.append((said != heard).mean())
        missed.append((said & ~heard).mean())
        false.append((heard & ~said).mean())
    mean = [float(numpy.mean(one)) for one in (errors, missed, false)]
    return f"{mean[0]:>12.1%} {mean[1]:>8.1%} {mean[2]:>8.1%} {seconds / heard_seconds:>12.0f}"


def _stretch(samples: Any) -> Callable[[int, int], Any]:
    return lambda start, end: samples[start:end]


def _steps(finder: Finder) -> Iterator[list[Any]]:
    while not finder.done:
        yield finder.step()


def _speakers(encoder: Encoder, excerpts: list[Any]) -> tuple[int, int]:
    right = asked = 0
    for samples, rate, turns in excerpts:
        listener = VoiceComparison(_stretch(samples), rate, lambda: encoder)
        regions = [(round(s * rate), round(e * rate), name) for s, e, name in turns]
        for number, (start, end, name) in enumerate(regions):
            listener.regions(regions[:number])
            named = {other for _, _, other in regions[:number]}
            if name not in named or len(named) < 2 or end - start < rate:
                continue
            if likely := listener.compare(start, end):
                asked += 1
                right += likely[0][0] == name
    return right, asked


if __name__ == "__main__":
    raise SystemExit(main())
