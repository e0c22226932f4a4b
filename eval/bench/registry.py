"""The benchmarks, by the name that the command line knows them by."""

from collections.abc import Callable, Mapping

from eval.bench import model, retrieval, start, stream, turn
from eval.bench.load import Json
from graph.errors import Invalid

_BENCHES: Mapping[str, Callable[..., Json]] = {
    "turn": turn.bench,
    "stream": stream.bench,
    "model": model.bench,
    "retrieval": retrieval.bench,
    "start": start.bench,
}


def bench(name: str, *, environment: Mapping[str, str], requests: int | None, concurrency: int) -> Json:
    """Run a benchmark; without `requests` it takes its own number. `Invalid` for an unknown name."""
    if name not in _BENCHES:
        raise Invalid(f"no benchmark {name!r}; there are {', '.join(_BENCHES)}", field="name")
    if concurrency < 1 or (requests is not None and requests < 1):
        raise Invalid("requests and concurrency have to be at least 1", field="requests")
    amount = {} if requests is None else {"requests": requests}
    return _BENCHES[name](environment, concurrency=concurrency, **amount)
