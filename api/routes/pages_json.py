"""What the ticket pages fetch or export as data: the trace, and the ticket's events for staff."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse

from api import errors
from api.auth.callers import Caller, desk_of, need
from api.following import follow_ticket
from api.streams import event_stream, last_event_id
from api.suggest import suggest
from api.wire import Reply
from store.unit import UnitOfWork
from store.values.turns import TurnTrace

router = APIRouter(prefix="/api/tickets/{ticket_id}", tags=["desk"], responses=errors.RESPONSES)
Allowed = Annotated[Caller, Depends(need("read"))]


@router.get("/trace")
async def trace(request: Request, caller: Allowed, ticket_id: str) -> Response:
    """Every turn of the ticket with its steps, tool calls and receipts, oldest first."""

    def read(uow: UnitOfWork) -> dict[str, Any]:
        ticket = uow.tickets.get(ticket_id)
        head = {"ticketId": ticket.id, "number": ticket.number, "status": ticket.status}
        return {**head, "turns": [_exported(trace) for trace in uow.tickets.trace(ticket_id)]}

    return JSONResponse(await desk_of(request).store.read(caller.scope, read))


@router.get("/events", response_class=EventSourceResponse)
async def events(
    request: Request,
    caller: Allowed,
    ticket_id: str,
    after: Annotated[str | None, Query(max_length=20)] = None,
    seen: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> EventSourceResponse:
    """The ticket's events as they happen, for staff who have it open."""
    desk = desk_of(request)
    ticket = await desk.store.read(caller.scope, lambda uow: uow.tickets.get(ticket_id))

    return event_stream(follow_ticket(desk, ticket, last_event_id(seen, after), staff=True))


class SuggestedSource(Reply):
    """What a draft rests on."""

    number: int
    title: str
    url: str


class SuggestedReply(Reply):
    """A draft for the member of staff who answers; empty when the graph has none."""

    text: str = ""
    language: str = "en"
    confidence: float = 0.0
    question: str = ""
    sources: tuple[SuggestedSource, ...] = ()


@router.get("/suggestion")
async def suggestion(request: Request, caller: Allowed, ticket_id: str) -> SuggestedReply:
    """What the bot would answer now; nothing is sent, and nothing of it is kept."""
    found = await suggest(desk_of(request), caller.scope, ticket_id)
    if found is None:
        return SuggestedReply()
    sources = tuple(SuggestedSource(number=n, title=title, url=url) for n, title, url in found.sources)
    return SuggestedReply(
        text=found.text,
        language=found.language,
        confidence=found.confidence,
        question=found.question,
        sources=sources,
    )


def _exported(trace: TurnTrace) -> dict[str, Any]:
    parts: dict[str, Any] = jsonable_encoder(asdict(trace))
    return {
        "turn": _camel(parts["turn"]),
        "steps": [_camel(step) for step in parts["steps"]],
        "toolCalls": [_camel(call) for call in parts["tool_calls"]],
        "receipts": [_camel(receipt) for receipt in parts["receipts"]],
    }


def _camel(value: dict[str, Any]) -> dict[str, Any]:
    """Our own field names as the API writes them; what was recorded inside keeps its names."""
    return {_camel_name(name): item for name, item in value.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
