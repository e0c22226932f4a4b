"""The `Model` port over OpenAI-compatible endpoints: bounded in time, money and number, and recorded.

One deadline covers a whole call: waiting for a slot, retries, every streamed piece (a server that only drips
keep-alives never trips the client's own timeout). After a fault of the line the rest of the turn goes on
without the model, so that a customer waits for a dead one once at most.
"""

import asyncio
import functools
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from graph.adapters.breaker import Breaker
from graph.adapters.endpoint import Address, Endpoint, Fault, Schema, Usage
from graph.adapters.recorded import NO_MODEL
from graph.errors import ModelUnavailable
from graph.ports import Clock, Form, Prompt
from store.values.exchanges import GIVEN_UP, Exchange

_FIRST_PAUSE_SECONDS = 0.1
_MILLION = 1_000_000
LATE = "no answer within its time"

Price = tuple[float, float]
"""What a million tokens cost: read, written."""


class Journal(Protocol):
    """Where a turn's exchanges are kept."""

    async def note(self, exchange: Exchange) -> None:
        """Keep it, at once: a crash after the next checkpoint must not lose it."""


@dataclass(frozen=True, kw_only=True)
class Models:
    """All models of a process: which one serves whom, how they are doing, how many may be asked at once."""

    choose: Callable[[str, str], Address | None]
    """The model for a company (its slug) and a step (its prompt's name); None for neither."""
    clock: Clock
    retries: int = 2
    prices: Mapping[str, Price] = field(default_factory=dict)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(8))
    jitter: Callable[[], float] = random.random
    endpoints: dict[Address, Endpoint] = field(default_factory=dict)
    breakers: dict[Address, Breaker] = field(default_factory=dict)

    def for_turn(self, company: str, journal: Journal, *, closed: str = "") -> "ChatModel":
        """The models of one turn; `closed` says why they may not be asked at all."""
        return ChatModel(self, company, journal, closed)

    def endpoint(self, address: Address) -> Endpoint:
        """The client of this address, made once."""
        return self.endpoints.setdefault(address, Endpoint(address))

    def breaker(self, address: Address) -> Breaker:
        """The breaker of this address."""
        return self.breakers.setdefault(address, Breaker(self.clock))

    async def close(self) -> None:
        """Let go of all connections."""
        for endpoint in self.endpoints.values():
            await endpoint.close()

    def states(self) -> dict[str, str]:
        """The breaker's state by the name of the model."""
        return {address.model: breaker.state for address, breaker in self.breakers.items()}

    def cost(self, model: str, usage: Usage) -> float:
        """What these tokens cost, 0 where no price is known."""
        read, written = self.prices.get(model, (0.0, 0.0))
        return (usage.tokens_in * read + usage.tokens_out * written) / _MILLION


@dataclass
class _Call:
    """What is known of a call so far."""

    prompt: Prompt
    endpoint: Endpoint
    started_at: datetime
    tick: float
    usage: Usage = field(default_factory=Usage)
    attempts: int = 0
    said: str = ""
    value: dict[str, Any] | None = None


@dataclass
class ChatModel:
    """The models of one turn; satisfies the `Model` port."""

    models: Models
    company: str
    journal: Journal
    closed: str = ""

    async def ask(self, prompt: Prompt, form: type[Form]) -> Form:
        """A value of the form; what does not fit it may be repaired once."""
        schema = _schema(form)
        async with self._call(prompt, schema) as call:
            messages = _messages(prompt)
            try:
                return await self._filled(call, messages, schema, form)
            except ValidationError as error:
                wrong = _wrong(error)
            messages += [AIMessage(call.said), HumanMessage(_REPAIR.format(wrong=wrong))]
            try:
                return await self._filled(call, messages, schema, form)
            except ValidationError as error:
                raise Fault(f"malformed after a repair: {_wrong(error)}") from error

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Pieces of text; a stream that breaks before its first piece is tried again, a later one is not."""
        async with self._call(prompt, None) as call:
            while True:
                call.attempts += 1
                try:
                    async with aclosing(call.endpoint.stream(_messages(prompt))) as stream:
                        async for piece in stream:
                            if isinstance(piece, Usage):
                                call.usage = call.usage.plus(piece)
                            else:
                                call.said += piece
                                yield piece
                    if not call.said.strip():
                        raise Fault("an empty answer", again=True)
                    return
                except Fault as fault:
                    if call.said:
                        raise
                    await self._pause(call, fault)

    async def _filled(
        self, call: _Call, messages: list[BaseMessage], schema: Schema, form: type[Form]
    ) -> Form:
        call.said, usage = await self._tried(call, lambda: call.endpoint.complete(messages, schema))
        call.usage = call.usage.plus(usage)
        value = form.model_validate_json(_object(call.said))
        call.value = value.model_dump(mode="json")
        return value

    async def _tried(
        self, call: _Call, attempt: Callable[[], Awaitable[tuple[str, Usage]]]
    ) -> tuple[str, Usage]:
        while True:
            call.attempts += 1
            try:
                return await attempt()
            except Fault as fault:
                await self._pause(call, fault)

    async def _pause(self, call: _Call, fault: Fault) -> None:
        """Wait before another attempt, or raise the fault when there is none."""
        if not fault.again or call.attempts > self.models.retries:
            raise fault
        pause = _FIRST_PAUSE_SECONDS * 2 ** (call.attempts - 1) * (0.5 + self.models.jitter())
        if max(pause, fault.after) >= call.endpoint.address.seconds:
            raise fault
        await asyncio.sleep(max(pause, fault.after))

    @asynccontextmanager
    async def _call(self, prompt: Prompt, schema: Schema | None) -> AsyncIterator[_Call]:
        """Deadline, slot and breaker around a call, and its record; faults leave as ModelUnavailable.

        Every call leaves one record, also one that was not made: replay has to find an end for each.
        """
        address, clock = self.models.choose(self.company, prompt.name), self.models.clock
        if address is None:
            raise ModelUnavailable(NO_MODEL)
        breaker = self.models.breaker(address)
        call = _Call(prompt, self.models.endpoint(address), clock.now(), clock.tick())
        fault = self.closed or ("" if breaker.enter() else "the breaker is open")
        if fault:
            self.closed = fault
            await self._note(call, schema, fault)
            raise ModelUnavailable(fault)
        try:
            async with asyncio.timeout(address.seconds), self.models.slots:
                yield call
            breaker.succeeded()
        except (Fault, TimeoutError) as error:
            breaker.failed()
            fault = error.reason if isinstance(error, Fault) else LATE
            if isinstance(error, TimeoutError) or error.again:
                self.closed = f"the model failed earlier in this turn: {fault}"
            raise ModelUnavailable(fault) from error
        except BaseException:  # we were cancelled, or whoever read the stream has heard enough
            breaker.abandoned()
            fault = GIVEN_UP
            raise
        finally:
            await self._note(call, schema, fault)

    async def _note(self, call: _Call, schema: Schema | None, fault: str) -> None:
        prompt, model = call.prompt, call.endpoint.address.model
        if (
            not call.usage.tokens_out and call.said
        ):  # cut off before the server told; it is paid for all the same
            call.usage = Usage(_tokens(prompt.system + prompt.user), _tokens(call.said))
        request: dict[str, Any] = {"system": prompt.system, "user": prompt.user, "mark": prompt.mark}
        if schema is not None:
            request["form"] = schema.name
        await self.journal.note(
            Exchange(
                kind="model",
                step=prompt.name,
                name=model,
                version=prompt.version,
                request=request,
                response={"text": call.said} if call.value is None else {"value": call.value},
                fault=fault,
                tokens_in=call.usage.tokens_in,
                tokens_out=call.usage.tokens_out,
                cost=self.models.cost(model, call.usage),
                attempts=call.attempts,
                ms=round((self.models.clock.tick() - call.tick) * 1000, 3),
                started_at=call.started_at,
            )
        )


_REPAIR = "That does not fit: {wrong}. Reply again with the one JSON object and nothing else."


@functools.cache
def _schema(form: type[BaseModel]) -> Schema:
    return Schema(form.__name__.lower(), form.model_json_schema())


def _messages(prompt: Prompt) -> list[BaseMessage]:
    return [SystemMessage(prompt.system), HumanMessage(prompt.user)]


def _tokens(text: str) -> int:
    """About as many as there are in English."""
    return len(text) // 4 + 1


def _object(text: str) -> str:
    """The JSON object in a text that may say something around it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _wrong(error: ValidationError) -> str:
    """What does not fit, by field, without repeating what was said."""
    found = [(".".join(map(str, item["loc"])) or "the text", item["msg"]) for item in error.errors()[:4]]
    return "; ".join(f"{place}: {message}" for place, message in found)
