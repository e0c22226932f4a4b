"""Support rules: `/api/rules`; a rule that could never be used is refused with the field that is to blame."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api import errors
from api.auth.callers import Caller, Editor, Reader, company_of, desk_of
from api.rule_preview import MOST_MESSAGES, Preview, preview_rule
from api.wire import Line, Reply, Update
from graph.errors import NotAllowed
from store.unit import UnitOfWork
from store.values.desk import RuleFields, SupportRule

router = APIRouter(prefix="/api/rules", tags=["rules"], responses=errors.RESPONSES)
Term = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
Text = Annotated[str, Field(max_length=1000)]
ALL = "*"
"""The name of a rule's company when it holds for all of them."""


class RuleChange(Update):
    """What may be set on a rule; what is left out stays."""

    name: Line | None = None
    match: Literal["all_terms", "any_terms"] | None = None
    terms: Annotated[list[Term], Field(max_length=60)] | None = None
    terms_hinglish: Annotated[list[list[Term]], Field(max_length=60)] | None = None
    route: Literal["escalate", "specialist", "knowledge_answer"] | None = None
    category: Literal["billing", "delivery", "refund", "policy", "account", "technical", "other"] | None = (
        None
    )
    priority: Annotated[int, Field(ge=0, le=10_000)] | None = None
    priority_level: Literal["low", "normal", "high"] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    reasoning_summary: Text | None = None
    escalation_reason: Text | None = None
    handoff_note: Text | None = None
    blocks_public_knowledge: bool | None = None
    active: bool | None = None


class NewRule(RuleChange):
    """A new rule needs a name and terms; `company` is `*` for a rule of all companies."""

    name: Line
    terms: Annotated[list[Term], Field(min_length=1, max_length=60)]
    company: Line | None = None


class RuleView(Reply):
    """A rule."""

    id: str
    company: str
    name: str
    match: str
    terms: list[str]
    terms_hinglish: list[list[str]]
    route: str
    category: str
    priority: int
    priority_level: str
    confidence: float
    reasoning_summary: str
    escalation_reason: str
    handoff_note: str
    blocks_public_knowledge: bool
    active: bool
    created_at: datetime
    updated_at: datetime


class PreviewView(Reply):
    """Which of the last messages the rule would have decided."""

    messages: int
    decided: list[dict[str, str]]
    only_asked: int


@router.get("")
async def rules(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> list[RuleView]:
    """The caller's rules and those of all companies, in the order in which they are tried."""

    def read(uow: UnitOfWork) -> list[RuleView]:
        wanted = uow.companies.by_slug(company).id if company else None
        return [
            view_of(uow, rule)
            for rule in uow.rules.all()
            if company is None or rule.company_id in (wanted, None)
        ]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("", status_code=201)
async def create(request: Request, caller: Editor, body: NewRule) -> RuleView:
    """Make a rule."""
    return await desk_of(request).store.write(caller.scope, lambda uow: create_rule(uow, caller, body))


@router.post("/preview")
async def preview(request: Request, caller: Reader, body: NewRule) -> PreviewView:
    """What the rule would have done to the last messages; nothing is kept."""
    found = await preview_rule(
        desk_of(request), caller.scope, body.company, rule_fields(RuleFields(name=""), body)
    )
    return _preview(found)


@router.get("/{rule_id}")
async def rule(request: Request, caller: Reader, rule_id: str) -> RuleView:
    """One rule."""
    return await desk_of(request).store.read(caller.scope, lambda uow: view_of(uow, uow.rules.get(rule_id)))


@router.put("/{rule_id}")
async def change(request: Request, caller: Editor, rule_id: str, body: RuleChange) -> RuleView:
    """Change what the body names."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: change_rule(uow, caller, rule_id, body)
    )


@router.delete("/{rule_id}", status_code=204)
async def delete(request: Request, caller: Editor, rule_id: str) -> Response:
    """Remove a rule."""
    await desk_of(request).store.write(caller.scope, lambda uow: delete_rule(uow, caller, rule_id))
    return Response(status_code=204)


def create_rule(uow: UnitOfWork, caller: Caller, body: NewRule) -> RuleView:
    """The new rule; one for all companies needs somebody who works for all of them."""
    if body.company == ALL and caller.companies is not None:
        raise NotAllowed("Only who works for all companies makes rules for all of them.", field="company")
    owner = None if body.company == ALL else company_of(uow, caller, body.company).id
    made = uow.rules.create(owner, rule_fields(RuleFields(name=""), body))
    uow.audit.add(caller.id, "rule.create", made.id, company_id=owner)
    return view_of(uow, made)


def change_rule(uow: UnitOfWork, caller: Caller, rule_id: str, body: RuleChange) -> RuleView:
    """The rule with what the body names."""
    known = uow.rules.get(rule_id)
    plain = RuleFields(**{name: getattr(known, name) for name in RuleFields.__dataclass_fields__})
    changed = uow.rules.change(rule_id, rule_fields(plain, body))
    uow.audit.add(caller.id, "rule.change", rule_id, company_id=known.company_id)
    return view_of(uow, changed)


def delete_rule(uow: UnitOfWork, caller: Caller, rule_id: str) -> None:
    """Remove the rule and note who did."""
    company_id = uow.rules.get(rule_id).company_id
    uow.rules.delete(rule_id)
    uow.audit.add(caller.id, "rule.delete", rule_id, company_id=company_id)


def rule_fields(known: RuleFields, body: RuleChange) -> RuleFields:
    """The rule's fields with what the body names."""
    given: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"company"})
    values = {name: value for name, value in given.items() if value is not None}
    if "terms" in values:
        values["terms"] = tuple(values["terms"])
    if "terms_hinglish" in values:
        values["terms_hinglish"] = tuple(tuple(group) for group in values["terms_hinglish"])
    return RuleFields(**{**vars(known), **values})


def view_of(uow: UnitOfWork, rule: SupportRule) -> RuleView:
    """The rule with its company's name."""
    values = {name: getattr(rule, name) for name in RuleView.model_fields if hasattr(rule, name)}
    values |= {"terms": list(rule.terms), "terms_hinglish": [list(group) for group in rule.terms_hinglish]}
    return RuleView(**values, company=uow.companies.get(rule.company_id).slug if rule.company_id else ALL)


def _preview(found: Preview) -> PreviewView:
    decided = [{"turnId": turn, "ticketId": ticket, "message": text} for turn, ticket, text in found.decided]
    assert found.messages <= MOST_MESSAGES
    return PreviewView(messages=found.messages, decided=decided, only_asked=found.only_asked)
