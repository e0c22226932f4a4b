"""OpenTelemetry traces of turns: a span for the turn, one for each step, one for each model or tool exchange.

Off unless OpenTelemetry's own OTEL_EXPORTER_OTLP_ENDPOINT (or ..._TRACES_ENDPOINT) is set. The spans are made
from the turn's own record when it has ended, so that they cost a running turn nothing. They carry ids, names
and figures, never words of customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from graph.parts import FinishedPart
from store.values.exchanges import Exchange
from store.values.turns import Claim

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
Attributes = dict[str, str | int | float | bool]


class Tracing(Protocol):
    """Told of every ended turn."""

    def turn(self, claim: Claim, part: FinishedPart, exchanges: Sequence[Exchange]) -> None:
        """Export it."""

    def close(self) -> None:
        """Send what waits."""


class NoTracing:
    """Tells nobody."""

    def turn(self, claim: Claim, part: FinishedPart, exchanges: Sequence[Exchange]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def open_tracing(environment: Mapping[str, str]) -> Tracing:
    """Traces to the endpoint of the environment, or none."""
    if not any(environment.get(name) for name in ENDPOINTS):
        return NoTracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return Spans(provider(), BatchSpanProcessor, OTLPSpanExporter())


def provider() -> "TracerProvider":
    """A tracer provider of our own: the global one belongs to whoever embeds us."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    return TracerProvider(resource=Resource.create({"service.name": "supportgraph"}))


class Spans:
    """Makes the spans of a turn from its record."""

    def __init__(self, provider: "TracerProvider", processor: type, exporter: "SpanExporter") -> None:
        provider.add_span_processor(processor(exporter))
        self._provider = provider
        self._tracer = provider.get_tracer("supportgraph")

    def turn(self, claim: Claim, part: FinishedPart, exchanges: Sequence[Exchange]) -> None:
        """The turn's span, with its steps below it and each exchange below the step that it fell into."""
        if not part.steps:
            return
        outcome, begin = part.outcome, part.steps[0].started_at
        steps = [_Span(step.node, step.started_at, step.ms, {}) for step in part.steps]
        whole = _Span(
            "turn",
            begin,
            part.total_ms,
            {
                "supportgraph.company": claim.company_id,
                "supportgraph.ticket": claim.ticket_id,
                "supportgraph.turn": claim.turn_id,
                "supportgraph.attempt": claim.attempt,
                "supportgraph.kind": outcome.kind,
                "supportgraph.intent": outcome.intent,
                "supportgraph.confidence": outcome.confidence,
            },
        )
        calls = [_of_exchange(exchange) for exchange in exchanges]
        placed: list[tuple[_Span, Sequence[_Span]]] = [
            (step, [call for call in calls if step.holds(call.start)]) for step in steps
        ]
        self._emit(whole, placed)

    def close(self) -> None:
        """Send what waits, for some seconds at most."""
        self._provider.shutdown()

    def _emit(self, whole: "_Span", steps: Sequence[tuple["_Span", Sequence["_Span"]]]) -> None:
        from opentelemetry.trace import set_span_in_context

        top = self._tracer.start_span(whole.name, start_time=whole.begins, attributes=whole.attributes)
        for step, calls in steps:
            context = set_span_in_context(top)
            span = self._tracer.start_span(step.name, context, start_time=step.begins)
            for call in calls:
                inner = self._tracer.start_span(
                    call.name,
                    set_span_in_context(span),
                    start_time=call.begins,
                    attributes=call.attributes,
                )
                inner.end(call.ends)
            span.end(step.ends)
        top.end(whole.ends)


@dataclass(frozen=True, slots=True)
class _Span:
    name: str
    start: datetime
    ms: float
    attributes: Attributes

    @property
    def begins(self) -> int:
        return int(self.start.timestamp() * 1e9)

    @property
    def ends(self) -> int:
        return self.begins + int(self.ms * 1e6)

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment <= self.start + timedelta(milliseconds=self.ms)


def _of_exchange(exchange: Exchange) -> _Span:
    """In the field's own names where it has them (gen_ai.*)."""
    attributes: Attributes = {"supportgraph.attempts": exchange.attempts}
    if exchange.fault:
        attributes["error.type"] = exchange.fault
    if exchange.kind == "tool":
        attributes["gen_ai.tool.name"] = exchange.name
        return _Span(f"execute_tool {exchange.name}", exchange.started_at, exchange.ms, attributes)
    attributes |= {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": exchange.name,
        "gen_ai.usage.input_tokens": exchange.tokens_in,
        "gen_ai.usage.output_tokens": exchange.tokens_out,
        "supportgraph.prompt": f"{exchange.step}@{exchange.version}",
    }
    return _Span(f"chat {exchange.step}", exchange.started_at, exchange.ms, attributes)
