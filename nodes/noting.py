"""A model's summary and note for the colleague who takes over; the desk's own where it says too much."""

import json

from pydantic import BaseModel, ConfigDict, Field

from graph.errors import ModelUnavailable
from graph.ports import Deps, Prompt, Source
from graph.receipts import tool_source
from graph.state import Escalation, Evidence, Question
from language.decide import reply_is
from language.text import sentences
from nodes.prompting import heard, leaks, render

_MODEST = frozenset({"coverage", "word", "negation"})  # a note may put things in its own words


class Note(BaseModel):
    """What the colleague reads first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str = Field(min_length=1, max_length=300)
    note: str = Field(min_length=1, max_length=800)


async def noted(
    escalation: Escalation, question: Question, topic: str, evidence: Evidence | None, deps: Deps
) -> Escalation:
    """The escalation with a model's summary and note, checked fact by fact; else as it was, and why."""
    if deps.model is None:
        return escalation
    results = [tool_source(result).text for result in (evidence.tools if evidence else ())]
    draft = {"summary": escalation.summary, "note": escalation.note or "Nothing else is known."}
    prompt = render(
        "note",
        facts={"company": deps.company.name},
        data={
            "topic": topic,
            "message": question.text,
            "results": "\n".join(results),
            "draft": json.dumps(draft, ensure_ascii=False),
        },
    )
    try:
        said = await deps.model.ask(prompt, Note)
    except ModelUnavailable as fault:
        return escalation.model_copy(update={"notes": (heard("unavailable", fault.message),)})
    if (said.summary, said.note) == (draft["summary"], draft["note"]):
        return escalation
    known = "\n".join((question.text, topic, *results, *draft.values()))
    if wrong := _wrong(said, prompt, known, deps):
        return escalation.model_copy(update={"notes": (heard("refused", wrong),)})
    return escalation.model_copy(update={"summary": said.summary, "note": said.note})


def _wrong(said: Note, prompt: Prompt, known: str, deps: Deps) -> str:
    """What the note says that nobody said, or how it says it; empty when it may stand."""
    text = f"{said.summary}\n{said.note}"
    if leaks(text, prompt):
        return "it repeats its instructions"
    if not reply_is(text, "en"):
        return "it is not in English"
    source = (Source(id="talk", text=known),)
    facts = {
        reason
        for sentence in sentences(text)
        for reason in deps.claims.check(sentence, source, language="en").reasons
    }
    return ", ".join(sorted(facts - _MODEST))
