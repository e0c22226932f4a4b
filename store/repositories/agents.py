"""The agents of a company: their settings with every version, and which tools they may use."""

from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update

from graph.errors import Conflict, NotFound
from store.models.companies import Agents, AgentTools, AgentVersions, CompanyTools
from store.models.tickets import Tickets
from store.repositories.base import Repository, fields_of, rows_of
from store.repositories.prepared import Prepared
from store.values.companies import Agent, AgentFields, AgentVersion

_FIELDS = (
    "name", "description", "system_prompt", "language_mode", "safety_mode", "confidence_threshold", "status",
    "is_default",
)  # fmt: skip

_BY_ID = Prepared(lambda within: rows_of(Agents, Agent, Agents.id == bindparam("agent"), *within(Agents)))
_DEFAULT = Prepared(
    lambda within: rows_of(
        Agents, Agent, Agents.company_id == bindparam("company"), Agents.is_default, *within(Agents)
    )
)
_TOOLS = Prepared(
    lambda within: (
        select(AgentTools.tool)
        .join(Agents, Agents.id == AgentTools.agent_id)
        .where(
            Agents.id == bindparam("agent"),
            *within(Agents),
            AgentTools.enabled,
            ~exists().where(
                CompanyTools.company_id == Agents.company_id,
                CompanyTools.tool == AgentTools.tool,
                ~CompanyTools.enabled,
            ),
        )
    )
)


class AgentRepository(Repository):
    """Agents of the caller's companies."""

    def all(self, company_id: str | None = None) -> tuple[Agent, ...]:
        """The agents, the default of each company first."""
        where = [] if company_id is None else [Agents.company_id == company_id]
        statement = rows_of(Agents, Agent, *where, *self._within(Agents))
        return self._list(Agent, statement.order_by(Agents.company_id, Agents.is_default.desc(), Agents.name))

    def get(self, agent_id: str) -> Agent:
        """The agent, or `NotFound`."""
        agent = self._get(Agent, _BY_ID, agent=agent_id)
        if agent is None:
            raise NotFound("no such agent", field="agentId")
        return agent

    def default(self, company_id: str) -> Agent:
        """The agent that answers when none is named, or `NotFound`."""
        agent = self._get(Agent, _DEFAULT, company=company_id)
        if agent is None:
            raise NotFound("this company has no default agent", field="agentId")
        return agent

    def create(self, company_id: str, new: AgentFields) -> Agent:
        """A new agent; a name is given once per company, and a new default replaces the old one."""
        self._check(company_id)
        self._free_name(company_id, new.name, None)
        agent_id, now = self._new_id("agt"), self._now()
        if new.is_default:
            self._no_default(company_id)
        row = {"id": agent_id, "company_id": company_id, "version": 1, "created_at": now, "updated_at": now}
        self._insert(Agents, row | fields_of(new, _FIELDS))
        self._keep_version(agent_id, 1, new)
        return self.get(agent_id)

    def named(self, company_id: str, name: str) -> Agent | None:
        """The company's agent of this name, if there is one."""
        where = (Agents.company_id == company_id, Agents.name == name, *self._within(Agents))
        return self._find(Agent, rows_of(Agents, Agent, *where))

    def change(self, agent_id: str, new: AgentFields) -> Agent:
        """Set all fields of the agent; the state before stays as a version."""
        agent = self.get(agent_id)
        self._free_name(agent.company_id, new.name, agent_id)
        if new.is_default and not agent.is_default:
            self._no_default(agent.company_id)
        self._db.execute(
            update(Agents)
            .where(Agents.id == agent_id, *self._within(Agents))
            .values(**fields_of(new, _FIELDS), version=agent.version + 1, updated_at=self._now())
        )
        self._keep_version(agent_id, agent.version + 1, new)
        return self.get(agent_id)

    def delete(self, agent_id: str) -> None:
        """Remove an agent that no ticket refers to; `Conflict` otherwise, or when it is the default."""
        agent = self.get(agent_id)
        used = self._db.execute(select(Tickets.id).where(Tickets.agent_id == agent_id).limit(1)).first()
        if agent.is_default or used is not None:
            raise Conflict("this agent is the default or has answered tickets; make it inactive instead")
        self._db.execute(delete(Agents).where(Agents.id == agent_id, *self._within(Agents)))

    def versions(self, agent_id: str) -> tuple[AgentVersion, ...]:
        """Every saved state, newest first."""
        self.get(agent_id)
        statement = rows_of(AgentVersions, AgentVersion, AgentVersions.agent_id == agent_id)
        return self._list(AgentVersion, statement.order_by(AgentVersions.version.desc()))

    def tools(self, agent_id: str) -> frozenset[str]:
        """The tools that the agent may use and its company has not switched off."""
        found = frozenset(self._run(_TOOLS, agent=agent_id).scalars())
        if not found:
            self.get(agent_id)  # there is such an agent
        return found

    def agent_tools(self, agent_id: str) -> dict[str, bool]:
        """The agent's own switches by tool."""
        self.get(agent_id)
        rows = self._db.execute(
            select(AgentTools.tool, AgentTools.enabled).where(AgentTools.agent_id == agent_id)
        )
        return {str(row.tool): bool(row.enabled) for row in rows}

    def set_tools(self, agent_id: str, tools: dict[str, bool]) -> None:
        """Switch tools of the agent on or off; the others stay as they are."""
        agent = self.get(agent_id)
        self._switch(AgentTools, {"agent_id": agent_id}, tools)
        newest = (AgentVersions.agent_id == agent_id, AgentVersions.version == agent.version)
        fields = dict(self._db.execute(select(AgentVersions.fields).where(*newest)).scalar_one())
        fields["tools"] = self.agent_tools(agent_id)
        self._db.execute(update(AgentVersions).where(*newest).values(fields=fields))

    def company_tools(self, company_id: str) -> dict[str, bool]:
        """The company's switches by tool; a tool without one is on."""
        self._check(company_id)
        rows = self._db.execute(
            select(CompanyTools.tool, CompanyTools.enabled).where(CompanyTools.company_id == company_id)
        )
        return {str(row.tool): bool(row.enabled) for row in rows}

    def set_company_tools(self, company_id: str, tools: dict[str, bool]) -> None:
        """Switch tools on or off for all agents of the company."""
        self._check(company_id)
        self._switch(CompanyTools, {"company_id": company_id}, tools)

    def _switch(self, table: Any, owner: dict[str, str], tools: dict[str, bool]) -> None:
        (column, key), *_ = owner.items()
        named = table.tool.in_(list(tools))
        self._db.execute(delete(table).where(getattr(table, column) == key, named))
        self._insert(table, [{**owner, "tool": tool, "enabled": enabled} for tool, enabled in tools.items()])

    def _free_name(self, company_id: str, name: str, own: str | None) -> None:
        known = self._db.execute(
            select(Agents.id).where(Agents.company_id == company_id, Agents.name == name)
        ).scalar()
        if known is not None and known != own:
            raise Conflict(f"there is an agent called {name!r}", field="name")

    def _no_default(self, company_id: str) -> None:
        self._db.execute(
            update(Agents).where(Agents.company_id == company_id, Agents.is_default).values(is_default=False)
        )

    def _keep_version(self, agent_id: str, version: int, new: AgentFields) -> None:
        row = {"agent_id": agent_id, "version": version, "created_at": self._now()}
        fields = {**fields_of(new, _FIELDS), "tools": self.agent_tools(agent_id)}
        self._insert(AgentVersions, {**row, "fields": fields})
