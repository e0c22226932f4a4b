"""Every error as an RFC 9457 problem document, in one place.

A document has `type`, `title`, `status`, `detail`, `code`, and where one input is to blame `field`;
`errors` lists all fields when several are. What the client sent is never echoed, and a failure of ours
shows an id that the log has, and nothing else.
"""

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.wire import Reply, joined
from graph.errors import NotAuthenticated, SupportError, TooMany, Unavailable

MEDIA_TYPE = "application/problem+json"
CODES = {400: "malformed", 401: "not_authenticated", 403: "not_allowed", 404: "not_found"}
log = logging.getLogger("supportgraph.api")


class FieldError(Reply):
    """One field that breaks its contract."""

    field: str
    message: str


class Problem(Reply):
    """What every error response holds."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    errors: list[FieldError] | None = None
    error_id: str | None = None


class ProblemResponse(JSONResponse):
    """A problem document on the wire."""

    media_type = MEDIA_TYPE


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    errors: list[FieldError] | None = None,
    error_id: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The response for one error; the title is the status' own name."""
    document = Problem(
        type=f"urn:supportgraph:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        field=field,
        errors=errors,
        error_id=error_id,
    )
    return ProblemResponse(document.model_dump(exclude_none=True), status, headers)


def from_support_error(error: SupportError) -> ProblemResponse:
    """The problem document of an error that we raise on purpose."""
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = "5"
    elif isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, error.code, error.message, field=error.field, headers=headers)


def from_validation(error: RequestValidationError) -> ProblemResponse:
    """The problem document of a request that does not have the documented shape; names every field."""
    found = [_field_error(each) for each in error.errors()]
    first = found[0] if found else FieldError(field="body", message="is not valid")
    detail = f"{first.field}: {first.message}"
    return problem(422, "invalid", detail, field=first.field, errors=found)


def _field_error(error: Mapping[str, Any]) -> FieldError:
    place = [part for part in error["loc"] if part not in ("body", "query", "path", "header", "cookie")]
    message = str(error["msg"]).removeprefix("Value error, ")
    return FieldError(field=joined(place)[:200] or "body", message=message[:200])


def install(app: FastAPI) -> None:
    """Render all errors of the app as problem documents."""

    @app.exception_handler(SupportError)
    async def support_error(_request: Request, error: SupportError) -> ProblemResponse:
        if error.status >= 500:
            log.warning("refused with %s: %s", error.status, error.code)
        return from_support_error(error)

    @app.exception_handler(RequestValidationError)
    async def validation_error(_request: Request, error: RequestValidationError) -> ProblemResponse:
        return from_validation(error)

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: HTTPException) -> ProblemResponse:
        code = CODES.get(error.status_code) or HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        return problem(error.status_code, code, str(error.detail), headers=error.headers)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> ProblemResponse:
        error_id = f"err_{secrets.token_hex(8)}"
        log.error("%s %s failed: %s %s", request.method, request.url.path, type(error).__name__, error_id)
        return problem(500, "internal", "Something failed on our side.", error_id=error_id)


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {}}}
    for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}
"""The problem responses that OpenAPI declares for every route under /api."""
