"""Measure retrieval on somebody else's corpus: hit rates, and how well the unanswerable is told apart."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from graph.errors import Invalid
from language.text import sentences
from retrieval.embed import Embedder, open_embedder
from retrieval.index import Index
from retrieval.passages import Passage, Search
from retrieval.retriever import CompanyRetriever
from retrieval.vectors import MemoryVectors

PHRASINGS = 3
DEPTH = 50


class Corpus:
    """Passages that do not change."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = list(passages)

    async def passages(self, company_id: str) -> list[Passage]:
        """The same passages for whoever asks."""
        del company_id
        return self._passages

    async def version(self, company_id: str) -> str:
        """One version for ever."""
        return company_id


def evaluate(folder: Path, *, cache: Path | None = None) -> dict[str, float]:
    """hit1, hit5, mrr (over answerable queries), unanswerableAuroc and n, each rate 0..1.

    `folder` holds corpus.jsonl, queries.jsonl and qrels.jsonl; queries without a qrel are unanswerable;
    with none of those, unanswerableAuroc is left out. `cache` keeps the model file. Raises Invalid.
    """
    embedder = open_embedder(cache or Path.home() / ".cache" / "supportgraph")
    return asyncio.run(_evaluate(folder, embedder))


async def _evaluate(folder: Path, embedder: Embedder) -> dict[str, float]:
    passages = [to_passage(row) for row in _rows(folder / "corpus.jsonl")]
    wanted: dict[str, set[str]] = {}
    for row in _rows(folder / "qrels.jsonl"):
        wanted.setdefault(row["query"], set()).add(row["doc"])
    index = Index(MemoryVectors(), embedder)
    await index.upsert("probe", passages)
    retriever = CompanyRetriever("probe", Corpus(passages), index)
    ranks, sure, unsure = [], [], []
    for row in _rows(folder / "queries.jsonl"):
        found = await retriever.search(row["text"], limit=DEPTH)
        if row["id"] in wanted:
            ranks.append(_rank(found, wanted[row["id"]]))
            sure.append(found.answerable)
        else:
            unsure.append(found.answerable)
    return _metrics(np.array(ranks, np.float64), np.array(sure), np.array(unsure))


def _metrics(ranks: np.ndarray, sure: np.ndarray, unsure: np.ndarray) -> dict[str, float]:
    scores = {
        "n": float(len(ranks) + len(unsure)),
        "hit1": float(np.mean(ranks <= 1)),
        "hit5": float(np.mean(ranks <= 5)),
        "mrr": float(np.mean(1.0 / ranks)),
    }
    if len(unsure):
        more = (sure[:, None] > unsure[None]).mean() + 0.5 * (sure[:, None] == unsure[None]).mean()
        scores["unanswerableAuroc"] = float(more)
    return {name: round(value, 4) for name, value in scores.items()}


def _rank(found: Search, wanted: set[str]) -> float:
    places = [place for place, hit in enumerate(found.hits, 1) if hit.passage.id in wanted]
    return float(places[0]) if places else float("inf")


def to_passage(row: dict[str, str]) -> Passage:
    """A corpus row as a passage: leading questions and ` / `-separated phrasings are what it answers."""
    title, text = row.get("title", ""), row["text"]
    phrasings = [part.strip() for part in text.split(" / ") if part.strip()]
    if len(phrasings) < PHRASINGS:
        lines = list(sentences(text))
        asked = next((at for at, line in enumerate(lines) if not line.endswith("?")), len(lines))
        phrasings, lines = lines[:asked], lines[asked:]
    else:
        lines = []
    questions = tuple(phrase for phrase in phrasings if phrase != title)
    return Passage(
        id=row["id"],
        source_id=row["id"],
        kind="page",
        title=title,
        text="\n".join(lines),
        questions=questions,
        content_hash=row["id"],
    )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, json.JSONDecodeError) as error:
        raise Invalid(f"{path.name}: {error}", field="data") from error
