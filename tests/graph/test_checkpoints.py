"""Checkpoints in a file and on PostgreSQL: resumed by whoever comes next, small once a ticket is closed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig

from eval.faults.servers import url_text
from graph.adapters.checkpoints import InlineSqliteSaver, open_saver
from graph.adapters.shared_checkpoints import PooledPostgresSaver, open_pooled_saver
from graph.build import build_graph
from graph.parts import StagePart
from graph.run import run_turn
from store.engines import conninfo
from tests import postgres
from tests.fakes import ScriptedRetriever, deps, hit
from tests.graph.test_turn import ANSWERING, end, parts_of, start

Saver = InlineSqliteSaver | PooledPostgresSaver
QUESTION = "Does a lamp come with a bulb?"
THREAD: RunnableConfig = {"configurable": {"thread_id": "tkt_1"}}


@pytest.fixture(scope="module")
def postgres_url() -> str:
    """A database for this module's checkpoints."""
    return conninfo(url_text(postgres.new_database(template="template0")))


@pytest.fixture(params=["sqlite", "postgresql"])
async def saver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Saver]:
    """An empty saver."""
    if request.param == "sqlite":
        opened: Saver = open_saver(tmp_path / "checkpoints.db")
    else:
        opened = await open_pooled_saver(request.getfixturevalue("postgres_url"), concurrency=4)
        for number in range(1, 5):
            await opened.adelete_thread(f"tkt_{number}")
    yield opened
    await opened.aclose()


async def states(saver: Saver) -> list[str]:
    """The turn of every checkpoint that is left, newest first."""
    return [str((found.metadata or {}).get("turn")) async for found in saver.alist(THREAD)]


async def test_that_another_process_goes_on_from_the_last_checkpoint(saver: Saver) -> None:
    retriever = ScriptedRetriever(hits=(hit(0.95),))
    run = run_turn(build_graph(saver), start(QUESTION), deps(retriever=retriever))
    async for part in run:
        if isinstance(part, StagePart) and part.node == "triage":
            break
    await run.aclose()

    parts = await parts_of(build_graph(saver), start(QUESTION, attempt=2), deps(retriever=retriever))

    assert [step.node for step in end(parts).steps] == ["safety", "triage", "answer", "guard"]
    assert end(parts).outcome.text == "Every lamp comes with one bulb."
    assert len(retriever.seen) == 1


async def test_that_turn_ends_are_kept_and_what_lies_between_is_not(saver: Saver) -> None:
    graph = build_graph(saver)
    for number in range(3):
        parts = await parts_of(graph, start(QUESTION, f"trn_{number}"), deps(**ANSWERING))
    before = await graph.aget_state(THREAD)
    kept = await states(saver)

    removed = await saver.keep_turn_ends("tkt_1")

    assert await states(saver) == ["trn_2", "trn_1", "trn_0"]
    assert removed == len(kept) - 3
    after = await graph.aget_state(THREAD)
    assert after.values == before.values
    again = await parts_of(graph, start(QUESTION, "trn_2", attempt=2), deps(**ANSWERING))
    assert end(again).outcome == end(parts).outcome
    assert await saver.keep_turn_ends("tkt_1") == 0


async def test_that_a_deleted_thread_leaves_nothing(saver: Saver) -> None:
    await parts_of(build_graph(saver), start(QUESTION), deps(**ANSWERING))
    full = await saver.bytes_kept()

    await saver.adelete_thread("tkt_1")
    await saver.scrub()

    assert await states(saver) == []
    assert await saver.bytes_kept() <= full


async def test_that_turns_of_one_process_do_not_wait_for_each_other_on_postgres(postgres_url: str) -> None:
    saver = await open_pooled_saver(postgres_url, concurrency=4)
    async with asyncio.timeout(5), saver.lock:
        found = await asyncio.gather(*(saver.aget_tuple(THREAD) for _ in range(4)))
    await saver.aclose()

    assert len(found) == 4


async def test_that_processes_that_start_together_make_the_tables_once() -> None:
    url = postgres.new_database(template="template0")
    opened = await asyncio.gather(
        *(open_pooled_saver(conninfo(url_text(url)), concurrency=1) for _ in range(3))
    )

    assert await opened[2].aget_tuple(THREAD) is None
    for saver in opened:
        await saver.aclose()
    postgres.drop_database(url)


async def test_that_a_turn_of_another_release_is_run_again_from_its_message(
    saver: Saver, monkeypatch: pytest.MonkeyPatch
) -> None:
    retriever = ScriptedRetriever(hits=(hit(0.95),))
    run = run_turn(build_graph(saver), start(QUESTION), deps(retriever=retriever))
    async for part in run:
        if isinstance(part, StagePart) and part.node == "triage":
            break
    await run.aclose()
    monkeypatch.setattr("graph.run.state_version", lambda: "another form")

    parts = await parts_of(build_graph(saver), start(QUESTION, attempt=2), deps(retriever=retriever))

    assert [step.node for step in end(parts).steps] == ["safety", "triage", "answer", "guard"]
    assert end(parts).outcome.text == "Every lamp comes with one bulb."
    assert len(retriever.seen) == 2


async def test_that_a_turn_costs_as_much_on_a_long_ticket_as_on_a_short_one(saver: Saver) -> None:
    graph = build_graph(saver)
    for number in range(30):
        await parts_of(graph, start(QUESTION, f"trn_{number:02}"), deps(**ANSWERING))

    sizes: dict[str, int] = {}
    async for found in saver.alist(THREAD):
        turn = str(found.metadata["turn"])  # type: ignore[typeddict-item]
        writes = found.pending_writes or []
        kept = (found.checkpoint, *(value for _, _, value in writes))
        sizes[turn] = sizes.get(turn, 0) + sum(len(saver.serde.dumps_typed(value)[1]) for value in kept)
    early = sum(sizes[f"trn_{number:02}"] for number in range(1, 6))
    late = sum(sizes[f"trn_{number:02}"] for number in range(25, 30))
    assert len(sizes) == 30
    assert late <= 1.02 * early
    assert early / 5 < 60_000
