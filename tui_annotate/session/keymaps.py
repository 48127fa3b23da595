"""The keymaps of a session: one, or one for each of its blocks."""

from __future__ import annotations

from collections.abc import Sequence

from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.recipe import Block, Session
from tui_annotate.session.labels import LabelSet
from tui_annotate.session.run_settings import RunSettings


def keymaps(session: Session, labels: LabelSet, settings: RunSettings) -> Sequence[Keymap]:
    """What each key does, in each block of a session.

    Raises:
        UsageError: Two things want the same key.
    """
    # What blocks have beside the actions of their own views is those of the view that holds them.
    more = (session.view,) if session.blocks else ()
    parts: Sequence[Session | Block] = session.blocks or (session,)
    return [
        Keymap(
            part.view,
            names,
            label_keys=part.keys,
            overrides=settings.keys,
            keyboard=settings.keyboard,
            more=(*kind(part.view).key_groups, *more),
        )
        for part, names in zip(parts, labels.blocks, strict=True)
    ]
