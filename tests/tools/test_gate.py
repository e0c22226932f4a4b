"""The gate refuses what is not enabled, proven, owned, confirmed and in budget; a refusal is a result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from graph.errors import ToolFailed
from graph.ports import ToolCall
from tools.backoffice import Change, Done, Effect, Record
from tools.gate import MAX_ACTIONS, MAX_CALLS, Gate
from tools.specs import all_tools


def photo(number: str, **payload: Any) -> Record:
    facts = {"id": number, "status": "completed", "asset_delivery": "sent"}
    defaults = {"resend_allowed": True, "download_url": "https://example.test/x"}
    return Record(key=number, id=number, status="completed", facts=facts, payload={**defaults, **payload})


def node(number: str, status: str = "provisioning", *, reboot_allowed: bool = True) -> Record:
    facts = {"id": number, "status": status, "node_name": "validator-1"}
    return Record(
        key=number, id=number, status=status, facts=facts, payload={"reboot_allowed": reboot_allowed}
    )


@dataclass
class MemoryBackoffice:
    """Records in a dict, a ledger in another; fails as often as it is told to."""

    own: Mapping[str, list[Record]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    failures: list[ToolFailed] = field(default_factory=list)
    ledger: dict[str, Done] = field(default_factory=dict)
    changes: list[tuple[str, Change]] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)

    async def records(self, kind: str) -> list[Record]:
        if self.failures:
            raise self.failures.pop(0)
        return self.own.get(kind, [])

    async def value(self, placeholder: str) -> str | None:
        return self.values.get(placeholder)

    async def change(self, key: str, tool: str, record: Record, change: Change) -> Done:
        if key in self.ledger:
            return Done(ledger_id=self.ledger[key].ledger_id, facts=self.ledger[key].facts, repeated=True)
        self.changes.append((record.id, change))
        done = Done(ledger_id=f"led_{len(self.ledger)}", facts={"status": change.status or record.status})
        self.ledger[key] = done
        return done

    async def open_case(self, key: str, tool: str, category: str, description: str) -> Done:
        self.cases.append(description)
        return Done(ledger_id="led_case", facts={"case_number": "CASE-7", "existed": "no"})

    async def effect(self, key: str, tool: str, arguments: Mapping[str, str], work: Effect) -> Done:
        return Done(ledger_id="led_remote", facts=await work() or {})

    async def ask_approval(self, key: str, tool: str, action: str, arguments: Mapping[str, str]) -> None:
        self.cases.append(action)

    async def actions(self) -> int:
        return len(self.ledger) + len(self.cases)

    @property
    def proven_email(self) -> str:
        return "anna@example.com"

    def stamp(self) -> str:
        return "2026-11-21T09:00:00+00:00"


def gate(
    backoffice: MemoryBackoffice,
    *,
    verified: bool = True,
    only: tuple[str, ...] = (),
    read_only: bool = False,
) -> Gate:
    tools = {name: spec for name, spec in all_tools().items() if not only or name in only}
    numbers = count()
    return Gate(
        tools,
        backoffice,
        turn_id="trn_1",
        verified=verified,
        new_id=lambda prefix: f"{prefix}_{next(numbers)}",
        tick=lambda: 0.0,
        read_only=read_only,
    )


async def test_that_a_look_up_shows_the_customers_only_record() -> None:
    result = await gate(MemoryBackoffice(own={"photo_request": [photo("APP-1001")]})).run(
        ToolCall(tool="lookup_photo_request")
    )
    assert (result.status, result.facts["id"], result.facts["status"]) == ("success", "APP-1001", "completed")


async def test_that_a_typed_e_mail_is_no_identity() -> None:
    backoffice = MemoryBackoffice(own={"photo_request": [photo("APP-1001")]})
    result = await gate(backoffice, verified=False).run(ToolCall(tool="lookup_photo_request"))
    assert result.status == "needs_identity"
    assert result.facts == {}


async def test_that_a_tool_that_is_not_enabled_is_refused() -> None:
    result = await gate(MemoryBackoffice(), only=("order_lookup",)).run(ToolCall(tool="reboot_node"))
    assert (result.status, result.reason) == ("refused", "the tool is not enabled")


async def test_that_a_restricted_turn_has_no_writes() -> None:
    backoffice = MemoryBackoffice(own={"node_deployment": [node("ND-1001")]})
    result = await gate(backoffice, read_only=True).run(ToolCall(tool="reboot_node", asked_for=True))
    assert result.status == "refused"
    assert backoffice.changes == []


async def test_that_arguments_outside_the_schema_are_refused() -> None:
    result = await gate(MemoryBackoffice()).run(
        ToolCall(tool="lookup_photo_request", arguments={"company_id": "cmp_2"})
    )
    assert (result.status, result.reason) == ("refused", "unknown arguments")


@pytest.mark.parametrize("given", ["APP-1001", "app 1001", "1001"])
async def test_that_a_number_matches_however_it_is_typed(given: str) -> None:
    backoffice = MemoryBackoffice(
        own={"photo_request": [photo("APP-1001"), photo("APP-1002")]}, values={"order_1": given}
    )
    result = await gate(backoffice).run(ToolCall(tool="lookup_photo_request", arguments={"id": "order_1"}))
    assert (result.status, result.arguments) == ("success", {"id": "APP-1001"})


async def test_that_another_customers_number_is_not_found() -> None:
    backoffice = MemoryBackoffice(own={"photo_request": [photo("APP-1001")]}, values={"order_1": "APP-1003"})
    result = await gate(backoffice).run(ToolCall(tool="lookup_photo_request", arguments={"id": "order_1"}))
    assert (result.status, result.facts) == ("not_found", {})


async def test_that_several_records_are_listed_and_none_is_guessed() -> None:
    backoffice = MemoryBackoffice(own={"photo_request": [photo("APP-1001"), photo("APP-1002")]})
    result = await gate(backoffice).run(ToolCall(tool="resend_download_link", asked_for=True))
    assert (result.status, result.reason, result.facts["ids"]) == (
        "refused",
        "several",
        "APP-1001 · APP-1002",
    )
    assert backoffice.changes == []


async def test_that_an_unasked_write_waits_for_a_yes() -> None:
    backoffice = MemoryBackoffice(own={"node_deployment": [node("ND-1001")]})
    tools = gate(backoffice)
    assert (await tools.run(ToolCall(tool="reboot_node"))).status == "needs_confirmation"
    assert backoffice.changes == []
    assert (await tools.run(ToolCall(tool="reboot_node", confirmed=True))).facts["status"] == "rebooting"


async def test_that_a_write_the_record_forbids_does_not_happen() -> None:
    backoffice = MemoryBackoffice(own={"node_deployment": [node("ND-1002", "healthy", reboot_allowed=False)]})
    result = await gate(backoffice).run(ToolCall(tool="reboot_node", confirmed=True))
    assert (result.status, result.facts["status"]) == ("refused", "healthy")
    assert backoffice.changes == []


async def test_that_the_same_write_in_one_turn_happens_once() -> None:
    backoffice = MemoryBackoffice(own={"photo_request": [photo("APP-1003")]})
    tools = gate(backoffice)
    first = await tools.run(ToolCall(tool="resend_download_link", asked_for=True))
    second = await tools.run(ToolCall(tool="resend_download_link", asked_for=True))
    assert first.ledger_id == second.ledger_id
    assert second.reason == "done before under the same key"
    assert len(backoffice.changes) == 1


async def test_that_transient_failures_are_tried_again() -> None:
    backoffice = MemoryBackoffice(
        own={"photo_request": [photo("APP-1001")]},
        failures=[ToolFailed("slow", transient=True), ToolFailed("slow", transient=True)],
    )
    result = await gate(backoffice).run(ToolCall(tool="lookup_photo_request"))
    assert (result.status, result.attempts) == ("success", 3)


async def test_that_other_failures_are_reported_at_once() -> None:
    backoffice = MemoryBackoffice(failures=[ToolFailed("the back office refuses")])
    result = await gate(backoffice).run(ToolCall(tool="lookup_photo_request"))
    assert (result.status, result.reason, result.attempts) == ("failed", "the back office refuses", 1)


async def test_that_a_turn_has_a_budget_of_calls() -> None:
    tools = gate(MemoryBackoffice(own={"photo_request": [photo("APP-1001")]}))
    results = [await tools.run(ToolCall(tool="lookup_photo_request")) for _ in range(MAX_CALLS + 1)]
    assert [result.status for result in results] == ["success"] * MAX_CALLS + ["refused"]


async def test_that_a_case_needs_no_identity_but_a_wish() -> None:
    backoffice = MemoryBackoffice()
    words = {"category": "other", "description": "my lamp is broken"}
    tools = gate(backoffice, verified=False)
    assert (await tools.run(ToolCall(tool="create_ticket", arguments=words))).status == "needs_confirmation"
    done = await tools.run(ToolCall(tool="create_ticket", arguments=words, asked_for=True))
    assert (done.status, done.facts["case_number"]) == ("success", "CASE-7")
    assert backoffice.cases == ["my lamp is broken"]


async def test_that_a_ticket_has_a_budget_of_actions() -> None:
    office = MemoryBackoffice(cases=["x"] * MAX_ACTIONS)

    result = await gate(office).run(ToolCall(tool="create_ticket", arguments={}, asked_for=True))

    assert (result.status, result.reason) == ("refused", "the ticket's budget of actions is used up")


async def test_that_a_write_on_one_of_several_named_by_its_thing_waits_for_a_yes() -> None:
    first, second = node("ND-1001"), node("ND-1002")
    second.facts["node_name"] = "archive-1"  # type: ignore[index]
    backoffice = MemoryBackoffice(own={"node_deployment": [first, second]})
    tools = gate(backoffice)

    found = await tools.run(ToolCall(tool="lookup_deployment", about="the archive one"))
    asked = await tools.run(ToolCall(tool="reboot_node", asked_for=True, about="the archive one"))

    assert (found.status, found.facts["id"]) == ("success", "ND-1002")
    assert found.reason
    assert asked.status == "needs_confirmation"
    assert backoffice.changes == []
