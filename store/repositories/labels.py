"""A ticket's labels once more on its own row, one a line: the inbox filters and counts without a join."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select, update

from store.models.tickets import Tickets, TicketTags
from store.repositories.base import Work
from store.repositories.prepared import Prepared

_NAMES = Prepared(lambda _: select(TicketTags.name).where(TicketTags.ticket_id == bindparam("ticket")))
_COPY = Prepared(lambda _: update(Tickets).where(Tickets.id == bindparam("ticket")))


def copy_labels(work: Work, ticket_id: str) -> None:
    """Bring the row in step after the labels have changed; in the same transaction."""
    write_labels(work, ticket_id, _NAMES.run(work.db, work.scope, {"ticket": ticket_id}).scalars())


def write_labels(work: Work, ticket_id: str, names: Iterable[str]) -> None:
    """As `copy_labels`, by who knows all the ticket's labels."""
    lines = "".join(f"\n{name}" for name in sorted(names))
    _COPY.run(work.db, work.scope, {"ticket": ticket_id, "labels": f"{lines}\n" if lines else ""})
