"""Actions of a ticket that wait for a colleague's yes or no, as data and as buttons of the ticket's page."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from api import errors
from api.approvals import ApprovalView, Decision, decide, view_of
from api.auth.callers import Caller, Handler, Reader, desk_of
from api.routes.pages_frame import Handler as Member
from api.routes.pages_frame import PageRoute, caller_of, name_of, see_other
from graph.errors import Conflict
from store.unit import UnitOfWork

router = APIRouter(prefix="/api/tickets/{ticket_id}/approvals", tags=["tickets"], responses=errors.RESPONSES)
buttons = APIRouter(prefix="/tickets/{ticket_id}/approvals", include_in_schema=False, route_class=PageRoute)


@router.get("")
async def waiting(request: Request, caller: Reader, ticket_id: str) -> list[ApprovalView]:
    """The ticket's actions that needed or need a colleague."""

    def read(uow: UnitOfWork) -> list[ApprovalView]:
        uow.tickets.get(ticket_id)
        return [view_of(row) for row in uow.approvals.of_ticket(ticket_id)]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("/{approval_id}")
async def answer(
    request: Request, caller: Handler, ticket_id: str, approval_id: str, body: Decision
) -> ApprovalView:
    """Approve (the action runs, once) or refuse; the customer is told."""
    if not caller.id.startswith("usr_"):
        raise Conflict("A key is no person; sign in to approve an action.")
    return await decide(desk_of(request), caller, ticket_id, approval_id, _name(caller), approve=body.approve)


@buttons.post("/{approval_id}")
async def press(
    request: Request,
    member: Member,
    ticket_id: str,
    approval_id: str,
    approve: Annotated[Literal["yes", "no"], Form()],
) -> Response:
    """The page's two buttons."""
    await decide(
        desk_of(request), caller_of(member), ticket_id, approval_id, name_of(member), approve=approve == "yes"
    )
    return see_other(f"/tickets/{ticket_id}#support-reply")


def _name(caller: Caller) -> str:
    return caller.name.partition("@")[0]
