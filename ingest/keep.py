"""Keep an uploaded file as knowledge: all of its passages in one transaction, vectors before."""

import hashlib
from dataclasses import dataclass

from graph.errors import RetrievalUnavailable
from ingest.judge import sifted
from ingest.rows import coming_passage, fields_of_passage
from ingest.split import split
from ingest.uploads import Upload
from retrieval.index import Index
from store.database import Store
from store.ports import Ids
from store.unit import UnitOfWork
from store.values.knowledge import PassageFields, Source, SourceFields
from store.values.scope import Scope


@dataclass(frozen=True)
class Kept:
    """What became of a file."""

    source: Source
    passages: int
    held: int
    unchanged: bool = False


async def keep_upload(store: Store, index: Index, ids: Ids, company_id: str, upload: Upload) -> Kept:
    """Make the file's text the company's knowledge; a file of the same name is replaced."""
    scope, url = Scope.of(company_id), f"upload:{upload.name}"
    passages = _passages(upload)
    whole = "\n".join(passage.content_hash for passage in passages)
    content = hashlib.sha256(whole.encode()).hexdigest()

    def known(uow: UnitOfWork) -> tuple[Source | None, dict[str, str], dict[str, str]]:
        source = uow.knowledge.source_by_url(company_id, url)
        if source is None:
            return None, {}, {}
        return source, uow.knowledge.source_passages(source.id), uow.quarantine.decisions(source.id)

    source, stored, decided = await store.read(scope, known)
    good, held = sifted(passages, decided)
    if source is not None and source.content_hash == content and source.status == "imported":
        return Kept(source, len(good), len(held), unchanged=True)
    named = {each.content_hash: stored.get(each.content_hash) or ids.new("psg") for each in good}
    fresh = [each for each in good if each.content_hash not in stored]
    try:
        rows = [coming_passage(each, named[each.content_hash], "upload") for each in fresh]
        await index.add(company_id, rows)
    except RetrievalUnavailable:
        pass  # words are searched until the index has healed
    title = upload.documents[0].title if len(upload.documents) == 1 else upload.name
    status = "imported" if good or not held else "quarantined"
    new = SourceFields(url=url, title=title, kind="upload", status=status, content_hash=content)

    def write(uow: UnitOfWork) -> Source:
        kept = uow.knowledge.publish_source(company_id, new, good, ids=named)
        uow.quarantine.hold(company_id, kept.id, held)
        return kept

    return Kept(await store.write(scope, write), len(good), len(held))


def _passages(upload: Upload) -> tuple[PassageFields, ...]:
    """The passages of all documents, without repeats, each under its own title."""
    made = [
        fields_of_passage(passage)
        for document in upload.documents
        for passage in split(document, source_id="upload", kind="upload")
    ]
    return tuple({passage.content_hash: passage for passage in made}.values())
