"""What recipes that were written for earlier versions call."""

from __future__ import annotations

from typing import NoReturn

from msgspec.structs import replace

from tui_annotate.errors import UsageError
from tui_annotate.inventory.marks import MarkSet
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.specs import attention_points


def gaps(model: str, marks: MarkSet, *, strip: bool = False) -> SuggesterSpec:
    """The old name of `attention_points`."""
    notice = "the recipe calls suggest.gaps, which is called suggest.attention_points now"
    made = attention_points(model, marks, strip=strip)
    return replace(made, notices=(*made.notices, notice))


def given() -> NoReturn:
    """The spans that come with a task are always there: nothing has to suggest them.

    Raises:
        UsageError: Always, with what to do.
    """
    raise UsageError(
        "suggest.given is no longer a suggester: the spans that come with a task are always there",
        do="remove it from the recipe",
    )
