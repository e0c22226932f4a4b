"""What a shadow turn has in the place of tools, models and ids: what was recorded, and nothing that acts."""

from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.shadow.past import PastTicket, PastTurn
from graph.adapters.recorded import request_of
from graph.errors import ModelUnavailable
from graph.ports import Form, Model, Prompt, ToolCall, ToolSpec
from store.values.exchanges import GIVEN_UP, StoredExchange
from tools.values import ToolResult

NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Offered:
    """Tools that are named and never used: enough to read a message."""

    specs: Mapping[str, ToolSpec]

    def offered(self) -> Mapping[str, ToolSpec]:
        """The tools."""
        return self.specs

    async def run(self, call: ToolCall) -> ToolResult:
        """Refused: reading a message uses no tool."""
        return _result(call, "read", "refused", "only read")


@dataclass
class ShadowToolbox:
    """Answers calls as they were answered on this ticket; one that never was is told so and noted."""

    specs: Mapping[str, ToolSpec]
    turn: PastTurn
    ticket: PastTicket
    missing: list[str] = field(default_factory=list)
    """Tools that would have run and were never called like this."""

    def offered(self) -> Mapping[str, ToolSpec]:
        """The tools of the arm."""
        return self.specs

    async def run(self, call: ToolCall) -> ToolResult:
        """What came of such a call: in this turn, else in another turn of the ticket."""
        spec = self.specs.get(call.tool)
        if spec is None:
            return _result(call, "read", "refused", "the tool is not enabled")
        others = [turn for turn in self.ticket.turns if turn is not self.turn]
        for turn in (self.turn, *reversed(others)):
            if (found := _answer(turn, call, spec, same_turn=turn is self.turn)) is not None:
                return found
        self.missing.append(call.tool)
        return _result(call, spec.kind, "failed", NOT_RECORDED)


@dataclass
class ShadowModel:
    """Answers prompts that were recorded; others go to the live model, which is paid and not kept."""

    recorded: Sequence[StoredExchange]
    live: Model
    asked: list[str] = field(default_factory=list)
    """Prompts that the live model was asked."""

    async def ask(self, prompt: Prompt, form: type[Form]) -> Form:
        """The recorded value, or the live model's."""
        found = self._find(prompt, form.__name__.lower())
        if found is None:
            self.asked.append(prompt.name)
            return await self.live.ask(prompt, form)
        if found.fault:
            raise ModelUnavailable(found.fault)
        return form.model_validate(found.response["value"])

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The recorded text, or the live model's."""
        found = self._find(prompt)
        if found is None:
            self.asked.append(prompt.name)
            async for piece in self.live.write(prompt):
                yield piece
            return
        if text := str(found.response.get("text", "")):
            yield text
        if found.fault and found.fault != GIVEN_UP:
            raise ModelUnavailable(found.fault)

    def _find(self, prompt: Prompt, form: str = "") -> StoredExchange | None:
        asked = request_of(prompt, form)
        mine = [each for each in self.recorded if (each.kind, each.step) == ("model", prompt.name)]
        return next((each for each in reversed(mine) if dict(each.request) == asked), None)


@dataclass
class ShadowIds:
    """The ids of the offers that were made then, so that a press of their button finds them again."""

    left: deque[str]
    made: int = 0

    def new(self, prefix: str) -> str:
        """The next recorded id of this kind, else one that says that it is a shadow's."""
        if self.left and self.left[0].startswith(f"{prefix}_"):
            return self.left.popleft()
        self.made += 1
        return f"{prefix}_shadow{self.made}"


def _answer(turn: PastTurn, call: ToolCall, spec: ToolSpec, *, same_turn: bool) -> ToolResult | None:
    """The kept answer to this call; a write counts only with the same confirmation."""
    asked: dict[str, Any] = {"arguments": dict(call.arguments)}
    if spec.kind == "write":
        asked |= {"confirmed": call.confirmed, "askedFor": call.asked_for}
    for each in reversed(turn.exchanges):
        if (each.kind, each.step) == ("tool", call.tool) and asked.items() <= dict(each.request).items():
            return ToolResult.model_validate(each.response)
    kept = any(each.request for each in turn.exchanges if each.kind == "tool")
    if same_turn and not kept:  # the texts of exchanges are forgotten before the trace is
        mine = [each for each in turn.tool_calls if each.tool == call.tool]
        return ToolResult.model_validate(mine[-1].data) if mine else None
    return None


def _result(call: ToolCall, kind: Any, status: Any, reason: str) -> ToolResult:
    return ToolResult(
        id=f"tool_shadow_{call.tool}",
        tool=call.tool,
        kind=kind,
        status=status,
        arguments=dict(call.arguments),
        reason=reason,
    )
