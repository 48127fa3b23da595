"""Mark what is in a sound: speech, music, noise, or labels of your own."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Session, Sounds, Suggest, recipe


@recipe("audio.regions")
def audio_regions(
    stream: Sounds,
    labels: Labels = (),
    sources: Suggest = ("speech", "music"),
    mapping: LabelMap | None = None,
    allow_overlap: bool = False,
    channels: bool = False,
    reaction: float = 0.2,
    step_back: float = 1.0,
    auto_play: bool = False,
) -> Session:
    """Mark what is in a sound: speech, music, noise, or labels of your own.

    Args:
        labels: Labels to mark (default: those that come with the sounds, else SPEECH, MUSIC
            and NOISE).
        sources: Where suggestions come from: speech, music (by sustained tones; noise is
            never suggested), or plug-ins; none for no suggestions.
        mapping: Rename labels of existing regions and of suggestions: SPEECH=TALK,Musik=MUSIC.
        allow_overlap: Let regions of one label overlap.
        channels: Give each channel its own tracks.
        reaction: Seconds by which a mark is moved back while sound plays.
        step_back: Seconds to replay after a pause.
        auto_play: Play each region when the cursor reaches it.
    """
    return Session(
        stream,
        view="regions",
        labels=labels,
        suggesters=suggest.sounds(sources, labels, mapping, channels=channels),
        mode="regions",
        default_labels=("SPEECH", "MUSIC", "NOISE"),
        speech=(mapping or {}).get("SPEECH", "SPEECH"),
        overlap=allow_overlap,
        mapping=mapping,
        channels=channels,
        reaction=reaction,
        step_back=step_back,
        auto_play=auto_play,
    )
