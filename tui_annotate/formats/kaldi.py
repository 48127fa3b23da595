"""A data folder of Kaldi: ``wav.scp``, ``segments``, ``utt2spk``, ``spk2utt`` and ``text``.

https://kaldi-asr.org/doc/data_prep.html. All files are sorted as in the C locale, by bytes,
and a speaker is the beginning of the names of its utterances.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.fitting_regions import fit_names, fit_short
from tui_annotate.formats.format import Format
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.recordings import SPEECH, Recording
from tui_annotate.formats.timed_writing import SOUND_FIELDS, RecordingsWriter
from tui_annotate.task.task import Fields


def _fit(fields: Fields, losses: Losses) -> None:
    fit_short(fields, losses, 0.001)
    fit_names(fields, losses)


class _Writer(RecordingsWriter):
    def write(self, part: str, recordings: Sequence[Recording]) -> None:
        """Write the files of a part."""
        before = f"{part}." if part else ""
        files: defaultdict[str, list[str]] = defaultdict(list)
        speakers: defaultdict[str, list[str]] = defaultdict(list)
        for recording in recordings:
            name = "_".join(recording.name.split())
            files["wav.scp"].append(f"{name} {recording.audio}")
            for region in recording.regions:
                speaker = region.who or SPEECH
                times = f"{round(region.start * 1000):07}_{round(region.end * 1000):07}"
                channel = "" if region.channel is None else f"_{region.channel + 1}"
                utterance = f"{speaker}-{name}{channel}_{times}"
                files["segments"].append(f"{utterance} {name} {region.start:.3f} {region.end:.3f}")
                files["utt2spk"].append(f"{utterance} {speaker}")
                speakers[speaker].append(utterance)
                if region.text:
                    files["text"].append(f"{utterance} {region.text}")
        files["spk2utt"] = [f"{name} {' '.join(_sorted(said))}" for name, said in speakers.items()]
        for file, lines in files.items():
            data = "".join(f"{line}\n" for line in _sorted(lines)).encode()
            self.target.files.write(before + file, data)
            _check(before + file, data)
            self.counts[f"lines of {file}"] += len(lines)


def _sorted(lines: Iterable[str]) -> list[str]:
    return sorted(lines, key=str.encode)


def _check(file: str, data: bytes) -> None:
    """Read a file as Kaldi's own check does: sorted, and each key once.

    See `utils/validate_data_dir.sh` there.
    """
    keys = [line.split(b" ", 1)[0] for line in data.splitlines()]
    if keys != sorted(set(keys)):
        raise AnnotateError(
            f"two lines of {file} would have the same name; nothing was written",
            do="two regions of a speaker have the same times: run validate",
        )


FORMATS = (
    Format(
        "kaldi",
        "Kaldi data folder",
        (),
        Holds(SOUND_FIELDS, region=frozenset({"speaker", "text", "channel"}), fit=_fit),
        writer=_Writer,
        folder=True,
        notes="wav.scp, segments, utt2spk, spk2utt and text; times in milliseconds",
    ),
)
