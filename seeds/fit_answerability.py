"""Fit the model that says whether a passage answers, on our own phrasings and our own near misses.

Deterministic: the same files give the same weights. What is asked is never in the index that it is asked of.
To be run after a change of seeds or features.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.answerability import KNOWN, Sight
from retrieval.embed import Embedder, open_embedder
from seeds.asking import Example
from seeds.examples import examples
from seeds.mlp import as_table, fit_judge
from seeds.trades import trades

ANSWERED: Mapping[Sight, float] = {"taught": 0.6, "thin": 0.4, "meaning": 0.5, "words": 0.5}
"""Share of the questions on a company's business that its knowledge answers. Real traffic has more, but then
as many near misses would be answered as questions be refused: a bluff costs more than an honest "no". Where
less is known of what customers ask, nothing is taken for granted; a new entry is taken to say little."""
_LESSONS = frozenset({"taught", "lead", "field", "gap_taught", "limit_taught", "gap", "gap_near", "gap_vote"})
_MEANING = frozenset({"question", "text", "best", "exact", "near3", "near5", "vote", "votes", "limit_near"})
_THIN = frozenset({"thin"})
IGNORED: Mapping[Sight, frozenset[str]] = {
    "taught": frozenset(KNOWN) | _THIN,
    "thin": frozenset(KNOWN) | {"gap_taught"},  # what was declared before, it may have settled
    "meaning": _LESSONS | frozenset(KNOWN) | _THIN,
    "words": _LESSONS | _MEANING | frozenset(KNOWN) | _THIN | {"phrasings"},
}
"""Features that say nothing with what there is to judge by."""


def fit(chosen: Sequence[Example], names: Sequence[str], answered: float) -> dict[str, object]:
    """The fitted model as a table. Both classes count the same while fitting; then `answered` is taken in."""
    used = [example for example in chosen if example.sure and example.place < 3]
    values = np.array([[example.features[name] for name in names] for example in used])
    truth = np.array([float(example.answers) for example in used])
    counts = balanced(truth, np.array([example.weight for example in used]))
    expected = float(np.log(answered / (1.0 - answered)))
    return {"examples": len(used), **as_table(fit_judge(names, values, truth, counts, expected))}


def balanced(truth: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights with which both classes weigh the same."""
    totals = np.where(truth == 1, counts[truth == 1].sum(), counts[truth == 0].sum())
    found: NDArray[np.float64] = counts / totals
    return found


def all_examples(embedder: Embedder, sight: Sight) -> list[Example]:
    """The examples of all companies."""
    known = trades()
    return [
        example
        for trade in known
        for example in examples(trade, [other for other in known if other is not trade], embedder, sight)
    ]


def _names(example: Example, sight: Sight) -> list[str]:
    return [name for name in example.features if name not in IGNORED[sight]]


def main() -> None:
    """Write `retrieval/data/answerability.json`, or anew what stands there for some sights; many minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sights", nargs="+", choices=list(IGNORED), default=list(IGNORED))
    parser.add_argument("--cache", type=Path, help="keeps the embedder's model file between runs")
    given = parser.parse_args()
    target = Path(str(files("retrieval") / "data" / "answerability.json"))
    table = json.loads(target.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(given.cache or Path(folder))
        for sight in given.sights:
            found = all_examples(embedder, sight)
            table[sight] = fit(found, _names(found[0], sight), ANSWERED[sight])
    target.write_text(json.dumps(table) + "\n", "utf-8")


if __name__ == "__main__":
    main()
