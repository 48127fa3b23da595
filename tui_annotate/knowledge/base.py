"""An open knowledge base: what a mention may mean, and what one searches for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.knowledge.entity import Candidate, Entity
from tui_annotate.knowledge.folding import folded, words
from tui_annotate.knowledge.ranking import Match, rank
from tui_annotate.knowledge.schema import APPLICATION_ID, INDEXED_PREFIX, VERSION, fact
from tui_annotate.wording import reason

_POOL = 64
"""How many entities a query brings in to be ranked."""

_WIDE = 256
"""How many, where not every word of a mention was asked for."""

_CONTEXT = 24
"""How many words of the text a query goes by."""

_HEADER = b"SQLite format 3\0"


def is_sqlite(path: Path) -> bool:
    """Whether a file is an SQLite file, as knowledge bases are."""
    return _head(path).startswith(_HEADER)


def is_base(path: Path) -> bool:
    """Whether a file says of itself that it is a knowledge base."""
    head = _head(path)
    return head.startswith(_HEADER) and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _head(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(100)
    except OSError:
        return b""


class KnowledgeBase:
    """Entities in one SQLite file; reads it only, from one thread at a time.

    Args:
        path: The file, made by `building.build`.

    Raises:
        AnnotateError: It is not there, is not a knowledge base, or is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise UsageError(
                "no such knowledge base",
                where=str(path),
                do="make it with `tui-annotate kb build ENTITIES.csv -o KB.sqlite`",
            )
        if not is_sqlite(path):
            raise UsageError(
                "this is not a knowledge base",
                where=str(path),
                do="make one with `tui-annotate kb build ENTITIES.csv -o KB.sqlite`",
            )
        try:
            # Nothing writes to the file: a new one comes by rename. So nothing needs locks.
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._check()
        except sqlite3.Error as error:
            raise AnnotateError(
                f"the knowledge base cannot be read ({reason(error)})",
                where=str(path),
                do="build it again",
            ) from error

    def _check(self) -> None:
        run = self._connection.execute
        (application,) = run("PRAGMA application_id").fetchone()
        (version,) = run("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise UsageError(
                "this SQLite file is not a knowledge base",
                where=str(self.path),
                do="make one with `tui-annotate kb build ENTITIES.csv -o KB.sqlite`",
            )
        if version != VERSION:
            raise UsageError(
                f"this knowledge base has the format {version}, and this program reads {VERSION}",
                where=str(self.path),
                do="build it again",
            )
        run("PRAGMA cache_size = -32000")
        about = dict(run("SELECT key, value FROM about"))
        self.size = int(about.get("entities", 0))
        """How many entities there are."""
        self._common = frozenset(word for (word,) in run("SELECT word FROM common"))
        self.names = int(about.get("names", 0))
        """How many different names they have."""
        if not self.size:
            raise UsageError("the knowledge base is empty", where=str(self.path))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def entity(self, id_: str) -> Entity | None:
        """The entity of an id."""
        row = self._connection.execute(
            "SELECT id, name, description, aliases, prior, url FROM entity WHERE id = ?", (id_,)
        ).fetchone()
        if row is None:
            return None
        id_, name, description, aliases, prior, url = row
        return Entity(id_, name, description, tuple(aliases.split("\n") if aliases else ()), prior,
                      url)  # fmt: skip

    # ── what a mention may mean ────────────────────────────────────────────

    def candidates(
        self, mention: str, context: Iterable[str] = (), *, limit: int = 9
    ) -> list[Candidate]:
        """The entities that a mention may mean, the likeliest first.

        Names that are the mention come first, whatever their case and
        diacritics, then those that hold its words; among these the prior
        counts, and how many words of the description stand in the text.

        Args:
            mention: The mention as the text has it.
            context: Words of the text, as `folding.words` gives them, the nearest first.
            limit: How many to give at most.
        """
        parts = words(mention)
        if not parts:
            return []
        own = set(parts)
        near = list(dict.fromkeys(word for word in context if len(word) > 3 and word not in own))
        exact = self._exact(" ".join(parts))
        pool = dict.fromkeys(number for number, _ in exact)
        found = self._having(parts)
        pool.update(dict.fromkeys(found))
        if near and max(len(found), len(exact)) >= _POOL:
            # More of them than can be weighed: those that the text speaks for.
            facts = " OR ".join(_quoted(fact(word)) for word in near[:_CONTEXT])
            pool.update(dict.fromkeys(self._matching(f"{_all(parts)} AND ({facts})")))
        if len(pool) < limit:
            pool.update(dict.fromkeys(self._loosely(parts)))
        priors = {number: prior for number, prior in exact if prior is not None}
        ranked = rank(mention, self._matches(list(pool), priors), near)
        return ranked[:limit]

    def _exact(self, name: str) -> list[tuple[int, float | None]]:
        return self._connection.execute(
            "SELECT entity, prior FROM alias WHERE folded = ? ORDER BY entity LIMIT ?",
            (name, _POOL),
        ).fetchall()

    def _matching(self, expression: str, limit: int = _POOL) -> list[int]:
        rows = self._connection.execute(
            "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid LIMIT ?", (expression, limit)
        )
        return [number for (number,) in rows]

    def _having(self, parts: Sequence[str], *, unfinished: bool = False) -> list[int]:
        """Entities that have these words in their names; may be some more.

        Args:
            parts: The words.
            unfinished: The last one is the beginning of a word.
        """
        whole = parts[:-1] if unfinished else parts
        rare = [part for part in whole if part not in self._common]
        if rare and len(rare) < len(parts):
            found = self._matching(_all(rare), _WIDE)
            if len(found) < _WIDE:
                return found
        if unfinished and whole and len(parts[-1]) > INDEXED_PREFIX:
            begins = _quoted(parts[-1][:INDEXED_PREFIX]) + "*"
            found = self._matching(f"{_all(whole)} AND {begins}", _WIDE)
            if len(found) < _WIDE:
                return found
        last = [self._beginning(parts[-1])] if unfinished else []
        return self._matching(
            " AND ".join([*map(_quoted, whole), *last]), _WIDE if unfinished else _POOL
        )

    def _beginning(self, part: str) -> str:
        """A query for words that begin so."""
        # A prefix that is in no index is looked up by merging the entities of all its words.
        # Where one of them is common, it alone has more entities than anybody looks at.
        common = [word for word in self._common if word.startswith(part)]
        if len(part) > INDEXED_PREFIX and common:
            return "(" + " OR ".join(map(_quoted, common)) + ")"
        return _quoted(part) + "*"

    def _loosely(self, parts: Sequence[str]) -> list[int]:
        """Entities that share a word with a mention, or how one begins."""
        long = {part for part in parts if len(part) > 2}
        telling = [part for part in long if part not in self._common] or list(long)
        found: dict[int, None] = {}
        for part in sorted(telling, key=lambda part: (-len(part), part))[:3]:
            if len(parts) > 1:
                found.update(dict.fromkeys(self._matching(_quoted(part), _POOL // 2)))
            if len(part) > 4:
                begins = self._beginning(part[: max(4, len(part) - 2)])
                found.update(dict.fromkeys(self._matching(begins, _POOL // 2)))
        return list(found)

    def _matches(self, numbers: Sequence[int], priors: dict[int, float]) -> list[Match]:
        marks = ", ".join("?" * len(numbers))
        rows = self._connection.execute(
            "SELECT number, id, name, description, aliases, prior "
            f"FROM entity WHERE number IN ({marks}) ORDER BY number",
            numbers,
        )
        return [
            Match(
                number,
                id_,
                name,
                description,
                (name, *aliases.split("\n")) if aliases else (name,),
                priors.get(number, prior),
            )
            for number, id_, name, description, aliases, prior in rows
        ]

    # ── searching as one types ─────────────────────────────────────────────

    def search(self, query: str, *, limit: int = 50) -> list[Candidate]:
        """The entities that a query may be the beginning of, the likeliest first.

        The words may stand in any order, the last may be unfinished, and all
        but one may be of the description. An id finds its entity.
        """
        found: dict[str, Candidate] = {}
        entity = self.entity(query.strip())
        if entity is not None:
            found[entity.id] = Candidate(entity.id, entity.name, entity.description)
        parts = words(query)
        if parts:
            whole = " ".join(parts)
            pool = dict.fromkeys(number for number, _ in self._exact(whole))
            pool.update(dict.fromkeys(self._having(parts, unfinished=True)))
            matches = [m for m in self._matches(list(pool), {}) if _holds(m, parts)]
            if len(parts) > 1 and len(matches) < limit:
                more = dict.fromkeys(self._matching(self._described(parts), _WIDE))
                known = {match.number for match in matches}
                matches += self._matches([n for n in more if n not in known], {})
            matches.sort(key=lambda match: _closeness(match, whole))
            for match in matches:
                found.setdefault(match.id, Candidate(match.id, match.name, match.description))
        return list(found.values())[:limit]

    def _described(self, parts: Sequence[str]) -> str:
        """A query for the first word in the names, the others there or in the description."""
        rest = [f"({_quoted(part)} OR {_quoted(fact(part))})" for part in parts[1:-1]]
        last = parts[-1]
        rest.append(f"({self._beginning(last)} OR {_quoted(fact(last))}*)")
        return " AND ".join([_quoted(parts[0]), *rest])


def _quoted(word: str) -> str:
    # Folded words hold letters and digits alone; the quotes are for AND, OR and NOT.
    return '"' + word.replace('"', '""') + '"'


def _all(parts: Iterable[str]) -> str:
    return " AND ".join(map(_quoted, dict.fromkeys(parts)))


def _holds(match: Match, parts: Sequence[str]) -> bool:
    """Whether the names have all words of a query, the last one unfinished."""
    own = {word for name in match.names for word in words(name)}
    return own.issuperset(parts[:-1]) and any(word.startswith(parts[-1]) for word in own)


def _closeness(match: Match, whole: str) -> tuple[int, int, int]:
    names = [folded(name) for name in match.names]
    if whole in names:
        grade = 0
    elif names[0].startswith(whole):
        grade = 1
    elif any(name.startswith(whole) for name in names):
        grade = 2
    else:
        grade = 3
    # Where nothing tells how often an entity is meant, the shorter name is likelier meant.
    return grade, match.number if match.prior is not None else 0, len(names[0])
