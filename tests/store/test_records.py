"""Back-office records and orders; each demo session works on its own copy."""

import pytest

from graph.errors import Invalid, NotFound
from store.unit import UnitOfWork
from store.values.desk import BusinessRecord, RuleFields
from store.values.scope import Scope
from tests.store.desk import SmallDesk


async def record(desk: SmallDesk) -> BusinessRecord:
    """A deployment that may be rebooted."""

    def put(uow: UnitOfWork) -> BusinessRecord:
        return uow.records.put(
            desk.company.id,
            "nd-1",
            record_type="node_deployment",
            email="Operator@Example.com",
            status="healthy",
            payload={"node_name": "validator-1", "reboot_allowed": True},
        )

    return await desk.write(put)


async def test_that_a_record_is_found_by_id_and_by_its_customer(desk: SmallDesk) -> None:
    known = await record(desk)

    by_id = await desk.read(lambda uow: uow.records.find(desk.company.id, " nd-1 "))
    by_email = await desk.read(lambda uow: uow.records.of_email(desk.company.id, "operator@example.com"))

    assert known.external_id == "ND-1"
    assert (by_id, by_email) == (known, (known,))


async def test_that_a_demo_session_changes_its_own_copy(desk: SmallDesk) -> None:
    master = await record(desk)
    company = desk.company.id

    def reboot(uow: UnitOfWork) -> BusinessRecord:
        mine = uow.records.for_session("ses_1")
        return mine.change(company, "ND-1", status="rebooting", data={"asked": True})

    first, second = await desk.write(reboot), await desk.write(reboot)

    assert first.id == second.id != master.id
    mine = await desk.read(lambda uow: uow.records.for_session("ses_1").all(company))
    others = await desk.read(lambda uow: uow.records.for_session("ses_2").find(company, "ND-1"))
    assert [(row.status, row.payload["asked"], row.payload["node_name"]) for row in mine] == [
        ("rebooting", True, "validator-1")
    ]
    assert others == master
    assert await desk.read(lambda uow: uow.records.find(company, "ND-1")) == master


async def test_that_without_a_demo_session_the_master_changes(desk: SmallDesk) -> None:
    await record(desk)

    await desk.write(lambda uow: uow.records.change(desk.company.id, "ND-1", status="rebooting"))

    (row,) = await desk.read(lambda uow: uow.records.all())
    assert (row.status, row.demo_session) == ("rebooting", None)


async def test_that_orders_have_copies_too(desk: SmallDesk) -> None:
    company = desk.company.id
    await desk.write(
        lambda uow: uow.orders.put(company, "TL-1", email="a@b.co", status="placed", data={"total": 5})
    )

    changed = await desk.write(
        lambda uow: uow.orders.for_session("ses_1").change(company, "TL-1", status="cancelled")
    )

    assert (changed.status, changed.data, changed.demo_session) == ("cancelled", {"total": 5}, "ses_1")
    kept = await desk.read(lambda uow: uow.orders.find(company, "TL-1"))
    assert kept is not None
    assert kept.status == "placed"


async def test_that_an_unknown_record_is_not_invented(desk: SmallDesk) -> None:
    assert await desk.read(lambda uow: uow.records.find(desk.company.id, "ND-9")) is None
    with pytest.raises(NotFound):
        await desk.write(lambda uow: uow.records.change(desk.company.id, "ND-9", status="x"))


async def test_that_a_companys_rules_come_before_those_of_all(desk: SmallDesk) -> None:
    late = RuleFields(name="Late", terms=("a",), priority=90)
    early = RuleFields(name="Early", terms=("a",), priority=5)
    off = RuleFields(name="Off", terms=("a",), active=False)
    everywhere = RuleFields(name="Everywhere", terms=("a",), priority=1)
    company = desk.company.id

    def add(uow: UnitOfWork) -> None:
        uow.rules.create(None, everywhere)
        for rule in (late, early, off):
            uow.rules.create(company, rule)

    await desk.store.write(Scope.operator(), add)

    rules = await desk.read(lambda uow: uow.rules.for_company(company))
    assert [rule.name for rule in rules] == ["Early", "Late", "Everywhere"]
    shared = await desk.store.read(desk.foreign, lambda uow: uow.rules.all())
    assert [rule.name for rule in shared] == ["Everywhere"]
    with pytest.raises(NotFound):
        await desk.write(lambda uow: uow.rules.delete(shared[0].id))


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (RuleFields(name="x", terms=()), "terms"),
        (RuleFields(name="x", terms=("a", " ")), "terms"),
        (RuleFields(name="x", terms=("a",), match="some"), "match"),
        (RuleFields(name="x", terms=("a",), route="nowhere"), "route"),
        (RuleFields(name="x", terms=("a",), terms_hinglish=((),)), "termsHinglish"),
        (RuleFields(name="x", terms=("a",), confidence=1.5), "confidence"),
    ],
)
async def test_that_a_rule_that_cannot_work_is_refused(desk: SmallDesk, rule: RuleFields, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await desk.write(lambda uow: uow.rules.create(desk.company.id, rule))

    assert refusal.value.field == field
