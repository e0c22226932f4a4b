"""The full-text index of what was said; on SQLite a virtual table that only its migration knows."""

from typing import Any

from sqlalchemy import Index, literal_column

from store.models.tickets import Messages

SEQ_BITS = 20
"""A row of `message_words` is the ticket's number and then, in so many bits, the message's."""
SQLITE_TABLE = "message_words"
POSTGRES_WORDS = "to_tsvector('simple'::regconfig, regexp_replace(text, '[[:punct:]]+', ' ', 'g'))"
"""Words end at punctuation; PostgreSQL alone would keep addresses and numbers with hyphens whole."""

_messages: Any = Messages.__table__
_words: Any = literal_column(POSTGRES_WORDS)
Index("ix_messages_words", _words, postgresql_using="gin", _table=_messages).ddl_if(dialect="postgresql")
