"""`probe rerun`: one of 200 entries is edited, 500 tickets are asked; just the planted answers change."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from api.auth.callers import RIGHTS, Caller
from api.desk import Desk
from api.settings import Settings
from api.shadow.compare import Comparison, Prepared, compare, prepare
from api.shadow.drafts import Draft
from api.trial import TrialDesk
from api.wiring import open_private_desk, refresh_index
from store.unit import UnitOfWork
from store.values.companies import AgentFields, CompanyFields
from store.values.desk import RuleFields
from store.values.knowledge import EntryFields
from store.values.scope import Scope

MATERIALS = (
    "brass", "teak", "copper", "marble", "bamboo", "leather", "ceramic", "velvet", "cotton", "silver",
    "granite", "walnut", "wicker", "linen", "pewter", "crystal", "cedar", "jute", "enamel", "silk",
)  # fmt: skip
THINGS = ("lamp", "stool", "tray", "vase", "bench", "mirror", "basket", "kettle", "shelf", "clock")
ASKED = (
    "How long is the warranty of the {thing}?",
    "What warranty does the {thing} have?",
    "{thing} ki warranty kitni hai?",
)
OTHERS = ("Hello", "I want to talk to a person", "thank you")
"""Every eleventh ticket says something that no entry answers."""
EDITED = 17
OPERATOR = Caller("operator", "operator", frozenset(RIGHTS), None)
SLUG = "proof"
WRITES = ("messages", "ledger", "events", "turns", "tool_calls", "exchanges", "outbox", "approvals")


async def _empty(_: Desk) -> None:
    """No seeds: a desk of its own."""


async def prove_rerun(
    entries: int = 200, tickets: int = 500, settings: Settings | None = None, *, semantic: bool = True
) -> dict[str, Any]:
    """Figures: what was planted, listed, lost; seconds with and without the sieve; rows written."""
    async with open_private_desk(settings, _empty, semantic=semantic, llm_model="", llm_models={}) as desk:
        names = [f"{material} {thing}" for thing in THINGS for material in MATERIALS][:entries]
        edited = await desk.store.write(Scope.operator(), lambda uow: _fill(uow, names))
        await refresh_index(desk)
        await _ask(desk, names, tickets)
        old, new = _line(names[EDITED], EDITED), f"The {names[EDITED]} has a warranty of 99 months."
        draft = Draft(kind="entry", id=edited, body={"answer": new})
        planted = await _quoting(desk, old)
        before = await _rows(desk)
        prepared = await prepare(desk, OPERATOR, draft, SLUG)
        sieved, seconds, cpu = await _timed(desk, prepared, tickets, sieve=True)
        whole, _, whole_cpu = await _timed(desk, prepared, tickets, sieve=False)
        written = {name: count - before[name] for name, count in (await _rows(desk)).items()}
        listed = {change.turn_id for change in sieved.changes}
        every = {change.turn_id for change in whole.changes}
        rule = Draft(kind="rule", body=_rule(names[EDITED]))
        ruled, _, rule_cpu = await _timed(
            desk, await prepare(desk, OPERATOR, rule, SLUG), tickets, sieve=True
        )
        ruled_whole, _, _ = await _timed(
            desk, await prepare(desk, OPERATOR, rule, SLUG), tickets, sieve=False
        )
        lost_by_rule = len({c.turn_id for c in ruled_whole.changes} - {c.turn_id for c in ruled.changes})
    wrong = len(listed ^ planted) + len(every - listed) + sum(written.values()) + lost_by_rule
    return {
        "entries": len(names),
        "tickets": sieved.tickets,
        "planted": len(planted),
        "listed": len(listed),
        "notPlanted": len(listed - planted),
        "missed": len(planted - listed),
        "lostBySieve": len(every - listed),
        "skipped": sieved.skipped,
        "seconds": seconds,
        "cpuSeconds": cpu,
        "cpuSecondsWithoutSieve": whole_cpu,
        "rule": {
            "changed": len(ruled.changes),
            "skipped": ruled.skipped,
            "lostBySieve": lost_by_rule,
            "cpuSeconds": rule_cpu,
        },
        "rowsWritten": written,
        "wrong": wrong,
    }


async def _timed(
    desk: Desk, prepared: Prepared, tickets: int, *, sieve: bool
) -> tuple[Comparison, float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    found = await compare(desk, prepared, tickets, sieve=sieve)
    return found, round(time.perf_counter() - began, 1), round(time.process_time() - cpu, 1)


def _fill(uow: UnitOfWork, names: list[str]) -> str:
    """A company whose entries each give one thing's warranty; the id of the one that will be edited."""
    company = uow.companies.create(
        CompanyFields(slug=SLUG, name="Proof Shop", profile={"topics": ["warranty", *THINGS]})
    )
    agent = uow.agents.create(company.id, AgentFields(name="Desk", is_default=True))
    uow.agents.set_tools(agent.id, {"create_ticket": True})
    uow.rules.create(company.id, RuleFields(name="fire", terms=("caught fire",), route="escalate"))
    made = [
        uow.knowledge.create_entry(
            company.id,
            EntryFields(
                title=f"Warranty of the {name}",
                content=(_line(name, number),),
                questions=tuple(text.format(thing=name) for text in ASKED[:2]),
            ),
        )
        for number, name in enumerate(names)
    ]
    return made[EDITED].id


def _line(name: str, number: int) -> str:
    return f"The {name} has a warranty of {number + 100} days."


def _rule(name: str) -> dict[str, Any]:
    return {
        "name": "warranty by hand",
        "company": SLUG,
        "terms": [name],
        "match": "all_terms",
        "route": "knowledge_answer",
        "category": "policy",
        "priority": 1,
        "blocksPublicKnowledge": False,
    }


async def _ask(desk: Desk, names: list[str], tickets: int) -> None:
    for number in range(tickets):
        text = ASKED[number % len(ASKED)].format(thing=names[number % len(names)])
        if number % 11 == 10:
            text = OTHERS[number % len(OTHERS)]
        talk = await TrialDesk(desk).open(SLUG, None, verified=False)
        await talk.say(text)


async def _quoting(desk: Desk, line: str) -> set[str]:
    """The turns whose answer says the line that the edit changes."""

    def read(uow: UnitOfWork) -> set[str]:
        return {turn.id for turn in uow.turns.log(limit=10_000) if line in turn.reply}

    return await desk.store.read(Scope.operator(), read)


async def _rows(desk: Desk) -> Mapping[str, int]:
    """How many rows the tables have that a turn writes to."""
    from sqlalchemy import create_engine, text

    def count() -> dict[str, int]:
        engine = create_engine(desk.settings.database)
        with engine.connect() as db:
            found = {n: int(db.execute(text(f"SELECT count(*) FROM {n}")).scalar_one()) for n in WRITES}
        engine.dispose()
        return found

    return await asyncio.to_thread(count)
