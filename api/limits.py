"""Rate limits: token buckets per company, address, session or key, and backoff after failed sign-ins.

They live in this process: with N processes a client gets up to N times the rate, which still bounds it.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass

from graph.errors import TooMany
from graph.ports import Clock

MOST_BUCKETS = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How many at once, and how many a second after that."""

    burst: float
    per_second: float


RATES = {
    "session": Rate(120, 2),  # new widget sessions from one address
    "message": Rate(30, 1),  # messages in one session
    "address": Rate(240, 8),  # messages from one address
    "company": Rate(2000, 100),  # messages to one company
    "key": Rate(2000, 200),  # calls with one API key
    "refused": Rate(60, 1),  # refused credentials from one address
    "noted": Rate(120, 1),  # refusals from one address that the audit keeps
    "stream": Rate(600, 60),  # opened streams from one address
    "code": Rate(3, 3 / 3600),  # one-time codes for one session
    "guess": Rate(10, 1 / 30),  # one-time codes tried in one session
    "sign_in": Rate(20, 1),  # password checks from one address, each costs 20 ms of processor time
}


class Limits:
    """All buckets of one process; the least recently used are forgotten first."""

    def __init__(self, clock: Clock, *, factor: float = 1.0) -> None:
        """`factor` multiplies every rate; 0 switches the limits off."""
        self._clock = clock
        self._factor = factor
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, name: str, key: str) -> None:
        """Use one token of the bucket; raises TooMany with the seconds until there is one."""
        if not self._factor:
            return
        rate = RATES[name]
        burst, speed = max(1.0, rate.burst * self._factor), rate.per_second * self._factor
        moment = self._clock.tick()
        tokens, since = self._buckets.pop((name, key), (burst, moment))
        tokens = min(burst, tokens + (moment - since) * speed)
        allowed = tokens >= 1
        self._buckets[name, key] = (tokens - 1 if allowed else tokens, moment)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = math.ceil((1 - tokens) / speed)
            raise TooMany("Too many requests; please slow down.", retry_after=max(1, wait))


class Backoff:
    """Ever longer waits after failures, per account and address; never a permanent lock."""

    FREE = 4
    LONGEST = 900.0

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def check(self, account: str, address: str) -> None:
        """Raises TooMany while the pair has to wait."""
        count, last = self._failures.get((account, address), (0, 0.0))
        if count < self.FREE:
            return
        left = last + min(self.LONGEST, 2.0 ** (count - self.FREE)) - self._clock.tick()
        if left > 0:
            raise TooMany("Too many attempts; please wait.", retry_after=math.ceil(left))

    def failed(self, account: str, address: str) -> None:
        """Count one failure."""
        count, _ = self._failures.pop((account, address), (0, 0.0))
        self._failures[account, address] = (count + 1, self._clock.tick())
        if len(self._failures) > MOST_BUCKETS:
            self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the pair's failures."""
        self._failures.pop((account, address), None)
