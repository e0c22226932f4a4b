"""A model's choice among the offered tools; the calls are still the desk's, and the gate is the same.

It chooses from the customer's words alone, before any tool or page has spoken, so that nothing that is read
later can cause a call. An action that the customer's words did not ask for by the desk's own reading waits
for a yes.
"""

import json
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from graph.errors import ModelUnavailable
from graph.ports import Deps, ToolSpec
from graph.state import Question, Triage
from nodes.prompting import heard, render


class Plan(BaseModel):
    """The chosen tool and the placeholder of the record that it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tool: str
    id: str


@dataclass(frozen=True)
class Planned:
    """What to act on, and what the trace should say about how it came to it."""

    triage: Triage
    question: Question
    notes: tuple[str, ...] = ()


async def plan(triage: Triage, question: Question, named: str, deps: Deps, *, trusted: bool) -> Planned:
    """The task that the model chooses, where it chooses one that is offered and may be; else the rules' own.

    `named` is the record that the rules made out. A confirmed action, a restricted turn and a task that no
    tool stands for are not up for choice.
    """
    tools = {name: spec for name, spec in deps.toolbox.offered().items() if trusted or spec.kind == "read"}
    if deps.model is None or not trusted or triage.confirms or triage.task not in tools:
        return Planned(triage, question)
    if question.confirmed_offer or question.refused_offer:
        return Planned(triage, question)
    prompt = render(
        "plan",
        facts={"company": deps.company.name, "tools": "\n".join(_line(spec) for spec in tools.values())},
        data={
            "placeholders": "\n".join(dict.fromkeys((*question.slots, named) if named else question.slots)),
            "message": question.text,
            "draft": json.dumps({"tool": triage.task, "id": named}),
        },
    )
    try:
        chosen = await deps.model.ask(prompt, Plan)
    except ModelUnavailable as fault:
        return Planned(triage, question, (heard("unavailable", fault.message),))
    return _held(chosen, triage, question, named, frozenset(tools))


def _held(chosen: Plan, triage: Triage, question: Question, named: str, tools: frozenset[str]) -> Planned:
    """The choice, where its record is one of this conversation and its tool one that may be used now."""
    if chosen.id not in ("", named, *question.slots):
        return Planned(triage, question, (heard("refused", f"no record {chosen.id[:40]!r}"),))
    if chosen.tool not in tools:
        return Planned(triage, question, (heard("refused", f"no tool {chosen.tool[:40]!r}"),))
    if chosen.id in question.slots:  # of several numbers in the message, the last one counts
        others = tuple(slot for slot in question.slots if slot != chosen.id)
        question = question.model_copy(update={"slots": (*others, chosen.id)})
    if chosen.tool == triage.task:
        return Planned(triage, question, (heard("agrees", chosen.tool),))
    note = heard("disagrees", f"chooses {chosen.tool}, the rules {triage.task}")
    changed = {"task": chosen.tool, "mode": "case_specific", "confidence": triage.confidence / 2}
    return Planned(triage.model_copy(update=changed), question, (note,))


def _line(spec: ToolSpec) -> str:
    does = "changes something" if spec.kind == "write" else "reads only"
    return f"- {spec.name}: {spec.description} ({does})"
