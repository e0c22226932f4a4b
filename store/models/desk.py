"""Support rules, back-office records, orders, and what seeding wrote last."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Edited, company_key, maybe_company_key, only_one


class SupportRules(Edited, Base):
    """Rules that route a message; without a company they hold for all, after the company's own."""

    __tablename__ = "support_rules"
    __table_args__ = (Index("ix_support_rules_order", "company_id", "active", "priority"),)

    company_id: Mapped[str | None] = maybe_company_key()
    name: Mapped[str]
    match: Mapped[str]
    terms: Mapped[tuple[Any, ...]]
    terms_hinglish: Mapped[tuple[Any, ...]]
    route: Mapped[str]
    category: Mapped[str]
    priority: Mapped[int]
    priority_level: Mapped[str]
    confidence: Mapped[float]
    reasoning_summary: Mapped[str]
    escalation_reason: Mapped[str]
    handoff_note: Mapped[str]
    blocks_public_knowledge: Mapped[bool]
    active: Mapped[bool]


class BusinessRecords(Edited, Base):
    """Back-office records: the master, and a demo session's own copies of what it changed."""

    __tablename__ = "business_records"
    __table_args__ = (
        UniqueConstraint("company_id", "external_id", "demo_session"),
        Index("ix_business_records_email", "company_id", "email"),
    )

    company_id: Mapped[str] = company_key(index=False)
    record_type: Mapped[str]
    external_id: Mapped[str]
    email: Mapped[str | None]
    status: Mapped[str]
    payload: Mapped[dict[str, Any]]
    demo_session: Mapped[str | None]


only_one(
    "uq_business_records_master",
    BusinessRecords.company_id,
    BusinessRecords.external_id,
    where=BusinessRecords.demo_session.is_(None),
)


class Orders(Edited, Base):
    """Orders of a shop, with the same two kinds of rows."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("company_id", "order_id", "demo_session"),
        Index("ix_orders_email", "company_id", "email"),
    )

    company_id: Mapped[str] = company_key(index=False)
    order_id: Mapped[str]
    email: Mapped[str]
    status: Mapped[str]
    data: Mapped[dict[str, Any]]
    demo_session: Mapped[str | None]


only_one(
    "uq_orders_master",
    Orders.company_id,
    Orders.order_id,
    where=Orders.demo_session.is_(None),
)


class SeedMarks(Base):
    """What seeding wrote for each of its keys, so that it never writes over what people changed since."""

    __tablename__ = "seed_marks"

    key: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[str]
    digest: Mapped[str]
