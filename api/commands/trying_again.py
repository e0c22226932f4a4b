"""`rerun` and `gate`: a draft tried on past tickets, and a company's own cases asked, in this process.

Both read the desk's tables and write nothing; vectors are made in memory, because the process that serves
owns the stored ones.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from api.auth.callers import RIGHTS, Caller
from api.commands.output import as_json as print_json
from api.commands.output import note, pairs, say
from api.desk import Desk
from api.settings import Settings
from graph.errors import Invalid
from store.values.scope import Scope

OPERATOR = Caller("operator", "operator", frozenset(RIGHTS), None)


def rerun(path: Path, *, company: str | None, last: int, sieve: bool, as_json: bool) -> None:
    """Exits with 0 also where answers change: that is what it was asked."""
    found = asyncio.run(_rerun(_draft(path), company, last, sieve))
    if as_json:
        print_json(found)
        return
    summary = dict(found["summary"])
    pairs({**{name: value for name, value in summary.items() if name != "kinds"}, **summary["kinds"]})
    for change in found["changes"]:
        say(f"\n#{change['number']}  {', '.join(change['kinds'])}  {change['question']}")
        say(f"  now    {change['before']['reply']}")
        say(f"  draft  {change['after']['reply']}")


def gate(company: str, *, trials: int | None, as_json: bool) -> None:
    """Exits with 1 when the gate does not hold."""
    verdict = asyncio.run(_gate(company, trials))
    if as_json:
        print_json(verdict)
    else:
        pairs({**verdict, "failed": ", ".join(verdict["failed"]) or "none"})
    sys.exit(0 if verdict["passed"] else 1)


async def _rerun(draft: dict[str, Any], company: str | None, last: int, sieve: bool) -> dict[str, Any]:
    from pydantic import ValidationError

    from api.shadow.compare import compare, prepare
    from api.shadow.drafts import Draft

    try:
        wanted = Draft.model_validate(draft)
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(str(first["msg"]), field=".".join(map(str, first["loc"])) or "draft") from error
    async with _reading_desk() as desk:
        prepared = await prepare(desk, OPERATOR, wanted, company)
        seen = 0

        def count(more: int) -> None:
            nonlocal seen
            seen += more
            if seen % 50 == 0:
                note(f"{seen} tickets")

        found = await compare(desk, prepared, last, count, sieve=sieve)
        return {"summary": found.summary(), "changes": [change.as_json() for change in found.changes]}


async def _gate(slug: str, trials: int | None) -> dict[str, Any]:
    from dataclasses import replace

    from api.company_gate import ask_gate
    from api.shadow.setup import setup_of

    async with _reading_desk() as desk:
        scope = Scope.operator()
        company = await desk.store.read(scope, lambda uow: uow.companies.by_slug(slug))
        kept = await desk.store.read(scope, lambda uow: uow.gates.of(company.id))
        setup = await desk.store.read(scope, lambda uow: setup_of(uow, company.id))
        wanted = replace(kept, trials=trials) if trials else kept
        verdict = await ask_gate(desk, setup, wanted)
        if verdict is None:
            raise Invalid("This company has no case that counts.", field="company")
        return verdict


def _draft(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(f"{path}: is no JSON file", field="draft") from error
    if not isinstance(found, dict):
        raise Invalid(f"{path}: a draft is an object", field="draft")
    return found


@asynccontextmanager
async def _reading_desk() -> AsyncIterator[Desk]:
    from api.wiring import open_desk, open_index

    settings = Settings()
    desk = await open_desk(settings, index=open_index(settings, in_memory=True), migrate=False, worker=False)
    try:
        yield desk
    finally:
        await desk.close()
