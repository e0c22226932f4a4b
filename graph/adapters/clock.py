"""The real clock: the one place that asks the machine for the time."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def tick(self) -> float:
        """A monotonic reading in seconds, for durations."""
        return time.perf_counter()
