"""Tracks: where regions that sound at the same time stand one under the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_annotate.editors.regions.region import Region


@dataclass(frozen=True, slots=True)
class Track:
    """A row of regions.

    Attributes:
        label: The label of its regions; None for one that has none yet.
        channel: The channel they are about, from 0; None for all of them.
    """

    label: str | None
    channel: int | None = None

    @property
    def name(self) -> str:
        """What it is called on the screen."""
        said = [] if self.channel is None else [f"ch{self.channel + 1}"]
        return " ".join([*said, *([self.label] if self.label else [])]) or "?"

    def holds(self, region: Region) -> bool:
        """Whether a region stands in it."""
        return (region.label or None, region.channel) == (self.label, self.channel)


def tracks_of(
    regions: Iterable[Region], labels: Sequence[str], channels: int | None = None
) -> tuple[Track, ...]:
    """A track for each label that is in use, by channel.

    Args:
        regions: The regions.
        labels: The labels on offer, in the order of their tracks.
        channels: How many channels have tracks of their own, even without a region.
    """
    used = dict.fromkeys((region.channel, region.label or None) for region in regions)
    filled = {channel for channel, _ in used}
    for channel in range(channels or 0):
        if channel not in filled:
            used[channel, None] = None
    order = {label: place for place, label in enumerate(labels)}

    def place(entry: tuple[int | None, str | None]) -> tuple[int, int]:
        channel, label = entry
        last = len(order) + (label is None)
        return -1 if channel is None else channel, order.get(label or "", last)

    return tuple(Track(label, channel) for channel, label in sorted(used, key=place))
