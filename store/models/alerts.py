"""What staff have been told already."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, company_key


class Alerts(Base):
    """One row for each thing that was told once, such as a hand-off of a ticket."""

    __tablename__ = "alerts"

    key: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[str] = company_key()
    created_at: Mapped[datetime]
