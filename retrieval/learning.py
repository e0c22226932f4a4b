"""The lessons that each company's snapshot is given: kept ones at once, changed ones learnt behind it."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from retrieval.embed import Embedder
from retrieval.passages import Passage
from retrieval.taught import Taught, Teacher

BACKGROUND_NICENESS = 10


class Learning:
    """What is known of each company's phrasings."""

    def __init__(self, embedder: Embedder, folder: Path | None, background: Executor) -> None:
        """`folder`: keeps what phrasings teach; without it that is learnt at every start."""
        self._teaches = getattr(embedder, "teaches", True)
        self._teacher = Teacher(embedder, folder)
        self._background = background
        self._taught: dict[str, Taught] = {}
        self._in_hand: set[str] = set()
        """Digests of what is being learnt."""
        self.fresh: set[str] = set()
        """Companies whose snapshot has not got its newest lessons yet."""

    def of(self, company_id: str, passages: Sequence[Passage]) -> Taught | None:
        """What the passages teach; after a change the old lessons serve until the new ones are learnt."""
        if not self._teaches:
            return None
        digest, held = self._teacher.digest(passages), self._taught.get(company_id)
        if not digest or (held and held.digest == digest):
            return held if digest else None
        found = self._teacher.recall(passages)
        if found is None and held is not None:
            if digest not in self._in_hand:
                self._in_hand.add(digest)
                self._background.submit(self._learn, company_id, digest, passages)
            return held
        self._taught[company_id] = found or self._teacher.teach(passages)
        return self._taught[company_id]

    def imagined(self, passages: Sequence[Passage]) -> Taught | None:
        """What passages would teach that are nobody's yet; nothing is kept."""
        if not self._teaches or not self._teacher.digest(passages):
            return None
        return self._teacher.recall(passages) or self._teacher.teach(passages, keep=False)

    def _learn(self, company_id: str, digest: str, passages: Sequence[Passage]) -> None:
        try:
            self._taught[company_id] = self._teacher.teach(passages)
            self.fresh.add(company_id)
        finally:
            self._in_hand.discard(digest)


def background() -> ThreadPoolExecutor:
    """One thread that computes, with those it starts, when nobody else wants to."""
    return ThreadPoolExecutor(1, "index-background", initializer=_yield_to_others)


def _yield_to_others() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND_NICENESS)
