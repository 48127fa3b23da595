"""What the decisions that an output holds already have to do with a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.decoding import decode_fields
from tui_annotate.kinds import current_name, kind
from tui_annotate.recipe import Session
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.store.journal import Journal
from tui_annotate.wording import printable, shown_path

_TOLD = 5
"""How many lines that cannot be read are named."""


def refuse_other_kinds(journal: Journal, session: Session, settings: RunSettings) -> None:
    """Refuse an output in which this annotator has made another kind of annotation.

    A line of one kind would count as a decision of the other, and be read as one.

    Raises:
        UsageError: It holds such lines.
    """
    of_view = kind(session.view)
    own = of_view.view_ids or {of_view.view_id(session.options)}
    for (recipe, view_id), count in journal.made_with.items():
        foreign = view_id is not None and view_id not in own
        if not foreign and recipe is not None and recipe != settings.recipe:
            view = _view_of(recipe)
            foreign = view is not None and view != session.view
        if foreign:
            made = printable(recipe) if recipe else "another program"
            several = "s" * (count != 1)
            go_on = f", or go on with tui-annotate {made}" if recipe else ""
            raise UsageError(
                f"it holds {count:,} decision{several} of {made} "
                f"({printable(view_id or '')}), and this is {settings.recipe}",
                where=str(settings.output),
                do=f"name another file with -o{go_on}",
            )


def ask_about_unreadable(
    journal: Journal, settings: RunSettings, confirm: Callable[[str], bool]
) -> None:
    """Ask whether to go on with an output in which lines cannot be read.

    What they decided counts as not decided: it would be asked again, and nobody would know why.

    Args:
        journal: The output.
        settings: Where it is.
        confirm: Asks the user a question; whether the answer is yes.

    Raises:
        AnnotateError: The answer is no.
    """
    count = len(journal.unreadable)
    if not count:
        return
    told = [_said_of_line(journal, settings, offset) for offset in journal.unreadable[:_TOLD]]
    if count > _TOLD:
        told.append(f"and {count - _TOLD:,} more")
    what = "This line is" if count == 1 else f"These {count:,} lines are"
    told.append(f"{what} left alone, and what was decided there is asked again. Go on?")
    if not confirm("\n".join(told)):
        raise AnnotateError(
            "the session was not opened",
            where=str(settings.output),
            do="fix what cannot be read, or name another file with -o",
        )


def _said_of_line(journal: Journal, settings: RunSettings, offset: int) -> str:
    number, line = journal.line(offset)
    found = decode_fields(line.removeprefix(b"\xef\xbb\xbf"), "a decision", ())
    why = found if isinstance(found, str) else "not what a session writes"
    return f"{shown_path(settings.output)}:{number}: {why}"


def notices(journal: Journal, session: Session, labels: Sequence[str]) -> Iterator[str]:
    """What an annotator should know about the decisions before, one sentence each.

    Args:
        journal: The output.
        session: The session that goes on with it.
        labels: The labels on offer.
    """
    count = journal.decisions
    if not count:
        return
    if session.labels and (before := _labels_before(journal)):
        gone = [printable(name) for name in before if name not in labels]
        new = [printable(name) for name in labels if name not in before]
        parts = [f"without {', '.join(gone)}"] if gone else []
        parts += [f"with {', '.join(new)} besides"] if new else []
        if parts:
            yield f"The label set differs from that of the last decision: {' and '.join(parts)}."
    stream = session.stream
    if stream.ended:
        ids = (stream.task_id(position) for position in range(stream.known))
        here = len({one for one in ids if one is not None and journal.decided(one)})
        if orphans := count - here:
            are = "decision is" if orphans == 1 else "decisions are"
            yield f"{orphans:,} earlier {are} about tasks that are not in this source."


def _labels_before(journal: Journal) -> list[str]:
    try:
        line = journal.last(journal.order(journal.decisions - 1)) or {}
    except LookupError:
        return []
    found = line.get("_labels")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _view_of(recipe: str) -> str | None:
    """The view of a recipe that can be found, as far as its file tells."""
    from tui_annotate.recipe.discovery import find

    found = find().get(recipe)
    return current_name(found.view) if found is not None and found.view else None
