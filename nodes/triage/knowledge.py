"""Questions: does the company's knowledge answer, and if not, is it unknown, off topic or unclear?"""

from graph.ports import Retriever
from graph.state import Evidence, Triage
from nodes.triage.rules import blocker, by_rule
from nodes.triage.view import View
from retrieval.passages import Search

_SHORT = 2  # content words; a shorter question leans on the topic before it
_NEAR = 0.35  # cosine with the nearest passage below which a message is not about this company


def context_of(view: View) -> str:
    """The topic that a follow-up or a very short question leans on."""
    leans = view.acts.follow_up or len(view.words.english.split()) <= _SHORT
    return view.memory.topic if leans else ""


async def look_up(view: View, retriever: Retriever) -> tuple[Search, Evidence]:
    """Search the company's knowledge for the message, in its context."""
    search = await retriever.search(view.text, context=context_of(view))
    evidence = Evidence(
        hits=search.hits, answerable=search.answerable, degraded=search.degraded, notes=search.reasons
    )
    return search, evidence


def decide_by_knowledge(view: View, search: Search, threshold: float) -> Triage:
    """Answer when it is probable enough; ask once in between; otherwise say honestly that it is not known."""
    p, context = search.answerable, context_of(view)
    if p >= threshold:
        return view.decide(
            "answer", kind="answer", confidence=p, context=context, reasons=(f"answerable {p:.2f}",)
        )
    if (rule := blocker(view)) is not None:
        return by_rule(rule, view, "boundary")
    if _is_vague(view, search):
        return _ask(view, "clarify_vague", "too little to go on")
    if p > 1.0 - threshold and view.memory.failures == 0 and len(view.words.english.split()) <= _SHORT:
        return _ask(view, "clarify_rephrase", f"answerable {p:.2f} is neither yes nor no")
    if _is_off_topic(view, search):
        return view.decide(
            "answer", kind="off_topic", confidence=1.0 - p, reasons=("not about this company",)
        )
    return view.decide(
        "answer",
        kind="unknown",
        confidence=1.0 - p,
        context=context,
        reasons=(f"answerable {p:.2f} is too low",),
    )


def _ask(view: View, template: str, reason: str) -> Triage:
    return view.decide("reply", kind="clarify", template=template, confidence=0.5, reasons=(reason,))


def _is_vague(view: View, search: Search) -> bool:
    words = view.words.english.split()
    if len(words) > _SHORT or view.acts.follow_up:
        return False
    return not words or (search.hits[0].lexical if search.hits else 0.0) < 0.5


def _is_off_topic(view: View, search: Search) -> bool:
    if any(view.says(topic) for topic in view.company.topics):
        return False
    near = max((hit.dense for hit in search.hits), default=0.0)
    outside = view.intent.scores.get("out_of_scope", 0.0)
    return near < _NEAR or (outside >= 0.5 and near < _NEAR + 0.15)
