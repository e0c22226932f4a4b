"""What triage sees of a message: its words, speech acts and intent, beside the company's rules and tools."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.ports import Agent, Company, Deps, IntentVerdict, Rule, ToolSpec
from graph.state import Category, Language, Memory, Question, ReplyLanguage, Route, SafetyVerdict, Triage
from language.acts import Acts, acts, without_refusal
from language.decide import decide_language
from language.files import words
from language.normalise import Normalised, normalise, stem
from language.openings import without_opening
from language.spelling import mended
from language.status import asks_amount, asks_state
from language.text import clean, sentences
from nodes.triage.records import record_of

_STORY = 9  # words from which a message may tell a story before it asks
_CLAUSES = re.compile(r"[,;.!?]+\s")
_PLAIN = 0.8  # from which a follow-up's own words say what it wants
_CATEGORY: Mapping[str, Category] = {
    "order_status": "delivery",
    "shipping_query": "delivery",
    "refund_request": "refund",
    "payment_query": "billing",
    "complaint": "other",
    "faq_query": "policy",
    "product_query": "policy",
    "ticket_creation": "other",
}


@dataclass(frozen=True)
class View:
    """One message, read once; every decision is a pure function of it."""

    question: Question
    memory: Memory
    company: Company
    agent: Agent
    rules: tuple[Rule, ...]
    tools: Mapping[str, ToolSpec]
    language: Language
    reply: ReplyLanguage
    acts: Acts
    words: Normalised
    intent: IntentVerdict
    stems: frozenset[str]
    text: str
    restricted: bool  # the safety node lowered this turn's authority
    record: str  # the record that the message names: a placeholder, or a number made whole
    asks_state: bool  # asks how the customer's own thing stands
    heard: tuple[str, ...] = ()  # what a model made of the message, for the trace
    reworded: str = ""  # a model's words for the question, where they are others

    def decide(self, route: Route, **fields: Any) -> Triage:
        """A verdict with everything that the message itself fixes already filled in."""
        common: dict[str, Any] = {
            "language": self.language,
            "reply_language": self.reply,
            "intent": self.intent.intent,
            "intent_confidence": self.intent.confidence,
            "confidence": self.intent.confidence,
            "category": _CATEGORY.get(self.intent.intent, "other"),
            "mode": self.acts.mode,
            "query": self.text,
            "features": tuple(self.intent.features[:8]),
            "keywords": self.words.tokens[:12],
            "record": self.record,
            "declined_person": self.acts.declines_person,
            "wants_amount": asks_amount(self.text),
        }
        fields["reasons"] = (*fields.get("reasons", ()), *self.heard)
        return Triage(route=route, **{**common, **fields})

    @property
    def asked(self) -> str:
        """The message without what only takes note ("accha, ...") or refuses a person ("no human, ...")."""
        return without_opening(without_refusal(self.text) if self.acts.declines_person else self.text)

    def about(self, text: str) -> bool:
        """Whether a text has a word of the company's business."""
        said = _stems_of(text) | {stem(word) for word in normalise(text).english.split()}
        return any(_stems_of(topic) <= said for topic in self.company.topics)

    @property
    def content(self) -> tuple[str, ...]:
        """The words that carry the message, in English; function words are left out."""
        grammar = words("english_function_words.txt")
        return tuple(word for word in self.words.english.split() if word not in grammar)

    def says(self, term: str) -> bool:
        """Whether the message contains a term, as written or as its stems in either language."""
        term = term.casefold().strip()
        return bool(term) and (
            _begun_by(term).search(self.text.casefold()) is not None
            or (bool(_stems_of(term)) and _stems_of(term) <= self.stems)
        )

    def says_in_one(self, terms: Iterable[str]) -> bool:
        """Whether one sentence of the message contains all terms."""
        wanted = [_stems_of(term) for term in terms]
        return any(all(want <= _stems_of(said) for want in wanted) for said in sentences(self.text))

    def says_any(self, groups: tuple[tuple[str, ...], ...]) -> bool:
        """Whether all terms of at least one group occur."""
        return any(group and all(self.says(term) for term in group) for group in groups)


@lru_cache(maxsize=8_192)
def _begun_by(term: str) -> re.Pattern[str]:
    """Where a word begins with the term: "rent" is in "rented", not in "parents"."""
    return re.compile(r"(?<!\w)" + re.escape(term))


@lru_cache(maxsize=8_192)
def _stems_of(term: str) -> frozenset[str]:
    return frozenset(stem(word) for word in normalise(term).tokens)


@lru_cache(maxsize=256)
def _own_words(name: str, topics: tuple[str, ...]) -> frozenset[str]:
    """The words of the company's name and business, which are no typing errors."""
    return frozenset(" ".join((name, *topics)).casefold().split())


def view_of(question: Question, memory: Memory, safety: SafetyVerdict | None, deps: Deps) -> View:
    """Read the message with everything that is pure; nothing here touches the world."""
    spoken = decide_language(question.text, previous=memory.language, pin=memory.pinned)
    text = mended(clean(question.text), _own_words(deps.company.name, deps.company.topics))
    read, said = normalise(text), acts(text, spoken.language)
    restricted = safety is None or safety.outcome != "pass"
    tools = {
        name: spec
        for name, spec in deps.toolbox.offered().items()
        if not (restricted and spec.kind == "write")
    }
    return View(
        question=question,
        memory=memory,
        company=deps.company,
        agent=deps.agent,
        rules=deps.rules,
        tools=tools,
        language=spoken.language,
        reply=reply_language(spoken.language, memory, deps.agent),
        acts=said,
        words=read,
        intent=_intent(text, memory, said, deps),
        stems=frozenset(stem(word) for word in (*read.tokens, *read.english.split())),
        text=text,
        restricted=restricted,
        record=record_of(question, memory, deps.company.id_example),
        asks_state=said.mode == "case_specific" and (asks_state(text, read) or _ends_asking(text, read)),
    )


def _ends_asking(text: str, read: Normalised) -> bool:
    """Whether a long story ends with the bare question for the state of one's own thing."""
    last = next((part for part in reversed(_CLAUSES.split(text)) if part.strip()), "")
    return len(read.tokens) > _STORY and asks_state(last, normalise(last))


def _intent(text: str, memory: Memory, said: Acts, deps: Deps) -> IntentVerdict:
    """The intent of the message; one that only leans on the topic before it is read together with that."""
    verdict = deps.classifier.classify(text)
    plain = verdict.confidence >= _PLAIN and verdict.intent != "greeting"
    if plain or not (said.follow_up and memory.topic):
        return verdict
    return deps.classifier.classify(f"{memory.topic} {text}")


def reply_language(spoken: Language, memory: Memory, agent: Agent) -> ReplyLanguage:
    """The customer's pin first, then the agent's mode, then the language of this message."""
    if memory.pinned is not None:
        return memory.pinned
    if agent.language_mode != "auto":
        return agent.language_mode
    return "hinglish" if spoken in {"hinglish", "hi"} else "en"
