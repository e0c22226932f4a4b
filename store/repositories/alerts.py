"""What staff have been told, so that nothing is told twice."""

from sqlalchemy import select

from store.models.alerts import Alerts
from store.repositories.base import Repository


class AlertRepository(Repository):
    """Alerts of the caller's companies."""

    def first(self, company_id: str, key: str) -> bool:
        """Whether this has not been told before; from now on it has."""
        self._check(company_id)
        if self._db.execute(select(Alerts.key).where(Alerts.key == key, *self._within(Alerts))).first():
            return False
        self._insert(Alerts, {"key": key, "company_id": company_id, "created_at": self._now()})
        return True
