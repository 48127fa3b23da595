"""Classify whole sounds."""

from __future__ import annotations

from tui_annotate import suggest
from tui_annotate.recipe import LabelMap, Labels, Session, Sounds, Suggest, recipe


@recipe("audio.classify")
def audio_classify(
    stream: Sounds,
    labels: Labels = (),
    mapping: LabelMap | None = None,
    multiple: bool = False,
    sources: Suggest = (),
    step_back: float = 1.0,
    auto_play: bool = True,
) -> Session:
    """Classify a whole sound: yes or no, one of several labels, or any of them.

    With one label, accept or reject it. With more, the label's key decides
    and the next sound plays.

    Args:
        labels: Labels to choose from (default: those in the sounds' tasks). A file may describe
            each label after a tab.
        mapping: Rename labels that come with the sounds: dog=DOG.
        multiple: Allow several labels.
        sources: Where suggestions come from: plug-ins; none for no suggestions.
        step_back: Seconds to replay after a pause.
        auto_play: Do not play a sound when its task opens.
    """
    return Session(
        stream,
        view="audio_choice",
        labels=labels,
        mapping=mapping,
        suggesters=suggest.sounds(sources, labels),
        multiple=multiple,
        step_back=step_back,
        auto_play=auto_play,
    )
