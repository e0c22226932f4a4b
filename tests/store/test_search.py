"""Finding tickets by what was said, on both engines alike."""

import pytest
from sqlalchemy import delete, text, update

from store.migrate import upgrade
from store.models.tickets import Messages, Tickets
from store.repositories import inbox_search, search
from store.unit import UnitOfWork
from store.values.tickets import InboxFilters
from tests.store.desk import SmallDesk

DIALECTS = ("sqlite", "postgresql")
SAID = (
    "My refund of order TL-10471 has not come, Żaneta says.",
    "मुझे रिफंड चाहिए, please",
    "It's 100% wrong; write to anna.k@example.com",
)


async def found(desk: SmallDesk, words: str) -> list[int]:
    """Which of the messages above the words find, by place."""
    page = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(text=words)))
    assert page.total == len(page.rows)
    return sorted(row.ticket.number - 1001 for row in page.rows)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("REFUND", [0]),
        ("refu ord", [0]),
        ("order refund", [0]),
        ("fund", []),
        ("refund please", []),
        ("tl-10471", [0]),
        ("10471", [0]),
        ("żaneta", [0]),
        ("रिफंड", [1]),
        ("please", [1]),
        ("100%", [2]),
        ("anna.k@example.com", [2]),
        ("' OR 2=2 --", []),
        ('"*', []),
        ("1002", [1]),
        ("#1003", [2]),
    ],
)
async def test_that_words_find_the_tickets_that_say_them(
    desk: SmallDesk, words: str, places: list[int]
) -> None:
    for said in SAID:
        await desk.accept((await desk.ticket()).id, said)

    assert await found(desk, words) == places


async def test_that_what_is_changed_or_removed_is_not_found_any_more(desk: SmallDesk) -> None:
    tickets = [await desk.ticket() for _ in SAID]
    for ticket, said in zip(tickets, SAID, strict=True):
        await desk.accept(ticket.id, said)

    def change(uow: UnitOfWork) -> None:
        db = uow._work.db
        changed = update(Messages).where(Messages.ticket_id == tickets[0].id)
        db.execute(changed.values(text="nothing at all"))
        db.execute(delete(Messages).where(Messages.ticket_id == tickets[1].id))
        db.execute(delete(Tickets).where(Tickets.id == tickets[2].id))

    await desk.write(change)

    assert [await found(desk, words) for words in ("refund", "nothing", "please", "wrong")] == [
        [],
        [0],
        [],
        [],
    ]
    if desk.store._writer.dialect.name == "sqlite":
        left = await desk.read(
            lambda uow: uow._work.db.execute(text("SELECT count(*) FROM message_words")).scalar()
        )
        assert left == 1


async def test_that_messages_from_before_the_index_are_found(desk: SmallDesk, database_url: str) -> None:
    from alembic import command

    from store.migrate import configuration

    await desk.accept((await desk.ticket()).id, SAID[0])
    command.downgrade(configuration(database_url), "0004")
    upgrade(database_url)

    assert await found(desk, "refund") == [0]


async def _asked(desk: SmallDesk, *texts: str) -> list[str]:
    """Tickets with these first messages, answered, one second apart."""
    made = []
    for said in texts:
        desk.clock.move(seconds=1)
        ticket = await desk.ticket()
        await desk.answered(ticket.id, said)
        made.append(ticket.id)
    return made


async def test_that_open_tickets_come_before_the_closed_ones_and_both_are_counted(desk: SmallDesk) -> None:
    old, gone, late = await _asked(desk, "refund please", "my refund", "refund now")
    for ticket_id in (gone, late):
        desk.clock.move(seconds=1)
        await desk.write(lambda uow, one=ticket_id: uow.tickets.close(one, "staff"))  # type: ignore[misc]

    everything = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(text="refund")))
    mine = InboxFilters(text="refund", group="open", company_id=desk.company.id)
    still = await desk.read(lambda uow: uow.tickets.inbox(mine))
    assert [row.ticket.id for row in everything.rows] == [old, late, gone]
    assert [row.ticket.id for row in still.rows] == [old]
    assert still.by_group == everything.by_group == {"customer": 1, "resolved": 2}


async def test_that_pages_of_a_search_go_on_where_the_one_before_ended(desk: SmallDesk) -> None:
    made = await _asked(desk, *(f"refund {number}" for number in range(5)))

    pages = [
        await desk.read(lambda uow, at=at: uow.tickets.inbox(InboxFilters(text="refund"), at, 2))  # type: ignore[misc]
        for at in (1, 2, 3)
    ]
    assert [row.ticket.id for found in pages for row in found.rows] == made[::-1]
    assert {(found.total, found.pages, found.more) for found in pages} == {(5, 3, False)}


async def test_that_of_many_closed_ones_the_newest_are_found_and_it_says_so(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_search, "MOST_CLOSED", 2)
    made = await _asked(desk, "refund one", "refund two", "refund three")
    for ticket_id in made:
        await desk.write(lambda uow, one=ticket_id: uow.tickets.close(one, "staff"))  # type: ignore[misc]
    page = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(text="refund")))
    assert ([row.ticket.id for row in page.rows], page.more) == ([made[2], made[1]], True)


async def test_that_a_word_that_thousands_of_messages_hold_is_looked_for_as_it_stands(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if desk.store._writer.dialect.name != "sqlite":
        pytest.skip("PostgreSQL gathers beginnings quickly")
    await _asked(desk, "a refund", "the refund", "refunds")
    assert await found(desk, "refund") == [0, 1, 2]
    monkeypatch.setattr(search, "COMMON", 2)
    assert await found(desk, "refund") == [0, 1]
    assert await found(desk, "refun") == [0, 1, 2]
