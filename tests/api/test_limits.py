"""Token buckets and backoff."""

import pytest

from api.limits import RATES, Backoff, Limits
from graph.errors import TooMany
from tests.api.clocks import StandingClock


def test_that_a_burst_passes_and_the_next_one_is_told_when_to_come_back() -> None:
    clock = StandingClock()
    limits = Limits(clock)
    for _ in range(int(RATES["message"].burst)):
        limits.take("message", "ses_1")

    with pytest.raises(TooMany) as caught:
        limits.take("message", "ses_1")

    clock.advance(caught.value.retry_after)
    limits.take("message", "ses_1")


def test_that_one_session_does_not_use_up_another_ones_tokens() -> None:
    limits = Limits(StandingClock())
    for _ in range(int(RATES["message"].burst)):
        limits.take("message", "ses_1")

    limits.take("message", "ses_2")


def test_that_limits_can_be_switched_off() -> None:
    limits = Limits(StandingClock(), factor=0)

    for _ in range(10_000):
        limits.take("code", "ses_1")


def test_that_failed_sign_ins_wait_longer_and_longer_but_not_for_ever() -> None:
    clock = StandingClock()
    backoff = Backoff(clock)
    waits = []
    for _ in range(20):
        try:
            backoff.check("lead@desk.test", "10.0.0.1")
        except TooMany as refusal:
            waits.append(refusal.retry_after)
            clock.advance(refusal.retry_after)
        backoff.failed("lead@desk.test", "10.0.0.1")

    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == Backoff.LONGEST
    backoff.check("lead@desk.test", "10.0.0.2")


def test_that_a_success_clears_the_failures() -> None:
    backoff = Backoff(StandingClock())
    for _ in range(8):
        backoff.failed("lead@desk.test", "10.0.0.1")

    backoff.succeeded("lead@desk.test", "10.0.0.1")

    backoff.check("lead@desk.test", "10.0.0.1")
