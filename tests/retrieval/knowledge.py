"""Passages of an invented photo booth, a source that holds them, and an embedder that counts its work."""

import hashlib
from collections.abc import Sequence

from retrieval.embed import Embedder, Matrix
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.retriever import CompanyRetriever
from retrieval.vectors import MemoryVectors


def passage(key: str, *lines: str, title: str = "", **more: object) -> Passage:
    text = "\n".join(lines)
    made = {"id": key, "source_id": key, "kind": "entry", "title": title or key, "text": text, **more}
    said = f"{title}{text}{more.get('questions', '')}"
    return Passage.model_validate(made | {"content_hash": hashlib.sha256(said.encode()).hexdigest()})


BOOTH = (
    passage(
        "pricing",
        "A print costs $3 to $9, depending on its size.",
        "The small print costs $3.",
        "Every order includes one free retake.",
        title="Prices",
        questions=("How much is a print?", "What does it cost?", "Print kitne ka hai?"),
    ),
    passage(
        "turnaround",
        "Most prints are ready in 10 minutes.",
        "At weekends a print can take up to 25 minutes.",
        title="Turnaround time",
        questions=("How long does it take?", "When is my print ready?", "Kitna time lagta hai?"),
    ),
    passage(
        "glasses",
        "Take your glasses off for the photo.",
        title="Glasses",
        questions=("Can I wear glasses?", "Do I have to take off my glasses?", "Chashma pehen sakte hain?"),
    ),
    passage(
        "sizes",
        "Photo sizes are 50x50 mm for the US and 50x70 mm for Brazil and Canada.",
        "Brazil photos are 50x70 mm.",
        "Canada photos are 50x70 mm.",
        "Any other country uses the standard size of 35x45 mm.",
        title="Sizes",
        questions=("Which size is a US photo?", "What is the photo size for Canada?"),
    ),
    passage(
        "germany",
        "German passport photos are supported.",
        "Germany photos are 35x45 mm.",
        title="Germany photos",
        questions=("What is the photo size for Germany?", "Do you make German passport photos?"),
    ),
    passage(
        "refund",
        "You get your money back if an office rejects the print.",
        "A person reviews each refund.",
        title="Refunds",
        questions=("Do I get a refund if the photo is rejected?", "Paise wapas milenge kya?"),
    ),
    passage(
        "contact",
        "You can write to us at hello@booth.example.",
        title="Support contact",
        questions=("How do I contact support?", "What is your e-mail address?"),
    ),
)
OFFICE = passage(
    "contact-page",
    "The office of the booth is at 4 Mill Lane, Leeds.",
    "The office is open from 9 am to 5 pm.",
    title="Contact",
    heading="Our office",
    kind="page",
    url="https://booth.example/contact",
)


class Shelf:
    """Passages of several companies that tests may change."""

    def __init__(self, **companies: Sequence[Passage]) -> None:
        self.companies = {name: list(held) for name, held in companies.items()}
        self.edits = 0

    def put(self, company_id: str, *passages: Passage) -> None:
        self.companies[company_id] = list(passages)
        self.edits += 1

    async def passages(self, company_id: str) -> list[Passage]:
        return list(self.companies[company_id])

    async def version(self, company_id: str) -> str:
        return f"{company_id}:{self.edits}"


class Counting:
    """An embedder that remembers how many texts it was asked for."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name, self.semantic = inner.name, inner.semantic
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.texts += len(texts)
        return self._inner.embed(texts)

    def commonness(self, word: str) -> float:
        return self._inner.commonness(word)


async def booth(embedder: Embedder, *passages: Passage) -> CompanyRetriever:
    """A retriever over these passages, the booth's own if none are given."""
    shelf = Shelf(booth=passages or BOOTH)
    index = Index(MemoryVectors(), embedder)
    await index.upsert("booth", shelf.companies["booth"])
    return CompanyRetriever("booth", shelf, index)
