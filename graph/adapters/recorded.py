"""A turn's recorded exchanges in the place of its model and its tools: exact replay, with nobody asked.

Each call is answered by the next exchange of its step, if it asks just what was asked then. A call that was
not recorded, or that asks something else, is refused and remembered: with changed code that is the first
thing that differs.
"""

from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from graph.errors import Conflict, ModelUnavailable
from graph.ports import Form, Prompt, ToolCall, ToolSpec
from store.values.exchanges import GIVEN_UP, StoredExchange
from tools.values import ToolResult


@dataclass(frozen=True, slots=True)
class Difference:
    """A call that the recording does not answer."""

    step: str
    asked: Mapping[str, Any]
    recorded: Mapping[str, Any] | None  # what was asked at this place then; None: nothing


@dataclass
class Recording:
    """The exchanges of a turn's last run, dealt out in order."""

    differences: list[Difference] = field(default_factory=list)
    _left: dict[tuple[str, str], deque[StoredExchange]] = field(
        default_factory=lambda: defaultdict(deque[StoredExchange])
    )

    @classmethod
    def of(cls, exchanges: Sequence[StoredExchange]) -> "Recording":
        """Of a turn that was cut off, each step counts in the last run that reached it."""
        recording = cls()
        last = {(item.kind, item.step): item.attempt for item in exchanges}
        for item in exchanges:
            if item.attempt == last[item.kind, item.step]:
                recording._left[item.kind, item.step].append(item)
        return recording

    @property
    def unused(self) -> tuple[StoredExchange, ...]:
        """What was recorded and not asked for again."""
        return tuple(item for left in self._left.values() for item in left)

    def next(self, kind: Literal["model", "tool"], step: str, asked: Mapping[str, Any]) -> StoredExchange:
        """The answer to this call; `Conflict` when there is none."""
        left = self._left[kind, step]
        found = left.popleft() if left else None
        if found is None or dict(found.request) != dict(asked):
            self.differences.append(Difference(step, asked, found.request if found else None))
            raise Conflict(f"the recording has no answer to this call of {step}", field=step)
        return found


@dataclass(frozen=True)
class RecordedModel:
    """Satisfies the `Model` port from a recording."""

    recording: Recording

    async def ask(self, prompt: Prompt, form: type[Form]) -> Form:
        """What the model filled in then, or its fault."""
        found = self.recording.next("model", prompt.name, _request(prompt, form.__name__.lower()))
        if found.fault:
            raise ModelUnavailable(found.fault)
        return form.model_validate(found.response["value"])

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """What the model wrote then, and the fault in which it ended."""
        found = self.recording.next("model", prompt.name, _request(prompt))
        if text := str(found.response.get("text", "")):
            yield text
        if found.fault and found.fault != GIVEN_UP:
            raise ModelUnavailable(found.fault)


@dataclass(frozen=True)
class RecordedToolbox:
    """Satisfies the `Toolbox` port from a recording; nothing runs."""

    recording: Recording
    specs: Mapping[str, ToolSpec]

    def offered(self) -> Mapping[str, ToolSpec]:
        """The tools that were on."""
        return self.specs

    async def run(self, call: ToolCall) -> ToolResult:
        """What came of the call then."""
        asked = {"arguments": dict(call.arguments), "confirmed": call.confirmed, "askedFor": call.asked_for}
        return ToolResult.model_validate(self.recording.next("tool", call.tool, asked).response)


def _request(prompt: Prompt, form: str = "") -> dict[str, Any]:
    """The request as `chat_model` records it."""
    request = {"system": prompt.system, "user": prompt.user, "mark": prompt.mark}
    return {**request, "form": form} if form else request
