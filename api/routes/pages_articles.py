"""A company's background texts as a page: the list, and one of them in the form."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.forms import Errors, checked, read_form
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
from api.wire import Body
from store.unit import UnitOfWork
from store.values.knowledge import ArticleFields
from ui.views.articles import Articles, article_line
from ui.views.forms import Form

router = APIRouter(prefix="/articles", include_in_schema=False, route_class=PageRoute)
Slug = Annotated[str, Query(max_length=200)]


class ArticleBody(Body):
    """What the form says; an empty slug makes a new article, named after its title."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    category: Annotated[str, Field(max_length=60)] = ""
    content: Annotated[str, Field(min_length=1, max_length=20_000)]
    slug: Annotated[str, Field(max_length=200)] = ""


@router.get("")
async def articles(
    request: Request, member: Reader, company: Slug = "", edit: Slug = "", saved: Slug = ""
) -> HTMLResponse:
    """The articles of a company; one of them in the form."""
    return await _shown(request, member, company, edit=edit, saved="Saved." if saved else "")


@router.post("")
async def save(request: Request, member: Editor, company: Slug = "") -> Response:
    """Keep the article of the form, or say what is wrong."""
    values = await read_form(request)
    words = {name: values.get(name, "").strip() for name in ("title", "category", "content", "slug")}
    body, errors = checked(ArticleBody, words)
    if body is None:
        return await _shown(request, member, company, edit=words["slug"], values=words, errors=errors)
    slug = body.slug or re.sub(r"[\W_]+", "-", body.title.casefold()).strip("-") or "article"
    fields = ArticleFields(title=body.title, slug=slug, category=body.category, content=body.content)

    def keep(uow: UnitOfWork) -> None:
        owner = uow.companies.by_slug(company).id
        kept = uow.knowledge.put_article(owner, fields)
        uow.audit.add(caller_of(member).id, "article.save", kept.id, company_id=owner)

    await desk_of(request).store.write(scope_of(member), keep)
    return see_other(f"/articles?company={company}&saved=yes")


async def _shown(
    request: Request,
    member: StaffMember,
    company: str,
    *,
    edit: str = "",
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
    saved: str = "",
) -> HTMLResponse:
    def read(uow: UnitOfWork) -> Articles:
        companies = uow.companies.all()
        first = companies[0] if companies else None
        chosen = next((item for item in companies if item.slug == company), first)
        slug = chosen.slug if chosen else ""
        found = uow.knowledge.articles(chosen.id) if chosen else ()
        known = next((item for item in found if item.slug == edit and edit), None)
        kept = {"title": known.title, "category": known.category, "content": known.content} if known else {}
        return Articles(
            shell=shell_of(uow, member, "articles", outbox=has_outbox(request), company=slug),
            companies=tuple(
                (item.name, f"/articles?company={item.slug}", item == chosen) for item in companies
            ),
            company=slug,
            articles=tuple(article_line(item, slug) for item in found),
            form=Form(kept if values is None else values, errors or {}),
            editing=known.slug if known else "",
            saved=saved,
            may_change=chosen is not None and "content" in member.rights,
        )

    return html(await desk_of(request).store.read(scope_of(member), read), 422 if errors else 200)
