"""Customers, their sessions and proofs; staff, keys and the audit."""

from datetime import timedelta
from pathlib import Path

import pytest

from graph.errors import Conflict, NotFound
from store.unit import UnitOfWork
from store.values.companies import AgentFields
from store.values.people import Session
from store.values.scope import Scope
from tests.store.desk import SmallDesk

OPERATOR = Scope.operator()


async def session(desk: SmallDesk, token: str = "token") -> Session:
    """A customer's session that has proven nothing."""
    return await desk.write(lambda uow: uow.sessions.open(desk.company.id, token, email="anna@example.com"))


async def test_that_an_address_is_one_customer_per_company(desk: SmallDesk) -> None:
    first = await desk.write(lambda uow: uow.customers.ensure(desk.company.id, " Anna@Example.com"))
    again = await desk.write(lambda uow: uow.customers.ensure(desk.company.id, "anna@example.com", demo=True))
    other = await desk.store.write(
        desk.foreign, lambda uow: uow.customers.ensure(desk.other.id, "anna@example.com")
    )

    assert (again.id, again.demo) == (first.id, True)
    assert other.id != first.id
    assert first.email_hint == "a***@example.com"


async def test_that_tokens_are_not_in_the_file(desk: SmallDesk, database: Path) -> None:
    await session(desk, "a-token-of-a-customer")
    user = await desk.store.write(OPERATOR, lambda uow: uow.staff.create("lead@example.com", "hash"))
    end = desk.clock.now() + timedelta(hours=1)
    await desk.store.write(OPERATOR, lambda uow: uow.staff.sign_in(user.id, "a-token-of-staff", end))
    await desk.store.write(
        OPERATOR, lambda uow: uow.keys.create("sk_first_0123456789", name="site", scopes=("run",))
    )

    content = b"".join(path.read_bytes() for path in database.parent.glob("desk.db*"))

    assert b"sk_first_012" in content, "the prefix is kept"
    for secret in (b"a-token-of-a-customer", b"a-token-of-staff", b"sk_first_0123456789"):
        assert secret not in content


async def test_that_a_proof_covers_the_session_and_its_open_tickets(desk: SmallDesk) -> None:
    known = await session(desk)
    customer = await desk.write(lambda uow: uow.customers.ensure(desk.company.id, "anna@example.com"))
    ticket = await desk.write(
        lambda uow: uow.tickets.open(desk.company.id, None, desk.agent.id, known.id, "widget")
    )

    await desk.write(lambda uow: uow.sessions.verify(known.id, customer.id, customer.email))

    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.customer_id, after.verified) == (customer.id, True)
    proven = await desk.read(lambda uow: uow.sessions.by_token("token"))
    assert proven is not None
    assert proven.verified


async def test_that_a_ticket_opens_to_its_session_and_its_proven_customer_only(desk: SmallDesk) -> None:
    mine, stranger = await session(desk), await session(desk, "stranger")
    customer = await desk.write(lambda uow: uow.customers.ensure(desk.company.id, "anna@example.com"))
    ticket = await desk.write(
        lambda uow: uow.tickets.open(
            desk.company.id, customer.id, desk.agent.id, mine.id, "widget", verified=True
        )
    )

    assert (await desk.read(lambda uow: uow.tickets.get_owned(ticket.id, mine))).id == ticket.id
    with pytest.raises(NotFound):
        await desk.read(lambda uow: uow.tickets.get_owned(ticket.id, stranger))
    proven = await desk.write(lambda uow: uow.sessions.verify(stranger.id, customer.id, customer.email))
    assert (await desk.read(lambda uow: uow.tickets.get_owned(ticket.id, proven))).id == ticket.id


async def test_that_an_identity_token_works_once_per_company(desk: SmallDesk) -> None:
    end = desk.clock.now() + timedelta(minutes=5)
    await desk.write(lambda uow: uow.sessions.use_token_id(desk.company.id, "jti", end))

    with pytest.raises(Conflict):
        await desk.write(lambda uow: uow.sessions.use_token_id(desk.company.id, "jti", end))
    await desk.store.write(desk.foreign, lambda uow: uow.sessions.use_token_id(desk.other.id, "jti", end))


async def test_that_a_code_is_right_once_in_time_and_for_its_session(desk: SmallDesk) -> None:
    mine, stranger = await session(desk), await session(desk, "stranger")
    end = desk.clock.now() + timedelta(minutes=10)
    await desk.write(lambda uow: uow.sessions.send_code(mine, "anna@example.com", "123456", end))

    wrong = await desk.write(lambda uow: uow.sessions.check_code(mine, "000000"))
    foreign = await desk.write(lambda uow: uow.sessions.check_code(stranger, "123456"))
    right = await desk.write(lambda uow: uow.sessions.check_code(mine, "123456"))
    again = await desk.write(lambda uow: uow.sessions.check_code(mine, "123456"))

    assert (wrong, foreign, right, again) == (None, None, "anna@example.com", None)
    sent = await desk.read(
        lambda uow: uow.sessions.codes_since(stranger, "anna@example.com", mine.created_at)
    )
    assert sent == 1


async def test_that_a_code_ends_after_five_tries_or_ten_minutes(desk: SmallDesk) -> None:
    known = await session(desk)
    end = desk.clock.now() + timedelta(minutes=10)
    await desk.write(lambda uow: uow.sessions.send_code(known, "a@b.co", "123456", end))
    for _ in range(5):
        assert await desk.write(lambda uow: uow.sessions.check_code(known, "000000")) is None
    assert await desk.write(lambda uow: uow.sessions.check_code(known, "123456")) is None

    await desk.write(lambda uow: uow.sessions.send_code(known, "a@b.co", "654321", end))
    desk.clock.move(minutes=11)
    assert await desk.write(lambda uow: uow.sessions.check_code(known, "654321")) is None


async def test_that_two_identity_secrets_live_and_are_encrypted(desk: SmallDesk, database: Path) -> None:
    def add(uow: UnitOfWork) -> None:
        for kid in ("one", "two", "three"):
            uow.companies.add_identity_secret(desk.company.id, kid, f"secret-{kid}")

    await desk.write(add)

    secrets = await desk.read(lambda uow: uow.companies.identity_secrets(desk.company.id))

    assert [(key.kid, key.secret) for key in secrets] == [("three", "secret-three"), ("two", "secret-two")]
    content = b"".join(path.read_bytes() for path in database.parent.glob("desk.db*"))
    assert b"secret-three" not in content


async def test_that_a_new_password_or_role_ends_all_sign_ins(desk: SmallDesk) -> None:
    user = await desk.store.write(OPERATOR, lambda uow: uow.staff.create("lead@example.com", "hash"))
    end = desk.clock.now() + timedelta(hours=12)
    await desk.store.write(OPERATOR, lambda uow: uow.staff.sign_in(user.id, "one", end))

    await desk.store.write(OPERATOR, lambda uow: uow.staff.grant(user.id, desk.company.id, "lead"))

    assert await desk.store.read(OPERATOR, lambda uow: uow.staff.session("one")) is None
    await desk.store.write(OPERATOR, lambda uow: uow.staff.sign_in(user.id, "two", end))
    await desk.store.write(OPERATOR, lambda uow: uow.staff.set_password(user.id, "other hash"))
    assert await desk.store.read(OPERATOR, lambda uow: uow.staff.session("two")) is None
    roles = await desk.store.read(OPERATOR, lambda uow: uow.staff.memberships(user.id))
    assert [(role.company_id, role.role) for role in roles] == [(desk.company.id, "lead")]


async def test_that_a_key_works_until_it_ends(desk: SmallDesk) -> None:
    end = desk.clock.now() + timedelta(days=1)
    short = await desk.store.write(
        OPERATOR,
        lambda uow: uow.keys.create(
            "sk_short_0123456789", name="x", scopes=("run",), company_id=desk.company.id, expires_at=end
        ),
    )
    found = await desk.read(lambda uow: uow.keys.by_key("sk_short_0123456789"))
    assert found == short

    desk.clock.move(days=2)
    assert await desk.read(lambda uow: uow.keys.by_key("sk_short_0123456789")) is None
    long = await desk.store.write(OPERATOR, lambda uow: uow.keys.create("sk_long_0123", name="x", scopes=()))
    await desk.store.write(OPERATOR, lambda uow: uow.keys.revoke(long.id))
    assert await desk.store.read(OPERATOR, lambda uow: uow.keys.by_key("sk_long_0123")) is None


async def test_that_the_audit_keeps_digests_and_not_contents(desk: SmallDesk, database: Path) -> None:
    await desk.write(
        lambda uow: uow.audit.add(
            "usr_1", "change", "agent", company_id=desk.company.id, before="old prompt", after="new prompt"
        )
    )

    (record,) = await desk.read(lambda uow: uow.audit.all())

    assert record.before_hash != record.after_hash
    content = b"".join(path.read_bytes() for path in database.parent.glob("desk.db*"))
    assert b"new prompt" not in content


async def test_that_a_saved_agent_keeps_its_versions_and_one_is_the_default(desk: SmallDesk) -> None:
    fields = (await desk.read(lambda uow: uow.agents.versions(desk.agent.id)))[0].fields
    assert fields["name"] == "Desk"

    second = await desk.write(
        lambda uow: uow.agents.create(desk.company.id, AgentFields(name="Night", is_default=True))
    )
    saved = await desk.write(
        lambda uow: uow.agents.change(
            second.id, AgentFields(name="Night", is_default=True, language_mode="en")
        )
    )

    assert saved.version == 2
    assert (await desk.read(lambda uow: uow.agents.default(desk.company.id))).id == second.id
    with pytest.raises(Conflict):
        await desk.write(lambda uow: uow.agents.create(desk.company.id, AgentFields(name="Night")))
