"""The conversation of a ticket: who said what when, and how each reply of the bot came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.values.tickets import Message, Ticket
from store.values.turns import TurnTrace
from ui.views.path import Path, path_of
from ui.views.words import Sign, clock, counted, day, initials, milliseconds, share, spaced


@dataclass(frozen=True)
class Source:
    """A footnote of a reply."""

    number: int
    title: str
    url: str


@dataclass(frozen=True)
class Said:
    """One message, with the turn that made it when a machine wrote."""

    id: str
    voice: str
    """customer, bot, human, note or event."""
    face: str
    name: str
    at: str
    iso: str
    new_day: str
    text: str
    language: str
    path: Path | None = None
    made: str = ""
    sources: tuple[Source, ...] = ()
    claims: Sign | None = None
    trace_url: str = ""


def conversation_of(
    ticket: Ticket, messages: Sequence[Message], turns: Mapping[str, TurnTrace], company: str, email: str
) -> tuple[Said, ...]:
    """The messages in order; a reply of the bot with the turn that made it."""
    said: list[Said] = []
    before: datetime | None = None
    for message in messages:
        new_day = "" if before and before.date() == message.created_at.date() else day(message.created_at)
        said.append(_said(ticket, message, turns.get(message.turn_id or ""), company, email, new_day))
        before = message.created_at
    return tuple(said)


def _said(
    ticket: Ticket, message: Message, trace: TurnTrace | None, company: str, email: str, new_day: str
) -> Said:
    voice = {"user": "customer", "assistant": "bot", "system": "event"}.get(message.role, message.role)
    name = {"customer": email or "Customer", "bot": f"{company} assistant"}.get(
        voice, message.author or "Support"
    )
    made_by_machine = trace if voice == "bot" else None
    return Said(
        id=message.id,
        voice=voice,
        face=initials(name),
        name=name,
        at=clock(message.created_at),
        iso=message.created_at.isoformat(),
        new_day=new_day,
        text=message.display or message.text,
        language=message.language or "",
        path=path_of([step.node for step in trace.steps]) if made_by_machine and trace else None,
        made=_made(made_by_machine),
        sources=tuple(
            Source(int(each.get("number", 0)), str(each.get("title", "")), str(each.get("url", "")))
            for each in message.citations
        ),
        claims=_claims(made_by_machine),
        trace_url=f"/tickets/{ticket.id}/trace?turn={trace.turn.id}" if made_by_machine and trace else "",
    )


def _made(trace: TurnTrace | None) -> str:
    if trace is None:
        return ""
    turn = trace.turn
    tools = [call.tool for call in trace.tool_calls if call.status == "success"]
    parts = [spaced(turn.kind or turn.status), *tools, share(turn.confidence), milliseconds(turn.total_ms)]
    return " · ".join(parts)


def _claims(trace: TurnTrace | None) -> Sign | None:
    if trace is None or not trace.receipts:
        return None
    held = sum(receipt.supported for receipt in trace.receipts)
    total = len(trace.receipts)
    words = f"{held} of {counted(total, 'claim')} {'rests' if total == 1 else 'rest'} on a source"
    return Sign("done" if held == total else "waiting", words)
