"""Records and orders as a page: what a company's tools read and change."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.forms import Errors, as_errors, checked, read_form
from api.routes.pages_frame import (
    PageRoute,
    Reader,
    Writer,
    caller_of,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.routes.records import ORDER, RecordBody, RecordView, delete_record, put_record, views_of
from graph.errors import SupportError
from store.unit import UnitOfWork
from ui.views.forms import Form
from ui.views.records import RecordLine, Records
from ui.views.words import clipped, stamp

router = APIRouter(prefix="/records", include_in_schema=False, route_class=PageRoute)
Slug = Annotated[str, Query(max_length=100)]


@router.get("")
async def records(
    request: Request, member: Reader, company: Slug = "", edit: Slug = "", saved: Slug = ""
) -> HTMLResponse:
    """The records of a company; one of them in the form."""
    return await _shown(request, member, company, edit=edit, saved="Saved." if saved else "")


@router.post("")
async def save(request: Request, member: Writer, company: Slug = "") -> Response:
    """Set or remove the record of the form, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(RecordBody, {**_body(values), "company": company or None})
    if body is None:
        return await _shown(request, member, company, values=values, errors=errors)
    removing = values.get("act") == "delete"

    def change(uow: UnitOfWork) -> None:
        caller = caller_of(member)
        if removing:
            delete_record(uow, caller, company, body.number, is_order=body.type == ORDER)
        else:
            put_record(uow, caller, body)

    try:
        await desk_of(request).store.write(scope_of(member), change)
    except SupportError as error:
        return await _shown(request, member, company, values=values, errors=as_errors(error))
    return see_other(f"/records?company={company}&saved=yes")


def _body(values: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: values.get(name, "").strip() for name in ("number", "type", "status")}
    body["email"] = values.get("email", "").strip() or None
    try:
        body["data"] = json.loads(values.get("data", "").strip() or "{}")
    except ValueError:
        body["data"] = "no JSON"
    return body


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
    def read(uow: UnitOfWork) -> Records:
        companies = uow.companies.all()
        chosen = next(
            (item for item in companies if item.slug == company), companies[0] if companies else None
        )
        slug = chosen.slug if chosen else ""
        found = views_of(uow, chosen.id) if chosen else []
        record = next((item for item in found if item.number == edit), None)
        given = values if values is not None else _values(record)
        return Records(
            shell=shell_of(
                uow, member, "records", outbox=has_outbox(request), company=chosen.slug if chosen else ""
            ),
            companies=tuple(
                (item.name, f"/records?company={item.slug}", item == chosen) for item in companies
            ),
            company=slug,
            records=tuple(_line(item) for item in found),
            form=Form(given, errors or {}),
            editing=given.get("number", "") if record or values else "",
            saved=saved,
            may_change=chosen is not None and "write" in member.rights,
        )

    return html(await desk_of(request).store.read(scope_of(member), read), 422 if errors else 200)


def _values(record: RecordView | None) -> dict[str, str]:
    if record is None:
        return {}
    data = json.dumps(record.data, ensure_ascii=False, indent=1) if record.data else ""
    return {
        "number": record.number,
        "type": record.type,
        "email": record.email or "",
        "status": record.status,
        "data": data,
    }


def _line(record: RecordView) -> RecordLine:
    says = ", ".join(f"{name} {value}" for name, value in record.data.items() if isinstance(value, str | int))
    url = f"/records?company={record.company}&edit={record.number}"
    return RecordLine(
        record.number,
        record.type,
        record.email or "",
        record.status,
        clipped(says, 70),
        stamp(record.updated_at),
        url,
    )
