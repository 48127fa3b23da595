"""Type what is said, region by region."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.recipe import Labels, Session, Sounds, Suggest, Words, recipe


@recipe("audio.transcribe")
def audio_transcribe(
    stream: Sounds,
    labels: Labels = (),
    sources: Suggest = ("speech",),
    words: Words | None = None,
    snippets: tuple[str, ...] = ("[laugh]", "[noise]"),
    allow_overlap: bool = False,
    channels: bool = False,
    reaction: float = 0.2,
    step_back: float = 1.0,
    auto_play: bool = True,
) -> Session:
    """Type what is said, region by region, and for the whole sound.

    Args:
        labels: The labels of the regions, such as the speakers' names; without it, those that
            come with the sounds, else SPEECH.
        sources: Where suggestions come from: speech, or a recogniser that is plugged in; none for
            no suggestions.
        words: A file of words, one a line, that F2 completes what is typed with.
        snippets: What F3 offers to put into the text.
        allow_overlap: Let regions of one label overlap.
        channels: Give every channel lanes of its own.
        reaction: Seconds that a mark is set earlier while something plays.
        step_back: Seconds that one hears again after a pause.
        auto_play: Do not play a region when one arrives at it.
    """
    return Session(
        stream,
        view="regions",
        labels=labels,
        suggesters=suggest.sounds(sources, labels or ("SPEECH",)),
        mode="transcribe",
        usual=("SPEECH",),
        vocabulary=words or Vocabulary(),
        snippets=snippets,
        overlap=allow_overlap,
        channels=channels,
        reaction=reaction,
        step_back=step_back,
        auto_play=auto_play,
    )
