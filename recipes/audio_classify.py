"""Say what a whole sound is."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import Labels, Session, Sounds, Suggest, recipe


@recipe("audio.classify")
def audio_classify(
    stream: Sounds,
    labels: Labels = (),
    multiple: bool = False,
    sources: Suggest = (),
    step_back: float = 1.0,
    auto_play: bool = True,
) -> Session:
    """Say what a whole sound is: one question, one of several labels, or any of them.

    One label is a question that is accepted or rejected. With more, the label's key decides
    and the next sound plays.

    Args:
        labels: What to choose from; without it, what comes with the sounds. A file may describe
            each label after a tab.
        multiple: Let several labels be chosen.
        sources: Where suggestions come from: a source that is plugged in.
        step_back: Seconds that one hears again after a pause.
        auto_play: Do not play a sound when one arrives at it.
    """
    return Session(
        stream,
        view="audio_choice",
        labels=labels,
        suggesters=suggest.sounds(sources, labels),
        multiple=multiple,
        step_back=step_back,
        auto_play=auto_play,
    )
