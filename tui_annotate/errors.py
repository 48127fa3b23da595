"""The one exception for everything a user can cause or mend."""

from __future__ import annotations


class AnnotateError(Exception):
    """Something a user can mend: what failed, where, and what to do.

    The command line prints it as one sentence without a traceback; the
    interface shows it as a message.

    Args:
        what: What is wrong, lower case, without a full stop.
        where: A file, ``file:line``, an option, … whatever a user can go to.
        do: What to do about it, as an imperative without a full stop; or a question.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, do: str | None = None) -> None:
        self.what = what
        self.where = where
        self.do = do
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.do}" if self.do else ""
        stop = "" if remedy.endswith("?") else "."
        return f"{place}{self.what}{remedy}{stop}"


class UsageError(AnnotateError):
    """A wrong command, option or value; the exit code is 2."""

    exit_code = 2
