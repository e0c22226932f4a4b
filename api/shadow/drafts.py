"""A change that is not made yet: an entry, a rule or an agent, in the body of its own route.

Trying it and publishing it run the same code; only that the one is undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError

from api.auth.callers import Caller, Right
from api.routes import agents, knowledge, rules
from api.wire import Body, Id, joined
from graph.errors import Invalid, NotAllowed
from store.unit import UnitOfWork

Kind = Literal["entry", "rule", "agent"]
RIGHTS: Mapping[Kind, Right] = {"entry": "content", "rule": "content", "agent": "admin"}
"""The right that publishing takes."""


class Draft(Body):
    """What would be changed; without an id it is new."""

    kind: Kind
    id: Id | None = None
    delete: bool = False
    body: dict[str, Any] = Field(default_factory=dict)
    """What the route of the thing would be sent: all fields of a new one, the changed ones otherwise."""


@dataclass(frozen=True)
class Applied:
    """What a draft was made into, in a transaction."""

    company_id: str | None
    """None: a rule for all companies."""
    id: str
    title: str


def apply(uow: UnitOfWork, caller: Caller, draft: Draft) -> Applied:
    """Make the change in this transaction. `Invalid` names the field; `NotAllowed` without the right."""
    if not caller.has(RIGHTS[draft.kind]):
        raise NotAllowed(f"This needs the right {RIGHTS[draft.kind]!r}.")
    if draft.delete and draft.id is None:
        raise Invalid("Only what has an id can be removed.", field="id")
    return _MAKERS[draft.kind](uow, caller, draft)


def state_of(uow: UnitOfWork, draft: Draft) -> str:
    """A mark of the thing as it is now, so that a draft of an older state is noticed; empty for a new one."""
    if draft.id is None:
        return ""
    if draft.kind == "entry":
        return str(uow.knowledge.entry(draft.id).revision)
    if draft.kind == "rule":
        return uow.rules.get(draft.id).updated_at.isoformat()
    return str(uow.agents.get(draft.id).version)


def _entry(uow: UnitOfWork, caller: Caller, draft: Draft) -> Applied:
    if draft.id is None:
        owner, made = knowledge.write_entry(uow, caller, _checked(knowledge.NewEntry, draft))
        return Applied(owner.id, made.id, made.title)
    title = uow.knowledge.entry(draft.id).title
    if draft.delete:
        return Applied(knowledge.remove_entry(uow, caller, draft.id), draft.id, title)
    owner, made = knowledge.rewrite_entry(uow, caller, draft.id, _checked(knowledge.EntryChange, draft))
    return Applied(owner.id, made.id, made.title)


def _rule(uow: UnitOfWork, caller: Caller, draft: Draft) -> Applied:
    if draft.id is None:
        view = rules.create_rule(uow, caller, _checked(rules.NewRule, draft))
        return Applied(uow.rules.get(view.id).company_id, view.id, view.name)
    known = uow.rules.get(draft.id)
    if draft.delete:
        rules.delete_rule(uow, caller, draft.id)
    else:
        rules.change_rule(uow, caller, draft.id, _checked(rules.RuleChange, draft))
    return Applied(known.company_id, known.id, known.name)


def _agent(uow: UnitOfWork, caller: Caller, draft: Draft) -> Applied:
    if draft.id is None or draft.delete:
        raise Invalid("Only a change of an agent can be tried: past tickets have theirs.", field="id")
    known = uow.agents.get(draft.id)
    agents.change_agent(uow, caller, draft.id, _checked(agents.AgentChange, draft))
    return Applied(known.company_id, known.id, known.name)


_MAKERS = {"entry": _entry, "rule": _rule, "agent": _agent}


def _checked(model: Any, draft: Draft) -> Any:
    try:
        return model.model_validate(draft.body)
    except ValidationError as error:
        first = error.errors()[0]
        name = joined(first["loc"]) or "body"
        message = str(first["msg"]).removeprefix("Value error, ")
        raise Invalid(f"{name}: {message}", field=f"body.{name}") from error
