"""How values read on a page: statuses with glyph and word, times, shares, milliseconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from store.values.outcomes import reason_of


@dataclass(frozen=True)
class Sign:
    """A status as it is shown: family (colour and glyph) and word, never colour alone."""

    family: str
    word: str


STATUS: Final = {
    "new": Sign("active", "New"),
    "in_progress": Sign("active", "Bot at work"),
    "awaiting_customer": Sign("waiting", "Customer’s turn"),
    "escalated": Sign("urgent", "Needs a person"),
    "resolved": Sign("done", "Resolved"),
}
OFFERED: Final = Sign("human", "Person offered")
LANGUAGE: Final = {"en": "English", "hinglish": "Hinglish", "hi": "Hindi", "other": "Other"}
WITH_A_PERSON: Final = Sign("human", "With a person")
TURN: Final = {
    "queued": Sign("waiting", "Queued"),
    "running": Sign("active", "Running"),
    "done": Sign("done", "Done"),
    "superseded": Sign("closed", "Replaced by a newer message"),
    "failed": Sign("urgent", "Failed"),
}
TOOL: Final = {
    "success": Sign("done", "Succeeded"),
    "not_found": Sign("closed", "Nothing found"),
    "refused": Sign("urgent", "Refused"),
    "failed": Sign("urgent", "Failed"),
    "needs_identity": Sign("waiting", "Identity not proven"),
    "needs_confirmation": Sign("waiting", "Waits for a yes"),
}


def status_sign(status: str, *, human_owned: bool, offered: bool = False) -> Sign:
    """Where a ticket stands; a ticket that a person owns says so unless it is closed or still waits."""
    if offered and not human_owned and status in ("new", "in_progress", "awaiting_customer"):
        return OFFERED
    if human_owned and status in ("new", "in_progress"):
        return WITH_A_PERSON
    return STATUS.get(status, Sign("closed", spaced(status)))


def spaced(name: str) -> str:
    """`awaiting_customer` as words."""
    return name.replace("_", " ")


def titled(name: str) -> str:
    """`refund_request` as a label."""
    words = spaced(name)
    return words[:1].upper() + words[1:]


def share(value: float | None) -> str:
    """A probability with two digits, or `n/a`."""
    return "n/a" if value is None else f"{value:.2f}"


def milliseconds(value: float | None) -> str:
    """A duration of a machine: `0.8 ms`, `14 ms`, `1,180 ms`, `2.4 s` from ten seconds on."""
    if value is None:
        return "n/a"
    if value >= 10_000:
        return f"{value / 1000:,.1f} s"
    return f"{value:,.0f} ms" if value >= 9.95 else f"{value:.1f} ms"


REASONS = {
    "asked": "The customer asked for a person",
    "not_known": "Not in the knowledge",
    "not_sure": "Not sure enough",
    "complaint": "A complaint",
    "money": "A decision about money",
    "rule": "A rule of the company",
    "request": "Something that no tool does",
    "not_allowed": "An action that is not allowed",
    "safety": "Stopped by safety",
    "failure": "A part of the desk failed",
    "staff": "A colleague stepped in",
}
"""Why a person was given, by the names of `store.values.outcomes`."""


def reason_words(raw: str) -> str:
    """Why a person is wanted, for what a node, a rule or a colleague gave; the unknown stands as it is."""
    known = reason_of(raw) if raw else ""
    return titled(raw) if known in ("", "not_allowed") else REASONS[known]


def span(length: timedelta) -> str:
    """A duration of people: `now`, `26 min`, `1 h 40`, `3 d`."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // (24 * 60)} d"


def clock(moment: datetime | None) -> str:
    """Hours and minutes, in UTC as all times of the desk."""
    return "" if moment is None else f"{moment:%H:%M}"


def day(moment: datetime) -> str:
    """A date as people say it: `Sat 21 Nov 2026`."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def stamp(moment: datetime | None) -> str:
    """Date and time for a list: `21 Nov, 14:02`."""
    return "" if moment is None else f"{moment.day} {moment:%b, %H:%M}"


def initials(name: str) -> str:
    """At most two letters for a face: of the words of a name, or of an e-mail address."""
    parts = [part for part in name.partition("@")[0].replace(".", " ").replace("_", " ").split() if part]
    return "".join(part[0] for part in parts[:2]).upper() or "?"


def clipped(text: str, length: int = 160) -> str:
    """The first words of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1].rstrip()}…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 claim`, `3 claims`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def signed(points: float) -> str:
    """A difference with its sign, one place after the point: "+3.1", "−12.2", "0.0"."""
    shown = f"{abs(points):.1f}"
    return shown if float(shown) == 0 else f"{'−' if points < 0 else '+'}{shown}"
