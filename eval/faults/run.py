"""One run: customers write, processes are killed at random moments, and then every promise is checked."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from eval.faults.check import violations
from eval.faults.customers import QUESTIONS, Customer, Ticket, converse
from eval.faults.stage import Server, Stage
from seeds.load import load_seeds

Json = dict[str, Any]
SETTLE_SECONDS = 60.0
Say = Callable[[str], None]


@dataclass
class Tally:
    """What happened in a run."""

    kills: int = 0
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
    started: bool = False,
    say: Say = lambda _: None,
) -> Json:
    """Kill until the time is over or so many processes have died; returns what was found.

    `started` when the stage is seeded and its processes are ready.
    """
    chance = random.Random(seed)
    if not started:
        await load_seeds(stage.store)
        await _start(stage.servers)
    say(f"{stage.profile}: {len(stage.servers)} process(es), seed {seed}")
    tally, over, begun = Tally(), asyncio.Event(), time.monotonic()
    async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=200)) as http:
        writing = [
            asyncio.create_task(
                _write(stage, http, random.Random(chance.random()), f"s{seed}-{place}", tally, over)
            )
            for place in range(customers)
        ]
        while time.monotonic() - begun < seconds and tally.kills < kills:
            await asyncio.sleep(chance.uniform(0.02, 2.5))
            await _kill_one(stage, chance)
            tally.kills += 1
            say(f"{tally.kills} kills, {sum(len(one.acknowledged) for one in tally.tickets)} acknowledged")
        over.set()
        await asyncio.gather(*(asyncio.to_thread(one.wait) for one in stage.servers))
        done = await asyncio.gather(*writing, return_exceptions=True)
        tally.errors += [repr(one) for one in done if isinstance(one, BaseException)]
    await _settled(stage)
    found = await asyncio.to_thread(
        violations, stage.database, tally.tickets, [one.log for one in stage.servers]
    )
    return _report(stage, seed, tally, found, time.monotonic() - begun)


async def _start(servers: Sequence[Server]) -> None:
    for one in servers:
        one.start()
    await asyncio.gather(*(asyncio.to_thread(one.wait) for one in servers))


async def _kill_one(stage: Stage, chance: random.Random) -> None:
    """Kill a process and start it again; where there are others, at least one of them is ready then."""
    victim = chance.choice(list(stage.servers))
    await asyncio.to_thread(victim.kill)
    victim.start()
    while True:
        if any([await asyncio.to_thread(_is_ready, one) for one in stage.servers]):
            return
        await asyncio.sleep(0.05)


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


async def _settled(stage: Stage) -> None:
    """Wait until no turn is open; one that stays open is found by the checker."""
    end = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < end:
        if not await stage.store.waiting() and not await stage.store.open_turns():
            return
        await asyncio.sleep(0.2)


def _report(stage: Stage, seed: int, tally: Tally, found: list[str], seconds: float) -> Json:
    said = [ticket for ticket in tally.tickets if ticket.ticket_id]
    events = Counter(name for ticket in said for name, _ in ticket.events.values())
    return {
        "profile": stage.profile,
        "seed": seed,
        "seconds": round(seconds, 1),
        "processes": len(stage.servers),
        "kills": tally.kills,
        "tickets": len(said),
        "acknowledged": sum(len(ticket.acknowledged) for ticket in said),
        "turnsSeenDone": events["done"],
        "events": sum(events.values()),
        "refusedWith503": tally.refused,
        "violations": found + tally.errors,
    }
