"""Values that left a message: encrypted, numbered per ticket, opened by the tool gate only."""

import re
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from graph.errors import NotFound
from store.models.tickets import MessageValues, Tickets
from store.repositories.base import Repository
from store.values.turns import KeptValue, NewMessage

_PLACEHOLDER = re.compile(r"\[([a-z]+_\d+)\]")


class KeptValues(Repository):
    """The kept values of tickets; a ticket calls the same value by one name in all its messages."""

    def renumbered(self, new: NewMessage) -> NewMessage:
        """The message with its placeholders as the ticket knows them: redaction numbers per message."""
        if not new.values:
            return new
        known = self._known(new.ticket_id)
        renamed: dict[str, str] = {}
        values: list[KeptValue] = []
        for kept in new.values:
            mark = (kept.kind, self._fingerprint(kept))
            old = kept.placeholder.strip("[]")
            if mark not in known:
                known[mark] = _next_name(old, known)
            renamed[old] = known[mark]
            values.append(replace(kept, placeholder=known[mark]))
        return replace(
            new,
            text=_rename(new.text, renamed),
            display=_rename(new.display, renamed),
            values=tuple(values),
        )

    def keep(self, ticket_id: str, message_id: str, values: tuple[KeptValue, ...]) -> None:
        """Store, encrypted, what the ticket does not hold yet."""
        names = set(self._known(ticket_id).values()) if values else set()
        self._insert(
            MessageValues,
            [
                {
                    "ticket_id": ticket_id,
                    "placeholder": kept.placeholder,
                    "message_id": message_id,
                    "kind": kept.kind,
                    "fingerprint": self._fingerprint(kept),
                    "secret": self._work.cipher.seal(kept.value),
                    "hint": kept.hint,
                }
                for kept in {kept.placeholder: kept for kept in values}.values()
                if kept.placeholder not in names
            ],
        )

    def open(self, ticket_id: str, placeholder: str) -> str:
        """The value behind a placeholder of the ticket, with or without its brackets."""
        row = self._db.execute(
            select(MessageValues.secret)
            .join(Tickets, Tickets.id == MessageValues.ticket_id)
            .where(
                MessageValues.ticket_id == ticket_id,
                MessageValues.placeholder == placeholder.strip("[]"),
                *self._within(Tickets),
            )
        ).first()
        if row is None:
            raise NotFound(f"this ticket keeps no value called {placeholder!r}", field="placeholder")
        return self._work.cipher.open(row.secret)

    def _known(self, ticket_id: str) -> dict[tuple[str, str], str]:
        rows = self._db.execute(
            select(MessageValues.kind, MessageValues.fingerprint, MessageValues.placeholder).where(
                MessageValues.ticket_id == ticket_id
            )
        )
        return {(row.kind, row.fingerprint): row.placeholder for row in rows}

    def _fingerprint(self, kept: KeptValue) -> str:
        return self._work.cipher.fingerprint(kept.kind, kept.value.casefold())


def _next_name(placeholder: str, known: Mapping[tuple[str, str], str]) -> str:
    """The first free number for the word of a placeholder: `order_1` after `order_1` is `order_2`."""
    word = placeholder.rpartition("_")[0] or placeholder
    taken = set(known.values())
    number = 1
    while f"{word}_{number}" in taken:
        number += 1
    return f"{word}_{number}"


def _rename(text: str, names: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: f"[{names.get(found[1], found[1])}]", text)
