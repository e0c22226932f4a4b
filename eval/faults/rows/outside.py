"""Rows 21, 22 and 30: a company's service, the vectors and the websites that are imported misbehave."""

import asyncio
import shutil
import time

from eval.faults.locks import run_on
from eval.faults.provider import Provider, give_tools, provider
from eval.faults.rows.kills import ORDERS
from eval.faults.scene import QUESTION, Scene, Talk
from eval.faults.site import ENDLESS, PAGES, site

BALANCE = "What is the balance of my voucher TL-10482?"
BLOCK = "Please block my voucher TL-10482"
SHOP, PRIYA = ORDERS[0], ORDERS[1]


async def services(scene: Scene) -> None:
    """21: a service is slow, fails, knows nothing or does it and hangs up: told honestly, done once."""
    with provider() as (service, port):
        await give_tools(scene, port)
        for status, pause, wanted in (
            (200, 0.0, "success"),
            (500, 0.0, "failed"),
            (404, 0.0, "not_found"),
            (200, 4.0, "failed"),
            (200, 0.7, "success"),
        ):
            service.status, service.pause = status, pause
            talk = await scene.talk(SHOP, PRIYA)
            await talk.ask(BALANCE)
            found = await asyncio.to_thread(_last_status, scene, talk, "voucher_balance")
            scene.expect(found == wanted, f"{status} after {pause:g} s is {found}, not {wanted}")
        service.status, service.pause = 200, 0.0
        await _partial(scene, service)
    talk = await scene.talk(SHOP, PRIYA)
    said = await talk.ask("Where is my order TL-10475?")
    rows = await asyncio.to_thread(
        run_on, scene.stage, "SELECT order_id FROM orders WHERE email <> 'priya@example.com'"
    )
    scene.expect("TL-10475" not in said or ("TL-10475",) not in [tuple(row) for row in rows], said)


async def _partial(scene: Scene, service: Provider) -> None:
    """It does what it is asked and hangs up: nobody knows, so nobody claims it, and nobody tries again."""
    service.hangs_up = True
    before = len(service.calls)
    talk = await scene.talk(SHOP, PRIYA)
    await talk.ask(BLOCK)
    service.hangs_up = False
    calls = len(service.calls) - before
    scene.expect(calls == 1, f"the service was asked {calls} times for one action")
    found = await asyncio.to_thread(_last_status, scene, talk, "block_voucher")
    scene.expect(found == "failed", f"an action that ended in the dark is {found}")
    query = f"SELECT status FROM ledger WHERE ticket_id = '{talk.ticket_id}'"
    kept = [row[0] for row in await asyncio.to_thread(run_on, scene.stage, query)]
    scene.expect(kept == ["unknown"], f"the ledger says {kept}")


def _last_status(scene: Scene, talk: Talk, tool: str) -> str:
    query = f"""SELECT c.status FROM tool_calls c JOIN turns n ON n.id = c.turn_id
                WHERE n.ticket_id = '{talk.ticket_id}' AND c.tool = '{tool}' ORDER BY n.created_at, c.seq"""
    rows = run_on(scene.stage, query)
    return str(rows[-1][0]) if rows else "not called"


async def vectors(scene: Scene) -> None:
    """22: the vectors are missing, garbage or of another size: answered from words, then made again."""
    scene.expect(await _healed(scene), "the vectors of the seeds are not made")
    for damage in ("missing", "garbage", "dimension"):
        await _damaged(scene, damage)
        said = await (await scene.talk()).ask(QUESTION)
        scene.expect(any(char.isdigit() for char in said), f"{damage}: the price is not told: {said!r}")
        scene.expect(await _healed(scene), f"{damage}: the index does not come back by itself")


async def _damaged(scene: Scene, damage: str) -> None:
    """Break the vectors; they belong to the process, or to a Chroma server that is ended meanwhile."""
    folder, server = scene.stage.folder / "chroma", scene.stage.vectors
    if server is None:
        for one in scene.stage.servers:
            await asyncio.to_thread(one.kill)
    else:
        await asyncio.to_thread(server.stop)
        said = await (await scene.talk()).ask(QUESTION)
        scene.expect(any(char.isdigit() for char in said), f"without Chroma the price is not told: {said!r}")
    if damage == "missing":
        shutil.rmtree(folder)
    elif damage == "garbage" and server is None:
        (folder / "chroma.sqlite3").write_bytes(b"garbage" * 10_000)
    else:
        await asyncio.to_thread(_other_size, folder)
    if server is None:
        await scene.stage.ready()
    else:
        await asyncio.to_thread(server.start)


def _other_size(folder: object) -> None:
    """Every collection anew with vectors of three numbers."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    for known in client.list_collections():
        client.delete_collection(known.name)
        made = client.create_collection(known.name, embedding_function=None)
        meta = {"passage": "psg_x", "role": "text", "signature": "other"}
        made.add(ids=["x"], embeddings=[[0.1, 0.2, 0.3]], metadatas=[meta])
    client.close()


async def _healed(scene: Scene, seconds: float = 240.0) -> bool:
    """Whether the company's vectors are all there again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        index = (await scene.operator("GET", "/api/health")).json()["index"]["aipassportphoto"]
        if index["available"] and index["drift"] == 0:
            return True
        await (await scene.talk()).ask(QUESTION)
        await asyncio.sleep(1.0)
    return False


async def websites(scene: Scene) -> None:
    """30: a hostile site costs its own pages only, and a killed import goes on where it was."""
    async with site() as served:
        job = await _import(scene, f"http://127.0.0.1:{served.port}/")
        pages = (await scene.operator("GET", f"/api/imports/{job['id']}/pages")).json()
        states = {page["url"].rpartition("/")[2]: page["state"] for page in pages}
        for path, page in PAGES.items():
            name = path.rpartition("/")[2]
            scene.expect(states.get(name) == page.state, f"{path} is {states.get(name)}, not {page.state}")
        server = scene.stage.servers[0]
        begun = await _begin(scene, f"http://127.0.0.1:{served.port}{ENDLESS}")
        await asyncio.sleep(1.5)
        await asyncio.to_thread(server.kill)
        asked = len(served.asked)
        server.start()
        await asyncio.to_thread(server.wait)
        job = await _ended(scene, begun)
        again = len(served.asked) - asked
        scene.expect(job["status"] == "done", f"the killed import is {job['status']}")
        scene.expect(0 < again <= served.endless + 10, f"it asked {again} times after its restart")
    said = await (await scene.talk()).ask(QUESTION)
    scene.expect(any(char.isdigit() for char in said), f"the old knowledge does not serve: {said!r}")


async def _import(scene: Scene, url: str) -> dict[str, str]:
    return await _ended(scene, await _begin(scene, url))


async def _begin(scene: Scene, url: str) -> str:
    body = {"company": "nodes-garden", "url": url, "maxPages": 60}
    answer = await scene.operator("POST", "/api/imports", json=body)
    scene.expect(answer.status_code == 201, f"the import is refused: {answer.text}")
    return str(answer.json()["id"])


async def _ended(scene: Scene, job_id: str, seconds: float = 180.0) -> dict[str, str]:
    end = time.monotonic() + seconds
    job: dict[str, str] = {"id": job_id, "status": "never begun"}
    while time.monotonic() < end:
        job = (await scene.operator("GET", f"/api/imports/{job_id}")).json()
        if job["status"] not in ("queued", "running"):
            return job
        await asyncio.sleep(0.5)
    scene.expect(False, f"the import is still {job['status']} after {seconds:g} s")
    return job
