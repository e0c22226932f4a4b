"""Which tickets hold some words: by number, by the customer's address, by what was said.

A message matches when each of the words begins one of its own (or, with one or two letters, is one):
`refu pay` finds "refund my payment". The full-text index of the engine is asked, so that a hundred thousand
tickets are as quick as a hundred.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, false, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from store.models.companies import Customers
from store.models.tickets import Tickets
from store.models.words import POSTGRES_WORDS, SEQ_BITS, SQLITE_TABLE

_NUMBER = re.compile(r"#?(\d{1,9})")
_WORD = re.compile(r"[^\W_]+")
_UNPUNCTUATED = re.compile(r"[^\s!-/:-@\[-`{-~]+")
"""PostgreSQL keeps a word with its vowel signs together, which SQLite takes apart, here and in the index."""
MOST_WORDS = 12


def matching(text: str) -> ColumnElement[bool]:
    """The condition on tickets that hold these words, whatever their case."""
    words = text.strip()
    if number := _NUMBER.fullmatch(words):
        return (Tickets.number == int(number[1])) | _said(words)
    if "@" in words:
        known = select(Customers.id).where(Customers.email.icontains(words, autoescape=True))
        return Tickets.customer_id.in_(known) | _said(words)
    return _said(words)


def _said(text: str) -> ColumnElement[bool]:
    words = _WORD.findall(text.casefold())[:MOST_WORDS]
    if not words:
        return false()
    whole = _UNPUNCTUATED.findall(text.casefold())[:MOST_WORDS]
    return _Said(
        literal(" AND ".join(f'"{word}"{"*" if _begins(word) else ""}' for word in words)),
        literal(" & ".join(f"'{word}'{':*' if _begins(word) else ''}" for word in whole)),
    )


def _begins(word: str) -> bool:
    """Whether longer words may go on from it: what begins with one or two letters is half of all words."""
    return len(word) > 2


class _Said(FunctionElement[Any]):
    """The tickets with a message that matches: the query as SQLite reads it, and as PostgreSQL does."""

    name = "said"
    inherit_cache = True
    type = NullType()
    """As a truth value it would become `(...) = 1` on SQLite, which no index can answer."""


@compiles(_Said, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    query, _ = element.clauses
    asked = compiler.process(query, **options)
    found = f"SELECT rowid >> {SEQ_BITS} FROM {SQLITE_TABLE} WHERE {SQLITE_TABLE} MATCH {asked}"
    return f"(tickets.number IN ({found}))"


@compiles(_Said, "postgresql")
def _on_postgres(element: Any, compiler: Any, **options: Any) -> str:
    _, query = element.clauses
    asked = compiler.process(query, **options)
    words = POSTGRES_WORDS.replace("(text,", "(messages.text,")
    found = f"SELECT messages.ticket_id FROM messages WHERE {words} @@ to_tsquery('simple', {asked})"
    return f"(tickets.id IN ({found}))"
