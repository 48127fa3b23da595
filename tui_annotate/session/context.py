"""Everything a session works with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from threading import Event
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.kinds.base import Kind
from tui_annotate.recipe import Session as Description
from tui_annotate.session.labels import LabelSet
from tui_annotate.session.preparation import Preparation
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.store.drafts import Drafts, DraftWriter
from tui_annotate.store.journal import Journal
from tui_annotate.store.switches import Switches
from tui_annotate.suggest.local.learners import Learners

if TYPE_CHECKING:
    from tui_annotate.audio.exchange import SoundExchange
    from tui_annotate.audio.player.transport import Player


class SessionContext(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a session works with; `assembly.open_session` makes it.

    Attributes:
        description: What the recipe says.
        settings: What the user says.
        kind: The kind of annotation.
        journal: The decisions.
        drafts: What is kept of tasks that are not decided.
        writer: Writes drafts.
        labels: The labels on offer.
        learners: The sources of suggestions that learn in this process.
        preparation: Makes tasks ready.
        switches: What the annotator switched on or off in the view.
        sounds: The way to the sound process, where the tasks are sounds.
        player: What plays them.
        lost: Whether another session has taken over the output.
        renewed: Set when the session folder was deleted and made anew, until that is seen to.
        clock: Monotonic seconds.
        now: Unix seconds.
        resources: Closes all that was opened for it.
    """

    description: Description
    settings: RunSettings
    kind: Kind[Any]
    journal: Journal
    drafts: Drafts
    writer: DraftWriter
    labels: LabelSet
    learners: Learners
    preparation: Preparation
    switches: Switches
    sounds: SoundExchange | None
    player: Player | None
    lost: Callable[[], bool]
    renewed: Event
    clock: Callable[[], float]
    now: Callable[[], float]
    resources: ExitStack
