"""API keys: recognised by their SHA-256, shown once, ended by time or by hand."""

import hashlib
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from graph.errors import NotFound
from store.models.people import ApiKeys
from store.repositories.base import Repository, rows_of
from store.repositories.prepared import Prepared
from store.values.people import ApiKey

PREFIX_LENGTH = 12
_LIVE = Prepared(
    lambda within: rows_of(
        ApiKeys,
        ApiKey,
        ApiKeys.key_hash == bindparam("hash"),
        ApiKeys.revoked_at.is_(None),
        or_(ApiKeys.expires_at.is_(None), ApiKeys.expires_at > bindparam("now")),
        *within(ApiKeys),
    )
)


class KeyRepository(Repository):
    """Keys of the caller's companies."""

    def create(
        self,
        key: str,
        *,
        name: str,
        scopes: tuple[str, ...],
        company_id: str | None = None,
        expires_at: datetime | None = None,
    ) -> ApiKey:
        """Keep a key that the caller has just made and shows once; one that is known stays as it is."""
        self._check(company_id)
        known = self._db.execute(select(ApiKeys.id).where(ApiKeys.key_hash == key_hash(key))).scalar()
        if known is not None:
            return self.get(str(known))
        kept = ApiKey(
            id=self._new_id("key"),
            company_id=company_id,
            name=name,
            prefix=key[:PREFIX_LENGTH],
            scopes=scopes,
            expires_at=expires_at,
            last_used_at=None,
            revoked_at=None,
            created_at=self._now(),
        )
        self._insert(ApiKeys, {**vars(kept), "key_hash": key_hash(key)})
        return kept

    def by_key(self, key: str) -> ApiKey | None:
        """The live key, if it is one: neither revoked nor expired."""
        return self._get(ApiKey, _LIVE, hash=key_hash(key), now=self._now())

    def get(self, key_id: str) -> ApiKey:
        """The key's row, or `NotFound`."""
        found = self._find(ApiKey, rows_of(ApiKeys, ApiKey, ApiKeys.id == key_id, *self._within(ApiKeys)))
        if found is None:
            raise NotFound("no such key", field="id")
        return found

    def all(self) -> tuple[ApiKey, ...]:
        """All keys, newest first."""
        statement = rows_of(ApiKeys, ApiKey, *self._within(ApiKeys))
        return self._list(ApiKey, statement.order_by(ApiKeys.created_at.desc(), ApiKeys.id.desc()))

    def used(self, key_id: str) -> None:
        """Note that the key was used now."""
        self._db.execute(
            update(ApiKeys)
            .where(ApiKeys.id == key_id, *self._within(ApiKeys))
            .values(last_used_at=self._now())
        )

    def revoke(self, key_id: str) -> ApiKey:
        """End the key."""
        self._db.execute(
            update(ApiKeys)
            .where(ApiKeys.id == key_id, ApiKeys.revoked_at.is_(None), *self._within(ApiKeys))
            .values(revoked_at=self._now())
        )
        return self.get(key_id)


def key_hash(key: str) -> str:
    """What is kept of a key: it is long and random, so one round is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
