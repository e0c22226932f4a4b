"""A run goes to LangSmith whole and once, and a LangSmith that fails is told plainly."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from eval.experiment import upload
from eval.runner import Run
from eval.summary import case_rows, summarise
from graph.errors import Unavailable
from tests.eval.fakes import result

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class LangSmith:
    """What a LangSmith server has been told, behind a real port."""

    def __init__(self) -> None:
        self.datasets: dict[str, dict[str, Any]] = {}
        self.examples: list[dict[str, Any]] = []
        self.projects: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = []
        self.feedback: list[dict[str, Any]] = []
        self.refuses = False

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """The reply to one request."""
        if self.refuses:
            return 403, {"detail": "no"}
        if "/examples" in path:
            self.examples += body
            return 200, body
        if path.startswith("/datasets") and method == "GET":
            return 200, list(self.datasets.values())
        if path.startswith("/datasets"):
            made = {"id": str(uuid4()), "name": body["name"], "created_at": NOW.isoformat()}
            self.datasets[body["name"]] = made
            return 200, made
        if path.startswith("/sessions") and method == "GET":
            return 200, [self._project(body) for body in self.projects]
        if path.startswith("/sessions"):
            self.projects.append(body)
            return 200, self._project(body)
        if path.startswith("/runs"):
            self.runs.append(body)
            return 202, {}
        if path.startswith("/feedback"):
            self.feedback.append(body)
            return 200, body | {"created_at": NOW.isoformat(), "modified_at": NOW.isoformat()}
        return 200, {"version": "0.0.0", "instance_flags": {}}

    def _project(self, body: dict[str, Any]) -> dict[str, Any]:
        made = {"id": str(uuid5(NAMESPACE_URL, body["name"])), "name": body["name"]}
        reference = body["reference_dataset_id"]
        return made | {
            "tenant_id": str(NAMESPACE_URL),
            "start_time": NOW.isoformat(),
            "reference_dataset_id": reference,
        }


def _parts(raw: bytes, kind: str) -> Any:
    """The body of a request: JSON, or the parts of a form put together as one example each."""
    if not kind.startswith("multipart/"):
        return json.loads(raw) if raw else None
    boundary = kind.split("boundary=")[1].encode()
    rows: dict[str, dict[str, Any]] = {}
    for part in raw.split(b"--" + boundary)[1:-1]:
        head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]+)"', head)
        assert name is not None
        example, _, field = name[1].decode().partition(".")
        value = json.loads(content)
        rows.setdefault(example, {"id": example}).update({field: value} if field else value)
    return list(rows.values())


@pytest.fixture
def server() -> Iterator[tuple[LangSmith, str]]:
    """A LangSmith on a local port, and its address."""
    told = LangSmith()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = _parts(raw, self.headers.get("Content-Type") or "")
            status, reply = told.answer(self.command, self.path, body)
            content = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=httpd.serve_forever, daemon=True).start()
    yield told, f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


def _results() -> dict[str, Any]:
    run = Run(((result("a", passed=True), result("b", passed=False)),))
    return {"summary": summarise(run), "cases": case_rows(run)}


def _upload(address: str, run_id: str) -> str:
    return upload(_results(), title="desk", now=NOW, run_id=run_id, key="k", endpoint=address)


def test_that_every_case_is_a_run_with_its_example_and_its_verdict(server: tuple[LangSmith, str]) -> None:
    told, address = server

    assert _upload(address, "one") == "desk one"

    assert len(told.examples) == 2
    assert {run["reference_example_id"] for run in told.runs} == {row["id"] for row in told.examples}
    assert [run["outputs"]["kind"] for run in told.runs] == ["answer", "unknown"]
    assert [row["score"] for row in told.feedback] == [1.0, 0.0]
    assert told.projects[0]["reference_dataset_id"] == next(iter(told.datasets.values()))["id"]


def test_that_the_same_cases_are_one_dataset_with_two_experiments(server: tuple[LangSmith, str]) -> None:
    told, address = server

    _upload(address, "one")
    _upload(address, "two")

    assert (len(told.datasets), len(told.examples), len(told.projects)) == (1, 2, 2)
    assert len({run["id"] for run in told.runs}) == 4


def test_that_a_refusal_is_told(server: tuple[LangSmith, str]) -> None:
    told, address = server
    told.refuses = True

    with pytest.raises(Unavailable, match="LangSmith"):
        _upload(address, "one")
