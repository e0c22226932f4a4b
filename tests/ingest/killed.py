"""A process that runs the imports of a desk in children of its own; tests kill them with -9."""

import asyncio
import os
import sys

from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from ingest.limits import Limits
from ingest.reader import PageReader
from ingest.runner import Imports
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.database import Store
from tests.ingest.web import Names

LEASE = 0.5


async def run(database: str) -> None:
    """Run the import that waits, or whose process was killed."""
    clock = SystemClock()
    store = Store.open(database, clock=clock, ids=UlidIds(clock), secret_key="a key for tests")
    imports = Imports(
        store=store,
        index=Index(MemoryVectors(), Hashing()),
        ids=UlidIds(clock),
        owner=f"process {os.getpid()}",
        limits=Limits(delay=0.0, at_once_listed=4),
        listed=frozenset({"shop.test"}),
        resolver=Names(),
        reader=PageReader(),
        lease=LEASE,
        beat=0.05,
    )
    await imports.run_next()


def main() -> None:
    """For every line of the input a child that imports: says its id when it begins, and when it has ended."""
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(run(sys.argv[1]))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()
