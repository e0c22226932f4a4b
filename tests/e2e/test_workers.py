"""Three processes on one PostgreSQL: a conversation, a person and a crash, each at another process."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from api.auth.passwords import hash_password
from eval.faults.check import violations
from eval.faults.customers import Customer, Ticket
from eval.faults.run import run
from eval.faults.stage import Stage, staged
from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from seeds.load import load_seeds
from store.database import Store
from store.unit import UnitOfWork
from store.values.scope import Scope

LEA, PASSWORD = "lea@example.com", "a long password of a test"
SLUG = "aipassportphoto"
pytestmark = [pytest.mark.timeout(240), pytest.mark.alone]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Three ready processes on a seeded desk; A and B and C in this order."""
    clock = SystemClock()
    with staged("postgres", dict(os.environ), clock=clock, ids=UlidIds(clock), chroma=False) as made:
        asyncio.run(fill(made.store))
        for server in made.servers:
            server.start()
        for server in made.servers:
            server.wait()
        yield made


async def fill(store: Store) -> None:
    """The demo companies, and Lea."""
    await load_seeds(store)
    hashed = await hash_password(PASSWORD)

    def lea(uow: UnitOfWork) -> None:
        uow.staff.grant(uow.staff.create(LEA, hashed, name="Lea").id, None, "admin")

    await store.write(Scope.operator(), lea)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client that knows no process yet."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        yield client


async def customer_at(stage: Stage, http: httpx.AsyncClient, place: int, name: str) -> Customer:
    """Somebody whose browser talks to one process only."""
    url = stage.servers[place].url
    made = Customer(lambda: [url], http, random.Random(place), name, Ticket(SLUG))
    await made.open(None)
    return made


async def until(customer: Customer, wanted: str, seconds: float = 60.0, *, nth: int = 0) -> str:
    """The text of the first (or another) shown message of this role, once it is shown."""
    for _ in range(int(seconds / 0.05)):
        events = list(customer.ticket.events.values())
        shown = [data["text"] for name, data in events if name == "message" and data["role"] == wanted]
        if len(shown) > nth:
            return str(shown[nth])
        await asyncio.sleep(0.05)
    raise AssertionError(f"no {wanted} message among {customer.ticket.events}")


async def test_that_a_person_at_another_process_takes_over_and_is_heard(
    stage: Stage, http: httpx.AsyncClient
) -> None:
    customer = await customer_at(stage, http, 0, "browser")
    await customer.say(0, "How much does a photo cost?")
    listening = asyncio.create_task(customer.listen())
    assert await until(customer, "assistant")
    ticket = customer.ticket.ticket_id
    base = f"{stage.servers[1].url}/api"
    signed_in = await http.post(f"{base}/staff/sign-in", json={"email": LEA, "password": PASSWORD})
    assert signed_in.status_code == 204, signed_in.text

    taken = await http.post(f"{base}/tickets/{ticket}/take-over")
    replied = await http.post(f"{base}/tickets/{ticket}/reply", json={"message": "Lea here, I am on it."})
    assert (taken.status_code, replied.status_code) == (200, 200), (taken.text, replied.text)
    assert await until(customer, "human", 3) == "Lea here, I am on it."

    await customer.say(1, "Thank you, and how long does it take?")
    await until(customer, "user", nth=1)  # three processes that warm up are slow
    await asyncio.sleep(0.5)
    listening.cancel()
    roles = [data["role"] for name, data in customer.ticket.events.values() if name == "message"]
    assert roles == ["user", "assistant", "human", "user"], "automation is silent on a person's ticket"
    assert violations(stage.database, [customer.ticket], []) == []


async def test_that_turns_of_a_killed_process_are_finished_by_the_others(
    stage: Stage, http: httpx.AsyncClient
) -> None:
    doomed = [await customer_at(stage, http, 2, f"doomed-{number}") for number in range(8)]
    await asyncio.gather(*(one.say(0, "How much does a photo cost?") for one in doomed))
    stage.servers[2].kill()
    alive = [server.url for server in stage.servers[:2]]
    listening = []
    for one in doomed:
        one.urls = lambda: alive
        listening.append(asyncio.create_task(one.listen()))

    await asyncio.gather(*(until(one, "assistant") for one in doomed))

    for task in listening:
        task.cancel()
    assert violations(stage.database, [one.ticket for one in doomed], []) == []
    stage.servers[2].start()


async def test_that_random_kills_break_no_promise(stage: Stage) -> None:
    found = await run(stage, seed=7, seconds=40, kills=2, customers=2)

    assert found["violations"] == []
    assert found["kills"] >= 1
    assert found["acknowledged"] >= 1
