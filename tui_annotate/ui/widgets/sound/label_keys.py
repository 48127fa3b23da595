"""The keys of labels, as they stand before lanes and in the list."""

from __future__ import annotations

from collections.abc import Mapping

from tui_annotate.keymap.keymap import Keymap


class LabelKeys:
    """The key of each label that has one of a single character, looked up once for the labels."""

    def __init__(self) -> None:
        self._slots: Mapping[str, int] | None = None
        self._keys: Mapping[str, str] = {}

    def of(self, keymap: Keymap, slots: Mapping[str, int]) -> Mapping[str, str]:
        """The keys of the labels that have these slots."""
        if self._slots is not slots:
            found = ((name, keymap.label_key(name)) for name in slots)
            self._slots = slots
            self._keys = {name: key for name, key in found if key and len(key) == 1}
        return self._keys
