"""Everything a session works with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_annotate.recipe import Session as Description
from tui_annotate.session.labels import LabelSet
from tui_annotate.session.preparation import Preparation
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.journal import Journal

if TYPE_CHECKING:
    from tui_annotate.audio.player.transport import Player
    from tui_annotate.audio.preparation import SoundPreparation


@dataclass(slots=True)
class SessionContext:
    """Everything a session works with; made by the program, or by a test."""

    description: Description
    settings: RunSettings
    journal: Journal
    drafts: Drafts
    writer: DraftWriter
    labels: LabelSet
    preparation: Preparation | SoundPreparation
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    lost: Callable[[], bool] = lambda: False
    player: Player | None = None
    remember: Callable[[str, bool], None] = lambda name, value: None
    remembered: Callable[[str], bool | None] = lambda name: None
