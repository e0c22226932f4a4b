"""A ticket as a page: the conversation with how each reply came about, and what the desk knows beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.outside import Approval
from store.values.tickets import PRIORITIES, CannedReply, Message, Ticket
from store.values.turns import TurnTrace
from ui.views.conversation import Said, conversation_of
from ui.views.shell import Shell
from ui.views.ticket_facts import Around, Fact, about_customer, about_ticket
from ui.views.words import Sign, clipped, counted, reason_words, stamp, status_sign, titled


@dataclass(frozen=True)
class OtherTicket:
    """Another ticket of the same customer."""

    url: str
    subject: str
    sign: Sign
    at: str


@dataclass(frozen=True)
class Pick:
    """An entry of a list to choose from."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True)
class Draft:
    """What was typed and could not be sent, and why."""

    text: str = ""
    problem: str = ""
    note: bool = False


@dataclass(frozen=True)
class TicketPage:
    """The ticket page."""

    template: ClassVar[str] = "ticket.html"
    shell: Shell
    id: str
    number: int
    subject: str
    sign: Sign
    messages: tuple[Said, ...]
    about_customer: tuple[Fact, ...]
    about_ticket: tuple[Fact, ...]
    tags: tuple[str, ...]
    known_tags: tuple[str, ...]
    summary: str
    reason: str
    note: str
    notice: Sign | None
    owned: bool
    owner: str
    closed: bool
    mine: bool
    assignees: tuple[Pick, ...]
    priorities: tuple[Pick, ...]
    canned: tuple[CannedReply, ...]
    others: tuple[OtherTicket, ...]
    approvals: tuple[Approval, ...]
    trace_url: str
    customer: str
    last_event: int
    draft: Draft


def build_ticket(
    ticket: Ticket,
    messages: Sequence[Message],
    turns: Sequence[TurnTrace],
    *,
    shell: Shell,
    around: Around,
    draft: Draft | None = None,
) -> TicketPage:
    """`draft` holds words of the reader that were not sent."""
    customer = around.customer
    email = customer.email if customer else ""
    by_turn = {trace.turn.id: trace for trace in turns}
    return TicketPage(
        shell=shell,
        id=ticket.id,
        number=ticket.number,
        subject=ticket.subject or "No words yet",
        sign=status_sign(ticket.status, human_owned=ticket.human_owned, offered=ticket.handoff_available),
        messages=conversation_of(ticket, messages, by_turn, around.company, email),
        about_customer=about_customer(ticket, customer, around.company),
        about_ticket=about_ticket(ticket, around, turns),
        tags=tuple(around.tags),
        known_tags=tuple(tag for tag in around.known_tags if tag not in around.tags),
        summary=_story(messages),
        reason=reason_words(ticket.escalation_reason),
        note=ticket.handoff_note,
        notice=_notice(ticket),
        owned=ticket.human_owned,
        owner=around.staff.get(ticket.assignee_id or "", ""),
        closed=ticket.status == "resolved",
        mine=ticket.assignee_id == around.user_id,
        assignees=_assignees(ticket, around),
        priorities=tuple(
            Pick(name, titled(name), name == (ticket.priority or "normal")) for name in PRIORITIES
        ),
        canned=tuple(around.canned),
        others=tuple(_other(each) for each in around.others if each.id != ticket.id)[:6],
        approvals=tuple(each for each in around.approvals if each.status == "waiting"),
        trace_url=f"/tickets/{ticket.id}/trace",
        customer=(customer.name if customer and customer.name else email) or "the customer",
        last_event=ticket.event_seq,
        draft=draft or Draft(),
    )


def _assignees(ticket: Ticket, around: Around) -> tuple[Pick, ...]:
    mine = Pick(around.user_id, "me", ticket.assignee_id == around.user_id)
    others = (
        Pick(user_id, name, ticket.assignee_id == user_id)
        for user_id, name in around.staff.items()
        if user_id != around.user_id
    )
    return (Pick("", "nobody", ticket.assignee_id is None), mine, *others)


def _other(ticket: Ticket) -> OtherTicket:
    sign = status_sign(ticket.status, human_owned=ticket.human_owned, offered=ticket.handoff_available)
    return OtherTicket(
        f"/tickets/{ticket.id}", ticket.subject or f"#{ticket.number}", sign, stamp(ticket.updated_at)
    )


def _story(messages: Sequence[Message]) -> str:
    """What was asked first, how often it was answered and by whom, and the customer's newest words."""
    asked = [each.display or each.text for each in messages if each.role == "user"]
    if not asked:
        return ""
    bot = sum(each.role == "assistant" for each in messages)
    people = sum(each.role == "human" for each in messages)
    answered = [
        counted(bot, "reply", "replies") + " of the bot" if bot else "",
        counted(people, "reply", "replies") + " of a person" if people else "",
    ]
    parts = [f"Began with “{clipped(asked[0], 120)}”", *(part for part in answered if part)]
    if len(asked) > 1:
        parts.append(f"last words “{clipped(asked[-1], 120)}”")
    return ", ".join(parts) + "."


def _notice(ticket: Ticket) -> Sign | None:
    if ticket.status == "resolved":
        return None
    if ticket.human_owned:
        return Sign(
            "human",
            "A person owns this ticket: what the customer writes waits for support.",
        )
    if ticket.handoff_available:
        return Sign("waiting", "A person was offered. The customer has not accepted yet.")
    return None
