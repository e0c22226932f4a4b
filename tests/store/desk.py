"""A small desk to test the store with: two companies, and what a turn goes through in one call each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from store.database import Store
from store.unit import UnitOfWork
from store.values.companies import Agent, AgentFields, Company, CompanyFields
from store.values.exchanges import Exchange
from store.values.recordings import Recording
from store.values.scope import Scope
from store.values.tickets import Event, Ticket
from store.values.turns import Accepted, Claim, NewMessage, Turn, TurnResult
from tests.fakes import FrozenClock

Result = TypeVar("Result")
LEASE = 30.0

RESULT = TurnResult(
    run_id="run_1",
    reply="It takes one minute.",
    kind="answer",
    action="answer",
    language="en",
    reply_language="en",
    intent="faq_query",
    intent_confidence=0.9,
    confidence=0.8,
    category="policy",
    priority="normal",
)


EXCHANGE = Exchange(
    kind="model",
    step="answer",
    name="scripted:echo",
    request={"user": "How long?"},
    response={"text": "One minute. [1]"},
    started_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
)


def recording_of(company_id: str, turn_id: str) -> Recording:
    """What a turn was given, as little as can be."""
    return Recording(
        turn_id=turn_id,
        company_id=company_id,
        attempt=1,
        resumed=0,
        context="one",
        knowledge_version=1,
        calls={"searches": [], "lines": []},
        parts={"one": {"name": "settings"}},
    )


@dataclass
class SmallDesk:
    """The store under test and its first company's ids."""

    store: Store
    clock: FrozenClock
    company: Company
    agent: Agent
    other: Company
    other_agent: Agent

    @property
    def scope(self) -> Scope:
        """The first company's."""
        return Scope.of(self.company.id)

    @property
    def foreign(self) -> Scope:
        """The second company's."""
        return Scope.of(self.other.id)

    async def write(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """A unit of work of the first company."""
        return await self.store.write(self.scope, work)

    async def read(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """A reading unit of work of the first company."""
        return await self.store.read(self.scope, work)

    async def ticket(self) -> Ticket:
        """A new, empty ticket."""
        return await self.write(
            lambda uow: uow.tickets.open(self.company.id, None, self.agent.id, None, "widget")
        )

    async def accept(self, ticket_id: str, text: str = "How long does it take?", **more: Any) -> Accepted:
        """A customer's message."""
        more.setdefault("body_hash", text)
        message = NewMessage(ticket_id=ticket_id, text=text, **more)
        return await self.write(lambda uow: uow.turns.accept(message))

    async def claimed(self, turn_id: str | None = None) -> Claim:
        """The right to run a turn; fails when there is none."""
        claim = await self.store.claim("worker", LEASE, turn_id)
        assert claim is not None
        return claim

    async def flush(self, claim: Claim, *sentences: tuple[int, str]) -> list[Event]:
        """Send sentences."""
        return await self.write(lambda uow: uow.turns.flush(claim.turn_id, claim.token, list(sentences)))

    async def complete(self, claim: Claim, **changes: Any) -> list[Event]:
        """End the turn with an answer."""
        result = replace(RESULT, **changes)
        return await self.write(lambda uow: uow.turns.complete(claim.turn_id, claim.token, result))

    async def answered(self, ticket_id: str, text: str = "How long does it take?", **changes: Any) -> Claim:
        """A message and its answer."""
        accepted = await self.accept(ticket_id, text)
        claim = await self.claimed(accepted.turn_id)
        await self.complete(claim, **changes)
        return claim

    async def turn(self, turn_id: str | None) -> Turn:
        """The turn's row."""
        assert turn_id is not None
        return await self.read(lambda uow: uow.turns.get(turn_id))

    async def names(self, ticket_id: str) -> list[str]:
        """The ticket's events by name; their numbers have to be gapless."""
        events = await self.read(lambda uow: uow.tickets.events(ticket_id))
        assert [event.id for event in events] == list(range(1, len(events) + 1))
        return [event.name for event in events]


def set_up(uow: UnitOfWork) -> tuple[Company, Agent, Company, Agent]:
    """Two companies with an agent each."""
    made: list[Any] = []
    for slug in ("first", "second"):
        company = uow.companies.create(CompanyFields(slug=slug, name=slug.title()))
        made += [company, uow.agents.create(company.id, AgentFields(name="Desk", is_default=True))]
    return made[0], made[1], made[2], made[3]
