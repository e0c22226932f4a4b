"""One model behind one OpenAI-compatible address, through langchain-openai: a single attempt at a time.

What the server supports is found out, not assumed: a parameter that it refuses is left out from then on, and
structured output steps down from a JSON schema to a JSON object to plain text. An answer counts only with its
proper finish reason: the client libraries take a stream that was cut off for a whole one.
"""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
import openai
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

Structure = Literal["json_schema", "json_object", "plain"]
_STEPS_DOWN: dict[Structure, Structure] = {"json_schema": "json_object", "json_object": "plain"}
_OPTIONAL = ("seed", "temperature", "stream_options", "max_completion_tokens")
_REFUSED = frozenset({400, 404, 405, 415, 422, 501})
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
# Bodies that are no answer make the client raise whatever it stumbles over.
CLIENT_ERRORS = (
    openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, ValueError, TypeError, AttributeError, KeyError,
    IndexError,
)  # fmt: skip


class Fault(Exception):
    """An attempt that gave no answer; `again` says whether another attempt may help, after how long."""

    def __init__(self, reason: str, *, again: bool = False, after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.after = after


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written."""

    tokens_in: int = 0
    tokens_out: int = 0

    def plus(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


@dataclass(frozen=True, slots=True)
class Schema:
    """A form as JSON schema, under its name."""

    name: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a model is, and how much it may take."""

    model: str
    base_url: str | None
    api_key: SecretStr
    seconds: float
    max_tokens: int


class _Client(ChatOpenAI):
    """langchain-openai's client, whose messages are not looked through key by key on their way out.

    They are made by langchain in the protocol's own form; checking them against the types of all parameters
    takes the openai package a fifth of what a call costs. What is in the extra body is merged as it is.
    """

    def _get_request_payload(self, *given: Any, **more: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(*given, **more)
        body = {**(payload.get("extra_body") or {}), "messages": payload["messages"]}
        return payload | {"messages": [], "extra_body": body}


@dataclass
class Endpoint:
    """The client of one model, with what has been learnt about it."""

    address: Address
    structure: Structure = "json_schema"
    left_out: set[str] = field(default_factory=set)
    _clients: dict[tuple[str, ...], _Client] = field(default_factory=dict)
    _http: httpx2.AsyncClient | None = None

    async def complete(self, messages: list[BaseMessage], schema: Schema | None) -> tuple[str, Usage]:
        """The whole answer; raises Fault."""
        while True:
            try:
                said = await self._client(streaming=False).ainvoke(messages, extra_body=self._format(schema))
            except CLIENT_ERRORS as error:
                if not self._learns(error, schema is not None):
                    raise _fault(error) from error
                continue
            _check_end(_finish(said))
            return said.text, _usage(said)

    async def stream(self, messages: list[BaseMessage]) -> AsyncGenerator[str | Usage, None]:
        """Pieces of text, then the usage; raises Fault, also where the stream just stops."""
        while True:
            finish, usage, begun = "", Usage(), False
            try:
                async for chunk in self._client(streaming=True).astream(messages):
                    finish = _finish(chunk) or finish
                    usage = usage.plus(_usage(chunk))
                    if piece := chunk.text:
                        begun = True
                        yield piece
            except CLIENT_ERRORS as error:
                if begun or not self._learns(error, False):
                    raise _fault(error) from error
                continue
            _check_end(finish)
            yield usage
            return

    def prepare(self) -> None:
        """Make both clients, which takes a third of a second the first time."""
        for streaming in (False, True):
            self._client(streaming=streaming)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._http is not None:
            await self._http.aclose()

    def _connections(self) -> httpx2.AsyncClient:
        """Connections of our own: those that langchain shares outlive the desk and its event loop."""
        if self._http is None:
            self._http = httpx2.AsyncClient(timeout=self.address.seconds)
        return self._http

    def _client(self, *, streaming: bool) -> _Client:
        key = ("stream" if streaming else "whole", *sorted(self.left_out))
        if key not in self._clients:
            self._clients[key] = self._make(streaming=streaming)
        return self._clients[key]

    def _make(self, *, streaming: bool) -> _Client:
        address = self.address
        wanted: dict[str, Any] = {"seed": 7, "temperature": 0.0, "max_completion_tokens": address.max_tokens}
        return _Client(
            model=address.model,
            base_url=address.base_url,
            api_key=address.api_key,
            timeout=address.seconds,
            max_retries=0,  # retries are ours, within the one deadline
            stream_usage=streaming and "stream_options" not in self.left_out,
            stream_chunk_timeout=None,  # the deadline over the whole call is ours too
            use_responses_api=False,
            http_async_client=self._connections(),
            **{name: value for name, value in wanted.items() if name not in self.left_out},
        )

    def _format(self, schema: Schema | None) -> dict[str, Any]:
        if schema is None or self.structure == "plain":
            return {}
        if self.structure == "json_object":
            return {"response_format": {"type": "json_object"}}
        given = {"name": schema.name, "schema": schema.schema, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": given}}

    def _learns(self, error: Exception, structured: bool) -> bool:
        """Whether the refusal names something that can be left out; then the call is worth repeating."""
        if not isinstance(error, openai.APIStatusError) or error.status_code not in _REFUSED:
            return False
        told = f"{error.message} {json.dumps(error.body, default=str)}"
        for name in _OPTIONAL:
            if name in told and name not in self.left_out:
                self.left_out.add(name)
                return True
        if structured and self.structure in _STEPS_DOWN and error.status_code != 404:
            self.structure = _STEPS_DOWN[self.structure]
            return True
        return False


def _fault(error: Exception) -> Fault:
    """What went wrong, in words that hold nothing of the request."""
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return Fault("timed out", again=True)
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        return Fault(f"status {status}", again=status in _TRANSIENT, after=_retry_after(error.response))
    if isinstance(error, openai.APIConnectionError):
        return Fault("no connection", again=True)
    if isinstance(error, httpx2.HTTPError | httpx2.StreamError):
        return Fault("the answer was cut off", again=True)
    return Fault("the answer is not in the protocol", again=True)


def _retry_after(response: httpx2.Response) -> float:
    try:
        return max(0.0, float(response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _finish(said: AIMessage | AIMessageChunk) -> str:
    return str(said.response_metadata.get("finish_reason") or "")


def _check_end(finish: str) -> None:
    if finish == "stop":
        return
    if finish == "length":
        raise Fault("the answer is longer than it may be")
    raise Fault(f"the answer ended as {finish!r}" if finish else "the answer was cut off", again=not finish)


def _usage(said: AIMessage | AIMessageChunk) -> Usage:
    usage = said.usage_metadata
    return Usage(usage["input_tokens"], usage["output_tokens"]) if usage else Usage()
