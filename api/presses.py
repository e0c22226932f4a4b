"""What a customer proves or answers with a press instead of words: codes and offers."""

from datetime import timedelta

from api.auth.tokens import new_code
from api.auth.visitors import Visitor
from api.opening import hint_of
from api.talk import offer_answer, proof, take
from graph.errors import Conflict, Invalid, TooMany
from graph.state import Memory
from store.unit import UnitOfWork
from store.values.turns import Accepted

CODE_LIFE = timedelta(minutes=10)
CODES_AN_HOUR = 3


async def send_code(visitor: Visitor, email: str) -> str | None:
    """Mail a code; the same happens, and as fast, whether the company knows the address."""
    desk, session = visitor.desk, visitor.session
    address = email.strip().lower()
    code = new_code()
    now = desk.clock.now()

    def send(uow: UnitOfWork) -> None:
        if uow.sessions.codes_since(session, address, now - timedelta(hours=1)) >= CODES_AN_HOUR:
            raise TooMany("Too many codes were sent; please wait.", retry_after=3600, field="email")
        uow.sessions.send_code(session, address, code, now + CODE_LIFE)
        uow.outbox.put(
            "email",
            address,
            subject=f"{code} is your code for {visitor.company.name}",
            body=f"Your one-time code is {code}. It is good for 10 minutes.",
            company_id=visitor.company.id,
        )

    await desk.store.write(visitor.scope, send)
    return hint_of(address)


async def prove_code(visitor: Visitor, ticket_id: str, code: str) -> str | None:
    """Check a code; when right, session and tickets are proven and a waiting question is gone on with."""
    desk, session, company = visitor.desk, visitor.session, visitor.company
    desk.limits.take("guess", session.id)
    address = await desk.store.write(visitor.scope, lambda uow: uow.sessions.check_code(session, code))
    if address is None:
        raise Invalid("The code is wrong or has expired.", field="code")

    def verify(uow: UnitOfWork) -> bool:
        customer = uow.customers.proven(uow.customers.ensure(company.id, address).id)
        demo = customer.demo and desk.settings.may_mint_demo_identities
        uow.sessions.verify(session.id, customer.id, address, demo=demo)
        ticket = uow.tickets.get(ticket_id)
        return Memory.model_validate(ticket.memory or {}).awaiting == "identity" and not ticket.human_owned

    waiting = await desk.store.write(visitor.scope, verify)
    if waiting:
        await take(desk, visitor.scope, lambda uow: _go_on(uow, ticket_id))
    return hint_of(address)


async def answer_offer(visitor: Visitor, ticket_id: str, offer_id: str, *, accept: bool) -> Accepted:
    """Accept the press as a message; only the ticket's open offer can be answered, and once."""

    def answer(uow: UnitOfWork) -> Accepted:
        ticket = uow.tickets.get_owned(ticket_id, visitor.session)
        pending = Memory.model_validate(ticket.memory or {}).pending
        press = offer_answer(ticket_id, ticket.memory, offer_id, accept)
        known = any(
            message.client_message_id == press.client_message_id
            for message in uow.tickets.messages(ticket_id)
        )
        if not known and (pending is None or pending.id != offer_id):
            raise Conflict("This offer is no longer open.", field="offerId")
        return uow.turns.accept(press)

    return await take(visitor.desk, visitor.scope, answer)


def _go_on(uow: UnitOfWork, ticket_id: str) -> Accepted:
    return uow.turns.accept(proof(ticket_id, uow.tickets.get(ticket_id).memory))
