"""Silent chats are closed as each company's policy says; the clock is the test's."""

from dataclasses import replace

from api.desk import Desk
from api.sweeper import sweep
from store.unit import UnitOfWork
from store.values.companies import CompanyFields
from store.values.scope import Scope
from tests.api.conftest import ShiftedClock
from tests.api.test_pages import hire, ticket_of


async def test_that_silence_is_closed_after_the_company_s_hours(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, ShiftedClock)
    patient, hasty = await ticket_of(desk, "photo"), await ticket_of(desk, "nodes")

    await hire(desk, "meera@example.com", None)

    def prepare(uow: UnitOfWork) -> None:
        meera = uow.staff.by_email("meera@example.com")
        assert meera is not None
        for ticket_id in (patient, hasty):
            uow.tickets.human_reply(ticket_id, meera.id, "Hello")
            uow.tickets.hand_back(ticket_id)
        nodes = uow.companies.by_slug("nodes")
        fields = {name: getattr(nodes, name) for name in CompanyFields.__dataclass_fields__}
        service = {"service": {"closeAfterHours": 2}}
        uow.companies.change(nodes.id, replace(CompanyFields(**fields), profile=nodes.profile | service))

    await desk.store.write(Scope.operator(), prepare)
    assert await sweep(desk.store, clock) == 0
    clock.shift(hours=3)
    assert await sweep(desk.store, clock) == 1
    clock.shift(hours=22)
    assert await sweep(desk.store, clock) == 1
    outcomes = await desk.store.read(
        Scope.operator(), lambda uow: [uow.tickets.get(each).outcome for each in (patient, hasty)]
    )
    assert outcomes == ["assumed", "assumed"]
