"""What each key does in one session: the table of keys, the labels and the user's config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tui_annotate.errors import UsageError
from tui_annotate.keymap.action import Action, Owner
from tui_annotate.keymap.layouts import latin, top_row_digit
from tui_annotate.keymap.names import NAMES, key_name
from tui_annotate.keymap.table import (
    BY_ID,
    GROUPS,
    RANKING,
    TABLE,
    action,
    fields_of,
    is_label,
    table,
    takes_label,
)

__all__ = [
    "GROUPS",
    "NAMES",
    "TABLE",
    "Action",
    "Keymap",
    "Owner",
    "action",
    "fields_of",
    "is_label",
    "key_name",
    "table",
    "takes_label",
]


class Keymap:
    """What each key does in one session.

    Args:
        view: The view the session uses.
        labels: The labels on offer, in order.
        label_keys: Keys that the recipe gives to labels.
        overrides: Keys from the user's config, by action id.
        keyboard: A layout named in the config, such as ``azerty``.
        more: Groups of actions beside those of the view.

    Attributes:
        table: The actions.
        fields: Those of the view's text fields, with their keys.

    Raises:
        UsageError: A label's key leaves an action without any, two labels
            want the same key, or the config names an action that is not there.
    """

    def __init__(
        self,
        view: str,
        labels: Sequence[str] = (),
        *,
        label_keys: Mapping[str, str] | None = None,
        overrides: Mapping[str, Sequence[str]] | None = None,
        keyboard: str | None = None,
        more: Sequence[str] = (),
    ) -> None:
        own = overrides or {}
        self.view = view
        self.table = table(view, more)
        self.keyboard = keyboard
        self.fields = tuple(
            replace(entry, keys=tuple(own.get(entry.id, entry.keys))) for entry in fields_of(view)
        )
        self._entries = {entry.id: entry for entry in self.table}
        self._keys: dict[str, tuple[str, ...]] = {entry.id: entry.keys for entry in self.table}
        for name, keys in own.items():
            if name not in BY_ID:
                raise UsageError(
                    f"the config gives keys to {name!r}, which is not an action",
                    do="`tui-annotate keys` lists all actions",
                )
            if name in self._keys:
                self._keys[name] = tuple(keys)
        self._actions: dict[str, str] = {}
        self._firsts: set[str] = set()
        for name, keys in self._keys.items():
            for key in keys:
                other = self._actions.get(key)
                if other is not None and other in own:
                    self._check_given_once(key, other, name, own)
                    if name not in own:
                        continue
                self._actions[key] = name
        self._unreachable_after_overrides()
        self._labels: dict[str, str] = {}
        for label, key in (label_keys or {}).items():
            self._give_label(label, key)
        self.set_labels(labels)

    def _check_given_once(
        self, key: str, first: str, second: str, own: Mapping[str, Sequence[str]]
    ) -> None:
        """Refuse a key that the config gives to two actions side by side.

        That of a view may cover that of all views, as it does in the table.
        """
        alike = self._entries[first].group == self._entries[second].group
        if alike and first != second and second in own:
            raise UsageError(
                f"the config gives the key {key!r} to {first!r} and to {second!r}",
                do="give one of them another key",
            )

    def _unreachable_after_overrides(self) -> None:
        for name in self._keys:
            if not self.keys(name):
                raise UsageError(
                    f"the config leaves {name!r} without a key", do="give it one of its own"
                )

    def _give_label(self, label: str, key: str) -> None:
        first, _, second = key.partition(" ")
        alone = self._labels.get(first)
        other = self._labels.get(key) or alone
        if other is None and not second:
            other = next(iter(self.chord(first).values()), None)
        if other is not None:
            raise UsageError(
                f"the labels {other!r} and {label!r} both want the key {first!r}",
                do="give one of them another key",
            )
        covered = self._actions.get(first)
        if covered is not None and not is_label(covered):
            rest = [other for other in self.keys(covered) if other != first]
            if not rest:
                raise UsageError(
                    f"the label {label!r} wants the key {first!r}, the only one of {covered!r}",
                    do="give the label another key, or the action a second one in the config",
                )
        self._labels[key] = label
        if second:
            self._firsts.add(first)

    def chord(self, first: str) -> dict[str, str]:
        """The labels whose key begins with a key, by what is typed after it."""
        parts = ((key.partition(" "), label) for key, label in self._labels.items())
        return {second: label for (begins, _, second), label in parts if second and begins == first}

    def set_labels(self, labels: Sequence[str]) -> None:
        """Give the number keys to the labels that have no key of their own, in order."""
        own = set(self._labels.values())
        self.labels = tuple(labels)
        self._numbered: dict[str, str] = {}
        free = [key for name in self._keys if takes_label(name) for key in self.keys(name)[:1]]
        free = [key for key in free if key not in self._labels]
        unkeyed = [label for label in labels if label not in own]
        self.ranking = self.view in RANKING and len(unkeyed) > len(free)
        if not self.ranking:
            self._numbered = dict(zip(free, unkeyed, strict=False))

    def owner(self, name: str) -> Owner | None:
        """Who carries an action out here, as `resolve` names it; None for one of other views."""
        if name in ("label", "choose"):
            return "editor"
        entry = self._entries.get(name)
        return None if entry is None else entry.owner

    def moves(self, name: str) -> bool:
        """Whether an action only moves the cursor."""
        entry = self._entries.get(name)
        return entry is not None and entry.moves

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys that do an action, the one to show first."""
        return tuple(
            key
            for key in self._keys.get(name, ())
            if self._actions.get(key) == name
            and key not in getattr(self, "_labels", {})
            and key not in self._firsts
            and top_row_digit(key, self.keyboard) is None
        )

    def shown(self, name: str) -> str:
        """The first key of an action as it is written on screen."""
        keys = self.keys(name)
        return key_name(keys[0]) if keys else ""

    def label_key(self, label: str) -> str | None:
        """The key of a label, if it has one."""
        for mapping in (self._labels, self._numbered):
            for key, name in mapping.items():
                if name == label:
                    return key.replace(" ", "")
        return None

    def label_of(self, name: str) -> str | None:
        """The label that an action such as ``label_1`` gives, or None."""
        return next((self._numbered[k] for k in self.keys(name) if k in self._numbered), None)

    def resolve(self, key: str, first: str | None = None) -> tuple[str, str | None] | None:
        """What a key does: an action id, and for ``label`` the label.

        Args:
            key: A printable character, or the name of another key.
            first: The key before it, where that was the first of two.

        Returns:
            The action and its argument, or None for a key without meaning.
            A number without a label is ``("label", None)``, one that chooses from
            a ranked list ``("choose", …)`` with its place there; the first of two
            keys is ``("chord", …)`` with that key.
        """
        digit = top_row_digit(key, self.keyboard)
        if digit is not None:
            return self._lookup(digit, first)
        found = self._lookup(key, first)
        if found is None and len(key) == 1:
            other = latin(key)
            if other is not None:
                found = self._lookup(other, first)
        return found

    def _lookup(self, key: str, first: str | None) -> tuple[str, str | None] | None:
        if first is not None:
            label = self._labels.get(f"{first} {key}")
            return None if label is None else ("label", label)
        if key in self._firsts:
            return "chord", key
        if key in self._labels:
            return "label", self._labels[key]
        name = self._actions.get(key)
        if key in self._numbered:
            by_number = name is not None and not is_label(name)
            return (name if by_number and name else "label"), self._numbered[key]
        if name is None:
            return None
        if is_label(name):
            return ("choose", name[6:]) if self.ranking else ("label", None)
        return name, None
