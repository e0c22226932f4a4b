"""The whole product on a free port: migrated, seeded, with recorded tickets and a member of staff."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import uvicorn

from api.app import create_app
from api.commands.serving import DEMO_ADMIN, create_demo_admin
from api.desk import Desk
from api.recordings import record_tickets
from api.wiring import open_private_desk
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.turns import TurnTrace

Value = TypeVar("Value")


@dataclass
class RealDesk:
    """A running desk: where it answers, who may sign in, and what the store holds."""

    origin: str
    email: str
    password: str
    desk: Desk
    loop: asyncio.AbstractEventLoop

    def ask(self, work: Callable[[UnitOfWork], Value]) -> Value:
        """Read from the store, as the operator."""
        return self.run(self.desk.store.read(Scope.operator(), work))

    def do(self, work: Callable[[UnitOfWork], Value]) -> Value:
        """Write to the store, as the operator."""
        return self.run(self.desk.store.write(Scope.operator(), work))

    def newest_trace(self, email: str) -> TurnTrace:
        """The newest turn on the newest ticket of the customers with this address."""

        def read(uow: UnitOfWork) -> TurnTrace:
            known = [uow.customers.by_email(company.id, email) for company in uow.companies.all()]
            tickets = [ticket for one in known if one for ticket in uow.tickets.of_customer(one.id)]
            return uow.tickets.trace(max(tickets, key=lambda ticket: ticket.number).id)[-1]

        return self.ask(read)

    def last_trace(self, slug: str) -> TurnTrace:
        """The turn of the company that ended last."""

        def read(uow: UnitOfWork) -> TurnTrace:
            ended = uow.turns.log(limit=1, company_id=uow.companies.by_slug(slug).id)
            return uow.turns.trace(ended[0].id)

        return self.ask(read)

    def run(self, work: Coroutine[Any, Any, Value]) -> Value:
        """What the work comes to, done in the loop of the desk."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)


@contextlib.contextmanager
def running_desk() -> Iterator[RealDesk]:
    """The desk for as long as the block runs."""
    ready: Future[RealDesk] = Future()
    stop: list[Callable[[], None]] = []
    thread = threading.Thread(target=lambda: _serve(ready, stop), daemon=True)
    thread.start()
    desk = ready.result(120)
    try:
        yield desk
    finally:
        stop[0]()
        thread.join(30)


def _serve(ready: "Future[RealDesk]", stop: list[Callable[[], None]]) -> None:
    async def main() -> None:
        async with open_private_desk() as desk:
            password = await create_demo_admin(desk)
            await record_tickets(desk)
            listener = socket.create_server(("127.0.0.1", 0))
            config = uvicorn.Config(
                create_app(desk=desk), log_level="error", timeout_graceful_shutdown=1, ws="none"
            )
            server = uvicorn.Server(config)
            stop.append(lambda: setattr(server, "should_exit", True))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
            loop = asyncio.get_running_loop()
            ready.set_result(RealDesk(origin, DEMO_ADMIN, password or "", desk, loop))
            await serving

    try:
        asyncio.run(main())
    except BaseException as error:
        if ready.done():
            raise
        ready.set_exception(error)
