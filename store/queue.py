"""Which turn runs next and who may run it: leases with fencing tokens.

The only statements without a company: they give out ids and tokens, never what is in a ticket.
A lease is one column, `lease_until`; the token grows with every new owner, so that a worker that was too slow
cannot write any more. SQLite drops SKIP LOCKED and has one writer; the repeated condition is the
compare-and-set there.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from store.models.tickets import Tickets
from store.models.turns import Turns
from store.models.work import Leases
from store.values.turns import Claim
from store.values.work import Lease


def claim(
    db: Connection, now: datetime, owner: str, lease_seconds: float, turn_id: str | None = None
) -> Claim | None:
    """Take the oldest turn that may run, or this one if it may; None when there is none.

    A turn may run when it is queued or its lease has run out, its ticket has no other running turn, and no
    person owns the ticket.
    """
    free = _free(now)
    if turn_id is None:
        oldest = select(Turns.id).where(free).order_by(Turns.created_at, Turns.id).limit(1)
        wanted = Turns.id == oldest.with_for_update(skip_locked=True).scalar_subquery()
    else:
        wanted = Turns.id == turn_id
    row = db.execute(
        update(Turns)
        .where(wanted, free)
        .values(
            status="running",
            owner=owner,
            token=Turns.token + 1,
            attempts=Turns.attempts + 1,
            lease_until=now + timedelta(seconds=lease_seconds),
            started_at=now,
        )
        .returning(Turns.id, Turns.ticket_id, Turns.company_id, Turns.token, Turns.attempts)
    ).first()
    return None if row is None else Claim(*row)


def renew(db: Connection, now: datetime, turn_id: str, token: int, lease_seconds: float) -> bool:
    """Keep the turn for longer; False when it is another worker's or has ended."""
    renewed = db.execute(
        update(Turns)
        .where(Turns.id == turn_id, Turns.token == token, Turns.status == "running")
        .values(lease_until=now + timedelta(seconds=lease_seconds))
    )
    return renewed.rowcount == 1


def expired(db: Connection, now: datetime) -> list[str]:
    """The running turns whose worker has not been heard of, oldest first."""
    rows = db.execute(
        select(Turns.id)
        .where(Turns.status == "running", Turns.lease_until < now)
        .order_by(Turns.created_at, Turns.id)
    )
    return list(rows.scalars())


def waiting(db: Connection, now: datetime) -> list[str]:
    """The turns that a worker could claim now, oldest first."""
    rows = db.execute(select(Turns.id).where(_free(now)).order_by(Turns.created_at, Turns.id))
    return list(rows.scalars())


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


def _free(now: datetime) -> ColumnElement[bool]:
    other = aliased(Turns)
    return and_(
        or_(Turns.status == "queued", and_(Turns.status == "running", Turns.lease_until < now)),
        ~exists().where(other.ticket_id == Turns.ticket_id, other.status == "running", other.id != Turns.id),
        ~exists().where(Tickets.id == Turns.ticket_id, Tickets.human_owned),
    )
