"""Did you mean …: the nearest of the names there are."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """Say which known names are nearest to a wrong one.

    Args:
        name: What was typed.
        known: What could have been meant.
        otherwise: What to say if nothing is near.
    """
    import difflib

    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.6)
    if not close:
        return otherwise
    near = [difflib.SequenceMatcher(None, match, name.lower()).ratio() for match in close]
    close = [match for match, ratio in zip(close, near, strict=True) if ratio > max(near) - 0.1]
    return "did you mean " + " or ".join(by_lower[match] for match in close) + "?"
