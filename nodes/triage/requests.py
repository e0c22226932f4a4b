"""Requests about the customer's own case: a look-up, an action, a new case, money, a complaint, a limit."""

from graph.state import Triage
from language.status import asks_after_return
from nodes.triage.tasks import case_task, status_task, task_for_category, task_for_words
from nodes.triage.view import View

_MINE = frozenset({"my", "mine", "our", "mera", "meri", "mere", "hamara", "hamari", "hamare"})
_SURE = 0.5  # below this the classifier's word alone moves nothing


def decide_by_limit(view: View) -> Triage | None:
    """Something in the company's field that it does not do."""
    limit = next((limit for limit in view.company.limits if view.says_any(limit.terms)), None)
    if limit is None:
        return None
    return view.decide(
        "answer",
        kind="cannot_perform",
        template=f"company:limit:{limit.key}",
        confidence=0.9,
        reasons=(f"the company does not do this ({limit.key})",),
    )


def is_a_guess(view: View) -> bool:
    """Whether only single words speak for a tool, in a question that the knowledge may answer as well."""
    about_a_case = view.intent.intent in {"order_status", "ticket_creation"}
    own_case = view.asks_state or (about_a_case and not _MINE.isdisjoint(view.words.tokens))
    asked = view.acts.question and view.acts.mode != "action_request"
    return asked and not (own_case or _names_record(view))


def decide_by_task(view: View) -> Triage | None:
    """A tool can serve the request, and nothing else may be meant."""
    return None if is_a_guess(view) else guess_task(view)


def guess_task(view: View) -> Triage | None:
    """A tool can serve the request."""
    named = _names_record(view)
    if view.acts.hypothetical:
        return None
    if asks_after_return(view.words) and (task := task_for_category("orders", view)):
        return view.decide(
            "specialist", task=task, confidence=0.85, reasons=("asks after the customer's own return",)
        )
    task = task_for_words(view)
    own = task is not None and view.tools[task].remote  # asked for by words that the company chose itself
    if view.acts.mode == "informational" and not named and not own:
        return None
    if task is not None:
        return view.decide("specialist", task=task, confidence=0.9, reasons=(f"the words ask for {task}",))
    if named and (task := status_task(view)):
        return view.decide(
            "specialist", task=task, confidence=0.9, reasons=("about the record that it names",)
        )
    if view.asks_state and (task := status_task(view)):
        return view.decide("specialist", task=task, confidence=0.85, reasons=("asks how it stands",))
    if not _says(view, "order_status", "ticket_creation"):
        return None
    task = status_task(view) if view.intent.intent == "order_status" else case_task(view)
    return (
        view.decide("specialist", task=task, reasons=(f"{view.intent.intent} is served by {task}",))
        if task
        else None
    )


def decide_by_case(view: View) -> Triage | None:
    """Money and complaints about this customer's own case belong to a person."""
    if view.acts.mode == "informational" or view.acts.hypothetical:
        return None
    if _says(view, "refund_request"):
        return view.decide(
            "escalation", reason="money", priority="high", reasons=("a refund is a person's decision",)
        )
    if _says(view, "payment_query") and view.acts.reports:
        return view.decide(
            "escalation", reason="money", priority="high", reasons=("something went wrong with a payment",)
        )
    if _says(view, "complaint") and not view.acts.wants_change:
        return view.decide(
            "escalation", reason="complaint", reasons=("a complaint about the customer's own case",)
        )
    return None


def decide_by_abuse(view: View) -> Triage | None:
    """Abuse that the safety node let pass is answered calmly; a question is one, whatever it sounds like."""
    abusive = view.intent.intent == "abusive_language" and view.intent.confidence >= 0.8
    if not abusive or view.acts.question:
        return None
    return view.decide("reply", kind="blocked", template="calm_abuse", reasons=("abusive words",))


def _names_record(view: View) -> bool:
    return any(slot.startswith("order") for slot in view.question.slots)


def _says(view: View, *intents: str) -> bool:
    return view.intent.intent in intents and view.intent.confidence >= _SURE
