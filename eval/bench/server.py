"""A real `supportgraph serve` in a process of its own, on a private folder and a free port."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from graph.errors import Unavailable

_READY_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A desk that answers: where, with which key, as which process, and how long it took to be ready."""

    url: str
    key: str
    pid: int
    ready_after: float

    @property
    def rss_mb(self) -> float:
        """The resident memory of the process now, in megabytes; 0 where the system does not tell."""
        lines = self._told("status").splitlines()
        kilobytes = next((line.split()[1] for line in lines if line.startswith("VmRSS:")), "0")
        return round(int(kilobytes) / 1024, 1)

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the process so far, which other work on the machine does not change much."""
        fields = self._told("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0

    def _told(self, file: str) -> str:
        try:
            return Path(f"/proc/{self.pid}/{file}").read_text("utf-8")
        except OSError:
            return ""


@contextmanager
def prepared(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A private data folder, migrated and seeded; yields the environment that serves it."""
    with tempfile.TemporaryDirectory(prefix="supportgraph-bench-") as folder:
        settings = {
            **environment,
            "SUPPORTGRAPH_ENV": "development",
            "SUPPORTGRAPH_DATA_DIR": folder,
            "SUPPORTGRAPH_PORT": str(_free_port()),
            "SUPPORTGRAPH_API_KEY": secrets.token_urlsafe(32),
            "SUPPORTGRAPH_DATABASE_URL": "",
            "SUPPORTGRAPH_CHECKPOINT_URL": "",
            "SUPPORTGRAPH_CHROMA_URL": "",
            "SUPPORTGRAPH_LLM_MODEL": "",
            "SUPPORTGRAPH_LLM_MODELS": "{}",
        }
        for command in ("migrate", "seed"):
            done = subprocess.run(
                [*program(), command], env=settings, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise Unavailable(f"supportgraph {command} failed: {done.stderr.strip()[-400:]}")
        yield settings


@contextmanager
def serving(settings: Mapping[str, str]) -> Iterator[Served]:
    """Serve a prepared folder until the block ends; raises `Unavailable` when it does not get ready."""
    url = f"http://127.0.0.1:{settings['SUPPORTGRAPH_PORT']}"
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen([*program(), "serve"], env=dict(settings), stdout=log, stderr=log)
        try:
            _wait(url, process, start)
            ready_after = time.perf_counter() - start
            yield Served(url, settings["SUPPORTGRAPH_API_KEY"], process.pid, ready_after)
        except Unavailable as error:
            log.seek(0)
            raise Unavailable(f"{error.message}: {log.read()[-800:].decode('utf-8', 'replace')}") from error
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def serving_models(settings: Mapping[str, str]) -> Iterator[str]:
    """The scripted models in a process of their own; yields their base URL."""
    process = subprocess.Popen(
        [*program(), "scripted", "--port", "0"], env=dict(settings), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            raise Unavailable("supportgraph scripted did not start")
        yield url
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _wait(url: str, process: subprocess.Popen[bytes], start: float) -> None:
    while time.perf_counter() - start < _READY_WITHIN:
        if process.poll() is not None:
            raise Unavailable(f"supportgraph serve ended with code {process.returncode}")
        try:
            if httpx.get(f"{url}/readyz", timeout=2.0, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise Unavailable(f"supportgraph serve was not ready within {_READY_WITHIN:g} s")


def program() -> list[str]:
    """The command of this installation."""
    return [str(Path(sys.executable).with_name("supportgraph"))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
