"""What a tool is and what one attempt at it came to, as frozen values that may travel in a checkpoint."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

ToolKind = Literal["read", "write"]
ToolStatus = Literal[
    "success", "not_found", "refused", "failed", "needs_identity", "needs_confirmation", "needs_approval"
]


class ToolSpec(BaseModel):
    """A registered tool: what it takes, what it needs, how often it is tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str
    kind: ToolKind
    parameters: dict[str, str]  # argument name -> JSON type; every argument is required
    needs_identity: bool
    confirmation: Literal["none", "customer", "staff"] = "none"
    timeout_seconds: float = 2.0
    retries: int = 3
    categories: tuple[str, ...] = ()
    lookup: str = ""  # the read tool that has to find the record first
    remote: bool = False  # configured by the company: an HTTP call to its own service
    deeds: tuple[str, ...] = ()  # verbs that ask for it where the record is clear
    asks: tuple[tuple[str, ...], ...] = ()  # word groups by which customers ask for it; one group suffices


class ToolResult(BaseModel):
    """One use of a tool: what was asked, what came of it, and why it was refused if it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    tool: str
    kind: ToolKind
    status: ToolStatus
    arguments: dict[str, str]
    facts: dict[str, str] = {}
    reason: str = ""
    attempts: int = 1
    ms: float = 0.0
    ledger_id: str | None = None
