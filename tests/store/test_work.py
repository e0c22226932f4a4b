"""Jobs, outgoing mail, and the ledger of writes."""

import pytest

from graph.errors import Conflict, LeaseLost
from tests.store.desk import SmallDesk


async def test_that_a_job_is_run_by_one_worker_and_resumed_by_another(desk: SmallDesk) -> None:
    queued = await desk.write(lambda uow: uow.jobs.add("import", {"url": "/"}, company_id=desk.company.id))
    first = await desk.write(lambda uow: uow.jobs.claim("one", ("import",), 10))
    assert first is not None
    assert first.id == queued.id
    assert await desk.write(lambda uow: uow.jobs.claim("two", ("import",), 10)) is None

    desk.clock.move(seconds=11)
    second = await desk.write(lambda uow: uow.jobs.claim("two", ("import",), 10))

    assert second is not None
    assert second.attempts == 2
    with pytest.raises(LeaseLost):
        await desk.write(lambda uow: uow.jobs.report(first, {"done": 1}, 10))
    finished = await desk.write(lambda uow: uow.jobs.finish(second, "done"))
    assert finished.status == "done"


async def test_that_a_running_job_is_asked_to_stop_and_a_waiting_one_is_stopped(desk: SmallDesk) -> None:
    waiting = await desk.write(lambda uow: uow.jobs.add("import", {}, company_id=desk.company.id))
    stopped = await desk.write(lambda uow: uow.jobs.cancel(waiting.id))
    await desk.write(lambda uow: uow.jobs.add("import", {}, company_id=desk.company.id))
    running = await desk.write(lambda uow: uow.jobs.claim("one", ("import",), 10))
    assert running is not None

    await desk.write(lambda uow: uow.jobs.cancel(running.id))
    told = await desk.write(lambda uow: uow.jobs.report(running, {"pages": 3}, 10))

    assert stopped.status == "cancelled"
    assert (told.status, told.cancel_asked, told.progress) == ("running", True, {"pages": 3})


async def test_that_a_jobs_items_are_added_once_and_counted_by_state(desk: SmallDesk) -> None:
    job = await desk.write(lambda uow: uow.jobs.add("import", {}, company_id=desk.company.id))
    await desk.write(lambda uow: uow.jobs.add_items(job.id, ("/a", "/b", "/a")))
    await desk.write(lambda uow: uow.jobs.add_items(job.id, ("/b", "/c")))
    first, *_ = await desk.read(lambda uow: uow.jobs.items(job.id))

    await desk.write(lambda uow: uow.jobs.settle_item(first, "failed", reason="404"))

    assert await desk.read(lambda uow: uow.jobs.counts(job.id)) == {"failed": 1, "waiting": 2}
    (failed,) = await desk.read(lambda uow: uow.jobs.items(job.id, "failed"))
    assert (failed.key, failed.reason, failed.attempts) == ("/a", "404", 1)


async def test_that_mail_waits_until_it_is_sent(desk: SmallDesk) -> None:
    mail = await desk.write(lambda uow: uow.outbox.put("mail", "a@b.co", company_id=desk.company.id))

    await desk.write(lambda uow: uow.outbox.failed(mail.id, "refused"))
    (still,) = await desk.read(lambda uow: uow.outbox.waiting())
    await desk.write(lambda uow: uow.outbox.sent(mail.id))

    assert (still.attempts, still.error) == (1, "refused")
    assert await desk.read(lambda uow: uow.outbox.waiting()) == ()


async def test_that_an_action_begins_once_per_key(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    company = desk.company.id

    entry = await desk.write(
        lambda uow: uow.ledger.begin(company, ticket.id, claim.turn_id, "key", "reboot_node", {"id": "ND-1"})
    )
    with pytest.raises(Conflict):
        await desk.write(
            lambda uow: uow.ledger.begin(company, ticket.id, claim.turn_id, "key", "reboot_node", {})
        )
    await desk.write(lambda uow: uow.ledger.finish(entry, "done", {"status": "rebooting"}))

    found = await desk.read(lambda uow: uow.ledger.find("key"))
    assert found is not None
    assert (found.status, found.result) == ("done", {"status": "rebooting"})
    assert (await desk.turn(claim.turn_id)).effects


async def test_that_a_superseded_turn_may_not_act(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id, "Reboot my node")
    claim = await desk.claimed()
    await desk.accept(ticket.id, "no, wait")

    with pytest.raises(LeaseLost):
        await desk.write(
            lambda uow: uow.ledger.begin(
                desk.company.id, ticket.id, claim.turn_id, "key", "reboot_node", {"id": "ND-1"}
            )
        )

    assert await desk.read(lambda uow: uow.ledger.find("key")) is None
