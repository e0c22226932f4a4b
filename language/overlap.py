"""How much of a reply's wording its context has, and how much is new: the soft half of grounding."""

from collections.abc import Sequence

from language.claim_text import Sentence
from language.claim_words import content_stem, data, same_stem
from language.clauses import Clause
from language.fact_match import is_weak, supported
from language.text import tokens

_PERSONAL = frozenset({"i", "my", "me", "you", "your", "i'm"})
_PERSONAL_WEIGHT, _LIGHT_WEIGHT = 0.8, 0.7
_WORST_CLAUSE = 1.5
_FACT_WEIGHT = 2.0


def has_stem(stem: str, given: Sequence[Sentence]) -> bool:
    """Tell whether a content word stands in one of the sentences, in any form."""
    return any(stem in sentence.whole.stems for sentence in given) or any(
        same_stem(stem, other)
        for sentence in given
        for other in sentence.whole.stems
        if other[:3] == stem[:3]
    )


def overlap(said: Sequence[Sentence], given: Sequence[Sentence]) -> tuple[float, float]:
    """Return the weighted share of the words of `said` that `given` has, and the weight of new ones.

    The clause that is covered worst adds to what is new: one invented clause shows even in a long reply.
    Content words weigh 1, personal and light words less: small talk around a fact shows in them. Of a
    Hinglish sentence only the translated content words count. A typed fact that agrees weighs more.
    """
    stated = [fact for sentence in given for fact in sentence.facts]
    seen = {token for sentence in given for token in tokens(sentence.text)}
    total = hit = 0.0
    for sentence in said:
        agreed = len([fact for fact in supported(sentence.text, stated) if not is_weak(fact)])
        total, hit = total + _FACT_WEIGHT * agreed, hit + _FACT_WEIGHT * agreed
        for weight, known in _words(sentence, given, seen):
            total += weight
            hit += weight * known
    shares = [
        _clause_share(clause, given) for sentence in said for clause in sentence.clauses if clause.stems
    ]
    worst = min(shares, default=1.0)
    return (hit / total if total else 0.0), total - hit + _WORST_CLAUSE * (1 - worst)


def _clause_share(clause: Clause, given: Sequence[Sentence]) -> float:
    return sum(has_stem(stem, given) for stem in clause.stems) / len(clause.stems)


def _words(sentence: Sentence, given: Sequence[Sentence], seen: set[str]) -> list[tuple[float, bool]]:
    """Return (weight, is known) for each weighed word of one sentence."""
    if sentence.hinglish:
        return [(1.0, has_stem(stem, given)) for stem in sentence.stems]
    weighed: list[tuple[float, bool]] = []
    for token in tokens(sentence.text):
        stem = content_stem(token)
        if stem:
            weighed.append((1.0, token in seen or has_stem(stem, given)))
        elif token in _PERSONAL:
            weighed.append((_PERSONAL_WEIGHT, token in seen))
        elif token not in data()["articles"]:
            weighed.append((_LIGHT_WEIGHT, token in seen))
    return weighed
