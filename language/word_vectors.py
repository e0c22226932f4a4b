"""What words mean, as short vectors, so that a word nobody wrote a phrase with still says something.

The vectors are those of single words in MiniLM, cut to their first principal directions; they are rebuilt by
`python -m seeds.fit_word_vectors`. No model runs here: a message is the weighted mean of its words.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from language.files import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH = 64
ARTEFACT = "word_vectors.npz"
_GRAMMAR = 0.3  # weight of a function word beside the 1 of others
_LONGEST = 60  # words of a message that are read


def meaning(english: str) -> NDArray[np.float32]:
    """Return the unit vector (float32, WIDTH) of a text in English words; zeros where none is known."""
    import numpy as np

    places, table = _table()
    grammar = words("english_function_words.txt")
    known = [(places[word], word in grammar) for word in english.split()[:_LONGEST] if word in places]
    if not known:
        return np.zeros(WIDTH, np.float32)
    weights = np.array([_GRAMMAR if is_grammar else 1.0 for _, is_grammar in known], np.float32)
    total: NDArray[np.float32] = weights @ table[[place for place, _ in known]]
    length = float(np.sqrt(total @ total))
    return total / np.float32(length) if length > 0 else total


def is_common(word: str) -> bool:
    """Tell whether the lower-case `word` is among the 12,000 commonest of a large English vocabulary."""
    return word in _table()[0]


@cache
def _table() -> tuple[dict[str, int], NDArray[np.float32]]:
    """The row of each word, and the rows."""
    import numpy as np

    with as_file(files("language") / "data" / ARTEFACT) as path, np.load(path) as stored:
        listed = bytes(stored["words"]).decode().split("\n")
        table = stored["vectors"].astype(np.float32) * stored["scale"]
    return {word: place for place, word in enumerate(listed)}, table
