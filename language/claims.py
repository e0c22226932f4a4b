"""Does a sentence follow from its sources? The checks behind every reply's receipts.

Typed facts (numbers, money, dates, durations, ids, links), names, negation and opposites have to agree with
the source sentence that a claim rests on; its other words have to be covered. A Hinglish sentence over an
English passage is compared by facts, translated words and quoted spans, or is a stored variant. Likeness of
strings plays no part: it cannot tell a reply from the same reply with one number changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from math import exp
from typing import Literal

from language.bindings import keeps_denials, moves_value, swaps_actor, turns_limit
from language.claim_names import wrong_names
from language.claim_text import Sentence, parse, parse_all
from language.claim_words import axis as axis_of
from language.claim_words import content_stem, number_stems, plain_verbs, rivals, same_stem
from language.counts import miscounts
from language.fact_match import is_weak, missing
from language.lexicon import find_hinglish, is_english
from language.overlap import has_stem, overlap
from language.polarity import contradicts
from language.quantities import Fact
from language.clause_cut import verbs as _vb
from language.quotations import own_words
from language.text import clean, sentences, tokens

SUPPORTED_AT = 0.5
"""The score from which a claim or response counts as supported."""
_COVERED = {"en": 0.5, "hinglish": 0.4}
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{8,})[»”\"]")
_FOLD = re.compile(r"[\W_]+")
_SOFT = frozenset({"coverage", "word", "moved", "limit"})
_ARTICLES = {"an": "a", "the": "a"}
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
        if contradicts(claim, window, _about(claim, window, given)) and not keeps_denials(claim, window[0]):
            reasons.append("negation")
        elif not reasons and moves_value(claim, window[0]):
            reasons.append("moved")
        elif not reasons and swaps_actor(claim, window[0]):
            reasons.append("moved")
        elif not reasons and miscounts(claim, window[0], _about(claim, window, given)):
            reasons.append("number")
        elif not reasons and turns_limit(claim, window[0]):
            reasons.append("limit")
        elif not reasons and _rival_word(claim, window, given):
            reasons.append("rival")
        elif not reasons and _swapped_word(claim, window, given):
            reasons.append("word")
    return tuple(dict.fromkeys(reasons))


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


def _swapped_word(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether the claim copies its sentence but for one word, which no source sentence has."""
    if claim.hinglish:
        return _swapped_in_hinglish(claim, window, given)
    if len(claim.stems) < 3:
        return False
    said, stated = (_comparable(sentence.text) for sentence in (claim, window[0]))
    blocks = SequenceMatcher(None, said, stated, autojunk=False).get_opcodes()
    changed = [(left, right) for tag, left, right, _, _ in blocks if tag == "replace"]
    spots = [(left, right) for tag, _, _, left, right in blocks if tag == "replace"]
    added = sum(right - left for tag, left, right, _, _ in blocks if tag == "delete")
    if len(changed) != 1 or added > 1 or changed[0][1] - changed[0][0] > 2:
        return False
    replaced = [word for left, right in spots for word in stated[left:right] if content_stem(word)]
    axes = _agreed(claim, window[0])
    words = [
        word
        for word in said[slice(*changed[0])]
        if content_stem(word) and word not in plain_verbs() and axis_of(word) not in axes
    ]
    return bool(replaced) and any(
        not has_stem(cut, _about(claim, window, given, cut)) for word in words if (cut := content_stem(word))
    )


def _swapped_in_hinglish(claim, window, given):
    typed = {content_stem(w) for w in tokens(claim.text) if is_english(w) and find_hinglish(w) is None and w not in _vb()}
    stems = [s for s in dict.fromkeys(claim.stems)]
    new = [s for s in stems if not has_stem(s, _about(claim, window, given, s))]
    if len(new) != 1 or len(stems) < 4 or new[0] not in typed or new[0] in plain_verbs() or axis_of(new[0]) in _agreed(claim, window[0]):
        return False
    rest = {s for s in stems if s != new[0]}
    return any(all(s in c.stems or any(same_stem(s, o) for o in c.stems if o[:3]==s[:3]) for s in rest) for c in window[0].clauses)


def _agreed(claim: Sentence, closest: Sentence) -> set[int]:
    """Return the axes of opposites on which both take one and the same side."""
    sides = claim.whole.sides | closest.whole.sides
    both = claim.whole.sides & closest.whole.sides
    return {axis for axis, place in both if (axis, 1 - place) not in sides}


def _rival_word(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether the claim names a colour, a material ... that no source has, and its sentence another."""
    said, near = set(claim.stems), set(window[0].stems)
    classes = {rivals()[stem] for stem in near - said if stem in rivals()}
    return any(
        rivals().get(stem) in classes
        and not any(stem in sentence.stems for sentence in _about(claim, window, given, stem))
        for stem in said - near
    )


def _about(
    claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence], but: str = ""
) -> list[Sentence]:
    """Return the source sentences that share a word with the claim, other than `but` and opposites.

    What a sentence about something else says is no excuse for a claim that differs from its own.
    """
    words = {stem for stem in claim.stems if stem != but and axis_of(stem) is None}
    return [
        sentence for sentence in given if sentence is window[0] or not words.isdisjoint(sentence.whole.stems)
    ]


def _comparable(text: str) -> list[str]:
    return [content_stem(token) or _ARTICLES.get(token, token) for token in tokens(text)]
