"""The product's commands as processes that begin at once: children of one process that has loaded it."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import Unavailable

MODULE = "api.commands.nursery"


@dataclass
class Child:
    """A running process that is nobody's child here."""

    pid: int
    _descriptor: int = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            self._descriptor = -1

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return not self.ended(0)

    def ended(self, seconds: float) -> bool:
        """Whether it ends within so many seconds."""
        if self._descriptor < 0:
            return True
        watched = select.poll()
        watched.register(self._descriptor, select.POLLIN)
        if not watched.poll(int(seconds * 1000)):
            return False
        os.close(self._descriptor)
        self._descriptor = -1
        return True

    def send(self, sign: signal.Signals) -> None:
        """Send a signal, if there is still somebody to get it."""
        if self._descriptor >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, sign)


@dataclass(frozen=True)
class Nursery:
    """Starts the product's commands."""

    process: subprocess.Popen[str]

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
        """Run a command with its output behind the log's."""
        assert self.process.stdin is not None
        order = {"command": list(command), "environment": dict(environment), "log": str(log)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return Child(int(self._line()))

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise Unavailable("the product could not be loaded")
        return line


@contextmanager
def nursery(environment: Mapping[str, str]) -> Iterator[Nursery]:
    """A loaded process for the length of a block; its children end with it."""
    command = [sys.executable, "-m", MODULE]
    process = subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        made = Nursery(process)
        made._line()
        yield made
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
