"""Trial turns: the real graph over a company's present settings, with nothing written anywhere.

A trial has no ticket and no session. What a conversation carries on (memory, values that left its messages,
changes of records that it made) travels with the asker from turn to turn, and tools work on that. So a trial
cannot touch a real ticket or record, whatever a tool does, and any process can answer its next message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from api.deps import Loaded
from api.desk import Desk
from api.journal import NotingToolbox, TurnJournal, redacted
from api.knowledge import StoredPassages
from api.redaction import safe_message
from api.results import memory_of, question_of, result_of
from api.trial_backoffice import TrialBackoffice
from api.wire import Body
from graph.parts import FinishedPart
from graph.ports import Deps
from store.unit import UnitOfWork
from store.values.companies import Agent, Company, Customer
from store.values.exchanges import Exchange
from store.values.scope import Scope
from store.values.turns import Claim, KeptValue, TurnInput, TurnResult
from tools.gate import Gate
from tools.specs import all_tools

if TYPE_CHECKING:
    from api.shadow.setup import Setup
    from graph.build import Graph
    from retrieval.imagined import Snapshots

CASE_NUMBER = "0000"
MOST_KEPT = 200


class TrialState(Body):
    """What a trial conversation carries from one message to the next; the asker keeps it."""

    memory: dict[str, Any] | None = None
    values: dict[str, str] = Field(default_factory=dict, max_length=MOST_KEPT)
    changes: dict[str, dict[str, Any]] = Field(default_factory=dict, max_length=MOST_KEPT)
    """By a record's number: what a tool of this trial made of it."""
    cases: int = 0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One message of a trial: who writes what to whom, and which settings replace the agent's."""

    company: str
    message: str
    email: str | None = None
    verified: bool = False
    agent_id: str | None = None
    language: str | None = None
    threshold: float | None = None
    mode: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a trial turn came to, with all that explains it."""

    turn_id: str
    company: Company
    agent: Agent
    message: str
    """As it would have been stored: redacted."""
    result: TurnResult
    exchanges: tuple[Exchange, ...]
    state: TrialState


@dataclass
class TrialJournal(TurnJournal):
    """Exchanges of a trial: shown, paid for, not kept."""

    async def note(self, exchange: Exchange) -> None:
        """Hold it until the turn is over."""
        clean = redacted(exchange)
        self.exchanges = [*self.exchanges, clean]
        if clean.kind == "model":
            self.budget.add(self.claim.company_id, clean.cost)
            self.metrics.model_call(clean)


@dataclass
class Trials:
    """Runs trial turns of one desk; the graph is compiled once, without a checkpointer."""

    desk: Desk
    under: "Setup | None" = None
    """Another setup of the company, such as a draft; None: as it is."""
    knowledge: "Snapshots | None" = None
    """What that setup knows."""
    services: bool = False
    """Whether reads ask the company's own services; writes never leave a trial."""
    _graph: "Graph | None" = field(default=None, repr=False)

    async def say(self, scope: Scope, asked: Asked, state: TrialState | None = None) -> Tried:
        """Answer one message; NotFound for a company or agent that the scope does not hold."""
        from graph.run import TurnStart, run_turn

        state = state or TrialState()
        loaded, values = await self.desk.store.read(
            scope, partial(_loaded, self.desk.ids.new("trn"), asked, state)
        )
        if self.under is not None:
            loaded = replace(
                loaded,
                company=self.under.company,
                agent=self.under.agents[loaded.agent.id],
                tools=self.under.tools[loaded.agent.id],
                rules=self.under.rules,
            )
        claim = Claim(loaded.turn.turn_id, loaded.turn.ticket_id, loaded.company.id, 1, 1)
        backoffice = TrialBackoffice(
            store=self.desk.store,
            clock=self.desk.clock,
            company_id=loaded.company.id,
            email=asked.email if asked.verified else None,
            values=values,
            changes=dict(state.changes),
            cases=state.cases,
        )
        deps, journal = self._deps(claim, loaded, backoffice)
        turn = loaded.turn
        start = TurnStart(
            turn_id=turn.turn_id, ticket_id=turn.ticket_id, question=question_of(turn), memory=memory_of(turn)
        )
        finished = [
            part async for part in run_turn(self.graph, start, deps) if isinstance(part, FinishedPart)
        ]
        result = result_of(finished[-1], run_id=self.desk.ids.new("run"), question=turn.text)
        carried = TrialState.model_validate(
            {
                "memory": result.memory,
                "values": backoffice.values,
                "changes": backoffice.changes,
                "cases": backoffice.cases,
            },
            by_name=True,
        )
        return Tried(
            turn_id=turn.turn_id,
            company=loaded.company,
            agent=loaded.agent,
            message=turn.text,
            result=result,
            exchanges=tuple(journal.exchanges),
            state=carried,
        )

    @property
    def graph(self) -> "Graph":
        """The compiled graph."""
        if self._graph is None:
            from graph.build import build_graph

            models = self.desk.execution.builder.models
            self._graph = build_graph(None, model_seconds=self.desk.settings.llm_seconds if models else 0.0)
        return self._graph

    def _deps(self, claim: Claim, loaded: Loaded, backoffice: TrialBackoffice) -> tuple[Deps, TrialJournal]:
        builder = self.desk.execution.builder
        journal = TrialJournal(self.desk.store, claim, builder.metrics, builder.budget, builder.keeps_texts)
        remote = builder.remote(loaded) if self.services else {}
        gate = Gate(
            {name: spec for name, spec in all_tools().items() if name in loaded.tools}
            | {name: tool.config.spec() for name, tool in remote.items()},
            backoffice,
            turn_id=claim.turn_id,
            verified=backoffice.email is not None,
            new_id=self.desk.ids.new,
            tick=self.desk.clock.tick,
            remote=remote,
        )
        toolbox = NotingToolbox(gate, journal, self.desk.clock)
        deps = replace(builder.build(claim, loaded, journal), toolbox=toolbox)
        if self.knowledge is not None:
            from retrieval.retriever import CompanyRetriever

            source = StoredPassages(self.desk.store)
            deps = replace(deps, retriever=CompanyRetriever(loaded.company.id, source, self.knowledge))
        return deps, journal


def _loaded(turn_id: str, asked: Asked, state: TrialState, uow: UnitOfWork) -> tuple[Loaded, dict[str, str]]:
    company = uow.companies.by_slug(asked.company)
    agent = uow.agents.get(asked.agent_id) if asked.agent_id else uow.agents.default(company.id)
    safe = safe_message(asked.message, company.id_patterns)
    text, slots, values = _renumbered(safe.text, safe.values, state.values)
    customer = _customer(uow, company.id, asked.email) if asked.email and asked.verified else None
    turn = TurnInput(
        turn_id=turn_id,
        ticket_id=f"trial-{turn_id}",
        company_id=company.id,
        agent_id=agent.id,
        customer_id=customer.id if customer else None,
        session_id=None,
        verified=customer is not None,
        reply_id=f"trial-{turn_id}",
        message_ids=(f"trial-{turn_id}",),
        text=text,
        slots=slots,
        discarded=safe.discarded,
        memory=state.memory,
        confirmed_offer=None,
        refused_offer=None,
        language_pin=asked.language,
        threshold=asked.threshold,
        safety_mode=asked.mode,
        created_at=agent.updated_at,
    )
    loaded = Loaded(
        turn=turn,
        company=company,
        agent=agent,
        tools=uow.agents.tools(agent.id),
        rules=uow.rules.for_company(company.id),
        customer=customer,
        session=None,
        remote=tuple(
            (row, uow.http_tools.secret(row.id)) for row in uow.http_tools.offered(company.id, agent.id)
        ),
    )
    return loaded, values


def _customer(uow: UnitOfWork, company_id: str, email: str) -> Customer:
    """The company's customer of this address; one that it does not know yet exists for the trial only."""
    known = uow.customers.by_email(company_id, email)
    return known or Customer(
        id="trial",
        company_id=company_id,
        email=email.lower(),
        created_at=uow.companies.get(company_id).created_at,
    )


def _renumbered(
    text: str, kept: tuple[KeptValue, ...], known: Mapping[str, str]
) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """The text with placeholders that mean the same value all through the trial, and all values by them."""
    values, names = dict(known), {}
    for item in kept:
        kind = item.placeholder.rpartition("_")[0]
        mine = [name for name in values if name.rpartition("_")[0] == kind]
        names[item.placeholder] = next(
            (name for name in mine if values[name] == item.value), f"{kind}_{len(mine) + 1}"
        )
        values[names[item.placeholder]] = item.value
    for old in names:
        text = text.replace(f"[{old}]", f"[\0{old}]")
    for old, new in names.items():
        text = text.replace(f"[\0{old}]", f"[{new}]")
    return text, tuple(dict.fromkeys(names.values())), values
