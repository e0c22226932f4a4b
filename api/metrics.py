"""What happened in this process since it started, for Prometheus: turns, steps, models, tools, guard.

Each desk has a registry of its own. No label holds anything that a customer wrote.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from graph.parts import FinishedPart
from store.values.exchanges import Exchange

PREFIX = "supportgraph_"
_MODEL_NOTE = re.compile(r"model (\w+): ")
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_COUNTERS: Mapping[str, tuple[str, ...]] = {
    "messages": (),
    "turns": ("kind", "language"),
    "guard": ("outcome", "mode"),
    "guard_refusals": (),
    "handoffs": ("reason",),
    "tool_calls": ("tool", "status"),
    "model_calls": ("model", "step", "outcome"),
    "model_attempts": ("model", "step"),
    "model_tokens": ("model", "direction"),
    "model_cost": ("model",),
    "model_verdicts": ("step", "verdict"),
}
_HISTOGRAMS: Mapping[str, tuple[str, ...]] = {
    "turn_seconds": (),
    "step_seconds": ("step",),
    "model_seconds": ("model", "step"),
}
Reading = float | Mapping[str, float]


class Metrics:
    """Counters and durations of one desk, and readings that are taken when somebody looks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counters = {
            name: Counter(PREFIX + name, name.replace("_", " "), labels, registry=self.registry)
            for name, labels in _COUNTERS.items()
        }
        self._durations = {
            name: Histogram(
                PREFIX + name, name.replace("_", " "), labels, buckets=_SECONDS, registry=self.registry
            )
            for name, labels in _HISTOGRAMS.items()
        }
        self._gauges = _Gauges()
        self.registry.register(self._gauges)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter of the table above; a label that is not given is empty."""
        _child(self._counters[name], _COUNTERS[name], labels).inc(amount)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Note a duration."""
        _child(self._durations[name], _HISTOGRAMS[name], labels).observe(seconds)

    def watch(self, name: str, label: str, read: Callable[[], Reading]) -> None:
        """Show a reading as a gauge; `label` names the keys where it is a mapping."""
        self._gauges.readings[name] = (label, read)

    def turn_ended(self, part: FinishedPart) -> None:
        """Count a finished turn with its steps, tools and the guard's verdict."""
        outcome = part.outcome
        self.count("turns", kind=outcome.kind, language=outcome.language)
        self.observe("turn_seconds", part.total_ms / 1000)
        for name, ms in part.stages.items():
            self.observe("step_seconds", ms / 1000, step=name)
        for result in outcome.tools:
            self.count("tool_calls", tool=result.tool, status=result.status)
        if outcome.handoff_offered or outcome.handoff_accepted:
            self.count("handoffs", reason=outcome.handoff_reason)
        for step in part.steps:
            for verdict in _heard(step.output):
                self.count("model_verdicts", step=step.node, verdict=verdict)
            if step.node == "guard" and (judged := step.output.get("guard")):
                self.count("guard", outcome=judged["outcome"], mode=judged["mode"])
                refused = [receipt for receipt in judged["receipts"] if not receipt["supported"]]
                self.count("guard_refusals", len(refused))

    def model_call(self, exchange: Exchange) -> None:
        """Count a call of a model: how it ended, what it used, how long it took."""
        model, step = exchange.name, exchange.step
        self.count("model_calls", model=model, step=step, outcome=exchange.fault.partition(":")[0] or "ok")
        self.count("model_attempts", exchange.attempts, model=model, step=step)
        self.count("model_tokens", exchange.tokens_in, model=model, direction="in")
        self.count("model_tokens", exchange.tokens_out, model=model, direction="out")
        self.count("model_cost", exchange.cost, model=model)
        self.observe("model_seconds", exchange.ms / 1000, model=model, step=step)

    def text(self) -> str:
        """Everything in the exposition format."""
        return generate_latest(self.registry).decode()


class _Gauges(Collector):
    """Reads the gauges anew for every scrape."""

    def __init__(self) -> None:
        self.readings: dict[str, tuple[str, Callable[[], Reading]]] = {}

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One family for each reading."""
        for name, (label, read) in self.readings.items():
            value = read()
            family = GaugeMetricFamily(
                PREFIX + name, name.replace("_", " "), labels=[label] if isinstance(value, Mapping) else []
            )
            for key, number in value.items() if isinstance(value, Mapping) else [("", value)]:
                family.add_metric([key] if isinstance(value, Mapping) else [], number)
            yield family


def _heard(output: Mapping[str, Any]) -> Iterable[str]:
    """What the step's values say of a model's part in it, such as `refused`."""
    for value in output.values():
        told = (value or {}).get("reasons") or ()
        for note in (*told, *((value or {}).get("notes") or ())):
            if found := _MODEL_NOTE.match(note):
                yield found[1]


def _child(metric: Any, names: tuple[str, ...], labels: Mapping[str, str]) -> Any:
    return metric.labels(**{name: labels.get(name, "") for name in names}) if names else metric
