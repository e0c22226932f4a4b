"""The web application: routes, middleware and errors around one opened desk."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api import errors
from api.bodies import BodyGuard
from api.desk import Desk
from api.entrance import Entrance
from api.middleware import FrameOrigins, SameOrigin, SecurityHeaders
from api.refusals import RefusalNotes
from api.routes import (
    agents,
    approvals,
    companies,
    demo,
    evals,
    gaps,
    health,
    http_tools,
    imports,
    inbound,
    knowledge,
    logs,
    phrases,
    privacy,
    records,
    replay,
    reruns,
    rules,
    run,
    signin,
    tickets,
    tools,
    widget,
    widget_end,
)
from api.settings import Settings
from api.turnstile import Turnstile
from graph.errors import NotFound
from ingest.limits import LARGEST_UPLOAD
from store.values.scope import Scope

UPLOADS = ("/api/imports/uploads", "/imports/uploads")
FORM = 100_000
"""Bytes of a request with a file that are not the file."""


def create_app(settings: Settings | None = None, *, desk: Desk | None = None, pages: bool = True) -> FastAPI:
    """An application on a given desk, or on one that it opens (and closes) itself from the settings."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if desk is not None:
            app.state.desk = desk
            yield
            return
        from api.wiring import open_desk

        app.state.desk = await open_desk(settings or Settings())
        try:
            yield
        finally:
            await app.state.desk.close()

    app = FastAPI(
        title="SupportGraph",
        summary="One support desk for many companies.",
        version="1",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere; the document itself is /openapi.json
        redoc_url=None,
    )
    if desk is not None:
        app.state.desk = desk
    errors.install(app)
    _include_routes(app, pages=pages)
    public_url = (desk.settings if desk is not None else settings or Settings()).public_url
    app.add_middleware(Entrance, Turnstile())
    app.add_middleware(BodyGuard, dict.fromkeys(UPLOADS, LARGEST_UPLOAD + FORM))
    app.add_middleware(SameOrigin, public_url)
    app.add_middleware(RefusalNotes, lambda: app.state.desk)
    app.add_middleware(SecurityHeaders, _frame_origins(app))
    return app


def _include_routes(app: FastAPI, *, pages: bool) -> None:
    for module in (
        health,
        run,
        widget,
        widget_end,
        demo,
        signin,
        agents,
        companies,
        rules,
        evals,
        records,
        replay,
        reruns,
        tools,
        http_tools,
        approvals,
        gaps,
        imports,
        inbound,
        knowledge,
        logs,
        phrases,
        privacy,
        tickets,
    ):
        app.include_router(module.router)
    if pages:
        from api.routes.pages import router

        app.include_router(router())
        app.include_router(approvals.buttons)


def _frame_origins(app: FastAPI) -> FrameOrigins:
    async def origins(slug: str) -> Sequence[str]:
        desk: Desk = app.state.desk
        try:
            company = await desk.store.read(Scope.operator(), lambda uow: uow.companies.by_slug(slug))
        except NotFound:
            return ()
        return ("'self'", *company.origins)

    return origins
