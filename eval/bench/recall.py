"""How long it takes to list what a changed price made stale, with 100,000 answers; and is the list exact."""

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, Engine, create_engine, insert, select, text
from sqlalchemy.pool import NullPool

from eval.bench.crowd import crowd
from eval.bench.load import Json
from eval.bench.pages import asked, hired, signed_in
from eval.bench.server import Served, prepared, serving
from eval.bench.turn_crowd import turn_crowd
from graph.errors import Unavailable
from store.models.knowledge import Passages
from store.models.turns import Receipts, Turns

ANSWERS, ROUNDS, CHUNK = 100_000, 20, 5_000
PRICES = 200
COMPANY = "tamarind-lane"
BEGUN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_COUNT = re.compile(r"([\d,]+) past answers? rested")


def bench(environment: Mapping[str, str], *, concurrency: int = 1, requests: int = ROUNDS) -> Json:
    """Import a page of prices, let every answer rest on one, change one price, and ask for the list."""
    del concurrency  # one lead reads
    with prepared(environment) as settings:
        url = f"sqlite:///{Path(settings['SUPPORTGRAPH_DATA_DIR']) / 'supportgraph.db'}"
        crowd(url, ANSWERS, BEGUN)
        turn_crowd(url)
        password = hired(settings)
        engine = create_engine(url, poolclass=NullPool)
        with serving(settings) as served, signed_in(served, password) as staff:
            _import(served, changed=False)
            planted = _rest(engine)
            _import(served, changed=True)
            page = _change(staff)
            listed = int(_COUNT.findall(staff.get(page).text)[0].replace(",", ""))
            changes = asked(staff, f"/recall?company={COMPANY}", requests)
            one = asked(staff, page, requests)
        engine.dispose()
    return {
        "name": "recall",
        "n": requests,
        "answers": ANSWERS,
        "dependent": planted,
        "listed": listed,
        "exact": listed == planted,
        "p50Ms": one["p50Ms"],
        "p95Ms": one["p95Ms"],
        "pages": {"changes": changes, "change": one},
    }


def prices(*, changed: bool) -> str:
    """A page of prices; with `changed` the seventh is another one."""
    costs = {number: number * 10 for number in range(1, PRICES + 1)}
    if changed:
        costs[7] += 5
    lines = (
        f"## Pack {number}\n\nPack number {number} costs ₹{cost} a month.\n" for number, cost in costs.items()
    )
    return "# Prices\n\n" + "\n".join(lines)


def _import(served: Served, *, changed: bool) -> None:
    answer = httpx.post(
        f"{served.url}/api/imports/uploads",
        headers={"Authorization": f"Bearer {served.key}"},
        files={"file": ("prices.md", prices(changed=changed).encode(), "text/markdown")},
        data={"company": COMPANY},
        timeout=120.0,
        trust_env=False,
    )
    if answer.status_code != 201:
        raise Unavailable(f"the page was not imported: {answer.status_code} {answer.text[:200]}")


def _rest(engine: Engine) -> int:
    """A receipt for one answer of every ticket, on a price or on other knowledge; how many told the 7th."""
    chance, planted = random.Random(13), 0  # not for secrets: the same answers every time
    with engine.begin() as db:
        shelves = _shelves(db)
        turns = db.execute(select(Turns.id, Turns.company_id).where(Turns.id.like("trn_crowd%_0"))).all()
        for start in range(0, len(turns), CHUNK):
            part = turns[start : start + CHUNK]
            rows = [_receipt(turn, chance.choice(shelves[turn.company_id])) for turn in part]
            planted += sum("Pack number 7 costs" in row["claim"] for row in rows)
            db.execute(insert(Receipts), rows)
        db.execute(text("ANALYZE"))
    return planted


def _shelves(db: Connection) -> dict[str, list[Any]]:
    """By company what its answers rest on; where there are prices these alone."""
    columns = (Passages.id, Passages.company_id, Passages.text, Passages.title, Passages.content_hash)
    found: dict[str, list[Any]] = {}
    for row in db.execute(select(*columns).where(Passages.active)):
        found.setdefault(row.company_id, []).append(row)
    return {
        company: [row for row in rows if "Pack number" in row.text] or rows for company, rows in found.items()
    }


def _receipt(turn: Any, passage: Any) -> dict[str, Any]:
    line = passage.text.partition("\n")[0]
    return {
        "turn_id": turn.id,
        "seq": 0,
        "company_id": turn.company_id,
        "claim": line,
        "supported": True,
        "source_id": passage.id,
        "source_title": passage.title,
        "source_hash": passage.content_hash,
        "quote": line,
        "score": 1.0,
        "reasons": (),
    }


def _change(staff: httpx.Client) -> str:
    """The page of the newest change."""
    found = re.search(r'href="(/recall/chg_\w+)"', staff.get(f"/recall?company={COMPANY}").text)
    if found is None:
        raise Unavailable("the changed price made no answer stale")
    return found[1]
