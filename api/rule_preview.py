"""Which of a company's last messages a rule would have decided; reads them as triage does, keeps nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from api.desk import Desk
from api.profiles import agent_of, company_of, rules_of
from graph.ports import Deps
from graph.state import Memory, Question
from store.unit import UnitOfWork
from store.values.companies import Agent, Company
from store.values.desk import RuleFields, SupportRule
from store.values.scope import Scope
from store.values.turns import Turn
from tools.specs import all_tools
from tools.values import ToolSpec

MOST_MESSAGES = 200


@dataclass(frozen=True)
class Preview:
    """What became of the last messages: decided by the rule, or matched but only asking how things go."""

    messages: int = 0
    decided: tuple[tuple[str, str, str], ...] = ()
    """(turn, ticket, words)"""
    only_asked: int = 0


async def preview_rule(desk: Desk, scope: Scope, slug: str | None, rule: RuleFields) -> Preview:
    """Try the rule on the company's last 200 messages; without one (or `*`) on those of all companies."""

    def read(uow: UnitOfWork) -> tuple[list[Turn], dict[str, Company], dict[str, Agent]]:
        companies = {item.id: item for item in uow.companies.all() if slug in (None, "*", item.slug)}
        only = next(iter(companies)) if len(companies) == 1 else None
        turns = uow.turns.log(limit=MOST_MESSAGES, company_id=only)
        agents = {key: uow.agents.default(key) for key in {turn.company_id for turn in turns}}
        return [turn for turn in turns if turn.company_id in companies], companies, agents

    turns, companies, agents = await desk.store.read(scope, read)
    return await asyncio.to_thread(_tried, desk, turns, companies, agents, rule)


def _tried(
    desk: Desk,
    turns: list[Turn],
    companies: Mapping[str, Company],
    agents: Mapping[str, Agent],
    fields: RuleFields,
) -> Preview:
    from nodes.triage.rules import decide_by_rule, matches
    from nodes.triage.view import view_of

    now = desk.clock.now()
    row = SupportRule(**vars(fields), id="preview", company_id=None, created_at=now, updated_at=now)
    rules = rules_of([replace(row, active=True)])
    decided, only_asked = [], 0
    for turn in turns:
        deps = _Reading(desk, companies[turn.company_id], agents[turn.company_id])
        view = view_of(Question(message_ids=(), text=turn.question), Memory(), None, cast(Deps, deps))
        view = replace(view, rules=rules)
        if not matches(rules[0], view):
            continue
        if rules[0].blocks_public_knowledge or decide_by_rule(view) is not None:
            decided.append((turn.id, turn.ticket_id, turn.question))
        else:
            only_asked += 1
    return Preview(len(turns), tuple(decided), only_asked)


class _Reading:
    """The part of a run's ports that reading a message takes."""

    def __init__(self, desk: Desk, company: Company, agent: Agent) -> None:
        self.company = company_of(company)
        self.agent = agent_of(agent)
        self.rules = ()
        self.toolbox = self
        self.classifier = desk.execution.builder.classifier

    def offered(self) -> Mapping[str, ToolSpec]:
        """Every tool: whether one is on does not change what the words mean."""
        return all_tools()
