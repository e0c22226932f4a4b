"""The benchmarks, by the name that the command line knows them by."""

from collections.abc import Callable, Mapping
from pathlib import Path

from eval.bench import imports, model, pages, recall, retrieval, start, stream, turn
from eval.bench.load import Json
from graph.errors import Invalid

_BENCHES: Mapping[str, Callable[..., Json]] = {
    "turn": turn.bench,
    "stream": stream.bench,
    "model": model.bench,
    "retrieval": retrieval.bench,
    "import": imports.bench,
    "start": start.bench,
    "pages": pages.bench,
    "recall": recall.bench,
}


def bench(
    name: str,
    *,
    environment: Mapping[str, str],
    requests: int | None,
    concurrency: int,
    folder: Path | None = None,
) -> Json:
    """Run a benchmark; without `requests` it takes its own number. `Invalid` for an unknown name.

    `folder`: HTML pages to import, for `import` alone.
    """
    if name not in _BENCHES:
        raise Invalid(f"no benchmark {name!r}; there are {', '.join(_BENCHES)}", field="name")
    if concurrency < 1 or (requests is not None and requests < 1):
        raise Invalid("requests and concurrency have to be at least 1", field="requests")
    given = {"requests": requests, "folder": folder}
    chosen = {key: value for key, value in given.items() if value is not None}
    if folder is not None and name != "import":
        raise Invalid("only the benchmark import takes a folder", field="folder")
    return _BENCHES[name](environment, concurrency=concurrency, **chosen)
