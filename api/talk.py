"""Taking a customer's words and starting the turn that answers them, for every door of the desk alike."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from api.answers import RunAnswer, answer_of
from api.desk import Desk
from api.execution import ended_turn
from api.redaction import body_hash, safe_message
from api.worker import Worker
from graph.errors import Conflict, Unavailable
from graph.state import Memory
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.scope import Scope
from store.values.turns import Accepted, Claim, NewMessage, Turn

TURN_SECONDS = 60.0
FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 1.0, 15.0
"""How long whoever waits for a reply goes without a look at the tables, should no word of its end come."""
CONFIRMED = {"en": "Yes, please.", "hinglish": "Haan, kar dijiye."}
REFUSED = {"en": "No, thank you.", "hinglish": "Nahi, rehne dijiye."}
PROVEN = {"en": "I have verified my e-mail.", "hinglish": "Maine apna e-mail verify kar diya."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A customer's message as it came in, and what the caller asks of the turn."""

    text: str
    client_message_id: str | None = None
    language: Literal["en", "hinglish", "auto"] | None = None
    threshold: float | None = None
    safety_mode: str | None = None
    context: tuple[object, ...] = ()
    """What else makes a request the same request, such as agent and customer."""


def new_message(said: Said, ticket_id: str, company: Company) -> NewMessage:
    """The message as it may be stored: redacted, with its digest."""
    safe = safe_message(said.text, company.id_patterns)
    return NewMessage(
        ticket_id=ticket_id,
        text=safe.text,
        display=safe.display,
        values=safe.values,
        discarded=safe.discarded,
        body_hash=body_hash(said.text, said.language, said.threshold, said.safety_mode, *said.context),
        client_message_id=said.client_message_id,
        language_pin=said.language,
        threshold=said.threshold,
        safety_mode=said.safety_mode,
    )


def offer_answer(ticket_id: str, memory: dict[str, object] | None, offer_id: str, accept: bool) -> NewMessage:
    """A press of yes or no on an offer, as a message of the customer."""
    text = (CONFIRMED if accept else REFUSED)[reply_language(memory)]
    return NewMessage(
        ticket_id=ticket_id,
        text=text,
        body_hash=body_hash(offer_id, accept),
        client_message_id=f"offer:{offer_id}",
        offer_answer=(offer_id, accept),
    )


def proof(ticket_id: str, memory: dict[str, object] | None) -> NewMessage:
    """The message that goes on with a question after the identity check."""
    text = PROVEN[reply_language(memory)]
    return NewMessage(ticket_id=ticket_id, text=text, body_hash=body_hash(text))


def reply_language(memory: dict[str, object] | None) -> Literal["en", "hinglish"]:
    """The language in which the ticket was last answered."""
    known = Memory.model_validate(memory or {})
    return known.pinned or ("hinglish" if known.language in ("hinglish", "hi") else "en")


async def take(
    desk: Desk,
    scope: Scope,
    work: Callable[[UnitOfWork], Accepted],
    *,
    company: str | None = None,
    watched: bool = True,
) -> Accepted:
    """Accept a message in one transaction and start its turn.

    A message that would wait too long is refused with `Unavailable` before it is acknowledged.
    `company`: whose customers it waits with, where the scope has several.
    `watched=False` when the asker waits for the whole reply; whoever watches all the same sees it whole.
    """
    whose = ",".join(sorted(scope.companies or ())) if company is None else company
    taking = asyncio.ensure_future(_take(desk, scope, work, whose, watched=watched))
    return await asyncio.shield(taking)  # who asks may go away; what was accepted is begun all the same


async def _take(
    desk: Desk, scope: Scope, work: Callable[[UnitOfWork], Accepted], whose: str, *, watched: bool
) -> Accepted:
    if desk.worker.is_full(whose, desk.settings.queue_limit):
        raise Unavailable("Too many messages wait to be answered; please try again soon.")
    free, claim = await desk.worker.reserve(), None
    try:
        accepted, claim = await desk.store.write(
            scope, lambda uow: _claimed(uow, work(uow), desk.worker if free else None)
        )
    finally:
        if free and claim is None:
            desk.worker.release()
    if accepted.superseded is not None:
        desk.worker.stop_turn(accepted.superseded)
    if accepted.turn_id is not None and not accepted.repeated:
        if not watched:
            desk.execution.unwatched.add(accepted.turn_id)
        if claim is not None:
            await desk.worker.run(claim, whose)
        else:
            desk.worker.submit(accepted.turn_id, whose)
    desk.metrics.count("messages")
    return accepted


def _claimed(uow: UnitOfWork, accepted: Accepted, worker: Worker | None) -> tuple[Accepted, Claim | None]:
    """The message with the right to run its turn, if it has a new one and there is a slot for it."""
    if worker is None or accepted.turn_id is None or accepted.repeated:
        return accepted, None
    return accepted, uow.turns.claim(accepted.turn_id, worker.owner, worker.lease_seconds)


async def settled(desk: Desk, company: Company, ticket_id: str, turn_id: str) -> RunAnswer:
    """What answered the message, once it is there; of a superseded turn what the one in its place said.

    Raises Unavailable when it takes longer than a minute, and Conflict when a person took the ticket.
    """
    deadline, seconds = desk.clock.tick() + TURN_SECONDS, FIRST_LOOK_SECONDS
    while desk.clock.tick() < deadline:
        await desk.worker.ended(turn_id, seconds, ticket_id)
        seconds = min(2 * seconds, LAST_LOOK_SECONDS)  # of many who wait, few look at the tables
        if (ended := desk.execution.ended.pop(turn_id, None)) is not None:
            return answer_of(*ended, company.slug)
        turn, answer = await _answer(desk, company, turn_id)
        if answer is not None:
            return answer
        if turn.status == "superseded":
            if turn.superseded_by is None:
                raise Conflict("A person has taken over this conversation.", field="sessionId")
            turn_id = turn.superseded_by
    raise Unavailable("The reply takes longer than it should; ask again with the same clientMessageId.")


async def _answer(desk: Desk, company: Company, turn_id: str) -> tuple[Turn, RunAnswer | None]:
    def read(uow: UnitOfWork) -> tuple[Turn, RunAnswer | None]:
        turn = uow.turns.get(turn_id)
        if turn.status not in ("done", "failed"):
            return turn, None
        return turn, answer_of(*ended_turn(uow, turn_id), company.slug)

    return await desk.store.read(Scope.of(company.id), read)
