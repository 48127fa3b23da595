"""What of the environment a worker process gets."""

from __future__ import annotations

import os

PLAYER_ADDRESS = "LC_TUI_ANNOTATE_SOUND"
"""Holds the address and token of a player; Debian's ssh and sshd pass such a name on."""


def worker_environment() -> dict[str, str]:
    """The environment without the token of a player, which is for players alone."""
    return {name: text for name, text in os.environ.items() if name != PLAYER_ADDRESS}
