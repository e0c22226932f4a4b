"""The event stream: its contract as types, and notes as Server-Sent Events.

Persisted events carry the ticket's own gapless number as `id`; `stage` and `typing` pass by without one.
A client sends its last number back (`Last-Event-ID`) and gets what came after, once. When that number is
not one of the ticket's, it gets `reset` with a whole `snapshot` and goes on from there.
"""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.hub import Note
from api.wire import Reply

HEARTBEAT_SECONDS = 15
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Ack(Reply):
    """A message was stored; its turn, if a person does not own the ticket."""

    event: Literal["ack"]
    message_id: str
    turn_id: str | None = None
    client_message_id: str | None = None


class ToolUse(Reply):
    """A tool was tried."""

    event: Literal["tool"]
    name: str
    status: str
    turn_id: str | None = None


class Delta(Reply):
    """One guarded sentence of a reply; unique by turn and index."""

    event: Literal["delta"]
    message_id: str
    turn_id: str | None = None
    index: int
    text: str


class Reset(Reply):
    """Withdraws the sentences of a message, or replaces all that the client has by a snapshot."""

    event: Literal["reset"]
    message_id: str | None = None
    snapshot: dict[str, object] | None = None


class CitedSource(Reply):
    """A source as the customer sees it."""

    number: int
    title: str
    url: str = ""


class MessageEvent(Reply):
    """A whole message; supersedes its deltas."""

    event: Literal["message"]
    id: str
    role: Literal["user", "assistant", "human", "system"]
    text: str
    citations: tuple[CitedSource, ...] = ()
    turn_id: str | None = None
    language: str | None = None
    kind: str | None = None
    author: str | None = None
    created_at: str | None = None
    client_message_id: str | None = None


class Handoff(Reply):
    """A person is offered, or was accepted and is on the way."""

    event: Literal["handoff"]
    offered: bool
    accepted: bool = False
    reason: str = ""
    waiting: bool | None = None


class Confirm(Reply):
    """An action waits for the customer's yes, or no longer does."""

    event: Literal["confirm"]
    offer_id: str
    tool: str | None = None
    question: str | None = None
    details: dict[str, object] | None = None
    done: bool | None = None


class Verify(Reply):
    """The customer has to prove the e-mail address before records are opened."""

    event: Literal["verify"]
    needed: bool
    email: str | None = None


class Status(Reply):
    """Where the ticket stands and whose it is."""

    event: Literal["status"]
    status: str
    layer: str | None = None
    human_owned: bool = False


class Failed(Reply):
    """Something went wrong that the customer should know."""

    event: Literal["error"]
    message: str


class Done(Reply):
    """A turn is over."""

    event: Literal["done"]
    turn_id: str
    kind: str | None = None


class Stage(Reply):
    """A step of the graph has ended (transient)."""

    event: Literal["stage"]
    node: str
    ms: float = 0.0


class Typing(Reply):
    """A person is writing (transient)."""

    event: Literal["typing"]
    by: str


StreamEvent = Annotated[
    Ack
    | ToolUse
    | Delta
    | Reset
    | MessageEvent
    | Handoff
    | Confirm
    | Verify
    | Status
    | Failed
    | Done
    | Stage
    | Typing,
    Field(discriminator="event"),
]
EVENT: TypeAdapter[StreamEvent] = TypeAdapter(StreamEvent)


def as_event(note: Note) -> StreamEvent:
    """The typed event of a note; raises ValidationError when the note breaks the contract."""
    return EVENT.validate_python({**note.data, "event": note.name})


def frame(note: Note) -> ServerSentEvent:
    """One event on the wire."""
    data = json.dumps(note.data, ensure_ascii=False, separators=(",", ":"))
    return ServerSentEvent(data=data, event=note.name, id=None if note.id is None else str(note.id))


def encoded(note: Note) -> bytes:
    """One event on the wire, encoded once for all who watch."""
    if not note.wire:
        note.wire.append(frame(note).encode())
    return note.wire[0]


def event_stream(notes: AsyncIterator[Sequence[Note]]) -> EventSourceResponse:
    """Notes as a response that proxies do not buffer and that shows life every 15 seconds.

    Those that come together are sent together: with a thousand streams it is the sending that takes time.
    """

    async def frames() -> AsyncIterator[bytes]:
        async for together in notes:
            yield b"".join(map(encoded, together))

    return EventSourceResponse(frames(), ping=HEARTBEAT_SECONDS, headers=HEADERS)


def last_event_id(header: str | None, query: str | None) -> int | None:
    """The number that the client has seen last; 0 for a new client, None for something that is no number."""
    given = header if header is not None else query
    if given is None or given == "":
        return 0
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None
