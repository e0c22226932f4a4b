"""`check-isolation`: company checks are taken out of a copy of the code, and a test has to notice each."""

import sys
from pathlib import Path

from api.commands.output import as_json as print_json
from api.commands.output import note, say

ROOT = Path(__file__).parents[2]


def check(count: int, *, seed: int, every: bool, as_json: bool) -> None:
    """Remove so many checks; exits with 1 when one of them was not missed."""
    from eval.removals import Tried, removals, sampled, try_all

    found = removals(ROOT)
    chosen = found if every else sampled(found, count, seed)

    def tell(tried: Tried) -> None:
        removal = tried.removal
        note(f"{'caught' if tried.caught else 'SURVIVED'}  {removal.file}:{removal.line}  {removal.before}")

    tried = try_all(ROOT, chosen, tell)
    survived = [item.removal for item in tried if not item.caught]
    said = {
        "checks": len(found),
        "removed": len(tried),
        "caught": len(tried) - len(survived),
        "survived": [f"{item.file}:{item.line} {item.before}" for item in survived],
    }
    if as_json:
        print_json(said)
    else:
        say(f"{said['caught']} of {said['removed']} removals were caught; {said['checks']} checks in all")
    sys.exit(1 if survived else 0)
