"""Rules, records, orders, seed marks."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import (
    counts,
    flags,
    lists,
    objects,
    only_one,
    reals,
    refers,
    texts,
    times,
)

TABLES = (
    "support_rules",
    "business_records",
    "orders",
    "seed_marks",
)


def create() -> None:
    """Make the tables and their indices."""
    _support_rules()
    _business_records()
    _orders()
    _seed_marks()


def _support_rules() -> None:
    op.create_table(
        "support_rules",
        *texts(
            "name",
            "match",
            "route",
            "category",
            "priority_level",
            "reasoning_summary",
            "escalation_reason",
            "handoff_note",
            "id",
        ),
        *lists("terms", "terms_hinglish"),
        *counts("priority"),
        *reals("confidence"),
        *flags("blocks_public_knowledge", "active"),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_support_rules_company_id", "support_rules", ["company_id"])
    op.create_index("ix_support_rules_order", "support_rules", ["company_id", "active", "priority"])


def _business_records() -> None:
    op.create_table(
        "business_records",
        *texts("record_type", "external_id", "status", "id"),
        *texts("email", "demo_session", null=True),
        *objects("payload"),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "external_id", "demo_session"),
    )
    op.create_index("ix_business_records_email", "business_records", ["company_id", "email"])
    only_one(
        "uq_business_records_master",
        "business_records",
        "company_id",
        "external_id",
        where="demo_session IS NULL",
    )


def _orders() -> None:
    op.create_table(
        "orders",
        *texts("order_id", "email", "status", "id"),
        *objects("data"),
        *texts("demo_session", null=True),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "order_id", "demo_session"),
    )
    op.create_index("ix_orders_email", "orders", ["company_id", "email"])
    only_one("uq_orders_master", "orders", "company_id", "order_id", where="demo_session IS NULL")


def _seed_marks() -> None:
    op.create_table(
        "seed_marks",
        *texts("key", "row_id", "digest"),
        sa.PrimaryKeyConstraint("key"),
    )
