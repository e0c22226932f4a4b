"""Rules as pages: the list, one rule with its preview, making, changing and removing."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.forms import Errors, as_errors, checked, lines_of, read_form
from api.routes.pages_frame import (
    Editor,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.routes.rules import ALL, NewRule, RuleView, change_rule, create_rule, delete_rule, rule_fields
from api.rule_preview import preview_rule
from graph.errors import SupportError
from store.unit import UnitOfWork
from store.values.desk import RuleFields
from ui.views.forms import Form
from ui.views.rules import RulePage, RulePreview, Rules, rule_lines, rule_values

router = APIRouter(prefix="/rules", include_in_schema=False, route_class=PageRoute)
TEXTS = (
    "name", "match", "route", "category", "priority_level", "reasoning_summary", "escalation_reason",
    "handoff_note",
)  # fmt: skip
FRESH = {
    "match": "any_terms", "route": "escalate", "category": "other", "priority_level": "normal",
    "priority": "50", "confidence": "0.90", "active": "on",
}  # fmt: skip
Slug = Annotated[str, Query(max_length=100)]


@router.get("")
async def rules(request: Request, member: Reader, company: Slug = "") -> HTMLResponse:
    """Every rule that holds for the named company, or all rules of the member."""

    def read(uow: UnitOfWork) -> Rules:
        companies = uow.companies.all()
        chosen = next((item.id for item in companies if item.slug == company), None)
        shown = [rule for rule in uow.rules.all() if chosen is None or rule.company_id in (chosen, None)]
        options = [("All companies", "/rules", chosen is None)]
        options += [(item.name, f"/rules?company={item.slug}", item.id == chosen) for item in companies]
        return Rules(
            shell=shell_of(
                uow, member, "rules", outbox=has_outbox(request), company=company if chosen else ""
            ),
            rules=rule_lines(shown, {item.id: item.name for item in companies}),
            companies=tuple(options),
            new_url=f"/rules/new?company={company}" if chosen else "/rules/new",
            may_change="content" in member.rights,
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.get("/new")
async def fresh(request: Request, member: Editor, company: Slug = "") -> HTMLResponse:
    """The form for a new rule."""
    return await _shown(request, member, "", {**FRESH, "company": company})


@router.post("/new")
async def create(request: Request, member: Editor) -> Response:
    """Make a rule, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(NewRule, body_of(values))
    if body is None:
        return await _shown(request, member, "", values, errors)
    return await _kept(request, member, "", values, lambda uow: create_rule(uow, caller_of(member), body))


@router.post("/preview")
async def preview(request: Request, member: Reader) -> HTMLResponse:
    """What the rule, as it stands in the form, would have done; nothing is kept."""
    values = await read_form(request)
    if not any(values.get(name, "").strip() for name in ("terms", "terms_hinglish")):
        return html(
            RulePreview(0, (), 0, problem="Write a term: the messages that it would decide stand here.")
        )
    body, errors = checked(NewRule, {**body_of(values), "name": values.get("name") or "preview"})
    if body is None:
        name, words = next(iter(errors.items()))
        return html(RulePreview(0, (), 0, problem=f"{name.replace('_', ' ')}: {words}"))
    fields = rule_fields(RuleFields(name=""), body)
    found = await preview_rule(desk_of(request), scope_of(member), body.company, fields)
    decided = tuple((text, f"/tickets/{ticket}/trace?turn={turn}") for turn, ticket, text in found.decided)
    return html(RulePreview(found.messages, decided, found.only_asked))


@router.get("/{rule_id}")
async def rule(request: Request, member: Reader, rule_id: str, saved: Slug = "") -> HTMLResponse:
    """One rule."""
    words = "Saved. It holds from the next message on." if saved else ""
    return await _shown(request, member, rule_id, None, saved=words)


@router.post("/{rule_id}")
async def change(request: Request, member: Editor, rule_id: str) -> Response:
    """Save what the form says, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(NewRule, body_of(values))
    if body is None:
        return await _shown(request, member, rule_id, values, errors)
    return await _kept(
        request, member, rule_id, values, lambda uow: change_rule(uow, caller_of(member), rule_id, body)
    )


@router.post("/{rule_id}/delete")
async def delete(request: Request, member: Editor, rule_id: str) -> Response:
    """Remove it."""
    await desk_of(request).store.write(
        scope_of(member), lambda uow: delete_rule(uow, caller_of(member), rule_id)
    )
    return see_other("/rules")


async def _kept(
    request: Request,
    member: StaffMember,
    rule_id: str,
    values: dict[str, str],
    work: Callable[[UnitOfWork], RuleView],
) -> Response:
    try:
        view = await desk_of(request).store.write(scope_of(member), work)
    except SupportError as error:
        return await _shown(request, member, rule_id, values, as_errors(error))
    return see_other(f"/rules/{view.id}?saved=yes")


def body_of(values: dict[str, str]) -> dict[str, Any]:
    """The form as the body of the route."""
    body: dict[str, Any] = {name: values[name].strip() for name in TEXTS if values.get(name) is not None}
    body["terms"] = lines_of(values.get("terms", ""))
    groups = [line.split(",") for line in lines_of(values.get("terms_hinglish", ""))]
    body["terms_hinglish"] = [[term.strip() for term in group if term.strip()] for group in groups]
    body["priority"] = _number(values.get("priority", ""), int)
    body["confidence"] = _number(values.get("confidence", ""), float)
    for name in ("active", "blocks_public_knowledge"):
        body[name] = values.get(name) == "on"
    return {**body, "company": values.get("company") or None}


def _number(text: str, kind: Callable[[str], float]) -> Any:
    try:
        return kind(text.strip().replace(",", "."))
    except ValueError:
        return text


async def _shown(
    request: Request,
    member: StaffMember,
    rule_id: str,
    values: dict[str, str] | None,
    errors: Errors | None = None,
    saved: str = "",
) -> HTMLResponse:
    def read(uow: UnitOfWork) -> RulePage:
        companies = uow.companies.all()
        row = uow.rules.get(rule_id) if rule_id else None
        slugs = {item.id: item.slug for item in companies}
        owner = slugs.get(row.company_id or "", ALL) if row else (values or {}).get("company", "")
        kept = {**rule_values(row), "company": owner} if row else {}
        everyone = ((ALL, "All companies"),) if member.companies is None else ()
        names = {item.slug: item.name for item in companies} | {ALL: "All companies"}
        return RulePage(
            shell=shell_of(uow, member, "rules", outbox=has_outbox(request)),
            rule_id=rule_id,
            title=row.name if row else "New rule",
            form=Form(kept if values is None else values, errors or {}),
            companies=(*((item.slug, item.name) for item in companies), *everyone),
            company=names.get(owner, "") if row else "",
            saved=saved,
            may_change="content" in member.rights and (owner != ALL or member.companies is None),
        )

    return html(await desk_of(request).store.read(scope_of(member), read), 422 if errors else 200)
