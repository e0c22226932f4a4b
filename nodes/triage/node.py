"""Decide what the customer wants and who should answer; the first decision that speaks wins.

An open offer, a correction and a missing slot come first, then an explicit wish for a person, then the
support rules: no classifier can route past those. Only then do tasks, cases and the company's knowledge have
their say. A message that asks several things is taken apart, and each part is served.
"""

import asyncio
from collections.abc import Callable
from typing import TypedDict

from langgraph.runtime import Runtime

from graph.ports import Deps
from graph.state import Evidence, Memory, Question, SafetyVerdict, Triage
from nodes.triage.beside import with_person
from nodes.triage.correction import (
    decide_by_choice,
    decide_by_correction,
    decide_by_deed,
    decide_by_detail,
    decide_by_urging,
    decide_without_number,
)
from nodes.triage.dialogue import (
    decide_by_courtesy,
    decide_by_offer,
    decide_by_person,
    decide_by_privacy,
    decide_by_second_thought,
    decide_by_slot,
    decide_by_vent,
)
from nodes.triage.knowledge import decide_by_knowledge, decide_by_vagueness, limit_of, look_up
from nodes.triage.parts import parts_of
from nodes.triage.reading import look_again, read
from nodes.triage.requests import (
    decide_by_abuse,
    decide_by_case,
    decide_by_limit,
    decide_by_task,
    guess_task,
    is_a_guess,
)
from nodes.triage.rules import decide_by_rule
from nodes.triage.view import View, view_of

Decision = Callable[[View], Triage | None]

BINDING: tuple[Decision, ...] = (
    decide_by_correction,
    decide_by_offer,
    decide_by_slot,
    decide_by_person,
    decide_by_privacy,
    decide_by_rule,
    decide_by_second_thought,
    decide_without_number,
    decide_by_choice,
    decide_by_deed,
    decide_by_urging,
    decide_by_detail,
    decide_by_vent,
    decide_by_courtesy,
)
"""What no classifier and no model can route past."""
BY_WORDS: tuple[Decision, ...] = (decide_by_abuse, decide_by_limit, decide_by_vagueness)
"""What words alone speak for: it yields to a question that the knowledge answers."""
_DEMAND_YIELDS = 0.9  # how sure a search has to be that what is demanded is something the company does not do
_CASE_YIELDS = 0.95  # a complaint that the knowledge answers this surely is answered
WORDS_YIELD = 0.85  # a question that it answers this surely is answered, whatever single words speak for
_TASK_YIELDS = 0.9  # a question that it answers this surely is no look-up, if only words speak for one
_HELPLESS = 2  # failures in a row after which a person is offered instead of one more question back


class Reads(TypedDict):
    question: Question
    memory: Memory
    safety: SafetyVerdict | None


class Writes(TypedDict):
    triage: Triage
    evidence: Evidence | None


async def triage(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Language, intent, route and the reasons for them; searches knowledge only where it may answer."""
    deps = runtime.context
    view = view_of(state["question"], state["memory"], state["safety"], deps)
    parts = tuple(
        view_of(_part(view, text), view.memory, state["safety"], deps) for text in parts_of(view.asked)
    )
    verdict = _first(BINDING, view)
    words = ahead = None
    if verdict is None:
        view, ahead = await _read(view, parts, deps)
        words = _first(BY_WORDS, view)
        verdict = decide_by_task(view) if words is None or view.record else None
        words = words if verdict is None else None
    verdict, general = _taken_apart(verdict, parts) if words is None else (None, ())
    if verdict is not None and verdict.kind != "answer" and not _needs_knowledge(verdict):
        evidence = await look_up(view, deps.retriever, deps.threshold, general) if general else None
        return {"triage": _named(verdict, parts), "evidence": evidence}
    evidence = ahead if ahead is not None and general == _texts(parts) else None
    evidence = evidence or await look_up(view, deps.retriever, deps.threshold, general)
    evidence = await look_again(view, evidence, deps, general)
    if verdict is None and words is not None:
        verdict = words if evidence.answerable < WORDS_YIELD or not view.acts.question else None
    elif verdict is None and evidence.answerable < _TASK_YIELDS and is_a_guess(view):
        verdict = guess_task(view)
    if verdict is None and not view.restricted and not _settles(evidence, view, deps.threshold):
        verdict = decide_by_case(view)
    verdict = verdict or _helpful(decide_by_knowledge(view, evidence, deps.threshold), view)
    return {"triage": _named(with_person(verdict, view), parts), "evidence": evidence}


async def _read(view: View, parts: tuple[View, ...], deps: Deps) -> tuple[View, Evidence | None]:
    """What a model reads in the message; meanwhile the knowledge is searched, which is mostly needed."""
    if deps.model is None or view.restricted:
        return view, None
    reading = asyncio.create_task(read(view, deps))
    try:
        found = await look_up(view, deps.retriever, deps.threshold, _texts(parts))
        return await reading, found
    finally:
        reading.cancel()  # where the search failed, nobody waits for it


def _texts(parts: tuple[View, ...]) -> tuple[str, ...]:
    return tuple(part.text for part in parts)


def _settles(evidence: Evidence, view: View, threshold: float) -> bool:
    """Whether the knowledge answers what was asked, so that it need not be a person's case."""
    if view.acts.mode == "action_request" and not (
        view.acts.question and evidence.answerable >= _CASE_YIELDS
    ):
        return evidence.answerable >= max(threshold, _DEMAND_YIELDS) and limit_of(evidence) is not None
    return evidence.answerable >= (threshold if view.acts.question else _CASE_YIELDS)


def _first(decisions: tuple[Decision, ...], view: View) -> Triage | None:
    return next((found for decide in decisions if (found := decide(view)) is not None), None)


def _part(view: View, text: str) -> Question:
    """One part of the message as a question of its own, with the numbers that it names."""
    slots = tuple(slot for slot in view.question.slots if slot in text)
    return view.question.model_copy(update={"text": text, "slots": slots})


def _taken_apart(verdict: Triage | None, parts: tuple[View, ...]) -> tuple[Triage | None, tuple[str, ...]]:
    """What serves the customer's own record, and the parts that the knowledge has to answer beside it."""
    general = _texts(parts)
    if not parts or (verdict is not None and verdict.route != "specialist"):
        return verdict, general if verdict is None or _needs_knowledge(verdict) else ()
    served = [(part, decide_by_rule(part) or decide_by_task(part)) for part in parts]
    own = [(part, found) for part, found in served if found is not None and found.route == "specialist"]
    if not own:
        return verdict, general if verdict is None else ()
    rest = tuple(part.text for part, found in served if found is None and _is_general(part))
    return (verdict or own[0][1]) if len(rest) < len(parts) else verdict, rest


def _is_general(part: View) -> bool:
    return part.acts.mode == "informational" and part.acts.question


def _named(verdict: Triage, parts: tuple[View, ...]) -> Triage:
    """The verdict with the intents of all parts, for the trace."""
    intents = tuple(dict.fromkeys(part.intent.intent for part in parts))
    if len(intents) < 2:
        return verdict
    reason = f"asks several things: {', '.join(intents)}"
    return verdict.model_copy(update={"intents": intents, "reasons": (*verdict.reasons, reason)})


def _helpful(verdict: Triage, view: View) -> Triage:
    """A person instead of one more question back, where the desk has not understood several times."""
    again = verdict.kind == "clarify" and view.memory.failures >= _HELPLESS
    if not again or view.acts.declines_person:
        return verdict
    return view.decide("escalation", reason="unsure", reasons=("not understood several times in a row",))


def _needs_knowledge(verdict: Triage) -> bool:
    """A rule that asks for a knowledge answer still has to find it."""
    return verdict.route == "answer" and verdict.kind is None
