"""A company's own tools over HTTP, and actions that wait for a colleague."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select, update

from graph.errors import Conflict, NotFound
from store.models.companies import AgentTools
from store.models.outside import Approvals, HttpTools
from store.repositories.base import Repository, rows_of
from store.repositories.prepared import Prepared
from store.values.outside import Approval, HttpToolRow
from store.values.scope import Json

_OFFERED = Prepared(
    lambda _: rows_of(
        HttpTools,
        HttpToolRow,
        HttpTools.company_id == bindparam("company"),
        HttpTools.enabled,
        HttpTools.name.not_in(
            select(AgentTools.tool).where(AgentTools.agent_id == bindparam("agent"), ~AgentTools.enabled)
        ),
    ).order_by(HttpTools.name)
)


class HttpToolRepository(Repository):
    """Tools of the caller's companies; their secrets are encrypted."""

    def of_company(self, company_id: str) -> tuple[HttpToolRow, ...]:
        """All tools of the company, by name."""
        self._check(company_id)
        wanted = rows_of(HttpTools, HttpToolRow, HttpTools.company_id == company_id)
        return self._list(HttpToolRow, wanted.order_by(HttpTools.name))

    def offered(self, company_id: str, agent_id: str) -> tuple[HttpToolRow, ...]:
        """The tools that are on and that the agent has not switched off; without a switch it has them."""
        self._check(company_id)
        rows = self._run(_OFFERED, company=company_id, agent=agent_id)
        return tuple(HttpToolRow(**row._mapping) for row in rows)

    def switch(self, company_id: str, wanted: Mapping[str, bool]) -> None:
        """Switch named tools of the company on or off for all agents; the others stay as they are."""
        for row in self.of_company(company_id):
            if wanted.get(row.name, row.enabled) != row.enabled:
                self.change(row.id, row.config, enabled=not row.enabled)

    def get(self, tool_id: str) -> HttpToolRow:
        """The tool, or `NotFound`."""
        found = self._find(
            HttpToolRow, rows_of(HttpTools, HttpToolRow, HttpTools.id == tool_id, *self._within(HttpTools))
        )
        if found is None:
            raise NotFound("no such tool", field="id")
        return found

    def create(self, company_id: str, name: str, config: Json, *, secret: str | None = None) -> HttpToolRow:
        """A new tool; a name is given once in a company."""
        if any(tool.name == name for tool in self.of_company(company_id)):
            raise Conflict(f"the company has a tool called {name!r}", field="name")
        now = self._now()
        row = {"id": self._new_id("htl"), "company_id": company_id, "name": name, "config": config}
        sealed = None if secret is None else self._work.cipher.seal(secret)
        self._insert(
            HttpTools, row | {"secret": sealed, "enabled": True, "created_at": now, "updated_at": now}
        )
        return self.get(str(row["id"]))

    def change(self, tool_id: str, config: Json, *, enabled: bool, secret: str | None = None) -> HttpToolRow:
        """Set what the tool does; the secret stays unless a new one is given."""
        self.get(tool_id)
        values: Json = {"config": config, "enabled": enabled, "updated_at": self._now()}
        if secret is not None:
            values["secret"] = self._work.cipher.seal(secret)
        self._db.execute(
            update(HttpTools).where(HttpTools.id == tool_id, *self._within(HttpTools)).values(**values)
        )
        return self.get(tool_id)

    def delete(self, tool_id: str) -> None:
        """Forget the tool and its secret."""
        self.get(tool_id)
        self._db.execute(delete(HttpTools).where(HttpTools.id == tool_id, *self._within(HttpTools)))

    def secret(self, tool_id: str) -> str | None:
        """The tool's secret, if it has one of its own."""
        self.get(tool_id)
        sealed = self._db.execute(
            select(HttpTools.secret).where(HttpTools.id == tool_id, *self._within(HttpTools))
        ).scalar()
        return None if sealed is None else self._work.cipher.open(sealed)


class ApprovalRepository(Repository):
    """Actions of the caller's companies that wait, or waited, for a colleague."""

    def ask(
        self, company_id: str, ticket_id: str, turn_id: str, key: str, tool: str, action: str, arguments: Json
    ) -> Approval:
        """Let an action wait; the same key waits once."""
        self._check(company_id)
        known = self._find(
            Approval, rows_of(Approvals, Approval, Approvals.key == key, *self._within(Approvals))
        )
        if known is not None:
            return known
        asked = Approval(
            id=self._new_id("apr"),
            company_id=company_id,
            ticket_id=ticket_id,
            turn_id=turn_id,
            key=key,
            tool=tool,
            action=action,
            arguments=arguments,
            status="waiting",
            decided_by="",
            decided_at=None,
            outcome="",
            created_at=self._now(),
        )
        self._insert(Approvals, dict(vars(asked)))
        return asked

    def get(self, approval_id: str) -> Approval:
        """The action, or `NotFound`."""
        found = self._find(
            Approval, rows_of(Approvals, Approval, Approvals.id == approval_id, *self._within(Approvals))
        )
        if found is None:
            raise NotFound("no such action", field="id")
        return found

    def of_ticket(self, ticket_id: str) -> tuple[Approval, ...]:
        """All actions of a ticket that needed a colleague, oldest first."""
        wanted = rows_of(Approvals, Approval, Approvals.ticket_id == ticket_id, *self._within(Approvals))
        return self._list(Approval, wanted.order_by(Approvals.created_at, Approvals.id))

    def decide(self, approval_id: str, status: str, by: str) -> Approval:
        """Approve or refuse, once; `Conflict` when a colleague was faster."""
        self.get(approval_id)
        waiting = update(Approvals).where(
            Approvals.id == approval_id, Approvals.status == "waiting", *self._within(Approvals)
        )
        values = {"status": status, "decided_by": by, "decided_at": self._now()}
        if not self._db.execute(waiting.values(**values)).rowcount:
            raise Conflict("this action has been decided", field="id")
        return self.get(approval_id)

    def ended(self, approval_id: str, status: str, outcome: str) -> None:
        """Write down how an approved action came out."""
        self._db.execute(
            update(Approvals)
            .where(Approvals.id == approval_id, *self._within(Approvals))
            .values(status=status, outcome=outcome)
        )
