"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class StandingClock:
    """Starts on a fixed day; `advance` moves both readings."""

    def __init__(self, moment: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)) -> None:
        self.moment = moment
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.moment

    def tick(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds
