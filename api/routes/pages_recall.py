"""Stale answers as pages: what changed, which past answers rested on it, and what is done about them."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.recall import Decision, Recalled, Stale, recalled, recent, settle, stale_of
from api.routes.pages_frame import (
    Handler,
    PageRoute,
    Reader,
    has_outbox,
    html,
    name_of,
    scope_of,
    see_other,
    shell_of,
)
from graph.errors import NotFound
from store.crypto import digest
from store.unit import UnitOfWork
from store.values.recall import RecallAction
from ui.views.recall import (
    SIGNS,
    ChangeLine,
    ClaimCard,
    RecallList,
    RecallPage,
    answer_line,
    settled_words,
)
from ui.views.words import stamp

router = APIRouter(prefix="/recall", include_in_schema=False, route_class=PageRoute)
SHOWN = 50
"""Answers of a claim that its page lists one by one."""
Word = Annotated[str, Query(max_length=100)]


@router.get("")
async def changes(request: Request, member: Reader, company: Word = "") -> HTMLResponse:
    """What changed in a company's knowledge and made answers stale."""

    def read(uow: UnitOfWork) -> RecallList:
        companies = uow.companies.all()
        first = companies[0] if companies else None
        chosen = next((item for item in companies if item.slug == company), first)
        slug = chosen.slug if chosen else ""
        return RecallList(
            shell=shell_of(uow, member, "recall", outbox=has_outbox(request), company=slug),
            company=slug,
            companies=tuple(
                (item.name, f"/recall?company={item.slug}", item.slug == slug) for item in companies
            ),
            changes=tuple(change_line(item) for item in recent(uow, chosen.id)) if chosen else (),
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.get("/{change_id}")
async def change(
    request: Request,
    member: Reader,
    change_id: str,
    action: Word = "",
    done: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """One change, claim by claim."""

    def read(uow: UnitOfWork) -> RecallPage:
        found = recalled(uow, uow.recall.change(change_id))
        company = uow.companies.get(found.change.company_id)
        return RecallPage(
            shell=shell_of(uow, member, "recall", outbox=has_outbox(request), company=company.slug),
            id=change_id,
            title=found.change.title,
            detail=f"{company.name}, {found.change.kind}, changed {stamp(found.change.created_at)}",
            back=f"/recall?company={company.slug}",
            claims=tuple(_card(uow, change_id, item) for item in found.stale),
            count=found.answers,
            waiting=found.waiting,
            said=settled_words(action, done) if done is not None else "",
            may_act="tickets" in member.rights,
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.post("/{change_id}")
async def decide(
    request: Request,
    member: Handler,
    change_id: str,
    action: Annotated[RecallAction, Form()],
    claim: Annotated[str, Form(max_length=64)],
    text: Annotated[str, Form(max_length=5000)] = "",
    turn: Annotated[list[str] | None, Form(max_length=SHOWN)] = None,
    every: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Leave answers as they are, note them for the lead, or correct them with their customers."""
    desk, scope = desk_of(request), scope_of(member)
    stale = await desk.store.read(scope, lambda uow: stale_of(uow, uow.recall.change(change_id)))
    found = next((item for item in stale if _key(item) == claim), None)
    if found is None:
        raise NotFound("This claim holds again, or never was one of this change.", field="claim")
    decision = Decision(
        change_id=change_id,
        claim=found.key,
        action=action,
        staff_id=member.user.id,
        author=name_of(member),
        text=text,
        chosen=None if every else frozenset(turn or ()),
    )
    done = await settle(desk, scope, decision, desk.settings.public_url or str(request.base_url))
    return see_other(f"/recall/{change_id}?action={action}&done={done}")


def change_line(item: Recalled) -> ChangeLine:
    """A change with what it made stale, as lists show it."""
    return ChangeLine(
        title=item.change.title or item.change.url,
        detail=item.change.url or item.change.kind,
        url=f"/recall/{item.change.id}",
        sign=SIGNS[item.stale[0].change.kind],
        answers=item.answers,
        waiting=item.waiting,
        at=stamp(item.change.created_at),
    )


def _card(uow: UnitOfWork, change_id: str, item: Stale) -> ClaimCard:
    answers = uow.recall.answers(change_id, item.key, limit=SHOWN)
    language = answers[0].language if answers else None
    return ClaimCard(
        key=_key(item),
        sign=SIGNS[item.change.kind],
        was=item.told.claim,
        now=item.now(language),
        answers=tuple(answer_line(answer) for answer in answers),
        count=item.told.answers,
        waiting=item.told.answers - item.told.settled,
        correction=item.correction(language),
    )


def _key(item: Stale) -> str:
    return digest(*item.key)[:16]
