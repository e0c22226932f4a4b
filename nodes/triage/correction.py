"""The talk about a record goes on: another number is meant, or one more thing is asked about it."""

from graph.state import Triage
from language.acts import lacks_number, urges
from language.status import asks_detail
from nodes.triage.tasks import declines, status_task, task_for_words
from nodes.triage.view import View

_BRIEF = 4  # content words of a message that does nothing but name another record
_WHY = ("why", "reason", "delay", "late", "long", "stuck")


def decide_by_correction(view: View) -> Triage | None:
    """Another record than the one looked up: "no, I meant order 1003", "nahi, 1003 wala"."""
    memory = view.memory
    task = memory.pending.tool if memory.pending is not None else memory.task or memory.looked_up
    pressed = view.question.confirmed_offer or view.question.refused_offer
    if pressed or task not in view.tools or not view.record:
        return None
    if len(view.content) > _BRIEF or view.acts.hypothetical or task_for_words(view) not in {None, task}:
        return None
    return view.decide(
        "specialist", task=task, confidence=0.9, reasons=("names another record for the same request",)
    )


def decide_without_number(view: View) -> Triage | None:
    """The number that was asked for is not at hand: the customer's own records are looked up without it."""
    memory = view.memory
    asked, talked = memory.awaiting == "order_id", memory.looked_up in view.tools
    if not (asked or talked) or view.record or not lacks_number(view.words):
        return None
    if view.acts.question or view.acts.mode == "action_request" or status_task(view) is None:
        return None
    return view.decide(
        "specialist",
        task=memory.looked_up if talked else status_task(view),
        record=memory.record if talked else "",
        mode="case_specific",
        confidence=0.85,
        reasons=("the number is not at hand",),
    )


def decide_by_choice(view: View) -> Triage | None:
    """One of the records that were listed is named by what it is about: "the hanging lamp"."""
    memory = view.memory
    task = memory.task if memory.task in view.tools else None
    if task is None or memory.awaiting != "order_id" or not memory.choices or view.record:
        return None
    acts = view.acts
    if not 0 < len(view.content) <= _BRIEF or acts.question or acts.bare or acts.wants_person or acts.vents:
        return None
    if acts.mode == "action_request" or task_for_words(view) not in {None, task}:
        return None
    return view.decide(
        "specialist",
        task=task,
        mode="case_specific",
        confidence=0.85,
        reasons=("names one of several records",),
    )


def decide_by_urging(view: View) -> Triage | None:
    """A yes where nothing is open, in the talk about a record: it is told how the record stands."""
    memory = view.memory
    if memory.looked_up not in view.tools or not memory.record or view.record or view.acts.question:
        return None
    if not view.acts.yes or not urges(view.words) or task_for_words(view):
        return None
    return view.decide(
        "specialist",
        task=memory.looked_up,
        record=memory.record,
        mode="case_specific",
        confidence=0.85,
        reasons=("a yes to what was done or found",),
    )


def decide_by_deed(view: View) -> Triage | None:
    """Something is to be done with the record that was just looked up: "just restart it"."""
    memory = view.memory
    if memory.looked_up not in view.tools or view.record or view.acts.mode != "action_request":
        return None
    if len(view.content) > _BRIEF or view.acts.hypothetical or view.acts.question or task_for_words(view):
        return None
    for name, spec in view.tools.items():
        if spec.lookup == memory.looked_up and not declines(view, spec) and any(map(view.says, spec.deeds)):
            return view.decide(
                "specialist",
                task=name,
                record=memory.record,
                mode="case_specific",
                confidence=0.85,
                reasons=(f"{name} for the record that was looked up",),
            )
    return None


def decide_by_detail(view: View) -> Triage | None:
    """One more question about the record that was just looked up: why, when, which courier, and now?"""
    memory = view.memory
    if memory.looked_up not in view.tools or view.acts.hypothetical or view.acts.wants_person:
        return None
    if not (view.asks_state or (asks_detail(view.words) and view.acts.mode != "action_request")):
        return None
    if task_for_words(view) not in {None, memory.looked_up}:
        return None
    return view.decide(
        "specialist",
        task=memory.looked_up,
        record=view.record or memory.record,
        mode="case_specific",
        wants_reason=any(view.says(word) for word in _WHY),
        confidence=0.85,
        reasons=("one more question about the record that was looked up",),
    )
