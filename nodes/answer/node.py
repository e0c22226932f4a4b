"""Write a reply from evidence only: what the knowledge says, or honestly that it says nothing."""

from typing import TypedDict

from langgraph.runtime import Runtime

from graph.parts import SentencePart
from graph.ports import Deps
from graph.receipts import company_texts, settle
from graph.state import Asked, Draft, Evidence, Hit, Memory, SafetyVerdict, Sentence, Triage
from graph.wording import company_says, say
from nodes.answer.compose import citations, compose
from nodes.answer.limits import told_limit
from nodes.answer.written import write

_DOUBT = 0.75  # what is left of the confidence when a model finds no answer in the evidence


class Reads(TypedDict):
    memory: Memory
    safety: SafetyVerdict | None
    triage: Triage
    evidence: Evidence | None
    draft: Draft | None


class Writes(TypedDict):
    draft: Draft


async def answer(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Draft the reply and let every sentence out that passes its check."""
    deps, triage = runtime.context, state["triage"]
    evidence = state["evidence"] or Evidence()
    match triage.kind:
        case "cannot_perform":
            draft = _cannot(triage, deps)
        case "off_topic":
            draft = _off_topic(triage, deps)
        case "unknown":
            draft = _unknown(triage, deps)
        case _:
            draft = await _from_knowledge(triage, evidence, state["memory"], deps)
    said, safety = state["draft"], state["safety"]
    if draft.kind == "answer" and said is None and safety is not None and safety.outcome == "pass":
        written = await write(triage, evidence, draft, runtime)
        if written.draft is not None:
            return {"draft": written.draft}
        if written.finds_nothing and draft.confidence * _DOUBT < deps.threshold:
            draft = _unknown(triage, deps)
        draft = draft.model_copy(update={"notes": written.notes})
    draft = draft if said is None else _beside(said, draft, triage, deps)
    for index, sentence in enumerate(draft.sentences):
        if said is not None and index < len(said.sentences):
            continue  # the specialist has sent it
        receipt = settle(sentence, evidence, deps.company, triage.reply_language, deps.claims)
        if not receipt.supported:
            break
        runtime.stream_writer(SentencePart(index=index, text=sentence.text, last=True))
    return {"draft": draft}


async def _from_knowledge(triage: Triage, evidence: Evidence, memory: Memory, deps: Deps) -> Draft:
    """What answers each question of the message; a half that nothing answers is said to be unknown."""
    hits = {hit.passage.id: hit for hit in evidence.hits}
    answered = [(part, hits[part.passage_id]) for part in evidence.asked if part.passage_id in hits]
    if not answered:
        return _unknown(triage, deps)
    language, company = triage.reply_language, deps.company
    sentences: list[Sentence] = []
    for part, hit in answered:
        before = memory.told if part.follows else ()
        composed = await compose(part.query, hit, language, company, deps.retriever, tuple(sentences), before)
        sentences += [sentence for sentence in composed if sentence not in sentences]
    half = len(answered) < len(evidence.asked)
    if not half and (limit := _only_limit(sentences, deps) or told_limit(sentences, evidence)):
        return _cannot(triage.model_copy(update={"template": limit}), deps)
    if half:
        sentences += say("unknown_half", language, company)
    elif triage.with_person:
        sentences += say(triage.with_person, language, company)
    return Draft(
        kind="cannot_perform" if _only_limits(answered) else "answer",
        sentences=tuple(sentences),
        citations=citations(tuple(sentences), evidence.hits, language),
        confidence=evidence.answerable,
        offer_handoff=half or bool(triage.with_person),
        reason="half_not_in_knowledge" if half else triage.with_person.removeprefix("person_"),
    )


def _only_limits(answered: list[tuple[Asked, Hit]]) -> bool:
    return all(hit.passage.kind == "limit" for _, hit in answered)


def _only_limit(sentences: list[Sentence], deps: Deps) -> str | None:
    """The limit that the reply states and nothing else, in whatever entry its text stands."""
    stated = {text: key for key, texts in company_texts(deps.company).items() for text in texts.values()}
    key = stated.get(sentences[0].text, "") if len(sentences) == 1 else ""
    return key if key.startswith("company:limit:") else None


def _beside(said: Draft, draft: Draft, triage: Triage, deps: Deps) -> Draft:
    """What the specialist said, then what the knowledge says to the other part of the message."""
    known = draft.kind in {"answer", "cannot_perform"}
    more = draft.sentences if known else say("unknown_half", triage.reply_language, deps.company)
    return said.model_copy(
        update={
            "sentences": (*said.sentences, *more),
            "citations": (*said.citations, *draft.citations),
            "offer_handoff": said.offer_handoff or draft.offer_handoff,
            "reason": said.reason or draft.reason,
        }
    )


def _unknown(triage: Triage, deps: Deps) -> Draft:
    language, company = triage.reply_language, deps.company
    sentences = (
        *say("unknown", language, company),
        company_says("contact", language, company),
        *(() if triage.declined_person else say("unknown_offer", language, company)),
    )
    return Draft(
        kind="unknown",
        sentences=sentences,
        confidence=triage.confidence,
        offer_handoff=not triage.declined_person,
        reason="not_in_knowledge",
    )


def _off_topic(triage: Triage, deps: Deps) -> Draft:
    language, company = triage.reply_language, deps.company
    sentences = (*say("off_topic", language, company), company_says("scope", language, company))
    return Draft(kind="off_topic", sentences=sentences, confidence=triage.confidence)


def _cannot(triage: Triage, deps: Deps) -> Draft:
    key = triage.template or ""
    stated = Sentence(text=company_texts(deps.company)[key][triage.reply_language], source_id=key)
    return Draft(kind="cannot_perform", sentences=(stated,), confidence=triage.confidence)
