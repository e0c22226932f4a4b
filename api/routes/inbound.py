"""Where a mail server hands over what customers answer by mail."""

from typing import Literal

from fastapi import APIRouter, Request

from api import errors
from api.auth.callers import Handler, desk_of
from api.inbound import read_mail, take_mail
from api.wire import Reply
from store.values.scope import Scope

router = APIRouter(prefix="/api/inbound", tags=["tickets"], responses=errors.RESPONSES)
MAIL = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}


class MailTaken(Reply):
    """What became of a mail."""

    status: Literal["taken", "ignored"]
    ticket_id: str | None


@router.post("/email", status_code=202, openapi_extra=MAIL)
async def email(request: Request, caller: Handler) -> MailTaken:
    """Take one mail as it came (`message/rfc822`); the same Message-ID twice is taken once."""
    mail = read_mail(await request.body())
    accepted = await take_mail(desk_of(request), Scope(caller.companies), mail)
    return MailTaken(status="taken" if accepted else "ignored", ticket_id=accepted and accepted.ticket_id)
