"""Does a sentence follow from its sources? The checks behind every reply's receipts.

Typed facts (numbers, money, dates, durations, ids, links), names, negation and opposites have to agree with
the source sentence that a claim rests on; its other words have to be covered. A Hinglish sentence over an
English passage is compared by facts, translated words and quoted spans, or is a stored variant. Likeness of
strings plays no part: it cannot tell a reply from the same reply with one number changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Literal

from language.bindings import keeps_denials, moves_value, swaps_actor, turns_limit
from language.claim_names import wrong_names
from language.claim_text import Sentence, parse, parse_all
from language.claim_words import axis as axis_of
from language.claim_words import number_stems
from language.counts import miscounts
from language.fact_match import is_weak, missing
from language.lexicon import is_english
from language.overlap import has_stem, overlap
from language.polarity import contradicts
from language.quantities import Fact
from language.quotations import own_words
from language.text import clean, sentences
from language.word_swaps import about, names_rival, swaps_word

SUPPORTED_AT = 0.5
"""The score from which a claim or response counts as supported."""
_COVERED = {"en": 0.5, "hinglish": 0.4}
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{8,})[»”\"]")
_FOLD = re.compile(r"[\W_]+")
_SOFT = frozenset({"coverage", "word", "moved", "limit"})
_WINDOW = 3
_NOVEL_SCALE = 2.0
_GROUNDED_SOFT = {"en": 0.45, "hinglish": 0.35}


@dataclass(frozen=True, slots=True)
class Source:
    """A text that may support a claim: a passage, a tool's result, or a reviewed Hinglish variant."""

    id: str
    text: str
    kind: Literal["passage", "tool", "variant"] = "passage"


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """What became of one claim; `quote` is a span of the supporting source, exactly as it stands there.

    `score` is 0..1, at least `SUPPORTED_AT` iff `supported`. `reasons` name what disagrees: number, amount,
    percent, date, weekday, time, duration, size, measure, id, url, email, name, negation, moved, limit,
    rival, word, coverage.
    """

    claim: str
    supported: bool
    score: float
    source_id: str | None
    quote: str | None
    reasons: tuple[str, ...]


def check_claim(sentence: str, sources: Sequence[Source], *, language: str = "en") -> ClaimVerdict:
    """Judge one sentence of a reply against its sources; the best source decides.

    A line of a source supports itself; otherwise what a source only quotes supports nothing.
    `language` is the reply's ("en", "hinglish"); a sentence that is Hinglish is treated so whatever it says.
    """
    folded = _folded(sentence)
    for source in sources:
        for stored in (source.text, *sentences(source.text)):
            if folded and folded == _folded(stored):
                return ClaimVerdict(sentence, True, 1.0, source.id, stored.strip(), ())
    return _best(sentence, [replace(source, text=own_words(source.text)) for source in sources], language)


def grounding_score(response: str, context: str) -> float:
    """Return 0..1: how far `response` rests on `context`; from `SUPPORTED_AT` on it is grounded.

    A question back to the customer claims nothing and is left out, unless there is nothing else. One
    disagreement keeps the score below `SUPPORTED_AT` however much else is covered; covered words with a typed
    fact that agrees reach it however freely the rest is put.
    """
    said = sentences(response)
    stated = [text for text in said if not text.rstrip("\"'”’)").endswith("?")] or list(said)
    covered, novel = overlap([parse(text) for text in stated], parse_all(context))
    soft = (covered + exp(-novel / _NOVEL_SCALE)) / 2
    source = (Source("context", context),)
    reasons = [reason for text in stated for reason in _best(text, source).reasons]
    wrong = [reason for reason in reasons if reason not in _SOFT]
    if wrong:
        return round(0.98 * SUPPORTED_AT * soft * 0.85 ** (len(wrong) - 1), 4)
    hinglish = any(parse(text).hinglish for text in stated)
    score = _stretched(soft, _GROUNDED_SOFT["hinglish" if hinglish else "en"])
    proven = not reasons and any(
        fact.kind != "number" and not is_weak(fact) for text in stated for fact in parse(text).facts
    )
    return max(score, SUPPORTED_AT) if proven else score


def _best(sentence: str, sources: Sequence[Source], language: str = "en") -> ClaimVerdict:
    best = ClaimVerdict(sentence, False, 0.0, None, None, ("coverage",))
    for source in sources:
        verdict = _check(sentence, source, language)
        if verdict.score > best.score or best.source_id is None:
            best = verdict
    return best


def _stretched(share: float, need: float) -> float:
    """Map 0..1 to 0..1 so that `need` becomes `SUPPORTED_AT`."""
    if share >= need:
        return round(SUPPORTED_AT + (1 - SUPPORTED_AT) * (share - need) / (1 - need), 4)
    return round(SUPPORTED_AT * share / need - 0.0001, 4)


def _folded(text: str) -> str:
    return _FOLD.sub(" ", clean(text).casefold()).strip()


def _check(sentence: str, source: Source, language: str) -> ClaimVerdict:
    claim = parse(sentence)
    given = parse_all(source.text)
    if not given:
        return ClaimVerdict(sentence, False, 0.0, source.id, None, ("coverage",))
    quoted = _quoted(sentence, source.text)
    window = _window(claim, given)
    covered = 1.0 if quoted else _coverage(claim, window)
    reasons = _disagreements(claim, window, given, bool(quoted))
    need = _COVERED["hinglish" if claim.hinglish or language == "hinglish" else "en"]
    if covered < need:
        reasons = (*reasons, "coverage")
    return ClaimVerdict(
        sentence, not reasons, _score(covered, need, reasons), source.id, quoted or window[0].text, reasons
    )


def _score(covered: float, need: float, reasons: tuple[str, ...]) -> float:
    """Return the score: coverage stretched so that `need` is `SUPPORTED_AT`; a disagreement stays below."""
    hard = [reason for reason in reasons if reason != "coverage"]
    return max(0.0, round(_stretched(covered, need) * 0.4 ** len(hard), 4))


def _quoted(sentence: str, text: str) -> str | None:
    """Return the span of `text` that the sentence quotes word for word, or None."""
    for match in _QUOTED.finditer(sentence):
        words = [re.escape(word) for word in match.group(1).split()]
        if len(words) >= 2 and (found := re.search(r"\s+".join(words), text, re.IGNORECASE)):
            return found.group()
    return None


def _coverage(claim: Sentence, window: Sequence[Sentence]) -> float:
    """Return the share of the claim's content words that the window has.

    Of a Hinglish claim its typed facts count too: they are what both languages write alike.
    """
    distinct = tuple(dict.fromkeys(claim.stems))
    if not distinct:
        return 1.0
    hits = sum(has_stem(stem, window) for stem in distinct)
    if not claim.hinglish or not hits:
        return hits / len(distinct)
    near = [fact for sentence in window for fact in sentence.facts]
    agreed = len(claim.facts) - len(missing(claim.text, near))
    return (hits + agreed) / (len(distinct) + agreed)


def _window(claim: Sentence, given: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences that the claim rests on: the closest, then those that cover what it leaves.

    One that has only an opposite or a number in common with what is left is about something else.
    """
    left = set(claim.stems)
    chosen: list[Sentence] = []
    while len(chosen) < _WINDOW:
        rest = [sentence for sentence in given if sentence not in chosen]
        if not rest:
            break
        best = max(rest, key=lambda sentence: _overlap(claim, left, sentence))
        hit = {stem for stem in left if has_stem(stem, (best,))}
        if chosen and all(axis_of(stem) is not None or stem in number_stems() for stem in hit):
            break
        chosen.append(best)
        left -= hit
        if not left:
            break
    return tuple(chosen)


def _overlap(claim: Sentence, left: set[str], sentence: Sentence) -> tuple[int, int, int]:
    """Rank a source sentence: words shared, facts shared, then the shorter one."""
    shared = sum(has_stem(stem, (sentence,)) for stem in left)
    agreed = len(claim.facts) - len(missing(claim.text, sentence.facts)) if claim.facts else 0
    return shared, agreed, -len(sentence.stems)


def _disagreements(
    claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence], quoted: bool
) -> tuple[str, ...]:
    names = tuple(name for name in claim.names if not (quoted and is_english(name)))
    reasons = [*_wrong_facts(claim, window, given), *wrong_names(names, given)]
    if not quoted:
        if contradicts(claim, window, about(claim, window, given)) and not keeps_denials(claim, window[0]):
            reasons.append("negation")
        elif not reasons and (reason := _difference(claim, window, given)):
            reasons.append(reason)
    return tuple(dict.fromkeys(reasons))


def _difference(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> str:
    """Return how a claim whose facts, names and negations agree differs; "" if it does not."""
    closest = window[0]
    if moves_value(claim, closest) or swaps_actor(claim, closest):
        return "moved"
    if miscounts(claim, closest, about(claim, window, given)):
        return "number"
    if turns_limit(claim, closest):
        return "limit"
    if names_rival(claim, window, given):
        return "rival"
    return "word" if swaps_word(claim, window, given) else ""


def _wrong_facts(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> list[str]:
    """Return the kinds of facts that no source sentence has, or that the claim took from another sentence."""
    everywhere = [fact for sentence in given for fact in sentence.facts]
    wrong = [fact.kind for fact in missing(claim.text, everywhere) if not is_weak(fact)]
    near = [fact for sentence in window for fact in sentence.facts]
    for fact in missing(claim.text, near):
        if fact.kind not in wrong and _rivals(fact, claim, window[0]):
            wrong.append(fact.kind)
    return wrong


def _rivals(fact: Fact, claim: Sentence, closest: Sentence) -> bool:
    """Tell whether the closest sentence states another fact of this kind, which the claim leaves out."""
    unused = missing(closest.text, claim.facts)
    return any(other.kind == fact.kind for other in unused)
