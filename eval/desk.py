"""The desk as the evaluation sees it: a company, a customer and messages go in, a reply comes out.

The evaluation never builds a desk. `api` hands it a factory whose desks work on private copies of the seeded
data, so that a run can neither read nor change what customers see.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReply:
    """What the last turn of a case came to: the fields of `POST /api/run`, in our spelling."""

    kind: str
    reply: str
    tools: tuple[str, ...] = ()
    """The tools that ran in that turn and succeeded, in order."""
    language: str = ""
    intent: str = ""
    intent_confidence: float = 0.0
    confidence: float = 0.0
    action: str = ""
    category: str = ""
    handoff: bool = False
    handoff_reason: str = ""
    citations: tuple[str, ...] = ()
    hallucination: bool = False
    total_ms: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)
    turn_id: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """What the reply rests on: titles of what is cited, tools, the reason for a person."""
        reason = (f"a person for {self.handoff_reason}",) if self.handoff_reason else ()
        return tuple(dict.fromkeys((*self.citations, *self.tools, *reason)))

    @classmethod
    def from_response(cls, body: Mapping[str, Any]) -> Self:
        """Read the JSON body of `POST /api/run`; fields that it lacks keep their empty value."""
        latency = body.get("latency") or {}
        return cls(
            kind=str(body.get("kind", "")),
            reply=str(body.get("response", "")),
            tools=_succeeded(body.get("toolCalls") or ()),
            language=str(body.get("language", "")),
            intent=str(body.get("intent", "")),
            intent_confidence=float(body.get("intentConfidence") or 0.0),
            confidence=float(body.get("confidence") or 0.0),
            action=str(body.get("action", "")),
            category=str(body.get("category") or ""),
            handoff=bool((body.get("handoff") or {}).get("offered")),
            handoff_reason=str((body.get("handoff") or {}).get("reason") or ""),
            citations=tuple(str(item.get("title", "")) for item in body.get("citations") or ()),
            hallucination=bool((body.get("hallucinationCheck") or {}).get("isHallucination")),
            total_ms=float(latency.get("totalMs") or 0.0),
            stages={str(node): float(ms) for node, ms in (latency.get("stages") or {}).items()},
            turn_id=str(body.get("turnId") or ""),
        )


class EvalDesk(Protocol):
    """A desk on a private copy of the seeded data."""

    async def ask(
        self,
        company: str,
        email: str | None,
        verified: bool,
        turns: Sequence[str],
        *,
        threshold: float | None = None,
        mode: str | None = None,
    ) -> CaseReply:
        """Send the turns one after the other and return the reply to the last one.

        The conversation has a fresh ticket and a fresh copy of the seeded records. `verified` means that the
        e-mail has been proven. `threshold` (0..1) and `mode` (strict, balanced, permissive) replace the
        agent's own for all turns. Raises `NotFound` for a company that is not seeded.
        """
        ...

    async def reset(self) -> None:
        """Bring everything back to the seeded state: called before each trial and each ablation setting."""
        ...


DeskFactory = Callable[[], AbstractAsyncContextManager[EvalDesk]]
"""Opens a desk on private copies, which are gone when the block ends."""


def _succeeded(calls: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(
        str(call.get("tool") or call.get("name") or "") for call in calls if call.get("status") == "success"
    )
