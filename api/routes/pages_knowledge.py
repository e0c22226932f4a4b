"""Knowledge as pages: entries and imported pages, one entry with its revisions, a question tried out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.desk import Desk
from api.forms import Errors, as_errors, checked, lines_of, read_form
from api.gaps import PLACEHOLDER
from api.knowledge import StoredPassages
from api.recall import recent
from api.routes.knowledge import NewEntry, change_entry, create_entry
from api.routes.pages_frame import (
    Editor,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.routes.pages_recall import change_line
from graph.errors import SupportError
from store.unit import UnitOfWork
from ui.views.forms import Form
from ui.views.knowledge import (
    SHOWN_PAGES,
    EntryPage,
    HitLine,
    Knowledge,
    Preview,
    entry_lines,
    entry_values,
    revision_lines,
    source_lines,
)
from ui.views.words import clipped

router = APIRouter(prefix="/knowledge", include_in_schema=False, route_class=PageRoute)
FRESH = {"status": "active"}
Word = Annotated[str, Query(max_length=500)]


@router.get("")
async def knowledge(request: Request, member: Reader, company: Word = "", q: Word = "") -> HTMLResponse:
    """What a company knows, and what it would answer to a question."""
    desk = desk_of(request)

    def read(uow: UnitOfWork) -> tuple[str, Knowledge]:
        companies = uow.companies.all()
        first = companies[0] if companies else None
        chosen = next((item for item in companies if company in (item.slug, item.id)), first)
        slug, mine = (chosen.slug, chosen.id) if chosen else ("", "")
        sources = uow.knowledge.sources(mine) if chosen else ()
        return mine, Knowledge(
            shell=shell_of(uow, member, "knowledge", outbox=has_outbox(request), company=slug),
            company=slug,
            companies=tuple(
                (item.name, f"/knowledge?company={item.slug}", item.slug == slug) for item in companies
            ),
            entries=entry_lines(uow.knowledge.entries(mine) if chosen else ()),
            pages=source_lines(sources),
            more=max(0, len(sources) - SHOWN_PAGES),
            question=q.strip(),
            may_change="content" in member.rights,
        )

    mine, view = await desk.store.read(scope_of(member), read)
    if view.question and mine:
        view = Knowledge(**{**vars(view), "preview": await preview_of(desk, mine, view.question)})
    return html(view)


@router.get("/new")
async def fresh(request: Request, member: Editor, company: Word = "") -> HTMLResponse:
    """The form for a new entry."""
    return await _shown(request, member, "", {**FRESH, "company": company})


@router.post("/new")
async def create(request: Request, member: Editor) -> Response:
    """Write an entry, or say what is wrong."""
    return await _save(request, member, "")


@router.get("/{entry_id}")
async def entry(request: Request, member: Reader, entry_id: str, saved: Word = "") -> HTMLResponse:
    """One entry with its revisions."""
    words = "Saved. Customers are answered from it at once." if saved == "active" else "Saved."
    return await _shown(request, member, entry_id, saved=words if saved else "")


@router.post("/{entry_id}")
async def change(request: Request, member: Editor, entry_id: str) -> Response:
    """Publish a new revision, or say what is wrong."""
    return await _save(request, member, entry_id)


async def preview_of(desk: Desk, company_id: str, question: str) -> Preview:
    """What the company's knowledge holds for a question, with scores."""
    from retrieval.retriever import CompanyRetriever

    retriever = CompanyRetriever(company_id, StoredPassages(desk.store), desk.index)
    found = await retriever.search(question)
    best = await retriever.lines(question, found.hits[0]) if found.hits else ()
    return Preview(
        question=question,
        read_as=found.query,
        answerable=found.answerable,
        hits=tuple(
            HitLine(
                " › ".join(part for part in (hit.passage.title, hit.passage.heading) if part),
                hit.passage.kind,
                clipped(" ".join(hit.passage.lines), 260),
                hit.answers,
                max(0.0, hit.dense),
                hit.lexical,
            )
            for hit in found.hits
        ),
        reply=tuple(found.hits[0].passage.lines[at] for at in sorted(best)) if found.hits else (),
        degraded=found.degraded,
    )


async def _save(request: Request, member: StaffMember, entry_id: str) -> Response:
    values = await read_form(request)
    body, errors = checked(NewEntry, body_of(values, fresh=not entry_id))
    if body is None:
        return await _shown(request, member, entry_id, values, errors)
    if body.status == "active" and body.answer.strip() == PLACEHOLDER:
        return await _shown(request, member, entry_id, values, {"answer": "has to be written first"})
    desk, caller = desk_of(request), caller_of(member)
    try:
        if entry_id:
            view = await change_entry(desk, caller, entry_id, body)
        else:
            view = await create_entry(desk, caller, body)
    except SupportError as error:
        return await _shown(request, member, entry_id, values, as_errors(error))
    return see_other(f"/knowledge/{view.id}?saved={view.status}")


async def _shown(
    request: Request,
    member: StaffMember,
    entry_id: str,
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
    *,
    saved: str = "",
) -> HTMLResponse:
    def read(uow: UnitOfWork) -> EntryPage:
        found = uow.knowledge.entry(entry_id) if entry_id else None
        slug = uow.companies.get(found.company_id).slug if found else (values or {}).get("company", "")
        shown = values if values is not None else entry_values(found) if found else FRESH
        return EntryPage(
            shell=shell_of(uow, member, "knowledge", outbox=has_outbox(request), company=slug),
            entry_id=entry_id,
            title=found.title if found else "New entry",
            company=slug,
            back=f"/knowledge?company={slug}",
            form=Form(shown, errors or {}),
            revisions=revision_lines(uow.knowledge.entry_revisions(entry_id)) if found else (),
            stale=tuple(change_line(item) for item in recent(uow, found.company_id, entry_id))
            if found
            else (),
            saved=saved,
            may_change="content" in member.rights,
        )

    view = await desk_of(request).store.read(scope_of(member), read)
    return html(view, 422 if errors else 200)


def body_of(values: dict[str, str], *, fresh: bool) -> dict[str, Any]:
    """The form as the body of the entry's route."""
    body: dict[str, Any] = {
        "question": values.get("question", "").strip(),
        "answer": _joined(values.get("answer", "")),
        "questions": lines_of(values.get("questions", "")),
        "category": values.get("category", "").strip(),
        "status": values.get("status") or "draft",
    }
    for name in ("question_hinglish", "answer_hinglish"):
        if text := _joined(values.get(name, "")):
            body[name] = text
    return body | ({"company": values.get("company") or None} if fresh else {})


def _joined(text: str) -> str:
    return "\n".join(lines_of(text))
