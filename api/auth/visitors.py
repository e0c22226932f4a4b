"""The widget's session: an opaque token in a header, bound to one company; idle for a day, it ends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from api.auth.address import client_address
from api.auth.callers import bearer, desk_of
from api.desk import Desk
from graph.errors import Gone, NotAuthenticated
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.people import Session
from store.values.scope import Scope
from store.values.tickets import Ticket

IDLE = timedelta(hours=24)
NOTE_USE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer at a company's widget."""

    desk: Desk
    company: Company
    session: Session

    @property
    def scope(self) -> Scope:
        """The one company."""
        return Scope.of(self.company.id)

    async def owned(self, ticket_id: str) -> Ticket:
        """A ticket of this visitor; a foreign one does not exist."""
        return await self.desk.store.glance(
            self.scope, lambda uow: uow.tickets.get_owned(ticket_id, self.session)
        )


async def visitor(request: Request, company: str) -> Visitor:
    """The visitor of a request; 401 for a token that is unknown or another company's, 410 for an idle one."""
    desk = desk_of(request)
    token = bearer(request)
    if token is None:
        raise NotAuthenticated("This needs a session token.")

    def find(uow: UnitOfWork) -> tuple[Company, Session | None]:
        return uow.companies.by_slug(company), uow.sessions.by_token(token)

    found, session = await desk.store.glance(Scope.operator(), find)
    if session is None or session.company_id != found.id:
        desk.limits.take("refused", client_address(request, desk.settings))
        raise NotAuthenticated("The session token is not valid.")
    idle = desk.clock.now() - session.last_seen
    if idle > IDLE:
        raise Gone("The session has ended; please start a new one.")
    if idle > NOTE_USE_AFTER:
        await desk.store.write(Scope.of(found.id), lambda uow: uow.sessions.touch(session.id))
    return Visitor(desk, found, session)


CurrentVisitor = Annotated[Visitor, Depends(visitor)]
