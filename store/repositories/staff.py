"""Staff: who they are, what they may do where, where they are signed in; and the audit of what they did."""

from datetime import datetime

from sqlalchemy import delete, update

from graph.errors import Conflict, NotFound
from store.crypto import digest
from store.models.people import Audit, Memberships, StaffSessions, StaffUsers
from store.repositories.base import Repository, rows_of
from store.values.people import AuditRecord, Membership, StaffSession, StaffUser


class StaffRepository(Repository):
    """Members of staff; signing in happens in the operator's scope, before a scope is known."""

    def create(self, email: str, password_hash: str, *, name: str = "") -> StaffUser:
        """A new member of staff; `Conflict` when the address is taken."""
        if self.by_email(email) is not None:
            raise Conflict("there is a member of staff with this address", field="email")
        user = StaffUser(
            id=self._new_id("usr"),
            email=email.strip().lower(),
            name=name,
            password_hash=password_hash,
            active=True,
            created_at=self._now(),
        )
        self._insert(StaffUsers, dict(vars(user)))
        return user

    def by_email(self, email: str) -> StaffUser | None:
        """The member of staff with this address, if there is one."""
        self._check(None)
        return self._find(
            StaffUser, rows_of(StaffUsers, StaffUser, StaffUsers.email == email.strip().lower())
        )

    def get(self, user_id: str) -> StaffUser:
        """The member of staff, or `NotFound`."""
        self._check(None)
        user = self._find(StaffUser, rows_of(StaffUsers, StaffUser, StaffUsers.id == user_id))
        if user is None:
            raise NotFound("no such member of staff", field="id")
        return user

    def all(self) -> tuple[StaffUser, ...]:
        """All members of staff, by address."""
        self._check(None)
        return self._list(StaffUser, rows_of(StaffUsers, StaffUser).order_by(StaffUsers.email))

    def set_password(self, user_id: str, password_hash: str) -> None:
        """Set another password; every session of the user ends."""
        self.get(user_id)
        self._db.execute(
            update(StaffUsers).where(StaffUsers.id == user_id).values(password_hash=password_hash)
        )
        self.sign_out_everywhere(user_id)

    def set_active(self, user_id: str, *, active: bool) -> None:
        """Let the user in or keep them out; sessions end when kept out."""
        self.get(user_id)
        self._db.execute(update(StaffUsers).where(StaffUsers.id == user_id).values(active=active))
        if not active:
            self.sign_out_everywhere(user_id)

    def grant(self, user_id: str, company_id: str | None, role: str) -> Membership:
        """Give a role in one company, or in all; a role given before is replaced and sessions end."""
        self.get(user_id)
        self.withdraw(user_id, company_id)
        row = {"id": self._new_id("mem"), "created_at": self._now()}
        membership = Membership(user_id, company_id, role)
        self._insert(Memberships, row | vars(membership))
        return membership

    def withdraw(self, user_id: str, company_id: str | None) -> None:
        """Take a role away; every session of the user ends."""
        self.sign_out_everywhere(user_id)
        where = (
            Memberships.company_id.is_(None) if company_id is None else Memberships.company_id == company_id
        )
        self._db.execute(delete(Memberships).where(Memberships.user_id == user_id, where))

    def memberships(self, user_id: str) -> tuple[Membership, ...]:
        """The user's roles."""
        self._check(None)
        return self._list(Membership, rows_of(Memberships, Membership, Memberships.user_id == user_id))

    def sign_in(self, user_id: str, token: str, expires_at: datetime) -> StaffSession:
        """A new session for whoever shows `token`; it ends at `expires_at` at the latest."""
        self._check(None)
        now = self._now()
        session = StaffSession(
            id=self._new_id("sse"), user_id=user_id, created_at=now, last_seen=now, expires_at=expires_at
        )
        self._insert(StaffSessions, {**vars(session), "token_hash": digest("staff", token)})
        return session

    def session(self, token: str) -> StaffSession | None:
        """The session of a token that has not ended, if there is one."""
        self._check(None)
        where = (StaffSessions.token_hash == digest("staff", token), StaffSessions.expires_at > self._now())
        return self._find(StaffSession, rows_of(StaffSessions, StaffSession, *where))

    def seen(self, session_id: str) -> None:
        """Note that the session is in use."""
        self._check(None)
        self._db.execute(
            update(StaffSessions).where(StaffSessions.id == session_id).values(last_seen=self._now())
        )

    def sign_out(self, session_id: str) -> None:
        """End one session."""
        self._check(None)
        self._db.execute(delete(StaffSessions).where(StaffSessions.id == session_id))

    def sign_out_everywhere(self, user_id: str) -> None:
        """End all sessions of the user."""
        self._check(None)
        self._db.execute(delete(StaffSessions).where(StaffSessions.user_id == user_id))


class AuditRepository(Repository):
    """Adds to the audit and reads it; there is no way to change or remove a row."""

    def add(
        self,
        actor: str,
        action: str,
        target: str,
        *,
        company_id: str | None = None,
        before: str | None = None,
        after: str | None = None,
        ip: str | None = None,
    ) -> AuditRecord:
        """Note who did what to which thing; of the states before and after only digests are kept."""
        self._check(company_id)
        record = AuditRecord(
            id=self._new_id("aud"),
            company_id=company_id,
            actor=actor,
            action=action,
            target=target,
            before_hash=None if before is None else digest(before),
            after_hash=None if after is None else digest(after),
            ip=ip,
            created_at=self._now(),
        )
        self._insert(Audit, dict(vars(record)))
        return record

    def all(self, *, limit: int = 200, offset: int = 0) -> tuple[AuditRecord, ...]:
        """The records, newest first."""
        statement = rows_of(Audit, AuditRecord, *self._within(Audit))
        return self._list(
            AuditRecord,
            statement.order_by(Audit.created_at.desc(), Audit.id.desc()).limit(limit).offset(offset),
        )
