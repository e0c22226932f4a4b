"""What the bot would have said: a draft for the member of staff who answers, with its sources.

The graph runs on the customer's open words with tools that only read, and nothing of the run is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.deps import Loaded
from api.desk import Desk
from api.journal import TurnJournal
from api.results import memory_of, question_of
from graph.parts import FinishedPart
from store.unit import UnitOfWork
from store.values.exchanges import Exchange
from store.values.scope import Scope
from store.values.tickets import Message, Ticket
from store.values.turns import Claim, TurnInput
from tools.specs import all_tools

if TYPE_CHECKING:
    from graph.state import Outcome

USEFUL = frozenset({"answer", "specialist"})
MOST_TRIES = 3
_SLOT = re.compile(r"\[((?:email|phone|order|upi)_\d+)\]")


@dataclass(frozen=True)
class Suggestion:
    """A draft, the language it is in, how sure the graph is, and what it rests on."""

    text: str
    language: str
    confidence: float
    sources: tuple[tuple[int, str, str], ...]
    """(number, title, address)"""
    question: str


class _Unkept(TurnJournal):
    """Counts what a model costs, keeps nothing."""

    async def note(self, exchange: Exchange) -> None:
        """Only the budget hears of it."""
        if exchange.kind == "model":
            self.budget.add(self.claim.company_id, exchange.cost)


async def suggest(desk: Desk, scope: Scope, ticket_id: str) -> Suggestion | None:
    """A draft for the customer's open words, else for the question before them; None when there is none."""
    loaded, tries = await desk.store.read(scope, lambda uow: _load(uow, ticket_id, desk))
    for text in tries:
        outcome = await _shadow(desk, loaded, text)
        if outcome is not None and outcome.kind in USEFUL and not outcome.is_hallucination:
            return Suggestion(
                text=outcome.text,
                language=outcome.reply_language,
                confidence=outcome.confidence,
                sources=tuple((each.number, each.title, each.url or "") for each in outcome.citations),
                question=text,
            )
    return None


async def _shadow(desk: Desk, loaded: Loaded, text: str) -> "Outcome | None":
    from graph.build import build_graph
    from graph.run import TurnStart, run_turn

    builder = desk.execution.builder
    slots = tuple(dict.fromkeys(_SLOT.findall(text)))
    turn = replace(loaded.turn, turn_id=desk.ids.new("trn"), text=text, slots=slots)
    claim = Claim(turn.turn_id, turn.ticket_id, turn.company_id, 0, 1)
    journal = _Unkept(desk.store, claim, builder.metrics, builder.budget, keeps_texts=False)
    start = TurnStart(
        turn_id=turn.turn_id,
        ticket_id=turn.ticket_id,
        question=question_of(turn),
        memory=memory_of(turn).model_copy(update={"pending": None, "awaiting": "none"}),
    )
    deps = builder.build(claim, replace(loaded, turn=turn), journal)
    async for part in run_turn(build_graph(None), start, deps):
        if isinstance(part, FinishedPart):
            return part.outcome
    return None


def _load(uow: UnitOfWork, ticket_id: str, desk: Desk) -> tuple[Loaded, list[str]]:
    ticket = uow.tickets.get(ticket_id)
    messages = uow.tickets.messages(ticket_id)
    reads = {name for name, spec in all_tools().items() if spec.kind == "read"}
    loaded = Loaded(
        turn=_turn(ticket, desk),
        company=uow.companies.get(ticket.company_id),
        agent=uow.agents.get(ticket.agent_id),
        tools=uow.agents.tools(ticket.agent_id) & reads,
        rules=uow.rules.for_company(ticket.company_id),
        customer=uow.customers.get(ticket.customer_id) if ticket.customer_id else None,
        session=uow.sessions.get(ticket.session_id) if ticket.session_id else None,
    )
    return loaded, list(dict.fromkeys(_tries(messages)))[:MOST_TRIES]


def _tries(messages: tuple[Message, ...]) -> Iterator[str]:
    """The words that nobody has answered, together, then the customer's messages from the newest back."""
    answered = max(
        (at for at, each in enumerate(messages) if each.role in ("assistant", "human")), default=-1
    )
    open_words = [each.text for each in messages[answered + 1 :] if each.role == "user"]
    if open_words:
        yield "\n".join(open_words)
    for each in reversed(messages):
        if each.role == "user":
            yield each.text


def _turn(ticket: Ticket, desk: Desk) -> TurnInput:
    return TurnInput(
        turn_id="",
        ticket_id=ticket.id,
        company_id=ticket.company_id,
        agent_id=ticket.agent_id,
        customer_id=ticket.customer_id,
        session_id=ticket.session_id,
        verified=ticket.verified,
        reply_id="",
        message_ids=(),
        text="",
        slots=(),
        discarded=(),
        memory=ticket.memory,
        confirmed_offer=None,
        refused_offer=None,
        language_pin=ticket.language_pin,
        threshold=None,
        safety_mode=None,
        created_at=desk.clock.now(),
    )
