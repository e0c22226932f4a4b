"""Which turn runs next and who may run it: leases with fencing tokens.

Statements without a company, the only ones: they give out ids and tokens, never what is in a ticket.
A lease is one column, `lease_until`; the token grows with every new owner, so that a worker that was too slow
cannot write any more. SQLite drops SKIP LOCKED and has one writer; the repeated condition is the
compare-and-set there.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from store.models.tickets import Tickets
from store.models.turns import Turns
from store.models.types import Utc
from store.models.work import Leases
from store.ports import Clock
from store.repositories.prepared import Prepared
from store.values.depth import Depth
from store.values.scope import Scope
from store.values.turns import Claim
from store.values.work import Lease

_ALL = Scope.operator()
LONGEST_LEASE = timedelta(minutes=11)
"""Nobody asks for more: a lease that ends later was given before the clock was put back, and is over."""


def _free() -> ColumnElement[bool]:
    """The turns that may run at the moment `now`."""
    other = aliased(Turns)
    return and_(
        or_(
            Turns.status == "queued",
            and_(
                Turns.status == "running",
                or_(
                    Turns.lease_until < bindparam("now", type_=Utc()),
                    Turns.lease_until > bindparam("never", type_=Utc()),
                ),
            ),
        ),
        ~exists().where(other.ticket_id == Turns.ticket_id, other.status == "running", other.id != Turns.id),
        ~exists().where(Tickets.id == Turns.ticket_id, Tickets.human_owned),
    )


def _claim(*wanted: ColumnElement[bool]) -> ReturningUpdate[*tuple[Any, ...]]:
    return (
        update(Turns)
        .where(*wanted, _free())
        .values(status="running", token=Turns.token + 1, attempts=Turns.attempts + 1)
        .returning(Turns.id, Turns.ticket_id, Turns.company_id, Turns.token, Turns.attempts)
    )


def next_claim() -> ReturningUpdate[*tuple[Any, ...]]:
    """The statement that takes the next free turn; two at the same time never take the same one.

    Next is the oldest of the company that has the fewest turns running: one that asks for very much waits for
    itself and not the others for it.
    """
    busy = aliased(Turns)
    running = select(func.count(busy.id)).where(
        busy.status == "running", busy.company_id == Turns.company_id, busy.lease_until > bindparam("now")
    )
    first = (
        select(Turns.id)
        .where(_free())
        .order_by(running.scalar_subquery(), Turns.created_at, Turns.id)
        .limit(1)
    )
    return _claim(Turns.id == first.with_for_update(skip_locked=True).scalar_subquery())


_NOW = text("SELECT clock_timestamp()")
_CLAIM_NEXT = Prepared(lambda _: next_claim())
_CLAIM_ONE = Prepared(lambda within: _claim(Turns.id == bindparam("turn"), *within(Turns)))
_RENEW = Prepared(
    lambda _: update(Turns).where(
        Turns.id == bindparam("turn"), Turns.token == bindparam("held"), Turns.status == "running"
    )
)
_EXPIRED = Prepared(
    lambda _: (
        select(Turns.id)
        .where(Turns.status == "running", Turns.lease_until < bindparam("now"))
        .order_by(Turns.created_at, Turns.id)
    )
)
_OPEN = Prepared(
    lambda _: (
        select(func.count(Turns.id))
        .join(Tickets, Tickets.id == Turns.ticket_id)
        .where(Turns.status.in_(("queued", "running")), ~Tickets.human_owned)
    )
)
_WAITING = Prepared(lambda _: select(Turns.id).where(_free()).order_by(Turns.created_at, Turns.id))


def moment(db: Connection, clock: Clock, *, shared: bool) -> datetime:
    """The time that leases go by: the server's where machines share it, else this process's."""
    if not shared:
        return clock.now()
    now = db.execute(_NOW).scalar_one()
    assert isinstance(now, datetime)
    return now


def claim(
    db: Connection,
    now: datetime,
    owner: str,
    lease_seconds: float,
    turn_id: str | None = None,
    scope: Scope = _ALL,
) -> Claim | None:
    """Take the next turn that may run, or this one if it may; None when there is none.

    A turn may run when it is queued or its lease has run out, its ticket has no other running turn, and no
    person owns the ticket.
    """
    values = {
        "now": now, "never": now + LONGEST_LEASE, "owner": owner, "started_at": now,
        "lease_until": now + timedelta(seconds=lease_seconds),
    }  # fmt: skip
    if turn_id is None:
        row = _CLAIM_NEXT.run(db, _ALL, values).first()
    else:
        row = _CLAIM_ONE.run(db, scope, {**values, "turn": turn_id}).first()
    return None if row is None else Claim(*row)


def renew(db: Connection, now: datetime, turn_id: str, token: int, lease_seconds: float) -> bool:
    """Keep the turn for longer; False when it is another worker's or has ended."""
    until = now + timedelta(seconds=lease_seconds)
    renewed = _RENEW.run(db, _ALL, {"turn": turn_id, "held": token, "lease_until": until})
    return renewed.rowcount == 1


def let_go(db: Connection, now: datetime, turn_id: str, token: int) -> None:
    """Let any worker go on with the turn from its last checkpoint, if it is still this one's."""
    _RENEW.run(db, _ALL, {"turn": turn_id, "held": token, "lease_until": now - timedelta(milliseconds=1)})


def expired(db: Connection, now: datetime) -> list[str]:
    """The running turns whose worker has not been heard of, oldest first."""
    return list(_EXPIRED.run(db, _ALL, {"now": now}).scalars())


def open_turns(db: Connection, now: datetime) -> int:
    """How many turns have not ended; turns of tickets that people own do not count."""
    del now
    return int(_OPEN.run(db, _ALL, {}).scalar_one())


def depth(db: Connection, now: datetime) -> Depth:
    """How long the queue is, and how old its ends are."""
    row = db.execute(
        select(
            func.count(Turns.id).filter(Turns.status == "queued").label("queued"),
            func.count(Turns.id).filter(Turns.status == "running").label("running"),
            func.min(Turns.created_at).filter(Turns.status == "queued").label("oldest"),
            func.min(Turns.lease_until).filter(Turns.status == "running").label("lease"),
        ).where(Turns.status.in_(("queued", "running")))
    ).one()
    seconds = 0.0 if row.oldest is None else (now - row.oldest).total_seconds()
    lease = None if row.lease is None else (row.lease - now).total_seconds()
    return Depth(int(row.queued), int(row.running), seconds, lease)


def waiting(db: Connection, now: datetime) -> list[str]:
    """The turns that a worker could claim now, oldest first."""
    return list(_WAITING.run(db, _ALL, {"now": now, "never": now + LONGEST_LEASE}).scalars())


def hold(db: Connection, now: datetime, name: str, owner: str, seconds: float) -> Lease | None:
    """Take or keep a name for one process; None while another one holds it."""
    until = now + timedelta(seconds=seconds)
    row = db.execute(
        select(Leases.owner, Leases.token, Leases.until).where(Leases.name == name).with_for_update()
    ).first()
    if row is None:
        db.execute(insert(Leases), {"name": name, "owner": owner, "token": 1, "until": until})
        return Lease(name, owner, 1, until)
    if row.owner != owner and row.until > now:
        return None
    token = row.token if row.owner == owner else row.token + 1
    db.execute(update(Leases).where(Leases.name == name).values(owner=owner, token=token, until=until))
    return Lease(name, owner, token, until)


def release(db: Connection, name: str, owner: str) -> None:
    """Give a name back, if it is still this owner's."""
    db.execute(delete(Leases).where(Leases.name == name, Leases.owner == owner))
