"""Knowledge gaps: what customers asked and nothing answered, grouped; an answer begun, or none wanted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api import errors
from api.auth.callers import Editor, Reader, desk_of
from api.gaps import Cluster, clusters_of, dismiss_gaps, draft_entry
from api.wire import Body, Id, Reply
from store.unit import UnitOfWork
from store.values.knowledge import Gap

router = APIRouter(prefix="/api/gaps", tags=["knowledge"], responses=errors.RESPONSES)


class Chosen(Body):
    """The gaps of one group."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=500)]


class GapView(Reply):
    """One wording."""

    id: str
    question: str
    language: str | None
    count: int


class ClusterView(Reply):
    """Questions that ask the same."""

    question: str
    count: int
    languages: dict[str, int]
    gaps: list[GapView]


class DraftView(Reply):
    """The entry that was begun."""

    entry_id: str


@router.get("")
async def gaps(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> list[ClusterView]:
    """Unanswered questions in groups, most asked first."""
    desk = desk_of(request)

    def read(uow: UnitOfWork) -> tuple[Gap, ...]:
        return uow.knowledge.gaps(uow.companies.by_slug(company).id if company else None)

    return [_view(cluster) for cluster in await clusters_of(desk, await desk.store.read(caller.scope, read))]


@router.post("/draft", status_code=201)
async def draft(request: Request, caller: Editor, body: Chosen) -> DraftView:
    """Begin an entry from a group; it answers nobody before somebody writes and publishes it."""
    return DraftView(entry_id=(await draft_entry(desk_of(request), caller, body.ids)).id)


@router.post("/dismiss", status_code=204)
async def dismiss(request: Request, caller: Editor, body: Chosen) -> Response:
    """Say that the company does not want these answered."""
    await dismiss_gaps(desk_of(request), caller, body.ids)
    return Response(status_code=204)


def _view(cluster: Cluster) -> ClusterView:
    found = [
        GapView(id=gap.id, question=gap.question, language=gap.language, count=gap.count)
        for gap in cluster.gaps
    ]
    return ClusterView(
        question=cluster.question, count=cluster.count, languages=cluster.languages, gaps=found
    )
