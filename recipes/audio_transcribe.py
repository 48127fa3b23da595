"""Transcribe speech, region by region."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.recipe import LabelMap, Labels, Session, Sounds, Suggest, Words, recipe


@recipe("audio.transcribe")
def audio_transcribe(
    stream: Sounds,
    labels: Labels = (),
    sources: Suggest = ("speech",),
    words: Words | None = None,
    snippets: tuple[str, ...] = ("[laugh]", "[noise]"),
    mapping: LabelMap | None = None,
    allow_overlap: bool = False,
    channels: bool = False,
    reaction: float = 0.2,
    step_back: float = 1.0,
    auto_play: bool = True,
) -> Session:
    """Transcribe speech, region by region or the whole sound.

    Args:
        labels: The labels of the regions, such as the speakers' names (default: those that
            come with the sounds, else SPEECH).
        sources: Where suggestions come from: speech, or plug-ins such as a recogniser;
            none for no suggestions.
        words: A file of words, one per line, from which F2 completes what you type.
        snippets: Snippets that F3 inserts into the text.
        mapping: Rename labels and speakers of existing regions: spk1=Anna.
        allow_overlap: Let regions of one label overlap.
        channels: Give each channel its own tracks.
        reaction: Seconds by which a mark is moved back while sound plays.
        step_back: Seconds to replay after a pause.
        auto_play: Do not play regions when the cursor reaches them.
    """
    return Session(
        stream,
        view="regions",
        labels=labels,
        suggesters=suggest.sounds(sources, labels or ("SPEECH",), mapping, channels=channels),
        mode="transcribe",
        default_labels=("SPEECH",),
        vocabulary=words or Vocabulary(),
        snippets=snippets,
        overlap=allow_overlap,
        mapping=mapping,
        channels=channels,
        reaction=reaction,
        step_back=step_back,
        auto_play=auto_play,
    )
