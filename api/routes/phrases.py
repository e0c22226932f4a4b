"""Phrases that a company teaches the intent classifier: `/api/phrases`; they count from the next message."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api import errors
from api.auth.callers import Editor, Reader, company_of, desk_of
from api.wire import Body, Line, Reply
from language.intents import Intent
from store.unit import UnitOfWork
from store.values.phrases import IntentPhrase

router = APIRouter(prefix="/api/phrases", tags=["phrases"], responses=errors.RESPONSES)


class NewPhrase(Body):
    """A phrase as customers of the company say it, and the intent it stands for."""

    text: Annotated[str, Field(min_length=2, max_length=300, pattern=r"\S")]
    intent: Intent
    company: Line | None = None


class PhraseView(Reply):
    """A taught phrase."""

    id: str
    company: str
    intent: str
    text: str
    created_at: datetime


@router.get("")
async def phrases(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> list[PhraseView]:
    """The caller's phrases, or those of one company."""

    def read(uow: UnitOfWork) -> list[PhraseView]:
        owners = [uow.companies.by_slug(company)] if company else list(uow.companies.all())
        return [_view(phrase, owner.slug) for owner in owners for phrase in uow.phrases.for_company(owner.id)]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("", status_code=201)
async def teach(request: Request, caller: Editor, body: NewPhrase) -> PhraseView:
    """Teach a phrase."""

    def write(uow: UnitOfWork) -> PhraseView:
        owner = company_of(uow, caller, body.company)
        phrase = uow.phrases.add(owner.id, body.intent, body.text)
        uow.audit.add(caller.id, "phrase.teach", phrase.id, company_id=owner.id)
        return _view(phrase, owner.slug)

    return await desk_of(request).store.write(caller.scope, write)


@router.delete("/{phrase_id}", status_code=204)
async def forget(request: Request, caller: Editor, phrase_id: str) -> Response:
    """Forget a phrase."""

    def write(uow: UnitOfWork) -> None:
        owner = uow.phrases.get(phrase_id).company_id
        uow.phrases.delete(phrase_id)
        uow.audit.add(caller.id, "phrase.forget", phrase_id, company_id=owner)

    await desk_of(request).store.write(caller.scope, write)
    return Response(status_code=204)


def _view(phrase: IntentPhrase, slug: str) -> PhraseView:
    return PhraseView(
        id=phrase.id, company=slug, intent=phrase.intent, text=phrase.text, created_at=phrase.created_at
    )
