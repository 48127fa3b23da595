"""The decorator that makes a recipe of a function."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, ParamSpec

from tui_annotate.errors import AnnotateError
from tui_annotate.kinds.options import OptionError
from tui_annotate.recipe.parameters import Parameter, parameters, takes_sounds
from tui_annotate.recipe.session import Session
from tui_annotate.sources.stream import Stream

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
