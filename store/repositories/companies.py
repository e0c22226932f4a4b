"""Companies and the keys with which their sites say who a customer is."""

import json
from datetime import datetime

from sqlalchemy import bindparam, select, update

from graph.errors import Conflict, NotFound
from store.models.companies import Companies
from store.repositories.base import Repository, fields_of, rows_of
from store.repositories.prepared import Prepared
from store.values.companies import Company, CompanyFields, IdentitySecret

LIVE_SECRETS = 2
_BY_ID = Prepared(
    lambda within: rows_of(Companies, Company, Companies.id == bindparam("company"), *within(Companies, "id"))
)
_STATE = (Companies.id, Companies.updated_at, Companies.knowledge_version)
"""Every change of a company makes its knowledge's version grow."""
_STATE_OF = Prepared(
    lambda within: select(*_STATE).where(Companies.id == bindparam("company"), *within(Companies, "id"))
)
_STATE_NAMED = Prepared(
    lambda within: select(*_STATE).where(Companies.slug == bindparam("named"), *within(Companies, "id"))
)


class CompanyRepository(Repository):
    """The caller's companies."""

    def all(self) -> tuple[Company, ...]:
        """Every company of the caller, by name."""
        return self._list(
            Company, rows_of(Companies, Company, *self._within(Companies, "id")).order_by(Companies.name)
        )

    def get(self, company_id: str) -> Company:
        """The company with this id, or `NotFound`."""
        return _known(self._current(_STATE_OF, company=company_id))

    def by_slug(self, slug: str) -> Company:
        """The company with this slug, or `NotFound`."""
        return _known(self.find(slug))

    def find(self, slug: str) -> Company | None:
        """The company with this slug, if there is one."""
        return self._current(_STATE_NAMED, named=slug)

    def _current(self, state: Prepared, **values: str) -> Company | None:
        """The company as it is; as it was read before, where its row is still the same."""
        row = self._run(state, **values).first()
        if row is None:
            return None
        known = self._work.companies.get(row.id)
        if known is not None and (known.id, known.updated_at, known.knowledge_version) == tuple(row):
            return known
        company = self._get(Company, _BY_ID, company=row.id)
        if company is not None and self._work.reads:
            self._work.companies[row.id] = company
        return company

    def create(self, new: CompanyFields) -> Company:
        """A new company; only the operator may, and a slug is given once."""
        company_id = self._new_id("cmp")
        self._check(None)
        if self.find(new.slug) is not None:
            raise Conflict(f"there is a company called {new.slug!r}", field="slug")
        now = self._now()
        row = {"id": company_id, "created_at": now, "updated_at": now, "identity_secrets": None}
        self._insert(Companies, row | fields_of(new) | {"knowledge_version": 0})
        return self.get(company_id)

    def change(self, company_id: str, new: CompanyFields) -> Company:
        """Set all fields of the company."""
        known = self.find(new.slug)
        if known is not None and known.id != company_id:
            raise Conflict(f"there is a company called {new.slug!r}", field="slug")
        self._db.execute(
            update(Companies)
            .where(Companies.id == company_id, *self._within(Companies, "id"))
            .values(
                **fields_of(new),
                updated_at=self._now(),
                # what a company does not do is searched with its knowledge
                knowledge_version=Companies.knowledge_version + 1,
            )
        )
        return self.get(company_id)

    def identity_secrets(self, company_id: str) -> tuple[IdentitySecret, ...]:
        """The live keys, newest first; at most two."""
        self.get(company_id)
        sealed = self._db.execute(
            select(Companies.identity_secrets).where(Companies.id == company_id)
        ).scalar()
        if sealed is None:
            return ()
        return tuple(
            IdentitySecret(item["kid"], item["secret"], datetime.fromisoformat(item["created_at"]))
            for item in json.loads(self._work.cipher.open(sealed))
        )

    def add_identity_secret(self, company_id: str, kid: str, secret: str) -> IdentitySecret:
        """Make a key the newest one; the one before it stays valid, older ones end."""
        added = IdentitySecret(kid, secret, self._now())
        live = [added, *self.identity_secrets(company_id)][:LIVE_SECRETS]
        plain = json.dumps(
            [{"kid": key.kid, "secret": key.secret, "created_at": key.created_at.isoformat()} for key in live]
        )
        self._db.execute(
            update(Companies)
            .where(Companies.id == company_id, *self._within(Companies, "id"))
            .values(identity_secrets=self._work.cipher.seal(plain), updated_at=self._now())
        )
        return added


def _known(company: Company | None) -> Company:
    if company is None:
        raise NotFound("no such company", field="company")
    return company
