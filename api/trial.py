"""A private desk as the evaluation talks to it: each case has its own session, ticket and record copies."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api import faults
from api.answers import RunAnswer
from api.auth.tokens import new_token
from api.desk import Desk
from api.knowledge import StoredPassages
from api.settings import Settings
from api.talk import Said, new_message, settled, take
from api.wiring import open_private_desk
from eval.desk import CaseReply
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.scope import Scope


@asynccontextmanager
async def open_trial_desk(settings: Settings | None = None) -> AsyncIterator["TrialDesk"]:
    """A freshly seeded desk for one run of the evaluation, gone when the block ends."""
    async with open_private_desk(settings) as desk:
        yield TrialDesk(desk)


@dataclass(frozen=True)
class TrialDesk:
    """Satisfies `eval.desk.EvalDesk` and `eval.gatecheck.PlantableDesk`."""

    desk: Desk

    async def ask(
        self,
        company: str,
        email: str | None,
        verified: bool,
        turns: Sequence[str],
        *,
        threshold: float | None = None,
        mode: str | None = None,
    ) -> CaseReply:
        """Send the turns one after the other; the reply to the last one."""
        talk = await self.open(company, email, verified=verified)
        answer = None
        for text in turns:
            answer = await talk.say(text, threshold=threshold, mode=mode)
        if answer is None:
            return CaseReply(kind="", reply="")
        return CaseReply.from_response(answer.model_dump(mode="json", by_alias=True))

    async def open(self, slug: str, email: str | None, *, verified: bool, channel: str = "trial") -> "Talk":
        """A conversation in a fresh demo session, whose changes of records nobody else sees."""

        def begin(uow: UnitOfWork) -> tuple[Company, str]:
            company = uow.companies.by_slug(slug)
            customer = uow.customers.ensure(company.id, email) if email else None
            session = uow.sessions.open(
                company.id,
                new_token("ses"),
                customer_id=customer.id if customer is not None else None,
                email=email,
                verified=verified and customer is not None,
                demo=True,
            )
            ticket = uow.tickets.open(
                company.id,
                session.customer_id,
                uow.agents.default(company.id).id,
                session.id,
                channel,
                verified=session.verified,
            )
            return company, ticket.id

        talk = Talk(self.desk, *await self.desk.store.write(Scope.operator(), begin))
        # a served desk has this loaded before its first customer; a turn that waited for it would escalate
        await self.desk.index.snapshot(talk.company.id, StoredPassages(self.desk.store))
        return talk

    async def plant(self, fault: str) -> None:
        """Break one thing, to see whether a gate notices; raises `Invalid` for an unknown fault."""
        await faults.plant(self.desk, fault)

    async def reset(self) -> None:
        """Nothing is carried from one conversation to another: there is nothing to bring back."""


@dataclass(frozen=True)
class Talk:
    """One conversation."""

    desk: Desk
    company: Company
    ticket_id: str

    async def say(self, text: str, *, threshold: float | None = None, mode: str | None = None) -> RunAnswer:
        """The answer to one message; a conversation that a person owns answers with the hand-off."""
        said = Said(text=text, threshold=threshold, safety_mode=mode)
        message = new_message(said, self.ticket_id, self.company)
        scope = Scope.of(self.company.id)
        accepted = await take(self.desk, scope, lambda uow: uow.turns.accept(message), watched=False)
        turn_id = accepted.turn_id
        if turn_id is None:
            turns = await self.desk.store.read(scope, lambda uow: uow.turns.of_ticket(self.ticket_id))
            turn_id = turns[-1].id
        return await settled(self.desk, self.company, self.ticket_id, turn_id)
