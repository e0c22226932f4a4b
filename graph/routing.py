"""Where a turn goes next: pure functions whose pass cases are named and whose every other case escalates."""

from typing import Literal

from graph.state import Evidence, GuardVerdict, SafetyVerdict, Triage, Turn

AfterSafety = Literal["triage", "escalation"]
AfterTriage = Literal["answer", "specialist", "escalation", "__end__"]
AfterSpecialist = Literal["answer", "guard"]
AfterGuard = Literal["escalation", "__end__"]


def after_safety(state: Turn) -> AfterSafety:
    """Only a message that passes, perhaps with less authority, is looked at further."""
    match state.get("safety"):
        case SafetyVerdict(outcome="pass" | "restrict"):
            return "triage"
        case _:
            return "escalation"


def after_triage(state: Turn) -> AfterTriage:
    """To the node that can serve the message; a closed template ends the turn at once."""
    match state.get("triage"):
        case Triage(route="answer"):
            return "answer"
        case Triage(route="specialist"):
            return "specialist"
        case Triage(route="reply", template=str()):
            return "__end__"
        case _:
            return "escalation"


def after_specialist(state: Turn) -> AfterSpecialist:
    """A message that also asks something general is answered as well; every reply is judged."""
    match state.get("evidence"):
        case Evidence(asked=(_, *_)):
            return "answer"
        case _:
            return "guard"


def after_guard(state: Turn) -> AfterGuard:
    """Only what the guard lets pass is sent."""
    match state.get("guard"):
        case GuardVerdict(outcome="pass" | "repaired", reply=(_, *_)):
            return "__end__"
        case _:
            return "escalation"
