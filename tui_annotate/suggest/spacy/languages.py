"""The languages that spaCy can tokenise, found without importing spaCy."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    # language: (modules its tokeniser imports, what to install)
    "ja": (("sudachipy", "sudachidict_core"), "sudachipy and sudachidict_core"),
    "ko": (("natto",), "natto-py, and MeCab with its Korean dictionary (mecab-ko-dic)"),
    "th": (("pythainlp",), "pythainlp"),
    "vi": (("pyvi",), "pyvi"),
}
_SEGMENTERS = {"jieba": ("jieba", "jieba"), "pkuseg": ("spacy_pkuseg", "spacy-pkuseg")}


def languages() -> tuple[str, ...]:
    """The codes of every language that spaCy knows, sorted; empty without spaCy."""
    package = find_spec("spacy")
    if package is None or not package.submodule_search_locations:
        return ()
    folder = Path(package.submodule_search_locations[0]) / "lang"
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            entry.name
            for entry in folder.iterdir()
            if entry.name.isalpha() and entry.name.islower() and (entry / "__init__.py").is_file()
        )
    )


def missing(language: str, segmenter: str | None = None) -> str | None:
    """What must be installed before spaCy can tokenise a language; None if nothing.

    Args:
        language: The code of the language.
        segmenter: What a Chinese pipeline cuts words with, if it says so.
    """
    modules, install = _NEEDS.get(language, ((), ""))
    if language == "zh" and segmenter in _SEGMENTERS:
        module, install = _SEGMENTERS[segmenter]
        modules = (module,)
    return install if any(find_spec(module) is None for module in modules) else None
