"""Colours that a recipe gives to labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.ui.colours import background, contrast, foreground, nearest
from tui_annotate.ui.theme import Depth, Look, Theme

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours, st.booleans())
def test_every_colour_can_be_read(colour: str, dark: bool) -> None:
    ground, text = ("#202020", "#f4f4f4") if dark else ("#f5f5f5", "#141414")
    assert contrast(foreground(colour, dark=dark), ground) >= 4.5
    assert contrast(background(colour, dark=dark), text) >= 4.5


def test_one_that_can_be_read_stays_as_it_is() -> None:
    assert foreground("#ffb000", dark=True) == "#ffb000"
    assert nearest("#fe0000", ["blue", "red", "green"]) == "red"


@pytest.mark.parametrize("depth", ["true", "256", "16"])
def test_a_label_has_its_own_colour_at_every_depth_and_the_others_keep_theirs(
    depth: Depth,
) -> None:
    plain, own = Theme(depth), Theme(depth, own={3: "#ff5555"})
    assert own.label(3) != plain.label(3)
    assert own.text(Look(slot=3)) != plain.text(Look(slot=3))
    assert own.label(4) == plain.label(4)
    assert own.text(Look(slot=4)) == plain.text(Look(slot=4))
