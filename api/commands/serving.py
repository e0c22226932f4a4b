"""`serve`: open the desk, make a development desk usable at once, and answer until told to stop."""

import asyncio
import secrets
import socket
import subprocess
import sys
from types import FrameType

import uvicorn
import uvloop

from api.commands.output import note, say
from api.desk import Desk
from api.hub import Hub
from api.settings import Settings
from graph.errors import Unavailable
from store.unit import UnitOfWork
from store.values.scope import Scope

DEMO_ADMIN = "admin@example.com"


def serve(*, host: str | None, port: int | None) -> None:
    """Serve until interrupted; options win over the environment."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings().model_copy(update=given)
    uvloop.run(_serve(settings))


def serve_scripted(port: int) -> None:
    """Serve the scripted models until interrupted; prints where."""
    from graph.adapters.scripted.server import ScriptedServer

    async def run() -> None:
        server = ScriptedServer(port=port)
        say(await server.start())
        sys.stdout.flush()
        try:
            await asyncio.Event().wait()
        finally:
            await server.stop()

    uvloop.run(run())


class _Server(uvicorn.Server):
    """Ends the open streams as soon as it is asked to stop; their clients come back with their last id."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub
        self._loop = asyncio.get_running_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called in the signal's handler."""
        self._loop.call_soon_threadsafe(self._hub.close)
        super().handle_exit(sig, frame)


async def _serve(settings: Settings) -> None:
    from api import logs
    from api.app import create_app
    from api.company_gate import keep_gates
    from api.evaluations import evaluations_of
    from api.housekeeping import keep_house
    from api.imports import keep_importing
    from api.retention import keep_forgetting
    from api.warm import warm
    from api.wiring import open_desk
    from store.migrate import check

    logs.configure(settings.log_format)
    _refuse_a_second_process(settings)
    listener = _listen(settings)
    if settings.production:
        await asyncio.to_thread(check, settings.database)
    elif await _is_empty(settings):
        note("Seeding the demo companies (once) …")
        _seed_in_a_child()
    desk = await open_desk(settings, migrate=not settings.production)
    try:
        await prepare(desk)
        warming = asyncio.create_task(warm(desk))
        forgetting = asyncio.create_task(keep_forgetting(desk.store, desk.clock, settings.recording_days))
        housekeeping = asyncio.create_task(keep_house(desk))
        importing = asyncio.create_task(keep_importing(desk))
        app = create_app(desk=desk)
        gating = asyncio.create_task(keep_gates(desk, evaluations_of(app)))
        if settings.metrics_port:
            serve_metrics(desk, settings)
        config = uvicorn.Config(
            app,
            log_level="warning",
            log_config=None,  # one handler for all, which redacts
            access_log=False,  # it would write addresses with what stands behind the question mark
            server_header=False,
            timeout_graceful_shutdown=20,
            ws="none",
        )
        _say_where(settings, listener.getsockname()[1])
        await _Server(config, desk.hub).serve(sockets=[listener])
        warming.cancel()
        forgetting.cancel()
        housekeeping.cancel()
        gating.cancel()
        importing.cancel()
        await asyncio.gather(importing, return_exceptions=True)  # its page is left whole, or to the next one
    finally:
        await desk.close()


def serve_metrics(desk: Desk, settings: Settings) -> None:
    """Metrics without a key, on a port that only the operator's network should reach."""
    from prometheus_client import start_http_server

    start_http_server(settings.metrics_port, settings.host, desk.metrics.registry)


def _refuse_a_second_process(settings: Settings) -> None:
    """Two processes on one embedded index destroy it."""
    from retrieval.chroma import is_owned

    folder = settings.data_dir / "chroma"
    if not settings.chroma_url and is_owned(folder):
        hint = "stop it, or set SUPPORTGRAPH_CHROMA_URL so that processes share a Chroma server"
        raise Unavailable(f"another process serves {settings.data_dir}; {hint}")


def _listen(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted sockets inherit it; without it a reply in two writes waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        hint = "choose another one with --port or SUPPORTGRAPH_PORT"
        raise Unavailable(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; {hint}"
        ) from error
    return listener


async def _is_empty(settings: Settings) -> bool:
    """Whether the desk has no company yet; brings the database to the newest schema first."""
    from api.wiring import open_store

    store = await open_store(settings)
    try:
        return not await store.read(Scope.operator(), lambda uow: uow.companies.all())
    finally:
        await store.close()


def _seed_in_a_child() -> None:
    """In a process of its own, so that the memory of building the model and the index is given back."""
    program = "from api.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "seed", "--json"], stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise Unavailable("the demo companies could not be seeded")


async def prepare(desk: Desk) -> None:
    """Keep the configured key as the first API key; in development also make a demo admin."""
    settings = desk.settings
    if settings.api_key is not None:
        await seed_key(desk, settings.api_key.get_secret_value())
    if settings.production:
        return
    if password := await create_demo_admin(desk):
        note(f"Staff sign-in (shown once): {DEMO_ADMIN}  {password}")


async def seed_key(desk: Desk, key: str) -> None:
    """Make the configured key the first API key, with all rights."""
    from api.auth.callers import RIGHTS

    await desk.store.write(
        Scope.operator(), lambda uow: uow.keys.create(key, name="SUPPORTGRAPH_API_KEY", scopes=RIGHTS)
    )


async def create_demo_admin(desk: Desk) -> str | None:
    """The password of a new demo admin; None when the desk has staff already."""
    from api.auth.passwords import hash_password

    if await desk.store.read(Scope.operator(), lambda uow: uow.staff.all()):
        return None
    password = secrets.token_urlsafe(12)
    hashed = await hash_password(password)

    def create(uow: UnitOfWork) -> None:
        user = uow.staff.create(DEMO_ADMIN, hashed, name="Demo admin")
        uow.staff.grant(user.id, None, "admin")

    await desk.store.write(Scope.operator(), create)
    return password


def _say_where(settings: Settings, port: int) -> None:
    base = (
        settings.public_url
        or f"http://{'localhost' if settings.host == '127.0.0.1' else settings.host}:{port}"
    )
    note(f"SupportGraph is ready at {base}")
    note(f"  a company with its chat   {base}/companies/aipassportphoto")
    note(f"  staff: inbox and traces   {base}/inbox")
    note(f"  API                       {base}/openapi.json")
