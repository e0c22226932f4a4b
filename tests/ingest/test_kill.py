"""kill -9 at any moment: nobody ever sees half a page, and the next process finishes the import."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from store.values.knowledge import PassageRow
from tests.ingest.conftest import Bench
from tests.ingest.killed import LEASE
from tests.ingest.web import Answer, Request, page, words

PAGES = 16
PARTS = 4
PROGRAM = "from tests.ingest.killed import main; main()"
ROOT = Path(__file__).parents[2]


def shop(request: Request) -> Answer:
    """A site whose every page has as many passages as any other."""
    if request.path in ("/robots.txt", "/sitemap.xml"):
        return Answer(status=404)
    name = request.path[1:] or "start"
    parts = "".join(f"<h2>Part {n}</h2><p>{words(f'{name}-{n}')}</p>" for n in range(PARTS))
    links = "".join(f"<a href='/p{n}'></a>" for n in range(PAGES)) if name == "start" else ""
    return Answer(page(name, f"<nav>{links}</nav>", parts).encode(), pause=0.02)


async def test_that_a_killed_import_is_finished_and_no_page_is_ever_half(bench: Bench) -> None:
    bench.web.sites["shop.test"] = shop
    job = await bench.queue()
    database = f"sqlite:///{bench.database}"
    seen: list[int] = []

    imports = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        database,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    for enough in (1, 8, None):
        seen += await _run_until(imports, bench, enough)
        await asyncio.sleep(LEASE if enough else 0)
    assert imports.stdin is not None
    imports.stdin.close()
    await imports.wait()

    rows = await bench.pages(job)
    assert seen == sorted(seen)
    assert {row.state for row in rows.values()} == {"indexed"}
    assert _whole_pages(await bench.passages()) == len(rows) == PAGES + 1
    ended_job = await bench.store.read(bench.scope, lambda uow: uow.jobs.get(job.id))
    assert (ended_job.status, ended_job.attempts) == ("done", 3)


async def _run_until(imports: asyncio.subprocess.Process, bench: Bench, enough: int | None) -> list[int]:
    """Let one process import, kill it when so many pages are there; returns how many could be seen when."""
    assert imports.stdin is not None
    assert imports.stdout is not None
    imports.stdin.write(b"go\n")
    process = int(await imports.stdout.readline())
    ended = asyncio.create_task(imports.stdout.readline())
    seen: list[int] = []
    while not ended.done():
        seen.append(_whole_pages(await bench.passages()))
        if enough is not None and seen[-1] > enough:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            await ended
        await asyncio.sleep(0.02)
    return seen


def _whole_pages(passages: list[PassageRow]) -> int:
    """How many pages can be answered from; all of them whole."""
    counts: dict[str, int] = {}
    for passage in passages:
        counts[passage.source_id] = counts.get(passage.source_id, 0) + 1
    assert set(counts.values()) <= {PARTS, PARTS + 1}
    return len(counts)
