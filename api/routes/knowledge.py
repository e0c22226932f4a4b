"""Manual knowledge entries as questions and answers; what is saved is answered from at once."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api import errors
from api.auth.callers import Caller, Editor, Reader, company_of, desk_of
from api.desk import Desk
from api.knowledge import StoredPassages
from api.wire import Line, Reply, Update
from graph.errors import Invalid
from language.text import sentences
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.knowledge import Entry, EntryFields

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"], responses=errors.RESPONSES)
Answer = Annotated[str, Field(min_length=1, max_length=20_000)]
Status = Literal["active", "draft", "archived"]


class EntryChange(Update):
    """What may be set; what is left out stays. An answer is kept one sentence a line."""

    question: Line | None = None
    answer: Answer | None = None
    question_hinglish: Line | None = None
    answer_hinglish: Answer | None = None
    questions: list[Line] | None = None
    category: Annotated[str, Field(max_length=60)] | None = None
    active: bool | None = None
    status: Status | None = None
    """As `active`, which it wins over, with archived besides: out of use and kept."""


class NewEntry(EntryChange):
    """A new entry has a question and an answer."""

    question: Line
    answer: Answer
    company: Line | None = None


class EntryView(Reply):
    """An entry."""

    id: str
    company: str
    question: str
    answer: str
    question_hinglish: str
    answer_hinglish: str
    questions: list[str]
    category: str
    active: bool
    status: str
    revision: int
    created_at: datetime
    updated_at: datetime


@router.get("")
async def entries(
    request: Request,
    caller: Reader,
    company: Annotated[str | None, Query(max_length=100)] = None,
    category: Annotated[str | None, Query(max_length=60)] = None,
    active: bool | None = None,
) -> list[EntryView]:
    """The caller's entries, by title."""

    def read(uow: UnitOfWork) -> list[EntryView]:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        company_id = uow.companies.by_slug(company).id if company else None
        return [
            _view(entry, slugs[entry.company_id])
            for entry in uow.knowledge.entries(company_id)
            if category in (None, entry.category) and active in (None, entry.status == "active")
        ]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("", status_code=201)
async def create(request: Request, caller: Editor, body: NewEntry) -> EntryView:
    """Write an entry."""
    return await create_entry(desk_of(request), caller, body)


async def create_entry(desk: Desk, caller: Caller, body: NewEntry) -> EntryView:
    """Write an entry; it is answered from at once when it is active."""
    owner, entry = await desk.store.write(caller.scope, lambda uow: write_entry(uow, caller, body))
    await index_company(desk, owner.id)
    return _view(entry, owner.slug)


def write_entry(uow: UnitOfWork, caller: Caller, body: NewEntry) -> tuple[Company, Entry]:
    """A new entry of the company that the body names."""
    owner = company_of(uow, caller, body.company)
    entry = uow.knowledge.create_entry(owner.id, replace(EntryFields(title=""), **_given(body)))
    uow.audit.add(caller.id, "knowledge.create", entry.id, company_id=owner.id)
    return owner, entry


@router.get("/{entry_id}")
async def entry(request: Request, caller: Reader, entry_id: str) -> EntryView:
    """One entry."""

    def read(uow: UnitOfWork) -> EntryView:
        found = uow.knowledge.entry(entry_id)
        return _view(found, uow.companies.get(found.company_id).slug)

    return await desk_of(request).store.read(caller.scope, read)


@router.patch("/{entry_id}")
@router.put("/{entry_id}")
async def change(request: Request, caller: Editor, entry_id: str, body: EntryChange) -> EntryView:
    """Publish a new revision with what the body names."""
    return await change_entry(desk_of(request), caller, entry_id, body)


async def change_entry(desk: Desk, caller: Caller, entry_id: str, body: EntryChange) -> EntryView:
    """Publish a new revision; what the body leaves out stays."""
    owner, changed = await desk.store.write(
        caller.scope, lambda uow: rewrite_entry(uow, caller, entry_id, body)
    )
    await index_company(desk, owner.id)
    return _view(changed, owner.slug)


def rewrite_entry(uow: UnitOfWork, caller: Caller, entry_id: str, body: EntryChange) -> tuple[Company, Entry]:
    """The entry's new revision."""
    known = uow.knowledge.entry(entry_id)
    given = _given(body)
    if "content" in given and "content_hinglish" not in given and known.content_hinglish:
        given["content_hinglish"] = ()  # the old translation says something else now
    changed = uow.knowledge.publish_entry(replace(known, **given))
    uow.audit.add(caller.id, "knowledge.change", entry_id, company_id=known.company_id)
    return uow.companies.get(known.company_id), changed


@router.delete("/{entry_id}", status_code=204)
async def delete(request: Request, caller: Editor, entry_id: str) -> Response:
    """Remove an entry; it is not answered from any more."""
    desk = desk_of(request)
    company_id = await desk.store.write(caller.scope, lambda uow: remove_entry(uow, caller, entry_id))
    await index_company(desk, company_id)
    return Response(status_code=204)


def remove_entry(uow: UnitOfWork, caller: Caller, entry_id: str) -> str:
    """Remove the entry; the id of its company."""
    company_id = uow.knowledge.entry(entry_id).company_id
    uow.knowledge.delete_entry(entry_id)
    uow.audit.add(caller.id, "knowledge.delete", entry_id, company_id=company_id)
    return company_id


async def index_company(desk: Desk, company_id: str) -> None:
    """Bring the company's vectors in step with its passages."""
    await desk.index.upsert(company_id, await StoredPassages(desk.store).passages(company_id))


def _given(body: EntryChange) -> dict[str, Any]:
    titles = {"title": body.question, "title_hinglish": body.question_hinglish}
    given: dict[str, Any] = {name: value for name, value in titles.items() if value is not None}
    if body.answer is not None:
        given["content"] = _lines(body.answer, "answer")
    if body.answer_hinglish is not None:
        given["content_hinglish"] = _lines(body.answer_hinglish, "answerHinglish")
    if body.questions is not None:
        given["questions"] = tuple(body.questions)
    if body.category is not None:
        given["category"] = body.category
    if body.active is not None:
        given["status"] = "active" if body.active else "draft"
    if body.status is not None:
        given["status"] = body.status
    return given


def _lines(text: str, field: str) -> tuple[str, ...]:
    """The sentences of an answer; lines that the author broke stay lines."""
    lines = text.splitlines() if "\n" in text else sentences(text)
    found = tuple(line.strip() for line in lines if line.strip())
    if not found:
        raise Invalid("An answer needs at least one sentence.", field=field)
    return found


def _view(entry: Entry, company: str) -> EntryView:
    return EntryView(
        id=entry.id,
        company=company,
        question=entry.title,
        answer="\n".join(entry.content),
        question_hinglish=entry.title_hinglish,
        answer_hinglish="\n".join(entry.content_hinglish),
        questions=list(entry.questions),
        category=entry.category,
        active=entry.status == "active",
        status=entry.status,
        revision=entry.revision,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )
