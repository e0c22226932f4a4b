"""A draft tried on a company's last tickets: two arms, one as it is and one as the draft would make it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.auth.callers import Caller, company_of
from api.deps import OVER_BUDGET, LanguageClaims
from api.desk import Desk
from api.journal import TurnJournal
from api.knowledge import StoredPassages
from api.profiles import rules_of
from api.routes.rules import ALL
from api.shadow.arm import Arm, LiveModel, Said
from api.shadow.drafts import Applied, Draft, apply, state_of
from api.shadow.once import OnceRetriever
from api.shadow.past import past_ticket
from api.shadow.ports import Offered
from api.shadow.setup import Setup, digest_of_context, setup_of, steps_without_model
from api.shadow.sieve import Sieve, differing
from api.shadow.verdicts import KINDS, TurnChange, as_then, changes_in
from api.taught import TaughtClassifiers
from api.trying import TrialJournal
from graph.errors import Invalid
from graph.ports import Caller as Customer
from graph.ports import Deps
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.scope import Scope
from store.values.turns import Claim

MOST_TICKETS = 1000
Progress = Callable[[int], None]
"""Told how many tickets have been looked at since the last call."""


@dataclass(frozen=True)
class Prepared:
    """A draft ready to be tried on one company."""

    draft: Draft
    applied: Applied
    base: str
    """The state of the thing that the draft is of."""
    present: Setup
    after: Setup


@dataclass
class Comparison:
    """What a draft changes."""

    tickets: int = 0
    turns: int = 0
    skipped: int = 0
    """Tickets that the sieve left out: nothing that they were given can change."""
    live_calls: int = 0
    """Prompts that no recording answered, asked of the model of the settings."""
    changes: list[TurnChange] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The figures, with how many turns are of which kind."""
        counts = Counter(kind for change in self.changes for kind in change.kinds)
        return {
            "tickets": self.tickets,
            "turns": self.turns,
            "skipped": self.skipped,
            "liveCalls": self.live_calls,
            "changedTurns": len(self.changes),
            "kinds": {kind: counts[kind] for kind in KINDS},
        }


async def prepare(desk: Desk, caller: Caller, draft: Draft, company: str | None) -> Prepared:
    """Make the draft in a transaction that is undone, and read both states; nothing is written.

    Raises what publishing would raise. `company` (a slug) says on which company a rule for all is tried.
    """

    def read(uow: UnitOfWork) -> Prepared:
        base, owner = state_of(uow, draft), _owner(uow, caller, draft, company)
        present = setup_of(uow, owner.id)
        applied = apply(uow, caller, draft)
        if applied.company_id not in (owner.id, None):
            raise Invalid("It belongs to another company.", field="company")
        return Prepared(draft, applied, base, present, setup_of(uow, owner.id))

    return await desk.store.undone(caller.scope, read)


async def compare(
    desk: Desk,
    prepared: Prepared,
    last: int,
    progress: Progress = lambda _: None,
    *,
    sieve: bool = True,
) -> Comparison:
    """Run the company's `last` answered tickets under both states. Without `sieve` none is left out."""
    company_id = prepared.present.company.id
    scope = Scope.of(company_id)
    before, after = await _arm(desk, prepared.present), await _arm(desk, prepared.after)
    filtering = await _sieve(desk, prepared, before, after) if sieve else None
    ids = await desk.store.read(scope, lambda uow: uow.turns.tickets_answered(company_id, last))
    done = Comparison()
    for ticket_id in ids:
        ticket = await desk.store.read(scope, lambda uow, key=ticket_id: past_ticket(uow, key))  # type: ignore[misc]
        ticket = replace(
            ticket, turns=tuple(turn for turn in ticket.turns if turn.given.agent_id in before.contexts)
        )
        done.tickets += 1
        done.turns += len(ticket.turns)
        if filtering is not None and not await filtering.may_change(ticket):
            done.skipped += 1
        else:
            other = await after.run(ticket)
            done.live_calls += _asked(other)
            if filtering is None or not filtering.is_present(ticket) or not as_then(ticket, other):
                one = await before.run(ticket)
                done.live_calls += _asked(one)
                done.changes += changes_in(ticket, one, other)
        progress(1)
    return done


def _asked(turns: Sequence[Said]) -> int:
    return sum(len(said.asked) for said in turns)


def _owner(uow: UnitOfWork, caller: Caller, draft: Draft, company: str | None) -> Company:
    """The company on whose tickets the draft is tried."""
    given = draft.body.get("company")
    named = company or (given if isinstance(given, str) else None)
    if draft.id is None or named not in (None, ALL):
        return company_of(uow, caller, None if named == ALL else named)
    owner: str | None
    if draft.kind == "entry":
        owner = uow.knowledge.entry(draft.id).company_id
    elif draft.kind == "rule":
        owner = uow.rules.get(draft.id).company_id
    else:
        owner = uow.agents.get(draft.id).company_id
    return uow.companies.get(owner) if owner else company_of(uow, caller, None)


async def _arm(desk: Desk, setup: Setup) -> Arm:
    from graph.build import build_graph
    from retrieval.retriever import CompanyRetriever

    builder, company_id = desk.execution.builder, setup.company.id
    imagined = await desk.index.imagine(company_id, setup.passages)
    without = steps_without_model(builder, setup)
    return Arm(
        setup=setup,
        retriever=OnceRetriever(CompanyRetriever(company_id, StoredPassages(desk.store), imagined)),
        classifier=TaughtClassifiers(builder.classifier).of(company_id, setup.phrases),
        graph=build_graph(None, model_seconds=desk.settings.llm_seconds if builder.models else 0.0),
        clock=desk.clock,
        contexts={agent_id: setup.context(agent_id, without) for agent_id in setup.agents},
        live=await _live(desk, setup),
    )


async def _live(desk: Desk, setup: Setup) -> LiveModel | None:
    """The model of the settings, for prompts that no recording answers: paid and not kept."""
    builder = desk.execution.builder
    models = builder.models
    if models is None:
        return None
    closed = OVER_BUDGET if await builder.budget.is_used_up(setup.company.id) else ""

    def of_turn(turn_id: str) -> Any:
        claim = Claim(turn_id, "", setup.company.id, 1, 1)
        journal: TurnJournal = TrialJournal(
            desk.store, claim, builder.metrics, builder.budget, builder.keeps_texts
        )
        return models.for_turn(setup.company.slug, journal, closed=closed)

    return of_turn


async def _sieve(desk: Desk, prepared: Prepared, before: Arm, after: Arm) -> Sieve:
    present = prepared.present
    any_agent = next(iter(before.contexts.values()))
    reading = Deps(
        company=any_agent.company,
        agent=any_agent.agent,
        rules=(),
        retriever=before.retriever,
        toolbox=Offered(any_agent.tools),
        claims=LanguageClaims(),
        classifier=before.classifier,
        clock=desk.clock,
        ids=desk.ids,
        caller=Customer(customer_id="", verified=False),
    )
    return Sieve(
        present=present,
        draft=prepared.after,
        contexts=before.contexts,
        digests={key: digest_of_context(context) for key, context in before.contexts.items()},
        retriever=after.retriever,
        reading=reading,
        rules=differing(rules_of(present.rules), rules_of(prepared.after.rules)),
    )
