"""A company's own tools over HTTP, and actions that wait for a colleague, as values."""

from dataclasses import dataclass
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class HttpToolRow:
    """A configured tool; the secret is read apart."""

    id: str
    company_id: str
    name: str
    config: Json
    enabled: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Approval:
    """An action that a colleague approves or refuses."""

    id: str
    company_id: str
    ticket_id: str
    turn_id: str
    key: str
    tool: str
    action: str
    """What the action does, in words."""
    arguments: Json
    status: str
    """waiting, approved, refused or failed."""
    decided_by: str
    decided_at: datetime | None
    outcome: str
    created_at: datetime
