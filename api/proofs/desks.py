"""Small private desks for proofs: cheap to open, gone afterwards."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from api.desk import Desk
from api.settings import Settings
from api.wiring import model_cache, open_desk, open_index, seed


@asynccontextmanager
async def proof_desk(
    settings: Settings | None = None, *, seeded: bool, semantic: bool, **changes: object
) -> AsyncIterator[Desk]:
    """A desk in a folder of its own; without `semantic` its index compares letters only."""
    base = settings or Settings()
    with tempfile.TemporaryDirectory(prefix="supportgraph-") as folder:
        private = base.model_copy(
            update={
                "env": "development",
                "data_dir": Path(folder),
                "model_dir": model_cache(base),
                "database_url": "",
                "checkpoint_url": "",
                "chroma_url": "",
                "rate_factor": 0.0,
                "secret_key": None,
                "llm_retries": 0,
                **changes,
            }
        )
        if semantic:
            index = open_index(private, in_memory=True)
        else:
            from retrieval.embed import Hashing
            from retrieval.index import Index
            from retrieval.vectors import MemoryVectors

            index = Index(MemoryVectors(), Hashing())
        desk = await open_desk(private, index=index)
        try:
            if seeded:
                await seed(desk)
            yield desk
        finally:
            await desk.close()
