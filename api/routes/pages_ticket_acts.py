"""What staff do on a ticket: answer, note, take over, hand back, assign, sort, close, open again."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.away import mail_if_away
from api.routes.pages_frame import Handler, PageRoute, html, name_of, scope_of, see_other
from api.routes.pages_inbox import names_of
from api.routes.pages_tickets import ticket_page
from api.takeover import stopping
from graph.errors import Conflict, Invalid
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.tickets import PRIORITIES
from ui.views.ticket import Draft

router = APIRouter(prefix="/tickets/{ticket_id}", include_in_schema=False, route_class=PageRoute)

Words = Annotated[str, Form(max_length=5000)]
Short = Annotated[str, Form(max_length=64)]
NAME_LENGTH = 60


@router.post("/reply")
async def reply(
    request: Request,
    member: Handler,
    ticket_id: str,
    text: Words = "",
    kind: Annotated[str, Form(pattern="^(reply|note)$")] = "reply",
    seen: Annotated[int | None, Form(ge=0)] = None,
) -> Response:
    """Answer as support, or note something for colleagues; who was overtaken by a colleague is told first."""
    words = text.strip()
    if not words:
        raise Invalid("A reply needs words.", field="text")
    who, me = name_of(member), member.user.id
    desk = desk_of(request)
    base = desk.settings.public_url or str(request.base_url)

    def write(uow: UnitOfWork) -> None:
        if kind == "note":
            uow.tickets.note(ticket_id, me, words, author=who)
            return
        other = None if seen is None else uow.tickets.told_since(ticket_id, seen, me)
        if other is not None:
            raise Conflict(
                f"{other} answered while you were writing. Read it, then send yours if it still fits."
            )
        uow.tickets.human_reply(ticket_id, me, words, author=who)
        mail_if_away(uow, desk, ticket_id, words, base)

    try:
        return await _change(request, member, ticket_id, write, action=kind)
    except Conflict as conflict:
        draft = Draft(words, conflict.message, note=kind == "note")
        return html(await ticket_page(request, member, ticket_id, draft), conflict.status)


@router.post("/take-over")
async def take_over(request: Request, member: Handler, ticket_id: str) -> Response:
    """Answer from now on instead of the bot."""
    who = name_of(member)
    return await _change(
        request, member, ticket_id, lambda uow: uow.tickets.take_over(ticket_id, member.user.id, who)
    )


@router.post("/assign")
async def assign(request: Request, member: Handler, ticket_id: str, held_by: Short = "") -> Response:
    """Take a ticket, also from the colleague who has it; not from one who has taken it since."""
    return await _give(request, member, ticket_id, member.user.id, held_by)


@router.post("/give")
async def give(
    request: Request, member: Handler, ticket_id: str, user: Short = "", held_by: Short = ""
) -> Response:
    """Give the ticket to a colleague; to nobody means back to the bot."""
    if not user:
        return await hand_back(request, member, ticket_id)
    return await _give(request, member, ticket_id, user, held_by)


@router.post("/hand-back")
async def hand_back(request: Request, member: Handler, ticket_id: str) -> Response:
    """Let the bot answer again."""
    return await _change(request, member, ticket_id, lambda uow: uow.tickets.hand_back(ticket_id))


@router.post("/close")
async def close(request: Request, member: Handler, ticket_id: str) -> Response:
    """Settle the ticket."""
    return await _change(request, member, ticket_id, lambda uow: uow.tickets.close(ticket_id, "staff"))


@router.post("/reopen")
async def reopen(request: Request, member: Handler, ticket_id: str) -> Response:
    """Go on with a closed ticket."""
    return await _change(request, member, ticket_id, lambda uow: uow.tickets.reopen(ticket_id))


@router.post("/priority")
async def priority(request: Request, member: Handler, ticket_id: str, priority: Short) -> Response:
    """Say how urgent it is."""
    if priority not in PRIORITIES:
        raise Invalid("There is no such priority.", field="priority")
    return await _change(request, member, ticket_id, lambda uow: uow.tickets.prioritise(ticket_id, priority))


@router.post("/tags")
async def tags(
    request: Request, member: Handler, ticket_id: str, add: Short = "", drop: Short = ""
) -> Response:
    """Add a label or take one away."""
    label = " ".join(add.lower().split())

    def change(uow: UnitOfWork) -> None:
        kept = [name for name in uow.tickets.tags(ticket_id) if name != drop]
        uow.tickets.tag(ticket_id, (*kept, label) if label else tuple(kept))
        if label:
            uow.tags.ensure(uow.tickets.get(ticket_id).company_id, (label,))

    return await _change(request, member, ticket_id, change)


@router.post("/canned")
async def keep_canned(
    request: Request,
    member: Handler,
    ticket_id: str,
    text: Words = "",
    canned_name: Annotated[str, Form(max_length=NAME_LENGTH)] = "",
) -> Response:
    """Keep what was typed as a prepared reply of the ticket's company."""
    words, name = text.strip(), canned_name.strip()
    if not words or not name:
        problem = "A prepared reply needs a text and a name."
        draft = Draft(words, problem)
        return html(await ticket_page(request, member, ticket_id, draft), 422)

    def keep(uow: UnitOfWork) -> None:
        ticket = uow.tickets.get(ticket_id)
        language = "hinglish" if ticket.language in ("hinglish", "hi") else "en"
        uow.desk_work.add_canned(ticket.company_id, name, words, language)

    return await _change(request, member, ticket_id, keep)


async def _give(
    request: Request, member: StaffMember, ticket_id: str, user_id: str, held_by: str
) -> Response:
    names = await desk_of(request).store.read(Scope.operator(), lambda uow: names_of(uow, member))
    if user_id not in names:
        raise Invalid("There is no such colleague.", field="user")
    return await _change(
        request,
        member,
        ticket_id,
        lambda uow: uow.tickets.assign(ticket_id, user_id, names[user_id], held_by=held_by or None),
    )


async def _change(
    request: Request,
    member: StaffMember,
    ticket_id: str,
    work: Callable[[UnitOfWork], object],
    *,
    action: str = "",
) -> Response:
    """Change a ticket, note who did, stop the bot where it had begun, and show the ticket."""
    name = action or request.url.path.rpartition("/")[2]

    def change(uow: UnitOfWork) -> None:
        work(uow)
        company_id = uow.tickets.get(ticket_id).company_id
        uow.audit.add(member.user.id, f"ticket.{name}", ticket_id, company_id=company_id)

    await stopping(desk_of(request), scope_of(member), ticket_id, change)
    return see_other(f"/tickets/{ticket_id}#support-reply")
