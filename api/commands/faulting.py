"""`faults`: kill processes of a private desk and check every promise; exits with 1 when one was broken."""

import asyncio
import os
import sys
from typing import Any, cast

from api.commands.output import as_json as print_json
from api.commands.output import note, pairs
from api.settings import Settings
from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from graph.errors import Invalid

PROFILES = ("embedded", "postgres")


def faults(profile: str, *, seed: int, seconds: float, kills: int, rows: str, as_json: bool) -> None:
    """Run and report; the promises are those of `eval.faults.check`."""
    from api.wiring import model_cache
    from eval.faults.run import run
    from eval.faults.stage import Profile, staged

    if profile not in PROFILES:
        raise Invalid(f"no profile {profile!r}; there are {', '.join(PROFILES)}", field="profile")
    clock = SystemClock()
    chosen = cast(Profile, profile)
    models = model_cache(Settings())
    with staged(chosen, dict(os.environ), clock=clock, ids=UlidIds(clock), models=models) as stage:
        if rows:
            from eval.faults.rows import play

            found = asyncio.run(play(stage, rows, say=note))
        else:
            found = asyncio.run(run(stage, seed=seed, seconds=seconds, kills=kills, say=note))
    _report(found, as_json=as_json)


def _report(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        pairs({name: value for name, value in found.items() if name != "violations"})
        for line in found["violations"]:
            note(f"BROKEN  {line}")
        note("every promise was kept" if not found["violations"] else "promises were broken")
    sys.exit(1 if found["violations"] else 0)
