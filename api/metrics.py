"""A few counters as Prometheus text: what happened in this process since it started."""

from collections import Counter
from collections.abc import Mapping


class Metrics:
    """Counters by name and labels."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to a counter, such as `count("turns", kind="answer")`."""
        self._counts[name, tuple(sorted(labels.items()))] += amount

    def text(self, gauges: Mapping[str, float]) -> str:
        """All counters and the given gauges in the exposition format."""
        lines = [
            f"# TYPE supportgraph_{name} gauge\nsupportgraph_{name} {value}" for name, value in gauges.items()
        ]
        names: set[str] = set()
        for (name, labels), value in sorted(self._counts.items()):
            full = f"supportgraph_{name}_total"
            if name not in names:
                names.add(name)
                lines.append(f"# TYPE {full} counter")
            shown = ",".join(f'{key}="{text}"' for key, text in labels)
            lines.append(f"{full}{{{shown}}} {value}" if shown else f"{full} {value}")
        return "\n".join(lines) + "\n"
