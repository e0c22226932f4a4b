"""What was said can be searched by its words: a full-text index beside the messages.

SQLite keeps the words in a table of its own, by the ticket's number and the message's place on it (ids are no
row numbers, and row numbers change with VACUUM); triggers keep it in step. A later migration that makes
`messages` or `tickets` anew on SQLite has to make these triggers anew too. PostgreSQL has an index.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEQ_BITS = 20
WORDS = "to_tsvector('simple'::regconfig, regexp_replace(text, '[[:punct:]]+', ' ', 'g'))"
NUMBERED = f"SELECT (number << {SEQ_BITS}) | new.seq, new.text FROM tickets WHERE id = new.ticket_id"
PLACE = f"(SELECT (number << {SEQ_BITS}) | old.seq FROM tickets WHERE id = old.ticket_id)"
TRIGGERS = {
    "message_words_added": "AFTER INSERT ON messages BEGIN"
    f" INSERT INTO message_words (rowid, text) {NUMBERED}; END",
    "message_words_changed": "AFTER UPDATE OF text ON messages BEGIN"
    f" UPDATE message_words SET text = new.text WHERE rowid = {PLACE}; END",
    "message_words_removed": "BEFORE DELETE ON messages BEGIN"
    f" DELETE FROM message_words WHERE rowid = {PLACE}; END",
    "message_words_with_ticket": "BEFORE DELETE ON tickets BEGIN"
    f" DELETE FROM message_words WHERE rowid BETWEEN old.number << {SEQ_BITS}"
    f" AND (old.number << {SEQ_BITS}) | {2**SEQ_BITS - 1}; END",
}


def upgrade() -> None:
    """Make the index and fill it from the messages that are there."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"CREATE INDEX ix_messages_words ON messages USING gin ({WORDS})")
        return
    op.execute(
        "CREATE VIRTUAL TABLE message_words USING fts5("
        "text, detail = none, columnsize = 0, prefix = '3', tokenize = 'unicode61')"
    )
    op.execute(
        f"INSERT INTO message_words (rowid, text) SELECT (number << {SEQ_BITS}) | seq, text"
        " FROM messages JOIN tickets ON tickets.id = messages.ticket_id"
    )
    for name, action in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {action}")


def downgrade() -> None:
    """Remove the index."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_index("ix_messages_words", "messages")
        return
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE message_words")
