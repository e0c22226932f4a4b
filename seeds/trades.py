"""The companies that answerability is fitted on: the seeded ones and invented ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from retrieval.passages import Passage, limit_passage
from seeds.pages import imported_pages
from seeds.schema import all_companies, authors
from seeds.shapes import CompanySeed


@dataclass(frozen=True)
class Trade:
    """One company's passages with the questions that they do and do not answer."""

    name: str
    passages: tuple[Passage, ...]
    answered: Mapping[str, tuple[str, ...]]
    unanswerable: tuple[str, ...]
    authors: Mapping[str, int]
    """Who wrote a phrasing or a near miss; 1 where it is not said."""


def trades() -> list[Trade]:
    """All companies that are fitted on: the seeded ones and the invented ones."""
    seeded = {seed.company.slug: seed for seed in all_companies()}
    found = []
    for file in sorted((files("seeds") / "phrases" / "answerability").iterdir(), key=lambda item: item.name):
        loaded = yaml.safe_load(file.read_text("utf-8"))
        for data in loaded if isinstance(loaded, list) else [loaded]:
            seed = seeded.get(data["company"])
            passages = _seeded(seed) if seed else tuple(_invented(entry) for entry in data["entries"])
            answered = {key: tuple(asked) for key, asked in data.get("answered", {}).items()}
            missed = data["unanswerable"] if seed else {1: data["unanswerable"]}
            wrote = authors(data["company"]) if seed else {}
            wrote |= {text: author for author, listed in missed.items() for text in listed}
            unanswerable = tuple(text for listed in missed.values() for text in listed)
            found.append(Trade(data["company"], passages, answered, unanswerable, wrote))
    return found


def _seeded(seed: CompanySeed) -> tuple[Passage, ...]:
    entries = [
        _entry(
            entry.key,
            entry.title,
            [fact.en for fact in entry.facts],
            entry.questions + entry.questions_hinglish,
        ).model_copy(update={"title_hinglish": entry.title_hinglish})
        for entry in seed.entries
    ]
    pages = [
        Passage(
            id=f"{source.url}#{number}",
            source_id=source.url,
            kind="page",
            title=found.title,
            heading=found.heading,
            url=found.url,
            text=found.text,
            questions=found.questions,
            content_hash=found.content_hash,
        )
        for source, passages in imported_pages(seed)
        for number, found in enumerate(passages)
    ]
    limits = [limit_passage(limit.model_dump()) for limit in seed.company.cannot]
    return (*entries, *pages, *limits)


def _invented(data: Mapping[str, Any]) -> Passage:
    return _entry(data["key"], data["title"], data["text"], tuple(data["questions"]))


def _entry(key: str, title: str, lines: Sequence[str], questions: tuple[str, ...]) -> Passage:
    text = "\n".join(lines)
    return Passage(
        id=key, source_id=key, kind="entry", title=title, text=text, questions=questions, content_hash=key
    )
