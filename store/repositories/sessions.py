"""Customers' sessions, and what proves who they are: identity tokens and one-time codes."""

import hmac
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from graph.errors import Conflict, NotFound
from store.crypto import digest
from store.models.people import OneTimeCodes, Sessions, UsedTokenIds
from store.models.tickets import Tickets
from store.repositories.base import Repository, rows_of
from store.repositories.prepared import Prepared
from store.values.people import Session

_BY_TOKEN = Prepared(
    lambda within: rows_of(Sessions, Session, Sessions.token_hash == bindparam("hash"), *within(Sessions))
)


class SessionRepository(Repository):
    """Sessions of the caller's companies; tokens and codes are stored as digests."""

    def open(
        self,
        company_id: str,
        token: str,
        *,
        customer_id: str | None = None,
        email: str | None = None,
        verified: bool = False,
        demo: bool = False,
    ) -> Session:
        """A new session for whoever shows `token`."""
        self._check(company_id)
        now = self._now()
        session = Session(
            id=self._new_id("ses"),
            company_id=company_id,
            customer_id=customer_id,
            email=email,
            verified=verified,
            demo=demo,
            last_seen=now,
            created_at=now,
        )
        self._insert(Sessions, {**vars(session), "token_hash": digest("session", token)})
        return session

    def by_token(self, token: str) -> Session | None:
        """The session of a token, if there is one."""
        return self._get(Session, _BY_TOKEN, hash=digest("session", token))

    def get(self, session_id: str) -> Session:
        """The session, or `NotFound`."""
        found = self._find(
            Session, rows_of(Sessions, Session, Sessions.id == session_id, *self._within(Sessions))
        )
        if found is None:
            raise NotFound("no such session", field="sessionId")
        return found

    def touch(self, session_id: str) -> None:
        """Note that the session is in use."""
        self._set(session_id, last_seen=self._now())

    def label(self, session_id: str, email: str) -> Session:
        """Note the address that the customer typed; it proves nothing."""
        return self._set(session_id, email=email.strip().lower())

    def rotate(self, session_id: str, token: str) -> Session:
        """Give the session another token; the old one ends."""
        return self._set(session_id, token_hash=digest("session", token))

    def verify(self, session_id: str, customer_id: str, email: str, *, demo: bool = False) -> Session:
        """The customer is proven: so are the session and its open tickets."""
        session = self._set(
            session_id, customer_id=customer_id, email=email.strip().lower(), verified=True, demo=demo
        )
        self._db.execute(
            update(Tickets)
            .where(Tickets.session_id == session_id, Tickets.status != "resolved", *self._within(Tickets))
            .values(customer_id=customer_id, verified=True, updated_at=self._now())
        )
        return session

    def use_token_id(self, company_id: str, jti: str, expires_at: datetime) -> None:
        """Mark an identity token as used; `Conflict` when it was used before. Ended ones are forgotten."""
        self._check(company_id)
        self._db.execute(delete(UsedTokenIds).where(UsedTokenIds.expires_at < self._now()))
        known = select(UsedTokenIds.jti).where(UsedTokenIds.company_id == company_id, UsedTokenIds.jti == jti)
        if self._db.execute(known).first() is not None:
            raise Conflict("this identity token was used before", field="token")
        self._insert(UsedTokenIds, {"company_id": company_id, "jti": jti, "expires_at": expires_at})

    def send_code(self, session: Session, email: str, code: str, expires_at: datetime) -> None:
        """Keep the digest of a code sent to an address; earlier codes of the session end."""
        self._check(session.company_id)
        now = self._now()
        self._db.execute(
            update(OneTimeCodes)
            .where(OneTimeCodes.session_id == session.id, OneTimeCodes.used_at.is_(None))
            .values(used_at=now)
        )
        self._insert(
            OneTimeCodes,
            {
                "id": self._new_id("otc"),
                "created_at": now,
                "company_id": session.company_id,
                "session_id": session.id,
                "email": email.strip().lower(),
                "code_hash": digest("code", session.id, code),
                "tries": 0,
                "expires_at": expires_at,
            },
        )

    def codes_since(self, session: Session, email: str, since: datetime) -> int:
        """How many codes the session or the address was sent since then."""
        wanted = (OneTimeCodes.session_id == session.id) | (OneTimeCodes.email == email.strip().lower())
        return int(
            self._db.execute(
                select(func.count(OneTimeCodes.id)).where(
                    wanted, OneTimeCodes.created_at >= since, *self._within(OneTimeCodes)
                )
            ).scalar_one()
        )

    def check_code(self, session: Session, code: str, *, max_tries: int = 5) -> str | None:
        """The proven address when the code is right, unused, in time and not guessed at too often."""
        row = self._db.execute(
            select(OneTimeCodes.id, OneTimeCodes.email, OneTimeCodes.code_hash)
            .where(
                OneTimeCodes.session_id == session.id,
                OneTimeCodes.used_at.is_(None),
                OneTimeCodes.expires_at > self._now(),
                OneTimeCodes.tries < max_tries,
                *self._within(OneTimeCodes),
            )
            .order_by(OneTimeCodes.created_at.desc())
        ).first()
        if row is None:
            return None
        right = hmac.compare_digest(row.code_hash, digest("code", session.id, code))
        changes: dict[str, Any] = {"tries": OneTimeCodes.tries + 1}
        if right:
            changes["used_at"] = self._now()
        self._db.execute(update(OneTimeCodes).where(OneTimeCodes.id == row.id).values(changes))
        return str(row.email) if right else None

    def _set(self, session_id: str, **values: Any) -> Session:
        self._db.execute(
            update(Sessions).where(Sessions.id == session_id, *self._within(Sessions)).values(values)
        )
        return self.get(session_id)
