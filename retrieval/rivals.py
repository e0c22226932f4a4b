"""How a passage stands among the others: by its lead, the nearest phrasings, and what is no answer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.snapshot import Nearness, Snapshot

SAME = 0.5
"""Share of the shorter text's words from which two passages give the same answer and are no rivals."""
SHARP = 0.04
"""Difference of cosine that makes a vote weigh a third."""
WIDEST = 0.3


class Rivals:
    """The field of one question."""

    def __init__(
        self,
        snapshot: Snapshot,
        near: Nearness,
        taught: NDArray[np.float32],
        fused: NDArray[np.float64],
        leading: Sequence[int],
    ) -> None:
        """`leading`: numbers of the passages that may answer, best first.

        Contenders are those, and who is strong by what phrasings teach.
        """
        self._snapshot, self._near, self._taught, self._fused = snapshot, near, taught, fused
        self._leading, self._best = leading, near.best
        votes = np.array([cosine for _, cosine in near.nearest])
        self._votes = np.exp((votes - votes.max(initial=0.0)) / SHARP)
        self._votes /= max(float(self._votes.sum()), 1e-9)
        self._strong = (
            {int(n) for n in np.argsort(-taught, kind="stable")[: len(leading)]} if taught.any() else set()
        )
        self._strong -= set(np.flatnonzero(snapshot.gaps).tolist())
        self._contenders = self._strong | {int(n) for n in leading}
        strongest = sorted((float(taught[n]) for n in self._strong if not snapshot.limits[n]), reverse=True)
        self._field = sum(strongest[:3])
        self._gaps, self._limits = (
            set(np.flatnonzero(some).tolist()) for some in (snapshot.gaps, snapshot.limits)
        )

    def of(self, number: int, best: float) -> dict[str, float]:
        """Named features of the passage; `best`: its own nearness."""
        twins = {number, *(other for other in self._contenders if self._same(number, other))}
        others = [other for other in self._leading if other not in twins]
        lead = float(self._fused[number]) - max((float(self._fused[o]) for o in others), default=-1.0)
        rival = max((float(self._taught[other]) for other in self._contenders - twins), default=0.0)
        near = np.sort(self._near.phrasings(number))[::-1]
        gap, limits = self._most(self._best, self._gaps), self._limits - {number}
        return {
            "taught": float(self._taught[number]),
            "lead": float(self._taught[number]) - rival,
            "field": self._field,
            "near3": float(near[:3].mean()) if len(near) else 0.0,
            "near5": float(near[:5].mean()) if len(near) else 0.0,
            "vote": self._vote({number}),
            "votes": self._vote(twins),
            "clear": max(-WIDEST, min(lead, WIDEST)),
            "phrasings": float(np.log1p(len(near))),
            "gap": gap - best if gap else -0.5,
            "gap_near": gap,
            "gap_taught": self._most(self._taught, self._gaps),
            "gap_vote": self._vote(self._gaps),
            "limit_taught": self._most(self._taught, limits),
            "limit_near": self._most(self._best, limits),
            "undeclared": float(not self._gaps),
            "thin": float(self._snapshot.thin[number]),
            "is_limit": float(self._snapshot.limits[number]),
        }

    def _same(self, one: int, other: int) -> bool:
        first, second = self._snapshot.said[one], self._snapshot.said[other]
        return len(first & second) > SAME * max(1, min(len(first), len(second)))

    def _vote(self, numbers: set[int]) -> float:
        pairs = zip(self._near.nearest, self._votes, strict=True)
        return float(sum(weight for (owner, _), weight in pairs if owner in numbers))

    def _most(self, scores: NDArray[np.float32], chosen: set[int]) -> float:
        return max((float(scores[number]) for number in chosen), default=0.0)
