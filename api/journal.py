"""Keeps what passes between a turn and its models and tools: stored at once, counted, and redacted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.metrics import Metrics
from api.models import Budget
from graph.ports import Clock, Toolbox, ToolCall, ToolSpec
from language.redact import redact
from store.database import Store
from store.values.exchanges import Exchange
from store.values.scope import Scope
from store.values.turns import Claim
from tools.values import ToolResult

_PLACEHOLDER = re.compile(r"(\[(?:email|phone|order|upi)_\d+\])")


@dataclass
class TurnJournal:
    """The exchanges of one turn."""

    store: Store
    claim: Claim
    metrics: Metrics
    budget: Budget
    keeps_texts: bool = True
    exchanges: list[Exchange] = field(default_factory=list)

    async def note(self, exchange: Exchange) -> None:
        """Store it before the turn goes on, so that a crash does not lose what was paid for."""
        clean = redacted(exchange)
        claim, self.exchanges = self.claim, [*self.exchanges, clean]
        await self.store.write(
            Scope.of(claim.company_id),
            lambda uow: uow.exchanges.add(
                claim.turn_id, claim.company_id, claim.attempt, clean, texts=self.keeps_texts
            ),
        )
        if clean.kind == "model":
            self.budget.add(claim.company_id, clean.cost)
            self.metrics.model_call(clean)


@dataclass(frozen=True)
class NotingToolbox:
    """The gate with its calls noted; satisfies the `Toolbox` port."""

    toolbox: Toolbox
    journal: TurnJournal
    clock: Clock

    def offered(self) -> Mapping[str, ToolSpec]:
        """The tools behind the gate."""
        return self.toolbox.offered()

    async def run(self, call: ToolCall) -> ToolResult:
        """Through the gate, and into the journal."""
        started = self.clock.now()
        result = await self.toolbox.run(call)
        request = {
            "arguments": dict(call.arguments),
            "confirmed": call.confirmed,
            "askedFor": call.asked_for,
        }
        await self.journal.note(
            Exchange(
                kind="tool",
                step=result.tool,
                name=result.tool,
                request=request,
                response=result.model_dump(mode="json"),
                fault=result.reason if result.status == "failed" else "",
                attempts=result.attempts,
                ms=result.ms,
                started_at=started,
            )
        )
        return result


def redacted(exchange: Exchange) -> Exchange:
    """The exchange without personal data in what came back.

    What goes out holds none: messages are redacted at acceptance, passages are public. A value that stood in
    the request may stand in the answer as well, such as the company's own address.
    """
    known = str(exchange.request.get("user", "")) + str(exchange.request.get("system", ""))
    return replace(exchange, response=_clean(exchange.response, known, exchange.kind == "tool"))


def only_redacted(then: str, now: str) -> bool:
    """Whether `now` is `then` as it would be recorded: with placeholders for what nobody here may know."""
    return "[" in now and _clean(then, "", False) == _clean(now, "", False)


def _clean(value: Any, known: str, is_tool: bool) -> Any:
    if isinstance(value, str):
        return "".join(
            part if _PLACEHOLDER.fullmatch(part) else _clean_text(part, known, is_tool)
            for part in _PLACEHOLDER.split(value)
        )
    if isinstance(value, Mapping):
        return {key: _clean(item, known, is_tool) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item, known, is_tool) for item in value]
    return value


def _clean_text(text: str, known: str, is_tool: bool) -> str:
    """The text with what nobody here may know taken out; of tools, only that (their facts are the desk's)."""
    for found in redact(text).values:
        raw = text[found.start : found.end] if not found.value else found.value
        if raw and raw not in known and not (is_tool and found.keep):
            text = text.replace(raw, found.placeholder)
    return text
