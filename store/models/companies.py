"""Companies, their customers, their agents and the tools of those."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Edited, Identified, company_key, only_one


class Companies(Edited, Base):
    """Tenants; identity secrets are encrypted."""

    __tablename__ = "companies"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    support_email: Mapped[str]
    legal_name: Mapped[str]
    tagline: Mapped[str]
    brand: Mapped[dict[str, Any]]
    domains: Mapped[tuple[Any, ...]]
    origins: Mapped[tuple[Any, ...]]
    id_patterns: Mapped[tuple[Any, ...]]
    profile: Mapped[dict[str, Any]]
    canary: Mapped[str]
    identity_secrets: Mapped[bytes | None]
    knowledge_version: Mapped[int] = mapped_column(default=0)


class Customers(Identified, Base):
    """People who write to a company; the same address at two companies is two customers."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("company_id", "email"),)

    company_id: Mapped[str] = company_key(index=False)
    email: Mapped[str]
    name: Mapped[str]
    demo: Mapped[bool]
    verified_at: Mapped[datetime | None]


class Agents(Edited, Base):
    """Configurations that answer; one per company is the default."""

    __tablename__ = "agents"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    company_id: Mapped[str] = company_key(index=False)
    name: Mapped[str]
    description: Mapped[str]
    system_prompt: Mapped[str]
    language_mode: Mapped[str]
    safety_mode: Mapped[str]
    confidence_threshold: Mapped[float]
    status: Mapped[str]
    is_default: Mapped[bool]
    version: Mapped[int]


only_one("uq_agents_default", Agents.company_id, where=Agents.is_default == true())


class AgentVersions(Base):
    """Each saved state of an agent."""

    __tablename__ = "agent_versions"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class AgentTools(Base):
    """Which tools an agent may use; a tool without a row is off."""

    __tablename__ = "agent_tools"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    tool: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool]


class CompanyTools(Base):
    """Tools that a company has switched on or off for all its agents; without a row a tool is on."""

    __tablename__ = "company_tools"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    tool: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool]
