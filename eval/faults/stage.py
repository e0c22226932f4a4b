"""Where a fault run happens: a private desk in one of the two profiles, and processes that serve it."""

import asyncio
import os
import secrets
import signal
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

from eval.faults.nursery import Child, Nursery, nursery
from eval.faults.servers import GIVEN, ChromaServer, chroma_server, new_database, postgres_server, url_text
from graph.errors import Unavailable
from store.database import Store
from store.migrate import upgrade
from store.ports import Clock, Ids

Profile = Literal["embedded", "postgres"]
READY_SECONDS = 300.0
LEASE_SECONDS = 5.0
"""Short, so that a run shows many resumed turns."""


@dataclass
class Server:
    """One process of the desk, on a port that it keeps when it starts again."""

    nursery: Nursery
    environment: Mapping[str, str]
    log: Path
    sabotage: str = ""
    """How every start of it is sabotaged, as `api.sabotage` reads it."""
    port: int = field(default_factory=lambda: free_port())
    process: Child | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_ready(self) -> bool:
        """Whether it says so."""
        return self._says() is not None

    @property
    def is_warm(self) -> bool:
        """Whether it says that all is loaded."""
        return (self._says() or {}).get("warm") is True

    def _says(self) -> dict[str, object] | None:
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=2.0, trust_env=False)
        except httpx.TransportError:
            return None
        return dict(answer.json()) if answer.status_code == 200 else None

    @property
    def is_alive(self) -> bool:
        """Whether its process has not ended."""
        return self.process is not None and self.process.is_alive

    def start(self, sabotage: str = "", **more: str) -> None:
        """Begin to serve; returns at once. `sabotage` comes on top of its own."""
        parts = ",".join(filter(None, (self.sabotage, sabotage)))
        given = {"SUPPORTGRAPH_PORT": str(self.port), "SUPPORTGRAPH_SABOTAGE": parts, **more}
        self.process = self.nursery.start(["serve"], {**self.environment, **given}, self.log)

    def wait(self, seconds: float = READY_SECONDS) -> None:
        """Return when it is ready; `Unavailable` with the end of its log when it does not get so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.is_alive:
            if self.is_ready:
                return
            time.sleep(0.05)
        raise Unavailable(f"a process did not get ready: {self.said[-800:]}")

    @property
    def said(self) -> str:
        """What stands in its log."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def arm(self) -> None:
        """From now on its sabotage may strike."""
        if self.process is not None:
            self.process.send(signal.SIGUSR1)

    def dies(self, seconds: float) -> bool:
        """Whether it ends by itself within so many seconds."""
        return self.process is None or self.process.ended(seconds)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def stop(self, seconds: float = 40.0) -> float:
        """Ask it to end and wait; returns the seconds that took."""
        begun = time.monotonic()
        self._end(signal.SIGTERM, seconds)
        return time.monotonic() - begun

    def _end(self, sign: signal.Signals, seconds: float = 20.0) -> None:
        if self.process is None:
            return
        self.process.send(sign)
        if not self.process.ended(seconds):
            raise Unavailable(f"a process did not end within {seconds:g} s")
        self.process = None


@dataclass
class Stage:
    """A seeded desk, its processes, and a store of our own that reads what they wrote."""

    profile: Profile
    folder: Path
    servers: Sequence[Server]
    store: Store
    database: str
    key: str
    nursery: Nursery
    environment: Mapping[str, str]
    """The settings that all processes share."""
    vectors: ChromaServer | None = None

    async def ready(self) -> None:
        """Start what does not run, and wait until all are ready."""
        for server in self.servers:
            if not server.is_alive:
                server.start()
        await asyncio.gather(*(asyncio.to_thread(server.wait) for server in self.servers))

    async def command(self, *command: str, **more: str) -> str:
        """Run a command of the product to its end; what it said, or `Unavailable` with that."""
        log = self.folder / f"command-{secrets.token_hex(4)}.log"
        child = self.nursery.start(command, {**self.environment, **more}, log)
        if not await asyncio.to_thread(child.ended, READY_SECONDS):
            child.send(signal.SIGKILL)
            raise Unavailable(f"{command[0]} did not end")
        return log.read_text("utf-8", "replace") if log.exists() else ""


@contextmanager
def staged(
    profile: Profile,
    environment: Mapping[str, str],
    *,
    clock: Clock,
    ids: Ids,
    models: Path | None = None,
    processes: int = 0,
    chroma: bool = True,
) -> Iterator[Stage]:
    """A migrated desk and processes that are not started yet; everything is gone afterwards.

    `models` is where the embedder's model file was built before; without it the desk compares words only,
    which starts much sooner and is all that faults need. Without `chroma` each process of the
    PostgreSQL profile has a folder and vectors of its own instead of a Chroma server.
    """
    count = processes or (1 if profile == "embedded" else 3)
    with ExitStack() as held:
        started = held.enter_context(nursery(environment))
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="supportgraph-faults-")))
        vectors: ChromaServer | None = None
        urls = {"DATABASE_URL": f"sqlite:///{folder / 'supportgraph.db'}", "CHROMA_URL": ""}
        if profile == "postgres":
            server = postgres_server(environment.get(GIVEN, ""))
            name = f"supportgraph_faults_{os.getpid()}_{folder.name[-6:].lower()}"
            url = held.enter_context(new_database(server, name))
            if chroma:
                vectors = held.enter_context(chroma_server(folder / "chroma", free_port()))
            urls = {"DATABASE_URL": url_text(url), "CHROMA_URL": vectors.url if vectors else ""}
        settings = {
            **environment,
            **_settings(folder, urls),
            "SUPPORTGRAPH_MODEL_DIR": str((models or folder).resolve()),
        }
        upgrade(urls["DATABASE_URL"])
        store = Store.open(
            urls["DATABASE_URL"], clock=clock, ids=ids, secret_key=settings["SUPPORTGRAPH_SECRET_KEY"]
        )
        apart = profile == "postgres" and not chroma
        folders = [folder / f"server-{number}" if apart else folder for number in range(count)]
        servers = [
            Server(
                started,
                {**settings, "SUPPORTGRAPH_DATA_DIR": str(home)},
                folder / f"server-{number}.log",
                sabotage="" if models else "words",
            )
            for number, home in enumerate(folders)
        ]
        key = settings["SUPPORTGRAPH_API_KEY"]
        try:
            yield Stage(
                profile, folder, servers, store, urls["DATABASE_URL"], key, started, settings, vectors
            )
        finally:
            for one in servers:
                one.kill()
            store.shut()


def _settings(folder: Path, urls: Mapping[str, str]) -> dict[str, str]:
    made = {
        "ENV": "production",
        "DEMO": "true",
        "DATA_DIR": str(folder),
        "API_KEY": secrets.token_urlsafe(32),
        "SECRET_KEY": secrets.token_urlsafe(32),
        "RATE_FACTOR": "0",
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "CHECKPOINT_URL": "",
        "LLM_MODEL": "",
        "LLM_MODELS": "{}",
        "TOOL_HOSTS": "127.0.0.1",
        "IMPORT_PRIVATE_HOSTS": "127.0.0.1",
        **urls,
    }
    return {f"SUPPORTGRAPH_{name}": value for name, value in made.items()}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
