"""Random draws: the machine's own, or the same every time from a seed."""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class SystemChance:
    """Draws that nobody can foresee; with a seed they are the same in every run."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """So many of the items, each as likely as any other, in random order; all when there are fewer."""
        return self._random.sample(items, min(count, len(items)))
