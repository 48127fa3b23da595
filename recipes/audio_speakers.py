"""Say who speaks when."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Labels, Session, Sounds, Suggest, recipe


@recipe("audio.speakers")
def audio_speakers(
    stream: Sounds,
    labels: Labels = (),
    sources: Suggest = ("speech", "speakers"),
    allow_overlap: bool = False,
    channels: bool = False,
    reaction: float = 0.2,
    step_back: float = 1.0,
    auto_play: bool = False,
) -> Session:
    """Say who speaks when; speakers may be added and renamed while listening.

    A digit without a name is a speaker who was not heard before. Regions of different
    speakers may overlap, those of one may not.

    Args:
        labels: The speakers' names; without it, those that come with the sounds, else SPEAKER_1
            and so on, which E renames.
        sources: Where suggestions come from: speech says where somebody speaks, speakers who is
            likely to; none for no suggestions.
        allow_overlap: Let regions of one speaker overlap, too.
        channels: Give every channel lanes of its own.
        reaction: Seconds that a mark is set earlier while something plays.
        step_back: Seconds that one hears again after a pause.
        auto_play: Play a region when one arrives at it.
    """
    return Session(
        stream,
        view="regions",
        labels=labels,
        suggesters=suggest.sounds(sources, labels),
        mode="speakers",
        default_labels=("SPEAKER_1",),
        overlap=allow_overlap,
        channels=channels,
        reaction=reaction,
        step_back=step_back,
        auto_play=auto_play,
    )
