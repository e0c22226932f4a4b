"""Knowledge: passages follow texts in the same transaction, and the version tells that they did."""

from dataclasses import replace

import pytest

from graph.errors import Invalid, NotFound
from store.unit import UnitOfWork
from store.values.knowledge import ArticleFields, EntryFields, PassageFields, SourceFields
from tests.store.desk import SmallDesk

ENTRY = EntryFields(
    title="Timing",
    title_hinglish="Samay",
    content=("It takes one minute.", "Two when it is busy."),
    content_hinglish=("Ek minute lagta hai.", "Bheed mein do."),
    questions=("How long?", "Kitna time?"),
    category="delivery",
)
PAGE = SourceFields(url="/contact", title="Contact", content_hash="one")


async def test_that_an_entry_is_its_passage(desk: SmallDesk) -> None:
    entry = await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, ENTRY))

    (passage,) = await desk.read(lambda uow: uow.knowledge.passages(desk.company.id))

    assert (passage.source_id, passage.kind, passage.revision) == (entry.id, "entry", 1)
    assert passage.text == "It takes one minute.\nTwo when it is busy."
    assert passage.hinglish == "Ek minute lagta hai.\nBheed mein do."
    assert passage.questions == ENTRY.questions
    assert await desk.read(lambda uow: uow.knowledge.version(desk.company.id)) == 1


async def test_that_publishing_changes_entry_revision_passage_and_version_together(desk: SmallDesk) -> None:
    entry = await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, ENTRY))
    (before,) = await desk.read(lambda uow: uow.knowledge.passages(desk.company.id))

    changed = replace(entry, content=("It takes two minutes.",), content_hinglish=())
    after = await desk.write(lambda uow: uow.knowledge.publish_entry(changed))

    assert after.revision == 2
    (passage,) = await desk.read(lambda uow: uow.knowledge.passages(desk.company.id))
    assert (passage.text, passage.revision) == ("It takes two minutes.", 2)
    assert passage.content_hash != before.content_hash
    revisions = await desk.read(lambda uow: uow.knowledge.entry_revisions(entry.id))
    assert [revision.revision for revision in revisions] == [2, 1]
    assert await desk.read(lambda uow: uow.knowledge.version(desk.company.id)) == 2
    quoted = await desk.read(lambda uow: uow.knowledge.passage(before.id))
    assert quoted.text == before.text, "receipts still find what they quoted"


async def test_that_publishing_the_same_text_changes_nothing(desk: SmallDesk) -> None:
    entry = await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, ENTRY))

    again = await desk.write(lambda uow: uow.knowledge.publish_entry(entry))

    assert again == entry
    assert await desk.read(lambda uow: uow.knowledge.version(desk.company.id)) == 1


async def test_that_a_passage_keeps_its_id_while_its_text_stays(desk: SmallDesk) -> None:
    entry = await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, ENTRY))
    (before,) = await desk.read(lambda uow: uow.knowledge.passages(desk.company.id))

    await desk.write(lambda uow: uow.knowledge.publish_entry(replace(entry, questions=("When?",))))

    (after,) = await desk.read(lambda uow: uow.knowledge.passages(desk.company.id))
    assert (after.id, after.questions) == (before.id, ("When?",))


@pytest.mark.parametrize("status", ["draft", "archived"])
async def test_that_only_active_entries_are_answered_from(desk: SmallDesk, status: str) -> None:
    entry = await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, ENTRY))

    await desk.write(lambda uow: uow.knowledge.publish_entry(replace(entry, status=status)))

    assert await desk.read(lambda uow: uow.knowledge.passages(desk.company.id)) == []


async def test_that_a_deleted_entry_leaves_no_passage(desk: SmallDesk) -> None:
    entry = await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, ENTRY))

    await desk.write(lambda uow: uow.knowledge.delete_entry(entry.id))

    assert await desk.read(lambda uow: uow.knowledge.passages(desk.company.id)) == []
    with pytest.raises(NotFound):
        await desk.read(lambda uow: uow.knowledge.entry(entry.id))


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (replace(ENTRY, content=(), content_hinglish=()), "content"),
        (replace(ENTRY, content=("One.", " "), content_hinglish=()), "content"),
        (replace(ENTRY, content_hinglish=("Ek.",)), "contentHinglish"),
        (replace(ENTRY, status="gone"), "status"),
    ],
)
async def test_that_a_broken_entry_is_refused(desk: SmallDesk, entry: EntryFields, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await desk.write(lambda uow: uow.knowledge.create_entry(desk.company.id, entry))

    assert refusal.value.field == field
    assert await desk.read(lambda uow: uow.knowledge.entries()) == ()


async def test_that_a_page_is_swapped_whole_and_an_equal_one_writes_nothing(desk: SmallDesk) -> None:
    first = [PassageFields(title="Contact", text="Old."), PassageFields(title="Contact", text="Same.")]
    second = [PassageFields(title="Contact", text="Same."), PassageFields(title="Contact", text="New.")]
    company = desk.company.id
    await desk.write(lambda uow: uow.knowledge.publish_source(company, PAGE, first))
    old = {row.text: row.id for row in await desk.read(lambda uow: uow.knowledge.passages(company))}

    await desk.write(lambda uow: uow.knowledge.publish_source(company, PAGE, second))
    equal = await desk.read(lambda uow: uow.knowledge.passages(company))
    changed = replace(PAGE, content_hash="two")
    await desk.write(lambda uow: uow.knowledge.publish_source(company, changed, second))

    assert [row.text for row in equal] == ["Old.", "Same."], "the hash had not changed"
    rows = await desk.read(lambda uow: uow.knowledge.passages(company))
    assert [(row.text, row.position) for row in rows] == [("Same.", 0), ("New.", 1)]
    assert rows[0].id == old["Same."]
    assert await desk.read(lambda uow: uow.knowledge.version(company)) == 2


async def test_that_a_retired_page_is_not_answered_from_until_it_comes_back(desk: SmallDesk) -> None:
    company, page = desk.company.id, [PassageFields(title="Contact", text="Write to us.")]
    source = await desk.write(lambda uow: uow.knowledge.publish_source(company, PAGE, page))

    await desk.write(lambda uow: uow.knowledge.retire_source(source.id, "404"))
    gone = await desk.read(lambda uow: uow.knowledge.passages(company))
    await desk.write(lambda uow: uow.knowledge.publish_source(company, PAGE, page))

    assert gone == []
    assert len(await desk.read(lambda uow: uow.knowledge.passages(company))) == 1


async def test_that_articles_are_set_by_slug_and_never_become_passages(desk: SmallDesk) -> None:
    company = desk.company.id

    def put(uow: UnitOfWork) -> None:
        for content in ("Old", "New"):
            fields = ArticleFields(title="Policy", slug="policy", category="refund", content=content)
            uow.knowledge.put_article(company, fields)

    await desk.write(put)

    (article,) = await desk.read(lambda uow: uow.knowledge.articles(company, "refund"))

    assert article.content == "New"
    assert await desk.read(lambda uow: uow.knowledge.passages(company)) == []
