"""The one gate in front of every tool.

Enabled, arguments traceable, identity proven, record owned, confirmed, in budget: in this order. A refusal is
a result like any other and stands in the trace.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from graph.errors import ToolFailed
from language.quotations import own_words
from tools.backoffice import Backoffice, Done, Record
from tools.handlers import RECORD_KIND, WRITES
from tools.named import named_among
from tools.remote import Remote
from tools.values import ToolResult, ToolSpec, ToolStatus

NAMED = "one of several, by its thing"
"""Why a look-up found just this record: what it then does to it has to be confirmed."""
MAX_CALLS = 6
MAX_ACTIONS = 6  # of one ticket, over all its turns
_FIRST_PAUSE_SECONDS = 0.05


class Call(Protocol):
    """What a node asks for (satisfied by `graph.ports.ToolCall`)."""

    @property
    def tool(self) -> str: ...
    @property
    def arguments(self) -> Mapping[str, str]: ...
    @property
    def confirmed(self) -> bool: ...
    @property
    def asked_for(self) -> bool: ...
    @property
    def about(self) -> str: ...


class Gate:
    """The tools of one agent for one turn; satisfies the `Toolbox` port."""

    def __init__(
        self,
        tools: Mapping[str, ToolSpec],
        backoffice: Backoffice,
        *,
        turn_id: str,
        verified: bool,
        new_id: Callable[[str], str],
        tick: Callable[[], float],
        read_only: bool = False,
        remote: Mapping[str, Remote] | None = None,
    ) -> None:
        self._tools = {name: spec for name, spec in tools.items() if not (read_only and spec.kind == "write")}
        self._backoffice = backoffice
        self._turn_id = turn_id
        self._verified = verified
        self._new_id = new_id
        self._tick = tick
        self._remote = remote or {}
        self._calls = 0

    def offered(self) -> Mapping[str, ToolSpec]:
        """The tools that are on for this company and agent."""
        return self._tools

    async def run(self, call: Call) -> ToolResult:
        """Pass every check in order, then run. Never raises for a tool's own failure."""
        started = self._tick()
        attempt = _Attempt(call, self._new_id("tool"))
        spec = self._tools.get(call.tool)
        self._calls += 1
        if spec is None:
            return attempt.ends("refused", "the tool is not enabled", started, self._tick())
        attempt.spec = spec
        if set(call.arguments) - set(spec.parameters):
            return attempt.ends("refused", "unknown arguments", started, self._tick())
        if self._calls > MAX_CALLS:
            return attempt.ends(
                "refused", "the turn's budget of tool calls is used up", started, self._tick()
            )
        if spec.needs_identity and not self._verified:
            return attempt.ends(
                "needs_identity", "the customer's identity is not proven", started, self._tick()
            )
        try:
            status, reason = await self._pass(spec, call, attempt)
        except (ToolFailed, TimeoutError) as error:
            status, reason = "failed", str(error) or "timed out"
        return attempt.ends(status, reason, started, self._tick())

    async def _pass(self, spec: ToolSpec, call: Call, attempt: "_Attempt") -> tuple[ToolStatus, str]:
        if spec.kind == "write" and await self._backoffice.actions() >= MAX_ACTIONS:
            return "refused", "the ticket's budget of actions is used up"
        if spec.remote:
            return await self._ask_elsewhere(spec, call, attempt)
        if spec.name not in RECORD_KIND:
            return await self._open_case(spec, call, attempt)
        wanted = await self._opened(call.arguments.get("id", ""))
        attempt.arguments = {"id": wanted} if wanted else {}
        found = await self._retried(spec, attempt, lambda: self._backoffice.records(RECORD_KIND[spec.name]))
        mine = [record for record in found if not wanted or _same(record.id, wanted)]
        if not mine:
            return "not_found", "no record of this customer matches"
        several = len(mine) > 1
        mine = (named_among(mine, call.about) or mine) if several else mine
        if len(mine) > 1:
            attempt.facts = {"ids": " · ".join(record.id for record in mine)}
            return "refused", "several"
        attempt.arguments, attempt.facts = {"id": mine[0].id}, dict(mine[0].facts)
        if spec.kind == "read":
            return "success", NAMED if several else ""
        return await self._write(spec, call, mine[0], attempt, sure=not several)

    async def _write(
        self, spec: ToolSpec, call: Call, record: Record, attempt: "_Attempt", *, sure: bool
    ) -> tuple[ToolStatus, str]:
        """`sure`: the record was given by its number, or is the only one."""
        change = WRITES[spec.name](record, self._backoffice.stamp())
        if change is None:
            return "refused", "the record does not allow it"
        if spec.confirmation == "customer" and not (call.confirmed or (call.asked_for and sure)):
            return "needs_confirmation", ""
        key = self._key(spec, attempt.arguments)
        done = await self._retried(
            spec, attempt, lambda: self._backoffice.change(key, spec.name, record, change)
        )
        return attempt.done(done)

    async def _ask_elsewhere(self, spec: ToolSpec, call: Call, attempt: "_Attempt") -> tuple[ToolStatus, str]:
        """Call the company's own service; a write is confirmed, approved where it has to be, and kept."""
        remote = self._remote[spec.name]
        wanted = await self._opened(call.arguments.get("id", ""))
        if "id" in spec.parameters and not wanted:
            return "refused", "missing"
        if wanted and not remote.config.accepts(wanted):
            return "not_found", "no number of this company"
        attempt.arguments = {"id": wanted} if wanted else {}
        sent = {**attempt.arguments, "email": self._backoffice.proven_email}
        label = remote.config.label
        names = {"en": label.get("en", spec.description), "hinglish": label.get("hinglish", spec.description)}
        attempt.facts = {"action": names["en"], "action_hinglish": names["hinglish"]}
        key = self._key(spec, attempt.arguments)
        if spec.kind == "read":
            found = await self._retried(spec, attempt, lambda: remote.call(sent, key))
            attempt.facts = dict(found or {})
            return ("success", "") if found else ("not_found", "the service knows nothing of it")
        if spec.confirmation != "none" and not (call.confirmed or call.asked_for):
            return "needs_confirmation", ""
        if spec.confirmation == "staff":
            await self._backoffice.ask_approval(key, spec.name, names["en"], attempt.arguments)
            return "needs_approval", "a colleague has to approve it"
        done = await self._retried(
            spec,
            attempt,
            lambda: self._backoffice.effect(
                key, spec.name, attempt.arguments, lambda: remote.call(sent, key)
            ),
        )
        return attempt.done(done)

    async def _open_case(self, spec: ToolSpec, call: Call, attempt: "_Attempt") -> tuple[ToolStatus, str]:
        attempt.arguments = dict(call.arguments)
        if not (call.confirmed or call.asked_for):
            return "needs_confirmation", ""
        category, description = call.arguments.get("category", "other"), call.arguments.get("description", "")
        key = self._key(spec, attempt.arguments)
        done = await self._retried(
            spec, attempt, lambda: self._backoffice.open_case(key, spec.name, category, description)
        )
        return attempt.done(done)

    async def _opened(self, given: str) -> str:
        """The customer's own number behind a placeholder; a record's number passes as it is."""
        return (await self._backoffice.value(given) or given) if given else ""

    def _key(self, spec: ToolSpec, arguments: Mapping[str, str]) -> str:
        digest = hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()[:16]
        return f"{self._turn_id}:{spec.name}:{digest}"

    async def _retried(self, spec: ToolSpec, attempt: "_Attempt", work: Callable[[], Awaitable[Any]]) -> Any:
        """Try transient failures again, exponentially; each try has the tool's timeout."""
        while True:
            try:
                async with asyncio.timeout(spec.timeout_seconds):
                    return await work()
            except ToolFailed as error:
                if not error.transient or attempt.attempts > spec.retries:
                    raise
                await asyncio.sleep(_FIRST_PAUSE_SECONDS * 2 ** (attempt.attempts - 1))
                attempt.attempts += 1


class _Attempt:
    """What is known of a call so far."""

    def __init__(self, call: Call, result_id: str) -> None:
        self.id = result_id
        self.tool = call.tool
        self.spec: ToolSpec | None = None
        self.arguments: dict[str, str] = dict(call.arguments)
        self.facts: dict[str, str] = {}
        self.attempts = 1
        self.ledger_id: str | None = None

    def done(self, done: Done) -> tuple[ToolStatus, str]:
        self.ledger_id = done.ledger_id
        self.facts = {**self.facts, **done.facts}
        return "success", "done before under the same key" if done.repeated else ""

    def ends(self, status: ToolStatus, reason: str, started: float, now: float) -> ToolResult:
        return ToolResult(
            id=self.id,
            tool=self.tool,
            kind=self.spec.kind if self.spec else "read",
            status=status,
            arguments=self.arguments,
            facts={name: own_words(value) for name, value in self.facts.items()},
            reason=reason,
            attempts=self.attempts,
            ms=round((now - started) * 1000, 3),
            ledger_id=self.ledger_id,
        )


def _same(record_id: str, wanted: str) -> bool:
    """Numbers match without regard to case, spaces and separators; a bare number matches its digits."""
    fold = [char for char in record_id.casefold() if char.isalnum()]
    given = [char for char in wanted.casefold() if char.isalnum()]
    digits = [char for char in fold if char.isdigit()]
    return given in (fold, digits)
