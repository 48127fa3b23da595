"""Everything a session works with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_annotate.labels import LabelSet
from tui_annotate.preparation import Preparation
from tui_annotate.recipe import Session as Description
from tui_annotate.setup import Setup
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.journal import Journal

if TYPE_CHECKING:
    from tui_annotate.audio.preparation import SoundPreparation
    from tui_annotate.audio.transport import Player


@dataclass(slots=True)
class Desk:
    """Everything a session works with; made by the program, or by a test."""

    description: Description
    setup: Setup
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
