"""Playing a sound: in a process of its own, here or at the near end of an SSH line."""

from tui_annotate.audio.player.client import Player

__all__ = ["Player"]
