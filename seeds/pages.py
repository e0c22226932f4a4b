"""The demo sites as imported pages: each local page goes through the same extract and split as any import."""

import hashlib
from collections.abc import Iterator, Mapping

from ingest.extract import extract
from ingest.split import split
from retrieval.passages import Passage
from seeds.shapes import CompanySeed
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
        passages = [_fields(made, reviewed) for made in split(document, source_id=url, url=url)]
        digest = hashlib.sha256(repr((page.html, sorted(reviewed.items()))).encode()).hexdigest()
        yield SourceFields(url=url, title=document.title, content_hash=digest), passages


def _fields(made: Passage, reviewed: Mapping[str, str]) -> PassageFields:
    lines = made.text.split("\n")
    known = any(line in reviewed for line in lines)
    return PassageFields(
        title=made.title,
        text=made.text,
        hinglish="\n".join(reviewed.get(line, "") for line in lines) if known else "",
        url=made.url,
        heading=made.heading,
        questions=made.questions,
        category=made.category,
        content_hash=made.content_hash,
    )
