"""Entities and aliases of a spaCy `InMemoryLookupKB` on disk.

spaCy reads it in a process of its own: importing spaCy into this one would
make every key of the session slower.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tui_annotate.errors import AnnotateError
from tui_annotate.knowledge.entity import NIL
from tui_annotate.knowledge.rows import NIL_ENTITY, Row

_FILES = ("contents", "strings.json")


def kb_folder(path: Path) -> Path | None:
    """The folder that holds the KnowledgeBase: this one, or one in a linker or a pipeline."""
    for folder in (path, path / "kb", path / "entity_linker" / "kb"):
        if all((folder / name).is_file() for name in _FILES):
            return folder
    return None


def is_spacy_folder(path: Path) -> bool:
    """Whether a path is a KnowledgeBase of spaCy's, or a folder with one."""
    return path.is_dir() and kb_folder(path) is not None


def read_spacy_folder(path: Path) -> Iterator[Row]:
    """The entities of a KnowledgeBase, each named by the alias that means it most.

    Raises:
        AnnotateError: spaCy cannot read it.
    """
    folder = kb_folder(path)
    assert folder is not None
    command = [sys.executable, "-m", __name__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            for line in process.stdout:
                id_, prior, aliases = json.loads(line)
                if id_ == NIL:
                    raise AnnotateError(
                        NIL_ENTITY, where=str(path), do="give it another id, and make it again"
                    )
                yield _row(id_, prior, aliases)
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.terminate()
            said = process.stderr.read().decode(errors="replace").strip().splitlines()
    if process.returncode > 0:
        reason = said[-1] if said else "it ended at once"
        raise AnnotateError(f"spaCy cannot read this KnowledgeBase ({reason})", where=str(path))


def _row(id_: str, prior: float, aliases: list[tuple[str, float]]) -> Row:
    name = max(aliases, key=lambda pair: (pair[1], len(pair[0])))[0] if aliases else id_
    others = tuple((text, share) for text, share in aliases)
    return Row(id_, name, "", others, prior)


def main(folder: str) -> None:
    """Print each entity as a line of JSON: id, frequency, aliases with their priors."""
    from tui_annotate.suggest.spacy.pipelines import import_spacy

    spacy = import_spacy()
    base: Any = _load(spacy, Path(folder))
    names: dict[str, list[tuple[str, float]]] = {id_: [] for id_ in base.get_entity_strings()}
    priors: dict[str, float] = {}
    for alias in base.get_alias_strings():
        for found in base.get_alias_candidates(alias):
            names.setdefault(found.entity_, []).append((alias, round(found.prior_prob, 6)))
            priors[found.entity_] = found.entity_freq
    for id_, aliases in names.items():
        print(json.dumps([id_, priors.get(id_, 0.0), aliases]))


def _load(spacy: Any, folder: Path) -> Any:
    import struct

    from spacy.kb import InMemoryLookupKB

    head = (folder / "contents").read_bytes()[:16]
    if len(head) < 16:
        raise ValueError("its contents are cut short")
    # The file begins with the number of entities and the length of their vectors.
    _, length = struct.unpack("<qq", head)
    base = InMemoryLookupKB(spacy.blank("xx").vocab, entity_vector_length=length)
    base.from_disk(folder)
    return base


if __name__ == "__main__":
    main(sys.argv[1])
