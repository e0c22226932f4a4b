"""`migrate`, `seed`, `index rebuild`, `doctor`: what keeps an installation in order."""

import asyncio
import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

from api.commands.output import as_json as print_json
from api.commands.output import pairs, say
from api.knowledge import StoredPassages
from api.settings import Settings
from api.wiring import model_cache, open_desk, open_store, refresh_index
from graph.errors import SupportError
from store.values.scope import Scope


@dataclass(frozen=True)
class Check:
    """One thing that an installation needs."""

    name: str
    good: bool
    detail: str


def migrate() -> None:
    """Bring the database to the newest schema."""
    from store.migrate import newest, upgrade

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    say(f"the database is at {newest()}")


def seed(*, as_json: bool) -> None:
    """Add the seeded companies, embed what is new, and run their recorded conversations once."""

    async def run() -> dict[str, object]:
        from api.recordings import record_tickets
        from seeds.load import load_seeds

        # the recorded conversations are the same everywhere, and cost nobody a call of a model
        desk = await open_desk(Settings().model_copy(update={"llm_model": "", "llm_models": {}}))
        try:
            loaded = await load_seeds(desk.store)
            embedded = await refresh_index(desk)
            recorded = await record_tickets(desk)
        finally:
            await desk.close()
        return {"written": loaded.written, "kept": loaded.kept, "embedded": embedded, "recorded": recorded}

    done = asyncio.run(run())
    if as_json:
        print_json(done)
    else:
        pairs(done)


def rebuild_index(company: str | None, *, as_json: bool) -> None:
    """Make the vectors of one company or all again from the database."""

    async def run() -> dict[str, int]:
        desk = await open_desk(Settings(), worker=False)
        source = StoredPassages(desk.store)
        try:
            companies = await desk.store.read(
                Scope.operator(),
                lambda uow: (uow.companies.by_slug(company),) if company else uow.companies.all(),
            )
            return {
                item.slug: await desk.index.rebuild(item.id, await source.passages(item.id))
                for item in companies
            }
        finally:
            await desk.close()

    rows = asyncio.run(run())
    if as_json:
        print_json(rows)
    else:
        pairs({slug: f"{count} vectors" for slug, count in rows.items()})


def doctor(*, as_json: bool) -> None:
    """Run every check; exits with 1 when one fails."""
    checks = [_try(name, check) for name, check in CHECKS.items()]
    if as_json:
        print_json([vars(check) for check in checks])
    else:
        for check in checks:
            say(f"{'ok  ' if check.good else 'FAIL'}  {check.name}: {check.detail}")
    sys.exit(0 if all(check.good for check in checks) else 1)


def _try(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except (SupportError, ImportError, OSError, ValueError) as error:
        return Check(name, False, str(error).splitlines()[0] if str(error) else type(error).__name__)


def _python() -> str:
    return sys.version.split()[0]


def _settings() -> str:
    settings = Settings()
    return f"{settings.env}, data in {settings.data_dir}"


def _packages() -> str:
    names = ("chromadb", "fastapi", "langgraph", "onnxruntime", "sqlalchemy", "uvicorn")
    for name in names:
        importlib.import_module(name)
    return ", ".join(names)


def _own_packages() -> str:
    for name in ("eval", "graph.build", "ingest", "language", "nodes", "retrieval", "seeds", "tools", "ui"):
        importlib.import_module(name)
    return "all import"


def _folder() -> str:
    folder = Settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".doctor"
    probe.write_text("ok")
    probe.unlink()
    return "can be written"


def _database() -> str:
    async def ping() -> int:
        store = await open_store(Settings())
        try:
            await store.ping()
            return len(await store.read(Scope.operator(), lambda uow: uow.companies.all()))
        finally:
            await store.close()

    return f"answers, {asyncio.run(ping())} companies"


def _embedder() -> str:
    from retrieval.embed import open_embedder

    embedder = open_embedder(model_cache(Settings()))
    return f"{embedder.name}{'' if embedder.semantic else ' (words only: no model is installed)'}"


CHECKS: dict[str, Callable[[], str]] = {
    "python": _python,
    "settings": _settings,
    "packages": _packages,
    "product": _own_packages,
    "data folder": _folder,
    "database": _database,
    "embedder": _embedder,
}
