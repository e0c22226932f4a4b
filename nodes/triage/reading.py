"""A model's reading of a message: a second opinion on its intent, and the question in other words.

It is asked only where nothing binding has spoken (offers, wishes for a person, rules, courtesies) and where
safety has no doubt. It is evidence, not a verdict: where it departs from the classifier the two are weighed,
which lowers the confidence; its words for the question are searched only where the customer's find nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field

from graph.errors import ModelUnavailable
from graph.ports import Deps, IntentVerdict
from graph.state import Evidence
from language.intents import INTENTS, Intent
from nodes.prompting import heard, leaks, render
from nodes.triage.knowledge import look_up
from nodes.triage.view import View

_RELIABLE = 0.8  # how often a model's reading of an intent is taken to be right
_FAINT = 1e-3  # the least probability that the classifier gives to anything


class Reading(BaseModel):
    """What a model makes of a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    question: str = Field(min_length=1, max_length=500)


@dataclass(frozen=True)
class Weighed:
    """The classifier's verdict after a model has departed from it; satisfies `IntentVerdict`."""

    intent: str
    confidence: float
    scores: Mapping[str, float]
    features: Sequence[tuple[str, float]]
    second: str | None


async def read(view: View, deps: Deps) -> View:
    """The view with the model's reading in it; unchanged, but for a note, where there is none to be had."""
    if deps.model is None or view.restricted:
        return view
    draft = {"intent": view.intent.intent, "question": view.text}
    prompt = render(
        "triage",
        facts={"company": deps.company.name},
        data={
            "topic": view.memory.topic,
            "message": view.text,
            "draft": json.dumps(draft, ensure_ascii=False),
        },
    )
    try:
        reading = await deps.model.ask(prompt, Reading)
    except ModelUnavailable as fault:
        return replace(view, heard=(heard("unavailable", fault.message),))
    if leaks(reading.question, prompt):
        return replace(view, heard=(heard("refused", "repeats its instructions"),))
    reworded = "" if _same(reading.question, view.text) else reading.question
    if reading.intent == view.intent.intent:
        return replace(view, heard=(heard("agrees", reading.intent),), reworded=reworded)
    weighed = weigh(view.intent, reading.intent)
    detail = f"reads {reading.intent}, the classifier {view.intent.intent}; taken as {weighed.intent}"
    return replace(view, intent=weighed, heard=(heard("disagrees", detail),), reworded=reworded)


def weigh(verdict: IntentVerdict, reading: str) -> Weighed:
    """The classifier's probabilities after a reading that is right four times in five; they sum to 1."""
    wrong = (1 - _RELIABLE) / (len(INTENTS) - 1)
    joint: dict[str, float] = {
        intent: max(verdict.scores.get(intent, 0.0), _FAINT) * (_RELIABLE if intent == reading else wrong)
        for intent in INTENTS
    }
    total = sum(joint.values())
    scores = {intent: value / total for intent, value in joint.items()}
    best, second = sorted(scores, key=lambda intent: -scores[intent])[:2]
    return Weighed(best, min(scores[best], verdict.confidence), scores, verdict.features, second)


async def look_again(view: View, found: Evidence, deps: Deps, parts: tuple[str, ...]) -> Evidence:
    """What the model's words for the question find, where the customer's own found no answer."""
    if not view.reworded or parts or found.answerable >= deps.threshold:
        return found
    alone = replace(view, text=view.reworded, memory=view.memory.model_copy(update={"topic": ""}))
    again = await look_up(alone, deps.retriever, deps.threshold)
    if again.answerable < deps.threshold:
        return found
    return again.model_copy(update={"notes": (*again.notes, heard("found", view.reworded))})


def _same(question: str, text: str) -> bool:
    return question.casefold().split() == text.casefold().split()
