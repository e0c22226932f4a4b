"""Companies as pages: the list, a new one, and one with everything that people set on it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.companies import CompanyChange, NewCompany, examples_of, words_of
from api.company_forms import LIMIT_ROWS, SCENARIO_ROWS, company_body, company_values
from api.desk import Desk
from api.forms import Errors, as_errors, checked, read_form
from api.hours import hours_of, waiting_words
from api.keyfile import secret_key
from api.routes.companies import change_company, create_company, rotate_key
from api.routes.pages_frame import (
    Administrator,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.webhooks import signing_key
from graph.errors import SupportError
from store.unit import UnitOfWork
from store.values.companies import Company, IdentitySecret
from ui.colours import completed
from ui.views.companies import (
    Companies,
    CompanyEdit,
    CompanyLine,
    KeyLine,
    NewCompanyPage,
    Step,
    ratios_of,
    steps_of,
)
from ui.views.forms import Form
from ui.views.pages import embed_script
from ui.views.shell import Shell
from ui.views.words import counted, stamp

SAVED = {
    "new": "Created. What is left to do stands here.",
    "yes": "Saved. New messages are answered with it.",
}
router = APIRouter(prefix="/admin/companies", include_in_schema=False, route_class=PageRoute)


@router.get("")
async def companies(request: Request, member: Reader) -> HTMLResponse:
    """Every company of the member, with what is left to do."""

    def read(uow: UnitOfWork) -> Companies:
        lines = tuple(_line(uow, company) for company in uow.companies.all())
        return Companies(_shell(uow, member, request), lines, _may_create(member))

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.get("/new")
async def fresh(request: Request, member: Administrator) -> HTMLResponse:
    """The form for a new company."""
    return await _new(request, member, Form(), 200)


@router.post("/new")
async def create(request: Request, member: Administrator) -> Response:
    """Make it, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(NewCompany, {name: value for name, value in values.items() if value.strip()})
    if body is not None:
        try:
            made = await desk_of(request).store.write(
                scope_of(member), lambda uow: create_company(uow, caller_of(member), body)
            )
            return see_other(f"/admin/companies/{made.slug}?saved=new")
        except SupportError as error:
            errors = as_errors(error)
    return await _new(request, member, Form(values, errors), 422)


@router.get("/{slug}")
async def company(
    request: Request, member: Reader, slug: str, saved: Annotated[str, Query(max_length=10)] = ""
) -> HTMLResponse:
    """One company."""
    words = {
        "new": "Created. These are its first settings.",
        "yes": "Saved. New messages are answered with it.",
    }
    return await _edit(request, member, slug, saved=words.get(saved, ""))


@router.post("/{slug}")
async def change(request: Request, member: Administrator, slug: str) -> Response:
    """Save what the form says, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(CompanyChange, company_body(values))
    if body is not None:
        try:
            await desk_of(request).store.write(
                scope_of(member), lambda uow: change_company(uow, caller_of(member), slug, body)
            )
            return see_other(f"/admin/companies/{slug}?saved=yes")
        except SupportError as error:
            errors = as_errors(error)
    return await _edit(request, member, slug, values=values, errors=errors)


@router.post("/{slug}/identity")
async def identity(request: Request, member: Administrator, slug: str) -> HTMLResponse:
    """A new identity key; the answer is the only page that ever shows its secret."""
    key = await desk_of(request).store.write(
        scope_of(member), lambda uow: rotate_key(uow, caller_of(member), slug)
    )
    return await _edit(request, member, slug, shown=key, saved="A new identity key is live.")


async def _new(request: Request, member: StaffMember, form: Form, status: int) -> HTMLResponse:
    shell = await desk_of(request).store.read(scope_of(member), lambda uow: _shell(uow, member, request))
    return html(NewCompanyPage(shell, form), status)


async def _edit(
    request: Request,
    member: StaffMember,
    slug: str,
    *,
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
    shown: IdentitySecret | None = None,
    saved: str = "",
) -> HTMLResponse:
    desk = desk_of(request)
    base = desk.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")

    def read(uow: UnitOfWork) -> CompanyEdit:
        row = uow.companies.by_slug(slug)
        brand = completed(row.brand)
        form = Form(
            values if values is not None else company_values(row, examples_of(row.id_patterns)), errors or {}
        )
        return CompanyEdit(
            shell=_shell(uow, member, request),
            slug=row.slug,
            name=row.name,
            form=form,
            steps=_steps(uow, row),
            ratios=ratios_of(brand),
            keys=_keys(uow.companies.identity_secrets(row.id), shown),
            embed=embed_script(row.slug, brand, base=base),
            chat_url=f"/widget/{row.slug}?full=1",
            waiting=tuple(waiting_words(hours_of(row.profile), desk.clock.now()).items()),
            limits=max(LIMIT_ROWS, len(row.profile.get("cannot", ())) + 2),
            scenarios=max(SCENARIO_ROWS, len(row.profile.get("scenarios", ())) + 1),
            webhook_key=_webhook_key(desk, row) if "admin" in member.rights else "shown to admins",
            saved=saved,
            may_change="admin" in member.rights,
        )

    return html(await desk.store.read(scope_of(member), read), 422 if errors else 200)


def _webhook_key(desk: Desk, row: Company) -> str:
    return signing_key(secret_key(desk.settings), row.id)


def _keys(live: tuple[IdentitySecret, ...], shown: IdentitySecret | None) -> tuple[KeyLine, ...]:
    fresh = {shown.kid: shown.secret} if shown else {}
    return tuple(KeyLine(key.kid, stamp(key.created_at), fresh.get(key.kid, "")) for key in live)


def _steps(uow: UnitOfWork, row: Company) -> tuple[Step, ...]:
    agents = uow.agents.all(row.id)
    on = sorted({tool for agent in agents for tool in uow.agents.tools(agent.id)})
    return steps_of(
        row.slug,
        worded=all(words_of(row.profile, name)["en"] for name in ("greeting", "contact", "scope")),
        branded=bool(row.brand) and row.brand != completed({}),
        entries=uow.knowledge.passage_count(row.id),
        rules=sum(rule.company_id == row.id for rule in uow.rules.for_company(row.id)),
        tools=on,
        origins=len(row.origins),
        key=bool(uow.companies.identity_secrets(row.id)),
    )


def _line(uow: UnitOfWork, row: Company) -> CompanyLine:
    steps = _steps(uow, row)
    counts = (
        counted(uow.knowledge.passage_count(row.id), "passage"),
        counted(len(uow.agents.all(row.id)), "agent"),
        counted(sum(rule.company_id == row.id for rule in uow.rules.for_company(row.id)), "rule"),
    )
    needed = [step for step in steps[:6] if not step.done]
    return CompanyLine(
        row.name, row.slug, row.description, completed(row.brand)["brand"], counts, len(needed)
    )


def _may_create(member: StaffMember) -> bool:
    return member.companies is None and "admin" in member.rights


def _shell(uow: UnitOfWork, member: StaffMember, request: Request) -> Shell:
    return shell_of(uow, member, "companies", outbox=has_outbox(request))
