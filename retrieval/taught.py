"""The lessons of each company: learnt once for what its knowledge says, and kept in a file beside the model.

The file's name is a hash of all that was learnt from, so every private copy of a desk finds the same file.
It may be deleted at any time; one that cannot be used costs seconds and nothing else.
"""

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import Embedder, Matrix
from retrieval.lessons import Lessons, Spelling, learn
from retrieval.passages import Passage
from retrieval.rows import PATH

MOST_TEXTS = 12_000
"""Texts that are learnt from at most: the time grows with their cube (7,400: some 8 s on one core, once)."""
FEWEST = 2
"""Phrasings that passages have on average where lessons are worth it; where all texts would be too many,
what a passage has to have to be learnt."""
THIN = 1.4
"""Thinness from which an entry teaches nothing and is judged by itself: a quarter of the usual phrasings."""
SAME = 0.5
"""Share of the shorter passage's words from which two passages answer the same."""
KEPT = 24
"""Files that are kept, the newest."""
SHIPPED = Path(str(files("retrieval") / "data" / "lessons.npz"))
"""The weights of the seeded companies by digest, so that a first start has nothing to solve."""
_EDITION = "5"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taught:
    """Lessons with the passage that each of their columns stands for."""

    digest: str
    """Changes when the passages would teach something else."""
    lessons: Lessons
    passage_ids: tuple[str, ...]


class Teacher:
    """Learns, and remembers in `folder` what was learnt."""

    def __init__(self, embedder: Embedder, folder: Path | None = None) -> None:
        self._embedder, self._folder = embedder, folder

    def digest(self, passages: Sequence[Passage]) -> str:
        """What `Taught.digest` would be; empty where there is nothing to learn from."""
        lot = _Lot(passages, self._embedder)
        return lot.digest if lot.documents else ""

    def recall(self, passages: Sequence[Passage]) -> Taught | None:
        """What a file holds for these passages."""
        lot = _Lot(passages, self._embedder)
        held = self._read(lot) if lot.documents else None
        return Taught(lot.digest, held, lot.passage_ids) if held else None

    def teach(self, passages: Sequence[Passage], *, keep: bool = True) -> Taught:
        """Learn from these passages (seconds for thousands of phrasings) and keep it, if it is to last."""
        lot = _Lot(passages, self._embedder)
        lessons = learn(lot.documents, lot.same(), self._embedder, _shipped(lot))
        if keep:
            self._write(lot, lessons)
        return Taught(lot.digest, lessons, lot.passage_ids)

    def _file(self, lot: "_Lot") -> Path | None:
        return self._folder / f"{lot.digest}.npz" if self._folder else None

    def _read(self, lot: "_Lot") -> Lessons | None:
        file = self._file(lot)
        if file is None or not file.is_file():
            return None
        try:
            with np.load(file, allow_pickle=False) as held:
                spelling = Spelling(
                    held["starts"], held["texts"], held["shares"], held["telling"], int(held["size"])
                )
                vectors, weights = (held[name].astype(np.float32) for name in ("vectors", "weights"))
                return Lessons(vectors, held["written"], held["glossed"], spelling, weights)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            _log.warning("lessons cannot be read: %s", error)
            return None

    def _write(self, lot: "_Lot", lessons: Lessons) -> None:
        file = self._file(lot)
        if file is None:
            return
        spelling = lessons.spelling
        arrays: dict[str, Any] = {
            "vectors": lessons.vectors,
            "written": lessons.written,
            "glossed": lessons.glossed,
            "weights": lessons.weights,
            "starts": spelling.starts,
            "texts": spelling.texts.astype(np.int32),
            "shares": spelling.weights,
            "telling": spelling.telling,
            "size": np.array(spelling.size),
        }
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
                np.savez(part, allow_pickle=False, **arrays)
            os.replace(part.name, file)
            others = sorted(file.parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)
            for old in others[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("lessons cannot be kept: %s", error)


def ship(all_passages: Iterable[Sequence[Passage]], embedder: Embedder) -> None:
    """Learn from the passages of each company and write the weights to SHIPPED."""
    SHIPPED.unlink(missing_ok=True)
    taught = [Teacher(embedder).teach(passages) for passages in all_passages]
    weights: dict[str, Any] = {one.digest: one.lessons.weights.astype(np.float16) for one in taught}
    np.savez_compressed(SHIPPED, allow_pickle=False, **weights)


def shipped() -> frozenset[str]:
    """The digests of what the shipped weights were learnt from."""
    with np.load(SHIPPED, allow_pickle=False) as held:
        return frozenset(held)


def _shipped(lot: "_Lot") -> Matrix | None:
    """The weights that come with the product for these passages."""
    if not SHIPPED.exists():
        return None
    with np.load(SHIPPED, allow_pickle=False) as held:
        weights: Matrix | None = held.get(lot.digest)
    fits = weights is not None and weights.shape == (sum(map(len, lot.documents)), len(lot.documents))
    return weights if fits else None


class _Lot:
    """The passages that are learnt from, in an order that does not depend on their ids."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder) -> None:
        chosen = _chosen(passages) if embedder.semantic else []
        marked = sorted((_digest(texts), passage.id, passage, texts) for passage, texts in chosen)
        self.passages = tuple(passage for _, _, passage, _ in marked)
        self.passage_ids = tuple(passage.id for passage in self.passages)
        self.documents = tuple(texts for *_, texts in marked)
        said = "\n".join((_EDITION, embedder.name, *(mark for mark, *_ in marked)))
        self.digest = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    def same(self) -> NDArray[np.bool_]:
        """Which passages answer what is asked of which."""
        said = [frozenset(passage.text.lower().split()) for passage in self.passages]
        found = np.eye(len(said), dtype=np.bool_)
        for one, first in enumerate(said):
            for other in range(one):
                shared = len(first & said[other])
                if shared > SAME * max(1, min(len(first), len(said[other]))):
                    found[one, other] = found[other, one] = True
        return found


def _chosen(passages: Sequence[Passage]) -> list[tuple[Passage, tuple[str, ...]]]:
    """The passages with the texts that teach them; fewer of each where all would be too many.

    Nothing where owners wrote few phrasings: there the nearest text is a better guide. Nor of an entry with
    few beside others with many: it would seldom win, and so what was learnt stays when an entry is added.
    """
    knowledge = [passage for passage in passages if passage.kind not in ("limit", "gap")]
    if sum(len(passage.questions) for passage in knowledge) < FEWEST * max(1, len(knowledge)):
        return []
    thin = thinness(passages)
    found = [(passage, texts_of(passage)) for passage, by in zip(passages, thin, strict=True) if by < THIN]
    if sum(len(texts) for _, texts in found) > MOST_TEXTS:
        found = [(passage, texts) for passage, texts in found if len(passage.questions) >= FEWEST]
        each = max(1, MOST_TEXTS // max(1, len(found)))
        found = [(passage, texts[:each]) for passage, texts in found] if len(found) <= MOST_TEXTS else []
    return [(passage, texts) for passage, texts in found if texts]


def thinness(passages: Sequence[Passage]) -> NDArray[np.float64]:
    """How many fewer phrasings an entry has than the company's entries usually have: log of the ratio, or 0.

    The nearest of many phrasings is nearer than one can be: an entry that was written today has few.
    """
    counts = np.array([1.0 + len(passage.questions) for passage in passages])
    entries = np.array([passage.kind == "entry" for passage in passages], np.bool_)
    typical = float(np.median(counts[entries])) if entries.any() else 1.0
    return np.where(entries, np.maximum(0.0, np.log(typical / counts)), 0.0)


def texts_of(passage: Passage) -> tuple[str, ...]:
    """What teaches a passage: its phrasings, its name, its lines."""
    named = passage.title if passage.kind != "page" else passage.heading.rpartition(PATH)[2].strip()
    texts = (*passage.questions, named, passage.title_hinglish, *passage.lines)
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _digest(texts: Sequence[str]) -> str:
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=12).hexdigest()
