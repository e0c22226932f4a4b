"""From a turn to a case: nobody's data, editable expectations, disputes, and the gate that asks it."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from api.cases import case_of, keep_case, scrubbed, state_of
from api.company_gate import ask_gate, start_due, verdict_of
from api.desk import Desk
from api.evaluations import OWN, Evaluations, Wanted, check_case
from api.shadow.setup import setup_of
from api.trial import Talk, TrialDesk
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.companies import Customer
from store.values.evals import Gate
from store.values.scope import Scope
from ui.views.case import case_row, case_values

ALL = Scope.operator()
QUESTION = "How long does it take?"


async def talked(desk: Desk, text: str, email: str = "anna@example.com") -> tuple[Talk, str]:
    talk = await TrialDesk(desk).open("photo", email, verified=True)
    return talk, (await talk.say(text)).turn_id


async def case(desk: Desk, talk: Talk, turn_id: str) -> dict[str, object]:
    return await desk.store.read(ALL, lambda uow: case_of(uow, talk.ticket_id, turn_id))


async def test_that_a_turn_becomes_a_case_that_its_own_desk_passes(desk: Desk) -> None:
    talk, turn_id = await talked(desk, QUESTION)
    row = await case(desk, talk, turn_id)
    assert (row["kind"], row["must"], row["tools"]) == ("answer", [["60"]], [])

    await desk.store.write(ALL, lambda uow: keep_case(uow, talk.company.id, row))
    setup = await desk.store.read(ALL, lambda uow: setup_of(uow, talk.company.id))
    gate = Gate(company_id=talk.company.id, trials=2)
    assert await ask_gate(desk, setup, gate) == {"passed": True, "cases": 1, "failed": [], "trials": 2}


async def test_that_a_fictional_customers_record_stays_and_a_real_ones_does_not(desk: Desk) -> None:
    text = "What is the status of my photo request APP-1001? I am on +91 98765 43210"
    talk, turn_id = await talked(desk, text)
    row = await case(desk, talk, turn_id)
    assert "APP-1001" in str(row["turns"])
    assert "98765" not in str(row["turns"])
    assert row["tools"] == ["lookup_photo_request"]

    talk, turn_id = await talked(desk, text.replace("1001", "7777"), "priya.sharma@mail.test")
    row = await case(desk, talk, turn_id)
    assert not {"email", "tools", "kind"} & set(row)
    assert "7777" not in str(row)


def test_that_what_is_known_of_the_customer_leaves_the_text(desk: Desk) -> None:
    now = desk.clock.now()
    customer = Customer(
        id="c", company_id="x", email="priya.sharma@mail.test", name="Priya S", created_at=now
    )
    said = scrubbed("I am Priya, mail [email_1], order [order_2], card [card]", {"email": "a@b.c"}, customer)
    assert said == "I am Asha, mail a@b.c, order hidden, card hidden"


async def test_that_a_reply_marked_as_wrong_is_proposed_as_disputed(desk: Desk) -> None:
    talk, turn_id = await talked(desk, QUESTION)

    def rate(uow: UnitOfWork) -> None:
        uow.tickets.feedback(talk.ticket_id, str(uow.turns.get(turn_id).message_id), "down")

    await desk.store.write(ALL, rate)
    state, reason = await desk.store.read(ALL, lambda uow: state_of(uow, talk.ticket_id, turn_id))
    assert (state, "wrong" in reason) == ("disputed", True)


async def test_that_the_form_gives_back_the_case_that_it_shows(desk: Desk) -> None:
    row = await case(desk, *(await talked(desk, QUESTION)))
    assert case_row(case_values(row, "active", ""), row) == row
    edited = {**case_values(row, "active", ""), "must": "60 | sixty\nseconds", "kind": "unknown"}
    assert case_row(edited, row)["must"] == [["60", "sixty"], ["seconds"]]
    with pytest.raises(Invalid):
        check_case(case_row({**edited, "turns": " "}, row))


def test_that_a_case_holds_only_when_every_trial_does() -> None:
    rows = [{"id": "a", "passedTrials": 3}, {"id": "b", "passedTrials": 2}]
    gate = Gate(company_id="x", trials=3, least=0.5)
    assert verdict_of(gate, {"trials": 3}, rows).failed == ("b",)
    assert verdict_of(gate, {"trials": 3}, rows).passed
    assert not verdict_of(replace(gate, least=1.0), {"trials": 3}, rows).passed


async def test_that_a_gate_runs_when_it_is_due_and_says_how_it_went(desk: Desk) -> None:
    talk, turn_id = await talked(desk, QUESTION)
    row = await case(desk, talk, turn_id)

    def add(uow: UnitOfWork) -> None:
        keep_case(uow, talk.company.id, row)
        keep_case(uow, talk.company.id, {**row, "id": "odd", "must": [["no such words"]]}, "disputed", "odd")

    await desk.store.write(ALL, add)
    evaluations = Evaluations(desk)
    assert await start_due(desk, evaluations) == 0
    desk.clock.shift(hours=25)  # type: ignore[attr-defined]
    assert await start_due(desk, evaluations) == 1
    jobs = await desk.store.read(ALL, lambda uow: uow.jobs.all("eval"))
    await evaluations.jobs.ended(jobs[0].id)

    gate = await desk.store.read(ALL, lambda uow: uow.gates.of(talk.company.id))
    assert (gate.passed, bool(gate.run_id)) == (True, True)
    assert gate.due_at is not None
    assert gate.due_at > desk.clock.now() + timedelta(hours=23)

    await desk.store.write(ALL, lambda uow: uow.evals.judge_case(uow.evals.own_cases()[-1].id, "active"))
    job = await evaluations.start(ALL, Wanted(source=OWN, company="photo"), "test")
    await evaluations.jobs.ended(job.id)
    assert (await desk.store.read(ALL, lambda uow: uow.gates.of(talk.company.id))).passed is False


async def test_that_a_gate_is_set_and_seen_over_http(desk: Desk, server: httpx.AsyncClient) -> None:
    wanted = {"everyHours": 6, "trials": 3, "least": 0.9, "beforePublishing": False}
    put = await server.put("/api/evals/gates/photo", json=wanted)
    got = (await server.get("/api/evals/gates/photo")).json()
    assert put.json() == got
    assert wanted.items() <= got.items()
    assert (got["passed"], bool(got["dueAt"])) == (None, True)
    assert (await server.put("/api/evals/gates/photo", json={"trials": 0})).status_code == 422
    assert (await server.get("/api/evals/gates/nobody")).status_code == 404
