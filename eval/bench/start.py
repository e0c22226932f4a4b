"""Cold start of a desk that is set up: from the command to readiness, and the memory it then holds."""

from collections.abc import Mapping

from eval.bench.load import Json, figures
from eval.bench.server import prepared, serving
from eval.stats import quantile


def bench(environment: Mapping[str, str], *, requests: int = 5, concurrency: int = 1) -> Json:
    """Start the desk again and again, one at a time whatever `concurrency` says."""
    del concurrency
    times: list[float] = []
    busy: list[float] = []
    rss = 0.0
    with prepared(environment) as settings:
        for _ in range(requests):
            with serving(settings) as served:
                times.append(served.ready_after)
                busy.append(served.cpu_seconds)
                rss = max(rss, served.rss_mb)
    return {**figures("start", times, sum(times), rss), "cpuP50Ms": round(1000 * quantile(busy, 0.5), 2)}
