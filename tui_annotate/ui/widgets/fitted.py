"""Widgets that arrange what they show whenever their size changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size

if TYPE_CHECKING:
    from textual.widget import Widget as _Base
else:
    _Base = object


class Fitted(_Base):
    """A widget that is told its size before it is painted at it, always.

    Textual 8's Resize event comes a frame late, and not at all to a widget whose place
    was asked for between its becoming visible and the next layout: the compositor then
    takes the widget for an old one. The text of a first task stayed away for that.
    """

    _fitted: Size | None = None

    def fit(self) -> None:
        """Arrange what is shown for `size`."""

    @property
    def in_sight(self) -> bool:
        """Whether there is room to show anything; if not, `fit` is called once there is."""
        if self.size:
            return True
        self._fitted = None
        return False

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if self._fitted != size:
            self._fitted = size
            self.fit()
        return changed
