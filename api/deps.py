"""What one turn is given: read from the tables in one transaction, then handed to the graph as ports."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import ValidationError

from api.backoffice import TicketBackoffice
from api.journal import NotingToolbox, TurnJournal
from api.knowledge import TurnPassages
from api.metrics import Metrics
from api.models import STEPS, Budget
from api.profiles import agent_of, company_of, mode_of, rules_of
from api.remote_tools import Breakers, remote_of
from api.settings import Settings
from api.taught import TaughtClassifiers
from graph.errors import Invalid
from graph.ports import Caller, Claims, Classifier, Clock, Deps, Ids, Model, Source
from graph.state import Language
from language.claims import ClaimVerdict, check_claim, grounding_score
from language.claims import Source as ClaimSource
from store.database import Store
from store.unit import UnitOfWork
from store.values.companies import Agent, Company, Customer
from store.values.desk import SupportRule
from store.values.outside import HttpToolRow
from store.values.people import Session
from store.values.phrases import IntentPhrase
from store.values.scope import Scope
from store.values.turns import Claim, TurnInput
from tools.gate import Gate
from tools.remote import Remote, RemoteConfig
from tools.specs import all_tools

if TYPE_CHECKING:
    from graph.adapters.chat_model import Models
    from retrieval.index import Index

log = logging.getLogger("supportgraph.tools")
OVER_BUDGET = "today's budget of the company is used up"


@dataclass(frozen=True)
class Loaded:
    """A turn and everything about its ticket that the run depends on."""

    turn: TurnInput
    company: Company
    agent: Agent
    tools: frozenset[str]
    rules: tuple[SupportRule, ...]
    customer: Customer | None
    session: Session | None
    remote: tuple[tuple[HttpToolRow, str | None], ...] = ()
    over_budget: bool = False
    phrases: tuple[IntentPhrase, ...] = ()


@dataclass(frozen=True)
class LanguageClaims:
    """The checks of `language.claims` behind the `Claims` port."""

    def check(self, sentence: str, sources: Sequence[Source], *, language: Language) -> ClaimVerdict:
        """Judge one sentence against its sources."""
        given = [ClaimSource(source.id, source.text, source.kind) for source in sources]
        return check_claim(sentence, given, language=language)

    def grounding(self, reply: str, sources: Sequence[Source]) -> float:
        """How far a reply as a whole rests on its sources."""
        return grounding_score(reply, "\n".join(source.text for source in sources))


@dataclass(frozen=True)
class DepsBuilder:
    """Makes the context of a run; holds what all runs share."""

    store: Store
    index: "Index"
    classifier: Classifier
    clock: Clock
    ids: Ids
    metrics: Metrics
    budget: Budget
    settings: Settings
    breakers: Breakers
    models: "Models | None" = None
    keeps_texts: bool = True
    claims: Claims = LanguageClaims()

    @cached_property
    def taught(self) -> TaughtClassifiers:
        """The classifiers of the companies."""
        return TaughtClassifiers(self.classifier)

    async def load(self, claim: Claim) -> Loaded:
        """Read the claimed turn and what belongs to it."""
        loaded = await self.store.glance(Scope.of(claim.company_id), lambda uow: _load(uow, claim))
        if self.models is None:
            return loaded
        return replace(loaded, over_budget=await self.budget.is_used_up(claim.company_id))

    def journal(self, claim: Claim) -> TurnJournal:
        """Where the turn's exchanges are kept."""
        return TurnJournal(self.store, claim, self.metrics, self.budget, self.keeps_texts)

    def build(self, claim: Claim, loaded: Loaded, journal: TurnJournal) -> Deps:
        """The ports of this turn; identity and limits come from the tables, never from text."""
        from retrieval.retriever import CompanyRetriever

        turn, agent = loaded.turn, agent_of(loaded.agent)
        passages = TurnPassages(self.store, loaded.company.knowledge_version)
        verified = turn.verified and loaded.customer is not None
        return Deps(
            company=company_of(loaded.company),
            agent=agent,
            rules=rules_of(loaded.rules),
            retriever=CompanyRetriever(claim.company_id, passages, self.index),
            toolbox=NotingToolbox(self._gate(claim, loaded, verified=verified), journal, self.clock),
            claims=self.claims,
            classifier=self.taught.of(claim.company_id, loaded.phrases),
            clock=self.clock,
            ids=self.ids,
            caller=Caller(customer_id=turn.customer_id or "", verified=verified),
            mode=mode_of(turn.safety_mode, agent.safety_mode),
            threshold=agent.confidence_threshold if turn.threshold is None else turn.threshold,
            model=self._model(loaded, journal),
        )

    def steps_without_model(self, slug: str) -> tuple[str, ...]:
        """The steps of this company for which no model is set."""
        if self.models is None:
            return STEPS
        return tuple(step for step in STEPS if self.models.choose(slug, step) is None)

    def only_computes(self, loaded: Loaded) -> bool:
        """Whether a turn waits for nobody outside: no model, no tool of another server."""
        return self.steps_without_model(loaded.company.slug) == STEPS and not loaded.remote

    def _model(self, loaded: Loaded, journal: TurnJournal) -> Model | None:
        if self.models is None:
            return None
        closed = OVER_BUDGET if loaded.over_budget else ""
        return self.models.for_turn(loaded.company.slug, journal, closed=closed)

    def _gate(self, claim: Claim, loaded: Loaded, *, verified: bool) -> Gate:
        demo = loaded.session is not None and loaded.session.demo
        backoffice = TicketBackoffice(
            store=self.store,
            clock=self.clock,
            claim=claim,
            email=loaded.customer.email if loaded.customer is not None and verified else None,
            demo_session=loaded.session.id if loaded.session is not None and demo else None,
        )
        remote = self.remote(loaded)
        return Gate(
            {name: spec for name, spec in all_tools().items() if name in loaded.tools}
            | {name: tool.config.spec() for name, tool in remote.items()},
            backoffice,
            turn_id=claim.turn_id,
            verified=verified,
            new_id=self.ids.new,
            tick=self.clock.tick,
            remote=remote,
        )

    def remote(self, loaded: Loaded) -> dict[str, Remote]:
        """The company's own tools; one whose host is not allowed any more is not offered."""
        found: dict[str, Remote] = {}
        for row, secret in loaded.remote:
            try:
                config = RemoteConfig.model_validate(row.config)
                found[row.name] = remote_of(
                    config, secret, loaded.company, self.settings, self.breakers.of(row.id)
                )
            except (Invalid, ValidationError) as error:
                log.warning("tool %s is not offered: %s", row.id, type(error).__name__)
        return found


def _load(uow: UnitOfWork, claim: Claim) -> Loaded:
    turn = uow.turns.load(claim.turn_id)
    agent = uow.agents.get(turn.agent_id)
    return Loaded(
        turn=turn,
        company=uow.companies.get(claim.company_id),
        agent=agent,
        tools=uow.agents.tools(agent.id),
        rules=uow.rules.for_company(claim.company_id),
        phrases=uow.phrases.for_company(claim.company_id),
        customer=uow.customers.get(turn.customer_id) if turn.customer_id else None,
        session=uow.sessions.get(turn.session_id) if turn.session_id else None,
        remote=tuple(
            (row, uow.http_tools.secret(row.id))
            for row in uow.http_tools.offered(claim.company_id, turn.agent_id)
        ),
    )
