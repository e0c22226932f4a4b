"""Back-office records and orders of a company: `/api/records`; what tools read and change."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api import errors
from api.auth.callers import Caller, Reader, Writer, company_of, desk_of
from api.wire import Email, Line, Reply, Update
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.desk import BusinessRecord, Order

router = APIRouter(prefix="/api/records", tags=["records"], responses=errors.RESPONSES)
ORDER = "order"
RecordType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Number = Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
Slug = Annotated[str | None, Query(max_length=100)]


class RecordBody(Update):
    """A whole record; `type` is `order` for a shop's orders. The same number again replaces it."""

    company: Line | None = None
    type: RecordType
    number: Number
    email: Email | None = None
    status: Annotated[str, Field(min_length=1, max_length=60)]
    data: dict[str, Any] = Field(default_factory=dict)


class RecordView(Reply):
    """A record of the back office, or an order."""

    id: str
    company: str
    type: str
    number: str
    email: str | None
    status: str
    data: dict[str, Any]
    updated_at: datetime


@router.get("")
async def records(
    request: Request,
    caller: Reader,
    company: Slug = None,
    kind: Annotated[str | None, Query(alias="type", max_length=40)] = None,
) -> list[RecordView]:
    """The caller's records and orders, by company and number."""

    def read(uow: UnitOfWork) -> list[RecordView]:
        wanted = uow.companies.by_slug(company).id if company else None
        return [view for view in views_of(uow, wanted) if kind in (None, view.type)]

    return await desk_of(request).store.read(caller.scope, read)


@router.put("")
async def put(request: Request, caller: Writer, body: RecordBody) -> RecordView:
    """Set a record, made when there is none of its number."""
    return await desk_of(request).store.write(caller.scope, lambda uow: put_record(uow, caller, body))


@router.delete("/{kind}/{number}", status_code=204)
async def delete(
    request: Request, caller: Writer, kind: Literal["order", "record"], number: str, company: Slug = None
) -> Response:
    """Remove a record or an order."""
    await desk_of(request).store.write(
        caller.scope, lambda uow: delete_record(uow, caller, company, number, is_order=kind == ORDER)
    )
    return Response(status_code=204)


def put_record(uow: UnitOfWork, caller: Caller, body: RecordBody) -> RecordView:
    """The record as the body says it."""
    owner = company_of(uow, caller, body.company)
    if body.type == ORDER:
        if body.email is None:
            raise Invalid("An order belongs to a customer.", field="email")
        made: Order | BusinessRecord = uow.orders.put(
            owner.id, body.number, email=body.email, status=body.status, data=body.data
        )
    else:
        made = uow.records.put(
            owner.id,
            body.number,
            record_type=body.type,
            email=body.email,
            status=body.status,
            payload=body.data,
        )
    uow.audit.add(caller.id, "record.put", made.id, company_id=owner.id)
    return _view(made, owner.slug)


def delete_record(uow: UnitOfWork, caller: Caller, slug: str | None, number: str, *, is_order: bool) -> None:
    """Remove it and note who did."""
    owner = company_of(uow, caller, slug)
    (uow.orders if is_order else uow.records).delete(owner.id, number)
    uow.audit.add(caller.id, "record.delete", number.upper(), company_id=owner.id)


def views_of(uow: UnitOfWork, company_id: str | None) -> list[RecordView]:
    """Records and orders of one company, or of all that the caller has."""
    slugs = {item.id: item.slug for item in uow.companies.all()}
    rows: list[Order | BusinessRecord] = [*uow.records.all(company_id), *uow.orders.all(company_id)]
    return [_view(row, slugs[row.company_id]) for row in rows]


def _view(row: Order | BusinessRecord, company: str) -> RecordView:
    if isinstance(row, Order):
        kind, number, data = ORDER, row.order_id, row.data
    else:
        kind, number, data = row.record_type, row.external_id, row.payload
    return RecordView(
        id=row.id,
        company=company,
        type=kind,
        number=number,
        email=row.email,
        status=row.status,
        data=data,
        updated_at=row.updated_at,
    )
