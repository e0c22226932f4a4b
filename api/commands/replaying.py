"""`replay`: a ticket's recorded turns run again, and what differs side by side."""

import asyncio
import sys
import textwrap

from api.commands.output import as_json as print_json
from api.commands.output import say
from api.replaying import Replayer, TicketReplay, TurnReplay, replay_json
from api.settings import Settings
from graph.replay import Change
from store.values.scope import Scope

SHOWN = 12
"""Changed values of a step that are shown; `--json` has them all."""
WIDE = 100


def replay(ticket: str, *, turn: str | None, as_json: bool) -> None:
    """Replay from the tables alone; exits with 1 when a turn differs, or when nothing is recorded."""
    done = asyncio.run(_replayed(ticket, turn))
    if as_json:
        print_json(replay_json(done))
    else:
        _tell(done)
    sys.exit(0 if done.identical else 1)


async def _replayed(ticket: str, turn: str | None) -> TicketReplay:
    from api.taught import TaughtClassifiers
    from api.wiring import open_classifier, open_store

    store = await open_store(Settings(), migrate=False)
    try:
        return await Replayer(store, TaughtClassifiers(open_classifier())).ticket(
            Scope.operator(), ticket, turn
        )
    finally:
        await store.close()


def _tell(done: TicketReplay) -> None:
    for turn in done.turns:
        said = {"same": f"same, {turn.steps} steps", "differs": f"differs at {turn.differs_at}"}
        detail = said.get(turn.status, f"{turn.status}: {turn.reason}")
        say(f"turn {turn.number}  {turn.turn.id}  {detail}")
        _tell_difference(turn)


def _tell_difference(turn: TurnReplay) -> None:
    if turn.refused is not None:
        say(f"  not recorded: a call of {turn.refused.step}")
        then = turn.refused.recorded or {}
        for name, asked in turn.refused.asked.items():
            if then.get(name) != asked:
                _tell_change(Change(name, str(then.get(name, "–")), str(asked)))
    changes = turn.first.changes if turn.first is not None else turn.outcome
    for change in changes[:SHOWN]:
        _tell_change(change)
    if len(changes) > SHOWN:
        say(f"  and {len(changes) - SHOWN} more values (--json shows all)")
    for step in turn.unused:
        say(f"  not asked again: {step}")


def _tell_change(change: Change) -> None:
    say(f"  {change.path}")
    for name, text in (("then", change.then), ("now ", change.now)):
        say(f"    {name}  {textwrap.shorten(text, WIDE, placeholder=' …') or repr(text)}")
