"""What the first tasks add to a session: labels, keys, how many classes may be chosen."""

from __future__ import annotations

from tui_annotate.kinds import kind
from tui_annotate.kinds.base import FirstTasks, Offer
from tui_annotate.kinds.options import as_given
from tui_annotate.recipe.session import Session


def completed(session: Session) -> Session:
    """Return a session with what its first tasks say; the stream has read them.

    Raises:
        AnnotateError: The kind of annotation cannot do with what there is.
    """
    stream = session.stream
    offer = kind(session.view).complete(
        Offer(session.labels, session.keys, session.suggesters, session.options),
        FirstTasks(
            stream.expected.carried,
            tuple(stream.expected.labels_seen),
            stream.source.name,
            session.correct,
        ),
    )
    done = session.replace(
        labels=offer.labels,
        keys=offer.keys,
        suggesters=offer.suggesters,
        **as_given(offer.options),
    ).noticing(*offer.notices)
    for label in offer.labels:
        stream.expected.accept(label)
    return done
