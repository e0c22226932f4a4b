"""What a record says in words: what is due, what it cost where that is asked, and each fact once."""

from graph.state import Triage
from nodes.specialist.drafts import draft_of
from nodes.specialist.wording import describe, total_of
from tests.fakes import COMPANY, deps
from tools.values import ToolResult, ToolStatus

SHIPPED = {
    "id": "LH-1",
    "status": "shipped",
    "items": "Reading lamp",
    "courier": "Gull Post",
    "tracking_no": "GP77",
    "total": "₹768",
    "payment_method": "COD",
}


def order(**changes: str) -> ToolResult:
    facts = {**SHIPPED, **changes}
    return ToolResult(
        id="tool_1", tool="order_lookup", kind="read", status="success", arguments={}, facts=facts
    )


def said(result: ToolResult) -> str:
    return " ".join(sentence.text for sentence in describe(result, "en", COMPANY))


def test_that_a_shipped_order_tells_its_tracking_number_once() -> None:
    assert said(order()).count("GP77") == 1
    assert said(order(courier="")).count("GP77") == 1


def test_that_what_is_due_on_delivery_is_told_until_it_is_paid() -> None:
    assert "₹768" in said(order())
    assert "₹768" not in said(order(payment_method="UPI"))
    assert "₹768" not in said(order(status="delivered", delivered_on="2 May 2026"))


def test_that_the_total_is_told_where_it_is_asked_for_and_not_said_as_due() -> None:
    paid = order(payment_method="UPI")
    told = [sentence.text for sentence in total_of(paid, "en", COMPANY)]

    assert len(told) == 1
    assert "₹768" in told[0]
    assert "UPI" in told[0]
    assert total_of(order(), "en", COMPANY) == ()


def test_that_what_is_done_already_is_told_and_no_persons_matter() -> None:
    facts = {"id": "LH-2", "status": "rebooting", "node_name": "validator-1"}

    def call(tool: str, status: ToolStatus) -> ToolResult:
        return ToolResult(id=tool, tool=tool, kind="read", status=status, arguments={}, facts=facts)

    triage = Triage(
        route="specialist",
        task="reboot_node",
        language="en",
        reply_language="en",
        intent="order_status",
        intent_confidence=0.9,
        confidence=0.9,
    )
    draft = draft_of(triage, [call("lookup_deployment", "success"), call("reboot_node", "refused")], deps())

    assert draft.kind == "specialist"
    assert not draft.offer_handoff
    assert "rebooting" in draft.sentences[0].text
