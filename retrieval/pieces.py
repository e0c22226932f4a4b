"""A text as its words and pieces of words, hashed: what nearness in meaning overlooks and spelling keeps."""

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from retrieval.words import tokens

WIDTH = 4096
_SHORTEST, _LONGEST = 3, 4
_LETTERS = re.compile(r"[^\w₹$]+")


@lru_cache(512)
def pieces(text: str) -> tuple[tuple[int, float], ...]:
    """(number of the piece below WIDTH, how much it is there) without repeats."""
    counted: Counter[int] = Counter()
    for piece, times in Counter(_pieces(text)).items():
        counted[zlib.crc32(piece.encode()) % WIDTH] += times
    return tuple((number, 1.0 + math.log(times)) for number, times in counted.items())


def _pieces(text: str) -> Iterator[str]:
    for word in text.lower().split():
        if bare := _LETTERS.sub("", word):
            padded = f"^{bare}$"
            yield f"word {bare}"
            for size in range(_SHORTEST, _LONGEST + 1):
                yield from (padded[at : at + size] for at in range(len(padded) - size + 1))
    stems = tokens(text)
    yield from (f"stem {stem}" for stem in stems for _ in range(2))
    yield from (f"{one} {other}" for one, other in pairwise(stems))
