"""Companies, customers, agents and their tools."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import (
    blobs,
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
    "companies",
    "customers",
    "agents",
    "agent_versions",
    "agent_tools",
    "company_tools",
)


def create() -> None:
    """Make the tables and their indices."""
    _companies()
    _customers()
    _agents()
    _agent_versions()
    _agent_tools()
    _company_tools()


def _companies() -> None:
    op.create_table(
        "companies",
        *texts("slug", "name", "description", "support_email", "legal_name", "tagline", "canary", "id"),
        *objects("brand", "profile"),
        *lists("domains", "origins", "id_patterns"),
        *blobs("identity_secrets", null=True),
        *counts("knowledge_version"),
        *times("updated_at", "created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )


def _customers() -> None:
    op.create_table(
        "customers",
        *texts("email", "name", "id"),
        *flags("demo"),
        *times("verified_at", null=True),
        *times("created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "email"),
    )


def _agents() -> None:
    op.create_table(
        "agents",
        *texts("name", "description", "system_prompt", "language_mode", "safety_mode", "status", "id"),
        *reals("confidence_threshold"),
        *flags("is_default"),
        *counts("version"),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "name"),
    )
    only_one(
        "uq_agents_default", "agents", "company_id", where="is_default = 1", postgres="is_default = true"
    )


def _agent_versions() -> None:
    op.create_table(
        "agent_versions",
        *counts("version"),
        *objects("fields"),
        *times("created_at"),
        *refers("agent_id", "agents"),
        sa.PrimaryKeyConstraint("agent_id", "version"),
    )


def _agent_tools() -> None:
    op.create_table(
        "agent_tools",
        *texts("tool"),
        *flags("enabled"),
        *refers("agent_id", "agents"),
        sa.PrimaryKeyConstraint("agent_id", "tool"),
    )


def _company_tools() -> None:
    op.create_table(
        "company_tools",
        *texts("tool"),
        *flags("enabled"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("company_id", "tool"),
    )
