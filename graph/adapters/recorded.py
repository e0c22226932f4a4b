"""A turn's recorded exchanges in the place of its model and its tools: exact replay, with nobody asked.

Each call is answered by the next exchange of its step, if it asks just what was asked then. A call that was
not recorded, or that asks something else, is refused and remembered: with changed code that is the first
thing that differs.
"""

from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from langgraph.errors import NodeTimeoutError

from graph.errors import ModelUnavailable, NotRecorded
from graph.ports import Form, Prompt, ToolCall, ToolSpec
from store.values.exchanges import GIVEN_UP, StoredExchange
from tools.values import ToolResult

CUT_OFF = "cut off"
"""The fault of a recorded search that the node's deadline ended."""
NO_MODEL = "no model is set for this step"


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
        """The answer to this call; `NotRecorded` when there is none."""
        left = self._left[kind, step]
        found = left.popleft() if left else None
        if found is None or dict(found.request) != dict(asked):
            raise self.refuse(step, asked, found.request if found else None)
        return found

    def refuse(self, step: str, asked: Mapping[str, Any], recorded: Mapping[str, Any] | None) -> NotRecorded:
        """Remember a call that the recording does not answer; the error to raise."""
        self.differences.append(Difference(step, asked, recorded))
        return NotRecorded(f"the recording has no answer to this call of {step}", field=step)


@dataclass(frozen=True)
class RecordedModel:
    """Satisfies the `Model` port from a recording."""

    recording: Recording
    without: frozenset[str] = frozenset()
    """Steps for which no model was set."""
    timed_out: bool = False
    """Whether a step of the turn ran into its deadline: a call that was given up then is given up again."""

    async def ask(self, prompt: Prompt, form: type[Form]) -> Form:
        """What the model filled in then, or its fault."""
        found = self._next(prompt, form.__name__.lower())
        if found.fault == GIVEN_UP and self.timed_out:
            raise too_slow()
        if found.fault:
            raise ModelUnavailable(found.fault)
        return form.model_validate(found.response["value"])

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """What the model wrote then, and the fault in which it ended."""
        found = self._next(prompt)
        if text := str(found.response.get("text", "")):
            yield text
        if found.fault == GIVEN_UP and self.timed_out:
            raise too_slow()
        if found.fault and found.fault != GIVEN_UP:
            raise ModelUnavailable(found.fault)

    def _next(self, prompt: Prompt, form: str = "") -> StoredExchange:
        if prompt.name in self.without:
            raise ModelUnavailable(NO_MODEL)
        return self.recording.next("model", prompt.name, request_of(prompt, form))


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


def too_slow() -> NodeTimeoutError:
    """The error of a node that ran into its deadline, as the graph raises it."""
    return NodeTimeoutError("", 0.0, kind="run", run_timeout=0.0)


def request_of(prompt: Prompt, form: str = "") -> dict[str, Any]:
    """The request as `chat_model` records it."""
    request = {"system": prompt.system, "user": prompt.user, "mark": prompt.mark}
    return {**request, "form": form} if form else request
