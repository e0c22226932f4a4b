"""A process that has loaded the product once and forks children that run its commands, for fault runs.

Each line of the input is an order in JSON: `command` (as on the command line), `environment`, `log` (a file).
The answer is a line with the child's process id. At the end of the input all children are killed.
"""

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn


def main() -> None:
    """Load, say `ready`, and serve orders until the input ends."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for the children
    children: list[int] = []
    _say("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(json.loads(line))
        children.append(os.pidfd_open(child))
        _say(str(child))
    for descriptor in children:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)


def _load() -> None:
    """What every child would otherwise load again; nothing that starts a thread."""
    from api.environment import prepare_environment

    prepare_environment(tracing=False)
    import chromadb  # noqa: F401
    import langgraph.checkpoint.postgres.aio  # noqa: F401
    import onnxruntime  # noqa: F401
    import psycopg_pool  # noqa: F401
    import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401

    import graph.build
    import graph.run  # noqa: F401
    from api.warm import load_words

    load_words()
    gc.collect()
    gc.freeze()


def _run(order: dict[str, Any]) -> NoReturn:
    """Become the command, in the order's environment, with its output in the log."""
    from api import sabotage
    from api.cli import main as supportgraph

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["supportgraph", *order["command"]]
    code: object = 1
    try:
        sabotage.install(os.environ)
        supportgraph()
        code = 0
    except SystemExit as end:
        code = end.code
        if isinstance(code, str):
            sys.stderr.write(f"{code}\n")
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1 if code else 0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
