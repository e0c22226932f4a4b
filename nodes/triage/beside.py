"""When a person is offered beside an answer: the customer wants it done or checked, not only explained."""

from graph.state import Triage
from nodes.triage.view import View

_MONEY = frozenset({"payment_query", "refund_request", "complaint"})


def with_person(verdict: Triage, view: View) -> Triage:
    """The verdict, with the offer of a person where the answer alone would leave the customer's case open."""
    if view.acts.declines_person or view.acts.hypothetical:
        return verdict
    wants_it_done = view.acts.wants_change
    if verdict.kind == "unknown" and wants_it_done:
        return view.decide(
            "escalation", reason="request", reasons=("asks for something that no tool here can do",)
        )
    if verdict.kind != "answer":
        return verdict
    if wants_it_done:
        return verdict.model_copy(update={"with_person": "person_request"})
    if view.acts.reports and view.intent.intent in _MONEY:
        return verdict.model_copy(update={"with_person": "person_case"})
    return verdict
