"""The decorator that makes a recipe of a function."""

from __future__ import annotations

import inspect
import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Generic, ParamSpec

from tui_annotate.errors import AnnotateError
from tui_annotate.kinds.options import OptionError
from tui_annotate.recipe.parameters import Parameter, parameters, takes_sounds
from tui_annotate.recipe.session import Session
from tui_annotate.sources.stream import Stream
from tui_annotate.wording import did_you_mean, quoted

P = ParamSpec("P")


class Recipe(Generic[P]):
    """A recipe: a function that makes a `Session`, and what the command line says about it.

    Attributes:
        name: What the user types: ``ner.manual``.
        function: The function that was decorated.
    """

    def __init__(self, name: str, function: Callable[P, Session]) -> None:
        self.name = name
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Session:
        """Make the session.

        Raises:
            AnnotateError: The recipe gives its view an option that it does not have, or
                returns no session.
        """
        try:
            session = self.function(*args, **kwargs)
        except OptionError as error:
            error.where = error.where or self._line_of(error)
            raise
        if not isinstance(session, Session):
            raise AnnotateError(
                f"the recipe {self.name} returned {type(session).__name__}, not a Session",
                where=self._place,
            )
        session = self._with_own_guidelines(session)
        self._refuse_unknown(session)
        tasks: object = session.stream
        if isinstance(tasks, Stream):
            return session
        if not isinstance(tasks, Iterable) or isinstance(tasks, str | Mapping):
            raise AnnotateError(
                f"the recipe {self.name} gives its Session {type(tasks).__name__} for a stream",
                where=self._place,
                do="give it the stream, or an iterable of tasks",
            )
        given = kwargs.get(self.stream_parameter, args[0] if args else None)
        assert isinstance(given, Stream)
        return session.replace(stream=given.made_of(tasks))

    def _with_own_guidelines(self, session: Session) -> Session:
        """Find a file of guidelines that stands beside the recipe."""
        given = session.guidelines
        if given is None or "\n" in str(given) or os.path.exists(given):
            return session
        beside = Path(inspect.unwrap(self.function).__code__.co_filename).parent / given
        return session.replace(guidelines=beside) if os.path.isfile(beside) else session

    def _refuse_unknown(self, session: Session) -> None:
        """Refuse what is said of a label that is not on offer.

        Raises:
            AnnotateError: A description or a colour is given for such a label.
        """
        for what, given in (
            ("a description", session.descriptions),
            ("a colour", session.colours),
        ):
            unknown = [label for label in given if session.labels and label not in session.labels]
            if unknown:
                raise AnnotateError(
                    f"{what} is given for {quoted(unknown[0])}, which is not in the label set",
                    where=self._place,
                    do=did_you_mean(unknown[0], session.labels),
                )

    @property
    def _place(self) -> str:
        code = inspect.unwrap(self.function).__code__
        return f"{code.co_filename}:{code.co_firstlineno}"

    def _line_of(self, error: OptionError) -> str:
        """Where in the recipe's file an option was given."""
        code = inspect.unwrap(self.function).__code__
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == code.co_filename
        ]
        return f"{code.co_filename}:{lines[-1] if lines else code.co_firstlineno}"

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0].strip()

    @property
    def description(self) -> str:
        """The docstring up to its ``Args``."""
        return (inspect.getdoc(self.function) or "").partition("\nArgs:")[0].strip()

    @property
    def stream_parameter(self) -> str:
        """The name of the parameter that takes the stream."""
        return parameters(self.function)[0]

    @property
    def takes_sounds(self) -> bool:
        """Whether its tasks are sounds."""
        return takes_sounds(self.function)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that become options."""
        return parameters(self.function)[1]


def recipe(name: str) -> Callable[[Callable[P, Session]], Recipe[P]]:
    """Make a recipe of a function that returns a `Session`.

    Args:
        name: What the user types. It stands in the file as a plain string, because
            recipes are listed by reading their files, without running them.
    """

    def decorate(function: Callable[P, Session]) -> Recipe[P]:
        return Recipe(name, function)

    return decorate
