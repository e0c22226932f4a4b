"""A company on the desk, the agents that answer for it, and its people."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class CompanyFields:
    """What a person may set on a company."""

    slug: str
    name: str
    description: str = ""
    support_email: str = ""
    legal_name: str = ""
    tagline: str = ""
    brand: Json = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    id_patterns: tuple[str, ...] = ()
    profile: Json = field(default_factory=dict)
    """greeting, contact, scope (pairs `{en, hinglish}`), topics, cannot, not_covered, scenarios."""
    canary: str = ""


@dataclass(frozen=True, kw_only=True)
class Company(CompanyFields):
    """A tenant of the desk."""

    id: str
    knowledge_version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class IdentitySecret:
    """A key with which a company's site signs who its customer is; two are live while one is replaced."""

    kid: str
    secret: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A person who writes to one company; `verified_at` says when the e-mail was last proven."""

    id: str
    company_id: str
    email: str
    name: str = ""
    demo: bool = False
    verified_at: datetime | None = None
    created_at: datetime

    @property
    def email_hint(self) -> str:
        """The address with its middle hidden, fit to be shown to whoever typed it: `a***@example.com`."""
        local, _, domain = self.email.partition("@")
        return f"{local[:1]}***@{domain}"


@dataclass(frozen=True, kw_only=True)
class AgentFields:
    """What the agent builder sets; every save makes a new version."""

    name: str
    description: str = ""
    system_prompt: str = ""
    language_mode: str = "auto"
    safety_mode: str = "balanced"
    confidence_threshold: float = 0.7
    status: str = "active"
    is_default: bool = False


@dataclass(frozen=True, kw_only=True)
class Agent(AgentFields):
    """The configuration that answers for one company."""

    id: str
    company_id: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class AgentVersion:
    """An agent as it was saved once, kept to compare with and to go back to."""

    agent_id: str
    version: int
    fields: Json
    created_at: datetime
