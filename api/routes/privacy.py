"""A customer's own: everything that is kept of them as JSON, and its erasure with a receipt."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api import errors
from api.auth.callers import Admin, desk_of
from api.housekeeping import erase
from api.wire import Body, Email, Id, Reply
from store.unit import UnitOfWork
from store.values.scope import Json

router = APIRouter(prefix="/api/customers", tags=["customers"], responses=errors.RESPONSES)


class Whose(Body):
    """One customer of one company."""

    company: Id
    email: Email


class Receipt(Reply):
    """What was erased, by table."""

    id: str
    company: str
    counts: dict[str, int]
    erased_at: datetime


@router.post("/export")
async def export_customer(request: Request, caller: Admin, body: Whose) -> JSONResponse:
    """Everything that is kept of the customer."""

    def read(uow: UnitOfWork) -> Json:
        return uow.erasures.export(uow.companies.by_slug(body.company).id, body.email)

    return JSONResponse(await desk_of(request).store.read(caller.scope, read))


@router.post("/erase")
async def erase_customer(request: Request, caller: Admin, body: Whose) -> Receipt:
    """Take the customer out of tables, checkpoints and recordings; it cannot be undone."""
    desk = desk_of(request)
    company = await desk.store.read(caller.scope, lambda uow: uow.companies.by_slug(body.company))
    receipt = await erase(desk, company.slug, body.email, caller.id)
    return Receipt(id=receipt.id, company=company.slug, counts=receipt.counts, erased_at=receipt.created_at)
