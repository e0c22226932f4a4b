"""Ways in which a process of a fault run breaks on purpose; nothing of the product imports this.

`SUPPORTGRAPH_SABOTAGE` says how, in parts with commas: `kill=triage:inside` (before, inside or after a step),
`kill=write:37` (at the 37th point before or after a write), `clock=FILE` (the seconds by which it is wrong),
`words` (no embedder: words alone are compared). A kill waits until SIGUSR1 arms it: a start does not count.
"""

import asyncio
import contextlib
import functools
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SETTING = "SUPPORTGRAPH_SABOTAGE"
NODES = ("safety", "triage", "answer", "specialist", "guard", "escalation")
PHASES = ("before", "inside", "after")


class Doom:
    """Ends this process with SIGKILL once it is armed."""

    def __init__(self) -> None:
        self.armed = False
        self.points = 0
        signal.signal(signal.SIGUSR1, self._arm)

    def _arm(self, *_: object) -> None:
        self.armed = True

    def now(self) -> None:
        """Die here, if armed."""
        if self.armed:
            os.kill(os.getpid(), signal.SIGKILL)

    def point(self, last: int) -> None:
        """Count a point, and die at the last one."""
        if self.armed:
            self.points += 1
            if self.points == last:
                self.now()


def install(environment: Mapping[str, str]) -> None:
    """Prepare what the setting asks for; to be called before the desk is opened."""
    for part in filter(None, environment.get(SETTING, "").split(",")):
        kind, _, value = part.partition("=")
        if kind == "clock":
            _move_clock(Path(value))
        elif kind == "words":
            _take_the_embedder()
        elif value.startswith("write:"):
            _die_at_write(Doom(), int(value.removeprefix("write:")))
        else:
            _die_at_step(Doom(), *value.split(":"))


def _die_at_step(doom: Doom, step: str, phase: str) -> None:
    import graph.build
    from api.execution import Execution
    from api.remote_tools import HttpRemote
    from retrieval.retriever import CompanyRetriever
    from tools.gate import Gate

    others: Mapping[str, tuple[Any, str]] = {
        "retrieve": (CompanyRetriever, "search"),
        "tool": (Gate, "run"),
        "effect": (HttpRemote, "call"),
        "reply": (Execution, "_complete"),
    }
    owner, name = others.get(step) or (graph.build, step)
    setattr(owner, name, _doomed(getattr(owner, name), doom, phase))


def _doomed(work: Callable[..., Awaitable[Any]], doom: Doom, phase: str) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(work)
    async def dies(*given: Any, **named: Any) -> Any:
        if phase == "before":
            doom.now()
        running = asyncio.ensure_future(work(*given, **named))
        if phase == "inside":
            await asyncio.sleep(0)  # as far as its first pause
            doom.now()
        result = await running
        if phase == "after":
            doom.now()
        return result

    return dies


def _die_at_write(doom: Doom, last: int) -> None:
    """A point lies before and after each commit of the tables and each step that is kept."""
    from sqlalchemy.engine.default import DefaultDialect

    from graph.adapters.checkpoints import InlineSqliteSaver
    from graph.adapters.shared_checkpoints import PooledPostgresSaver

    def around(write: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            doom.point(last)
            result = write(*given, **named)
            doom.point(last)
            return result

        return watched

    def around_later(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched(*given: Any, **named: Any) -> Any:
            doom.point(last)
            result = await write(*given, **named)
            doom.point(last)
            return result

        return watched

    held: Any = (DefaultDialect, InlineSqliteSaver, PooledPostgresSaver)
    dialect, inline, pooled = held
    dialect.do_commit = around(dialect.do_commit)
    inline.put, inline.put_writes = around(inline.put), around(inline.put_writes)
    pooled.aput, pooled.aput_writes = around_later(pooled.aput), around_later(pooled.aput_writes)


def _take_the_embedder() -> None:
    import retrieval.index
    from retrieval.embed import Hashing

    vars(retrieval.index)["open_embedder"] = lambda *_: Hashing()


def _move_clock(file: Path) -> None:
    from graph.adapters.clock import SystemClock

    real = SystemClock.now

    def now(self: SystemClock) -> datetime:
        off = 0.0
        with contextlib.suppress(OSError, ValueError):
            off = float(file.read_text())
        return real(self) + timedelta(seconds=off)

    SystemClock.now = now  # type: ignore[method-assign]
