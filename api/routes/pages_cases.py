"""Cases as pages: made from a turn, edited, disputed; and the company's gate."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.cases import case_of, keep_case, line_of, state_of
from api.evaluations import OWN, Wanted, check_case, evaluations_of
from api.forms import as_errors, checked, read_form
from api.routes.evals import GateBody, set_gate
from api.routes.pages_frame import PageRoute, Reader, Writer, has_outbox, html, scope_of, see_other, shell_of
from graph.errors import Invalid
from store.unit import UnitOfWork
from ui.views.case import CasePage, case_row, case_values
from ui.views.forms import Form

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Word = Annotated[str, Query(max_length=200)]


@router.get("/tickets/{ticket_id}/case/new")
async def fresh(request: Request, member: Writer, ticket_id: str, turn: Word) -> HTMLResponse:
    """What a case of this turn would be, to be edited before it is kept."""
    return await _from_turn(request, member, ticket_id, turn)


@router.post("/tickets/{ticket_id}/case/new")
async def add(request: Request, member: Writer, ticket_id: str) -> Response:
    """Keep the case, or say what is wrong."""
    values = await read_form(request)
    turn = values.get("turn", "")

    def write(uow: UnitOfWork) -> str:
        known = case_of(uow, ticket_id, turn)
        row = _checked(values, known)
        company_id = uow.tickets.get(ticket_id).company_id
        case = keep_case(uow, company_id, row, *_state(values))
        uow.audit.add(member.user.id, "ticket.case", ticket_id, company_id=company_id)
        return case.id

    try:
        await desk_of(request).store.write(scope_of(member), write)
    except Invalid as error:
        return await _from_turn(request, member, ticket_id, turn, Form(values, as_errors(error)))
    return see_other("/evals#own")


@router.get("/evals/cases/file.jsonl")
async def file(request: Request, member: Reader, company: Word = "") -> Response:
    """The own cases that count, as a case file for the command line."""

    def read(uow: UnitOfWork) -> str:
        slugs = {item.id: item.slug for item in uow.companies.all() if company in ("", item.slug)}
        return "".join(
            line_of({**case.row, "company": slugs[case.company_id]})
            for case in uow.evals.own_cases()
            if case.state == "active" and case.company_id in slugs
        )

    name = {"Content-Disposition": 'attachment; filename="cases.jsonl"'}
    text = await desk_of(request).store.read(scope_of(member), read)
    return Response(text, media_type="application/jsonl; charset=utf-8", headers=name)


@router.get("/evals/cases/{case_id}")
async def case(request: Request, member: Reader, case_id: str) -> HTMLResponse:
    """One own case."""
    return await _kept(request, member, case_id)


@router.post("/evals/cases/{case_id}")
async def change(request: Request, member: Writer, case_id: str) -> Response:
    """Save what the form says, or say what is wrong."""
    values = await read_form(request)

    def write(uow: UnitOfWork) -> None:
        known = uow.evals.case(case_id)
        keep_case(uow, known.company_id, _checked(values, known.row), *_state(values))
        uow.audit.add(member.user.id, "case.change", known.name, company_id=known.company_id)

    try:
        await desk_of(request).store.write(scope_of(member), write)
    except Invalid as error:
        return await _kept(request, member, case_id, Form(values, as_errors(error)))
    return see_other("/evals#own")


@router.post("/evals/gate/{slug}")
async def gate(request: Request, member: Writer, slug: str) -> Response:
    """Set what the company demands of its cases."""
    values = await read_form(request)
    given: dict[str, Any] = {name: _number(values, name) for name in ("every_hours", "trials")}
    given |= {
        "least": _number(values, "least") / 100,
        "before_publishing": values.get("before_publishing") == "on",
    }
    body, wrong = checked(GateBody, given)
    if body is None:
        name, words = next(iter(wrong.items()))
        raise Invalid(f"{name.replace('_', ' ')}: {words}", field=name)
    await desk_of(request).store.write(
        scope_of(member), lambda uow: set_gate(uow, member.user.id, slug, body)
    )
    return see_other("/evals#gate")


@router.post("/evals/gate/{slug}/run")
async def run(request: Request, member: Writer, slug: str) -> Response:
    """Ask the company's cases now."""
    found = await desk_of(request).store.read(
        scope_of(member), lambda uow: uow.gates.of(uow.companies.by_slug(slug).id)
    )
    wanted = Wanted(source=OWN, company=slug, trials=found.trials)
    await evaluations_of(request.app).start(scope_of(member), wanted, member.user.email)
    return see_other("/evals")


def _checked(values: dict[str, str], known: dict[str, Any]) -> dict[str, Any]:
    row = case_row(values, known)
    check_case(row)
    return row


def _state(values: dict[str, str]) -> tuple[str, str]:
    disputed = values.get("state") == "disputed"
    return ("disputed", values.get("reason", "").strip()) if disputed else ("active", "")


def _number(values: dict[str, str], name: str) -> int:
    try:
        return int(values.get(name, ""))
    except ValueError as error:
        raise Invalid(f"{name.replace('_', ' ')}: has to be a whole number", field=name) from error


async def _from_turn(
    request: Request, member: StaffMember, ticket_id: str, turn_id: str, form: Form | None = None
) -> HTMLResponse:
    def read(uow: UnitOfWork) -> CasePage:
        row, turn = case_of(uow, ticket_id, turn_id), uow.turns.get(turn_id)
        proposed = {**case_values(row, *state_of(uow, ticket_id, turn_id)), "turn": turn_id}
        return CasePage(
            shell=shell_of(uow, member, "evals", outbox=has_outbox(request)),
            title="New case",
            company=uow.companies.get(turn.company_id).name,
            back=f"/tickets/{ticket_id}/trace?turn={turn_id}",
            form=form or Form(proposed),
            reply=turn.reply or "Nothing.",
        )

    page = await desk_of(request).store.read(scope_of(member), read)
    return html(page, 422 if form else 200)


async def _kept(
    request: Request, member: StaffMember, case_id: str, form: Form | None = None
) -> HTMLResponse:
    def read(uow: UnitOfWork) -> CasePage:
        found = uow.evals.case(case_id)
        return CasePage(
            shell=shell_of(uow, member, "evals", outbox=has_outbox(request)),
            title=found.name,
            company=uow.companies.get(found.company_id).name,
            back="/evals#own",
            form=form or Form(case_values(found.row, found.state, found.reason)),
        )

    page = await desk_of(request).store.read(scope_of(member), read)
    return html(page, 422 if form else 200)
