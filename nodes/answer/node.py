"""Write a reply from evidence only: what the knowledge says, or honestly that it says nothing."""

from typing import TypedDict

from langgraph.runtime import Runtime

from graph.parts import SentencePart
from graph.ports import Deps
from graph.receipts import company_texts, settle
from graph.state import Draft, Evidence, Sentence, Triage
from graph.wording import company_says, say
from nodes.answer.compose import citations, compose
from nodes.answer.parts import parts_of
from retrieval.passages import Hit


class Reads(TypedDict):
    triage: Triage
    evidence: Evidence | None


class Writes(TypedDict):
    draft: Draft
    evidence: Evidence


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
            draft, evidence = await _from_knowledge(triage, evidence, deps)
    for index, sentence in enumerate(draft.sentences):
        receipt = settle(sentence, evidence, deps.company, triage.reply_language, deps.claims)
        if not receipt.supported:
            break
        runtime.stream_writer(SentencePart(index=index, text=sentence.text))
    return {"draft": draft, "evidence": evidence}


async def _from_knowledge(triage: Triage, evidence: Evidence, deps: Deps) -> tuple[Draft, Evidence]:
    answered = await _answered_parts(triage, evidence, deps)
    if not answered:
        return _unknown(triage, deps), evidence
    sentences: list[Sentence] = []
    for query, hit in answered:
        composed = await compose(query, hit, triage.reply_language, deps.company, deps.retriever)
        sentences += [sentence for sentence in composed if sentence not in sentences]
    hits = tuple({hit.passage.id: hit for hit in (*(hit for _, hit in answered), *evidence.hits)}.values())
    return (
        Draft(
            kind="answer",
            sentences=tuple(sentences),
            citations=citations(tuple(sentences), hits, triage.reply_language),
            confidence=min(hit.answers for _, hit in answered),
        ),
        evidence.model_copy(update={"hits": hits}),
    )


async def _answered_parts(triage: Triage, evidence: Evidence, deps: Deps) -> list[tuple[str, Hit]]:
    """Each half of the question with its passage; where no half is sure, the whole with the best hit."""
    query = f"{triage.context} {triage.query}".strip()
    whole = [(query, evidence.hits[0])] if evidence.hits else []
    parts = parts_of(triage.query)
    if len(parts) == 1:
        return whole
    found = [(part, await deps.retriever.search(part, context=triage.context)) for part in parts]
    sure = [(part, s.hits[0]) for part, s in found if s.hits and s.answerable >= deps.threshold]
    return sure or whole


def _unknown(triage: Triage, deps: Deps) -> Draft:
    language, company = triage.reply_language, deps.company
    sentences = (
        *say("unknown", language, company),
        company_says("contact", language, company),
        *say("unknown_offer", language, company),
    )
    return Draft(
        kind="unknown",
        sentences=sentences,
        confidence=triage.confidence,
        offer_handoff=True,
        reason="not_in_knowledge",
    )


def _off_topic(triage: Triage, deps: Deps) -> Draft:
    language, company = triage.reply_language, deps.company
    sentences = (*say("off_topic", language, company), company_says("scope", language, company))
    return Draft(kind="off_topic", sentences=sentences, confidence=triage.confidence)


def _cannot(triage: Triage, deps: Deps) -> Draft:
    language, company, key = triage.reply_language, deps.company, triage.template or ""
    stated = Sentence(text=company_texts(company)[key][language], source_id=key)
    sentences = (stated, company_says("scope", language, company))
    return Draft(kind="cannot_perform", sentences=sentences, confidence=triage.confidence)
