"""Values that left a message: encrypted, numbered per ticket, opened by the tool gate only."""

import re
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select

from graph.errors import NotFound
from store.models.tickets import MessageValues, Tickets
from store.repositories.base import Repository
from store.repositories.prepared import Prepared
from store.values.turns import KeptValue, NewMessage

_PLACEHOLDER = re.compile(r"\[([a-z]+_\d+)\]")

_KNOWN = Prepared(
    lambda _: select(MessageValues.kind, MessageValues.fingerprint, MessageValues.placeholder).where(
        MessageValues.ticket_id == bindparam("ticket")
    )
)
_SECRET = Prepared(
    lambda within: (
        select(MessageValues.secret)
        .join(Tickets, Tickets.id == MessageValues.ticket_id)
        .where(
            MessageValues.ticket_id == bindparam("ticket"),
            MessageValues.placeholder == bindparam("name"),
            *within(Tickets),
        )
    )
)


class KeptValues(Repository):
    """The kept values of tickets; a ticket calls the same value by one name in all its messages."""

    def renumbered(self, new: NewMessage) -> tuple[NewMessage, list[KeptValue]]:
        """The message with its placeholders as the ticket knows them (redaction numbers per message).

        Also returns those of its values that the ticket does not hold yet.
        """
        if not new.values:
            return new, []
        known = self._known(new.ticket_id)
        renamed: dict[str, str] = {}
        values: list[KeptValue] = []
        fresh: list[KeptValue] = []
        for kept in new.values:
            mark = (kept.kind, self._fingerprint(kept))
            old = kept.placeholder.strip("[]")
            is_new = mark not in known
            if is_new:
                known[mark] = _next_name(old, known)
            renamed[old] = known[mark]
            values.append(replace(kept, placeholder=known[mark]))
            if is_new:
                fresh.append(values[-1])
        named = replace(
            new,
            text=_rename(new.text, renamed),
            display=_rename(new.display, renamed),
            values=tuple(values),
        )
        return named, fresh

    def keep(self, ticket_id: str, message_id: str, values: list[KeptValue]) -> None:
        """Store values of a message, encrypted."""
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
                for kept in values
            ],
        )

    def open(self, ticket_id: str, placeholder: str) -> str:
        """The value behind a placeholder of the ticket, with or without its brackets."""
        row = self._run(_SECRET, ticket=ticket_id, name=placeholder.strip("[]")).first()
        if row is None:
            raise NotFound(f"this ticket keeps no value called {placeholder!r}", field="placeholder")
        return self._work.cipher.open(row.secret)

    def _known(self, ticket_id: str) -> dict[tuple[str, str], str]:
        rows = self._run(_KNOWN, ticket=ticket_id)
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
