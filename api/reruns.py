"""Drafts tried on past tickets as jobs, and published from what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from api.auth.callers import Caller
from api.background import Background, Told
from api.company_gate import judged_by_gate
from api.desk import Desk
from api.routes.knowledge import index_company
from api.shadow.compare import MOST_TICKETS, Prepared, compare, prepare
from api.shadow.drafts import RIGHTS, Applied, Draft, apply, state_of
from graph.errors import Conflict, Invalid
from store.unit import UnitOfWork
from store.values.reruns import Rerun
from store.values.scope import Json, Scope
from store.values.work import Job

KIND = "rerun"
USUAL = 200
"""Tickets that are tried where nobody says how many."""


@dataclass
class Reruns:
    """The trials of one process; another process takes up what a dead one left."""

    desk: Desk
    jobs: Background = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = Background(self.desk, KIND, self._carry_out)

    async def start(
        self, caller: Caller, draft: Draft, company: str | None = None, last: int = USUAL
    ) -> Rerun:
        """Queue a trial and begin it; what publishing would refuse is refused now."""
        if not 1 <= last <= MOST_TICKETS:
            raise Invalid(f"Between 1 and {MOST_TICKETS} tickets can be tried.", field="last")
        prepared = await prepare(self.desk, caller, draft, company)
        owner = prepared.present.company.id
        arguments = {"last": last, "caller": caller.id, "name": caller.name}

        def queue(uow: UnitOfWork) -> Rerun:
            job = uow.jobs.add(KIND, arguments, company_id=owner)
            return uow.reruns.begin(
                owner,
                job.id,
                title=title_of(prepared),
                draft=draft.model_dump(mode="json", by_alias=True),
                base=prepared.base,
                started_by=caller.name,
            )

        made = await self.desk.store.write(caller.scope, queue)
        self.jobs.take_up(made.job_id)
        return made

    async def publish(self, caller: Caller, rerun_id: str, *, anyway: bool = False) -> Applied:
        """Make the tried change. `Conflict` where it has changed since, or the company's cases fail under it.

        `anyway` publishes past failing cases; the audit says so.
        """
        rerun = await self.desk.store.read(caller.scope, lambda uow: uow.reruns.get(rerun_id))
        draft = Draft.model_validate(rerun.draft)
        _may_publish(rerun, anyway=anyway)

        def write(uow: UnitOfWork) -> Applied:
            if state_of(uow, draft) != rerun.base:
                raise Conflict("It has been changed since this was tried; try the draft again.")
            done = apply(uow, caller, draft)
            uow.reruns.published(rerun_id)
            action = "rerun.publish.anyway" if anyway else "rerun.publish"
            uow.audit.add(caller.id, action, rerun_id, company_id=rerun.company_id)
            return done

        applied = await self.desk.store.write(caller.scope, write)
        if draft.kind == "entry":
            await index_company(self.desk, rerun.company_id)
        return applied

    async def _carry_out(self, job: Job, told: Told) -> None:
        store = self.desk.store
        rerun = await store.read(Scope.operator(), lambda uow: uow.reruns.of_job(job.id))
        draft = Draft.model_validate(rerun.draft)
        prepared = await prepare(self.desk, _tryer(job, draft), draft, await self._slug(rerun))
        last = int(job.arguments["last"])
        told.of = await self._how_many(rerun.company_id, last)
        began = self.desk.clock.tick()
        found = await compare(self.desk, prepared, last, told.another)
        gate = await judged_by_gate(self.desk, prepared.after, told)
        summary: Json = {**found.summary(), "gate": gate, "last": last}
        summary["seconds"] = round(self.desk.clock.tick() - began, 1)
        changes = [change.as_json() for change in found.changes]
        await store.write(Scope.operator(), lambda uow: uow.reruns.end(rerun.id, summary, changes))

    async def _slug(self, rerun: Rerun) -> str:
        company = await self.desk.store.read(
            Scope.operator(), lambda uow: uow.companies.get(rerun.company_id)
        )
        return company.slug

    async def _how_many(self, company_id: str, last: int) -> int:
        found = await self.desk.store.read(
            Scope.of(company_id), lambda uow: uow.turns.tickets_answered(company_id, last)
        )
        return len(found)


def reruns_of(app: FastAPI) -> Reruns:
    """The app's one runner, made when it is first asked for."""
    found: Reruns | None = getattr(app.state, "reruns", None)
    if found is None:
        found = app.state.reruns = Reruns(app.state.desk)
    return found


def title_of(prepared: Prepared) -> str:
    """What a trial is called: what is done to what."""
    draft = prepared.draft
    done = "Remove" if draft.delete else "Change" if draft.id else "New"
    return f"{done} {draft.kind}: {prepared.applied.title}"


def rerun_json(rerun: Rerun, job: Job) -> dict[str, Any]:
    """The trial as the API tells it."""
    return {
        "id": rerun.id,
        "title": rerun.title,
        "status": job.status,
        "error": job.error,
        "progress": dict(job.progress),
        "draft": dict(rerun.draft),
        "summary": dict(rerun.summary),
        "changes": list(rerun.changes),
        "startedBy": rerun.started_by,
        "createdAt": rerun.created_at.isoformat(),
        "publishedAt": rerun.published_at.isoformat() if rerun.published_at else None,
    }


def _may_publish(rerun: Rerun, *, anyway: bool) -> None:
    if rerun.published_at is not None:
        raise Conflict("This draft has been published already.")
    if not rerun.summary:
        raise Conflict("The trial has not ended; wait for it.")
    gate: Mapping[str, Any] = rerun.summary.get("gate") or {}
    if gate and not gate["passed"] and not anyway:
        failed = ", ".join(gate["failed"][:5])
        raise Conflict(f"The company's gate does not hold under it: {failed}.", field="gate")


def _tryer(job: Job, draft: Draft) -> Caller:
    """Whoever started the trial was asked for the right then; the trial only reads."""
    rights = frozenset({RIGHTS[draft.kind], "content"})
    return Caller(job.arguments["caller"], job.arguments["name"], rights, None)
