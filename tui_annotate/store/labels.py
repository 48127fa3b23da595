"""Labels of a project with their keys and colours, as a session left them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk, write_atomically
from tui_annotate.store.folder import SessionFolder
from tui_annotate.wording import reason


class BookedLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """A label that keeps its key and colour from one session to the next.

    Attributes:
        name: The label.
        key: The key that gives it, where it has one.
        slot: The number of its colour in the palette.
        added: Whether it was added in a session, not named on the command line.
        blocks: The blocks that it was added to, by number from 0, where it was not the first.
        was: What it was called before it got this name.
    """

    name: str
    key: str | None = None
    slot: int | None = None
    added: bool = False
    blocks: tuple[int, ...] = ()
    was: tuple[str, ...] = ()


class LabelBook:
    """The file `labels.json` of a session folder."""

    def __init__(self, folder: SessionFolder, *, disk: Disk | None = None) -> None:
        self._folder = folder
        self._path = folder.labels
        self._disk = disk or Disk()

    def load(self) -> tuple[BookedLabel, ...]:
        """The labels as they were saved; none before the first time.

        Raises:
            AnnotateError: The file cannot be read or is not what `save` writes.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=tuple[BookedLabel, ...])
        except FileNotFoundError:
            return ()
        except OSError as error:
            why = reason(error)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            why = "it is not what a session writes there"
        raise AnnotateError(
            f"the labels of earlier sessions cannot be read ({why})",
            where=str(self._path),
            do="fix the file or remove it",
        )

    def save(self, labels: Iterable[BookedLabel]) -> None:
        """Keep these labels, all or none.

        Raises:
            AnnotateError: They could not be written; those kept before still are.
        """
        # It may have been deleted while the session runs.
        self._folder.create()
        try:
            write_atomically(self._disk, self._path, msgspec.json.encode(list(labels)))
        except OSError as error:
            raise AnnotateError(
                f"the labels cannot be saved ({reason(error)})", where=str(self._path)
            ) from error
