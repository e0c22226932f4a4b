"""All pages of the product, in the order in which their addresses are tried."""

from fastapi import APIRouter

from api.routes import (
    pages_companies,
    pages_json,
    pages_lists,
    pages_public,
    pages_staff,
    pages_static,
    pages_tickets,
)


def router() -> APIRouter:
    """The pages, the files that they need, and the data that they export."""
    whole = APIRouter()
    parts = (pages_static, pages_json, pages_staff, pages_tickets, pages_companies, pages_lists, pages_public)
    for part in parts:
        whole.include_router(part.router)
    return whole
