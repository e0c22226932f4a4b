"""A company's gate: its own cases, asked on a schedule and under every draft that is tried (pass^k)."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from api.background import Told
from api.desk import Desk
from api.shadow.setup import Setup
from api.trying import Trials
from eval.cases import Case
from eval.runner import Plan, run
from eval.summary import case_rows, summarise
from graph.errors import Unavailable
from store.unit import UnitOfWork
from store.values.evals import Gate, OwnCase
from store.values.scope import Json, Scope

if TYPE_CHECKING:
    from api.evaluations import Evaluations

EVERY_SECONDS = 60.0
NAME = "gates"
log = logging.getLogger("supportgraph.gates")


@dataclass(frozen=True)
class Verdict:
    """Whether a run of a company's cases is good enough."""

    passed: bool
    cases: int
    failed: tuple[str, ...]
    trials: int

    def as_json(self) -> Json:
        """As trials keep it."""
        return {
            "passed": self.passed,
            "cases": self.cases,
            "failed": list(self.failed),
            "trials": self.trials,
        }


def verdict_of(gate: Gate, summary: Json, rows: Sequence[Json]) -> Verdict:
    """Hold a run against the gate: a case counts when all its trials passed."""
    trials = int(summary["trials"])
    failed = tuple(str(row["id"]) for row in rows if row["passedTrials"] < trials)
    held = len(rows) - len(failed)
    return Verdict(bool(rows) and held >= gate.least * len(rows), len(rows), failed, trials)


def case_of_row(own: OwnCase, slug: str) -> Case:
    """A company's own case as the evaluation reads cases."""
    return Case.model_validate_json(json.dumps({**own.row, "company": slug}))


async def judged_by_gate(desk: Desk, setup: Setup, told: Told) -> Json | None:
    """How the company's cases fare under a tried draft; None where it has none, or does not want to know."""
    gate = await desk.store.read(Scope.of(setup.company.id), lambda uow: uow.gates.of(setup.company.id))
    return await ask_gate(desk, setup, gate, told) if gate.before_publishing else None


async def ask_gate(desk: Desk, setup: Setup, gate: Gate, told: Told | None = None) -> Json | None:
    """Ask the company's cases that count under a setup; None where there are none."""
    from api.evaluations import LiveDesk

    told, company, scope = told or Told(), setup.company, Scope.of(setup.company.id)
    own = await desk.store.read(scope, lambda uow: uow.evals.own_cases(company.id))
    cases = tuple(case_of_row(item, company.slug) for item in own if item.state == "active")
    if not cases:
        return None
    plan = Plan(cases=cases, trials=gate.trials)
    told.of += plan.conversations
    imagined = await desk.index.imagine(company.id, setup.passages)
    trials = Trials(desk, under=setup, knowledge=imagined)
    outcome = await run(plan, LiveDesk(desk, trials, scope), told.another)
    return verdict_of(gate, summarise(outcome), case_rows(outcome)).as_json()


async def start_due(desk: Desk, evaluations: "Evaluations") -> int:
    """Begin the runs of gates whose time has come; how many those were."""
    from api.evaluations import OWN, Wanted

    now = desk.clock.now()
    due = await desk.store.read(Scope.operator(), lambda uow: uow.gates.due(now))
    for gate in due:
        scope = Scope.of(gate.company_id)

        def put_off(uow: UnitOfWork, gate: Gate = gate) -> str | None:
            """The company's slug where it has cases; the next time is set before anything can fail."""
            later = replace(gate, due_at=now + timedelta(hours=gate.every_hours))
            uow.gates.set(later)
            active = [each for each in uow.evals.own_cases(gate.company_id) if each.state == "active"]
            return uow.companies.get(gate.company_id).slug if active else None

        slug = await desk.store.write(scope, put_off)
        if slug is not None:
            wanted = Wanted(source=OWN, company=slug, trials=gate.trials)
            await evaluations.start(scope, wanted, "the gate's schedule")
    return len(due)


async def keep_gates(desk: Desk, evaluations: "Evaluations") -> None:
    """Every minute until cancelled; one process at a time does it."""
    while True:
        try:
            if await desk.store.hold(NAME, desk.worker.owner, 2 * EVERY_SECONDS):
                await start_due(desk, evaluations)
        except Unavailable as error:
            log.warning("gates wait: %s", error.message)
        await asyncio.sleep(EVERY_SECONDS)
