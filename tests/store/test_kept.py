"""Values that left a message: unreadable in the file, opened by their name."""

from pathlib import Path

from store.values.turns import KeptValue
from tests.store.desk import SmallDesk

EMAIL = KeptValue("[email_1]", "email", "anna@example.com", "an•••@example.com")


async def test_that_kept_values_are_encrypted_in_the_file_and_opened_by_name(
    desk: SmallDesk, database: Path
) -> None:
    ticket = await desk.ticket()

    accepted = await desk.accept(ticket.id, "Write to [email_1]", values=(EMAIL,), discarded=("card",))

    assert accepted.turn_id is not None
    loaded = await desk.read(lambda uow: uow.turns.load(accepted.turn_id or ""))
    assert (loaded.slots, loaded.discarded) == (("email_1",), ("card",))
    value = await desk.read(lambda uow: uow.turns.open_value(ticket.id, "email_1"))
    assert value == "anna@example.com"
    files = [path.read_bytes() for path in database.parent.glob("desk.db*")]
    assert any(accepted.message_id.encode() in content for content in files)
    assert not any(b"anna@example" in content for content in files)
