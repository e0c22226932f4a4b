"""What a company promises its customers: how soon a person answers, and when a silent chat counts as done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MINUTES = {"urgent": 15, "high": 30, "normal": 60, "low": 240}
CLOSE_AFTER_HOURS = 24
SOON = 0.25
"""The last quarter of the promised time is soon."""


@dataclass(frozen=True)
class ServicePolicy:
    """Minutes to a person's answer by priority, and the hours of silence after which a chat is closed."""

    minutes: Mapping[str, int] = field(default_factory=lambda: dict(MINUTES))
    close_after_hours: int = CLOSE_AFTER_HOURS
    """0 keeps silent chats open."""

    @classmethod
    def of(cls, profile: Mapping[str, Any]) -> "ServicePolicy":
        """A company's own (`profile.service`: `slaMinutes`, `closeAfterHours`), else the house's."""
        said = profile.get("service")
        service = said if isinstance(said, Mapping) else {}
        minutes = service.get("slaMinutes")
        own = minutes if isinstance(minutes, Mapping) else {}
        return cls(
            {name: _whole(own.get(name), most) for name, most in MINUTES.items()},
            _whole(service.get("closeAfterHours"), CLOSE_AFTER_HOURS),
        )

    def due(self, waiting_since: datetime | None, priority: str | None) -> datetime | None:
        """When a person should have answered; None while nobody waits."""
        if waiting_since is None:
            return None
        return waiting_since + timedelta(minutes=self.minutes[priority if priority in MINUTES else "normal"])

    def stands(self, waiting_since: datetime | None, priority: str | None, now: datetime) -> str:
        """`late`, `soon` or `fine`; `fine` while nobody waits."""
        due = self.due(waiting_since, priority)
        if waiting_since is None or due is None:
            return "fine"
        if now >= due:
            return "late"
        return "soon" if due - now <= (due - waiting_since) * SOON else "fine"


def _whole(value: object, otherwise: int) -> int:
    usable = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if usable else otherwise  # type: ignore[return-value]
