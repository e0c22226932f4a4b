"""What a day came to, as it is kept; and which turns of the log one wants to see."""

from dataclasses import dataclass
from datetime import date, datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class FigureDay:
    """The figures of one company and one day (UTC).

    `data` holds counts only, so that days and companies add up: `kinds`, `languages`, `intents`, `actions`,
    `reasons` (of offers of a person), `flags`, `outcomes` (of the tickets that began that day), `handed` (why
    those with a person have one), `ends` (outcomes by language), `replies` (by language: all, and those that
    were no help), `tools` (statuses by tool), `confidence` (by tenth: tickets with a known end, those that
    were settled), `latency` (by stage: turns by bin, see `bin_of`), `turns`, `ms` (of all together),
    `unsafe`, `guard`, `gaps`, `failed`, `up`, `down`.
    """

    company_id: str
    day: str
    data: Json
    counted_at: datetime


@dataclass(frozen=True, kw_only=True)
class TurnFilters:
    """Conditions on ended turns; None asks for nothing."""

    company_id: str | None = None
    intent: str | None = None
    action: str | None = None
    kind: str | None = None
    language: str | None = None
    status: str | None = None
    safe: bool | None = None
    tool_failed: bool = False
    since: datetime | None = None
    until: datetime | None = None


BIN_STEP = 1.25


def bin_of(ms: float) -> int:
    """The bin of a duration: each is a quarter wider than the one before, from 0.1 ms on."""
    edge, place = 0.1, 0
    while ms > edge and place < 80:
        edge *= BIN_STEP
        place += 1
    return place


def edge_of(place: int) -> float:
    """The longest duration in a bin, in milliseconds."""
    return 0.1 * BIN_STEP**place


def quantile(bins: dict[str, int], share: float) -> float | None:
    """The duration that this share of the turns stayed under, to the width of a bin; None without any."""
    total = sum(bins.values())
    if not total:
        return None
    seen = 0
    for place in sorted(map(int, bins)):
        seen += bins[str(place)]
        if seen >= share * total:
            return edge_of(place)
    return None


def day_of(moment: datetime) -> str:
    """The day of a moment in UTC: `2026-11-21`."""
    return moment.date().isoformat()


def date_of(day: str) -> date:
    """The day as a date."""
    return date.fromisoformat(day)
