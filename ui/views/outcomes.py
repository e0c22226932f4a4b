"""The ledger of ends as a page: each end with its share, the interval of it, and of how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.outcomes import EndedTicket
from ui.views.figures import Headline
from ui.views.imports import Tab
from ui.views.shell import Shell
from ui.views.words import LANGUAGE, REASONS, Sign, clipped, stamp

ENDS = {
    "confirmed": (Sign("done", "Confirmed"), "the customer said that it is solved"),
    "verified": (Sign("done", "Verified"), "an action that the customer wanted is done, by the ledger"),
    "assumed": (Sign("closed", "Assumed"), "closed or silent, and nothing said"),
    "refused": (Sign("urgent", "Not solved"), "the customer said no, or only partly"),
    "reopened": (Sign("waiting", "Opened again"), "within 72 hours after closing"),
    "handed": (Sign("human", "With a person"), "handed off, for a reason from the list below"),
    "open": (Sign("active", "Open"), "not ended yet, in no share"),
}
STRIP = 200.0


@dataclass(frozen=True)
class Share:
    """A count with its share and the 95 % interval of it; positions are on a strip of 200."""

    key: str
    sign: Sign | None
    name: str
    words: str
    count: int
    share: str
    interval: str
    low: float
    high: float
    at: float
    url: str
    on: bool = False


@dataclass(frozen=True)
class TicketLine:
    """A ticket in the ledger."""

    number: str
    url: str
    subject: str
    company: str
    language: str
    sign: Sign
    reason: str
    at: str


@dataclass(frozen=True)
class Proven:
    """What a recount said: in words, and the figures that differ."""

    words: str
    differing: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class OutcomesPage:
    """How the tickets of a period ended."""

    template: ClassVar[str] = "outcomes.html"
    shell: Shell
    companies: tuple[Tab, ...]
    periods: tuple[Tab, ...]
    period: str
    headlines: tuple[Headline, ...]
    ends: tuple[Share, ...]
    reasons: tuple[Share, ...]
    tickets: tuple[TicketLine, ...]
    shown: str
    everything: str
    recount_url: str
    proof: Proven | None = None
    behind: bool = False


def share_of(
    key: str, count: int, of: int, ci95: tuple[float, float], url: str, *, on: bool = False
) -> Share:
    """A row of the ledger; `key` names an end or a reason."""
    sign, words = ENDS.get(key, (None, ""))
    rate = count / of if of else 0.0
    low, high = ci95
    return Share(
        key=key,
        sign=sign,
        name=REASONS.get(key, key),
        words=words,
        count=count,
        share=f"{100 * rate:.1f} %" if of else "–",
        interval=f"{100 * low:.1f}–{100 * high:.1f}" if of else "",
        low=round(STRIP * low, 1),
        high=round(STRIP * high, 1),
        at=round(STRIP * rate, 1),
        url=url,
        on=on,
    )


def ticket_line(ticket: EndedTicket, companies: Mapping[str, str]) -> TicketLine:
    """A ticket with its end."""
    return TicketLine(
        number=f"#{ticket.number}",
        url=f"/tickets/{ticket.id}",
        subject=clipped(ticket.subject, 90) or "no words yet",
        company=companies.get(ticket.company_id, ""),
        language=LANGUAGE.get(ticket.language or "", "Other"),
        sign=ENDS[ticket.end][0],
        reason=REASONS.get(ticket.reason, ""),
        at=stamp(ticket.created_at),
    )


def proven(events: int, differing: Sequence[tuple[str, int, int]]) -> Proven:
    """A recount in words."""
    same = "every figure is the same" if not differing else "these figures differ"
    return Proven(f"Recounted from {events:,} events: {same}.", tuple(differing))
