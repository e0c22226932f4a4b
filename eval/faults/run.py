"""A seeded run: customers write while processes die, hang, drain and wait, and every promise is checked.

Most deaths are at a write that was drawn before: before or after any commit or kept step of any turn.
"""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from eval.faults.check import violations
from eval.faults.customers import QUESTIONS, Customer, Ticket, converse
from eval.faults.locks import locked
from eval.faults.settling import settled
from eval.faults.stage import LEASE_SECONDS, READY_SECONDS, Server, Stage
from graph.errors import Unavailable

Json = dict[str, Any]
CHECK_SECONDS = 30.0
MOST_WRITES = 120
"""A process dies at the latest at this point before or after a write, if it gets that far in time."""
Say = Callable[[str], None]


@dataclass
class Tally:
    """What happened in a run."""

    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    tickets: list[Ticket] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)


async def run(
    stage: Stage,
    *,
    seed: int,
    seconds: float,
    kills: int,
    customers: int = 6,
    say: Say = lambda _: None,
) -> Json:
    """Faults until the time is over or so many processes were killed (0: no limit); what was found.

    The stage is seeded.
    """
    chance = random.Random(seed)
    await stage.ready()
    say(f"{stage.profile}: {len(stage.servers)} process(es), seed {seed}")
    tally, over, begun = Tally(), asyncio.Event(), time.monotonic()
    async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=200)) as http:
        writing = [
            asyncio.create_task(
                _write(stage, http, random.Random(chance.random()), f"s{seed}-{place}", tally, over)
            )
            for place in range(customers)
        ]
        checked = begun
        while time.monotonic() - begun < seconds and (not kills or tally.kills < kills):
            await asyncio.sleep(chance.uniform(0.02, 0.5))
            fault = chance.choices(list(FAULTS), [weight for weight, _ in FAULTS.values()])[0]
            tally.faults[await FAULTS[fault][1](stage, chance)] += 1
            tally.kills = sum(count for name, count in tally.faults.items() if name.startswith("killed"))
            if time.monotonic() - checked > CHECK_SECONDS:
                checked = time.monotonic()
                found = await asyncio.to_thread(violations, stage.database, tally.tickets, [], running=True)
                tally.errors += [f"while it ran: {line}" for line in found]
                acknowledged = sum(len(one.acknowledged) for one in tally.tickets)
                say(f"{dict(tally.faults)}, {acknowledged} acknowledged, {len(tally.errors)} broken")
        over.set()
        await stage.ready()
        done = await asyncio.gather(*writing, return_exceptions=True)
        tally.errors += [repr(one) for one in done if isinstance(one, BaseException)]
    await settled(stage)
    found = await asyncio.to_thread(
        violations, stage.database, tally.tickets, [one.log for one in stage.servers]
    )
    return _report(stage, seed, tally, found, time.monotonic() - begun)


async def _kill(stage: Stage, chance: random.Random) -> str:
    """A process dies at one of its next writes, or in the end between two of them, and starts again.

    Where there are others, at least one of them is ready then.
    """
    victim = chance.choice(list(stage.servers))
    victim.arm()
    at_a_write = await asyncio.to_thread(victim.dies, chance.uniform(0.02, 2.5))
    await asyncio.to_thread(victim.kill)
    victim.start(f"kill=write:{chance.randint(1, MOST_WRITES)}")
    await _some_ready(stage)
    return "killed at a write" if at_a_write else "killed at a moment"


async def _drain(stage: Stage, chance: random.Random) -> str:
    """A process is asked to end, does so in order, and starts again."""
    victim = chance.choice(list(stage.servers))
    await asyncio.to_thread(victim.stop)
    victim.start(f"kill=write:{chance.randint(1, MOST_WRITES)}")
    await _some_ready(stage)
    return "drained"


async def _freeze(stage: Stage, chance: random.Random) -> str:
    """A process hangs for longer than its leases, and wakes up to turns that may be another's by now."""
    victim = chance.choice(list(stage.servers))
    if victim.process is None:
        return "nothing"
    victim.process.send(signal.SIGSTOP)
    await asyncio.sleep(chance.uniform(0.2, 1.5 * LEASE_SECONDS))
    victim.process.send(signal.SIGCONT)
    return "frozen"


async def _lock(stage: Stage, chance: random.Random) -> str:
    """Somebody else holds the database."""
    async with locked(stage):
        await asyncio.sleep(chance.uniform(0.1, 2.0))
    return "locked"


Fault = Callable[[Stage, random.Random], Awaitable[str]]
FAULTS: dict[str, tuple[int, Fault]] = {
    "kill": (70, _kill),
    "drain": (6, _drain),
    "freeze": (12, _freeze),
    "lock": (12, _lock),
}
"""What may happen, how often, and what does it; each returns the name that it is counted under."""


async def _some_ready(stage: Stage) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if any([await asyncio.to_thread(_is_ready, one) for one in stage.servers]):
            return
        for one in stage.servers:
            if not one.is_alive:  # an armed one may have died at a write while it was waited for
                one.start()
        await asyncio.sleep(0.05)
    raise Unavailable("no process got ready again")


def _is_ready(server: Server) -> bool:
    return server.is_ready


async def _write(
    stage: Stage,
    http: httpx.AsyncClient,
    chance: random.Random,
    name: str,
    tally: Tally,
    over: asyncio.Event,
) -> None:
    """One customer after the other, until the run is over."""
    number = 0
    while not over.is_set():
        company, email, messages = chance.choice(QUESTIONS)
        ticket = Ticket(company)
        tally.tickets.append(ticket)
        customer = Customer(
            lambda: [one.url for one in stage.servers], http, chance, f"{name}-{number}", ticket
        )
        await converse(customer, email, messages)
        tally.refused += customer.refused
        number += 1


def _report(stage: Stage, seed: int, tally: Tally, found: list[str], seconds: float) -> Json:
    said = [ticket for ticket in tally.tickets if ticket.ticket_id]
    events = Counter(name for ticket in said for name, _ in ticket.events.values())
    return {
        "profile": stage.profile,
        "seed": seed,
        "seconds": round(seconds, 1),
        "processes": len(stage.servers),
        "kills": tally.kills,
        "faults": dict(tally.faults),
        "tickets": len(said),
        "acknowledged": sum(len(ticket.acknowledged) for ticket in said),
        "turnsSeenDone": events["done"],
        "events": sum(events.values()),
        "refusedWith503": tally.refused,
        "violations": found + tally.errors,
    }
