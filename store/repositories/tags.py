"""The labels that exist: starters for all, and each company's own."""

from sqlalchemy import or_, select

from store.models.tickets import Tags
from store.repositories.base import Repository


class TagRepository(Repository):
    """Labels of the caller's companies."""

    def all(self, company_id: str) -> tuple[str, ...]:
        """The starters and the company's own labels, by name."""
        self._check(company_id)
        wanted = or_(Tags.company_id == company_id, Tags.company_id.is_(None))
        return tuple(
            self._db.execute(select(Tags.name).where(wanted).distinct().order_by(Tags.name)).scalars()
        )

    def ensure(self, company_id: str | None, names: tuple[str, ...]) -> None:
        """Add the labels that are not there yet; without a company they are starters."""
        self._check(company_id)
        owner = Tags.company_id.is_(None) if company_id is None else Tags.company_id == company_id
        known = set(self._db.execute(select(Tags.name).where(owner)).scalars())
        now = self._now()
        self._insert(
            Tags,
            [
                {"id": self._new_id("tag"), "company_id": company_id, "name": name, "created_at": now}
                for name in dict.fromkeys(names)
                if name not in known
            ],
        )
