"""Whose data a unit of work may touch."""

from dataclasses import dataclass
from typing import Any, Self

Json = dict[str, Any]
"""An open JSON object, such as the data of an event."""


@dataclass(frozen=True)
class Scope:
    """The companies of the caller; None is the operator (command line, seeds), who sees all of them."""

    companies: frozenset[str] | None

    @classmethod
    def of(cls, *company_ids: str) -> Self:
        """The scope of a caller who may see these companies only."""
        return cls(frozenset(company_ids))

    @classmethod
    def operator(cls) -> Self:
        """Every company; not for requests of customers, keys or staff of one company."""
        return cls(None)

    def allows(self, company_id: str | None) -> bool:
        """Whether the company is the caller's; what belongs to no company is the operator's."""
        return self.companies is None or company_id in self.companies
