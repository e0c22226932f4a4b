"""Runs of the evaluation on the desk's present settings, as jobs in the background.

A run asks every case as trial turns (`api.trying`): it reads the companies as they are now, and writes
nothing but its own result. Cases are the shipped files and what a company keeps itself.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError

from api.background import Background, Told
from api.company_gate import verdict_of
from api.desk import Desk
from api.trying import Asked, Trials, TrialState
from api.trying_answers import answer_json
from eval.cases import Case, read_cases
from eval.desk import CaseReply
from eval.runner import Plan, run
from eval.summary import case_rows, summarise
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.scope import Json, Scope
from store.values.work import Job

KIND = "eval"
OWN = "own"
MODES = ("strict", "balanced", "permissive")
log = logging.getLogger("supportgraph.evaluations")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a run shall ask: a shipped file's name or `own`, of one company or of all, at most so many."""

    source: str
    company: str | None = None
    most: int | None = None
    mode: str | None = None
    trials: int = 1

    @property
    def is_gate(self) -> bool:
        """Whether it asks all that a company's gate asks."""
        return (self.source, self.most, self.mode) == (OWN, None, None)


@dataclass(frozen=True)
class LiveDesk:
    """Satisfies `eval.desk.EvalDesk` on the companies as they are now; every conversation is a trial."""

    desk: Desk
    trials: Trials
    scope: Scope

    async def ask(
        self,
        company: str,
        email: str | None,
        verified: bool,
        turns: Sequence[str],
        *,
        threshold: float | None = None,
        mode: str | None = None,
    ) -> CaseReply:
        """Send the turns one after the other; the reply to the last one."""
        state, reply = TrialState(), CaseReply(kind="", reply="")
        for text in turns:
            asked = Asked(
                company=company, message=text, email=email, verified=verified, threshold=threshold, mode=mode
            )
            tried = await self.trials.say(self.scope, asked, state)
            state, reply = tried.state, CaseReply.from_response(answer_json(tried))
            await asyncio.sleep(0)  # customers come first
        return reply

    async def reset(self) -> None:
        """A trial leaves nothing behind."""


@dataclass
class Evaluations:
    """The runs of one process; another process takes up what a dead one left."""

    desk: Desk
    jobs: Background = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = Background(self.desk, KIND, self._carry_out)

    async def start(self, scope: Scope, wanted: Wanted, by: str) -> Job:
        """Queue a run and begin it; `Invalid` when there is no case for it."""
        if scope.companies is not None and wanted.company is None:
            raise Invalid("Choose one of your companies.", field="company")
        cases = await self.cases(scope, wanted)
        arguments = {**vars(wanted), "by": by, "companies": sorted(scope.companies or ())}

        def queue(uow: UnitOfWork) -> Job:
            owner = uow.companies.by_slug(wanted.company).id if wanted.company else None
            return uow.jobs.add(KIND, {**arguments, "cases": len(cases)}, company_id=owner)

        job = await self.desk.store.write(scope, queue)
        self.take_up(job.id)
        return job

    def take_up(self, job_id: str) -> None:
        """Run a job here, if nobody else does."""
        self.jobs.take_up(job_id)

    async def cases(self, scope: Scope, wanted: Wanted) -> tuple[Case, ...]:
        """The cases of a run that this desk's companies can be asked."""

        def read(uow: UnitOfWork) -> tuple[set[str], list[Json]]:
            companies = {item.id: item.slug for item in uow.companies.all()}
            own = [
                {**item.row, "company": companies[item.company_id]}
                for item in uow.evals.own_cases()
                if item.state == "active"
            ]
            return set(companies.values()), own

        slugs, own = await self.desk.store.read(scope, read)
        if wanted.source == OWN:
            found = tuple(Case.model_validate_json(json.dumps(row)) for row in own)
        elif wanted.source in shipped():
            found = await asyncio.to_thread(read_cases, [shipped()[wanted.source]], company="")
        else:
            raise Invalid("There are no such cases.", field="source")
        mine = [case for case in found if case.company in slugs and wanted.company in (None, case.company)]
        if not mine:
            raise Invalid("No case of these asks a company of this desk.", field="source")
        return tuple(mine[: wanted.most])

    async def _carry_out(self, job: Job, told: Told) -> None:
        arguments = job.arguments
        scope = Scope.of(*arguments["companies"]) if arguments["companies"] else Scope.operator()
        wanted = Wanted(**{name: arguments[name] for name in Wanted.__dataclass_fields__})
        cases = await self.cases(scope, wanted)
        plan = Plan(cases=cases, mode=wanted.mode, trials=wanted.trials, modes=MODES)
        told.of = plan.conversations

        outcome = await run(plan, LiveDesk(self.desk, Trials(self.desk), scope), told.another)
        summary, rows = await asyncio.to_thread(lambda: (summarise(outcome), case_rows(outcome)))

        def keep(uow: UnitOfWork) -> None:
            kept = uow.evals.keep(
                title_of(wanted),
                arguments={**arguments, "job": job.id},
                summary=summary,
                cases=rows,
                started_by=arguments["by"],
                company_id=job.company_id,
            )
            if job.company_id and wanted.is_gate:
                gate = uow.gates.of(job.company_id)
                uow.gates.ran(job.company_id, kept.id, passed=verdict_of(gate, summary, rows).passed)

        await self.desk.store.write(Scope.operator(), keep)


def evaluations_of(app: FastAPI) -> Evaluations:
    """The app's one runner, made when it is first asked for."""
    found: Evaluations | None = getattr(app.state, "evaluations", None)
    if found is None:
        found = app.state.evaluations = Evaluations(app.state.desk)
    return found


def title_of(wanted: Wanted) -> str:
    """What a run is called."""
    name = "Own cases" if wanted.source == OWN else wanted.source
    extra = [wanted.company, f"first {wanted.most}" if wanted.most else None, wanted.mode]
    return ", ".join([name, *(part for part in extra if part)])


@cache
def shipped() -> dict[str, Path]:
    """The case files that come with the product, by name; files of other probes are none."""
    folder = Path(str(files("eval") / "datasets"))
    found = {path.stem: path for path in sorted(folder.glob("*.jsonl"))}
    return {name: path for name, path in found.items() if '"turns"' in _first_line(path)}


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return lines.readline()


def row_of(
    company: str, turns: Sequence[str], answer: dict[str, Any], *, email: str | None, verified: bool
) -> Json:
    """A line of a case file that demands what was answered: the same kind, the same tools."""
    succeeded = [call["tool"] for call in answer.get("toolCalls", ()) if call.get("status") == "success"]
    row: Json = {"company": company, "turns": list(turns), "language": answer.get("language")}
    row |= {"kind": answer.get("kind"), "intent": answer.get("intent"), "tools": succeeded}
    if email:
        row |= {"email": email, "verified": verified}
    return {name: value for name, value in row.items() if value is not None}


def check_case(row: Json) -> Case:
    """The row as a case; `Invalid` naming the field when it is none."""
    try:
        return Case.model_validate_json(json.dumps({"id": "new", **row}))
    except ValidationError as error:
        first = error.errors()[0]
        field_name = ".".join(str(part) for part in first["loc"]) or "case"
        raise Invalid(f"{field_name}: {first['msg']}", field=field_name) from error
