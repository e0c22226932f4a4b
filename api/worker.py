"""Runs turns: claims them, keeps their leases alive, and lets go of those that another worker has taken.

A turn is started by whoever accepted its message: claimed with it where a slot is free (`reserve`, `run`),
otherwise when one is (`submit`). A slow poll finds what a crashed worker left behind. What a turn does is
`execute`'s business; what happens to it is decided here.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Protocol

from graph.errors import LeaseLost, Unavailable
from store.values.turns import Claim

LEASE_SECONDS = 30.0
POLL_SECONDS = 5.0
MOST_ATTEMPTS = 3
BREATH_SECONDS = 0.01
"""Between two turns of one slot: what has just been answered goes out before more is looked for."""
log = logging.getLogger("supportgraph.worker")


class Queue(Protocol):
    """Where turns wait (satisfied by `store.queue.Queue`)."""

    async def claim(self, owner: str, lease_seconds: float, turn_id: str | None = None) -> Claim | None:
        """The turn, or the next one that may run; None when there is none or somebody else has it."""
        ...

    async def renew(self, turn_id: str, token: int, lease_seconds: float) -> bool:
        """Whether the turn is still ours, now for so much longer."""
        ...

    async def let_go(self, turn_id: str, token: int) -> None:
        """Let anybody go on with the turn at once, if it is still ours."""
        ...


@dataclass(eq=False)
class Worker:
    """The turns of this process, at most `concurrency` at a time."""

    queue: Queue
    execute: Callable[[Claim], Awaitable[None]]
    """Runs a claimed turn to its end; raises LeaseLost when it turns out to be another worker's."""
    give_up: Callable[[Claim, str], Awaitable[None]]
    """Ends a turn that cannot be run with an honest message."""
    owner: str
    concurrency: int = 4
    lease_seconds: float = LEASE_SECONDS
    poll_seconds: float = POLL_SECONDS
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _held: dict[str, tuple[Claim, asyncio.Event]] = field(default_factory=dict)
    """By turn: the right to run it, and what makes its lease be looked at before it is due."""
    _tasks: dict[asyncio.Task[None], str] = field(default_factory=dict)
    """By what takes turns: whose message made it, if one did."""
    _waiting: dict[str, tuple[str, asyncio.Event]] = field(default_factory=dict)
    """By turn that somebody waits for: its ticket, and what tells that there is news of it."""
    _poller: asyncio.Task[None] | None = None
    _stopping: bool = False
    _behind: bool = False
    """Whether a turn may be waiting for one that runs here: of the same ticket, or for a slot."""

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.concurrency)

    def start(self) -> None:
        """Begin to look for turns that nobody runs."""
        self._poller = asyncio.create_task(self._poll())

    def submit(self, turn_id: str, company: str = "") -> None:
        """Run this turn as soon as there is a slot; returns at once.

        When all slots are taken, the tables say whose turn is next: companies share a worker fairly.
        """
        self._spawn(self._take(turn_id), company)

    async def reserve(self) -> bool:
        """Keep a slot for a turn that is about to be accepted; False, at once, when there is none."""
        if self._stopping or self._slots.locked():
            return False
        return await self._slots.acquire()

    def release(self) -> None:
        """Give back a reserved slot that no turn came for."""
        self._slots.release()

    async def run(self, claim: Claim, company: str = "") -> None:
        """Begin with a turn that was claimed for a reserved slot; returns at once."""
        if self._stopping:
            self.release()
            await self._let_go(claim)
        else:
            self._spawn(self._reserved(claim), company)

    def is_full(self, company: str, limit: int) -> bool:
        """Whether `limit` turns wait here, and the company has its even share of them."""
        if self.pending < limit:
            return False
        waiting = Counter(self._tasks.values())
        return waiting[company] >= limit // len({company, *waiting})

    @property
    def pending(self) -> int:
        """How many turns wait in this process for a slot or run in it."""
        return len(self._tasks)

    async def ended(self, turn_id: str, seconds: float, ticket_id: str = "") -> None:
        """Wait until this process has ended the turn, or another wrote to its ticket; at most so long."""
        _, news = self._waiting.setdefault(turn_id, (ticket_id, asyncio.Event()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), seconds)
        if self._waiting.get(turn_id, ("", None))[1] is news:
            del self._waiting[turn_id]

    def stop_turn(self, turn_id: str) -> None:
        """Cancel a run of ours that was superseded or whose ticket a person took over."""
        if task := self.running.get(turn_id):
            task.cancel()

    def look(self, ticket_ids: frozenset[str] | None) -> None:
        """Others wrote events of these tickets (None: any): check that their turns are still ours.

        Whoever waits for one of their turns looks as well.
        """
        held = [(claim.ticket_id, due) for claim, due in self._held.values()]
        for ticket_id, event in (*held, *self._waiting.values()):
            if ticket_ids is None or ticket_id in ticket_ids:
                event.set()
        self._behind |= any(ticket_ids is None or ticket_id in ticket_ids for ticket_id, _ in held)

    async def drain(self, seconds: float) -> None:
        """Take no new turns, let the running ones end, and cut off what is left; it can be resumed."""
        self._stopping = True
        if self._poller is not None:
            self._poller.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            left = [claim for claim, _ in self._held.values()]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            for claim in left:
                await self._let_go(claim)

    async def _let_go(self, claim: Claim) -> None:
        """Another process need not wait until the lease has run out."""
        try:
            await self.queue.let_go(claim.turn_id, claim.token)
        except Unavailable as error:
            log.warning("turn %s is free when its lease ends: %s", claim.turn_id, error.message)

    def _spawn(self, taking: Coroutine[None, None, None], company: str = "") -> None:
        if self._stopping:
            taking.close()
            return
        task = asyncio.create_task(taking)
        self._tasks[task] = company
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a worker stopped early; what it held is taken up again", exc_info=error)

    async def _poll(self) -> None:
        while True:
            if not self._slots.locked():
                self._spawn(self._take(None))
            await asyncio.sleep(self.poll_seconds)

    async def _take(self, turn_id: str | None) -> None:
        """Claim a turn when a slot is free, and run it."""
        wanted = None if self._slots.locked() else turn_id
        async with self._slots:
            claim = await self.queue.claim(self.owner, self.lease_seconds, wanted)
            if turn_id is not None and claim is None:
                self._behind = True
                claim = None if self.running else await self._next()  # what it waits for has just ended
            elif claim is not None:
                self._behind |= claim.turn_id != turn_id
            await self._go_on(claim)

    async def _reserved(self, claim: Claim) -> None:
        try:
            await self._go_on(claim)
        finally:
            self.release()

    async def _go_on(self, claim: Claim | None) -> None:
        """Run a turn, then what may have waited for it, until nothing does."""
        while claim is not None:
            await self._run(claim)
            await asyncio.sleep(BREATH_SECONDS)
            claim = await self._next()

    async def _next(self) -> Claim | None:
        """What may run now that a turn has ended; not looked for where nothing can be waiting."""
        if self._stopping or not self._behind:
            return None
        self._behind = bool(self.running)  # before the look: who comes meanwhile says so again
        claim = await self.queue.claim(self.owner, self.lease_seconds)
        self._behind |= claim is not None
        return claim

    async def _run(self, claim: Claim) -> None:
        """One claimed turn, with its lease kept alive; whatever happens, whoever waits is told."""
        task = asyncio.create_task(self._attempt(claim))
        due = asyncio.Event()
        heart = asyncio.create_task(self._keep(claim, task, due))
        self.running[claim.turn_id] = task
        self._held[claim.turn_id] = claim, due
        try:
            await asyncio.wait([task])
            await self._settle(claim, task)
        finally:
            task.cancel()
            heart.cancel()
            self.running.pop(claim.turn_id, None)
            self._held.pop(claim.turn_id, None)
            if claim.turn_id in self._waiting:
                self._waiting.pop(claim.turn_id)[1].set()

    async def _attempt(self, claim: Claim) -> None:
        if claim.attempt > MOST_ATTEMPTS:
            await self.give_up(claim, f"given up after {MOST_ATTEMPTS} attempts")
        else:
            await self.execute(claim)

    async def _settle(self, claim: Claim, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if task.cancelled() or isinstance(error, LeaseLost):
            log.info("turn %s was taken from this worker", claim.turn_id)
        elif isinstance(error, Unavailable):
            log.warning("turn %s goes on when its lease ends: %s", claim.turn_id, error.message)
        elif error is not None:
            log.error("turn %s failed", claim.turn_id, exc_info=error)
            try:
                await self.give_up(claim, type(error).__name__)
            except (LeaseLost, Unavailable) as refusal:
                log.warning("turn %s could not be given up: %s", claim.turn_id, refusal.message)

    async def _keep(self, claim: Claim, task: asyncio.Task[None], due: asyncio.Event) -> None:
        """Renew the lease three times in its length, or when it is `due`; one that is gone ends the run.

        While the database does not answer, the turn goes on: it may be back before the lease has run out, and
        what is written is fenced in any case.
        """
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(due.wait(), self.lease_seconds / 3)
            due.clear()
            try:
                ours = await self.queue.renew(claim.turn_id, claim.token, self.lease_seconds)
            except Unavailable as error:
                log.warning("the lease of turn %s could not be renewed: %s", claim.turn_id, error.message)
                continue
            if not ours:
                task.cancel()
                return
