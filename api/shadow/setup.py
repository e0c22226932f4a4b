"""All that decides how a company answers, read in one transaction: as it is, or as a draft would make it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from api.deps import DepsBuilder
from api.knowledge import passages_of
from api.profiles import agent_of, company_of, rules_of
from api.recorder import digest_of
from api.remote_tools import own_specs
from graph.adapters.recorded_ports import RunContext
from retrieval.passages import Passage
from store.unit import UnitOfWork
from store.values.companies import Agent, Company
from store.values.desk import SupportRule
from store.values.outside import HttpToolRow
from store.values.phrases import IntentPhrase
from tools.specs import all_tools
from tools.values import ToolSpec

_CONTEXT = TypeAdapter(RunContext)


@dataclass(frozen=True)
class Setup:
    """One state of a company's knowledge, rules and agents."""

    company: Company
    agents: Mapping[str, Agent]
    tools: Mapping[str, frozenset[str]]
    """By agent, the tools that are on."""
    rules: tuple[SupportRule, ...]
    phrases: tuple[IntentPhrase, ...]
    remote: Mapping[str, tuple[HttpToolRow, ...]]
    """By agent, the company's own tools."""
    passages: tuple[Passage, ...]

    def offered(self, agent_id: str) -> dict[str, ToolSpec]:
        """The tools of an agent."""
        own = {name: spec for name, spec in all_tools().items() if name in self.tools[agent_id]}
        return own | own_specs(self.remote[agent_id])

    def context(self, agent_id: str, without_model: tuple[str, ...]) -> RunContext:
        """The settings of a run of this agent, as a recording keeps them."""
        return RunContext(
            company=company_of(self.company),
            agent=agent_of(self.agents[agent_id]),
            rules=rules_of(self.rules),
            tools=self.offered(agent_id),
            phrases=tuple((phrase.text, phrase.intent) for phrase in self.phrases),
            without_model=without_model,
        )


def setup_of(uow: UnitOfWork, company_id: str) -> Setup:
    """The company as it is in this transaction."""
    agents = {agent.id: agent for agent in uow.agents.all(company_id)}
    return Setup(
        company=uow.companies.get(company_id),
        agents=agents,
        tools={agent_id: uow.agents.tools(agent_id) for agent_id in agents},
        rules=uow.rules.for_company(company_id),
        phrases=uow.phrases.for_company(company_id),
        remote={agent_id: uow.http_tools.offered(company_id, agent_id) for agent_id in agents},
        passages=tuple(passages_of(uow, company_id)),
    )


def digest_of_context(context: RunContext) -> str:
    """What a recording under these settings names."""
    return digest_of(_CONTEXT.dump_python(context, mode="json"))


def steps_without_model(builder: DepsBuilder, setup: Setup) -> tuple[str, ...]:
    """The steps for which this desk has no model."""
    return builder.steps_without_model(setup.company.slug)
