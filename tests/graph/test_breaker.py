"""The breaker opens on failures in a row, rests, lets one call try, and forgets after a success."""

from graph.adapters.breaker import Breaker
from tests.fakes import FrozenClock


def opened() -> tuple[Breaker, FrozenClock]:
    clock = FrozenClock()
    breaker = Breaker(clock, failures=3, rest_seconds=30)
    for _ in range(3):
        assert breaker.enter()
        breaker.failed()
    return breaker, clock


def test_that_failures_in_a_row_open_it() -> None:
    breaker, _ = opened()
    assert (breaker.state, breaker.enter()) == ("open", False)


def test_that_a_success_in_between_keeps_it_closed() -> None:
    breaker = Breaker(FrozenClock(), failures=2)
    for end in (breaker.failed, breaker.succeeded, breaker.failed):
        assert breaker.enter()
        end()
    assert breaker.state == "closed"


def test_that_after_its_rest_one_call_may_try_and_its_success_closes_it() -> None:
    breaker, clock = opened()
    clock.move(seconds=30)
    assert (breaker.state, breaker.enter(), breaker.enter()) == ("half_open", True, False)
    breaker.succeeded()
    assert breaker.state == "closed"


def test_that_a_failing_try_opens_it_for_another_rest() -> None:
    breaker, clock = opened()
    clock.move(seconds=30)
    assert breaker.enter()
    breaker.failed()
    clock.move(seconds=29)
    assert breaker.state == "open"


def test_that_a_cancelled_try_leaves_room_for_the_next() -> None:
    breaker, clock = opened()
    clock.move(seconds=30)
    assert breaker.enter()
    breaker.abandoned()
    assert breaker.enter()
