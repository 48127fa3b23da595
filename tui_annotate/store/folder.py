"""Where a session's own things are: one hidden folder beside the output."""

from __future__ import annotations

import os
from pathlib import Path

from tui_annotate.errors import AnnotateError
from tui_annotate.store.digest import blake2b
from tui_annotate.wording import reason

NAME_BYTES = 255
"""How long a file's name may be on the file systems there are."""


def fitted_name(before: str, name: str, after: str) -> str:
    """A file's name of three parts; where it would be too long, the second one is cut.

    A hash of all of it stands for what is cut off, so that no two are the same.
    """
    whole = f"{before}{name}{after}"
    if len(os.fsencode(whole)) <= NAME_BYTES:
        return whole
    digest = blake2b(os.fsencode(name), digest_size=4).hexdigest()
    after = f"-{digest}{after}"
    room = NAME_BYTES - len(os.fsencode(before + after))
    while len(os.fsencode(name)) > room:
        name = name[:-1]
    return f"{before}{name}{after}"


class SessionFolder:
    """The folder `.OUT.session/` beside an output `OUT.jsonl`.

    A symbolic link is followed first, so that every name of an output leads to
    one lock.

    Attributes:
        output: The file itself, links resolved.
        path: The folder.
        lock: The lock, which is never renamed or removed.
        drafts: A folder of drafts.
        set_aside: A folder of drafts that did not fit their tasks any more, as they were.
        labels: The labels added, with keys and colours.
        ids: How long the output was when a version opened it that gives tasks the ids of today.
        identity: What the output is known by under another name.
        history: Lines that later ones superseded.
        torn: What was left of lines that a crash cut.
    """

    def __init__(self, output: Path) -> None:
        self.output = Path(os.path.realpath(output))
        name = self.output.name.removesuffix(".jsonl") or self.output.name
        self.path = self.output.with_name(fitted_name(".", name, ".session"))
        self.lock = self.path / "lock"
        self.drafts = self.path / "drafts"
        self.set_aside = self.path / "set-aside"
        self.labels = self.path / "labels.json"
        self.ids = self.path / "ids"
        self.identity = self.path / "output"
        self.history = self.path / "history.jsonl"
        self.torn = self.path / "torn.jsonl"

    def create(self) -> None:
        """Make the folder, for its owner alone, where it is not there.

        Raises:
            AnnotateError: It cannot be made.
        """
        try:
            self.path.mkdir(mode=0o700, exist_ok=True)
            self.drafts.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise AnnotateError(
                f"the folder for drafts and the lock cannot be created ({reason(error)})",
                where=str(self.path),
                do="name an output in a writable folder with -o",
            ) from error
