"""The labels of a session: those asked for, and those added while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tui_annotate.recipe import Session
from tui_annotate.store.labels import BookedLabel, LabelBook
from tui_annotate.task.task import Task


class LabelSet:
    """Labels in the order of their keys, each with a colour that it keeps.

    Args:
        asked: The labels of the recipe.
        book: Where those of earlier sessions are kept.
        blocks: The labels of each of its blocks, where it has any.
        accept: Told of every label that is added or named anew: tasks may come with it.

    Attributes:
        names: The labels on offer, in order.
        slots: The colour slot of each label that was ever on offer.
        blocks: The labels of each block; where there are none, all of them as one.
    """

    def __init__(
        self,
        asked: Iterable[str],
        book: LabelBook,
        blocks: Iterable[Iterable[str]] = (),
        *,
        accept: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._accept = accept
        self._book = book
        booked = book.load()
        self._was: dict[str, tuple[str, ...]] = {one.name: one.was for one in booked if one.was}
        now = {old: name for name, before in self._was.items() for old in before}
        self.names: list[str] = _called(asked, now)
        self.blocks: list[list[str]] = [_called(one, now) for one in blocks] or [self.names]
        self.slots: dict[str, int] = {
            label.name: label.slot for label in booked if label.slot is not None
        }
        self._added: dict[str, tuple[int, ...]] = {
            label.name: label.blocks or (0,) for label in booked if label.added
        }
        for name, numbers in self._added.items():
            for number in numbers:
                self._put(name, min(number, len(self.blocks) - 1))
        new = [name for name in self.names if name not in self.slots]
        for name in new:
            self._give_slot(name)
        if new:
            self.save()

    def _put(self, name: str, block: int) -> None:
        for names in (self.names, self.blocks[block]):
            if name not in names:
                names.append(name)

    def _give_slot(self, name: str) -> None:
        self.slots[name] = max(self.slots.values(), default=-1) + 1

    @property
    def offered(self) -> dict[str, int]:
        """The colour slot of each label on offer."""
        return {name: self.slots[name] for name in self.names}

    def add(self, name: str, block: int = 0) -> None:
        """Add a label to a block, for this session and those to come."""
        if name in self.blocks[block]:
            return
        self._put(name, block)
        self._added[name] = (*self._added.get(name, ()), block)
        self._accept(name)
        if name not in self.slots:
            self._give_slot(name)
        self.save()

    def rename(self, old: str, new: str) -> None:
        """Call a label something else, for this session and those to come.

        It keeps its place and its colour. Where there is a label of that name already, the two
        are one from now on.
        """
        for names in (self.names, *(one for one in self.blocks if one is not self.names)):
            if old in names:
                place = names.index(old)
                names[place : place + 1] = [] if new in names else [new]
        if new in self.slots:
            self.slots.pop(old, None)
        else:
            self.slots = {new if name == old else name: n for name, n in self.slots.items()}
        if old in self._added:
            self._added.setdefault(new, self._added.pop(old))
        before = (*self._was.pop(old, ()), old, *self._was.get(new, ()))
        self._was[new] = tuple(name for name in dict.fromkeys(before) if name != new)
        # Tasks may still come with the old name.
        self._accept(new)
        self.save()

    def offer(self, name: str) -> None:
        """Offer a label that came with a task, for as long as the source has it."""
        if name not in self.names:
            self.names.append(name)
            if name not in self.slots:
                self._give_slot(name)
                self.save()

    def save(self) -> None:
        """Keep them in the session folder."""
        self._book.save(
            BookedLabel(
                name,
                slot=slot,
                added=name in self._added,
                blocks=() if (of := self._added.get(name, ())) == (0,) else of,
                was=self._was.get(name, ()),
            )
            for name, slot in self.slots.items()
        )


def _called(names: Iterable[str], now: Mapping[str, str]) -> list[str]:
    """Names as they are now, each once."""
    return list(dict.fromkeys(now.get(name, name) for name in names))


def offer_incoming(
    labels: LabelSet, task: Task, session: Session, names: Mapping[str, str]
) -> None:
    """Offer the labels that come with a task too, where those of a session are not all named.

    Args:
        labels: The labels on offer.
        task: The task.
        session: What the recipe says.
        names: What some of those who come with the task are called by now.
    """
    stream = session.stream
    if stream.expected.labels and not getattr(stream.expected.carried, "open", False):
        return
    for name in (
        stream.expected.carried.labels(task.fields)
        if session.labels
        else stream.expected.labels_seen
    ):
        labels.offer(names.get(name, name))
