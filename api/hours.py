"""When people of a company answer, and what a waiting customer is honestly told about it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from api.wire import Body

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 15


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("has to be a time zone such as Asia/Kolkata") from error
    return name


Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]


class Span(Body):
    """From when until when on one day."""

    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.opens >= self.closes:
            raise ValueError("has to close after it opens")
        return self


class HoursBody(Body):
    """Office hours; a day without a span is closed, and without any day people answer around the clock."""

    zone: Annotated[str, Field(max_length=60), AfterValidator(_zone)] = "Asia/Kolkata"
    days: dict[str, Span] = Field(default_factory=dict)
    closed: Annotated[list[Day], Field(max_length=60, default_factory=list)]
    """Days on which nobody answers, as dates."""

    @model_validator(mode="after")
    def _known_days(self) -> "HoursBody":
        if unknown := set(self.days) - set(DAYS):
            raise ValueError(f"there is no day called {sorted(unknown)[0]!r}")
        for day in self.closed:
            date.fromisoformat(day)
        return self


def hours_of(profile: Mapping[str, Any]) -> HoursBody:
    """The company's hours as they are kept."""
    return HoursBody.model_validate(profile.get("hours") or {}, by_name=True)


def opens_at(hours: HoursBody, now: datetime) -> datetime | None:
    """When people answer next: now while they are there, None when no day of the next two weeks is open."""
    if not hours.days:
        return now
    zone = ZoneInfo(hours.zone)
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD)):
        span = hours.days.get(DAYS[day.weekday()])
        if span is None or day.isoformat() in hours.closed:
            continue
        opens, closes = _at(day, span.opens, zone), _at(day, span.closes, zone)
        if now < closes:
            return max(now, opens)
    return None


def waiting_words(hours: HoursBody, now: datetime) -> dict[str, str]:
    """What a customer who waits for a person is told, in both languages: empty where nobody set any hours.

    Never a promise of minutes.
    """
    if not hours.days:
        return {}
    at = opens_at(hours, now)
    if at is None:
        return {
            "en": "Nobody is here in the next days. Your conversation is kept, and a person will answer it.",
            "hinglish": "Agle kuch din team available nahi hai. Aapki baat save hai, team jawab degi.",
        }
    if at <= now:
        return {
            "en": "It is office time; somebody of the team will answer in this chat.",
            "hinglish": "Abhi office ka time hai; team isi chat mein jawab degi.",
        }
    local = at.astimezone(ZoneInfo(hours.zone))
    when = f"{local:%a} {local.day} {local:%b}, {local:%H:%M} ({hours.zone})"
    return {
        "en": f"Nobody is here right now. The team is back {when}; your conversation is kept until then.",
        "hinglish": f"Abhi team available nahi hai, {when} par wapas aayegi. Aapki baat save hai.",
    }


def _at(day: date, clock: str, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)
