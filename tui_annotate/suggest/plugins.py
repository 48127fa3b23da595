"""Sources of suggestions that other packages offer, made and held to the protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import AudioSuggester, Prepared, TextSuggester
from tui_annotate.suggest.registry import AUDIO_GROUP, OLD_GROUP, TEXT_GROUP, Source
from tui_annotate.suggest.suggestion import Suggestion


def text_suggester(source: Source, spec: SuggesterSpec) -> TextSuggester:
    """Make the suggester for texts that a package offers.

    Raises:
        AnnotateError: It is not made of `TextSuggester`.
    """
    made = source.load()
    if source.group == OLD_GROUP and not _derived(made, TextSuggester):
        # Before there was a class, a suggester was made of its labels and options.
        return Checked(spec, made(labels=spec.labels, **spec.options))
    if not _derived(made, TextSuggester):
        raise _no_class(source, "TextSuggester", TEXT_GROUP)
    return Checked(spec, made(spec))


def audio_factory(source: Source) -> Callable[..., AudioSuggester]:
    """What makes the suggester of a clip that a package offers: of clip, sound and spec.

    Raises:
        AnnotateError: It is not made of `AudioSuggester`.
    """
    made: Callable[..., AudioSuggester] = source.load()
    # Before there was a class, a function or any class did.
    if source.group != OLD_GROUP and not _derived(made, AudioSuggester):
        raise _no_class(source, "AudioSuggester", AUDIO_GROUP)
    return made


def _derived(made: object, base: type) -> bool:
    return isinstance(made, type) and issubclass(made, base)


def _no_class(source: Source, base: str, group: str) -> AnnotateError:
    return AnnotateError(
        f"{source.factory} is not a class derived from {base}, as the group {group} requires",
        do=f"derive it from tui_annotate.suggest.{base}",
    )


class Checked(TextSuggester):
    """A suggester of another package, held to the protocol.

    Args:
        spec: What its suggestions are to call their source, and more.
        suggester: The suggester; anything that has its methods.
    """

    def __init__(self, spec: SuggesterSpec, suggester: Any) -> None:
        super().__init__(spec)
        self._suggester = suggester

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What it offers.

        Raises:
            ValueError: If that does not fit the documents.
        """
        answers = [list(offered) for offered in self._suggester.suggest(documents)]
        if len(answers) != len(documents):
            raise ValueError(f"it answered {len(answers)} of {len(documents)} texts")
        return [
            [self._checked(suggestion, len(document.text)) for suggestion in offered]
            for document, offered in zip(documents, answers, strict=True)
        ]

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """Hand on how a text was decided."""
        self._suggester.feedback(text, spans)

    def _checked(self, suggestion: object, length: int) -> Suggestion:
        checked = msgspec.convert(suggestion, Suggestion, from_attributes=True)
        if not 0 <= checked.start < checked.end <= length or not checked.label:
            raise ValueError(
                f"it offered {checked.start}–{checked.end} {checked.label!r} in a text of {length}"
            )
        return msgspec.structs.replace(checked, source=self.name)
