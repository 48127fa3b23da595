"""The tables of a knowledge base's file.

Entities are numbered in the order of their prior, highest first, and every
index hands numbers out in order: what is read first is what is meant most
often, and a query for the best fifty stops after fifty.
"""

from __future__ import annotations

from tui_annotate.knowledge.folding import stem

APPLICATION_ID = 0x74614B42
"""What an SQLite file says it is, in its header."""

VERSION = 1

_FACT = "·"

TABLES = """
CREATE TABLE entity (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    aliases TEXT NOT NULL,
    prior REAL,
    url TEXT NOT NULL
);
CREATE TABLE alias (
    folded TEXT NOT NULL,
    entity INTEGER NOT NULL,
    prior REAL,
    PRIMARY KEY (folded, entity)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5 (
    words, content = '', detail = none, columnsize = 0, prefix = '1 2 3', tokenize = 'ascii'
);
CREATE TABLE common (word TEXT PRIMARY KEY, entities INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

INDEXED_PREFIX = 3
"""Beginnings of words up to this length have an index of their own."""

COMMON = 10_000
"""So many entities make a word common: it is slow to search by, and tells little."""

INDEXES = "CREATE UNIQUE INDEX entity_id ON entity (id);"


def fact(word: str) -> str:
    """How a word of a description stands in the index, among the words of names."""
    return _FACT + stem(word)
