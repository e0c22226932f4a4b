"""Claims, leases and ends of turns."""

import asyncio

import pytest

from api.worker import MOST_ATTEMPTS, Worker
from graph.errors import LeaseLost, Unavailable
from store.values.turns import Claim


class FakeQueue:
    """Turns by id; a claim takes one away, a lease can be lost."""

    def __init__(self, *turn_ids: str, attempt: int = 1) -> None:
        self.waiting = list(turn_ids)
        self.attempt = attempt
        self.renewed: list[str] = []
        self.lost: set[str] = set()
        self.busy: set[str] = set()
        """Turns whose ticket has another one running."""
        self.let_go_of: list[str] = []

    async def claim(self, owner: str, lease_seconds: float, turn_id: str | None = None) -> Claim | None:
        assert owner
        assert lease_seconds
        found = turn_id or next((turn for turn in self.waiting if turn not in self.busy), None)
        if found not in self.waiting or found in self.busy:
            return None
        self.waiting.remove(found)
        return Claim(found, f"tkt-of-{found}", "cmp_1", 1, self.attempt)

    async def renew(self, turn_id: str, token: int, lease_seconds: float) -> bool:
        assert token == 1
        assert lease_seconds
        self.renewed.append(turn_id)
        return turn_id not in self.lost

    async def let_go(self, turn_id: str, token: int) -> None:
        assert token == 1
        self.let_go_of.append(turn_id)


class Log:
    """Remembers what was run and given up."""

    def __init__(self, error: Exception | None = None, seconds: float = 0.0) -> None:
        self.error, self.seconds = error, seconds
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.given_up: list[tuple[str, str]] = []

    async def execute(self, claim: Claim) -> None:
        self.begun.append(claim.turn_id)
        await asyncio.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        self.ended.append(claim.turn_id)

    async def give_up(self, claim: Claim, error: str) -> None:
        self.given_up.append((claim.turn_id, error))


def worker_of(queue: FakeQueue, log: Log, *, concurrency: int = 4, lease: float = 30.0) -> Worker:
    return Worker(
        queue,
        log.execute,
        log.give_up,
        "worker-1",
        concurrency=concurrency,
        lease_seconds=lease,
        poll_seconds=0.02,
    )


async def test_that_a_submitted_turn_runs_and_whoever_waits_is_told() -> None:
    log = Log()
    worker = worker_of(FakeQueue("trn_1"), log)

    worker.submit("trn_1")
    await asyncio.wait_for(worker.ended("trn_1", 5), 1)

    assert log.ended == ["trn_1"]


async def test_that_what_waits_for_a_slot_is_run_afterwards() -> None:
    log = Log(seconds=0.01)
    worker = worker_of(FakeQueue("trn_1", "trn_2", "trn_3"), log, concurrency=1)

    for turn in ("trn_2", "trn_1", "trn_3"):
        worker.submit(turn)
        await asyncio.sleep(0)
    await worker.ended("trn_3", 1)

    assert log.ended == ["trn_2", "trn_1", "trn_3"]


async def test_that_a_turn_runs_as_soon_as_the_one_before_it_on_its_ticket_has_ended() -> None:
    queue, log = FakeQueue("trn_1", "trn_2"), Log(seconds=0.02)
    queue.busy.add("trn_2")
    worker = worker_of(queue, log)

    worker.submit("trn_1")
    worker.submit("trn_2")
    await worker.ended("trn_1", 1)
    queue.busy.clear()
    await worker.ended("trn_2", 1)

    assert log.ended == ["trn_1", "trn_2"]


async def test_that_a_turn_whose_predecessor_ended_while_it_was_refused_is_tried_again() -> None:
    queue, log = FakeQueue("trn_1"), Log()
    queue.busy.add("trn_1")
    worker = worker_of(queue, log)
    claim = queue.claim

    async def free_later(owner: str, lease_seconds: float, turn_id: str | None = None) -> Claim | None:
        found = await claim(owner, lease_seconds, turn_id)
        queue.busy.clear()
        return found

    queue.claim = free_later  # type: ignore[method-assign]
    worker.submit("trn_1")
    await worker.ended("trn_1", 1)

    assert log.ended == ["trn_1"]


async def test_that_a_turn_accepted_elsewhere_for_a_ticket_that_runs_here_is_looked_for() -> None:
    queue, log = FakeQueue("trn_1"), Log(seconds=0.02)
    worker = worker_of(queue, log)

    worker.submit("trn_1")
    await asyncio.sleep(0.01)
    queue.waiting.append("trn_2")
    worker.look(frozenset({"tkt-of-trn_1"}))
    await worker.ended("trn_2", 1)

    assert log.ended == ["trn_1", "trn_2"]


async def test_that_nothing_is_looked_for_where_nothing_can_wait() -> None:
    queue, log = FakeQueue("trn_1", "trn_2"), Log()
    worker = worker_of(queue, log)

    worker.submit("trn_1")
    await worker.drain(1)

    assert queue.waiting == ["trn_2"]


async def test_that_a_turn_that_nobody_submitted_is_found() -> None:
    log = Log()
    worker = worker_of(FakeQueue("trn_1"), log)

    worker.start()
    await worker.ended("trn_1", 1)
    await worker.drain(1)

    assert log.ended == ["trn_1"]


async def test_that_a_lost_lease_stops_the_run_without_a_word() -> None:
    queue, log = FakeQueue("trn_1"), Log(seconds=5)
    queue.lost.add("trn_1")
    worker = worker_of(queue, log, lease=0.03)

    worker.submit("trn_1")
    await worker.ended("trn_1", 1)

    assert (log.begun, log.ended, log.given_up) == (["trn_1"], [], [])


async def test_that_a_long_run_keeps_its_lease() -> None:
    queue, log = FakeQueue("trn_1"), Log(seconds=0.4)
    worker = worker_of(queue, log, lease=0.06)

    worker.submit("trn_1")
    await worker.ended("trn_1", 1)

    assert log.ended == ["trn_1"]
    assert len(queue.renewed) >= 3


@pytest.mark.parametrize(
    ("error", "given_up"), [(LeaseLost("taken"), []), (OSError("disk full"), [("trn_1", "OSError")])]
)
async def test_that_a_failing_run_is_given_up_unless_it_was_taken(
    error: Exception, given_up: list[tuple[str, str]]
) -> None:
    log = Log(error)
    worker = worker_of(FakeQueue("trn_1"), log)

    worker.submit("trn_1")
    await worker.ended("trn_1", 1)

    assert log.given_up == given_up


async def test_that_a_turn_that_crashed_too_often_is_given_up_unrun() -> None:
    log = Log()
    worker = worker_of(FakeQueue("trn_1", attempt=MOST_ATTEMPTS + 1), log)

    worker.submit("trn_1")
    await worker.ended("trn_1", 1)

    assert log.begun == []
    assert [turn_id for turn_id, _ in log.given_up] == ["trn_1"]


async def test_that_no_more_turns_run_at_once_than_allowed() -> None:
    log = Log(seconds=0.03)
    worker = worker_of(FakeQueue("trn_1", "trn_2", "trn_3"), log, concurrency=2)
    for turn_id in ("trn_1", "trn_2", "trn_3"):
        worker.submit(turn_id)
    await asyncio.sleep(0.01)

    assert len(worker.running) == 2
    await worker.drain(1)
    assert len(log.ended) == 2 or len(log.ended) == 3


async def test_that_a_superseded_run_is_cancelled_and_the_next_one_goes_on() -> None:
    log = Log(seconds=5)
    worker = worker_of(FakeQueue("trn_1"), log)
    worker.submit("trn_1")
    await asyncio.sleep(0.01)

    worker.stop_turn("trn_1")
    await worker.ended("trn_1", 1)

    assert (log.ended, log.given_up) == ([], [])


async def test_that_draining_cuts_off_what_takes_too_long() -> None:
    log = Log(seconds=5)
    queue = FakeQueue("trn_1")
    worker = worker_of(queue, log)
    worker.submit("trn_1")
    await asyncio.sleep(0.01)

    await asyncio.wait_for(worker.drain(0.02), 1)

    assert log.ended == []
    assert worker.running == {}
    assert queue.let_go_of == ["trn_1"], "another process need not wait for the lease"


async def test_that_a_turn_is_checked_at_once_when_another_process_wrote_to_its_ticket() -> None:
    queue, log = FakeQueue("trn_1"), Log(seconds=5)
    worker = worker_of(queue, log)
    worker.submit("trn_1")
    await asyncio.sleep(0.01)

    worker.look(frozenset({"another-ticket"}))
    await asyncio.sleep(0.01)
    assert queue.renewed == []
    queue.lost.add("trn_1")
    worker.look(frozenset({"tkt-of-trn_1"}))
    await worker.ended("trn_1", 1)

    assert (queue.renewed, log.ended, worker.running) == (["trn_1"], [], {})


async def test_that_a_turn_whose_database_is_away_is_neither_failed_nor_given_up() -> None:
    log = Log(Unavailable("the database does not answer now"))
    worker = worker_of(FakeQueue("trn_1"), log)

    worker.submit("trn_1")
    await worker.ended("trn_1", 1)

    assert (log.begun, log.given_up) == (["trn_1"], [])


async def test_that_slots_that_are_taken_go_to_whoever_is_next() -> None:
    log = Log(seconds=0.01)
    worker = worker_of(FakeQueue("trn_1", "trn_2", "trn_3"), log, concurrency=1)

    for turn_id in ("trn_1", "trn_3", "trn_2"):
        worker.submit(turn_id)
    assert worker.pending == 3
    await worker.ended("trn_3", 1)

    assert log.ended == ["trn_1", "trn_2", "trn_3"]


async def test_that_a_full_worker_still_takes_the_even_share_of_a_quiet_company() -> None:
    log = Log()
    worker = worker_of(FakeQueue(), log)
    for number in range(10):
        worker.submit(f"trn_{number}", "loud")

    assert not worker.is_full("loud", 11)
    assert worker.is_full("loud", 10)
    assert not worker.is_full("quiet", 10)
    await worker.drain(1)


async def test_that_news_of_a_ticket_wake_whoever_waits_for_its_turn() -> None:
    worker = worker_of(FakeQueue(), Log())
    waiting = asyncio.create_task(worker.ended("trn_1", 5, "tkt_1"))
    await asyncio.sleep(0)

    worker.look(frozenset({"tkt_2"}))
    await asyncio.sleep(0)
    assert not waiting.done()
    worker.look(frozenset({"tkt_1"}))
    await asyncio.wait_for(waiting, 1)


async def test_that_a_turn_claimed_with_its_message_runs_in_the_slot_kept_for_it() -> None:
    log = Log(seconds=0.05)
    worker = worker_of(FakeQueue(), log, concurrency=1)

    assert await worker.reserve()
    assert not await worker.reserve(), "the only slot is kept"
    await worker.run(Claim("trn_1", "tkt_1", "cmp_1", 1, 1))
    await worker.ended("trn_1", 1)
    await worker.drain(1)

    assert log.ended == ["trn_1"]


async def test_that_a_slot_that_no_turn_came_for_is_free_again() -> None:
    log = Log()
    worker = worker_of(FakeQueue("trn_1"), log, concurrency=1)

    assert await worker.reserve()
    worker.submit("trn_1")
    await asyncio.sleep(0.02)
    assert log.begun == []
    worker.release()
    await worker.ended("trn_1", 1)

    assert log.ended == ["trn_1"]
    await worker.drain(1)


async def test_that_a_turn_claimed_while_the_process_goes_down_is_left_to_others() -> None:
    log, queue = Log(), FakeQueue()
    worker = worker_of(queue, log)

    assert await worker.reserve()
    await worker.drain(1)
    await worker.run(Claim("trn_1", "tkt_1", "cmp_1", 1, 1))

    assert (log.begun, queue.let_go_of) == ([], ["trn_1"])
    assert not await worker.reserve()
