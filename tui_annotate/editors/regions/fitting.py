"""A draft of regions made to fit a sound that has changed, or that comes with other regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec.structs import replace

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.base import Restored
from tui_annotate.editors.regions.drafts import RegionDraft
from tui_annotate.editors.regions.region import Region
from tui_annotate.editors.regions.suggestion_placement import Dismissed
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.wording import printable

_SLACK_SECONDS = 0.001
"""What two readings of one sound may differ by without a word: a frame, or its rounding."""

_ALIKE = 0.5
"""How much two regions have in common, of what they cover together, to be held for one."""


class Fitted(NamedTuple):
    """A draft in the frames of the sound that is there now.

    Attributes:
        added: The regions that are to be put in; those without an id want one.
        removed: The ids of those that came with the task and are to go.
        focus: The id of the region that was meant.
        dismissed: The suggestions that were deleted.
        offered: What had been offered since the task was opened.
        frame: Turns a frame of the draft into one of the sound.
        restored: What there is to say of it.
    """

    added: list[Region]
    removed: set[str]
    focus: str | None
    dismissed: tuple[Dismissed, ...]
    offered: list[Suggestion]
    frame: Callable[[int], int]
    restored: Restored


def fitted(
    draft: RegionDraft,
    clip: Clip,
    original: Mapping[str, Region],
    base: int,
    fresh_id: Callable[[], str],
    *,
    overlap: bool = False,
) -> Fitted:
    """Fit a draft to the sound, and to the regions that come with it now.

    Args:
        draft: The draft.
        clip: The sound.
        original: The regions that come with the task, by their ids.
        base: What tells those from others.
        fresh_id: Gives ids that no region has.
        overlap: Whether regions of one label may overlap.
    """
    frame = _framed(draft, clip)
    slack = max(round(_SLACK_SECONDS * clip.rate), 1)
    adapted = _said_of_sound(draft, clip, slack)
    twins = _twins(draft, original, base, frame, slack)
    changed = draft.base not in (base, None)
    if changed or any(twins.get(id) is None for id in draft.removed):
        adapted.append("other regions come with this recording now; what you did is kept")
    removed = {twin.id for id in draft.removed if (twin := twins.get(id)) is not None}
    added, left_out, renamed = _added(draft, clip, twins, original.keys() - removed, fresh_id)
    if changed and not overlap:
        rest = [one for one in original.values() if one.id not in removed]
        removed |= {one.id for one in rest if any(_stands_for(made, one) for made in added)}
    focus = draft.focus
    if focus is not None and focus in twins and focus not in renamed:
        twin = twins[focus]
        focus = None if twin is None else twin.id
    else:
        focus = renamed.get(focus or "", focus)
    if draft.typing is not None and draft.focus is not None and focus is None:
        typed = printable(draft.typing.text, 60)
        left_out.append(f"what was being typed is of a region that is not there now: “{typed}”")
    return Fitted(
        added,
        removed,
        focus,
        tuple(replace(one, start=frame(one.start), end=frame(one.end)) for one in draft.dismissed),
        _offered(draft, frame),
        frame,
        Restored(tuple(adapted), tuple(left_out)),
    )


def _framed(draft: RegionDraft, clip: Clip) -> Callable[[int], int]:
    """Turns a frame of the draft into one of the sound."""

    def frame(of_draft: int) -> int:
        found = round(of_draft * clip.rate / draft.rate) if draft.rate != clip.rate else of_draft
        return min(max(found, 0), clip.frames)

    return frame


def _added(
    draft: RegionDraft,
    clip: Clip,
    twins: Mapping[str, Region | None],
    taken: AbstractSet[str],
    fresh_id: Callable[[], str],
) -> tuple[list[Region], list[str], dict[str, str]]:
    """The regions that are to be put in, what is to be said of others, and what ids have changed.

    Args:
        draft: The draft.
        clip: The sound.
        twins: The regions that came with the task, and those that come now in their place.
        taken: The ids that regions have which stay.
        fresh_id: Gives ids that no region has.
    """
    frame, slack = _framed(draft, clip), max(round(_SLACK_SECONDS * clip.rate), 1)
    added: list[Region] = []
    gone: list[Region] = []
    renamed: dict[str, str] = {}
    cut = 0
    for one in draft.added:
        start, end = frame(one.start), frame(one.end)
        if start >= end:
            gone.append(one)
            continue
        past = one.end * clip.rate / draft.rate - clip.frames
        cut += past > slack and not one.suggested
        made = _placed(one, start, end, clip, twins)
        if made.id in taken:
            made = made.but(id=fresh_id())
        if made.id != one.id:
            renamed[one.id] = made.id
        taken = taken | {made.id}
        added.append(made)
    left_out = []
    if cut:
        left_out.append(
            f"{_counted(cut, 'region was', 'regions were')} cut at the end of the recording"
        )
    if by_hand := [one for one in gone if not one.suggested]:
        labels = ", ".join(dict.fromkeys(printable(one.label, 20) for one in by_hand))
        what = _counted(len(by_hand), "region lies", "regions lie")
        left_out.append(f"{what} past the end of the recording: {labels}")
    return added, left_out, renamed


def _said_of_sound(draft: RegionDraft, clip: Clip, slack: int) -> list[str]:
    adapted = []
    if draft.rate != clip.rate:
        adapted.append(f"the recording has {clip.rate:,} frames a second now, not {draft.rate:,}")
    was, now = draft.frames / draft.rate, clip.frames / clip.rate
    if abs(was - now) * clip.rate > slack:
        adapted.append(f"the recording is {now:.3f} s long now, not {was:.3f} s")
    elif draft.rate == clip.rate and draft.frames != clip.frames:
        by = abs(clip.frames - draft.frames)
        how = "longer" if clip.frames > draft.frames else "shorter"
        adapted.append(f"the recording is {_counted(by, 'frame', 'frames')} {how} now")
    beyond = sum((one.channel or 0) >= clip.channels for one in draft.added)
    if beyond:
        which = "a region is" if beyond == 1 else f"{beyond} regions are"
        adapted.append(f"{which} of a channel that is gone, and counts for all of them")
    return adapted


def _twins(
    draft: RegionDraft,
    original: Mapping[str, Region],
    base: int,
    frame: Callable[[int], int],
    slack: int,
) -> dict[str, Region | None]:
    """The regions of the draft that came with the task, each with the one that comes now."""
    if draft.base == base or not draft.original:
        # The same, or a draft of an earlier version, which kept no more than ids.
        return {id: original.get(id) for id in draft.removed}
    free = dict(original)
    found: dict[str, Region | None] = {}
    waiting: list[Region] = []
    for was in draft.original:
        now = was.but(start=frame(was.start), end=frame(was.end))
        exact = (one for one in free.values() if _same(one, now, slack))
        # Where several are alike, the id tells which.
        twin = min(exact, key=lambda one: one.id != was.id, default=None)
        found[was.id] = twin
        if twin is None:
            waiting.append(now)
        else:
            del free[twin.id]
    for now in waiting:
        near = max(free.values(), key=lambda one: _share(one, now), default=None)
        if near is not None and _share(near, now) >= _ALIKE:
            found[now.id] = near
            del free[near.id]
    return found


def _stands_for(made: Region, came: Region) -> bool:
    """Whether one made by hand is what came in the meantime, too."""
    return not made.suggested and made.track == came.track and _share(made, came) >= _ALIKE


def _same(one: Region, other: Region, slack: int) -> bool:
    return (
        abs(one.start - other.start) <= slack
        and abs(one.end - other.end) <= slack
        and one.track == other.track
    )


def _share(one: Region, other: Region) -> float:
    """How much two regions have in common, of all that they cover."""
    if one.channel != other.channel:
        return 0.0
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(both, 0) / max(max(one.end, other.end) - min(one.start, other.start), 1)


def _placed(
    one: Region, start: int, end: int, clip: Clip, twins: Mapping[str, Region | None]
) -> Region:
    """A region of the draft in the sound, in the place of the one that comes with it now."""
    channel = one.channel
    if channel is not None and channel >= clip.channels:
        channel = None
    twin = twins.get(one.id)
    made = one.but(start=start, end=end, channel=channel)
    if one.original is None:
        return made
    return made.but(
        id=made.id if twin is None else twin.id,
        original=None if twin is None else twin.original,
    )


def _offered(draft: RegionDraft, frame: Callable[[int], int]) -> list[Suggestion]:
    found = map(PLAIN.decode, draft.offered)
    return [replace(one, start=frame(one.start), end=frame(one.end)) for one in found]


def withdrawn_places(draft: RegionDraft, before: int) -> Iterable[int]:
    """The places of the withdrawn among what was offered, where so many come with the task."""
    if draft.offered_before is None or draft.offered_before == before:
        return draft.withdrawn
    shifted: Sequence[int] = [place - draft.offered_before for place in draft.withdrawn]
    return [place + before for place in shifted if place >= 0]


def _counted(count: int, one: str, several: str) -> str:
    return f"a {one}" if count == 1 else f"{count} {several}"
