"""What passed between a turn and a model or a tool, as it is kept for the trace, the bill and replay."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from store.values.scope import Json

GIVEN_UP = "given up by the desk"
"""The fault of an answer that the desk stopped reading: it had heard enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question to a model or one call of a tool, with what came back.

    `request` is all that decides the answer (for a model its prompt and form), `response` what the asker
    was given; an answer that never came has `fault` and perhaps a beginning. Cost is in the prices' currency.
    """

    kind: Literal["model", "tool"]
    step: str  # the prompt's or the tool's name
    name: str  # the model that answered; for a tool its name again
    request: Json
    response: Json
    fault: str = ""
    version: str = ""  # of the prompt
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    attempts: int = 1
    ms: float = 0.0
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExchange(Exchange):
    """An exchange with its place in the turn; `attempt` is the run of the turn that made it."""

    id: str
    turn_id: str
    attempt: int
    seq: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What the models of a company came to over some time."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
