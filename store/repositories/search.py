"""Which tickets hold some words: by number, by the customer's address, by what was said.

A message matches when each of the words begins one of its own (or, with one or two letters, is one):
`refu pay` finds "refund my payment". The full-text index of the engine is asked, so that a hundred thousand
tickets are as quick as a hundred. A word that thousands of messages hold is looked for as it stands: to
gather what begins with it takes SQLite longer than all the rest, and nobody reads that far.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, literal, select, text
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
COMMON = 5_000
NEWEST = 10_000


class Said(FunctionElement[Any]):
    """The tickets with a message that matches: the query as SQLite reads it, and as PostgreSQL does."""

    name = "said"
    inherit_cache = True
    type = NullType()
    """As a truth value it would become `(...) = 1` on SQLite, which no index can answer."""
    key = "tickets.number"
    last = False


class SaidLately(Said):
    """The same among the newest messages that match."""

    inherit_cache = True
    last = True


class SaidOfFew(Said):
    """The same for a statement that has few tickets left: each is held against what was found."""

    inherit_cache = True
    key = "tickets.number + 0"


class SaidOfFewLately(SaidOfFew):
    """Both of it."""

    inherit_cache = True
    last = True


class SaidByMany(Said):
    """Whether more messages match than the newest that are looked at."""

    inherit_cache = True


def matching(words: str, common: frozenset[str] = frozenset(), how: type[Said] = Said) -> ColumnElement[bool]:
    """The condition on tickets that hold these words, whatever their case; `common` ones as they stand."""
    words = words.strip()
    if number := _NUMBER.fullmatch(words):
        return (Tickets.number == int(number[1])) | _said(words, common, how)
    if "@" in words:
        known = select(Customers.id).where(Customers.email.icontains(words, autoescape=True))
        return Tickets.customer_id.in_(known) | _said(words, common, how)
    return _said(words, common, how)


def common_words(db: Connection, words: str) -> frozenset[str]:
    """Those of the words that thousands of messages hold as they stand; PostgreSQL has no need of them."""
    if db.dialect.name != "sqlite":
        return frozenset()
    some = f"SELECT 1 FROM {SQLITE_TABLE} WHERE {SQLITE_TABLE} MATCH :word LIMIT {COMMON}"
    held = text(f"SELECT count(*) FROM ({some})")
    asked = {word for word in _WORD.findall(words.casefold())[:MOST_WORDS] if _begins(word)}
    return frozenset(word for word in asked if db.execute(held, {"word": f'"{word}"'}).scalar() == COMMON)


def _said(words: str, common: frozenset[str], how: type[Said]) -> ColumnElement[bool]:
    taken = _WORD.findall(words.casefold())[:MOST_WORDS]
    if not taken:
        return false()
    begun = {word for word in taken if _begins(word)} - common
    whole = _UNPUNCTUATED.findall(words.casefold())[:MOST_WORDS]
    return how(
        literal(" AND ".join(f'"{word}"{"*" if word in begun else ""}' for word in taken)),
        literal(" & ".join(f"'{word}'{':*' if _begins(word) else ''}" for word in whole)),
    )


def _begins(word: str) -> bool:
    """Whether longer words may go on from it: what begins with one or two letters is half of all words."""
    return len(word) > 2


def is_said_by_many(db: Connection, words: str, common: frozenset[str]) -> bool:
    """Whether older messages than the newest that are looked at may hold the words too."""
    return bool(db.execute(select(_said(words.strip(), common, SaidByMany))).scalar())


@compiles(Said, "sqlite")
def _on_sqlite(element: Said, compiler: Any, **options: Any) -> str:
    query, _ = element.clauses
    asked = compiler.process(query, **options)
    found = f"SELECT rowid >> {SEQ_BITS} FROM {SQLITE_TABLE} WHERE {SQLITE_TABLE} MATCH {asked}"
    return f"({element.key} IN ({found}{_newest('rowid') if element.last else ''}))"


@compiles(SaidByMany, "sqlite")
def _many_on_sqlite(element: Said, compiler: Any, **options: Any) -> str:
    query, _ = element.clauses
    asked = compiler.process(query, **options)
    return _many(f"SELECT 1 FROM {SQLITE_TABLE} WHERE {SQLITE_TABLE} MATCH {asked}")


@compiles(Said, "postgresql")
def _on_postgres(element: Said, compiler: Any, **options: Any) -> str:
    found = _messages("messages.ticket_id", element, compiler, **options)
    return f"(tickets.id IN ({found}{_newest('messages.id') if element.last else ''}))"


@compiles(SaidByMany, "postgresql")
def _many_on_postgres(element: Said, compiler: Any, **options: Any) -> str:
    return _many(_messages("1", element, compiler, **options))


def _messages(column: str, element: Said, compiler: Any, **options: Any) -> str:
    """Of the messages that match, as PostgreSQL reads it."""
    _, query = element.clauses
    asked = compiler.process(query, **options)
    words = POSTGRES_WORDS.replace("(text,", "(messages.text,")
    return f"SELECT {column} FROM messages WHERE {words} @@ to_tsquery('simple', {asked})"


def _many(found: str) -> str:
    return f"((SELECT count(*) FROM ({found} LIMIT {NEWEST}) AS held) = {NEWEST})"


def _newest(column: str) -> str:
    return f" ORDER BY {column} DESC LIMIT {NEWEST}"
