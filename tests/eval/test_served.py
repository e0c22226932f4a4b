"""A served desk's memory and processor time are those of its process."""

import os

from eval.bench.server import Served


def _served(pid: int) -> Served:
    return Served(url="http://127.0.0.1:1", key="k", pid=pid, ready_after=1.0)


def test_that_a_process_that_runs_has_memory_and_has_worked() -> None:
    served = _served(os.getpid())

    assert 10 < served.rss_mb < 4000
    assert 0 < served.cpu_seconds <= sum(os.times()[:2]) + 0.1


def test_that_a_process_that_has_gone_has_neither() -> None:
    served = _served(2**22 + 1)

    assert (served.rss_mb, served.cpu_seconds) == (0.0, 0.0)
