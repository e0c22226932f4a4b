"""Drafts tried on past tickets: exactly what changes is listed, nothing is written, and publishing checks."""

import asyncio
from typing import Any

import httpx
import pytest

from api.auth.callers import RIGHTS, Caller
from api.desk import Desk
from api.reruns import Reruns, rerun_json
from api.shadow.compare import Comparison, compare, prepare
from api.shadow.drafts import Draft
from api.trial import TrialDesk
from graph.errors import Conflict, Invalid, NotAllowed, NotFound
from store.unit import UnitOfWork
from store.values.scope import Scope

ANNA = "anna@example.com"
ASKED = ("How long does it take?", "Photo kitni der mein milegi?")
OTHER = ("Hello", "I want to talk to a person", "What is the status of my photo request APP-1001?")
BOSS = Caller("usr_boss", "Boss", frozenset(RIGHTS), None)
SLOWER = {"answer": "Most photos are ready in under 10 minutes.", "answerHinglish": "10 minutes lagte hain."}
RULE = {
    "name": "timing",
    "company": "photo",
    "terms": ["how long"],
    "match": "any_terms",
    "route": "knowledge_answer",
}
GOING = ("queued", "running")
WRITTEN = ("messages", "ledger", "events", "turns", "exchanges", "tool_calls", "approvals", "outbox")


@pytest.fixture
async def past(desk: Desk) -> dict[str, str]:
    """A ticket for every question; ticket ids by question."""
    made = {}
    for text in (*ASKED, *OTHER):
        talk = await TrialDesk(desk).open("photo", ANNA, verified=True)
        await talk.say(text)
        made[text] = talk.ticket_id
    return made


async def entry_id(desk: Desk) -> str:
    return await desk.store.read(Scope.operator(), lambda uow: uow.knowledge.entries()[0].id)


async def agent_id(desk: Desk) -> str:
    return await desk.store.read(
        Scope.operator(), lambda uow: uow.agents.default(uow.companies.by_slug("photo").id).id
    )


async def tried(desk: Desk, draft: Draft, *, sieve: bool = True) -> Comparison:
    return await compare(desk, await prepare(desk, BOSS, draft, "photo"), 50, sieve=sieve)


def listed(found: Comparison) -> dict[str, tuple[str, ...]]:
    return {change.question: change.kinds for change in found.changes}


def rows(desk: Desk) -> dict[str, int]:
    from sqlalchemy import create_engine, text

    with create_engine(desk.settings.database).connect() as db:
        return {name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in WRITTEN}


async def test_that_an_edited_entry_changes_just_its_answers(desk: Desk, past: dict[str, str]) -> None:
    before = rows(desk)
    found = await tried(desk, Draft(kind="entry", id=await entry_id(desk), body=SLOWER))

    assert listed(found) == dict.fromkeys(reversed(ASKED), ("changed",))
    assert [change.after["reply"] for change in found.changes] == [
        "10 minutes lagte hain.",
        "Most photos are ready in under 10 minutes.",
    ]
    assert (found.tickets, found.skipped) == (5, 3)
    assert rows(desk) == before
    entry = await desk.store.read(Scope.operator(), lambda uow: uow.knowledge.entries()[0])
    assert entry.content == ("Most photos are ready in under 60 seconds.",)


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        (Draft(kind="entry", id="entry", delete=True), "unanswered"),
        (Draft(kind="rule", body={**RULE, "route": "escalate", "match": "all_terms"}), ""),
        (Draft(kind="agent", id="agent", body={"languageMode": "en"}), "changed"),
        (Draft(kind="agent", id="agent", body={"confidenceThreshold": 1.0}), "unanswered"),
    ],
    ids=["removed entry", "rule", "language", "threshold"],
)
async def test_that_the_sieve_loses_nothing(
    desk: Desk, past: dict[str, str], draft: Draft, kind: str
) -> None:
    ids = {"entry": await entry_id(desk), "agent": await agent_id(desk)}
    draft = draft.model_copy(update={"id": ids.get(draft.id or "")})
    with_sieve, without = await tried(desk, draft), await tried(desk, draft, sieve=False)

    assert listed(with_sieve) == listed(without)
    assert {each for kinds in listed(without).values() for each in kinds} <= {kind, "changed", "escalated"}
    if kind:
        assert any(kind in kinds for kinds in listed(without).values())


async def test_that_a_draft_that_changes_nothing_leaves_every_ticket_out(
    desk: Desk, past: dict[str, str]
) -> None:
    found = await tried(desk, Draft(kind="entry", id=await entry_id(desk), body={"category": "delivery"}))
    assert (found.changes, found.skipped) == ([], 5)


async def test_that_a_tool_that_never_ran_is_not_run(desk: Desk, past: dict[str, str]) -> None:
    rule = {**RULE, "terms": ["photo"], "route": "specialist", "category": "delivery", "priority": 1}
    before = rows(desk)
    found = await tried(desk, Draft(kind="rule", body={**rule, "terms": ["talk to a person", "hello"]}))
    assert rows(desk) == before
    assert all("untold" in kinds or kinds for kinds in listed(found).values())


async def test_that_a_trial_is_a_job_and_its_draft_can_be_published(desk: Desk, past: dict[str, str]) -> None:
    reruns = Reruns(desk)
    made = await reruns.start(BOSS, Draft(kind="entry", id=await entry_id(desk), body=SLOWER), last=3)
    await reruns.jobs.ended(made.job_id)

    def read(uow: UnitOfWork) -> dict[str, Any]:
        return rerun_json(uow.reruns.get(made.id), uow.jobs.get(made.job_id))

    told = await desk.store.read(Scope.operator(), read)
    assert (told["status"], told["progress"]) == ("done", {"done": 3, "of": 3})
    assert told["title"] == "Change entry: Turnaround time"
    await reruns.publish(BOSS, made.id)
    entry = await desk.store.read(Scope.operator(), lambda uow: uow.knowledge.entries()[0])
    assert entry.content == ("Most photos are ready in under 10 minutes.",)
    with pytest.raises(Conflict):
        await reruns.publish(BOSS, made.id)


async def test_that_a_draft_of_an_older_state_is_not_published(desk: Desk, past: dict[str, str]) -> None:
    reruns = Reruns(desk)
    entry = await entry_id(desk)
    drafts = [
        Draft(kind="entry", id=entry, body=SLOWER),
        Draft(kind="entry", id=entry, body={"answer": "X."}),
    ]
    first, second = [await reruns.start(BOSS, draft, last=1) for draft in drafts]
    for made in (first, second):
        await reruns.jobs.ended(made.job_id)
    await reruns.publish(BOSS, second.id)
    with pytest.raises(Conflict, match="changed since"):
        await reruns.publish(BOSS, first.id)


async def test_that_cases_which_fail_under_a_draft_keep_it_from_being_published(
    desk: Desk, past: dict[str, str]
) -> None:
    def add(uow: UnitOfWork) -> None:
        photo = uow.companies.by_slug("photo").id
        uow.evals.add_case(photo, {"id": "minute", "turns": [ASKED[0]], "must": [["60 seconds"]]})
        disputed = uow.evals.add_case(photo, {"id": "old", "turns": [ASKED[0]], "must": [["an hour"]]})
        uow.evals.judge_case(disputed.id, "disputed", "was never true")

    await desk.store.write(Scope.operator(), add)
    reruns = Reruns(desk)
    made = await reruns.start(BOSS, Draft(kind="entry", id=await entry_id(desk), body=SLOWER), last=1)
    await reruns.jobs.ended(made.job_id)
    kept = await desk.store.read(Scope.operator(), lambda uow: uow.reruns.get(made.id))
    assert kept.summary["gate"] == {"passed": False, "cases": 1, "failed": ["minute"], "trials": 1}
    with pytest.raises(Conflict, match="minute"):
        await reruns.publish(BOSS, made.id)
    await reruns.publish(BOSS, made.id, anyway=True)


async def test_that_only_who_may_publish_may_try(desk: Desk) -> None:
    reader = Caller("usr_2", "Reader", frozenset({"read"}), None)
    draft = Draft(kind="entry", id=await entry_id(desk), body=SLOWER)
    with pytest.raises(NotAllowed):
        await prepare(desk, reader, draft, None)
    with pytest.raises(Invalid, match="answer"):
        await prepare(desk, BOSS, Draft(kind="entry", body={"question": "x", "company": "photo"}), None)
    nodes = await desk.store.read(Scope.operator(), lambda uow: uow.companies.by_slug("nodes").id)
    stranger = Caller("usr_3", "Stranger", frozenset(RIGHTS), frozenset({nodes}))
    with pytest.raises(NotFound):
        await prepare(desk, stranger, draft, None)


async def test_that_a_trial_is_followed_over_http(
    desk: Desk, past: dict[str, str], server: httpx.AsyncClient
) -> None:
    draft = {"kind": "entry", "id": await entry_id(desk), "body": SLOWER}
    begun = await server.post("/api/reruns", json={"draft": draft, "last": 2})
    assert (begun.status_code, begun.json()["title"]) == (202, "Change entry: Turnaround time")
    path = f"/api/reruns/{begun.json()['id']}"
    async with asyncio.timeout(20):
        while (told := (await server.get(path)).json())["status"] in GOING:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (told["status"], told["summary"]["tickets"]) == ("done", 2)
    assert [item["id"] for item in (await server.get("/api/reruns?company=photo")).json()] == [told["id"]]
    assert (await server.post(f"{path}/publish", json={})).json()["title"] == "Turnaround time"
    assert (await server.post(f"{path}/publish", json={})).status_code == 409
    wrong = {"draft": {**draft, "body": {"answer": 5}}}
    assert (await server.post("/api/reruns", json=wrong)).status_code == 422
