"""How fast staff pages come when the desk has 100,000 tickets: server time of each page, in turn."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from eval.bench.crowd import crowd
from eval.bench.load import Json
from eval.bench.server import Served, prepared, program, serving
from eval.bench.turn_crowd import turn_crowd
from eval.stats import quantile
from graph.errors import Unavailable

TICKETS, ROUNDS = 100_000, 20
STAFF = "bench@example.com"
PAGES = {
    "inbox": "/inbox",
    "inboxAll": "/inbox?view=all",
    "inboxClosed": "/inbox?view=resolved&language=hinglish",
    "inboxNarrow": "/inbox?view=all&company=none&tag=vip&intent=greeting",
    "inboxDeep": "/inbox?view=all&page=1500",
    "inboxSearch": "/inbox?q=refund",
    "inboxNumber": "/inbox?view=all&q=%235000",
    "ticket": "/tickets/tkt_crowd000005000",
    "trace": "/tickets/tkt_crowd000005000/trace",
    "logs": "/logs",
    "logsRare": "/logs?intent=greeting&kind=blocked&language=hinglish",
    "logsUnsafe": "/logs?safety=unsafe&company=tamarind-lane",
    "logsToolFailed": "/logs?tools=failed",
    "logsDeep": "/logs?page=400",
    "figures7": "/figures?days=7",
    "figures90": "/figures?days=90",
    "rules": "/rules",
    "agents": "/agents?company=tamarind-lane",
    "tools": "/tools?company=tamarind-lane&tool=order_lookup",
    "companies": "/admin/companies",
}


def bench(environment: Mapping[str, str], *, concurrency: int = 1, requests: int = ROUNDS) -> Json:
    """Ask for each page so often; milliseconds by page, over the wire of this machine."""
    del concurrency  # a member of staff reads one page at a time
    with prepared(environment) as settings:
        url = f"sqlite:///{Path(settings['SUPPORTGRAPH_DATA_DIR']) / 'supportgraph.db'}"
        crowd(url, TICKETS, datetime.fromtimestamp(time.time(), UTC))  # a benchmark has no clock of its own
        turns = turn_crowd(url)
        password = hired(settings)
        with serving(settings) as served, signed_in(served, password) as staff:
            behind = _counted(staff)
            pages = {name: asked(staff, path, requests) for name, path in PAGES.items()}
            return {
                "name": "pages",
                "n": requests,
                "tickets": TICKETS,
                "turns": turns,
                "countingSeconds": behind,
                "p95Ms": max(found["p95Ms"] for found in pages.values()),
                "pages": pages,
                "rssMb": served.rss_mb,
            }


def hired(settings: Mapping[str, str]) -> str:
    """The password of a new member of staff, made and told by the command itself."""
    command = [*program(), "user", "create", STAFF, "--role", "admin"]
    done = subprocess.run(
        command, env=dict(settings), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unavailable(f"no staff account could be made: {done.stderr.strip()[-300:]}")
    return done.stdout.rpartition("password: ")[2].strip()


@contextmanager
def signed_in(served: Served, password: str) -> Iterator[httpx.Client]:
    headers = {"Origin": served.url}
    with httpx.Client(base_url=served.url, timeout=60.0, trust_env=False, headers=headers) as staff:
        answer = staff.post("/sign-in", data={"email": STAFF, "password": password, "target": "/inbox"})
        if answer.status_code != 303:
            raise Unavailable(f"the staff account could not sign in: {answer.status_code}")
        yield staff


def _counted(staff: httpx.Client) -> float:
    """Seconds until the months before have been counted once, as after an upgrade."""
    start = time.perf_counter()
    while "Some days are being counted" in staff.get("/figures?days=90").text:
        time.sleep(0.5)
    return round(time.perf_counter() - start, 1)


def asked(staff: httpx.Client, path: str, rounds: int) -> Json:
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        answer = staff.get(path, follow_redirects=True)
        spent.append(1000 * (time.perf_counter() - start))
        if answer.status_code != 200:
            raise Unavailable(f"{path} answered {answer.status_code}")
    return {"p50Ms": round(quantile(spent, 0.5), 1), "p95Ms": round(quantile(spent, 0.95), 1)}
