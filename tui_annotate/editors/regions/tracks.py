"""Tracks: where regions that sound at the same time stand one under the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tui_annotate.editors.regions.region import Region


@dataclass(frozen=True, slots=True)
class Track:
    """A row of regions.

    Attributes:
        label: The label of its regions; None for one that has none yet.
        channel: The channel they are about, from 0; None for all of them.
        channels: How many channels there are, as far as its name tells.
    """

    label: str | None
    channel: int | None = None
    channels: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """What it is called on the screen."""
        said = [] if self.channel is None else [channel_name(self.channel, self.channels)]
        return " ".join([*said, *([self.label] if self.label else [])]) or "?"

    def holds(self, region: Region) -> bool:
        """Whether a region stands in it."""
        return (region.label or None, region.channel) == (self.label, self.channel)


def channel_name(channel: int, channels: int) -> str:
    """What a channel is called before its waveform and its tracks.

    Args:
        channel: The channel, from 0.
        channels: How many there are.
    """
    return "LR"[channel] if channels == 2 and channel < 2 else f"ch{channel + 1}"


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

    ordered = sorted(used, key=place)
    return tuple(Track(label, channel, channels or 0) for channel, label in ordered)
