"""How a ticket ended: one of a few ends, and for a hand-off one of a few reasons.

The end is read from the ticket's row, which is quick, and from its events, which is the proof: both have to
say the same, and figures are recounted from the events to show it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

REOPENS_WITHIN = timedelta(hours=72)
"""A ticket that is opened again so soon after closing was not settled; later ones open a linked ticket."""
ENDS: Final = ("confirmed", "verified", "assumed", "refused", "reopened", "handed")
"""Confirmed by the customer; verified by an action that the ledger has as done; assumed from silence or from
closing without a word; refused by the customer, wholly or partly; opened again; handed to a person."""
ALONE: Final = ("confirmed", "verified", "assumed")
"""The ends that count as settled without a person."""
REASONS: Final = (
    "asked", "not_known", "not_sure", "complaint", "money", "rule", "request", "not_allowed", "safety",
    "failure", "staff",
)  # fmt: skip
"""Why a person was given; nothing else is counted."""
_REASON_OF: Final[Mapping[str, str]] = {
    "asked_for_person": "asked",
    "accepted": "asked",
    "not_in_knowledge": "not_known",
    "half_not_in_knowledge": "not_known",
    "boundary": "not_known",
    "unsure": "not_sure",
    "guard": "not_sure",
    "complaint": "complaint",
    "money": "money",
    "rule": "rule",
    "case": "request",
    "request": "request",
    "failure": "failure",
}
_SAID: Final = {"confirmed": "confirmed", "verified": "verified", "assumed": "assumed"}


@dataclass(frozen=True)
class End:
    """How a ticket ended; `open` while it has not. `reason` is of a hand-off alone."""

    name: str
    reason: str = ""


@dataclass(frozen=True)
class Recount:
    """Ends counted from events: how many of each, why persons were given, and how many events said so."""

    outcomes: Mapping[str, int]
    handed: Mapping[str, int]
    events: int


@dataclass(frozen=True, kw_only=True)
class EndedTicket:
    """A ticket in the ledger of ends."""

    id: str
    number: int
    company_id: str
    subject: str
    language: str | None
    created_at: datetime
    end: str
    reason: str


@dataclass(frozen=True)
class Told:
    """An event as the recount reads it."""

    name: str
    data: Mapping[str, Any]
    at: datetime


def reason_of(raw: str) -> str:
    """A reason of the fixed list for what a node, a rule or a colleague gave."""
    if not raw:
        return "staff"
    if raw.startswith("safety:"):
        return "safety"
    return _REASON_OF.get(raw, "not_allowed")


def handed_for(data: Mapping[str, Any]) -> str:
    """Why the hand-off of an event was accepted; the customer who asks without a reason has asked."""
    return str(data.get("reason") or ("" if "by" in data else "asked_for_person"))


def end_of(
    *, layer: str, human_owned: bool, handed_for: str, reopened: bool, outcome: str | None, resolved: bool
) -> End:
    """The end by what is known of a ticket; a person's part in it counts first, then coming back."""
    if human_owned or layer == "human":
        return End("handed", reason_of(handed_for))
    if reopened:
        return End("reopened")
    if outcome is not None:
        return End(_SAID.get(outcome, "refused"))
    return End("assumed" if resolved else "open")


def recounted(events: Iterable[Told]) -> End:
    """The end by a ticket's `status`, `handoff` and `outcome` events alone, oldest first."""
    layer, owned, reason, outcome, status = "triage", False, "", None, "new"
    reopened, closed_at = False, None
    for event in events:
        if event.name == "handoff" and event.data.get("accepted"):
            reason = handed_for(event.data)
        elif event.name == "outcome":
            outcome = str(event.data["outcome"])
        elif event.name == "status":
            was, status = status, str(event.data["status"])
            layer, owned = str(event.data["layer"]), bool(event.data["humanOwned"])
            if status == "resolved" != was:
                closed_at = event.at
            elif was == "resolved" != status and closed_at is not None:
                reopened = reopened or event.at - closed_at <= REOPENS_WITHIN
                outcome = None
    return end_of(
        layer=layer,
        human_owned=owned,
        handed_for=reason,
        reopened=reopened,
        outcome=outcome,
        resolved=status == "resolved",
    )
