"""The far end of a line: a player that does what it reads, one JSON line after the other."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.player import Player

PATIENCE = 60


def main() -> None:
    player = Player.connect()
    for line in sys.stdin:
        wanted: dict[str, Any] = json.loads(line)
        do, values = wanted.pop("do"), wanted.pop("with", [])
        if do == "open":
            path = os.fsencode(values[0])
            player.open(Clip(path, path, values[1], 1, 0, values[2]))
        elif do == "until":
            limit = time.monotonic() + PATIENCE
            while not holds(player, values[0], values[1]):
                if time.monotonic() > limit:
                    sys.exit(f"waited in vain for {values}; the notice: {player.notice}")
                time.sleep(0.005)
        elif do == "environment":
            print(json.dumps(os.environ.get(values[0])), flush=True)
            continue
        else:
            getattr(player, do)(*values, **wanted)
        state = {
            "playing": player.playing,
            "frame": player.position(),
            "notice": player.notice,
            "output": player.output,
        }
        print(json.dumps(state), flush=True)
    player.close()


def holds(player: Player, what: str, value: Any) -> bool:
    match what:
        case "playing":
            return player.playing == bool(value)
        case "beyond":
            return player.position() > int(value)
        case "output":
            return player.output == str(value)
        case _:
            return value in (player.notice or "")


if __name__ == "__main__":
    main()
