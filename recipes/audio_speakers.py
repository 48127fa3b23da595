"""Say who speaks when."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Session, Sounds, Suggest, recipe


@recipe("audio.speakers")
def audio_speakers(
    stream: Sounds,
    labels: Labels = (),
    sources: Suggest = ("speech", "speakers"),
    mapping: LabelMap | None = None,
    allow_overlap: bool = False,
    channels: bool = False,
    reaction: float = 0.2,
    step_back: float = 1.0,
    auto_play: bool = False,
) -> Session:
    """Say who speaks when; speakers may be added and renamed while listening.

    A digit without a name adds a new speaker. Regions of different
    speakers may overlap; those of the same speaker may not.

    Args:
        labels: The speakers' names (default: those that come with the sounds, else SPEAKER_1
            and so on, which E renames).
        sources: Where suggestions come from: speech finds where somebody speaks, speakers who is
            likely to, or plug-ins; none for no suggestions.
        mapping: Rename the speakers of existing regions: spk1=Anna.
        allow_overlap: Let regions of one speaker overlap, too.
        channels: Give each channel its own tracks.
        reaction: Seconds by which a mark is moved back while sound plays.
        step_back: Seconds to replay after a pause.
        auto_play: Play each region when the cursor reaches it.
    """
    return Session(
        stream,
        view="regions",
        labels=labels,
        suggesters=suggest.sounds(sources, mapping=mapping, channels=channels),
        mode="speakers",
        default_labels=("SPEAKER_1",),
        overlap=allow_overlap,
        mapping=mapping,
        channels=channels,
        reaction=reaction,
        step_back=step_back,
        auto_play=auto_play,
    )
