"""Rows 11 to 14: the database is full, locked, gone or read by somebody for very long."""

import asyncio
import contextlib
import os
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from eval.faults.locks import locked, reading, run_on
from eval.faults.scene import Scene, Talk
from eval.faults.servers import command
from graph.errors import Unavailable
from store.engines import BUSY_TIMEOUT_MS, normalised
from store.upkeep import back_up

WAITS = BUSY_TIMEOUT_MS / 1000
UNLIMITED = resource.RLIM_INFINITY


async def full(scene: Scene) -> None:
    """11: nothing more can be written: messages are refused, the rest can be read, and it mends itself."""
    talk = await scene.talk()
    await talk.ask()
    async with _full(scene):
        refused = await talk.once("Is there room for one more?")
        scene.expect(_is_refusal(refused), f"a message on a full disk gets {_status(refused)}")
        seen = await scene.http.get(f"{talk.base}/tickets/{talk.ticket_id}", headers=talk.headers)
        scene.expect(seen.status_code == 200, f"reading on a full disk gets {seen.status_code}")
    await talk.ask("Is there room for one more?")


@asynccontextmanager
async def _full(scene: Scene) -> AsyncIterator[None]:
    """No file of an embedded desk may grow; the PostgreSQL server says that it has no room."""
    if scene.stage.profile == "postgres":
        await asyncio.to_thread(run_on, scene.stage, *_NO_ROOM)
        try:
            yield
        finally:
            await asyncio.to_thread(run_on, scene.stage, *_ROOM)
        return
    pids = [server.process.pid for server in scene.stage.servers if server.process is not None]
    for pid in pids:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


_TABLES = ("messages", "turns", "events", "checkpoints")
_NO_ROOM = (
    """CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$""",
    *(
        f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()"
        for table in _TABLES
    ),
)
_ROOM = tuple(f"DROP TRIGGER no_room ON {table}" for table in _TABLES)


async def busy(scene: Scene) -> None:
    """12: locked for a second is not noticed; for longer, messages are refused and nothing runs."""
    talk = await scene.talk()
    await talk.ask()
    async with locked(scene.stage):
        sending = asyncio.create_task(talk.once())
        await asyncio.sleep(1.0)
    answer = await sending
    scene.expect(answer is not None and answer.status_code == 202, f"a second's lock gives {_status(answer)}")
    await talk.replies()
    async with locked(scene.stage):
        begun = time.monotonic()
        refused = await talk.once("Still locked?")
        seconds = time.monotonic() - begun
    scene.expect(_is_refusal(refused), f"a lock that stays gives {_status(refused)}")
    scene.expect(seconds < WAITS + 5, f"the refusal came after {seconds:.1f} s")
    await talk.ask("Still locked?")


async def broken(scene: Scene) -> None:
    """13: a database that is gone or damaged is noticed: red, nothing acknowledged, a clear word."""
    talk = await scene.talk()
    await talk.ask()
    if scene.stage.profile == "postgres":
        await _unreachable(scene, talk)
    else:
        await _replaced(scene, talk)
        await _damaged(scene)
    await talk.ask("Are you back?")


async def _unreachable(scene: Scene, talk: Talk) -> None:
    url = normalised(scene.stage.database)
    maintenance = url.set(database="postgres")
    stop = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'"
    await asyncio.to_thread(
        command, maintenance, f'ALTER DATABASE "{url.database}" WITH ALLOW_CONNECTIONS false'
    )
    await asyncio.to_thread(command, maintenance, stop)
    try:
        scene.expect(await scene.is_red(20), "a process without a database says that it is ready")
        refused = await talk.once("Anybody there?")
        scene.expect(_is_refusal(refused), f"without a database a message gets {_status(refused)}")
    finally:
        await asyncio.to_thread(
            command, maintenance, f'ALTER DATABASE "{url.database}" WITH ALLOW_CONNECTIONS true'
        )
    scene.expect(await scene.is_green(30), "it is not ready again")


async def _replaced(scene: Scene, talk: Talk) -> None:
    """The file is taken away while the desk runs; what is written then would be lost."""
    path = _file(scene)
    aside = path.with_suffix(".aside")
    path.rename(aside)
    refused = await talk.once("Anybody there?")
    scene.expect(_is_refusal(refused), f"with the file gone a message gets {_status(refused)}")
    scene.expect(await scene.is_red(60), "a process whose file is gone says that it is ready")
    aside.rename(path)
    scene.expect(await scene.is_green(60), "it is not ready again with its file")


async def _damaged(scene: Scene) -> None:
    """A process that is to serve a damaged copy does not begin to, and says what to do."""
    server, copy = scene.stage.servers[0], scene.stage.folder / "damaged.db"
    await asyncio.to_thread(server.stop)
    for name, damage in (("garbage", _overwrite), ("half a file", _halve), ("no database", _nothing)):
        await asyncio.to_thread(back_up, _file(scene), copy)
        damage(copy)
        told = len(server.said)
        server.start(SUPPORTGRAPH_DATABASE_URL=f"sqlite:///{copy}")
        with contextlib.suppress(Unavailable):
            await asyncio.to_thread(server.wait)
            scene.expect(False, f"it starts on {name}")
        said = server.said[told:]
        scene.expect("restore" in said and "Traceback" not in said, f"it says of {name}: {said[-300:]!r}")
        await asyncio.to_thread(server.kill)
        copy.unlink()
    server.start()
    await asyncio.to_thread(server.wait)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(200))


def _halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def _nothing(path: Path) -> None:
    path.write_text("this was a database once " * 400)


async def long_reader(scene: Scene) -> None:
    """14: somebody reads for long; nobody has to wait, and the health page tells of it."""
    talks = [await scene.talk(place=place) for place in range(4)]
    for talk in talks:
        await talk.ask()
    async with reading(scene.stage):
        slowest = 0.0
        for round_ in range(5):
            begun = time.monotonic()
            await asyncio.gather(*(talk.once(f"How long does it take? {round_}") for talk in talks))
            slowest = max(slowest, time.monotonic() - begun)
            for talk in talks:
                await talk.replies()
        found = (await scene.operator("GET", "/api/health")).json()["size"]
    told = found["oldestReadSeconds"] if scene.stage.profile == "postgres" else found["logBytes"]
    scene.expect(told > 0, f"the health page does not tell: {found}")
    scene.expect(slowest < 5, f"a message waited {slowest:.1f} s for a reader")


def _file(scene: Scene) -> Path:
    return Path(normalised(scene.stage.database).database or "")


def _is_refusal(answer: object) -> bool:
    """503 with the time after which to ask again."""
    headers = getattr(answer, "headers", {})
    return getattr(answer, "status_code", 0) == 503 and int(headers.get("Retry-After", 0)) > 0


def _status(answer: object) -> str:
    return str(getattr(answer, "status_code", "no answer"))
