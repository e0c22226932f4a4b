"""Settles one sentence of a draft: the span it rests on, or the reason why it may not be sent.

A sentence built from a frame must equal the frame, and its slots must stand in its source; a stored sentence
must equal a line of its passage; anything else has to pass the claim checks behind the port.
"""

from collections.abc import Iterator, Mapping, Sequence

from graph.ports import Claims, Company, Source
from graph.state import Evidence, Receipt, ReplyLanguage, Sentence
from language import frames
from retrieval.passages import Passage
from tools.values import ToolResult


def company_texts(company: Company) -> Mapping[str, Mapping[ReplyLanguage, str]]:
    """The company's own reviewed sentences by source id, such as `company:contact`."""
    texts = {
        "company:contact": company.contact,
        "company:scope": company.scope,
        "company:greeting": company.greeting,
    }
    return texts | {f"company:limit:{limit.key}": limit.text for limit in company.limits}


def tool_source(result: ToolResult) -> Source:
    """A tool result as text that claims can be held against."""
    text = "; ".join(f"{name}: {value}" for name, value in {**result.arguments, **result.facts}.items())
    return Source(id=result.id, text=text, kind="tool", title=result.tool)


def passage_sources(passage: Passage) -> Iterator[Source]:
    """A passage's English text and, where it exists, its reviewed Hinglish."""
    yield Source(id=passage.id, text=passage.text, title=passage.title, content_hash=passage.content_hash)
    if passage.hinglish:
        yield Source(id=passage.id, text=passage.hinglish, kind="variant", title=passage.title)


def settle(
    sentence: Sentence, evidence: Evidence | None, company: Company, language: ReplyLanguage, claims: Claims
) -> Receipt:
    """The receipt of one sentence. `supported` is False unless a named check passes."""
    if sentence.frame:
        return _framed(sentence, evidence, company, language)
    if sentence.source_id in company_texts(company):
        return _company(sentence, company, language)
    return _cited(sentence, evidence, language, claims)


def written_of(
    sentences: Sequence[Sentence], receipts: Sequence[Receipt], evidence: Evidence | None
) -> tuple[str, tuple[Source, ...]]:
    """What a model put in words of its own, and all that it cites; empty where every sentence is stored."""
    free = [sentence for sentence, receipt in zip(sentences, receipts, strict=True) if not receipt.stored]
    passages = {passage.id: passage for one in free if (passage := _passage(one, evidence)) is not None}
    cited = [one.text for one in free if one.source_id in passages]
    return " ".join(cited), tuple(source for each in passages.values() for source in passage_sources(each))


def _framed(
    sentence: Sentence, evidence: Evidence | None, company: Company, language: ReplyLanguage
) -> Receipt:
    key = sentence.frame.partition("#")[0]
    if key not in set(frames.keys()) or sentence.text not in frames.render(key, language, sentence.slots):
        return _refused(sentence, "differs from its frame")
    stray = [
        slot
        for slot, value in sentence.slots.items()
        if not _slot_known(slot, value, sentence, evidence, company)
    ]
    if stray:
        return _refused(sentence, *(f"slot {slot} is not in the source" for slot in stray))
    source = _source_of(sentence, evidence)
    quote = sentence.slots.get("quote") or "; ".join(
        f"{slot}: {value}" for slot, value in sentence.slots.items() if slot not in _OURS
    )
    return Receipt(
        claim=sentence.text,
        supported=True,
        source_id=sentence.source_id,
        source_title=source.title if source else "",
        source_hash=source.content_hash if source else "",
        quote=quote,
        score=1.0,
        stored=True,
        reasons=("closed frame" if sentence.source_id is None else "frame and slots match the source",),
    )


_OURS = frozenset({"company", "example"})


def _slot_known(
    slot: str, value: str, sentence: Sentence, evidence: Evidence | None, company: Company
) -> bool:
    if slot == "company":
        return value == company.name
    if slot == "example":
        return value == company.id_example
    source = _source_of(sentence, evidence)
    return source is not None and _within(value, source.text)


def _within(value: str, text: str) -> bool:
    return all(part.strip() in text for part in value.split(" · "))


def _source_of(sentence: Sentence, evidence: Evidence | None) -> Source | None:
    if evidence is None or sentence.source_id is None:
        return None
    for result in evidence.tools:
        if result.id == sentence.source_id:
            return tool_source(result)
    for hit in evidence.hits:
        if hit.passage.id == sentence.source_id:
            return next(passage_sources(hit.passage))
    return None


def _company(sentence: Sentence, company: Company, language: ReplyLanguage) -> Receipt:
    texts = company_texts(company)[sentence.source_id or ""]
    if sentence.text != texts[language]:
        return _refused(sentence, "differs from the company's own sentence")
    return Receipt(
        claim=sentence.text,
        supported=True,
        source_id=sentence.source_id,
        source_title=company.name,
        quote=texts["en"],
        score=1.0,
        stored=True,
        reasons=("the company's own sentence",),
    )


def _cited(sentence: Sentence, evidence: Evidence | None, language: ReplyLanguage, claims: Claims) -> Receipt:
    passage = _passage(sentence, evidence)
    if passage is None:
        return _refused(sentence, "cites nothing that this turn found")
    if (line := _stored_line(sentence.text, passage, language)) is not None:
        receipt = _supported(sentence, passage, line, 1.0, ("equals a line of the passage",))
        return receipt.model_copy(update={"stored": True})
    sources: Sequence[Source] = tuple(passage_sources(passage))
    verdict = claims.check(sentence.text, sources, language=language)
    if not verdict.supported:
        return _refused(sentence, *verdict.reasons, score=verdict.score)
    return _supported(sentence, passage, verdict.quote or "", verdict.score, verdict.reasons)


def _passage(sentence: Sentence, evidence: Evidence | None) -> Passage | None:
    hits = evidence.hits if evidence else ()
    return next((hit.passage for hit in hits if hit.passage.id == sentence.source_id), None)


def _stored_line(text: str, passage: Passage, language: ReplyLanguage) -> str | None:
    """The English line that a stored sentence of the reply's language stands for."""
    english = passage.text.split("\n")
    if language == "en":
        return text if text in english else None
    hinglish = passage.hinglish.split("\n") if passage.hinglish else []
    if text in hinglish and len(hinglish) == len(english):
        return english[hinglish.index(text)]
    return None


def _supported(
    sentence: Sentence, passage: Passage, quote: str, score: float, reasons: tuple[str, ...]
) -> Receipt:
    return Receipt(
        claim=sentence.text,
        supported=True,
        source_id=passage.id,
        source_title=passage.title,
        source_hash=passage.content_hash,
        quote=quote,
        score=score,
        reasons=reasons,
    )


def _refused(sentence: Sentence, *reasons: str, score: float = 0.0) -> Receipt:
    return Receipt(
        claim=sentence.text, supported=False, source_id=sentence.source_id, score=score, reasons=reasons
    )
