"""Sessions, staff, keys, audit."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, flags, lists, only_one, refers, texts, times

TABLES = (
    "staff_users",
    "staff_sessions",
    "memberships",
    "api_keys",
    "audit",
    "sessions",
    "used_token_ids",
    "one_time_codes",
)


def create() -> None:
    """Make the tables and their indices."""
    _staff_users()
    _staff_sessions()
    _memberships()
    _api_keys()
    _audit()
    _sessions()
    _used_token_ids()
    _one_time_codes()


def _staff_users() -> None:
    op.create_table(
        "staff_users",
        *texts("email", "name", "password_hash", "id"),
        *flags("active"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )


def _staff_sessions() -> None:
    op.create_table(
        "staff_sessions",
        *texts("token_hash", "id"),
        *times("last_seen", "expires_at", "created_at"),
        *refers("user_id", "staff_users"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_staff_sessions_user_id", "staff_sessions", ["user_id"])


def _memberships() -> None:
    op.create_table(
        "memberships",
        *texts("role", "id"),
        *times("created_at"),
        *refers("user_id", "staff_users"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_memberships_company_id", "memberships", ["company_id"])
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])
    only_one("uq_memberships_all", "memberships", "user_id", where="company_id IS NULL")
    only_one("uq_memberships_company", "memberships", "user_id", "company_id", where="company_id IS NOT NULL")


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        *texts("key_hash", "name", "prefix", "id"),
        *lists("scopes"),
        *times("expires_at", "last_used_at", "revoked_at", null=True),
        *times("created_at"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("ix_api_keys_company_id", "api_keys", ["company_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        *texts("actor", "action", "target", "id"),
        *texts("before_hash", "after_hash", "ip", null=True),
        *times("created_at"),
        *refers("company_id", "companies", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_time", "audit", ["company_id", "created_at"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        *texts("token_hash", "id"),
        *texts("email", null=True),
        *flags("verified", "demo"),
        *times("last_seen", "created_at"),
        *refers("company_id", "companies"),
        *refers("customer_id", "customers", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_sessions_company_id", "sessions", ["company_id"])
    op.create_index("ix_sessions_customer_id", "sessions", ["customer_id"])


def _used_token_ids() -> None:
    op.create_table(
        "used_token_ids",
        *texts("jti"),
        *times("expires_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("company_id", "jti"),
    )
    op.create_index("ix_used_token_ids_expires_at", "used_token_ids", ["expires_at"])


def _one_time_codes() -> None:
    op.create_table(
        "one_time_codes",
        *texts("email", "code_hash", "id"),
        *counts("tries"),
        *times("expires_at", "created_at"),
        *times("used_at", null=True),
        *refers("company_id", "companies"),
        *refers("session_id", "sessions"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_one_time_codes_company_id", "one_time_codes", ["company_id"])
    op.create_index("ix_one_time_codes_session_id", "one_time_codes", ["session_id"])
