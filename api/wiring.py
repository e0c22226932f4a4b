"""The one composition root: settings in, an opened desk out. Only here do adapters meet ports.

Heavy libraries are imported inside the functions, so that a command that needs none of them starts at once.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from api.alerts import keep_telling
from api.canary_watch import keep_probing
from api.deps import DepsBuilder
from api.desk import Desk
from api.durable import hear_others, open_checkpoints
from api.environment import prepare_environment
from api.execution import Execution
from api.hub import Hub
from api.keyfile import secret_key
from api.limits import Backoff, Limits
from api.mailer import Smtp, keep_sending
from api.metrics import Metrics
from api.models import Budget, open_models
from api.open_streams import OpenStreams
from api.remote_tools import Breakers
from api.settings import Settings
from api.sweeper import keep_sweeping
from api.tracing import open_tracing
from api.webhooks import Caller
from api.worker import POLL_SECONDS, Worker
from graph.adapters.chance import SystemChance
from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from graph.ports import Chance, Classifier, Clock, Ids
from store.database import Store

if TYPE_CHECKING:
    from retrieval.embed import EmbeddingsServer
    from retrieval.index import Index

OPENAI = "https://api.openai.com/v1"


async def open_desk(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    chance: Chance | None = None,
    index: "Index | None" = None,
    migrate: bool = True,
    worker: bool = True,
) -> Desk:
    """Open (and migrate) the databases, the index and the graph, and start to run turns.

    `index` replaces the one of the settings; `worker=False` runs no turns.
    """
    prepare_environment(tracing=settings.tracing)
    from graph.build import build_graph
    from graph.run import run_turn

    clock = clock or SystemClock()
    ids = ids or UlidIds(clock)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = await open_store(settings, clock=clock, ids=ids, migrate=migrate)
    index = index or open_index(settings)
    saver = await open_checkpoints(settings)
    models = await open_models(settings, clock)
    graph = build_graph(saver, model_seconds=settings.llm_seconds if models else 0.0)
    hub, metrics = Hub(), Metrics()
    budget = Budget(store, clock, settings.llm_daily_budget)
    store.watch(hub.tell)
    execution = Execution(
        store=store,
        hub=hub,
        ids=ids,
        metrics=metrics,
        builder=DepsBuilder(
            store=store,
            index=index,
            classifier=open_classifier(),
            clock=clock,
            ids=ids,
            metrics=metrics,
            budget=budget,
            settings=settings,
            breakers=Breakers(clock),
            models=models.models if models else None,
            keeps_texts=settings.recording_days > 0,
        ),
        run_turn=partial(run_turn, graph),
        tracing=open_tracing(os.environ),
    )
    runner = Worker(
        store,
        execution.run,
        execution.give_up,
        ids.new("wrk"),
        concurrency=settings.workers,
        lease_seconds=settings.lease_seconds,
        poll_seconds=min(POLL_SECONDS, settings.lease_seconds / 2),
    )
    metrics.watch("streams_open", "", lambda: hub.watching)
    metrics.watch("turns_running", "", lambda: len(runner.running))
    metrics.watch("model_cost_today", "company", lambda: budget.spent)
    if models is not None:
        metrics.watch("breaker_state", "model", models.breakers)
    hearing = hear_others(settings, store, hub, runner)
    background = [hearing] if hearing is not None else []
    if worker:
        runner.start()
        background.append(asyncio.create_task(keep_sweeping(store, clock, runner.owner)))
        background.append(asyncio.create_task(keep_telling(store, clock, runner.owner, settings.public_url)))
        hosts = tuple(settings.allowed_tool_hosts | settings.import_hosts)
        caller = Caller(store, clock, secret_key(settings), hosts)
        background.append(asyncio.create_task(caller.keep_calling()))
        if settings.canary_hours:
            every = timedelta(hours=settings.canary_hours)
            background.append(asyncio.create_task(keep_probing(store, clock, runner.owner, every)))
        if (smtp := Smtp.of(settings)) is not None:
            background.append(asyncio.create_task(keep_sending(store, clock, smtp)))
    return Desk(
        settings=settings,
        clock=clock,
        ids=ids,
        chance=chance or SystemChance(),
        store=store,
        index=index,
        saver=saver,
        background=tuple(background),
        graph=graph,
        hub=hub,
        execution=execution,
        worker=runner,
        limits=Limits(clock, factor=settings.rate_factor),
        backoff=Backoff(clock),
        streams=OpenStreams(settings.streams_per_address),
        metrics=metrics,
        models=models,
    )


async def open_store(
    settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None, migrate: bool = True
) -> Store:
    """The product tables alone, for commands that need nothing else."""
    clock = clock or SystemClock()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if migrate:
        from store.migrate import upgrade

        await asyncio.to_thread(upgrade, settings.database)
    return Store.open(
        settings.database, clock=clock, ids=ids or UlidIds(clock), secret_key=secret_key(settings)
    )


@asynccontextmanager
async def open_private_desk(
    settings: Settings | None = None,
    fill: "Callable[[Desk], Awaitable[None]] | None" = None,
    *,
    semantic: bool = True,
    **changes: object,
) -> AsyncIterator[Desk]:
    """A freshly seeded desk in a folder of its own that is gone afterwards; only the model file is shared.

    `fill` puts something else in it than the seeds; without `semantic` its index compares letters only;
    `changes` are settings that differ.
    """
    base = settings or Settings()
    with tempfile.TemporaryDirectory(prefix="supportgraph-") as folder:
        private = base.model_copy(
            update={
                "env": "development",
                "data_dir": Path(folder),
                "model_dir": model_cache(base),
                "database_url": "",
                "checkpoint_url": "",
                "chroma_url": "",
                "rate_factor": 0.0,
                "secret_key": None,
                **changes,
            }
        )
        index = open_index(private, in_memory=True) if semantic else _index_of_letters()
        desk = await open_desk(private, index=index)
        try:
            await (fill or seed)(desk)
            yield desk
        finally:
            await desk.close()


async def seed(desk: Desk) -> None:
    """Add the seeded companies and bring the index in step; what people changed is kept."""
    from seeds.load import load_seeds

    await load_seeds(desk.store)
    await refresh_index(desk)


async def refresh_index(desk: Desk) -> dict[str, int]:
    """Embed what is new or changed in every company; passages by slug."""
    from api.knowledge import StoredPassages
    from store.values.scope import Scope

    source = StoredPassages(desk.store)
    companies = await desk.store.read(Scope.operator(), lambda uow: uow.companies.all())
    return {
        company.slug: await desk.index.upsert(company.id, await source.passages(company.id))
        for company in companies
    }


def model_cache(settings: Settings) -> Path:
    """Where the embedder's model file is built once."""
    return settings.model_dir or settings.data_dir / "models"


def open_index(settings: Settings, *, in_memory: bool = False) -> "Index":
    """The vectors: on a Chroma server, embedded in the data folder, or in memory for private copies."""
    prepare_environment(tracing=settings.tracing)
    from retrieval.index import Index

    cache, server = model_cache(settings), _embeddings(settings)
    if in_memory:
        return Index.open(cache=cache, embeddings=server)
    if settings.chroma_url:
        return Index.open(cache=cache, url=settings.chroma_url, embeddings=server)
    return Index.open(cache=cache, folder=settings.data_dir / "chroma", embeddings=server)


def _index_of_letters() -> "Index":
    from retrieval.embed import Hashing
    from retrieval.index import Index
    from retrieval.vectors import MemoryVectors

    return Index(MemoryVectors(), Hashing())


def _embeddings(settings: Settings) -> "EmbeddingsServer | None":
    from retrieval.embed import EmbeddingsServer

    if not settings.embeddings_model:
        return None
    key = settings.embeddings_api_key
    return EmbeddingsServer(
        settings.embeddings_base_url or OPENAI,
        settings.embeddings_model,
        key.get_secret_value() if key is not None else "",
    )


def open_classifier() -> Classifier:
    """The deterministic intent classifier."""
    from language.intents import IntentModel

    return IntentModel.load()
