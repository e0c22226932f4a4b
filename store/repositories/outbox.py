"""Mail and webhooks: written with the change that causes them, sent after it."""

from datetime import datetime

from sqlalchemy import or_, update

from store.models.work import Outbox
from store.repositories.base import Repository, rows_of
from store.values.work import Outgoing


class OutboxRepository(Repository):
    """What leaves the house for the caller's companies."""

    def put(
        self,
        kind: str,
        recipient: str,
        *,
        subject: str = "",
        body: str = "",
        company_id: str | None = None,
        reply_to: str = "",
    ) -> Outgoing:
        """Queue a mail or webhook; it is sent when this commits, and not otherwise."""
        self._check(company_id)
        outgoing = Outgoing(
            id=self._new_id("out"),
            company_id=company_id,
            kind=kind,
            recipient=recipient,
            subject=subject,
            body=body,
            status="waiting",
            attempts=0,
            error="",
            created_at=self._now(),
            sent_at=None,
            reply_to=reply_to,
        )
        self._insert(Outbox, dict(vars(outgoing)))
        return outgoing

    def claim(self, until: datetime, limit: int = 20, *, kind: str | None = None) -> tuple[Outgoing, ...]:
        """Take what is due, so that no other process tries it before `until`: of a kind, else any mail."""
        now = self._now()
        kinds = Outbox.kind != "webhook" if kind is None else Outbox.kind == kind
        due = or_(Outbox.due_at.is_(None), Outbox.due_at <= now)
        wanted = rows_of(Outbox, Outgoing, Outbox.status == "waiting", kinds, due, *self._within(Outbox))
        taken = []
        for outgoing in self._list(Outgoing, wanted.order_by(Outbox.created_at, Outbox.id).limit(limit)):
            mine = update(Outbox).where(Outbox.id == outgoing.id, Outbox.status == "waiting", due)
            if self._db.execute(mine.where(*self._within(Outbox)).values(due_at=until)).rowcount:
                taken.append(outgoing)
        return tuple(taken)

    def waiting(self, limit: int = 50) -> tuple[Outgoing, ...]:
        """What is still to be sent, oldest first."""
        statement = rows_of(Outbox, Outgoing, Outbox.status == "waiting", *self._within(Outbox))
        return self._list(Outgoing, statement.order_by(Outbox.created_at, Outbox.id).limit(limit))

    def all(self, limit: int = 200) -> tuple[Outgoing, ...]:
        """The newest, sent ones too."""
        statement = rows_of(Outbox, Outgoing, *self._within(Outbox))
        return self._list(
            Outgoing, statement.order_by(Outbox.created_at.desc(), Outbox.id.desc()).limit(limit)
        )

    def sent(self, outgoing_id: str) -> None:
        """It has left."""
        self._set(outgoing_id, status="sent", sent_at=self._now(), error="")

    def failed(
        self, outgoing_id: str, error: str, *, final: bool = False, again_at: datetime | None = None
    ) -> None:
        """It did not leave this time; after the last try it stays as failed."""
        self._set(outgoing_id, status="failed" if final else "waiting", error=error, due_at=again_at)

    def _set(self, outgoing_id: str, **values: object) -> None:
        self._db.execute(
            update(Outbox)
            .where(Outbox.id == outgoing_id, *self._within(Outbox))
            .values(**values, attempts=Outbox.attempts + 1)
        )
