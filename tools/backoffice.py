"""The company's back office as the tools see it: only the records of the customer who asks."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One of the customer's own records; `facts` is what may be shown of it."""

    key: str  # the row, for updates
    id: str  # the number that the customer knows
    status: str
    facts: Mapping[str, str]
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a write does to a record."""

    status: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A write's entry in the ledger and the facts it left."""

    ledger_id: str
    facts: Mapping[str, str]
    repeated: bool = False


Effect = Callable[[], Awaitable[Mapping[str, str] | None]]
"""Does something elsewhere; the facts that it left, None where there was nothing to do it to."""


class Backoffice(Protocol):
    """Made for one ticket and its verified customer; nothing else can be reached through it."""

    async def records(self, kind: str) -> list[Record]:
        """The customer's own records of a kind: `photo_request`, `node_deployment` or `order`."""

    async def value(self, placeholder: str) -> str | None:
        """The customer's own words behind a placeholder such as `order_1`; None if there is none."""

    async def change(self, key: str, tool: str, record: Record, change: Change) -> Done:
        """Apply the change and its ledger entry in one transaction; the same key is applied once."""

    async def open_case(self, key: str, tool: str, category: str, description: str) -> Done:
        """Make the conversation a case (once per ticket); facts `case_number` and `existed` (yes | no)."""

    async def effect(self, key: str, tool: str, arguments: Mapping[str, str], work: Effect) -> Done:
        """Have something done elsewhere, with a ledger entry around it; the same key is done once."""

    async def ask_approval(self, key: str, tool: str, action: str, arguments: Mapping[str, str]) -> None:
        """Let the action wait for a colleague, once per key."""

    async def actions(self) -> int:
        """How many actions this ticket has had."""

    @property
    def proven_email(self) -> str:
        """The customer's proven address; empty without one."""

    def stamp(self) -> str:
        """The present time in ISO 8601, for what a write notes on a record."""


Handler = Callable[[Record], Change | None]
