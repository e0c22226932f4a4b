"""Questions: does the company's knowledge answer, and if not, is it unknown, off topic or unclear?"""

import math

from graph.ports import Retriever, Search
from graph.state import Asked, Evidence, Hit, Triage
from language.acts import corrects
from language.files import words
from nodes.triage.parts import Told, content_of, halves_of, told_around
from nodes.triage.rules import blocker, by_rule
from nodes.triage.view import View

_SHORT = 2  # content words of a question that is worth asking back about
_LEANING = 5  # content words up to which a question may lean on the topic before it
_KEPT = 3  # passages kept of each search, for the trace and the guard
_ELSEWHERE = -2.0  # log odds from which a message is about something else
_DOUBTFUL, _FAR = 0.0, 3.0  # odds from which an answer has to be sure, and from which it has to be certain
_CLOSENESS, _USUAL, _TOPIC = (
    10.0,
    0.5,
    3.0,
)  # weight of nearness, its usual value, weight of the trade
_SUREST = 0.999  # the surest that the classifier is believed to be
_CLOSE = 0.2  # how far below the threshold a short question is worth asking about once
_DOUBTED = 0.35  # probability of the whole message from which a part of it may be answered alone
_ALONE = 0.85  # how sure the question of a story has to be, when nothing else speaks for its answer
_RESOLVED = 0.9  # the same for one that points back at the story
_CERTAIN = 0.95  # the same for a part that is a question of its own: from here on it is answered
_LIMIT = 0.8  # how sure a search has to be that what is asked for is something the company does not do
_DENIALS = frozenset({"not", "nahi", "isnt", "doesnt", "isn't", "doesn't", "won't", "can't", "aint", "never"})
_STRICT = 0.97  # how sure an answer to a restricted message has to be


def context_of(view: View) -> str:
    """The topic that a follow-up or a short question may lean on; retrieval decides whether it does."""
    leans = view.acts.follow_up or len(view.content) <= _LEANING or corrects(view.text)
    return view.memory.topic if leans else ""


async def look_up(
    view: View, retriever: Retriever, threshold: float, parts: tuple[str, ...] = ()
) -> Evidence:
    """Search the company's knowledge for the message, or for each of its `parts` where it asks several."""
    context = context_of(view)
    whole = await retriever.search(view.asked, context=context)
    text, whole = (view.asked, whole) if parts else await _told(view, whole, context, retriever, threshold)
    found = await _each(parts or _halves(view), context, view.memory.topic, retriever, threshold)
    asked = _parts_asked(text, whole, found, threshold, apart=bool(parts))
    if parts and not any(part.passage_id for part in asked):
        text, whole = await _told(view, whole, context, retriever, threshold)
        asked = (_asked(text, whole, threshold),)
    near = sorted(
        (hit for search in (whole, *(s for _, s in found)) for hit in search.hits[:_KEPT]),
        key=lambda hit: hit.answers,
    )
    hits = {hit.passage.id: _slim(hit) for hit in near}
    return Evidence(
        hits=tuple(sorted(hits.values(), key=lambda hit: -hit.answers)),
        asked=asked,
        answerable=_answerable(asked, whole, strict=view.restricted),
        near=max((s.near for s in (whole, *(s for _, s in found)) if s.near is not None), default=None),
        degraded=whole.degraded,
        notes=whole.reasons,
    )


def _answerable(asked: tuple[Asked, ...], whole: Search, *, strict: bool) -> float:
    """How sure the least sure passage is; of one passage the surest part counts, unless `strict`."""
    surest: dict[str, float] = {}
    for part in asked:
        if part.passage_id:
            both = (part.answers, surest.get(part.passage_id, part.answers))
            surest[part.passage_id] = min(both) if strict else max(both)
    return min(surest.values(), default=whole.answerable)


def _parts_asked(
    text: str, whole: Search, found: list[tuple[str, Search]], threshold: float, *, apart: bool
) -> tuple[Asked, ...]:
    """What is asked: the parts, or `text` as one where they do not hold; `apart`: the parts are questions."""
    asked = tuple(_asked(part, search, threshold) for part, search in found)
    if len({part.passage_id for part in asked}) == 1:  # one passage: each part has lines of its own there
        asked = tuple(
            one.model_copy(update={"query": part}) for one, (part, _) in zip(asked, found, strict=True)
        )
    sure = [part for part in asked if part.passage_id]
    one, some_lack = _asked(text, whole, threshold), len(sure) < len(asked)
    certain = apart and all(part.answers >= _CERTAIN for part in sure)
    doubted = some_lack and whole.answerable < _DOUBTED and not certain
    if one.passage_id and _lead_to(one.passage_id, found, threshold):
        told = {"passage_id": one.passage_id, "answers": one.answers}
        return tuple(part.model_copy(update=told) for part in asked) if apart else (one,)
    if not sure or doubted or (not apart and (some_lack or _strays(sure, one))):
        return (one,)
    return asked


def _lead_to(passage_id: str, found: list[tuple[str, Search]], threshold: float) -> bool:
    """Whether some parts are not sure, and all lead where the whole message is answered."""
    first = {search.hits[0].passage.id if search.hits else "" for _, search in found}
    return first == {passage_id} and any(search.answerable < threshold for _, search in found)


async def _told(
    view: View, whole: Search, context: str, retriever: Retriever, threshold: float
) -> tuple[str, Search]:
    """The question by itself, where it is answered and the story around it is not; else the whole message."""
    for told in told_around(view.asked):
        alone = await retriever.search(told.question, context=context or told.story)
        if alone.answerable >= threshold and _holds(told, alone, whole, threshold, leans=bool(context)):
            return told.question, alone if context else alone.model_copy(update={"resolved": ""})
    return view.asked, whole


def _holds(told: Told, alone: Search, whole: Search, threshold: float, *, leans: bool) -> bool:
    """Whether a question may be answered without the story around it: it names its thing, or is sure."""
    if alone.resolved and told.apart and leans:
        return True
    if whole.answerable >= threshold:
        return False
    if alone.resolved:
        names = told.apart and alone.answerable >= _RESOLVED
    else:
        names = len(content_of(told.question)) > 1 and alone.answerable >= _ALONE
    return names or _completes(whole, alone)


async def _each(
    parts: tuple[str, ...], context: str, topic: str, retriever: Retriever, threshold: float
) -> list[tuple[str, Search]]:
    """A search for each part; a part that finds nothing may be one more question about the one before it."""
    found: list[tuple[str, Search]] = []
    for part in parts:
        leans = len(content_of(part)) <= _LEANING
        search = await retriever.search(part, context=context or (topic if leans else ""))
        if found and search.answerable < threshold:
            added = await retriever.search(f"and {part}", context=context)
            search = added if _leads_on(found[-1][1], added, threshold) else search
        found.append((part, search))
        context = search.resolved or part
    return found


def _leads_on(before: Search, added: Search, threshold: float) -> bool:
    """Whether a part is answered by the passage that answers the part before it."""
    sure = before.answerable >= threshold and added.answerable >= threshold
    return sure and before.hits[0].passage.id == added.hits[0].passage.id


def _halves(view: View) -> tuple[str, ...]:
    """The sides of "COD and EMI available?", where each is this company's business."""
    halves = halves_of(view.asked) if not view.acts.reports else ()
    return halves if all(view.about(half) or len(half.split()) > 1 for half in halves) else ()


def _completes(whole: Search, core: Search) -> bool:
    """Whether only the story before a question keeps its answer from being sure: it may be what is asked."""
    if whole.answerable < _DOUBTED or not whole.hits or not core.hits:
        return False
    return whole.hits[0].passage.id == core.hits[0].passage.id


def _strays(sure: list[Asked], whole: Asked) -> bool:
    """Whether the halves are answered in one place, and the whole question more surely in another."""
    places = {part.passage_id for part in sure}
    if len(places) > 1 or places == {whole.passage_id}:
        return False
    return whole.passage_id is None or whole.answers >= max(part.answers for part in sure)


def _slim(hit: Hit) -> Hit:
    """A hit as a checkpoint keeps it: without the authored phrasings, which only the index needs."""
    return hit.model_copy(update={"passage": hit.passage.model_copy(update={"questions": ()})})


def _asked(query: str, search: Search, threshold: float) -> Asked:
    sure = bool(search.hits) and search.answerable >= threshold
    passage_id = search.hits[0].passage.id if sure else None
    return Asked(
        query=search.resolved or query,
        passage_id=passage_id,
        answers=search.answerable,
        follows=bool(search.resolved),
    )


def decide_by_vagueness(view: View) -> Triage | None:
    """Something is wrong, but not with what: "it does not work", "nahi ho raha"."""
    trouble, beside = words("trouble_words.txt"), words("beside_trouble.txt")
    denied = bool(_DENIALS & set(view.words.tokens)) and bool(beside & set(view.content))
    wrong = view.acts.reports or denied or bool(trouble & set(view.content))
    if not wrong or view.acts.question or view.memory.failures or view.question.slots:
        return None
    around = trouble | words("vague_words.txt") | beside
    nothing = _names_nothing(view) or around >= set(view.content)
    return _ask(view, "clarify_vague", "something is wrong, but not with what") if nothing else None


def decide_by_knowledge(view: View, search: Evidence, threshold: float) -> Triage:
    """Answer when it is probable enough; ask once in between; otherwise say honestly that it is not known."""
    p, context = search.answerable, context_of(view)
    threshold = max(threshold, _STRICT) if view.restricted else threshold
    odds = _odds_elsewhere(view, search)
    threshold = max(threshold, _CERTAIN if odds > _FAR else _ALONE if odds > _DOUBTFUL else 0.0)
    limit = limit_of(search)
    if limit is not None and p >= max(threshold, _LIMIT) and not _is_elsewhere(view, search):
        return view.decide(
            "answer", kind="cannot_perform", template=limit, confidence=p, reasons=(f"{limit} {p:.2f}",)
        )
    if p >= threshold and limit is None:
        return view.decide(
            "answer", kind="answer", confidence=p, context=context, reasons=(f"answerable {p:.2f}",)
        )
    if view.restricted:
        return view.decide(
            "reply",
            kind="blocked",
            template="blocked_injection",
            confidence=1.0 - p,
            reasons=("a restricted message that asks for nothing the company knows",),
        )
    if (rule := blocker(view)) is not None:
        return by_rule(rule, view, "boundary")
    if _is_elsewhere(view, search):
        return view.decide("answer", kind="off_topic", confidence=1.0 - p, reasons=("about something else",))
    if _is_vague(view, search):
        return _ask(view, "clarify_vague", "too little to go on")
    if p >= threshold - _CLOSE and view.memory.failures == 0 and len(view.content) <= _SHORT:
        return _ask(view, "clarify_rephrase", f"answerable {p:.2f} is close, and the question is short")
    return view.decide(
        "answer",
        kind="unknown",
        confidence=1.0 - p,
        context=context,
        reasons=(f"answerable {p:.2f} is too low",),
    )


def limit_of(search: Evidence) -> str | None:
    """What the company does not do, when that is all that is asked for."""
    found = {part.passage_id for part in search.asked}
    limits = [
        hit.passage.id for hit in search.hits if hit.passage.kind == "limit" and {hit.passage.id} == found
    ]
    return limits[0] if limits else None


def _ask(view: View, template: str, reason: str) -> Triage:
    return view.decide("reply", kind="clarify", template=template, confidence=0.5, reasons=(reason,))


def _is_vague(view: View, search: Evidence) -> bool:
    """Hardly a word, or a remark that is no question and touches nothing the company knows."""
    if (view.acts.follow_up and view.memory.topic) or len(view.content) > _SHORT:
        return False
    if view.acts.follow_up and _names_nothing(view):
        return True  # it points back, and nothing is there
    near = search.hits[0].lexical if search.hits else 0.0
    return not view.content or (not view.acts.question and near < 0.5)


def _names_nothing(view: View) -> bool:
    """One word that carries a meaning, and none of the company's business: "it does not work"."""
    return len(set(view.content)) <= 1 and not _on_topic(view)


def _is_elsewhere(view: View, search: Evidence) -> bool:
    """Whether the message is about something else than this company."""
    return _odds_elsewhere(view, search) > _ELSEWHERE


def _odds_elsewhere(view: View, search: Evidence) -> float:
    """What the classifier thinks, against what speaks for the company's field: nearness, its own words.

    Log odds; weights and limits are fitted by hand to the development sets (decision 18).
    """
    said = min(max(view.intent.scores.get("out_of_scope", 0.0), 1 - _SUREST), _SUREST)
    near = search.near if search.near is not None else _USUAL
    leans = any(part.follows and part.passage_id for part in search.asked)
    ours = _on_topic(view) or leans or bool(view.acts.follow_up and view.memory.topic)
    return math.log(said / (1 - said)) - _CLOSENESS * (near - _USUAL) - _TOPIC * ours


def _on_topic(view: View) -> bool:
    return any(view.says(topic) for topic in view.company.topics)
