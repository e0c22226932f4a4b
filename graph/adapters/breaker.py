"""Stops asking a model that fails, so that customers do not wait for it; tries it again after a while."""

from dataclasses import dataclass
from typing import Literal

from graph.ports import Clock

State = Literal["closed", "open", "half_open"]


@dataclass
class Breaker:
    """Opens after some failures in a row; after a rest one call may try, and its end decides."""

    clock: Clock
    failures: int = 5
    rest_seconds: float = 30.0
    _failed: int = 0
    _opened_at: float | None = None
    _trying: bool = False

    @property
    def state(self) -> State:
        """Open: nobody may ask. Half open: one may."""
        if self._opened_at is None:
            return "closed"
        return "half_open" if self.clock.tick() - self._opened_at >= self.rest_seconds else "open"

    def enter(self) -> bool:
        """Whether a call may be made now; whoever got a yes reports how it ended."""
        if self.state == "closed":
            return True
        if self.state == "open" or self._trying:
            return False
        self._trying = True
        return True

    def succeeded(self) -> None:
        """The call ended well: all is forgotten."""
        self._failed, self._opened_at, self._trying = 0, None, False

    def failed(self) -> None:
        """The call failed; enough of them in a row, or one while half open, open the breaker."""
        self._failed += 1
        if self._trying or self._failed >= self.failures:
            self._opened_at, self._trying = self.clock.tick(), False

    def abandoned(self) -> None:
        """The call was cancelled by us, which says nothing about the model."""
        self._trying = False
