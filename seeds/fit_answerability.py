"""Fit the model that says whether a passage answers, on our own phrasings and our own near misses.

Deterministic: the same files give the same weights. What is asked is never in the index that it is asked of.
Positive: a phrasing of an author who is held out finds its passage. Negative: such a near miss, another
company's question, and one whose passage was taken away. To be run after a change of seeds or features.
"""

import argparse
import asyncio
import functools
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.answerability import KNOWN, Sight
from retrieval.embed import Embedder, open_embedder
from retrieval.index import Index
from retrieval.passages import Passage, gap_passage
from retrieval.question import read
from retrieval.ranking import rank
from retrieval.snapshot import Snapshot
from retrieval.vectors import MemoryVectors
from seeds.asked import folded
from seeds.mlp import as_table, fit_judge
from seeds.trades import Trade, trades

ANSWERED = 0.66
"""Share of the questions on a company's business that its knowledge answers. Real traffic has more, but then
as many near misses would be answered as questions be refused: a bluff costs more than an honest "no"."""
SHARES = 4
MOST = 2000
"""Phrasings of one fold that are asked."""
OTHERS = 20
"""Questions of other companies that are asked in each fold."""
LEFT_BEHIND = 10
"""Questions asked for each passage that was taken away."""
ALIKE, PERHAPS = 0.75, 0.35
"""Share of the shorter text's words from which another passage answers too, or may; of the latter nothing
is learnt."""
WEIGHTS = {"asked": 1.0, "near miss": 3.0, "elsewhere": 0.3, "taken away": 0.3}
UNSURE = 0.3
"""What a hit counts that is not the first, or is the first and wrong."""
FEW = 1
"""Phrasings that a passage has at most where there are no lessons."""
_LESSONS = frozenset({"taught", "lead", "field", "gap_taught", "limit_taught", "gap", "gap_near", "gap_vote"})
_MEANING = frozenset({"question", "text", "best", "exact", "near3", "near5", "vote", "votes", "limit_near"})
IGNORED: Mapping[Sight, frozenset[str]] = {
    "taught": frozenset(KNOWN),
    "meaning": _LESSONS | frozenset(KNOWN),
    "words": _LESSONS | _MEANING | frozenset(KNOWN) | {"phrasings"},
}
"""Features that say nothing with what there is to judge by."""


@dataclass(frozen=True)
class Example:
    """Features of one hit of one question, with the truth and how much it counts."""

    trade: str
    question: str
    kind: str
    source: str
    """The passage that answers, or empty."""
    features: Mapping[str, float]
    answers: bool
    sure: bool
    """Whether it is known that the passage does or does not answer."""
    weight: float
    place: int


class _Fixed:
    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = list(passages)

    async def passages(self, company_id: str) -> list[Passage]:
        """The same for every company."""
        del company_id
        return self._passages

    async def version(self, company_id: str) -> str:
        """Never changes."""
        return company_id


def examples(
    trade: Trade, others: Sequence[Trade], embedder: Embedder, sight: Sight = "taught"
) -> Iterator[Example]:
    """Every example of one company; each fold is asked of an index that the other folds make.

    Without lessons there are few phrasings to a passage and no declared gaps, as after an import.
    """
    foreign = sorted(q for other in others for passage in other.passages for q in passage.questions)
    for fold, held in enumerate(_folds(trade)):
        known, few = [text for text in trade.unanswerable if not held(text)], sight != "taught"
        gaps = [gap_passage(known)] if known and fold and not few else []  # some companies declare nothing
        asker = _Asker(trade, embedder, words_only=sight == "words")
        kept = [_without(passage, held, FEW if few else None) for passage in trade.passages]
        asked = [(text, p.id) for p in trade.passages for text in p.questions if held(text)]
        asked += [(text, key) for key, said in trade.answered.items() for text in said if held(text)]
        snapshot = snapshot_of([*kept, *gaps], embedder)
        for place in _chosen(len(asked), MOST, fold):
            yield from asker.ask(snapshot, asked[place][0], "asked", asked[place][1])
        for text in (text for text in trade.unanswerable if held(text)):
            yield from asker.ask(snapshot, text, "near miss")
        for place in _chosen(len(foreign), OTHERS, fold):
            yield from asker.ask(snapshot, foreign[place], "elsewhere")
        yield from _without_passages(asker, [*kept, *gaps], fold, embedder)


def _folds(trade: Trade) -> list[Callable[[str], bool]]:
    """What is held out together: all texts of one author, for a customer is an author that nobody has read.

    Where one author wrote everything, a share of the texts.
    """

    def author(text: str) -> int:
        return trade.authors.get(text) or trade.authors.get(folded(text), 1)

    texts = (*trade.unanswerable, *(text for passage in trade.passages for text in passage.questions))
    wrote = sorted({author(text) for text in texts})
    if len(wrote) > 1:
        return [functools.partial(_is, author, one) for one in wrote]
    return [functools.partial(_is, _share, share) for share in range(SHARES)]


def _is(number: Callable[[str], int], wanted: int, text: str) -> bool:
    return number(text) == wanted


def _without_passages(
    asker: "_Asker", kept: Sequence[Passage], fold: int, embedder: Embedder
) -> Iterator[Example]:
    """Questions whose passage was taken away: what is left is near, and does not answer."""
    gone = [p for p in asker.trade.passages if p.questions and _share(p.id) == fold % SHARES]
    left = [p for p in kept if not any(p.id == one.id or _overlap(p, one) > PERHAPS for one in gone)]
    if not any(p.kind != "gap" for p in left):
        return
    snapshot = snapshot_of(left, embedder)
    for passage in gone:
        asked = sorted(passage.questions)
        for place in _chosen(len(asked), LEFT_BEHIND, fold):
            yield from asker.ask(snapshot, asked[place], "taken away", passage.id)


class _Asker:
    """Asks an index and knows the truth."""

    def __init__(self, trade: Trade, embedder: Embedder, *, words_only: bool) -> None:
        self.trade, self._embedder, self._words_only = trade, embedder, words_only
        self._passages = {passage.id: passage for passage in trade.passages}

    def ask(self, snapshot: Snapshot, text: str, kind: str, source: str = "") -> Iterator[Example]:
        """An example for each of the first hits."""
        question = read(text, snapshot.lexical, self._embedder)
        ranked = rank(snapshot, question, limit=5, words_only=self._words_only)
        for place, hit in enumerate(ranked.found):
            shared = self._shared(hit.passage, source)
            answers = kind == "asked" and shared > ALIKE
            sure = answers or shared <= PERHAPS or (kind == "asked" and place == 0 and not source)
            clear = place == 0 and (answers or not source)
            weight = WEIGHTS[kind] * (1.0 if clear else UNSURE)
            yield Example(self.trade.name, text, kind, source, hit.features, answers, sure, weight, place)

    def _shared(self, passage: Passage, source: str) -> float:
        if not source or source not in self._passages:
            return 0.0
        return 1.0 if passage.id == source else _overlap(passage, self._passages[source])


def snapshot_of(passages: Sequence[Passage], embedder: Embedder) -> Snapshot:
    """A private index of these passages."""

    async def made() -> Snapshot:
        index = Index(MemoryVectors(), embedder)
        await index.upsert("fit", passages)
        return await index.snapshot("fit", _Fixed(passages))

    return asyncio.run(made())


def _without(passage: Passage, held: Callable[[str], bool], most: int | None) -> Passage:
    """The passage without the phrasings that are held out, and with no more than `most`."""
    kept = tuple(text for text in passage.questions if not held(text))
    return passage.model_copy(update={"questions": kept[:most]})


def _share(text: str) -> int:
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()[0] % SHARES


def _chosen(size: int, amount: int, seed: int) -> list[int]:
    """At most `amount` places of `size`, in order."""
    if size <= amount:
        return list(range(size))
    return sorted(int(place) for place in np.random.default_rng(seed).choice(size, amount, replace=False))


def _overlap(one: Passage, other: Passage) -> float:
    first, second = (set(passage.text.lower().split()) for passage in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))


def fit(chosen: Sequence[Example], names: Sequence[str]) -> dict[str, object]:
    """The fitted model as a table. Both classes count the same while fitting; then ANSWERED is taken in."""
    used = [example for example in chosen if example.sure and example.place < 3]
    values = np.array([[example.features[name] for name in names] for example in used])
    truth = np.array([float(example.answers) for example in used])
    counts = balanced(truth, np.array([example.weight for example in used]))
    expected = float(np.log(ANSWERED / (1.0 - ANSWERED)))
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
            table[sight] = fit(found, [name for name in found[0].features if name not in IGNORED[sight]])
    target.write_text(json.dumps(table) + "\n", "utf-8")


if __name__ == "__main__":
    main()
