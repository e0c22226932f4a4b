"""What processes tell each other about new events: one NOTIFY for each transaction that made some.

A notice only wakes; what happened is in the tables. It is limited to 8,000 bytes, so that a transaction that
touched very many tickets says that everybody should look.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

CHANNEL = "supportgraph_events"
EVERYBODY = "*"
MOST_TICKETS = 200
AGAIN_SECONDS = 1.0
log = logging.getLogger("supportgraph.store")


def notice_of(sender: str, ticket_ids: Iterable[str]) -> str:
    """The payload: who sent it, then which tickets got events."""
    ids = sorted(ticket_ids)
    return " ".join([sender, *(ids if len(ids) <= MOST_TICKETS else [EVERYBODY])])


async def listen(url: str, own: str, tell: Callable[[frozenset[str] | None], None]) -> None:
    """Call `tell` with the tickets that other processes wrote events of, until cancelled.

    `url` as PostgreSQL's own library takes it; `own` is the sender that is not told. None means that any
    ticket may have new events: after a connection was lost, notices may have been missed.
    """
    from psycopg import AsyncConnection, Error, sql

    while True:
        try:
            async with await AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                tell(None)
                async for notice in connection.notifies():
                    sender, *ids = notice.payload.split()
                    if sender != own:
                        tell(None if EVERYBODY in ids else frozenset(ids))
        except (Error, OSError) as error:
            log.warning("notices of other processes are not heard now: %s", type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)
