"""`backup`, `restore`, `move`, `customer`: what must not be lost, and what has to go."""

import asyncio
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from api.commands.output import as_json as print_json
from api.commands.output import pairs
from api.settings import Settings
from graph.adapters.clock import SystemClock
from graph.errors import Invalid, Unavailable
from store.engines import is_sqlite, normalised
from store.values.scope import Scope

MANIFEST = "manifest.json"


def backup(target: Path, *, as_json: bool) -> None:
    """Tables, checkpoints and the generated secret key, with their digests; vectors are made again."""
    from store.migrate import newest
    from store.upkeep import back_up

    settings = Settings()
    target.mkdir(parents=True, exist_ok=False)
    for path in _databases(settings):
        back_up(path, target / path.name)
    key = settings.data_dir / "secret.key"
    if key.exists():
        shutil.copy2(key, target / key.name)
    files = {path.name: _digest(path) for path in sorted(target.iterdir())}
    made = {"version": newest(), "at": SystemClock().now().isoformat(), "files": files}
    (target / MANIFEST).write_text(json.dumps(made, indent=1), "utf-8")
    _show(made | {"files": len(files)}, as_json=as_json)


def restore(source: Path, *, as_json: bool) -> None:
    """Check every file of the backup first, and only then put them in place; old files are kept aside."""
    from store.upkeep import check_file

    settings = Settings()
    try:
        files: dict[str, str] = json.loads((source / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError) as error:
        raise Invalid("this folder is no backup: it has no manifest", field="source") from error
    for name, digest in files.items():
        if not (source / name).is_file() or _digest(source / name) != digest:
            raise Unavailable(f"{name} of the backup is not what was backed up; nothing was restored")
    _refuse_while_it_runs(settings)
    for name in files:
        place = settings.data_dir / name
        _put_aside(place)
        shutil.copy2(source / name, place)
        if place.suffix == ".db":
            check_file(place)
    shutil.rmtree(settings.data_dir / "chroma", ignore_errors=True)
    _show({"restored": len(files), "into": str(settings.data_dir)}, as_json=as_json)


def move(to: str, *, as_json: bool) -> None:
    """Copy the tables; checkpoints are scratch of turns in flight, and vectors are made again."""
    from store.upkeep import move as copy

    settings = Settings()
    _refuse_while_it_runs(settings)
    copied = copy(settings.database, to)
    rows = {item.table: f"{item.rows} rows  {item.digest[:12]}" for item in copied if item.rows}
    _show(rows, as_json=as_json)


def customer(action: str, email: str, *, company: str) -> None:
    """Export prints JSON; erase prints the receipt."""
    if action not in ("export", "erase"):
        raise Invalid("a customer is exported or erased", field="action")

    async def run() -> Any:
        from api.housekeeping import erase
        from api.wiring import open_desk
        from retrieval.embed import Hashing
        from retrieval.index import Index
        from retrieval.vectors import MemoryVectors

        desk = await open_desk(Settings(), index=Index(MemoryVectors(), Hashing()), worker=False)
        try:
            if action == "erase":
                receipt = await erase(desk, company, email, "operator")
                return {"receipt": receipt.id, "counts": receipt.counts}
            return await desk.store.read(
                Scope.operator(), lambda uow: uow.erasures.export(uow.companies.by_slug(company).id, email)
            )
        finally:
            await desk.close()

    print_json(asyncio.run(run()))


def _databases(settings: Settings) -> list[Path]:
    urls = (settings.database, settings.checkpoints)
    if not all(is_sqlite(url) for url in urls):
        raise Invalid("PostgreSQL has its own backups (pg_dump, base backups)", field="DATABASE_URL")
    return [Path(normalised(url).database or "") for url in urls]


def _refuse_while_it_runs(settings: Settings) -> None:
    from retrieval.chroma import is_owned

    if is_owned(settings.data_dir / "chroma"):
        raise Unavailable(f"the desk in {settings.data_dir} runs; stop it first")


def _put_aside(place: Path) -> None:
    """Nothing is overwritten: what was there stays beside it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        old = place.with_name(place.name + suffix)
        if old.exists():
            old.replace(old.with_name(old.name + ".before-restore"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        pairs(found)
