"""Finished runs of the evaluation, and companies' own cases."""

from sqlalchemy import delete, func, select, update

from graph.errors import Invalid, NotFound
from store.models.evals import EvalRuns, OwnCases
from store.repositories.base import Repository, rows_of
from store.values.evals import EvalHead, EvalRun, OwnCase
from store.values.scope import Json


class EvalRepository(Repository):
    """Runs and cases of the caller's companies; runs over all companies are the operator's."""

    def keep(
        self,
        title: str,
        *,
        arguments: Json,
        summary: Json,
        cases: list[Json],
        started_by: str,
        company_id: str | None,
    ) -> EvalHead:
        """Keep a finished run."""
        self._check(company_id)
        run = EvalRun(
            id=self._new_id("evl"),
            company_id=company_id,
            title=title,
            arguments=arguments,
            summary=summary,
            cases=cases,
            started_by=started_by,
            created_at=self._now(),
        )
        self._insert(EvalRuns, dict(vars(run)))
        return run

    def runs(self, limit: int = 50) -> tuple[EvalHead, ...]:
        """The runs, newest first, without their cases."""
        statement = rows_of(EvalRuns, EvalHead, *self._within(EvalRuns))
        return self._list(
            EvalHead, statement.order_by(EvalRuns.created_at.desc(), EvalRuns.id.desc()).limit(limit)
        )

    def run(self, run_id: str) -> EvalRun:
        """One run with its cases, or `NotFound`."""
        found = self._find(
            EvalRun, rows_of(EvalRuns, EvalRun, EvalRuns.id == run_id, *self._within(EvalRuns))
        )
        if found is None:
            raise NotFound("no such run", field="id")
        return found

    def own_cases(self, company_id: str | None = None) -> tuple[OwnCase, ...]:
        """The cases of a company, or of all that the caller has, oldest first."""
        where = [] if company_id is None else [OwnCases.company_id == company_id]
        statement = rows_of(OwnCases, OwnCase, *where, *self._within(OwnCases))
        return self._list(OwnCase, statement.order_by(OwnCases.created_at, OwnCases.id))

    def add_case(self, company_id: str, row: Json) -> OwnCase:
        """Keep a case; without an id it is named after its place."""
        self._check(company_id)
        count = self._db.execute(
            select(func.count(OwnCases.id)).where(OwnCases.company_id == company_id)
        ).scalar_one()
        name = str(row.get("id") or f"own-{count + 1:03d}-{self._new_id('c')[-4:]}")
        case = OwnCase(
            id=self._new_id("cas"),
            company_id=company_id,
            name=name,
            row={**row, "id": name},
            created_at=self._now(),
        )
        mine = (OwnCases.company_id == company_id, OwnCases.name == name)
        self._db.execute(delete(OwnCases).where(*mine))
        self._insert(OwnCases, dict(vars(case)))
        return case

    def case(self, case_id: str) -> OwnCase:
        """One case, or `NotFound`."""
        found = self._find(
            OwnCase, rows_of(OwnCases, OwnCase, OwnCases.id == case_id, *self._within(OwnCases))
        )
        if found is None:
            raise NotFound("no such case", field="id")
        return found

    def judge_case(self, case_id: str, state: str, reason: str = "") -> None:
        """Say that a case is disputed, and why, or that it counts again."""
        if state not in ("active", "disputed"):
            raise Invalid(f"a case cannot be {state!r}", field="state")
        where = (OwnCases.id == case_id, *self._within(OwnCases))
        changed = update(OwnCases).where(*where).values(state=state, reason=reason)
        if not self._db.execute(changed).rowcount:
            raise NotFound("no such case", field="id")

    def drop_case(self, case_id: str) -> None:
        """Remove a case."""
        gone = self._db.execute(delete(OwnCases).where(OwnCases.id == case_id, *self._within(OwnCases)))
        if not gone.rowcount:
            raise NotFound("no such case", field="id")
