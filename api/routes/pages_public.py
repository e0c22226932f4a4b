"""What anybody may see: the overview, the companies' own sites with their chat, the chat alone."""

import re
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.auth.callers import desk_of
from api.routes.pages_frame import PageRoute, html
from graph.errors import NotFound
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.scope import Scope
from ui.views.pages import (
    ChatPage,
    CompanyCard,
    CompanyPage,
    Overview,
    brand_stylesheet,
    cards,
    embed_script,
)

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HERE = "<!-- widget -->"


@router.get("/")
async def overview(request: Request) -> HTMLResponse:
    """The front door: every company, and the way to chat, inbox and a trace."""

    def read(uow: UnitOfWork) -> Overview:
        companies = cards(
            [
                CompanyCard(each.slug, each.name, each.description, each.tagline)
                for each in uow.companies.all()
            ]
        )
        newest = uow.turns.log(limit=1)
        return Overview(
            companies=companies,
            chat_url=companies[0].chat_url if companies else "/",
            trace_url=f"/tickets/{newest[0].ticket_id}/trace" if newest else "/inbox",
        )

    return html(await desk_of(request).store.read(Scope.operator(), read))


@router.get("/companies/{slug}")
async def company(request: Request, slug: str) -> Response:
    """The company's site; its pages link relatively, so its address ends with a slash."""
    await _company(request, slug)
    return RedirectResponse(f"/companies/{slug}/", 307)


@router.get("/companies/{slug}/")
async def company_home(request: Request, slug: str) -> Response:
    """The first page of the company's site."""
    return await company_page(request, slug, "index")


@router.get("/companies/{slug}/{page}")
async def company_page(request: Request, slug: str, page: str) -> Response:
    """A page of the company's site with its chat, or the site's stylesheet."""
    row = await _company(request, slug)
    if page == "site.css":
        return Response(_site_file(slug, page), media_type="text/css")
    script = embed_script(slug, row.brand)
    text = _site_file(slug, f"{page}.html") if PLAIN.fullmatch(page) else ""
    if text:
        return HTMLResponse(text.replace(HERE, script))
    if page != "index":
        raise NotFound("There is no such page.")
    return html(CompanyPage(row.slug, row.name, row.description, row.tagline, script))


@router.get("/widget/{slug}/brand.css")
async def brand(request: Request, slug: str) -> Response:
    """The company's colours for its chat."""
    row = await _company(request, slug)
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(brand_stylesheet(row.brand), media_type="text/css", headers=headers)


@router.get("/widget/{slug}")
async def chat(request: Request, slug: str, full: bool = False) -> HTMLResponse:
    """The chat: in the frame of a company's page, or alone."""
    row = await _company(request, slug)
    return html(ChatPage(slug=row.slug, name=row.name, origins=row.origins, full=full))


@router.get("/{page}")
async def nothing(page: str) -> Response:
    """Any other address of one word: said as a page; it comes after all others."""
    raise NotFound(f"There is no page called {page[:40]!r}.")


async def _company(request: Request, slug: str) -> Company:
    return await desk_of(request).store.read(Scope.operator(), lambda uow: uow.companies.by_slug(slug))


def _site_file(slug: str, name: str) -> str:
    """A file of a seeded company's site, or nothing; the slug is that of a company that exists."""
    file = files("seeds") / "data" / slug / "site" / name
    return file.read_text("utf-8") if PLAIN.fullmatch(slug) and file.is_file() else ""
