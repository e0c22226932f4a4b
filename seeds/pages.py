"""The demo sites as imported pages: each local page goes through the same extract and split as any import."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from graph.errors import Invalid
from ingest.extract import extract
from ingest.split import PATH, split
from retrieval.passages import Passage
from seeds.shapes import CompanySeed, Page
from store.values.knowledge import PassageFields, SourceFields


def page_url(slug: str, page: str) -> str:
    """Where the desk serves a page of a demo site."""
    return f"/companies/{slug}" if page == "index" else f"/companies/{slug}/{page}"


def imported_pages(seed: CompanySeed) -> Iterator[tuple[SourceFields, list[PassageFields]]]:
    """Every page with its passages; a line that is reviewed in Hinglish, here or in an entry, has it."""
    facts = {fact.en: fact.hinglish for entry in seed.entries for fact in entry.facts}
    for page in seed.pages:
        url = page_url(seed.company.slug, page.name)
        document = extract(page.html)
        pairs = [pair for pair in seed.page_pairs if pair.page == page.name]
        reviewed = facts | {pair.en: pair.hinglish for pair in pairs}
        made = list(split(document, source_id=url, url=url))
        asked = _asked(page, made)
        passages = [_fields(passage, reviewed, asked.get(passage.id, ())) for passage in made]
        said = (page.html, sorted(reviewed.items()), sorted(page.asked.items()))
        digest = hashlib.sha256(repr(said).encode()).hexdigest()
        yield SourceFields(url=url, title=document.title, content_hash=digest), passages


def _asked(page: Page, made: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
    """The phrasings of each passage by its id; a section of several passages is named by their question."""
    found: dict[str, tuple[str, ...]] = {}
    for heading, phrasings in page.asked.items():
        fitting = [passage for passage in made if heading in _names(passage)]
        if len(fitting) != 1:
            label = f"asked.yaml: pages.{page.name}"
            count = "no section" if not fitting else f"{len(fitting)} sections"
            raise Invalid(f"{label}: {count} called {heading!r}; name a heading or a question", field=label)
        found[fitting[0].id] = found.get(fitting[0].id, ()) + phrasings
    return found


def _names(passage: Passage) -> set[str]:
    last = passage.heading.rpartition(PATH)[2]
    return {passage.heading, last, *passage.questions} - ({""} if passage.questions else set())


def _fields(made: Passage, reviewed: Mapping[str, str], asked: Sequence[str]) -> PassageFields:
    lines = made.text.split("\n")
    known = any(line in reviewed for line in lines)
    return PassageFields(
        title=made.title,
        text=made.text,
        hinglish="\n".join(reviewed.get(line, "") for line in lines) if known else "",
        url=made.url,
        heading=made.heading,
        questions=tuple(dict.fromkeys((*made.questions, *asked))),
        category=made.category,
        content_hash=made.content_hash,
    )
