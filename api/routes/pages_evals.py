"""Evaluations as pages: runs, one run, what changed since another, and a company's own cases."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.evaluations import KIND, OWN, Wanted, evaluations_of, shipped, title_of
from api.forms import as_errors, read_form
from api.routes.pages_frame import PageRoute, Reader, Writer, has_outbox, html, scope_of, see_other, shell_of
from eval.report import as_csv, as_html, as_json
from graph.errors import SupportError
from store.unit import UnitOfWork
from store.values.work import Job
from ui.views import evals as views
from ui.views.eval_shapes import EvalPage, Evals
from ui.views.forms import Form
from ui.views.words import stamp

router = APIRouter(prefix="/evals", include_in_schema=False, route_class=PageRoute)
FRESH = {"source": "desk_en", "most": "50", "mode": "", "trials": "1", "company": ""}
SHOWN = ("queued", "running", "failed")
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@router.get("")
async def evals(request: Request, member: Reader) -> HTMLResponse:
    """Every run, those on their way first."""
    return await _list(request, member, Form(FRESH))


@router.post("")
async def start(request: Request, member: Writer) -> Response:
    """Begin a run, or say why not."""
    values = await read_form(request)
    most, trials = values.get("most", ""), values.get("trials", "1")
    wanted = Wanted(
        source=values.get("source", ""),
        company=values.get("company") or None,
        most=int(most) if most in ("50", "200") else None,
        mode=values.get("mode") if values.get("mode") in ("strict", "balanced") else None,
        trials=3 if trials == "3" else 1,
    )
    try:
        await evaluations_of(request.app).start(scope_of(member), wanted, member.user.email)
    except SupportError as error:
        return await _list(request, member, Form(values, as_errors(error)), 422)
    return see_other("/evals")


@router.get("/going")
async def going(request: Request, member: Reader) -> JSONResponse:
    """How far the runs are."""
    jobs = await desk_of(request).store.read(scope_of(member), lambda uow: uow.jobs.all(KIND, limit=10))
    return JSONResponse([vars(views.going_of(job, "")) for job in jobs])


@router.post("/cases/{case_id}/delete")
async def drop(request: Request, member: Writer, case_id: str) -> Response:
    """Remove a company's own case."""

    def write(uow: UnitOfWork) -> None:
        uow.evals.drop_case(case_id)
        uow.audit.add(member.user.id, "case.delete", case_id)

    await desk_of(request).store.write(scope_of(member), write)
    return see_other("/evals#own")


@router.post("/{job_id}/stop")
async def stop(request: Request, member: Writer, job_id: str) -> Response:
    """Ask a run to stop."""
    await desk_of(request).store.write(scope_of(member), lambda uow: uow.jobs.cancel(job_id))
    return see_other("/evals")


@router.get("/{run_id}")
async def run(
    request: Request, member: Reader, run_id: str, against: Annotated[str, Query(max_length=64)] = ""
) -> HTMLResponse:
    """One run; with `against` also what changed since another."""

    def read(uow: UnitOfWork) -> EvalPage:
        found = uow.evals.run(run_id)
        return EvalPage(
            shell=shell_of(uow, member, "evals", outbox=has_outbox(request)),
            id=found.id,
            title=found.title,
            summary=f"{stamp(found.created_at)}, by {found.started_by}",
            headlines=views.headlines_of(found.summary),
            kinds=views.kinds_of(found.summary),
            calibration=views.calibration_of(found.summary),
            intents=views.intents_of(found.summary),
            failures=views.failures_of(found),
            others=views.others_of(uow.evals.runs(), run_id, against),
            against=views.against_of(found, uow.evals.run(against)) if against else None,
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.get("/{run_id}/{name}")
async def file(request: Request, member: Reader, run_id: str, name: str) -> Response:
    """The run as the command line writes it: results.json, results.csv or report.html."""
    found = await desk_of(request).store.read(scope_of(member), lambda uow: uow.evals.run(run_id))
    results: dict[str, Any] = {"summary": found.summary, "cases": found.cases}
    if name == "results.csv":
        return Response(as_csv(found.cases), media_type="text/csv; charset=utf-8")
    if name == "report.html":
        page = as_html(results, title=found.title)
        return HTMLResponse(page, headers={"Content-Security-Policy": REPORT_POLICY})
    return Response(as_json(results), media_type="application/json")


async def _list(request: Request, member: StaffMember, form: Form, status: int = 200) -> HTMLResponse:
    desk = desk_of(request)

    def read(uow: UnitOfWork) -> tuple[Evals, list[Job]]:
        companies = uow.companies.all()
        jobs = [job for job in uow.jobs.all(KIND, limit=10) if job.status in SHOWN]
        names = {item.id: item.name for item in companies}
        everyone = (("", "All"),) if member.companies is None else ()
        page = Evals(
            shell=shell_of(uow, member, "evals", outbox=has_outbox(request)),
            runs=tuple(views.run_line(item) for item in uow.evals.runs()),
            going=tuple(views.going_of(job, _title(job)) for job in jobs),
            sources=((OWN, "Own cases"), *((name, name) for name in shipped())),
            companies=(*everyone, *((item.slug, item.name) for item in companies)),
            form=form,
            own=tuple(views.own_line(case, names) for case in uow.evals.own_cases()),
            may_start="write" in member.rights,
            gates=views.gate_lines(
                [uow.gates.of(item.id) for item in companies],
                uow.evals.own_cases(),
                {item.id: item for item in companies},
            ),
        )
        return page, jobs

    page, jobs = await desk.store.read(scope_of(member), read)
    for job in jobs:
        if job.status in ("queued", "running"):
            evaluations_of(request.app).take_up(job.id)  # does nothing while its lease is held
    return html(page, status)


def _title(job: Job) -> str:
    return title_of(Wanted(**{name: job.arguments[name] for name in Wanted.__dataclass_fields__}))
