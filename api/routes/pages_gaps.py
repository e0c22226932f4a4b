"""Gaps as a page: what was asked and not answered, and what to do about it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.forms import lines_of, read_form
from api.gaps import Cluster, clusters_of, dismiss_gaps, draft_entry
from api.routes.pages_frame import (
    Editor,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    safe_target,
    scope_of,
    see_other,
    shell_of,
)
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.knowledge import Gap
from ui.views.knowledge import GapLine, GapsPage
from ui.views.shell import Shell

router = APIRouter(prefix="/gaps", include_in_schema=False, route_class=PageRoute)
MOST_EXAMPLES = 4


@router.get("")
async def gaps(
    request: Request, member: Reader, company: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """The open questions of a company, in groups."""
    desk = desk_of(request)

    def read(uow: UnitOfWork) -> tuple[Shell, tuple[Company, ...], str, tuple[Gap, ...]]:
        companies = tuple(uow.companies.all())
        first = companies[0] if companies else None
        chosen = next((item for item in companies if item.slug == company), first)
        slug = chosen.slug if chosen else ""
        shell = shell_of(uow, member, "gaps", outbox=has_outbox(request), company=slug)
        found = uow.knowledge.gaps(chosen.id) if chosen else ()
        return shell, companies, slug, found

    shell, companies, slug, found = await desk.store.read(scope_of(member), read)
    return html(
        GapsPage(
            shell=shell,
            company=slug,
            companies=tuple(
                (item.name, f"/gaps?company={item.slug}", item.slug == slug) for item in companies
            ),
            gaps=tuple(_line(cluster) for cluster in await clusters_of(desk, found)),
            may_change="content" in member.rights,
        )
    )


@router.post("")
async def settle(request: Request, member: Editor) -> Response:
    """Begin an entry from a group of questions, or say that they are not covered."""
    values = await read_form(request)
    ids = lines_of(values.get("ids", "").replace(" ", "\n"))
    if values.get("what") == "draft":
        entry = await draft_entry(desk_of(request), caller_of(member), ids)
        return see_other(f"/knowledge/{entry.id}")
    await dismiss_gaps(desk_of(request), caller_of(member), ids)
    return see_other(safe_target(f"/gaps?company={values.get('company', '')}"))


def _line(cluster: Cluster) -> GapLine:
    return GapLine(
        question=cluster.question,
        count=cluster.count,
        languages=", ".join(f"{count} {language}" for language, count in cluster.languages.items()),
        examples=tuple((gap.language or "other", gap.question) for gap in cluster.examples[:MOST_EXAMPLES]),
        ids=" ".join(gap.id for gap in cluster.gaps),
    )
