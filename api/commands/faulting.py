"""`faults`: break a private desk in every known way and check every promise; exits with 1 if one broke."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

from api.commands.output import as_json as print_json
from api.commands.output import note, pairs
from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from graph.errors import Invalid

if TYPE_CHECKING:
    from eval.faults.stage import Profile

PROFILES: "tuple[Profile, ...]" = ("embedded", "postgres")


def faults(profile: str, *, seed: int, seconds: float, kills: int, rows: str, as_json: bool) -> None:
    """Play the rows of the matrix, then the seeded run, in one profile or both; and report."""
    chosen = PROFILES if profile == "both" else tuple(known for known in PROFILES if known == profile)
    if not chosen:
        raise Invalid(f"no profile {profile!r}; there are both, {', '.join(PROFILES)}", field="profile")
    found = [
        part for one in chosen for part in _broken(one, seed=seed, seconds=seconds, kills=kills, rows=rows)
    ]
    _report(found, as_json=as_json)


def _broken(profile: "Profile", *, seed: int, seconds: float, kills: int, rows: str) -> list[dict[str, Any]]:
    """What was found in one profile: of the rows, if any, and of the run, if it has any time."""
    from eval.faults.matrix import play
    from eval.faults.run import run
    from eval.faults.stage import staged
    from seeds.load import load_seeds

    clock = SystemClock()
    with staged(profile, dict(os.environ), clock=clock, ids=UlidIds(clock)) as stage:

        async def both() -> list[dict[str, Any]]:
            await load_seeds(stage.store)
            found = [await play(stage, rows, say=note)] if rows != "none" else []
            if seconds:
                found.append(await run(stage, seed=seed, seconds=seconds, kills=kills, say=note))
            return found

        return asyncio.run(both())


def _report(found: list[dict[str, Any]], *, as_json: bool) -> None:
    broken = [line for part in found for line in part["violations"]]
    if as_json:
        print_json(found)
    else:
        for part in found:
            pairs({name: value for name, value in part.items() if name != "violations"})
        for line in broken:
            note(f"BROKEN  {line}")
        note("every promise was kept" if not broken else "promises were broken")
    sys.exit(1 if broken else 0)
