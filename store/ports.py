"""What the store needs from outside: the time and new ids."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment in UTC, aware of its zone."""
        ...


class Ids(Protocol):
    """Makes ids that sort by the time they were made."""

    def new(self, prefix: str) -> str:
        """A new id such as `tkt_01J...`."""
        ...
