"""Who waits for a person right now, for the browsers of staff who want to be told."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.auth.callers import desk_of
from api.routes.pages_frame import PageRoute, Reader, scope_of
from store.unit import UnitOfWork
from store.values.scope import Json
from store.values.tickets import InboxFilters

router = APIRouter(prefix="/alerts", include_in_schema=False, route_class=PageRoute)
MOST = 20


@router.get("/waiting")
async def waiting(request: Request, member: Reader) -> JSONResponse:
    """How many tickets wait, and the first of them."""

    def read(uow: UnitOfWork) -> Json:
        page = uow.tickets.inbox(InboxFilters(status="escalated"), size=MOST)
        tickets = [
            {
                "key": f"{row.ticket.id}:{row.ticket.waiting_since}",
                "title": f"#{row.ticket.number} waits for a person",
                "words": f"{row.company}: {row.ticket.subject}",
                "url": f"/tickets/{row.ticket.id}",
            }
            for row in page.rows
        ]
        return {"total": page.total, "tickets": tickets}

    return JSONResponse(await desk_of(request).store.read(scope_of(member), read))
